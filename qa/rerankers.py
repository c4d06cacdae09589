"""A question and passages to scores: a cross-encoder on onnxruntime, or any LlamaIndex node postprocessor.

A reranker reads the question and a passage together (Nogueira and Cho, 2019), where the indexes know each only by
itself. That costs a run of a model for each passage, so it is asked about the first passages of a search alone.
Scores are float32 [n] in [0, 1], in the order of the texts; what cannot be judged is an error, never a score.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from qa import plugins
from qa.classifiers import PairClassifier, sigmoid
from qa.config import Config
from qa.errors import ConfigError, ModelError
from qa.servers import wrapped_errors

if TYPE_CHECKING:
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

Scores = NDArray[np.float32]

GUIDE = "docs/rerankers.md says how to export a model."


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
            raise ConfigError(f"[rerank] path must name the folder that holds the model. {GUIDE}")
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
        self._classifier = PairClassifier(
            folder,
            table="[rerank]",
            role="reranker",
            guide=GUIDE,
            threads=threads,
            batch_size=batch_size,
            max_tokens=max_tokens,
        )
        if (labels := self._classifier.labels) not in (1, 2):
            raise ModelError(
                f"{self._classifier.graph}: it tells {labels} labels apart, but a reranker has one, or two."
            )

    def rerank(self, question: str, texts: Sequence[str]) -> Scores:
        logits = self._classifier.logits([(question, text) for text in texts]).astype(np.float64)
        return sigmoid(logits[:, 0] if logits.shape[1] == 1 else logits[:, 1] - logits[:, 0])


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


def _unit(found: Sequence[float | None], name: str) -> Scores:
    """Scores of any scale in [0, 1], their order kept: shares as they are, points by their best, logits as odds."""
    given = [score for score in found if score is not None]
    if len(given) < len(found):
        given = [1 - rank / len(found) for rank in range(len(found))]
    scores = np.asarray(given, dtype=np.float64)
    if not np.isfinite(scores).all():
        raise ModelError(f"{name}: it gives scores that are no numbers.")
    if (scores < 0).any():
        return sigmoid(scores)
    return np.asarray(scores / max(1.0, scores.max(initial=0.0)), dtype=np.float32)
