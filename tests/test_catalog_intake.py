"""Taking articles in: what is new, changed or broken, and that an interruption at any point leaves no hole."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from qa.articles.files import find_files
from qa.catalog import Catalog, Indexed
from qa.config import VectorsSection
from qa.embedders import Embedder, Vectors
from qa.errors import ModelUnreachable
from qa.intake import EMBED_BATCH, READ_BATCH, IngestReport, Intake, Progress
from qa.questions import Window
from qa.vectors import VectorIndex
from qa.words import WordIndex
from tests.conftest import ROOT


class Hashed:
    """An embedder without a model: a text's digest is its vector."""

    name = "hashed"

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = [list(hashlib.sha256(text.encode()).digest()) for text in texts]
        vectors = np.asarray(rows, dtype=np.float32).reshape(len(rows), 32) - 127
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        return np.asarray(self.embed([text])[0], dtype=np.float32)


class Breaking(Hashed):
    """Its server goes away at the n-th batch."""

    def __init__(self, batch: int) -> None:
        self.left = batch

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.left -= 1
        if not self.left:
            raise ModelUnreachable("the server is gone")
        return super().embed(texts)


@dataclass
class Desk:
    """The parts of an archive."""

    catalog: Catalog
    words: WordIndex
    vectors: VectorIndex
    embedder: Embedder

    def ingest(self, source: Path, seen: list[Progress] | None = None) -> IngestReport:
        return Intake(self, 180, None if seen is None else seen.append).run(list(find_files(source)))

    def found(self, word: str) -> list[str]:
        return [name for name, _ in self.words.search(word, 1000, Window(), title_boost=0.5)]


@contextmanager
def desk(folder: Path, embedder: Embedder | None = None) -> Iterator[Desk]:
    folder.mkdir(exist_ok=True)
    catalog, vectors = Catalog(folder / "catalog.db"), VectorIndex(folder / "chroma", VectorsSection())
    yield Desk(catalog, WordIndex(folder / "words"), vectors, embedder or Hashed())
    vectors.close()
    catalog.close()


def write_news(folder: Path, count: int, version: str, *, changed: int = 0) -> Path:
    """``count`` articles, ten a file, each with a word of its own; those from ``changed`` on keep version "old"."""
    folder.mkdir(exist_ok=True)
    for first in range(0, count, 10):
        lines = [
            json.dumps({"url": f"https://x.example/{n}", "text": f"Report word{n}{version if n < changed else 'old'}."})
            for n in range(first, min(first + 10, count))
        ]
        (folder / f"{first:04}.jsonl").write_text("\n".join(lines))
    return folder


def assert_whole(opened: Desk, expected: Sequence[str], gone: Sequence[str] = ()) -> None:
    """Catalog, word index and vectors hold the same chunks, once each; exactly the expected words are found."""
    articles, chunks = opened.catalog.counts()
    assert articles == chunks == len(expected) == opened.words.frequencies([])[0] == opened.vectors.count()
    assert [opened.catalog.count_pending(index) for index in ("words", "vectors")] == [0, 0]
    assert [opened.catalog.discarded(index, 10) for index in ("words", "vectors")] == [[], []]
    names = opened.found("report")
    assert len(names) == len(set(names)) == len(expected)
    held = opened.catalog.indexed(names)
    assert held.keys() == opened.vectors.get(names).keys() == set(names)
    for word in expected:
        (name,) = opened.found(word)
        assert word in held[name].text
    assert [word for word in gone if opened.found(word)] == []


# --- what comes in


def test_added_updated_and_unchanged_are_counted_and_replaced(tmp_path: Path) -> None:
    with desk(tmp_path / "archive") as opened:
        report = opened.ingest(write_news(tmp_path / "news", 25, "old"))
        assert (report.added, report.updated, report.unchanged) == (25, 0, 0)
        assert (report.articles, report.chunks, report.failed, report.warnings) == (25, 25, (), ())
        report = opened.ingest(write_news(tmp_path / "news", 30, "new", changed=5))
        assert (report.added, report.updated, report.unchanged) == (5, 5, 20)
        new = [f"word{n}new" for n in range(5)] + [f"word{n}old" for n in range(5, 30)]
        assert_whole(opened, new, [f"word{n}old" for n in range(5)])
        assert opened.ingest(tmp_path / "news").unchanged == 30


@pytest.mark.parametrize(
    ("texts", "counts", "left"),
    [
        (["Report one.", "Report one."], (1, 0, 1), "one"),
        (["Report one.", "Report two."], (1, 1, 0), "two"),
        (["Report one.", "Report two.", "Report one."], (1, 2, 0), "one"),
    ],
)
@pytest.mark.parametrize("together", [True, False], ids=["one file", "several files"])
def test_the_same_article_twice_in_one_run_is_its_last_version(
    tmp_path: Path, texts: list[str], counts: tuple[int, int, int], left: str, together: bool
) -> None:
    lines = [json.dumps({"url": "https://post.example/1", "title": "T", "text": text}) for text in texts]
    (tmp_path / "news").mkdir()
    for n, content in enumerate(["\n".join(lines)] if together else lines):
        (tmp_path / "news" / f"{n}.jsonl").write_text(content)
    with desk(tmp_path / "archive") as opened:
        report = opened.ingest(tmp_path / "news")
        assert (report.added, report.updated, report.unchanged) == counts
        assert_whole(opened, [left])


def test_what_fails_costs_only_itself_and_is_tried_again(tmp_path: Path) -> None:
    news = write_news(tmp_path / "news", 3, "old")
    (news / "bad.jsonl").write_text('{"text": "Report fine.", "date": "yesterday"}\n{broken\n')
    (news / "empty.txt").write_text("")
    with desk(tmp_path / "archive") as opened:
        for expected in ((4, 0, 4), (0, 4, 4)):
            report = opened.ingest(news)
            assert (report.added, report.unchanged, report.articles) == expected
            assert [each.source for each in report.failed] == [f"{news}/bad.jsonl, line 2", f"{news}/empty.txt"]
            assert [each.error.split(":")[0] for each in report.failed] == ["not valid JSON", "empty."]
            assert [each.source for each in report.warnings] == [f"{news}/bad.jsonl#Report fine."]
        (news / "empty.txt").write_text("T\n\nReport now.")
        assert opened.ingest(news).added == 1
        assert_whole(opened, ["word0old", "word1old", "word2old", "fine", "now"])


def test_progress_tells_every_file_and_batch(tmp_path: Path) -> None:
    seen: list[Progress] = []
    with desk(tmp_path / "archive") as opened:
        opened.ingest(write_news(tmp_path / "news", EMBED_BATCH + 4, "old"), seen)
    assert [each.done for each in seen if each.stage == "reading"] == [*range(26), 26]
    assert [each.done for each in seen if each.stage == "embedding"] == [0, EMBED_BATCH, EMBED_BATCH + 4]
    assert {each.total for each in seen} == {26, EMBED_BATCH + 4}


# --- interruptions

COUNT, CHANGED = max(EMBED_BATCH, READ_BATCH) + 14, 60
AFTERWARDS = [f"word{n}{'new' if n < CHANGED else 'old'}" for n in range(COUNT)]
GONE = [f"word{n}old" for n in range(CHANGED)]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a part of the articles, and beside it the news as they are later: some changed, more of them."""
    folder = tmp_path_factory.mktemp("before")
    with desk(folder / "archive") as opened:
        opened.ingest(write_news(folder / "news", CHANGED, "old"))
    write_news(folder / "news", COUNT, "new", changed=CHANGED)
    return folder


def start_again(folder: Path) -> None:
    """The next run does what is left, and only that."""
    with desk(folder / "archive") as opened:
        opened.ingest(folder / "news")
        assert_whole(opened, AFTERWARDS, GONE)


@pytest.mark.parametrize("batch", [1, 2])
def test_a_run_that_loses_its_model_is_taken_up_again(tmp_path: Path, batch: int) -> None:
    news = write_news(tmp_path / "news", COUNT, "new", changed=CHANGED)
    with desk(tmp_path / "archive", Breaking(batch)) as opened:
        with pytest.raises(ModelUnreachable):
            opened.ingest(news)
        assert opened.catalog.counts() == (COUNT, COUNT)
        assert opened.words.frequencies([])[0] == COUNT
        assert opened.vectors.count() == EMBED_BATCH * (batch - 1) == COUNT - opened.catalog.count_pending("vectors")
    with desk(tmp_path / "archive") as opened:
        assert opened.ingest(news).unchanged == COUNT
    start_again(tmp_path)


class Killed:
    """Ends this process at the n-th call."""

    def __init__(self, call: int) -> None:
        self.left = call

    def __call__(self) -> None:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)


class KilledCatalog(Catalog):
    kill = Killed(0)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with super().transaction() as db:
            yield db
            self.kill()


class KilledWords(WordIndex):
    kill = Killed(0)

    def write(self, added: Sequence[Indexed], removed: Sequence[str] = ()) -> None:
        super().write(added, removed)
        self.kill()


class KilledVectors(VectorIndex):
    kill = Killed(0)

    def remove(self, ids: Sequence[str]) -> None:
        super().remove(ids)
        self.kill()

    def add(self, added: Sequence[Indexed], vectors: Vectors) -> None:
        super().add(added, vectors)
        self.kill()


def ingest_until(folder: str, part: str, call: str) -> None:
    """What the process that is to be killed runs."""
    for kind, name in ((KilledCatalog, "catalog"), (KilledWords, "words"), (KilledVectors, "vectors")):
        kind.kill = Killed(int(call) if part == name else 0)
    archive = Path(folder, "archive")
    vectors = KilledVectors(archive / "chroma", VectorsSection())
    parts = Desk(KilledCatalog(archive / "catalog.db"), KilledWords(archive / "words"), vectors, Hashed())

    def tell(progress: Progress) -> None:
        print(progress.stage, flush=True)  # noqa: T201 - the parent waits for it

    Intake(parts, 180, tell).run(list(find_files(Path(folder, "news"))))


def child(folder: Path, part: str, call: int) -> subprocess.Popen[str]:
    run = "import sys; from tests.test_catalog_intake import ingest_until; ingest_until(*sys.argv[1:])"
    command = [sys.executable, "-c", run, str(folder), part, str(call)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


POINTS = [*(("catalog", n) for n in (1, 3, 7, 8)), ("words", 1), ("words", 2), *(("vectors", n) for n in (1, 2, 3))]


@pytest.mark.parametrize(("part", "call"), POINTS)
def test_a_process_killed_before_it_records_a_step_leaves_no_hole_and_no_double(
    tmp_path: Path, before: Path, part: str, call: int
) -> None:
    shutil.copytree(before, tmp_path / "copy")
    process = child(tmp_path / "copy", part, call)
    _, errors = process.communicate()
    assert process.returncode == -signal.SIGKILL, errors
    start_again(tmp_path / "copy")


@pytest.mark.parametrize("stage", ["reading", "embedding"])
def test_a_process_killed_from_outside_leaves_no_hole_and_no_double(tmp_path: Path, before: Path, stage: str) -> None:
    shutil.copytree(before, tmp_path / "copy")
    process = child(tmp_path / "copy", "none", 0)
    assert process.stdout is not None
    assert any(line.strip() == stage for line in process.stdout)
    process.kill()
    process.communicate()
    start_again(tmp_path / "copy")
