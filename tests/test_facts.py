"""What is read out of a sentence by its form, and which two ways of writing are one."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.verification import facts, figures, names, quotations, speakers, times
from qa.verification.figures import Figure
from qa.verification.parsed import Parsed, Script
from qa.verification.times import Moment
from qa.verification.words import fold, is_english, readable, unmarked, words

THURSDAY = date(2026, 5, 7)


def figure(text: str) -> Figure:
    return Parsed(text).figures[0]


def moment(text: str) -> Moment:
    return Parsed(text).moments[0]


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("1,000 men", "one thousand men"),
        ("a thousand", "1k"),
        ("1000", "1,000"),
        ("two hundred and twenty-one", "221"),
        ("$1.2m", "1.2 million dollars"),
        ("US$1.2 million", "$1,200,000"),
        ("3.2bn-crown", "3.2 billion crowns"),
        ("6.5 per cent", "6.5%"),
        ("a dozen eggs", "12 eggs"),
        ("half of them", "50%"),
        ("two-thirds", "66.7 per cent"),
        ("a quarter of voters", "25 percent"),
        ("third", "3rd"),
        ("half a million", "500,000"),
        ("two weeks", "14 days"),
        ("62 miles", "100 km"),
        ("5m", "five metres"),
        ("5m people", "five million people"),
        ("about 12,000", "12,214"),
        ("$1.2 million", "$1,214,000"),
        ("nearly 300 men", "almost 300 men"),
        ("nearly 300", "about 300"),
        ("nearly 300", "291"),
        ("200 people", "more than 200 people"),
        ("at least 40", "43"),
        ("more than 40", "43"),
        ("up to 40", "40"),
        ("over two years", "two years"),
        ("34", "34 per cent"),
    ],
)
def test_a_figure_agrees_with_its_evidence(claim: str, said: str) -> None:
    assert figures.compare(figure(claim), figure(said)) == "same"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("221", "212"),
        ("38", "28"),
        ("12,000", "12,214"),
        ("$5m", "£5m"),
        ("$5 million", "$5 billion"),
        ("5 km", "5 miles"),
        ("12 years", "12 months"),
        ("70 percent", "7 percent"),
        ("6.5 percentage points", "6.5 percent"),
        ("more than 200", "200"),
        ("more than 300", "nearly 300"),
        ("exactly 300", "nearly 300"),
        ("fewer than 40", "43"),
        ("more than 40", "38"),
        ("nearly 300", "more than 300"),
        ("about 300", "450"),
        ("third", "fourth"),
        ("two", "one"),
    ],
)
def test_a_figure_differs_from_its_evidence(claim: str, said: str) -> None:
    assert figures.compare(figure(claim), figure(said)) == "other"


@pytest.mark.parametrize(
    ("claim", "said"), [("5 million crowns", "5 per cent"), ("20 ships", "20th"), ("5 km", "5 hours")]
)
def test_figures_of_other_kinds_are_not_compared(claim: str, said: str) -> None:
    assert figures.compare(figure(claim), figure(said)) == "unlike"


@pytest.mark.parametrize("text", ["COVID-19", "the A320", "G7", "in 2014", "on May 5", "at 8.47am", "the 1990s"])
def test_names_and_moments_hold_no_figures(text: str) -> None:
    assert not Parsed(text).figures


@pytest.mark.parametrize(
    ("claim", "said", "relation"),
    [
        ("Tuesday", "5 May", "same"),
        ("yesterday", "6 May", "same"),
        ("on Wednesday", "yesterday", "same"),
        ("6 May 2026", "yesterday", "same"),
        ("2026-05-06", "yesterday", "same"),
        ("in May", "5 May", "same"),
        ("5 May", "in May", "finer"),
        ("in 2026", "yesterday", "same"),
        ("last week", "April 29", "same"),
        ("8:47am", "8.47 a.m.", "same"),
        ("3 p.m.", "15:00", "same"),
        ("nine o'clock", "9pm", "same"),
        ("noon", "12 p.m.", "same"),
        ("in the 1990s", "1994", "same"),
        ("Monday", "Tuesday", "other"),
        ("on Tuesday", "yesterday", "other"),
        ("June 5", "5 July", "other"),
        ("2016", "2017", "other"),
        ("5 May 2025", "5 May", "other"),
        ("8:47am", "8:47pm", "other"),
        ("last year", "last week", "other"),
        ("2016", "Tuesday", "unlike"),
        ("8:47am", "Tuesday", "unlike"),
    ],
)
def test_moments_counted_from_the_day_of_publication(claim: str, said: str, relation: str) -> None:
    assert times.compare(moment(claim), moment(said), THURSDAY) == relation


@pytest.mark.parametrize(
    ("claim", "said", "relation"),
    [
        ("Tuesday", "5 May", "unlike"),
        ("yesterday", "yesterday", "same"),
        ("5 May 2026", "5 May", "same"),
        ("5 May", "in May", "finer"),
        ("June 5", "5 July", "other"),
        ("2016", "5 May", "unlike"),
    ],
)
def test_moments_without_a_day_to_count_from(claim: str, said: str, relation: str) -> None:
    assert times.compare(moment(claim), moment(said), None) == relation


def test_what_only_looks_like_a_moment_is_none() -> None:
    assert not Parsed("He may march on with 2,048 adults.").moments
    assert [each.year for each in Parsed("2000 people in 2000").moments] == [2000]
    assert not times.days(moment("30 February 2026"), THURSDAY)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Carter", "Jimmy Carter", True),
        ("Mr Carter", "Jimmy Carter", True),
        ("Jimmy Carter", "Carter", True),
        ("J Carter", "Jimmy Carter", True),
        ("WHO", "World Health Organization", True),
        ("Le Pen", "Marine Le Pen", True),
        ("José Müller", "Jose Muller", True),
        ("French", "France", True),
        ("Ukrainians", "Ukraine", True),
        ("the Britons", "UK", True),
        ("Rosalynn Carter", "Jimmy Carter", False),
        ("Carter", "Lavrov", False),
        ("Austria", "Australia", False),
        ("Iran", "Iraq", False),
        ("Imogen Farquhar", "Imogen Strand", False),
    ],
)
def test_names_that_may_be_one(one: str, other: str, same: bool) -> None:
    ours, theirs = (names.core(facts.Name(0, 0, tuple(text.removeprefix("the ").split()))) for text in (one, other))
    assert names.same(ours, theirs) == same == names.same(theirs, ours)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("On Tuesday Jimmy Carter met Lavrov's envoy in Paris.", ["Jimmy Carter", "Lavrov", "Paris"]),
        ("Carter said no.", ["Carter"]),
        ("Officials said no.", []),
        ("The sea rose. Evacuation was ordered.", []),
        ("The WHO warned.", ["WHO"]),
        ("• Be honest with I and A.", []),
        ('"Nobody came," Chapek said.', ["Chapek"]),
    ],
)
def test_names_where_they_stand(text: str, found: list[str]) -> None:
    assert [text[each.start : each.end] for each in Parsed(text).names] == found


@pytest.mark.parametrize(
    ("quoted", "evidence", "stands"),
    [
        ("I broke no law", "“I broke no law but I lost your trust,” he said.", True),
        ("i broke no law", "I broke no law.", True),
        ("I broke no law ... your trust", "I broke no law but I lost your trust.", True),
        ("I broke no law […] trust", "I broke no law but I lost your trust.", True),
        ("[He] broke no law", "I broke no law.", True),
        ("it's over", "It’s over – now.", True),
        ("I broke a law", "I broke no law.", False),
        ("trust ... law", "I broke no law but I lost your trust.", False),
        ("solvent", "The bank is insolvent.", False),
    ],
)
def test_quotations_are_verbatim(quoted: str, evidence: str, stands: bool) -> None:
    assert quotations.stands(quoted, words(evidence)) == stands


def test_quotations_where_they_stand() -> None:
    text = "He called it “a shame”, 'a scandal' and \"odd\"; the workers' strike and the drivers' union did not."
    assert [text[each.start : each.end] for each in quotations.quotations(text)] == ["a shame", "a scandal", "odd"]


@pytest.mark.parametrize(
    ("text", "speakers_of"),
    [
        ("“It costs 5 million,” said Jean-Paul Carter, a senator.", ["Jean-Paul Carter"]),
        ("Counsel to the inquiry, Imogen Strand, told the panel so.", ["Imogen Strand"]),
        ("Gregor Santine, 49, told staff to go.", ["Gregor Santine"]),
        ("The bank is solvent, Carter has repeatedly said.", ["Carter"]),
        ("According to Carter, it is over.", ["Carter"]),
        ("He said it was over.", ["He"]),
        ("Prices rose, officials at the WHO said.", ["WHO"]),
        ("The company said on Tuesday it closed.", ["The company"]),
        ("Nobody came.", []),
    ],
)
def test_speakers_where_they_stand(text: str, speakers_of: list[str]) -> None:
    parsed = Parsed(text)
    found = speakers.sayings(text, parsed.words, parsed.names)
    assert [text[each.start : each.end] for each in found] == speakers_of


def test_words_are_written_one_way() -> None:
    assert [each.folded for each in words("They didn't, can’t and won't: Müller's 84-page U-turn")] == (
        "they did not can not and will not muller 84 page u turn".split()
    )
    assert unmarked("1. **It** rose [3][4, 5].") == "     It   rose          ."
    assert Script.of("Then Apple ate an apple, said Ann.") == Script(
        frozenset(("apple", "ann")), frozenset("ate an apple said".split())
    )


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("The ferry sank.", True),
        ("Beyoncé sang in São Paulo on Friday.", True),
        ("Selon Imogen Strand, 221 personnes étaient à bord.", False),
        ("Der Ort ist von der Küste aus zu sehen.", False),
        ("221", True),
    ],
)
def test_another_language_is_told(text: str, english: bool) -> None:
    assert is_english(text, words(text)) == english


TEXTS = st.text(alphabet=st.one_of(st.sampled_from("aB1,.$%“”\"'’- \n:[]"), st.characters()), max_size=80)


@given(TEXTS)
def test_whatever_is_found_stands_in_the_text(text: str) -> None:
    parsed = Parsed(readable(text))
    assert len(parsed.text) == len(text)
    for first, second in pairwise(parsed.words):
        assert first.start < first.end <= second.start
    for found in (parsed.words, parsed.figures, parsed.moments, parsed.names, parsed.quotations, parsed.sayings):
        for each in found:
            assert 0 <= each.start < each.end <= len(text)


@given(st.integers(2, 10**12))
def test_a_number_is_itself_however_it_is_grouped(value: int) -> None:
    assert figures.compare(figure(f"x {value:,} y"), figure(f"about {value:,}")) == "same"
    assert figures.compare(figure(f"{value:,} men"), figure(f"{value + 1 + value // 10:,} men")) == "other"


@given(st.dates(date(1600, 1, 1), date(2090, 12, 31)))
def test_a_day_is_itself_in_every_form(day: date) -> None:
    forms = [f"{day:%d %B %Y}", f"{day:%B} {day.day}, {day.year}", day.isoformat(), f"{day.day} {day:%b}. {day.year}"]
    for one, other in pairwise([*forms, forms[0]]):
        assert times.compare(moment(f"on {one}"), moment(f"on {other}"), None) == "same", (one, other)


@given(st.text(max_size=40))
def test_folding_is_done_once(word: str) -> None:
    assert fold(fold(word)) == fold(word)
