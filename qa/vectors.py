"""The vectors in Chroma, embedded or on a server, written through LlamaIndex.

Written through ``ChromaVectorStore``, so that plain LlamaIndex can open the collection; queried on the collection
itself, which takes a tenth of the time. A node holds the passage's words and, as metadata, what filters need.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from qa.catalog import Indexed
from qa.config import VectorsSection
from qa.errors import ConfigError, IndexUnavailable
from qa.lock import check_writable

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

Vectors = NDArray[np.float32]
WRITE_BATCH = 500
READ_BATCH = 10_000
Result = TypeVar("Result")


class VectorIndex:
    """One collection of unit vectors, compared by cosine. ``collection`` is Chroma's own object."""

    def __init__(self, folder: Path, section: VectorsSection) -> None:
        self.where = section.url or str(folder)
        self._folder = folder
        self._section = section
        self._name = section.collection
        self._open()

    def _open(self) -> None:
        with _wrapped(self.where):
            self._client = _client(self._folder, self._section.url)
            self.collection = self._get()

    def reload(self) -> None:
        """See what another process has written: Chroma inside this process keeps its graph in memory."""
        if not self._section.url:
            self.close()
            self._open()

    def _get(self) -> Collection:
        return self._client.get_or_create_collection(
            self._name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )

    def remove(self, ids: Sequence[str]) -> None:
        """Remove chunks; an id that is not there is no error."""
        with _wrapped(self.where):
            for start in range(0, len(ids), WRITE_BATCH):
                self.collection.delete(ids=list(ids[start : start + WRITE_BATCH]))

    def add(self, added: Sequence[Indexed], vectors: Vectors) -> None:
        """Add chunks with their vectors [n, dimensions]. An id that is already there stays as it is."""
        from llama_index.core.schema import BaseNode, NodeRelationship, RelatedNodeInfo, TextNode
        from llama_index.vector_stores.chroma import ChromaVectorStore

        nodes: list[BaseNode] = [
            TextNode(
                id_=each.chunk.id,
                text=each.text,
                embedding=vector.tolist(),
                metadata=_metadata(each),
                start_char_idx=each.chunk.start,
                end_char_idx=each.chunk.end,
                relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=each.article.id)},
            )
            for each, vector in zip(added, vectors, strict=True)
        ]
        with _wrapped(self.where):
            store = ChromaVectorStore(chroma_collection=self.collection)
            for start in range(0, len(nodes), WRITE_BATCH):
                store.add(nodes[start : start + WRITE_BATCH])

    def clear(self) -> None:
        """Remove everything, so that vectors of another length can follow."""
        with _wrapped(self.where):
            self._client.delete_collection(self._name)
            self.collection = self._get()

    def ids(self) -> Iterator[str]:
        """Of every vector there is."""
        for offset in range(0, self.count(), READ_BATCH):
            with _wrapped(self.where):
                found = self.collection.get(include=[], limit=READ_BATCH, offset=offset)
            yield from found["ids"]

    def count(self) -> int:
        """How many vectors there are."""
        with _wrapped(self.where):
            return self.collection.count()

    def search(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """Ids of the nearest chunks with their cosine, nearest first.

        There is no filter: Chroma's reads the metadata of every passage (474 ms over 94,665, against 3 without), so
        who searches asks for more and filters what comes.
        """
        found = self._read(
            lambda: self.collection.query(query_embeddings=[vector.tolist()], n_results=limit, include=["distances"])
        )
        distances = found["distances"]
        assert distances is not None
        return [(name, 1.0 - float(far)) for name, far in zip(found["ids"][0], distances[0], strict=True)]

    def get(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of chunks by id; an id that is not there is not in the result."""
        if not ids:
            return {}
        found = self._read(lambda: self.collection.get(ids=list(ids), include=["embeddings"]))
        embeddings = found["embeddings"]
        assert embeddings is not None
        return {
            name: np.asarray(vector, dtype=np.float32) for name, vector in zip(found["ids"], embeddings, strict=True)
        }

    def _read(self, read: Callable[[], Result]) -> Result:
        """Read; what fails is read once more afresh, since another process may be in the middle of a batch."""
        try:
            with _wrapped(self.where):
                return read()
        except IndexUnavailable:
            self.reload()
            with _wrapped(self.where):
                return read()

    def close(self) -> None:
        """Let go of the client's threads and files."""
        self._client.close()  # type: ignore[attr-defined]  # ClientAPI does not declare what both clients have


def _client(folder: Path, url: str) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if not url:
        folder.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(path=os.fspath(folder), settings=settings)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"[vectors] url = {url!r}: expected http://HOST:PORT or https://HOST:PORT.")
    ssl = parts.scheme == "https"
    return chromadb.HttpClient(
        host=parts.hostname, port=parts.port or (443 if ssl else 8000), ssl=ssl, settings=settings
    )


def _metadata(each: Indexed) -> dict[str, Any]:
    article = each.article
    return {
        "article_id": article.id,
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else "",
        "published_at": each.published_at,
        "url": article.url,
    }


@contextmanager
def _wrapped(where: str) -> Iterator[None]:
    try:
        yield
    except ConfigError:
        raise
    except Exception as error:  # Chroma raises its own, ValueError, httpx's and its Rust binding's exceptions
        if "://" not in where:
            check_writable(Path(where), error)
        text = " ".join(str(error).split())[:300]
        raise IndexUnavailable(f"{where}: Chroma: {text}. Is the server running, the disk full?") from error
