"""An archive of the real parts with a model that is none, and small news to put into it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from qa.archive import Archive
from qa.config import Config, EmbeddingSection, Source, WebSection, load
from qa.embedders import Embedder, Vectors, model_name
from qa.questions import Window

WIDTH = 96
_WORDS = [
    a + b for a in "bal cor den fir gol har jun kel lom mar nor pel".split() for b in "ak eth im on us ar".split()
]


class Bagged:
    """Texts that share words are near. ``texts`` are the passages that it was asked to embed."""

    name = model_name(EmbeddingSection())

    def __init__(self) -> None:
        self.texts: list[str] = []

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return np.stack([_bag(text) for text in texts]) if texts else np.zeros((0, WIDTH), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        return _bag(text)


def _bag(text: str) -> Vectors:
    vector = np.full(WIDTH, 0.01, dtype=np.float32)
    for word in text.lower().split():
        vector[crc32(word.strip(".,").encode()) % WIDTH] += 1
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


class Newsroom(Archive):
    """An archive whose model is ``model``."""

    model: Bagged

    def __init__(self, path: Path, config: Config) -> None:
        super().__init__(path, config)
        self.model = Bagged()

    @property
    def embedder(self) -> Embedder:
        return self.model


def settings(*sources: Source, **sections: Any) -> Config:
    """The defaults, with these sources, and a web that reaches a server of the test's own."""
    web = WebSection(allow_private=True, pause=0, retries=0, robots=False)
    return load(None, environ={}).model_copy(update={"sources": sources, "web": web, **sections})


@contextmanager
def newsroom(folder: Path, *sources: Source, kind: type[Newsroom] = Newsroom) -> Iterator[Newsroom]:
    """The archive in ``folder``, which keeps in step with ``sources``."""
    with kind.open(folder / "archive", config=settings(*sources)) as archive:
        assert isinstance(archive, Newsroom)
        yield archive


def article_file(path: Path, text: str, **fields: object) -> Path:
    """One article in a JSON file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"title": path.stem, "text": text, **fields}), encoding="utf-8")
    return path


def lines_file(path: Path, *entries: dict[str, object]) -> Path:
    """Several articles in a file of JSON Lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")
    return path


def story(seed: int, sentences: int = 12) -> str:
    """A report of its own, ten words a sentence, in paragraphs of three; stories of other seeds are no copies of it."""
    chance = random.Random(seed)
    found = [" ".join(chance.choices(_WORDS, k=10)).capitalize() + "." for _ in range(sentences)]
    return "\n\n".join(" ".join(found[at : at + 3]) for at in range(0, sentences, 3))


def reprint(text: str, *words: str) -> str:
    """The same report with a sentence of the paper's own at its end."""
    return f"{text} {' '.join(words or ('Printed', 'here', 'too'))}."


def found_by_word(archive: Archive, word: str) -> list[str]:
    """Ids of the chunks that the word index has for a word."""
    return [name for name, _ in archive.words.search(word, 1000, Window(), title_boost=0.5)]


def titles(archive: Archive) -> list[str]:
    """The titles of all articles, sorted."""
    return sorted(article.title for article in archive.articles())


def assert_whole(archive: Archive) -> None:
    """Catalog, word index and vectors hold the same chunks, each once, and nothing is left to do."""
    ids = sorted(row["id"] for row in archive.catalog.all("SELECT id FROM chunks"))
    assert sorted(archive.words.ids()) == ids
    assert sorted(archive.vectors.ids()) == ids
    assert [archive.catalog.count_pending(index) for index in ("words", "vectors")] == [0, 0]
    assert archive.catalog.count_discarded() == 0
    assert archive.catalog.chunks_astray() == 0
    assert archive.catalog.problems() == []
