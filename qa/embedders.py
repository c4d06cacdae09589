"""Text to vectors: the local model, an OpenAI-compatible server, or any LlamaIndex embedding class.

Every embedder gives unit vectors, float32 [n, dimensions], in the order of the texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa import breaks, minilm, plugins
from qa.config import Config, EmbeddingSection
from qa.errors import ModelError
from qa.servers import api_key, wrapped_errors

if TYPE_CHECKING:
    from llama_index.core.embeddings import BaseEmbedding

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """What the archive needs of an embedding model."""

    @property
    def name(self) -> str:
        """What is recorded in the archive; equal names make comparable vectors."""

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without the marks that the model adds around a text."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages, [n, dimensions]."""

    def embed_query(self, text: str) -> Vectors:
        """The unit vector of a question, [dimensions]."""


def model_name(section: EmbeddingSection) -> str:
    """The name of the configured model, known without loading it."""
    if section.provider == "local":
        return f"all-MiniLM-L6-v2/{section.precision}/v{minilm.GRAPH_VERSION}"
    if section.provider == "openai":
        return section.model
    return f"{section.class_path}:{section.arguments.get('model_name') or section.arguments.get('model') or ''}"


def make_embedder(config: Config) -> Embedder:
    """The configured embedder, loaded. Raises ModelNotInstalled, ModelError or ConfigError."""
    section = config.embedding
    if section.provider == "local":
        return LocalEmbedder(section.precision, threads=section.threads)
    if section.provider == "openai":
        return OpenAIEmbedder(section)
    from llama_index.core.embeddings import BaseEmbedding

    made = plugins.make(
        BaseEmbedding,  # type: ignore[type-abstract]
        section.class_path,
        section.arguments,
        table="[embedding]",
    )
    return LlamaIndexEmbedder(made, model_name(section))


class LocalEmbedder:
    """all-MiniLM-L6-v2 on onnxruntime: mean of the token vectors, then unit length; 256 tokens a text at most."""

    MAX_TOKENS = 256
    BATCH = 16
    BATCH_TOKENS = 1024
    """Tokens of a batch, padding included: more of them take memory, not less time."""
    WORDS = 200_000
    """Words whose number of tokens is remembered."""

    def __init__(self, precision: minilm.Precision, *, threads: int = 0, cache: Path | None = None) -> None:
        import onnxruntime
        import platformdirs
        from tokenizers import Tokenizer

        self.name = f"all-MiniLM-L6-v2/{precision}/v{minilm.GRAPH_VERSION}"
        path = minilm.graph_file(precision, cache or Path(platformdirs.user_cache_dir("newsdesk")))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        options.enable_mem_pattern = False  # it keeps a plan of memory for each of the many shapes of a batch
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's own exceptions have no common public base
            raise ModelError(f"{path}: onnxruntime cannot load the model ({error}). Delete the file.") from error
        self._counter = Tokenizer.from_file(str(minilm.locate(*minilm.TOKENIZER)))
        self._counter.no_padding()
        self._counter.no_truncation()
        self._pieces: dict[str, int] = {}
        self._tokenizer = Tokenizer.from_str(self._counter.to_str())
        self._tokenizer.enable_truncation(self.MAX_TOKENS)

    def count(self, texts: Sequence[str]) -> list[int]:
        """The tokenizer never joins what a blank parts, so each word is counted once and remembered."""
        words = [text.split() for text in texts]
        known = self._pieces if len(self._pieces) < self.WORDS else {}
        new = list({word for line in words for word in line if word not in known})
        found = self._counter.encode_batch_fast(new, add_special_tokens=False)
        known.update(zip(new, (len(each.ids) for each in found), strict=True))
        self._pieces = known
        return [sum(map(known.__getitem__, line)) for line in words]

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), minilm.WIDTH), dtype=np.float32)
        for rows, _, hidden, mask in self._read(texts):
            weights = mask[:, :, None].astype(np.float32)
            vectors[rows] = _unit((hidden * weights).sum(axis=1) / weights.sum(axis=1))
        return vectors

    def embed_query(self, text: str) -> Vectors:
        return _first(self.embed([text]))

    def embed_pieces(self, texts: Sequence[str]) -> list[tuple[list[int], Vectors]]:
        """Of each text its word pieces, as places in the vocabulary, and their vectors in it, [pieces, 384].

        The vectors are not of length 1; a text without pieces has the two marks that the model adds around a text.
        """
        found: list[tuple[list[int], Vectors]] = [([], np.zeros((0, minilm.WIDTH), dtype=np.float32))] * len(texts)
        for rows, places, hidden, _ in self._read(texts):
            for row, ids, vectors in zip(rows, places, hidden, strict=True):
                inner = slice(1, len(ids) - 1) if len(ids) > 2 else slice(0, len(ids))
                found[row] = (ids[inner], vectors[inner])
        return found

    def _read(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[list[int]], Vectors, NDArray[np.int64]]]:
        """Batch by batch: which texts, their pieces and marks, vectors [texts, length, 384], mask [texts, length]."""
        encoded = [found.ids for found in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(encoded)), key=lambda n: len(encoded[n]))  # like lengths together: less padding
        start = 0
        while start < len(order):
            batch = order[start : start + self.BATCH]
            while len(batch) > 1 and len(batch) * len(encoded[batch[-1]]) > self.BATCH_TOKENS:
                batch.pop()
            ids = [encoded[n] for n in batch]
            breaks.take()
            yield batch, ids, *self._run(ids)
            start += len(batch)

    def _run(self, ids: list[list[int]]) -> tuple[Vectors, NDArray[np.int64]]:
        length = max(map(len, ids))
        tokens = np.zeros((len(ids), length), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for row, values in enumerate(ids):
            tokens[row, : len(values)] = values
            mask[row, : len(values)] = 1
        places = np.broadcast_to(np.arange(length, dtype=np.int64), tokens.shape)
        feed = {"input_ids": tokens, "attention_mask": mask, "position_ids": np.ascontiguousarray(places)}
        return np.asarray(self._session.run(["hidden"], feed)[0]), mask


class OpenAIEmbedder:
    """OpenAI's embeddings, or those of any server that speaks the same protocol.

    Retries (rate limits, overload, broken connections) are the client's own, with the server's Retry-After.
    Tokens are estimated at four characters each, since the server's tokenizer is not known.
    """

    def __init__(self, section: EmbeddingSection) -> None:
        import openai

        self.name = model_name(section)
        self._batch = section.batch_size
        self._client = openai.OpenAI(
            api_key=api_key(section.api_key_env, section.base_url, "[embedding]"),
            base_url=section.base_url or None,
            timeout=section.timeout,
            max_retries=section.retries,
        )

    def count(self, texts: Sequence[str]) -> list[int]:
        return [-(-len(text) // 4) for text in texts]

    def embed(self, texts: Sequence[str]) -> Vectors:
        parts = [self._request(texts[n : n + self._batch]) for n in range(0, len(texts), self._batch)]
        return np.concatenate(parts) if parts else np.zeros((0, 0), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        return _first(self._request([text]))

    def _request(self, texts: Sequence[str]) -> Vectors:
        with wrapped_errors(self.name):
            reply = self._client.embeddings.create(model=self.name, input=list(texts), encoding_format="float")
            found = [entry.embedding for entry in sorted(reply.data, key=lambda entry: entry.index)]
        return _unit(_matrix(found, len(texts), self.name))


class LlamaIndexEmbedder:
    """Any ``BaseEmbedding`` of LlamaIndex. Tokens are counted by LlamaIndex's own tokenizer, an estimate."""

    def __init__(self, model: BaseEmbedding, name: str) -> None:
        from llama_index.core.utils import get_tokenizer

        self.name = name
        self._model = model
        self._tokenize: Callable[[str], list[Any]] = get_tokenizer()

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(self._tokenize(text)) for text in texts]

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        with wrapped_errors(self.name):
            found = self._model.get_text_embedding_batch(list(texts))
        return _unit(_matrix(found, len(texts), self.name))

    def embed_query(self, text: str) -> Vectors:
        with wrapped_errors(self.name):
            found = self._model.get_query_embedding(text)
        return _first(_unit(_matrix([found], 1, self.name)))


def _matrix(rows: list[list[float]], count: int, name: str) -> Vectors:
    if len(rows) != count or len({len(row) for row in rows}) > 1 or not all(rows):
        raise ModelError(f"{name}: asked for {count} vectors, got {len(rows)} of lengths {sorted({*map(len, rows)})}.")
    return np.asarray(rows, dtype=np.float32)


def _first(vectors: Vectors) -> Vectors:
    row: Vectors = vectors[0]
    return row


def _unit(vectors: Vectors) -> Vectors:
    lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
