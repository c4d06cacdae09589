"""Embedding models by configuration: a LlamaIndex class by its import path, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from llama_index.core.embeddings import BaseEmbedding

import qa
from qa.config import Config, EmbeddingSection
from qa.embedders import make_embedder, model_name


class LengthEmbedding(BaseEmbedding):
    """A real LlamaIndex embedding, of a text's letters: [share of each letter a to h]."""

    def _get_text_embedding(self, text: str) -> list[float]:
        return [text.lower().count(letter) + 0.01 for letter in "abcdefgh"]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


class BrokenEmbedding(LengthEmbedding):
    """Fails as a model server would that went away."""

    def _get_text_embedding(self, text: str) -> list[float]:
        raise ConnectionResetError("peer went away")


def _config(base: Config, name: str, **arguments: Any) -> Config:
    section = EmbeddingSection(provider="llamaindex", class_path=f"{__name__}.{name}", arguments=arguments)
    return base.model_copy(update={"embedding": section})


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "bridge.txt"
    path.write_text("Bridge opens\n\nThe bridge over the Olm opened on Friday.\n", encoding="utf-8")
    return path


def test_any_llama_index_class_embeds(defaults: Config) -> None:
    embedder = make_embedder(_config(defaults, "LengthEmbedding"))
    vectors = embedder.embed(["aaa", "bbb"])
    assert vectors.shape == (2, 8)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert np.allclose(embedder.embed_query("aaa"), vectors[0])
    assert embedder.count(["three words here"]) == [3]


def test_an_archive_works_with_it_and_remembers_it(tmp_path: Path, defaults: Config, story: Path) -> None:
    config = _config(defaults, "LengthEmbedding", model_name="letters")
    with qa.Archive.open(tmp_path / "archive", config=config) as archive:
        archive.ingest([story])
        assert archive.search("bridge over the Olm")[0].article.title == "Bridge opens"
        assert archive.catalog.get_meta("model") == f"{__name__}.LengthEmbedding:letters"


def test_another_model_is_refused_until_the_archive_is_reindexed(tmp_path: Path, defaults: Config, story: Path) -> None:
    with qa.Archive.open(tmp_path / "archive", config=defaults) as archive:
        archive.ingest([story])
    with qa.Archive.open(tmp_path / "archive", config=_config(defaults, "LengthEmbedding")) as archive:
        for refused in (lambda: archive.search("bridge"), lambda: archive.ingest([story]), archive.sync):
            with pytest.raises(qa.ModelMismatch, match="newsdesk reindex"):
                refused()
        report = archive.reindex()
        assert (report.articles, report.chunks) == (1, 1)
        assert archive.search("bridge over the Olm")[0].text.startswith("The bridge")


def test_an_interrupted_reindex_is_named_and_can_be_done_again(tmp_path: Path, defaults: Config, story: Path) -> None:
    with qa.Archive.open(tmp_path / "archive", config=defaults) as archive:
        archive.ingest([story])
    broken = qa.Archive.open(tmp_path / "archive", config=_config(defaults, "BrokenEmbedding"))
    with broken as archive, pytest.raises(qa.ModelUnreachable, match="peer went away"):
        archive.reindex()
    with qa.Archive.open(tmp_path / "archive", config=defaults) as archive:
        with pytest.raises(qa.ModelMismatch, match="newsdesk reindex"):
            archive.search("bridge")
        assert archive.reindex().chunks == 1
        assert archive.search("bridge")


@pytest.mark.parametrize(
    ("class_path", "error", "says"),
    [
        ("llama_index.embeddings.ollama.Ollama", qa.ModelNotInstalled, "pip install llama-index-embeddings-ollama"),
        ("no_such_package.Thing", qa.ModelNotInstalled, "no_such_package"),
        ("pathlib.Path", qa.ConfigError, "no LlamaIndex BaseEmbedding"),
        ("Thing", qa.ConfigError, "import path"),
        ("", qa.ConfigError, "import path"),
    ],
)
def test_a_class_that_is_none_is_refused(defaults: Config, class_path: str, error: type[Exception], says: str) -> None:
    section = EmbeddingSection(provider="llamaindex", class_path=class_path)
    with pytest.raises(error, match=says):
        make_embedder(defaults.model_copy(update={"embedding": section}))


def test_openai_without_a_key_says_what_to_set(defaults: Config) -> None:
    section = EmbeddingSection(provider="openai")
    with pytest.raises(qa.ConfigError, match="OPENAI_API_KEY"):
        make_embedder(defaults.model_copy(update={"embedding": section}))


def test_names_tell_models_apart() -> None:
    sections = [
        EmbeddingSection(),
        EmbeddingSection(precision="fp32"),
        EmbeddingSection(provider="openai"),
        EmbeddingSection(provider="openai", model="text-embedding-3-large"),
        EmbeddingSection(provider="llamaindex", class_path="a.B"),
        EmbeddingSection(provider="llamaindex", class_path="a.B", arguments={"model_name": "c"}),
    ]
    assert len({model_name(section) for section in sections}) == len(sections)
