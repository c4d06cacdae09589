"""Newsdesk's search and what it is measured against: the word index alone, and LlamaIndex as it comes.

All answer the same questions over the same articles, with the same filter for the moment of asking. ``WordsAlone`` is
BM25 over the archive's own chunks. ``PlainLlamaIndex`` is what LlamaIndex's first tutorial builds, with the same local
model: its SentenceSplitter and its retriever with their defaults, and Chroma; title, outlet and day are metadata, which
LlamaIndex embeds with the text.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qa.archive import Archive
from qa.catalog import published_at
from qa.questions import When, understand

if TYPE_CHECKING:
    from llama_index.core import VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding

    from qa.articles import Article
    from qa.embedders import Embedder

BATCH = 64
"""Articles that LlamaIndex takes in at a time."""


class Search(Protocol):
    """A search to be compared."""

    name: str

    def search(self, question: str, limit: int, now: When) -> list[str]:
        """The texts of the passages found, best first; ``now`` as in ``Archive.search``."""


class Newsdesk:
    """The archive's own search."""

    name = "Newsdesk"

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def search(self, question: str, limit: int, now: When) -> list[str]:
        return [each.text for each in self.archive.search(question, limit=limit, now=now)]


class WordsAlone:
    """BM25 over an archive's chunks, their titles left out."""

    name = "BM25 alone"

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def search(self, question: str, limit: int, now: When) -> list[str]:
        asked = understand(question, now=now)
        ids = [name for name, _ in self.archive.words.search(asked.text, limit, asked.window, title_boost=0.0)]
        found = self.archive.catalog.indexed(ids)
        return [found[name].text for name in ids]


class PlainLlamaIndex:
    """A VectorStoreIndex over the articles of an archive; built once, kept in ``folder``."""

    name = "plain LlamaIndex"

    def __init__(self, archive: Archive, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings
        from llama_index.core import StorageContext, VectorStoreIndex
        from llama_index.vector_stores.chroma import ChromaVectorStore

        done = folder / "done"
        client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
        if not done.is_file() and client.list_collections():
            client.delete_collection("plain")
        store = ChromaVectorStore(chroma_collection=client.get_or_create_collection("plain"))
        self._index = VectorStoreIndex(
            nodes=[],
            storage_context=StorageContext.from_defaults(vector_store=store),
            embed_model=_as_llama_index(archive.embedder),
        )
        if not done.is_file():
            _fill(self._index, archive.articles())
            done.touch()

    def search(self, question: str, limit: int, now: When) -> list[str]:
        from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters

        latest = understand(question, now=now).window.latest
        before = [] if latest is None else [MetadataFilter(key="at", value=latest, operator=FilterOperator.LTE)]
        retriever = self._index.as_retriever(
            similarity_top_k=limit, filters=MetadataFilters(filters=before) if before else None
        )
        return [found.get_content() for found in retriever.retrieve(question)]


def _fill(index: VectorStoreIndex, articles: list[Article]) -> None:
    from llama_index.core import Document
    from llama_index.core.node_parser import SentenceSplitter

    splitter = SentenceSplitter()
    hidden = ["at"]
    for start in range(0, len(articles), BATCH):
        print(f"plain LlamaIndex: {start} of {len(articles)} articles", file=sys.stderr)
        documents = [
            Document(
                text=each.text,
                metadata={
                    "title": each.title,
                    "outlet": each.outlet,
                    "published": each.published.isoformat()[:10] if each.published else "",
                    "at": published_at(each),
                },
                excluded_embed_metadata_keys=hidden,
                excluded_llm_metadata_keys=hidden,
            )
            for each in articles[start : start + BATCH]
        ]
        index.insert_nodes(splitter.get_nodes_from_documents(documents))


def _as_llama_index(embedder: Embedder) -> BaseEmbedding:
    """The archive's own model, as LlamaIndex wants one."""
    from llama_index.core.embeddings import BaseEmbedding

    class Local(BaseEmbedding):
        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            found: list[list[float]] = embedder.embed(texts).tolist()
            return found

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    return Local(model_name=embedder.name, embed_batch_size=BATCH)
