"""Taking articles in: what is new, changed or broken, and that an interruption at any point leaves no hole."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import pytest

from qa.catalog import Catalog, Indexed
from qa.config import Config, Source
from qa.embedders import Vectors
from qa.errors import ModelUnreachable
from qa.intake import BATCH as STORE_BATCH
from qa.intake import EMBED_BATCH, Cancelled, IngestReport, OnProgress, Progress
from qa.vectors import VectorIndex
from qa.words import WordIndex
from tests.conftest import ROOT
from tests.newsroom import (
    Bagged,
    Newsroom,
    article_file,
    assert_whole,
    found_by_word,
    lines_file,
    newsroom,
    settings,
    story,
)


class Breaking(Bagged):
    """Its server goes away at the n-th batch."""

    def __init__(self, batch: int) -> None:
        super().__init__()
        self.left = batch

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.left -= 1
        if not self.left:
            raise ModelUnreachable("the server is gone")
        return super().embed(texts)


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


def assert_holds(archive: Newsroom, expected: Sequence[str], gone: Sequence[str] = ()) -> None:
    """Every article is there once, in all parts, and nothing of what was replaced."""
    assert_whole(archive)
    held = archive.catalog.indexed(archive.words.ids())
    assert len(held) == len(expected)
    for word in expected:
        (name,) = found_by_word(archive, word)
        assert word in held[name].text
    assert [word for word in gone if found_by_word(archive, word)] == []


# --- what comes in


def test_added_updated_and_unchanged_are_counted_and_replaced(tmp_path: Path) -> None:
    with newsroom(tmp_path) as opened:
        report = opened.ingest([write_news(tmp_path / "news", 25, "old")])
        assert (report.added, report.updated, report.unchanged) == (25, 0, 0)
        assert (report.articles, report.chunks, report.failed, report.warnings) == (25, 25, (), ())
        report = opened.ingest([write_news(tmp_path / "news", 30, "new", changed=5)])
        assert (report.added, report.updated, report.unchanged) == (5, 5, 20)
        new = [f"word{n}new" for n in range(5)] + [f"word{n}old" for n in range(5, 30)]
        assert_holds(opened, new, [f"word{n}old" for n in range(5)])
        assert opened.ingest([tmp_path / "news"]).unchanged == 30


@pytest.mark.parametrize(
    ("texts", "counts", "left"),
    [
        (["Report one.", "Report one."], (1, 0, 1), "one"),
        (["Report one.", "Report two."], (1, 1, 0), "two"),
        (["Report one.", "Report two.", "Report one."], (1, 1, 1), "two"),
    ],
)
@pytest.mark.parametrize("together", [True, False], ids=["one file", "several files"])
def test_the_same_article_twice_in_one_run_is_its_last_new_version(
    tmp_path: Path, texts: list[str], counts: tuple[int, int, int], left: str, together: bool
) -> None:
    lines = [json.dumps({"url": "https://post.example/1", "title": "T", "text": text}) for text in texts]
    (tmp_path / "news").mkdir()
    for n, content in enumerate(["\n".join(lines)] if together else lines):
        (tmp_path / "news" / f"{n}.jsonl").write_text(content)
    with newsroom(tmp_path) as opened:
        report = opened.ingest([tmp_path / "news"])
        assert (report.added, report.updated, report.unchanged) == counts
        assert_holds(opened, [left])


def test_what_fails_costs_only_itself_and_is_tried_again(tmp_path: Path) -> None:
    news = write_news(tmp_path / "news", 3, "old")
    (news / "bad.jsonl").write_text('{"text": "Report fine.", "date": "yesterday"}\n{broken\n')
    (news / "empty.txt").write_text("")
    with newsroom(tmp_path) as opened:
        for expected in ((4, 0, 4), (0, 4, 4)):
            report = opened.ingest([news])
            assert (report.added, report.unchanged, report.articles) == expected
            assert [each.source for each in report.failed] == [f"{news}/bad.jsonl, line 2", f"{news}/empty.txt"]
            assert [each.error.split(":")[0] for each in report.failed] == ["not valid JSON", "empty."]
            assert [each.source for each in report.warnings] == [f"{news}/bad.jsonl#Report fine."]
        (news / "empty.txt").write_text("T\n\nReport now.")
        assert opened.ingest([news]).added == 1
        assert_holds(opened, ["word0old", "word1old", "word2old", "fine", "now"])


def test_progress_tells_documents_then_passages(tmp_path: Path) -> None:
    seen: list[Progress] = []
    with newsroom(tmp_path) as opened:
        opened.ingest([write_news(tmp_path / "news", EMBED_BATCH + 4, "old")], progress=seen.append)
    reading = [each for each in seen if each.stage == "reading"]
    files = len(list((tmp_path / "news").iterdir()))
    assert (reading[0].done, reading[-1].done, {each.total for each in reading}) == (0, files, {files})
    assert reading[-1].articles == EMBED_BATCH + 4
    assert [each.done for each in reading] == sorted(each.done for each in reading)
    assert seen[: len(reading)] == reading
    assert [(each.done, each.total) for each in seen if each.stage == "embedding"] == [
        (0, EMBED_BATCH + 4),
        (EMBED_BATCH, EMBED_BATCH + 4),
        (EMBED_BATCH + 4, EMBED_BATCH + 4),
    ]


@pytest.mark.parametrize(
    ("progress", "pace", "left"),
    [
        (Progress("reading", 0, 10), "0 articles, 0/s", None),
        (Progress("reading", 1, 10, 1, 0.5), "1 article, 2/s", None),
        (Progress("reading", 5, 10, 2812, 6.0), "2,812 articles, 469/s, 6 s left", 6.0),
        (Progress("embedding", 256, 1024, 9, 64.0), "256 of 1,024 passages, 4/s, 3 min 12 s left", 192.0),
        (Progress("embedding", 1, 7201, 9, 1.0), "1 of 7,201 passages, 1/s, 2 h 0 min left", 7200.0),
    ],
)
def test_a_pace_is_told_in_words(progress: Progress, pace: str, left: float | None) -> None:
    assert (progress.pace, progress.left) == (pace, left)


# --- once


def entry(url: str, text: str = "The ferry sank.", **fields: object) -> dict[str, object]:
    return {"url": url, "title": "ferry", "text": text, **fields}


FORMS = [
    "https://www.post.example/ferry",
    "https://post.example/ferry?utm_source=mail",
    "http://m.post.example/ferry/",
    "https://amp.post.example/ferry/amp",
]


@pytest.mark.parametrize("how", ["one file", "one run", "several runs"])
def test_one_article_by_several_addresses_is_one(tmp_path: Path, how: str) -> None:
    news = tmp_path / "news"
    if how == "one file":
        lines_file(news / "a.jsonl", *map(entry, FORMS))
    else:
        for n, url in enumerate(FORMS):
            lines_file(news / f"{n}.jsonl", entry(url))
    with newsroom(tmp_path) as opened:
        for batch in sorted(news.iterdir()) if how == "several runs" else [news]:
            opened.ingest([batch])
        (one,) = opened.articles()
        assert_whole(opened)
        assert {each for form in FORMS for each in opened.catalog.ids_of(form)} == {one.id}


CANONICAL = """<html><head><title>Ferry sinks</title><link rel="canonical" href="https://post.example/ferry">
<meta property="og:url" content="https://wire.example/17"></head><body><article><h1>Ferry sinks</h1>
<p>The ferry sank off Skarra on Friday with six people on board, the coast guard of the island said.</p>
<p>Boats from three harbours searched for survivors in the fog until the evening, and found two.</p>
</article></body></html>"""


@pytest.mark.parametrize("order", [("page.html", "wire.jsonl"), ("wire.jsonl", "page.html")])
def test_a_page_and_its_canonical_address_are_one_across_runs(tmp_path: Path, order: tuple[str, ...]) -> None:
    (tmp_path / "page.html").write_text(CANONICAL)
    lines_file(tmp_path / "wire.jsonl", entry("https://post.example/ferry?fbclid=1"))
    with newsroom(tmp_path) as opened:
        for name in order:
            opened.ingest([tmp_path / name])
        assert len(opened.articles()) == 1
        assert_whole(opened)


@pytest.mark.parametrize("names", [("1.html", "2.jsonl"), ("2.html", "1.jsonl")])
def test_a_page_and_its_canonical_address_are_one_within_a_run(tmp_path: Path, names: tuple[str, str]) -> None:
    html, lines = (tmp_path / "news" / name for name in names)
    lines_file(lines, entry("https://wire.example/17"))
    html.write_text(CANONICAL)
    with newsroom(tmp_path) as opened:
        opened.ingest([tmp_path / "news"])
        assert len(opened.articles()) == 1


def test_two_different_files_with_the_same_words_and_no_address_are_two_copies(tmp_path: Path) -> None:
    text = story(1)
    for name in ("a", "b"):
        article_file(tmp_path / "news" / f"{name}.json", text, title="Ferry sinks")
    with newsroom(tmp_path) as opened:
        assert opened.ingest([tmp_path / "news"]).added == 2
        one, two = opened.articles()
        assert [copy.id for copy in opened.copies(one)] == sorted([one.id, two.id])
        assert opened.copies(one) == opened.copies(two)
        assert opened.ingest([tmp_path / "news"]).unchanged == 2


# --- later


def test_without_embedding_articles_are_found_by_their_words_at_once_and_embedded_later(tmp_path: Path) -> None:
    with newsroom(tmp_path) as opened:
        opened.ingest([article_file(tmp_path / "a.json", "The bridge opened on Friday.")])
        report = opened.ingest([article_file(tmp_path / "b.json", "The bridge closed on Monday.")], embed=False)
        assert (report.added, report.chunks, report.pending) == (1, 2, 1)
        assert sorted(each.article.title for each in opened.search("bridge")) == ["a", "b"]
        assert opened.search("bridge closed monday")[0].article.title == "b"
        assert [each.meaning for each in opened.search("bridge closed monday") if each.article.title == "b"] == [0.0]
        report = opened.embed()
        assert (report.added, report.unchanged, report.pending) == (0, 0, 0)
        assert opened.search("bridge closed monday")[0].meaning > 0.5
        assert_whole(opened)


def test_the_newest_articles_are_embedded_first(tmp_path: Path) -> None:
    for day in (3, 1, 2):
        article_file(tmp_path / "news" / f"{day}.json", "Report.", published=f"2026-03-0{day}")
    article_file(tmp_path / "news" / "0.json", "Report.")
    with newsroom(tmp_path) as opened:
        opened.ingest([tmp_path / "news"], embed=False)
        pending = opened.catalog.pending_ids("vectors")
        held = opened.catalog.indexed(pending)
        assert [held[name].article.title for name in pending] == ["3", "2", "1", "0"]


# --- cancelled


def cancel_when(reached: Callable[[Progress], bool], *, times: int = 1) -> OnProgress:
    """Ends the task when it is so far."""
    left = times

    def tell(progress: Progress) -> None:
        nonlocal left
        if left and reached(progress):
            left -= 1
            raise Cancelled

    return tell


def test_what_was_read_before_it_was_cancelled_stays_and_the_next_run_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.intake.TELL_EVERY", 0.0)
    news = write_news(tmp_path / "news", 40, "old")
    with newsroom(tmp_path, Source(path=news)) as opened:
        report = opened.sync(progress=cancel_when(lambda told: told.articles == 20))
        assert (report.cancelled, report.added, report.articles, report.pending) == (True, 20, 20, 20)
        assert len(found_by_word(opened, "report")) == 20
        assert opened.search("word3old")[0].article.url == "https://x.example/3"
        assert opened.catalog.all("SELECT * FROM syncs") == []
        report = opened.sync()
        assert (report.cancelled, report.added, report.unchanged, report.gone) == (False, 20, 20, 0)
        assert_holds(opened, [f"word{n}old" for n in range(40)])


def test_whoever_goes_on_cancelling_still_gets_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the command line does, which asks for the end at every telling after Ctrl+C."""
    monkeypatch.setattr("qa.intake.TELL_EVERY", 0.0)
    news = write_news(tmp_path / "news", 40, "old")
    with newsroom(tmp_path) as opened:
        report = opened.ingest([news], progress=cancel_when(lambda told: told.articles >= 20, times=1000))
        assert (report.cancelled, report.added) == (True, 20)


@pytest.mark.parametrize(
    ("reached", "read", "embedded"),
    [
        (lambda told: True, 0, 0),
        (lambda told: told.articles == EMBED_BATCH + 4, EMBED_BATCH + 4, 0),
        (lambda told: told.stage == "embedding", EMBED_BATCH + 4, 0),
        (lambda told: told.stage == "embedding" and told.done > 0, EMBED_BATCH + 4, EMBED_BATCH),
    ],
    ids=["at once", "all read", "nothing embedded", "a batch embedded"],
)
def test_cancelled_at_any_telling_nothing_is_lost(
    tmp_path: Path, reached: Callable[[Progress], bool], read: int, embedded: int
) -> None:
    news = write_news(tmp_path / "news", EMBED_BATCH + 4, "old")
    with newsroom(tmp_path) as opened:
        report = opened.ingest([news], progress=cancel_when(reached))
        assert (report.cancelled, report.articles, report.pending) == (True, read, read - embedded)
        report = opened.ingest([news])
        assert (report.cancelled, report.articles, report.pending) == (False, EMBED_BATCH + 4, 0)
        assert_holds(opened, [f"word{n}old" for n in range(EMBED_BATCH + 4)])


# --- interruptions

COUNT, CHANGED = max(EMBED_BATCH, STORE_BATCH) + 14, 60
AFTERWARDS = [f"word{n}{'new' if n < CHANGED else 'old'}" for n in range(COUNT)]
GONE = [f"word{n}old" for n in range(CHANGED)]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a part of the articles, and beside it the news as they are later: some changed, more of them."""
    folder = tmp_path_factory.mktemp("before")
    with newsroom(folder) as opened:
        opened.ingest([write_news(folder / "news", CHANGED, "old")])
    write_news(folder / "news", COUNT, "new", changed=CHANGED)
    return folder


def start_again(folder: Path) -> IngestReport:
    """The next run does what is left, and only that."""
    with newsroom(folder) as opened:
        report = opened.ingest([folder / "news"])
        assert_holds(opened, AFTERWARDS, GONE)
        standing = opened.catalog.all("SELECT count(DISTINCT article_id) FROM locations")
        assert standing[0][0] == COUNT
        earlier = [len(opened.revisions(each)) for each in opened.articles()]
        assert (sum(earlier), max(earlier)) == (CHANGED, 1)
        assert opened.ingest([folder / "news"]).unchanged == COUNT
        return report


@pytest.mark.parametrize("batch", [1, 2])
def test_a_run_that_loses_its_model_is_taken_up_again(tmp_path: Path, batch: int) -> None:
    news = write_news(tmp_path / "news", COUNT, "new", changed=CHANGED)
    with newsroom(tmp_path) as opened:
        opened.model = Breaking(batch)
        with pytest.raises(ModelUnreachable):
            opened.ingest([news])
        assert opened.catalog.counts() == (COUNT, COUNT)
        assert len(opened.words.ids()) == COUNT
        assert opened.vectors.count() == EMBED_BATCH * (batch - 1) == COUNT - opened.catalog.count_pending("vectors")
    with newsroom(tmp_path) as opened:
        assert opened.ingest([news]).unchanged == COUNT
        assert_holds(opened, AFTERWARDS)


class Died(BaseException):
    """The process is no more; nothing may handle this."""


class Fate:
    """Lets a process die at the n-th call."""

    def __init__(self, call: int, *, really: bool) -> None:
        self.left = call
        self.really = really

    def __call__(self) -> None:
        self.left -= 1
        if not self.left and self.really:
            os.kill(os.getpid(), signal.SIGKILL)
        if not self.left:
            raise Died


class DoomedCatalog(Catalog):
    """Dies in a transaction, before it is committed."""

    fate: Fate | None = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with super().transaction() as db:
            yield db
            if self.fate:
                self.fate()


class DoomedWords(WordIndex):
    """Dies when it has committed, before the catalog knows."""

    fate: Fate

    def write(self, added: Sequence[Indexed], removed: Sequence[str] = ()) -> None:
        super().write(added, removed)
        self.fate()


class DoomedVectors(VectorIndex):
    """Dies when it has written, before the catalog knows."""

    fate: Fate

    def remove(self, ids: Sequence[str]) -> None:
        super().remove(ids)
        self.fate()

    def add(self, added: Sequence[Indexed], vectors: Vectors) -> None:
        super().add(added, vectors)
        self.fate()


class Doomed(Newsroom):
    """An archive of which one part dies at the n-th step."""

    def __init__(self, path: Path, config: Config, part: str = "", call: int = 0, *, really: bool = False) -> None:
        super().__init__(path, config)
        self._fates = {name: Fate(call if name == part else 0, really=really) for name in ("words", "vectors")}
        self.catalog.close()
        catalog = DoomedCatalog(path / "catalog.db")
        catalog.fate = Fate(call, really=really) if part == "catalog" else None
        self.catalog = catalog

    @cached_property
    def words(self) -> WordIndex:
        words = DoomedWords(self.path / "words")
        words.fate = self._fates["words"]
        return words

    @cached_property
    def vectors(self) -> VectorIndex:
        vectors = DoomedVectors(self.path / "chroma", self.config.vectors)
        vectors.fate = self._fates["vectors"]
        return vectors


POINTS = [
    *(("catalog", n) for n in range(1, 16)),
    *(("words", n) for n in (1, 2, 3)),
    *(("vectors", n) for n in (1, 2, 3)),
]


@pytest.mark.parametrize(("part", "call"), POINTS)
def test_a_run_that_dies_before_it_records_a_step_leaves_no_hole_and_no_double(
    tmp_path: Path, before: Path, part: str, call: int
) -> None:
    shutil.copytree(before, tmp_path, dirs_exist_ok=True)
    with Doomed(tmp_path / "archive", settings(), part, call) as opened, pytest.raises(Died):
        opened.ingest([tmp_path / "news"])
    start_again(tmp_path)


def ingest_until(folder: str, part: str, call: str) -> None:
    """What the process that is to be killed runs."""

    def tell(progress: Progress) -> None:
        print(progress.stage, flush=True)  # noqa: T201 - the parent waits for it

    doomed = Doomed(Path(folder, "archive"), settings(), part, int(call), really=True)
    doomed.ingest([Path(folder, "news")], progress=tell)


def child(folder: Path, part: str, call: int) -> subprocess.Popen[str]:
    run = "import sys; from tests.test_intake import ingest_until; ingest_until(*sys.argv[1:])"
    command = [sys.executable, "-c", run, str(folder), part, str(call)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


@pytest.mark.parametrize(("part", "call"), [("catalog", 9), ("words", 1), ("vectors", 2)])
def test_a_process_killed_before_it_records_a_step_leaves_no_hole_and_no_double(
    tmp_path: Path, before: Path, part: str, call: int
) -> None:
    shutil.copytree(before, tmp_path, dirs_exist_ok=True)
    process = child(tmp_path, part, call)
    _, errors = process.communicate()
    assert process.returncode == -signal.SIGKILL, errors
    start_again(tmp_path)


@pytest.mark.parametrize("stage", ["reading", "embedding"])
def test_a_process_killed_from_outside_leaves_no_hole_and_no_double(tmp_path: Path, before: Path, stage: str) -> None:
    shutil.copytree(before, tmp_path, dirs_exist_ok=True)
    process = child(tmp_path, "none", 0)
    assert process.stdout is not None
    assert any(line.strip() == stage for line in process.stdout)
    process.kill()
    process.communicate()
    start_again(tmp_path)
