"""The catalog: every change is one transaction, and what the indexes still have to do is never forgotten."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from qa.articles import Article, instant, make_article
from qa.schema import UNDATED
from qa.catalog import Catalog, FileState, Index, article_from_row, article_row, published_at
from qa.chunks import Chunk
from qa.errors import ArchiveError, IndexUnavailable

INDEXES: tuple[Index, Index] = ("words", "vectors")


def article(
    name: str = "a", text: str = "One. Two. Three.", published: date | None = None, title: str = "T"
) -> Article:
    return make_article(title=title, text=text, source=name, outlet="The Post", published=published)


def chunked(one: Article, count: int = 2) -> tuple[Article, list[Chunk]]:
    return one, [Chunk(f"{one.id}-{one.digest[:12]}-{n}", one.id, n, n, n + 1) for n in range(count)]


def ids(one: Article, count: int = 2) -> list[str]:
    return [each.id for each in chunked(one, count)[1]]


def pending(catalog: Catalog, index: Index) -> list[str]:
    return [each.chunk.id for each in catalog.pending(index, 1000)]


def settled(catalog: Catalog) -> None:
    """What two indexes that keep up would report."""
    for index in INDEXES:
        catalog.settle(index, removed=catalog.discarded(index, 1000))
        catalog.settle(index, added=pending(catalog, index))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "catalog.db")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "published",
    [
        None,
        date(2026, 3, 4),
        datetime(2026, 3, 4, 5, 6, 7),
        datetime(2026, 3, 4, 5, 6, 7, 890, tzinfo=UTC),
        datetime(2026, 3, 4, 5, 6, tzinfo=timezone(timedelta(hours=-5))),
        date.min,
    ],
    ids=str,
)
def test_an_article_comes_back_equal(catalog: Catalog, published: date | None) -> None:
    one = replace(
        article(published=published), updated=published, authors=("Ann", "Bö"), url="https://x.example", language="en"
    )
    catalog.store([chunked(one)])
    found = catalog.article(one.id)
    assert found == one == article_from_row(article_row(one))
    assert type(found.published) is type(published)
    assert found.digest == one.digest
    assert published_at(found) == (UNDATED if published is None else instant(published))


def test_what_is_not_there_is_none_or_empty(catalog: Catalog) -> None:
    assert catalog.article("none") is None
    assert catalog.indexed(["none"]) == {}
    assert (catalog.articles(), catalog.outlets(), catalog.counts()) == ([], [], (0, 0))
    assert (catalog.get_meta("model"), catalog.articles_read("/a", 1, 1)) == (None, None)
    assert (catalog.pending("words", 10), catalog.discarded("words", 10), catalog.count_pending("words")) == ([], [], 0)


def test_articles_come_newest_first_and_undated_ones_last(catalog: Catalog) -> None:
    days = [None, date(2026, 1, 1), date(2026, 3, 1), date(2026, 2, 1)]
    stored = [article(str(n), published=day) for n, day in enumerate(days)]
    catalog.store([chunked(each) for each in stored])
    assert catalog.articles() == [stored[2], stored[3], stored[1], stored[0]]
    assert catalog.articles(limit=2, offset=1) == [stored[3], stored[1]]
    assert catalog.outlets() == ["The Post"]


def test_a_chunk_knows_its_words_and_its_context(catalog: Catalog) -> None:
    one = article(published=datetime(2026, 3, 4, 5, tzinfo=UTC), title="Title")
    catalog.store([chunked(one, 0)])
    catalog.store([(one, [Chunk("c", one.id, 0, 5, 9)])])
    found = catalog.indexed(["c", "gone"])
    assert list(found) == ["c"]
    assert (found["c"].text, found["c"].in_context) == ("Two.", "Title\nThe Post, 2026-03-04\nTwo.")
    assert found["c"].published_at == instant(datetime(2026, 3, 4, 5, tzinfo=UTC))


# --- added, updated, unchanged


def test_the_same_content_is_unchanged_and_other_content_an_update(catalog: Catalog) -> None:
    one = article()
    assert catalog.change(one) == "added"
    catalog.store([chunked(one)])
    assert catalog.change(one) == "unchanged"
    assert catalog.change(replace(one, source="elsewhere", notes=("a note",))) == "unchanged"
    changes: dict[str, Any] = {
        "title": "X",
        "text": "X",
        "outlet": "X",
        "place": "X",
        "language": "xx",
        "published": date(2026, 1, 1),
    }
    assert {catalog.change(replace(one, **{name: value})) for name, value in changes.items()} == {"updated"}
    assert catalog.change(article("b")) == "added"


def test_a_new_chunk_is_pending_in_both_indexes_until_each_reports_it(catalog: Catalog) -> None:
    one = article()
    catalog.store([chunked(one, 3)])
    assert [pending(catalog, index) for index in INDEXES] == [ids(one, 3)] * 2
    catalog.settle("words", added=ids(one, 3)[:2])
    assert (pending(catalog, "words"), catalog.count_pending("vectors")) == (ids(one, 3)[2:], 3)
    assert [each.chunk.id for each in catalog.pending("vectors", 2)] == ids(one, 3)[:2]
    settled(catalog)
    assert [catalog.count_pending(index) for index in INDEXES] == [0, 0]


def test_an_update_replaces_the_chunks_and_the_old_ones_wait_until_both_indexes_let_go(catalog: Catalog) -> None:
    old, new = article(), article(text="Other words.")
    catalog.store([chunked(old), chunked(article("b"))])
    settled(catalog)
    catalog.store([chunked(new, 1)])
    assert catalog.article(old.id) == new
    assert catalog.counts() == (2, 3)
    assert [pending(catalog, index) for index in INDEXES] == [ids(new, 1)] * 2
    assert [sorted(catalog.discarded(index, 10)) for index in INDEXES] == [sorted(ids(old))] * 2
    catalog.settle("words", removed=ids(old))
    assert (catalog.discarded("words", 10), sorted(catalog.discarded("vectors", 10))) == ([], sorted(ids(old)))
    catalog.settle("vectors", removed=ids(old))
    assert catalog.discarded("vectors", 10) == []


def test_content_that_comes_back_is_removed_before_it_is_added_again(catalog: Catalog) -> None:
    old, new = article(), article(text="Other words.")
    for each in (old, new, old):
        catalog.store([chunked(each)])
    for index in INDEXES:
        assert sorted(catalog.discarded(index, 10)) == sorted([*ids(old), *ids(new)])
        assert pending(catalog, index) == ids(old)
    settled(catalog)
    assert catalog.counts() == (1, 2)
    assert [catalog.discarded(index, 10) for index in INDEXES] == [[], []]


def test_one_article_twice_in_one_batch_is_its_later_version(catalog: Catalog) -> None:
    old, new = article(), article(text="Other words.")
    catalog.store([chunked(old), chunked(new, 1)])
    assert (catalog.articles(), catalog.counts()) == ([new], (1, 1))
    assert sorted(catalog.discarded("vectors", 10)) == sorted(ids(old))


def test_a_batch_is_stored_whole_or_not_at_all(catalog: Catalog) -> None:
    old = article()
    catalog.store([chunked(old)])
    settled(catalog)
    twice = chunked(article("b"))[1] * 2
    with pytest.raises(IndexUnavailable, match="UNIQUE constraint failed"):
        catalog.store([chunked(article(text="Other words.")), (article("b"), twice)])
    assert (catalog.articles(), catalog.counts()) == ([old], (1, 2))
    assert [catalog.discarded(index, 10) for index in INDEXES] == [[], []]


def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(catalog: Catalog) -> None:
    with pytest.raises(KeyboardInterrupt), catalog.transaction() as db:  # noqa: PT012 - it has to break inside
        db.execute("INSERT INTO meta VALUES ('model', 'x')")
        raise KeyboardInterrupt
    assert catalog.get_meta("model") is None
    catalog.set_meta("model", "y")
    catalog.set_meta("model", "z")
    assert catalog.get_meta("model") == "z"


def test_forgetting_the_indexes_makes_everything_pending_and_nothing_discarded(catalog: Catalog) -> None:
    catalog.store([chunked(article())])
    settled(catalog)
    catalog.store([chunked(article(text="Other words."))])
    catalog.forget_indexes()
    assert [catalog.count_pending(index) for index in INDEXES] == [2, 2]
    assert [catalog.discarded(index, 10) for index in INDEXES] == [[], []]


def test_a_file_counts_as_read_only_in_exactly_the_recorded_state(catalog: Catalog) -> None:
    catalog.set_read([FileState("/a", 5, 10, 3), FileState("/b", 1, 1, 0)])
    assert catalog.articles_read("/a", 5, 10) == 3
    assert catalog.articles_read("/b", 1, 1) == 0
    assert [catalog.articles_read(*state) for state in (("/a", 6, 10), ("/a", 5, 11), ("/c", 5, 10))] == [None] * 3
    catalog.set_read([FileState("/a", 6, 10, 4)])
    assert (catalog.articles_read("/a", 6, 10), catalog.articles_read("/a", 5, 10)) == (4, None)


# --- the file


def test_everything_is_there_after_closing_and_opening(tmp_path: Path) -> None:
    one = article()
    first = Catalog(tmp_path / "catalog.db")
    first.store([chunked(one)])
    first.settle("words", added=ids(one))
    first.close()
    second = Catalog(tmp_path / "catalog.db")
    assert (second.articles(), second.count_pending("words"), pending(second, "vectors")) == ([one], 0, ids(one))
    second.close()


def test_a_newer_format_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    Catalog(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(ArchiveError, match=r"written by a newer Newsdesk \(format 99\). Update Newsdesk"):
        Catalog(path)
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA user_version").fetchone() == (99,)
    db.close()


@pytest.mark.parametrize("content", [b"no database " * 500, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "catalog.db"
    path.write_bytes(content)
    with pytest.raises(IndexUnavailable) as caught:
        Catalog(path)
    assert str(caught.value).startswith(f"{path}: SQLite: ")


@pytest.mark.parametrize("own", [False, True], ids=["one connection", "a connection each"])
def test_two_threads_read_whole_articles_while_one_writes(catalog: Catalog, own: bool) -> None:
    """Every version has as many chunks as its text has letters, so half a change would show."""
    catalog.store([chunked(article(text="x"), 1)])
    done = threading.Event()
    seen: list[tuple[int, int]] = []

    def read(reader: Catalog) -> None:
        last = False
        while not last:
            last = done.is_set()
            found = reader.pending("words", 1000)
            seen.extend({(len(found), len(each.article.text)) for each in found})

    readers = [Catalog(catalog.path) if own else catalog for _ in range(2)]
    threads = [threading.Thread(target=read, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    for n in range(2, 60):
        catalog.store([chunked(article(text="x" * n), n)])
    done.set()
    for thread, reader in zip(threads, readers, strict=True):
        thread.join()
        if own:
            reader.close()
    assert len(seen) >= 2
    assert [pair for pair in seen if pair[0] != pair[1]] == []
    assert (59, 59) in seen
