"""Ranking: near-copies are one origin, filters find each of them, what is not embedded yet is judged by its words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.articles import make_article
from qa.catalog import Copy
from qa.passages import Passage, _collapsed, _spread
from tests.newsroom import Newsroom, article_file, newsroom, reprint, story

REPORT = f"{story(1)}\n\nThe zeppelin moored at the mast of Skarra before noon on Friday."


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Newsroom]:
    """Three prints of one report, and a report of its own on the same matter."""
    with newsroom(tmp_path) as opened:
        for day, outlet in ((3, "Third"), (1, "First"), (2, "Second")):
            article_file(
                tmp_path / "news" / f"{outlet}.json",
                reprint(REPORT, outlet),
                title=f"Zeppelin {outlet}",
                outlet=outlet,
                published=f"2026-03-0{day}",
            )
        article_file(
            tmp_path / "news" / "own.json", f"{story(2)}\n\nA zeppelin burned.", outlet="Own", published="2026-03-02"
        )
        opened.ingest([tmp_path / "news"])
        yield opened


def test_copies_are_one_passage_that_lists_them_all_in_order(archive: Newsroom) -> None:
    found = archive.search("zeppelin moored at the mast", now="2026-03-04")
    assert [each.article.outlet for each in found if "moored" in each.text] == ["First"]
    assert [copy.outlet for copy in found[0].copies] == ["First", "Second", "Third"]
    assert [copy.title for copy in found[0].copies] == ["Zeppelin First", "Zeppelin Second", "Zeppelin Third"]
    assert sum("zeppelin moored" in each.text for each in found) == 1
    assert next(each.copies for each in found if each.article.outlet == "Own") == ()
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    for each in found:
        assert each.article.text[each.start : each.end] == each.text


@pytest.mark.parametrize("outlet", ["First", "Second", "Third"])
def test_a_filter_finds_the_copy_of_its_outlet(archive: Newsroom, outlet: str) -> None:
    found = archive.search("zeppelin moored at the mast", outlets=[outlet])
    assert {each.article.outlet for each in found} == {outlet}
    assert [copy.outlet for copy in found[0].copies] == ["First", "Second", "Third"]


def test_a_window_finds_the_copy_inside_it(archive: Newsroom) -> None:
    found = archive.search("zeppelin moored at the mast", since="2026-03-02", until="2026-03-02")
    assert "Second" in {each.article.outlet for each in found}
    assert not {"First", "Third"} & {each.article.outlet for each in found}


def test_a_passage_that_is_not_embedded_yet_is_found_and_ranked_by_its_words(archive: Newsroom, tmp_path: Path) -> None:
    late = article_file(tmp_path / "late.json", "The zeppelin moored at the mast once more.", published="2026-03-03")
    assert archive.ingest([late], embed=False).pending == 1
    found = archive.search("zeppelin moored at the mast once more", now="2026-03-04")
    assert found[0].article.title == "late"
    assert (found[0].meaning, found[0].words > 0, found[0].copies) == (0.0, True, ())
    archive.embed()
    found = archive.search("zeppelin moored at the mast once more", now="2026-03-04")
    assert found[0].article.title == "late"
    assert found[0].meaning > 0.5


# --- collapsing by itself

LONG = "one two three four five six seven eight nine ten"


def passage(name: str, text: str, score: float) -> Passage:
    article = make_article(title=name, text=text, source=name, outlet=name)
    return Passage(f"{name} {text}", text, 0, len(text), score, 0.0, 0.0, 1.0, article)


def clustered(*passages: Passage) -> dict[str, tuple[Copy, ...]]:
    """The articles of these passages as copies of each other, in this order."""
    copies = {each.article.id: Copy(each.article.id, each.article.title, "", None, "") for each in passages}
    return dict.fromkeys(copies, tuple(copies.values()))


def said(kept: list[Passage]) -> list[tuple[str, float]]:
    return [(each.article.title, each.score) for each in kept]


def test_what_a_better_copy_says_is_left_out_and_the_earliest_takes_its_place_and_score() -> None:
    first, second, third = passage("a", LONG, 0.5), passage("b", LONG, 0.9), passage("c", LONG, 0.7)
    kept = _collapsed([second, third, first], clustered(first, second, third))
    assert said(kept) == [("a", 0.9)]
    assert [copy.title for copy in kept[0].copies] == ["a", "b", "c"]


def test_the_earliest_copy_takes_the_place_only_where_it_says_all_of_it() -> None:
    first, second = passage("a", LONG, 0.5), passage("b", f"{LONG} eleven twelve thirteen", 0.9)
    assert said(_collapsed([second, first], clustered(first, second))) == [("b", 0.9)]
    longer = passage("a", f"{LONG} eleven twelve thirteen", 0.5)
    short = passage("b", LONG, 0.9)
    assert said(_collapsed([short, longer], clustered(longer, short))) == [("a", 0.9)]


def test_passages_of_copies_that_say_different_things_both_stay() -> None:
    first, second = passage("a", LONG, 0.5), passage("b", "quite other words stand here in this one", 0.9)
    kept = _collapsed([second, first], clustered(first, second))
    assert said(kept) == [("b", 0.9), ("a", 0.5)]
    assert all(len(each.copies) == 2 for each in kept)


def test_the_same_words_in_articles_that_are_no_copies_both_stay() -> None:
    first, second = passage("a", LONG, 0.5), passage("b", LONG, 0.9)
    assert said(_collapsed([second, first], {})) == [("b", 0.9), ("a", 0.5)]


def test_an_origin_gives_so_many_passages_whichever_copy_they_are_from() -> None:
    texts = [f"{word} {word} {word} {word}" for word in "abcd"]
    passages = [passage("a" if n % 2 else "b", text, 1.0 - n / 10) for n, text in enumerate(texts)]
    other = passage("other", LONG, 0.1)
    kept = _collapsed([*passages, other], clustered(*passages))
    assert said(_spread(kept, 3)) == [("b", 1.0), ("a", 0.9), ("b", 0.8), ("other", 0.1)]
    assert said(_spread(kept, 1)) == [("b", 1.0), ("other", 0.1)]
