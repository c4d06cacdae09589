"""A question and passages to scores: a cross-encoder on onnxruntime, or any LlamaIndex node postprocessor.

A reranker reads the question and a passage together (Nogueira and Cho, 2019), where the indexes know each only by
itself. That costs a run of a model for each passage, so it is asked about the first passages of a search alone.
Scores are float32 [n] in [0, 1], in the order of the texts; what cannot be judged is an error, never a score.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa import plugins
from qa.config import Config
from qa.errors import ConfigError, ModelError, ModelNotInstalled
from qa.servers import wrapped_errors

if TYPE_CHECKING:
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

Scores = NDArray[np.float32]

GRAPHS = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
"""Where exporters leave the graph; the first that is there is taken."""
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
INTEGERS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
HELP = "docs/rerankers.md says how to export a model."
PROBE = ("Which port?", ("The port of Varn.", "No port is named here, but a text of another length is."))

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
"""Before onnxruntime is imported, as in qa.minilm: nothing is sent from here."""


class Reranker(Protocol):
    """What a search needs of a reranker."""

    @property
    def name(self) -> str:
        """What judged, as it is shown."""

    def rerank(self, question: str, texts: Sequence[str]) -> Scores:
        """How well each text answers the question, [n] in [0, 1]. Raises ModelError."""


def make_reranker(config: Config) -> Reranker | None:
    """The configured reranker, loaded; None where none is. Raises ConfigError, ModelNotInstalled or ModelError."""
    section = config.rerank
    if section.provider == "none":
        return None
    if section.provider == "onnx":
        if not section.path:
            raise ConfigError(f"[rerank] path must name the folder that holds the model. {HELP}")
        return OnnxReranker(
            Path(section.path),
            threads=section.threads,
            batch_size=section.batch_size,
            max_tokens=section.max_tokens,
        )
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

    made = plugins.make(
        BaseNodePostprocessor,  # type: ignore[type-abstract]
        section.class_path,
        section.arguments,
        table="[rerank]",
    )
    return LlamaIndexReranker(made, section.class_path)


def blend(fused: Sequence[float], judged: Scores, weight: float) -> list[float]:
    """The scores of a search's first passages, with ``weight`` in [0, 1] given to the reranker's.

    Those are brought to the range of the ``fused`` ones first, so that the passages which the reranker has not read
    stay behind and weight 0 changes nothing. Where it judges all alike, the fused scores stand.
    """
    scores = np.asarray(fused, dtype=np.float64)
    found = judged.astype(np.float64)
    if found.size and found.max() > found.min():
        share = (found - found.min()) / (found.max() - found.min())
        scaled = scores.min() + share * (scores.max() - scores.min())
        scores = (1 - weight) * scores + weight * scaled
    return [float(score) for score in scores]


class OnnxReranker:
    """A sequence classifier of question and passage, with one label (relevant) or two (the last is relevant).

    ``folder`` holds the graph and the ``tokenizer.json`` that it was trained with. A pair beyond ``max_tokens`` loses
    the end of its longer part. That the model works is tried on loading, not found out at the first question.
    """

    def __init__(self, folder: Path, *, threads: int = 0, batch_size: int = 16, max_tokens: int = 512) -> None:
        self.name = folder.name
        self._graph = _graph(folder)
        self._tokenizer, self._padding = _tokenizer(folder / "tokenizer.json", max_tokens)
        self._session = _session(self._graph, threads)
        self._inputs = _inputs(self._session, self._graph)
        self._output = _output(self._session, self._graph)
        self._batch = batch_size
        self.rerank(*PROBE)

    def rerank(self, question: str, texts: Sequence[str]) -> Scores:
        encoded = self._tokenizer.encode_batch([(question, text) for text in texts])
        order = sorted(range(len(encoded)), key=lambda n: len(encoded[n].ids))  # like lengths together: less padding
        scores = np.zeros(len(encoded), dtype=np.float32)
        for start in range(0, len(order), self._batch):
            batch = order[start : start + self._batch]
            scores[batch] = self._judge([encoded[n] for n in batch])
        return scores

    def _judge(self, pairs: Sequence[Any]) -> Scores:
        """The scores of encoded pairs, which are padded in place."""
        length = max(len(pair.ids) for pair in pairs)
        for pair in pairs:
            pair.pad(length, **self._padding)
        columns = {
            "input_ids": [pair.ids for pair in pairs],
            "attention_mask": [pair.attention_mask for pair in pairs],
            "token_type_ids": [pair.type_ids for pair in pairs],
        }
        feed = {name: np.array(columns[name], dtype=kind) for name, kind in self._inputs.items()}
        try:
            logits = np.asarray(self._session.run([self._output], feed)[0])
        except Exception as error:  # onnxruntime's own exceptions have no common public base
            raise ModelError(
                f"{self._graph}: the model failed on {len(pairs)} pairs of {length} tokens ({error}). It must take "
                "any number of either; if it only takes fewer tokens, lower [rerank] max_tokens."
            ) from error
        return _relevance(logits, len(pairs), self._graph)


class LlamaIndexReranker:
    """Any ``BaseNodePostprocessor`` of LlamaIndex.

    Its scores count; where it leaves one out, the order that it gives all of them. What it drops gets 0.
    """

    def __init__(self, postprocessor: BaseNodePostprocessor, name: str) -> None:
        self.name = name
        self._postprocessor = postprocessor

    def rerank(self, question: str, texts: Sequence[str]) -> Scores:
        from llama_index.core.schema import NodeWithScore, TextNode

        scores = np.zeros(len(texts), dtype=np.float32)
        if not texts:
            return scores
        # Without scores of their own: one that comes back is the postprocessor's.
        nodes = [NodeWithScore(node=TextNode(id_=str(n), text=text)) for n, text in enumerate(texts)]
        places = {str(n): n for n in range(len(texts))}
        kept: dict[str, float | None] = {}
        with wrapped_errors(self.name):
            for each in self._postprocessor.postprocess_nodes(nodes, query_str=question):
                kept.setdefault(each.node.node_id, each.score)
        if not kept.keys() <= places.keys():
            raise ModelError(f"{self.name}: it returned a node that it was not given, so it is no reranker.")
        scores[[places[name] for name in kept]] = _unit(list(kept.values()), self.name)
        return scores


def _graph(folder: Path) -> Path:
    if not folder.is_dir():
        raise ModelNotInstalled(f"[rerank] path = {str(folder)!r}: there is no such folder. {HELP}")
    found = [folder / name for name in GRAPHS if (folder / name).is_file()]
    if not found:
        raise ModelNotInstalled(f"{folder}: none of {', '.join(GRAPHS)} is there. {HELP}")
    return found[0]


def _tokenizer(file: Path, max_tokens: int) -> tuple[Any, dict[str, Any]]:
    """The tokenizer, which truncates and leaves padding to the batch, and how a text is padded."""
    from tokenizers import Tokenizer

    if not file.is_file():
        raise ModelNotInstalled(f"{file}: the model's tokenizer is not there. {HELP}")
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # a bare Exception is what tokenizers raises
        raise ModelError(f"{file}: not the tokenizer of a model ({error}). {HELP}") from error
    padding = tokenizer.padding or {}
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens, strategy="longest_first")
    keys = ("direction", "pad_id", "pad_type_id", "pad_token")
    return tokenizer, {key: padding[key] for key in keys if key in padding}


def _session(graph: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.enable_mem_pattern = False  # it keeps a plan of memory for each of the many shapes of a batch
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions have no common public base
        raise ModelError(f"{graph}: onnxruntime cannot load the model ({error}). {HELP}") from error


def _inputs(session: Any, graph: Path) -> dict[str, Any]:
    """The type of integer that each input takes. Without a mask, padding would be judged as text."""
    kinds = {each.name: each.type for each in session.get_inputs()}
    if not {"input_ids", "attention_mask"} <= kinds.keys() <= set(INPUTS) or not set(kinds.values()) <= INTEGERS.keys():
        found = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
        raise ModelError(
            f"{graph}: its inputs are {found}; a reranker takes input_ids, attention_mask and perhaps token_type_ids, "
            f"all integers. {HELP}"
        )
    return {name: INTEGERS[kind] for name, kind in kinds.items()}


def _output(session: Any, graph: Path) -> str:
    names: list[str] = [each.name for each in session.get_outputs()]
    if "logits" in names:
        return "logits"
    if len(names) > 1:
        raise ModelError(f"{graph}: its outputs are {', '.join(names)}; a classifier's is called logits. {HELP}")
    return names[0]


def _relevance(logits: NDArray[Any], count: int, graph: Path) -> Scores:
    """The probability of the one label, or of the last of two, from logits [n], [n, 1] or [n, 2]."""
    table = logits.reshape(-1, 1) if logits.ndim == 1 else logits
    if table.ndim != 2 or len(table) != count:
        raise ModelError(
            f"{graph}: for {count} pairs it gives an array of shape {list(logits.shape)}, where a classifier gives one "
            f"row of labels for each pair. {HELP}"
        )
    labels = table.shape[1]
    if labels not in (1, 2):
        raise ModelError(f"{graph}: it tells {labels} labels apart, but a reranker has one, or two.")
    if not np.isfinite(table).all():
        raise ModelError(f"{graph}: it gives scores that are no numbers. Export it anew, in full precision.")
    return _sigmoid(table[:, 0] if labels == 1 else table[:, 1] - table[:, 0])


def _unit(found: Sequence[float | None], name: str) -> Scores:
    """Scores of any scale in [0, 1], their order kept: shares as they are, points by their best, logits as odds."""
    given = [score for score in found if score is not None]
    if len(given) < len(found):
        given = [1 - rank / len(found) for rank in range(len(found))]
    scores = np.asarray(given, dtype=np.float64)
    if not np.isfinite(scores).all():
        raise ModelError(f"{name}: it gives scores that are no numbers.")
    if (scores < 0).any():
        return _sigmoid(scores)
    return np.asarray(scores / max(1.0, scores.max(initial=0.0)), dtype=np.float32)


def _sigmoid(logits: NDArray[Any]) -> Scores:
    """1 / (1 + exp(-x)), by way of its logarithm, which no x makes overflow."""
    return np.asarray(np.exp(-np.logaddexp(0.0, -logits.astype(np.float64))), dtype=np.float32)
