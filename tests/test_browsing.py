"""Articles listed by pages: filters, orders, near-copies in one row, counts; and that no scan reads the texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from qa.articles import Article, make_article
from qa.browsing import Browsing, Order
from qa.config import Source
from qa.errors import UsageError
from tests.newsroom import Newsroom, article_file, lines_file, newsroom, reprint, story

ORDERS: tuple[Order, ...] = ("date", "outlet", "title")
DATED = 40


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Forty articles of four outlets, one report printed four times, three without a date, one that will vanish."""
    folder, report = tmp_path / "news", story(500, 30)
    entries: list[dict[str, object]] = [
        {
            "title": f"{('Ferry', 'mayor', 'Budget')[n % 3]} report {n:02}",
            "text": story(n, 8),
            "outlet": ("Olm Post", "Tern", "", "olm radio")[n % 4],
            "section": ("world", "sport/boats")[n % 2],
            "published": f"2026-{1 + n // 20:02}-{1 + n % 20:02}",
        }
        for n in range(DATED)
    ]
    lines_file(folder / "dated.jsonl", *entries)
    undated: list[dict[str, object]] = [{"title": f"Mast {n}", "text": story(100 + n, 8)} for n in range(3)]
    lines_file(folder / "undated.jsonl", *undated)
    for day, outlet in enumerate(("Olm Post", "Tern", "Quay", "Radio"), 1):
        text = report if day == 1 else reprint(report)
        article_file(folder / f"print{day}.json", text, outlet=outlet, published=f"2026-03-0{day}")
    article_file(folder / "lost.json", story(300, 8), title="Élan 100%_sure", outlet="Quay", published="2026-03-09")
    return folder


@pytest.fixture
def archive(tmp_path: Path, news: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path, Source(name="news", path=news)) as opened:
        opened.sync(embed=False)
        (news / "lost.json").unlink()
        opened.sync(embed=False)
        yield opened


def titles(browsing: Browsing) -> list[str]:
    return [row.title for row in browsing.rows(0, 1000)]


# --- what is listed


def test_everything_is_listed_the_newest_first_and_near_copies_share_the_row_of_the_earliest(archive: Newsroom) -> None:
    browsing = archive.browse()
    counts = browsing.counts()
    assert (counts.articles, counts.rows, counts.undated, counts.all) == (DATED + 8, DATED + 5, 3, DATED + 8)
    rows = browsing.rows(0, 1000)
    assert [row.title for row in rows][:2] == ["Élan 100%_sure", "print1"]
    assert [row.published for row in rows[-3:]] == [None] * 3
    assert [(row.title, row.copies) for row in rows if row.copies] == [("print1", 3)]
    assert [row.title for row in rows if row.gone] == ["Élan 100%_sure"]
    assert [row.id for row in rows] == [each.id for each in archive.articles(copies=False)]
    assert archive.browse(fold=False).counts().rows == DATED + 8


@pytest.mark.parametrize(
    ("given", "listed"),
    [
        ({"title": "FERRY 0"}, 5),
        ({"title": "report erry"}, 14),
        ({"title": "élan"}, 1),
        ({"title": "ÉLAN"}, 1),
        ({"title": "100%_"}, 1),
        ({"title": "0%0"}, 0),
        ({"title": "\\"}, 0),
        ({"title": "'; DROP TABLE articles; --"}, 0),
        ({"outlets": ["Tern"]}, 11),
        ({"outlets": ["Tern", "Quay"]}, 13),
        ({"outlets": [""]}, 13),
        ({"sections": ["world"]}, 20),
        ({"since": "2026-02-20"}, 6),
        ({"until": "2026-01-02"}, 2),
        ({"since": date(2026, 1, 5), "until": "2026-01-05"}, 1),
        ({"gone": True}, 1),
        ({"gone": False}, DATED + 7),
        ({"outlets": ["Tern"], "sections": ["sport/boats"], "until": "2026-01-31"}, 5),
    ],
)
def test_filters_narrow_together(archive: Newsroom, given: dict[str, Any], listed: int) -> None:
    counts = archive.browse(**given).counts()
    assert counts.articles == listed
    assert counts.rows == len(titles(archive.browse(**given)))
    assert counts.all == DATED + 8
    assert sum(number for _, number in archive.browse(**given).days()) == listed - counts.undated


def test_of_near_copies_the_earliest_that_is_chosen_has_the_row(archive: Newsroom) -> None:
    browsing = archive.browse(title="print", outlets=["Quay", "Tern", "Radio"])
    assert [(row.title, row.copies) for row in browsing.rows(0, 9)] == [("print2", 2)]
    assert [(row.title, row.copies) for row in archive.browse(outlets=["Radio"]).rows(0, 9)] == [("print4", 0)]
    (row,) = browsing.rows(0, 9)
    assert titles(archive.browse(copies_of=row.id)) == ["print4", "print3", "print2", "print1"]
    (alone,) = archive.browse(gone=True).rows(0, 9)
    assert titles(archive.browse(copies_of=alone.id)) == []
    assert titles(archive.browse(copies_of="no such id")) == []


def test_words_of_the_text_are_found_by_the_word_index(archive: Newsroom) -> None:
    run = " ".join(story(7, 8).split()[2:5])
    assert titles(archive.browse(text=run)) == ["mayor report 07"]
    assert titles(archive.browse(text=run, title="ferry")) == []
    assert titles(archive.browse(text="?!")) == []
    assert archive.browse(text=" ").counts().articles == DATED + 8
    assert not archive.browse(text=run).capped


@pytest.mark.parametrize("given", [{"order": "length"}, {"since": "soon"}])
def test_what_cannot_be_is_refused(archive: Newsroom, given: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"length|soon"):
        archive.browse(**given)


# --- pages and places


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("given", [{}, {"title": "report"}, {"fold": False}])
def test_pages_join_without_a_gap_and_every_row_knows_its_place(
    archive: Newsroom, order: Order, reverse: bool, given: dict[str, Any]
) -> None:
    browsing = archive.browse(order=order, reverse=reverse, **given)
    rows = browsing.counts().rows
    whole = browsing.rows(0, 1000)
    assert len(whole) == rows == len({row.id for row in whole})
    paged = [row for offset in range(0, rows, 7) for row in browsing.rows(offset, 7, of=rows)]
    assert paged == whole
    assert [browsing.place(row.id) for row in whole] == list(range(rows))
    assert browsing.rows(rows, 7, of=rows) == browsing.rows(rows + 50, 7, of=rows) == []
    turned = archive.browse(order=order, reverse=not reverse, **given)
    assert turned.rows(0, 1000) == whole[::-1]


def test_orders(archive: Newsroom) -> None:
    by_title = titles(archive.browse(order="title"))
    assert by_title[:-1] == sorted(by_title[:-1], key=str.lower)
    assert by_title[-1] == "Élan 100%_sure"
    by_outlet = archive.browse(order="outlet").rows(0, 1000)
    assert [row.outlet for row in by_outlet] == sorted(row.outlet for row in by_outlet)
    of_one = [row.published for row in by_outlet if row.outlet == "Tern"]
    assert of_one == sorted(of_one, key=str, reverse=True)


def test_what_has_no_row_has_no_place(archive: Newsroom) -> None:
    copy = next(each for each in archive.articles() if each.title == "print2")
    assert archive.browse().place(copy.id) is None
    assert archive.browse(title="ferry").place(copy.id) is None
    assert archive.browse(fold=False).place(copy.id) is not None
    assert archive.browse().place("no such id") is None


def test_the_ids_behind_rows_are_those_that_the_filter_leaves(archive: Newsroom) -> None:
    ids = {each.title: each.id for each in archive.articles()}
    printed = [ids[f"print{n}"] for n in range(1, 5)]
    assert sorted(archive.browse().ids([printed[0]])) == sorted(printed)
    assert archive.browse(outlets=["Tern"]).ids([printed[1]]) == [printed[1]]
    assert archive.browse(fold=False).ids([printed[0]]) == [printed[0]]
    assert len(archive.browse().ids()) == DATED + 8
    assert archive.browse().ids([]) == []
    assert archive.browse(title="ferry").ids([printed[0]]) == []


def test_a_list_reads_the_catalog_as_it_is(archive: Newsroom) -> None:
    browsing = archive.browse(title="print")
    first = browsing.rows(0, 9)[0]
    archive.remove([first.id])
    assert [(row.title, row.copies) for row in browsing.rows(0, 9)] == [("print2", 2)]
    assert browsing.counts().articles == 3


# --- counts


def test_days_are_counted_in_utc_and_as_old_as_they_may_be(tmp_path: Path) -> None:
    with newsroom(tmp_path) as archive:
        moments = [
            date(1900, 1, 1),
            date(1969, 12, 31),
            date(1970, 1, 1),
            datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC),
            datetime.fromisoformat("2026-03-02T01:00:00+02:00"),
            datetime.fromisoformat("2026-03-01T22:00:00-05:00"),
            None,
        ]
        stored: list[Article] = [
            make_article(title=f"A {n}", text="Text.", source=f"/{n}", published=moment)
            for n, moment in enumerate(moments)
        ]
        archive.catalog.store([(each, []) for each in stored])
        assert archive.browse().days() == [
            (date(1900, 1, 1), 1),
            (date(1969, 12, 31), 1),
            (date(1970, 1, 1), 1),
            (date(2026, 3, 1), 2),
            (date(2026, 3, 2), 1),
        ]
        for day, number in archive.browse().days():
            assert archive.browse(since=day, until=day).counts().articles == number
        assert archive.browse(until="2026-12-31").counts().undated == 0


def test_a_facet_counts_whatever_is_chosen_of_it(archive: Newsroom) -> None:
    outlets = archive.browse(outlets=["Tern"], sections=["world"]).facet("outlet")
    assert outlets == [("", 10), ("Olm Post", 10)]
    assert archive.browse(outlets=["Tern"]).facet("section") == [("sport/boats", 10), ("", 1)]
    assert sum(number for _, number in archive.browse().facet("outlet")) == DATED + 8


def test_an_empty_archive_lists_nothing(tmp_path: Path) -> None:
    with newsroom(tmp_path) as archive:
        browsing = archive.browse()
        assert (browsing.counts().rows, browsing.rows(0, 9), browsing.days(), browsing.ids()) == (0, [], [], [])
        assert archive.browse(text="ferry").counts().all == 0


# --- the texts are not read


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    "given",
    [
        {},
        {"title": "ferry mayor"},
        {"outlets": ["Tern"]},
        {"sections": ["world"]},
        {"since": "2026-01-05", "until": "2026-02-05"},
        {"gone": True},
        {"title": "ferry", "outlets": ["Tern"], "since": "2026-01-05", "gone": False, "reverse": True},
    ],
)
def test_no_scan_reads_the_table_and_no_page_is_sorted(archive: Newsroom, order: Order, given: dict[str, Any]) -> None:
    seen: list[str] = []
    archive.catalog._db.set_trace_callback(seen.append)
    browsing = archive.browse(order=order, **given)
    rows = browsing.counts().rows
    for row in browsing.rows(0, 9, of=rows)[:1]:
        browsing.place(row.id)
    browsing.days()
    browsing.facet("outlet")
    browsing.ids()
    archive.catalog._db.set_trace_callback(None)
    queries = [sql for sql in seen if " articles AS a " in sql]
    assert len(queries) >= 5
    for sql in queries:
        plan = [step["detail"] for step in archive.catalog.all(f"EXPLAIN QUERY PLAN {sql}")]
        read = [step for step in plan if step.startswith(("SCAN a", "SEARCH a", "SCAN o", "SEARCH o", "INDEX "))]
        one = (
            "SEARCH a USING INTEGER PRIMARY KEY",
            "SEARCH a USING INDEX sqlite_autoindex_articles_1 (id=?)",
            "INDEX ",
        )
        assert all("COVERING INDEX" in step or step.startswith(one) for step in read), (sql, plan)
        if "OFFSET" in sql:
            assert f"SCAN a USING COVERING INDEX listed_by_{order}" in " ".join(plan).replace("SEARCH", "SCAN"), plan
