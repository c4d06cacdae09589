"""From what is ranked to what is given: copies are one, passages grow, take turns, and do not repeat each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.articles import Article, make_article
from qa.catalog import Copy
from qa.chunks import chunk, sentences
from qa.passages import INSIDE, REPEATED, VARIED, Passage, _collapsed, _covers, _grown, _in_turn, _spread, _varied
from qa.ranking import Weights
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


# --- growing by whole sentences

FERRY = make_article(
    title="Ferry",
    source="ferry",
    text=(
        "The ferry left Skarra. It met a gale. The mast fell.\n\n"
        "## Rescue\n\n"
        "Two boats came out. Ida Brandt led them. Nobody drowned."
    ),
)


def at(article: Article, words: str, score: float = 1.0) -> Passage:
    """The passage of these words."""
    start = article.text.index(words)
    end = start + len(words)
    return Passage(f"{article.id} {start}", words, start, end, score, 0.0, 0.0, 1.0, article)


def grown(words: str, characters: int, *rest: str, article: Article = FERRY) -> str:
    """What is given for the passage of ``words`` where ``rest`` rank behind it."""
    first, *_ = _grown([at(article, words), *(at(article, other) for other in rest)], 10, characters)
    assert first.text == article.text[first.start : first.end]
    return first.text


@pytest.mark.parametrize(
    ("words", "characters", "text"),
    [
        ("It met a gale.", 14, "It met a gale."),
        ("It met a gale.", 28, "It met a gale."),
        ("It met a gale.", 29, "It met a gale. The mast fell."),
        ("It met a gale.", 51, "It met a gale. The mast fell."),
        ("It met a gale.", 52, "The ferry left Skarra. It met a gale. The mast fell."),
        ("The ferry left Skarra.", 40, "The ferry left Skarra. It met a gale."),
        ("Nobody drowned.", 40, "Ida Brandt led them. Nobody drowned."),
        ("The mast fell.", 46, "The mast fell.\n\n## Rescue\n\nTwo boats came out."),
        ("Two boats came out.", 46, "Two boats came out. Ida Brandt led them."),
        ("It met a gale. The mast fell.", 10, "It met a gale. The mast fell."),
        ("met a gale. The mast", 40, "It met a gale. The mast fell."),
        ("Nobody drowned.", 10_000, FERRY.text),
    ],
)
def test_a_passage_grows_by_whole_sentences_on_both_sides(words: str, characters: int, text: str) -> None:
    assert grown(words, characters) == text


def test_it_grows_first_towards_the_next_best_of_its_article() -> None:
    assert grown("It met a gale.", 38) == "It met a gale. The mast fell."
    assert grown("It met a gale.", 38, "The ferry left Skarra.") == "The ferry left Skarra. It met a gale."
    assert grown("It met a gale.", 38, "Nobody drowned.") == "It met a gale. The mast fell."  # out of its reach
    both = ("Nobody drowned.", "Two boats came out.")
    assert grown("Ida Brandt led them.", 41, *both) == "Ida Brandt led them. Nobody drowned."
    assert grown("Ida Brandt led them.", 41, *both[::-1]) == "Two boats came out. Ida Brandt led them."


def test_another_articles_passage_draws_nothing() -> None:
    other = make_article(title="Other", source="other", text="Elsewhere. It met a gale. The mast stood.")
    first, second = _grown([at(FERRY, "It met a gale."), at(other, "Elsewhere.")], 10, 38)
    assert (first.text, second.text) == ("It met a gale. The mast fell.", "Elsewhere. It met a gale.")


def test_what_stands_behind_the_last_sentence_is_not_taken_along() -> None:
    article = make_article(title="T", source="s", text="It met a gale. The mast fell.\n\n## More of today\n\n* * *")
    assert grown("It met a gale.", 1000, article=article) == "It met a gale. The mast fell."


def test_growing_cuts_no_quotation_in_two() -> None:
    said = "“We saw it. It fell. Nobody slept. All went out,” said Ida Brandt, who led the boats."
    article = make_article(title="T", source="s", text=f"The gale came. {said} Nobody drowned.")
    assert len(sentences(article.text)) == 3
    assert grown("Nobody drowned.", len(said) + 5, article=article) == "Nobody drowned."
    assert grown("Nobody drowned.", len(said) + 16, article=article) == f"{said} Nobody drowned."


@pytest.mark.parametrize(
    "text", ["Ærø søkte Ǆ. 東京で火災。 Ça va 🚢 bien. Ünder Ö fell.", "Eins. Zwei — drei… Vier! Fünf?"]
)
def test_offsets_are_of_characters_in_any_script(text: str) -> None:
    article = make_article(title="T", source="s", text=text)
    for span in sentences(article.text):
        assert grown(article.text[span.start : span.end], 1000, article=article) == article.text


def test_what_was_grown_over_is_not_given_again() -> None:
    ranked = [
        at(FERRY, "It met a gale.", 0.9),
        at(FERRY, "The mast fell.", 0.8),
        at(FERRY, "Nobody drowned.", 0.7),
        at(FERRY, "Ida Brandt led them.", 0.6),
    ]
    given_ = _grown(ranked, 10, 38)
    assert said_of(given_) == ["It met a gale. The mast fell.", "Ida Brandt led them. Nobody drowned."]
    assert [each.score for each in given_] == [0.9, 0.7]
    assert said_of(_grown(ranked, 1, 38)) == ["It met a gale. The mast fell."]
    assert _grown([], 10, 38) == []


def test_a_passage_that_is_mostly_grown_over_is_not_given_and_another_articles_is() -> None:
    ranked = [at(FERRY, "It met a gale."), at(FERRY, "gale. The mast fell.")]
    assert INSIDE == 0.6
    assert said_of(_grown(ranked, 10, 14)) == ["It met a gale.", "gale. The mast fell."]  # a quarter of it is
    assert len(_grown(ranked, 10, 29)) == 1
    copy = make_article(title="Copy", source="copy", text=FERRY.text)
    assert len(_grown([*ranked, at(copy, "It met a gale.")], 10, 29)) == 2


def said_of(passages: list[Passage]) -> list[str]:
    return [each.text for each in passages]


SENTENCE = st.sampled_from(
    [
        "The ferry sank.",
        "“It fell. We ran. All slept,” she said, and left.",
        "Mr. Lind paid $3.5 million at 5 p.m. Tuesday.",
        "東京で火災があった。",
        "Nobody — not one… — drowned!",
        "Was it the U.S. mast? (It was. It is.)",
        "Ça va 🚢 bien.",
        "and then it went on without an end",
        "* * *",
    ]
)
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=5).map(" ".join)
BLOCK = st.one_of(PARAGRAPH, st.sampled_from(["## Rescue", "- 'Retreating' -", "***"]))
ARTICLE = st.lists(BLOCK, min_size=1, max_size=8).map("\n\n".join).filter(sentences)


@given(ARTICLE, st.integers(40, 400), st.data())
def test_grown_passages_are_whole_sentences_of_their_article_and_never_the_same_twice(
    text: str, characters: int, data: st.DataObject
) -> None:
    article = make_article(title="T", text=text, source="s")
    pieces = [
        at_span(article, each.start, each.end)
        for each in chunk(article, lambda texts: [len(one) // 4 + 1 for one in texts], tokens=12)
    ]
    ranked = data.draw(st.permutations(pieces))
    spans = sentences(article.text)
    begins = {span.start for span in spans} | {each.start for each in pieces}
    ends = {span.end for span in spans} | {each.end for each in pieces}
    given_ = _grown(ranked, 100, characters)
    assert given_[0].id == ranked[0].id
    for each in given_:
        found = next(one for one in pieces if one.id == each.id)
        assert each.text == article.text[each.start : each.end]
        assert each.start <= found.start < found.end <= each.end
        assert each.end - each.start <= max(characters, found.end - found.start)
        assert each.start in begins
        assert each.end in ends
    for place, each in enumerate(given_):
        found = next(one for one in pieces if one.id == each.id)
        assert not any(_covers(other, found) for other in given_[:place])
    assert all(any(_covers(other, one) for other in given_) for one in pieces)


def at_span(article: Article, start: int, end: int) -> Passage:
    return Passage(f"{start}", article.text[start:end], start, end, 1.0, 0.0, 0.0, 1.0, article)


# --- what adds comes before what repeats


def scored(**scores: float) -> list[Passage]:
    """Passages of articles of their own, each with what is called its score."""
    return [passage(name, LONG, score) for name, score in scores.items()]


def varied(
    ranked: list[Passage], terms: dict[str, list[str]], weights: dict[str, float], novelty: float = 0.3
) -> list[str]:
    found = _varied(ranked, {each.id: terms[each.article.title] for each in ranked}, Weights(weights), novelty)
    assert sorted(each.id for each in found) == sorted(each.id for each in ranked)
    return [each.article.title for each in found]


EVEN = {"gale": 1.0, "mast": 1.0}
HELD = {"a": ["gale"], "b": ["gale", "gale", "x"], "c": ["x", "mast"]}


def test_a_passage_that_repeats_comes_behind_one_that_adds() -> None:
    ranked = scored(a=0.9, b=0.85, c=0.8)
    assert varied(ranked, HELD, EVEN) == ["a", "c", "b"]  # b: 0.85 + 0.3 x 0.15; c: 0.8 + 0.3 x 0.5
    assert REPEATED == 0.3


def test_without_novelty_or_terms_the_order_stays() -> None:
    ranked = scored(a=0.9, b=0.85, c=0.8)
    assert varied(ranked, HELD, EVEN, novelty=0.0) == ["a", "b", "c"]
    assert varied(ranked, HELD, {}) == ["a", "b", "c"]
    assert varied([], HELD, EVEN) == []


def test_what_a_better_score_gives_is_not_made_up_for_by_novelty() -> None:
    assert varied(scored(a=0.9, b=0.85, c=0.7), HELD, EVEN) == ["a", "b", "c"]


def test_the_one_that_holds_most_of_the_question_leads_where_scores_are_near() -> None:
    held = {"a": ["gale"], "b": ["gale", "mast"]}
    assert varied(scored(a=0.9, b=0.8), held, EVEN) == ["b", "a"]
    assert varied(scored(a=0.96, b=0.8), held, EVEN) == ["a", "b"]


def test_beyond_the_first_the_order_stays_and_nothing_is_lost() -> None:
    names = [f"n{number}" for number in range(VARIED + 3)]
    ranked = scored(**{name: 1.0 - number / 1000 for number, name in enumerate(names)})
    held = {name: ["gale"] for name in names} | {names[VARIED - 1]: ["mast"], names[VARIED]: ["mast"]}
    found = varied(ranked, held, EVEN)
    assert found[:3] == ["n0", f"n{VARIED - 1}", "n1"]
    assert found[VARIED:] == names[VARIED:]


# --- the parts of a question take turns


def turns(*found: list[Passage], limit: int = 10) -> list[tuple[str, tuple[int, ...]]]:
    return [(each.article.title, each.parts) for each in _in_turn(found, limit)]


def test_parts_take_turns_and_what_only_the_whole_found_has_no_part() -> None:
    assert turns(scored(a=0.9, b=0.8), scored(c=0.3), scored(d=0.7, e=0.6)) == [
        ("a", (1,)),
        ("c", (2,)),
        ("d", ()),
        ("b", (1,)),
        ("e", ()),
    ]


def test_what_two_parts_found_is_given_once_with_the_numbers_of_both() -> None:
    assert turns(scored(a=0.9, b=0.8), scored(b=0.5, a=0.4), scored(a=0.9)) == [("a", (1, 2)), ("b", (1, 2))]


def test_what_stands_in_one_found_before_is_that_one() -> None:
    whole, half = at(FERRY, "It met a gale. The mast fell."), at(FERRY, "The mast fell.")
    found = _in_turn([[whole], [half], []], 10)
    assert [(each.text, each.parts) for each in found] == [(whole.text, (1, 2))]


def test_a_limit_ends_the_turns_though_a_part_may_still_name_what_is_kept() -> None:
    found = (scored(a=0.9, b=0.8), scored(c=0.3, a=0.2), scored(d=0.7))
    assert turns(*found, limit=2) == [("a", (1, 2)), ("c", (2,))]
    assert turns(*found, limit=1) == [("a", (1, 2))]
    assert turns([], [], []) == []
