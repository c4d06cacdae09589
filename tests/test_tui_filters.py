"""What questions are limited to, as values; and which names begin like what is typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qa.archive import Archive
from qa.errors import UsageError
from tests.newsroom import lines_file
from tests.tui_fixtures import build_archive, copy_archive  # noqa: F401 - fixtures
from tui.browse_query import limits
from tui.completion import begins, names, outlets
from tui.filters import NONE, Filters, Named

SET = Filters(("A", "B"), "2026-05-01", "2026-05-09", "2026-05-12", Named(("x",), "Title"))


def test_what_is_set_is_what_is_passed_on() -> None:
    assert NONE.arguments() == {}
    assert not NONE
    assert SET
    assert SET.arguments() == {
        "outlets": ("A", "B"),
        "since": "2026-05-01",
        "until": "2026-05-09",
        "now": "2026-05-12",
        "articles": ("x",),
    }


def test_each_is_shown_by_itself_and_taken_away_by_itself() -> None:
    assert [*SET.shown()] == [
        ("outlets", "A"),
        ("outlets", "B"),
        ("since", "2026-05-01"),
        ("until", "2026-05-09"),
        ("now", "2026-05-12"),
        ("article", "Title"),
    ]
    assert SET.without("outlets", "A").outlets == ("B",)
    assert SET.without("outlets").outlets == ()
    left = SET
    for name, value in SET.shown():
        left = left.without(name, value)
    assert left == NONE


def test_what_is_typed_is_checked() -> None:
    assert NONE.checked("since", " 2026-05-01 ").since == "2026-05-01"
    assert SET.checked("since", "").since == ""
    assert NONE.checked("outlets", "A,  B ,A,,").outlets == ("A", "B")
    with pytest.raises(UsageError, match="as of = 'soon' is no date"):
        NONE.checked("now", "soon")


def test_a_filter_of_the_list_limits_questions_by_outlets_and_days_else_by_naming_the_articles(
    archive_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive.open(archive_path) as archive:
        article = next(each for each in archive.articles() if each.title.startswith("Six dead"))
        assert limits(archive, 'outlet:"Meridian Wire" since:2026-05-01') == Filters(("Meridian Wire",), "2026-05-01")
        assert limits(archive, "six dead") == Filters(article=Named((article.id,), article.title))
        ferry = limits(archive, "text:ferry").article
        assert ferry is not None
        assert ferry.called == f"any of {len(ferry.ids)} (text:ferry)"
        assert {*ferry.ids} == {*archive.browse(text="ferry").ids()} != {each.id for each in archive.articles()}
        assert limits(archive, "", [article.id]).article == Named((article.id,), article.title)
        answer = archive.ask("How many died?", **limits(archive, "text:ferry").arguments(), mode="extractive")
        assert Filters.of(answer).article == Named(ferry.ids, f"any of {len(ferry.ids)}")
        with pytest.raises(UsageError, match="No article passes"):
            limits(archive, "zeppelin")
        with pytest.raises(UsageError, match="is no date"):
            limits(archive, "since:soon")
        monkeypatch.setattr("tui.browse_query.ASKED", 1)
        with pytest.raises(UsageError, match=f"{len(ferry.ids)} articles pass the filter; questions take 1"):
            limits(archive, "text:ferry")


def test_one_outlet_is_changed_in_its_place() -> None:
    assert SET.changed("outlets", "A", "C, D").outlets == ("C", "D", "B")
    assert SET.changed("outlets", "A", "").outlets == ("B",)
    assert SET.changed("outlets", "B", "A").outlets == ("A",)
    odd = Filters(("News, Inc.",))
    assert odd.changed("outlets", "News, Inc.", "News, Inc.") == odd
    assert SET.changed("until", "2026-05-09", "2026-05-10").until == "2026-05-10"


def test_a_kept_answer_tells_what_it_was_limited_to(archive_path: Path) -> None:
    with Archive.open(archive_path) as archive:
        article = archive.articles()[0]
        named = Named((article.id,), article.title)
        asked = Filters((article.outlet,), "2026-01-01", "2026-12-31", "2026-12-30", named)
        answer = archive.ask("What happened?", **asked.arguments(), mode="extractive")
        assert Filters.of(answer) == replace(asked, now="2026-12-30T23:59:59+00:00")


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("", True),
        ("zur", True),
        ("ZÜR", True),
        ("inter tag", True),
        ("tag-z", True),
        ("ages", False),
        ("tagess zurich", True),
        ("tag blick", False),
    ],
)
def test_words_begin_so_whatever_their_case_and_accents(typed: str, fits: bool) -> None:
    assert begins("Tagess-Inter Zürich", typed) is fits


def test_what_begins_so_comes_before_what_holds_it(tmp_path: Path) -> None:
    file = lines_file(
        tmp_path / "news.jsonl",
        {"title": "The party is over", "text": "One.", "outlet": "Arts Daily", "published": "2026-03-03"},
        {"title": "Art is stolen", "text": "Two.", "outlet": "Arts Daily", "published": "2026-03-02"},
        {"title": "Rain", "text": "Three.", "outlet": "The Smart Post", "published": "2026-03-01"},
    )
    with Archive.open(tmp_path / "archive") as archive:
        archive.ingest([file])
        found = names(archive, "art", 6)
        assert [(each.kind, each.text) for each in found] == [
            ("outlet", "Arts Daily"),
            ("article", "Art is stolen"),
            ("article", "The party is over"),
        ]
        assert found[0].about == "2 articles"
        assert len(names(archive, "", 1)) == 2
        assert [each.text for each in outlets(archive, "post", 6)] == ["The Smart Post"]
