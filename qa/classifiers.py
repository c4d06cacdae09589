"""Pairs of texts to logits: a sequence classifier that reads both together, on onnxruntime.

A model comes as a folder that holds its graph and the ``tokenizer.json`` that it was trained with. That it works is
tried when it loads, not found out at the first question. Invariant: what cannot be judged is an error that names the
file and what to do, never a number.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError, ModelNotInstalled

Logits = NDArray[np.float32]

GRAPHS = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
"""Where exporters leave the graph; the first that is there is taken."""
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
INTEGERS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
PROBE = (
    ("The port of Varn.", "Which port?"),
    ("No port is named here, but a text of another length is.", "Which port?"),
)

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
"""Before onnxruntime is imported, as in qa.minilm: nothing is sent from here."""


class PairClassifier:
    """A classifier of two texts, for the configuration's ``table``; ``guide`` says where to read on.

    ``role`` names it in messages. A pair beyond ``max_tokens`` loses the end of its longer text, or of the first alone
    (``cut``), which then must leave room for a part of it: see ``room``. ``labels`` is the number of columns. Raises
    ModelNotInstalled or ModelError.
    """

    def __init__(
        self,
        folder: Path,
        *,
        table: str,
        role: str,
        guide: str,
        threads: int,
        batch_size: int,
        max_tokens: int,
        cut: Literal["longest", "first"] = "longest",
    ) -> None:
        self.graph = _graph(folder, table, guide)
        self.max_tokens = max_tokens
        self._table, self._guide = table, guide
        self._tokenizer, self._padding = _tokenizer(folder / "tokenizer.json", guide)
        self._tokenizer.enable_truncation(max_tokens, strategy="longest_first" if cut == "longest" else "only_first")
        self._session = _session(self.graph, threads, guide)
        self._inputs = _inputs(self._session, self.graph, role, guide)
        self._output = _output(self._session, self.graph, guide)
        self._batch = batch_size
        self.labels = self._run(self._tokenizer.encode_batch(list(PROBE))).shape[1]

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Logits:
        """The logits of each pair, float32 [n, labels], all finite. Raises ModelError."""
        encoded = self._tokenizer.encode_batch(list(pairs))
        order = sorted(range(len(encoded)), key=lambda n: len(encoded[n].ids))  # like lengths together: less padding
        found = np.zeros((len(encoded), self.labels), dtype=np.float32)
        for start in range(0, len(order), self._batch):
            batch = order[start : start + self._batch]
            found[batch] = self._run([encoded[n] for n in batch])
        return found

    def room(self, seconds: Sequence[str]) -> list[int]:
        """How many tokens each second text leaves for the first; zero or less where it alone is too long."""
        whole = self.max_tokens - self._tokenizer.num_special_tokens_to_add(is_pair=True)
        return [whole - len(text.ids) for text in self._tokenizer.encode_batch(list(seconds), add_special_tokens=False)]

    def _run(self, pairs: Sequence[Any]) -> Logits:
        """The logits of encoded pairs, which are padded in place."""
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
                f"{self.graph}: the model failed on {len(pairs)} pairs of {length} tokens ({error}). It must take "
                f"any number of either; if it only takes fewer tokens, lower {self._table} max_tokens."
            ) from error
        return _rows(logits, len(pairs), self.graph, self._guide)


def sigmoid(logits: NDArray[Any]) -> NDArray[np.float32]:
    """1 / (1 + exp(-x)), by way of its logarithm, which no x makes overflow."""
    return np.asarray(np.exp(-np.logaddexp(0.0, -logits.astype(np.float64))), dtype=np.float32)


def _graph(folder: Path, table: str, guide: str) -> Path:
    if not folder.is_dir():
        raise ModelNotInstalled(f"{table} path = {str(folder)!r}: there is no such folder. {guide}")
    found = [folder / name for name in GRAPHS if (folder / name).is_file()]
    if not found:
        raise ModelNotInstalled(f"{folder}: none of {', '.join(GRAPHS)} is there. {guide}")
    return found[0]


def _tokenizer(file: Path, guide: str) -> tuple[Any, dict[str, Any]]:
    """The tokenizer, which leaves padding to the batch, and how a text is padded."""
    from tokenizers import Tokenizer

    if not file.is_file():
        raise ModelNotInstalled(f"{file}: the model's tokenizer is not there. {guide}")
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # a bare Exception is what tokenizers raises
        raise ModelError(f"{file}: not the tokenizer of a model ({error}). {guide}") from error
    padding = tokenizer.padding or {}
    tokenizer.no_padding()
    keys = ("direction", "pad_id", "pad_type_id", "pad_token")
    return tokenizer, {key: padding[key] for key in keys if key in padding}


def _session(graph: Path, threads: int, guide: str) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.enable_mem_pattern = False  # it keeps a plan of memory for each of the many shapes of a batch
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions have no common public base
        raise ModelError(f"{graph}: onnxruntime cannot load the model ({error}). {guide}") from error


def _inputs(session: Any, graph: Path, role: str, guide: str) -> dict[str, Any]:
    """The type of integer that each input takes. Without a mask, padding would be judged as text."""
    kinds = {each.name: each.type for each in session.get_inputs()}
    if not {"input_ids", "attention_mask"} <= kinds.keys() <= set(INPUTS) or not set(kinds.values()) <= INTEGERS.keys():
        found = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
        raise ModelError(
            f"{graph}: its inputs are {found}; a {role} takes input_ids, attention_mask and perhaps token_type_ids, "
            f"all integers. {guide}"
        )
    return {name: INTEGERS[kind] for name, kind in kinds.items()}


def _output(session: Any, graph: Path, guide: str) -> str:
    names: list[str] = [each.name for each in session.get_outputs()]
    if "logits" in names:
        return "logits"
    if len(names) > 1:
        raise ModelError(f"{graph}: its outputs are {', '.join(names)}; a classifier's is called logits. {guide}")
    return names[0]


def _rows(logits: NDArray[Any], count: int, graph: Path, guide: str) -> Logits:
    """One row of finite logits for each pair, from [n] or [n, labels]."""
    table = logits.reshape(-1, 1) if logits.ndim == 1 else logits
    if table.ndim != 2 or len(table) != count:
        raise ModelError(
            f"{graph}: for {count} pairs it gives an array of shape {list(logits.shape)}, where a classifier gives one "
            f"row of labels for each pair. {guide}"
        )
    if table.dtype.kind in "fiu":
        with np.errstate(over="ignore"):  # infinity is told below
            rows = np.asarray(table, dtype=np.float32)
        if np.isfinite(rows).all():
            return rows
    raise ModelError(f"{graph}: it gives scores that are no numbers. Export it anew, in full precision.")
