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
from qa.catalog import INDEXES, Catalog, Fact, Index, article_from_row, article_row, file_of, published_at
from qa.chunks import Chunk
from qa.errors import ArchiveError, IndexUnavailable
from qa.places import Places
from qa.schema import UNDATED


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
    assert catalog.get_meta("model") is None
    assert (catalog.ids_of("none"), catalog.copies(["none"]), catalog.revisions("none")) == ([], {}, [])
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


# --- what search asks of it


DESK = {
    name: replace(article(name, published=day), outlet=outlet, authors=authors)
    for name, outlet, day, authors in (
        ("first", "Post", date(2026, 1, 1), ("Ada Lund",)),
        ("second", "Courier", date(2026, 2, 1), ("Jon Brandt", "Ada Lund")),
        ("third", "Post", datetime(2026, 3, 1, 12, tzinfo=UTC), ("Ada Lundgren",)),
        ("undated", "Courier", None, ()),
    )
}


@pytest.fixture
def desk(catalog: Catalog) -> Catalog:
    """A catalog of these articles, each of two chunks."""
    catalog.store([chunked(each) for each in DESK.values()])
    return catalog


JANUARY, FEBRUARY = instant(date(2026, 1, 1)), instant(date(2026, 2, 1))


@pytest.mark.parametrize(
    ("limits", "names"),
    [
        ({}, ["third", "second", "first", "undated"]),
        ({"earliest": JANUARY}, ["third", "second", "first"]),
        ({"earliest": JANUARY + 1}, ["third", "second"]),
        ({"latest": FEBRUARY}, ["second", "first", "undated"]),
        ({"latest": FEBRUARY - 1}, ["first", "undated"]),
        ({"earliest": JANUARY, "latest": JANUARY}, ["first"]),
        ({"earliest": FEBRUARY, "latest": JANUARY}, []),
        ({"outlets": ("Post",)}, ["third", "first"]),
        ({"outlets": ("post",)}, []),
        ({"outlets": ("Courier", "Post")}, ["third", "second", "first", "undated"]),
        ({"outlets": ("Courier",), "latest": FEBRUARY - 1}, ["undated"]),
        ({"authors": ("Ada Lund",)}, ["second", "first"]),
        ({"authors": ("Ada Lund", "Jon Brandt")}, ["second", "first"]),
        ({"authors": ("Ada",)}, []),
        ({"authors": ("Ada Lund",), "outlets": ("Courier",), "earliest": JANUARY}, ["second"]),
    ],
    ids=str,
)
def test_what_is_inside_limits_is_counted_and_named_the_newest_first(
    desk: Catalog, limits: dict[str, Any], names: list[str]
) -> None:
    assert desk.count_inside(**limits) == len(names)
    found = desk.ids_inside(100, **limits)
    expected = [ids(DESK[name]) for name in names]
    assert [sorted(found[at : at + 2]) for at in range(0, len(found), 2)] == expected


def test_at_most_so_many_are_named_and_those_the_newest(desk: Catalog) -> None:
    assert sorted(desk.ids_inside(2)) == ids(DESK["third"])
    assert len(desk.ids_inside(3)) == 3
    assert desk.ids_inside(0) == []


def test_facts_tell_of_chunks_what_ranking_needs(desk: Catalog) -> None:
    second, undated = DESK["second"], DESK["undated"]
    found = desk.facts([ids(second)[1], ids(undated)[0], "gone"])
    assert found == {
        ids(second)[1]: Fact(second.id, 1, FEBRUARY, "Courier", ("Jon Brandt", "Ada Lund")),
        ids(undated)[0]: Fact(undated.id, 0, UNDATED, "Courier", ()),
    }
    assert desk.facts([]) == desk.facts(["gone"]) == {}


# --- added, updated, unchanged


def test_the_same_content_is_unchanged_and_other_content_an_update(catalog: Catalog) -> None:
    one = article()
    assert catalog.change(one) == "added"
    catalog.store([chunked(one)])
    assert catalog.change(one) == "unchanged"
    assert catalog.change(replace(one, notes=("a note",), origins=(("title", "og"),), aliases=("x",))) == "unchanged"
    changes: dict[str, Any] = {
        "title": "X",
        "text": "X",
        "outlet": "X",
        "place": "X",
        "language": "xx",
        "section": "world",
        "published": date(2026, 1, 1),
    }
    assert {catalog.change(replace(one, **{name: value})) for name, value in changes.items()} == {"updated"}
    assert catalog.change(article("b")) == "added"


def test_the_same_content_elsewhere_has_moved_only_where_its_old_place_is_empty(
    catalog: Catalog, tmp_path: Path
) -> None:
    old = tmp_path / "old.txt"
    old.write_text("One.", encoding="utf-8")
    one = article(str(old))
    catalog.store([chunked(one)])
    Places(catalog).seen([(str(old), one.id, "", 1)])
    elsewhere = replace(one, source=str(tmp_path / "new.txt"))
    assert catalog.change(elsewhere) == "unchanged"
    old.unlink()
    assert catalog.change(elsewhere) == "moved"
    catalog.relocate([elsewhere])
    assert catalog.change(elsewhere) == "unchanged"
    assert catalog.ids_of(elsewhere.source) == [one.id]


def test_an_extract_never_replaces_a_whole_text_and_a_whole_text_replaces_an_extract(catalog: Catalog) -> None:
    whole = article(text="One. Two. Three.")
    extract = replace(whole, text="One.", partial=True)
    catalog.store([chunked(extract)])
    assert catalog.change(replace(extract, text="Two.")) == "updated"
    assert catalog.change(whole) == "updated"
    assert catalog.change(replace(extract, partial=False)) == "moved"
    catalog.store([chunked(whole)])
    assert catalog.change(extract) == "unchanged"


def test_an_earlier_version_comes_back_from_its_own_place_alone(catalog: Catalog) -> None:
    first, second = article(), replace(article(), text="Four.", source="b")
    catalog.store([chunked(first)])
    catalog.store([chunked(second)])
    assert catalog.change(first) == "unchanged"
    assert catalog.change(replace(first, source="b")) == "updated"
    assert catalog.change(replace(first, text="Five.")) == "updated"


# --- by what an article is known

ADDRESS = "https://www.post.example/bridge"


@pytest.mark.parametrize(
    "other",
    [
        "https://www.post.example/bridge?utm_source=mail&fbclid=1",
        "http://m.post.example/bridge/",
        "https://amp.post.example/bridge/amp",
        "https://post.example/bridge?amp=1#top",
        "https://www.google.com/amp/s/post.example/bridge",
        "https://post-example.cdn.ampproject.org/c/s/post.example/bridge",
    ],
)
def test_every_form_of_an_address_is_the_same_article(catalog: Catalog, other: str) -> None:
    one = make_article(title="T", text="One.", source="a", url=ADDRESS)
    catalog.store([chunked(one)])
    again = make_article(title="T", text="One.", source="b", url=other)
    assert catalog.identify(again).id == one.id
    assert catalog.ids_of(other) == [one.id]


def test_an_alias_leads_to_the_article_in_either_order(catalog: Catalog) -> None:
    other = "https://wire.example/17"
    one = make_article(title="T", text="One.", source="a", url=ADDRESS, aliases=(other,))
    catalog.store([chunked(one)])
    assert catalog.identify(make_article(title="T", text="One.", source="b", url=other)).id == one.id
    two = make_article(title="U", text="Two.", source="c", url="https://wire.example/18")
    catalog.store([chunked(two)])
    canonical = make_article(title="U", text="Two.", source="d", url=ADDRESS + "-2", aliases=(two.url,))
    assert catalog.identify(canonical).id == two.id


def test_its_own_address_comes_before_an_alias_that_another_article_has(catalog: Catalog) -> None:
    one = make_article(title="T", text="One.", source="a", url=ADDRESS)
    two = make_article(title="U", text="Two.", source="b", url="https://wire.example/17")
    catalog.store([chunked(one), chunked(two)])
    both = make_article(title="T", text="One.", source="c", url=one.url, aliases=(two.url,))
    assert catalog.identify(both).id == one.id


def test_another_article_of_the_same_words_is_another(catalog: Catalog, tmp_path: Path) -> None:
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("One.", encoding="utf-8")
    one = article(str(first))
    catalog.store([chunked(one)])
    Places(catalog).seen([(str(first), one.id, "", 1)])
    other = article(str(second))
    assert catalog.identify(other) == other
    first.unlink()
    assert catalog.identify(other).id == one.id
    with_address = replace(other, url="https://x.example")
    assert catalog.identify(with_address) == with_address


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("/n/a.txt", "/n/a.txt"),
        ("/n/a.jsonl#3", "/n/a.jsonl"),
        ("/n/a.JSON.gz#x.csv#y", "/n/a.JSON.gz"),
        ("/n/c#/a.csv#a#b", "/n/c#/a.csv"),
        ("/n/report #3.txt", "/n/report #3.txt"),
        ("https://x.example/feed.xml#guid", "https://x.example/feed.xml"),
    ],
)
def test_the_file_of_a_source_is_what_stands_before_the_place_within_it(source: str, file: str) -> None:
    assert file_of(source) == file


# --- what is chosen


def test_what_is_chosen_meets_all_that_is_given(catalog: Catalog) -> None:
    days = [date(2026, 1, 1), date(2026, 2, 1), None]
    a, b, c = (replace(article(str(n), published=day), outlet=f"Post {n % 2}") for n, day in enumerate(days))
    catalog.store([chunked(each) for each in (a, b, c)])
    assert catalog.chosen(None, outlet="post 0", before=None) == [a, c]
    assert catalog.chosen(None, outlet=None, before=instant(date(2026, 2, 1))) == [a]
    assert catalog.chosen([b.id, c.id], outlet=None, before=None) == [b, c]
    assert catalog.chosen([b.id], outlet="Post 0", before=None) == []
    assert catalog.chosen([], outlet=None, before=None) == []


def test_what_is_removed_leaves_its_chunks_to_be_let_go_and_its_keys_as_a_reminder(catalog: Catalog) -> None:
    one, two = article(), article("b")
    catalog.store([chunked(one), chunked(two)])
    catalog.remove([one.id])
    assert (catalog.articles(), catalog.counts()) == ([two], (1, 2))
    assert sorted(catalog.discarded("words", 10)) == sorted(ids(one))
    assert (catalog.was_removed(one), catalog.was_removed(two)) == (True, False)
    catalog.store([chunked(one)])
    assert not catalog.was_removed(one)


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
    for index in INDEXES:
        catalog.forget_index(index)
    assert [catalog.count_pending(index) for index in INDEXES] == [2, 2]
    assert [catalog.discarded(index, 10) for index in INDEXES] == [[], []]


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
