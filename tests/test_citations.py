"""A model's text against fixed passages: sentences, verdicts and cited words as written down beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.answers import facts
from qa.answers.citations import Checker
from qa.answers.extractive import Extractor
from qa.answers.markers import Claim, disarmed, find_markers, parse, unfinished
from qa.archive import Archive
from qa.config import Config
from qa.passages import Passage

SEEDS = Path(__file__).parents[1] / "seeds"
FILES = (
    "courier-ferry-inquiry-opens.md",
    "meridian-measles-dravik.txt",
    "courier-pension-march.md",
    "radiocostavia-port-strike-ends.json",
)

ABOARD = "Counsel to the inquiry, Imogen Strand, told the panel that 221 men, women and children had been aboard"
DEAD = "Twenty-eight people are known to have died."
MISSING = "One passenger, a student of 19, has not been found."
COST = "The inquiry is expected to cost 14 million crowns."
CLOSED = "Two primary schools in the Costavian industrial town of Dravik were closed on Thursday after 47 people"
NOBODY = "No one has died."
DOSES = "The health ministry sent 6,000 extra doses"
MARCHED = "About 12,000 people marched through the centre of Belmarin on Saturday"
LAW = "A spokeswoman for the prime minister said"
RESULT = "Seventy-one percent of those who took part were in favour"
WAGES = "Under the agreement, wages go up by 6.5 percent over two years"
SINGLE = "Every docker also gets a single payment of 8,000 crowns."
CRANES = "On the question of automation, Olm Terminals has promised that no remotely operated crane"
SHIPS = "Sixty-three ships are still waiting."


def passage(archive: Archive, place: int, name: str) -> Passage:
    """The whole article as one passage; of the first only from its second paragraph on, so that offsets differ."""
    article = next(each for each in archive.articles() if Path(each.source).name == name)
    start = article.text.index("\n\n") + 2 if place == 0 else 0
    text = article.text[start:]
    return Passage(f"p{place}", text, start, len(article.text), 1.0, 0.5, 1.0, 1.0, article)


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checker]:
    config = Config()
    with Archive.open(tmp_path_factory.mktemp("archive"), config=config) as archive:
        archive.ingest([SEEDS])
        passages = [passage(archive, place, name) for place, name in enumerate(FILES)]
        yield Checker(Extractor(archive.words, archive.embedder, config.answer), passages)


Expected = list[tuple[str, list[str], list[str]]]
"""By sentence its verdict, how the cited words begin, and the unresolved markers."""

WELL_CITED: list[tuple[str, Expected]] = [
    ("The inquiry heard that 221 people had been aboard [1].", [("supported", [ABOARD], [])]),
    ("The inquiry heard that 221 people had been aboard. [1]", [("supported", [ABOARD], [])]),
    (
        "The inquiry heard that 221 people had been aboard.[1] The inquiry will cost 14 million crowns.[1]",
        [("supported", [ABOARD], []), ("supported", [COST], [])],
    ),
    ("[1] The inquiry heard that 221 people had been aboard.", [("supported", [ABOARD], [])]),
    (
        "- 28 people are known to have died. [1]\n- 47 people caught measles [2].",
        [("supported", [DEAD], []), ("supported", [CLOSED], [])],
    ),
    ("About 12,000 people marched in Belmarin【3】.", [("supported", [MARCHED], [])]),
    ("About 12,000 people marched in Belmarin【3†source】.", [("supported", [MARCHED], [])]),
    ("About 12,000 people marched in Belmarin[^3].", [("supported", [MARCHED], [])]),
    ("About 12,000 people marched in Belmarin [Evidence 3].", [("supported", [MARCHED], [])]),
    ("About 12,000 people marched in Belmarin (Source 3).", [("supported", [MARCHED], [])]),
    (
        "Wages go up by 6.5% over two years, and every docker gets a payment of 8000 crowns [4].",
        [("supported", [WAGES, SINGLE], [])],
    ),
    ("71 per cent of those voting were in favour of the settlement [4].", [("supported", [RESULT], [])]),
    (
        "On 2 May 2026 about 12,000 people marched through Belmarin, The Belmarin Courier reported [3].",
        [("supported", [MARCHED], [])],
    ),
    ("63 ships are still waiting, and 28 people are known to have died [4][1].", [("supported", [SHIPS, DEAD], [])]),
    ("No one has died of the measles [2].", [("supported", [CLOSED, NOBODY], [])]),
]

BADLY_CITED: list[tuple[str, Expected]] = [
    ("The inquiry heard that 221 people had been aboard.", [("unsupported", [], [])]),
    ("The inquiry heard that 221 people had been aboard [2].", [("unsupported", [], ["2"])]),
    ("The inquiry heard that 221 people had been aboard [7].", [("unsupported", [], ["7"])]),
    ("The inquiry heard that 221 people had been aboard [0][1].", [("supported", [ABOARD], ["0"])]),
    ("The inquiry heard that 221 people had been aboard [1-99].", [("unsupported", [], ["1-99"])]),
    (
        "Dockers voted for an end of the strike. The inquiry will cost 14 million crowns [1].",
        [("unsupported", [], []), ("supported", [COST], [])],
    ),
    ("The inquiry heard that 212 people had been aboard [1].", [("partly supported", [ABOARD], [])]),
    (
        "The inquiry heard from Imogen Farquhar-Bell that 221 people had been aboard [1].",
        [("partly supported", [ABOARD], [])],
    ),
    ("Thirty-eight people are known to have died [1].", [("partly supported", [DEAD], [])]),
    ("The wages go up by 9 percent over two years under the agreement [4].", [("partly supported", [WAGES], [])]),
    ("The missing student of 19 has been found [1].", [("unsupported", [MISSING], [])]),
    ("Remotely operated cranes come into service before January 2029 [4].", [("unsupported", [CRANES], [])]),
    ("The law will not stand, a spokeswoman for the prime minister said [3].", [("unsupported", [LAW], [])]),
    ("The health ministry did not send extra doses to the region [2].", [("unsupported", [DOSES], [])]),
    ("The moon is made of green cheese [1].", [("unsupported", [], ["1"])]),
]

NO_MARKERS = [
    (
        "About 12,000 people marched in Belmarin [in May 2024] [3].",
        "About 12,000 people marched in Belmarin [in May 2024].",
        "partly supported",
    ),
    ("He said the crowd was [sic] big.", "He said the crowd was [sic] big.", "unsupported"),
    ("It was in [2024].", "It was in [2024].", "unsupported"),
    ("It cost [1,000] crowns (1).", "It cost [1,000] crowns (1).", "unsupported"),
    ("Write `the march [3]` so.", "Write `the march [3]` so.", "unsupported"),
    ("```\nthe march was big [3]\n```", "the march was big [3]", "unsupported"),
    ("The march was big [3", "The march was big [3", "unsupported"),
    ("The march was big [3;] [] [?].", "The march was big [3;] [] [?].", "unsupported"),
]


@pytest.mark.parametrize(("text", "expected"), WELL_CITED + BADLY_CITED)
def test_each_sentence_gets_its_words_and_its_verdict(checker: Checker, text: str, expected: Expected) -> None:
    checked = checker.check(text)
    quotes = {each.number: each.quote for each in checked.citations}
    assert len(checked.sentences) == len(expected)
    for sentence, (verdict, starts, unresolved) in zip(checked.sentences, expected, strict=True):
        cited = [quotes[number] for number in sentence.citations]
        assert len(cited) == len(starts), cited
        for start in starts:
            assert any(quote.startswith(start) for quote in cited), cited
        assert (sentence.verdict, list(sentence.unresolved)) == (verdict, unresolved)


@pytest.mark.parametrize(("text", "kept", "verdict"), NO_MARKERS)
def test_what_is_no_marker_stays_text(checker: Checker, text: str, kept: str, verdict: str) -> None:
    (sentence,) = checker.check(text).sentences
    assert (sentence.text, sentence.verdict) == (kept, verdict)


def test_citations_are_numbered_in_the_order_of_their_first_mention(checker: Checker) -> None:
    checked = checker.check(
        "63 ships are still waiting [4]. The inquiry will cost 14 million crowns [1]. Sixty-three ships wait [4, 9]."
    )
    assert [each.number for each in checked.citations] == [1, 2]
    assert [each.citations for each in checked.sentences] == [(1,), (2,), (1,)]
    assert checked.sentences[2].marked == "Sixty-three ships wait. [1][9?]"


ANYTHING = st.text(
    alphabet=st.one_of(st.sampled_from("[]【】()^`*#-–,.0123456789 \n†¹٣"), st.characters()), max_size=120
)
PHRASES = st.lists(
    st.sampled_from(
        [
            "221 people were aboard",
            "No one has died",
            " [1]",
            "[2][3]",
            ".",
            "[1-4]",
            " [9]",
            "\n",
            "Ingrid Tolle",
            "`",
            " ",
        ]
    ),
    max_size=14,
).map("".join)


@given(st.one_of(ANYTHING, PHRASES))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_checked_and_every_citation_is_exact(checker: Checker, text: str) -> None:
    checked = checker.check(text)
    for citation in checked.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote != ""
    numbers = {each.number for each in checked.citations}
    for sentence in checked.sentences:
        assert sentence.text.strip() == sentence.text != ""
        assert set(sentence.citations) <= numbers
        assert (sentence.verdict == "unsupported") or sentence.citations


@given(ANYTHING)
def test_what_is_disarmed_holds_no_marker(text: str) -> None:
    assert not list(find_markers(disarmed(text).replace("`", "")))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[1, 3]", ("1", "3")),
        ("[1-3]", ("1", "2", "3")),
        ("[2–4, 7]", ("2", "3", "4", "7")),
        ("[1 and 2]", ("1", "2")),
        ("[Sources 1, 2]", ("1", "2")),
        ("[Source 1; Source 2]", ("1", "2")),
        ("[[3]]", ("3",)),
        ("[3](https://example.org/a)", ("3",)),
        ("[3-1]", ("3-1",)),
        ("[#4]", ("4",)),
    ],
)
def test_forms_of_markers(text: str, names: tuple[str, ...]) -> None:
    assert [each.names for each in find_markers(text)] == [names]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("It sank [", 2),
        ("It sank [1", 3),
        ("It sank [Evidence 1", 12),
        ("It sank 【1†so", 6),
        ("It sank [1]", 0),
        ("It sank", 0),
        ("It [sank after the great storm of the year 1987", 0),
    ],
)
def test_a_marker_in_the_making_is_recognised(text: str, held: int) -> None:
    assert unfinished(text) == held


def test_lines_and_bold_and_headings() -> None:
    text = "## What happened\n\n**Six** died [1]\n2. The ferry, which\nwas old, sank [2]\n[3]"
    assert parse(text) == [
        Claim("What happened", ()),
        Claim("Six died", ("1",)),
        Claim("The ferry, which was old, sank", ("2", "3")),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,000", {(1000.0, False)}),
        ("1000", {(1000.0, False)}),
        ("one thousand", {(1000.0, False)}),
        ("a thousand", {(1000.0, False)}),
        ("two hundred and twenty-one", {(221.0, False)}),
        ("1.9 billion crowns", {(1.9e9, False)}),
        ("6.5 per cent", {(6.5, True)}),
        ("6.5%", {(6.5, True)}),
        ("Seventy-one percent", {(71.0, True)}),
        ("8.47am", {(8.47, False)}),
        ("8:47 a.m.", {(8.47, False)}),
        ("two and three", {(2.0, False), (3.0, False)}),
        ("one of them", set()),
        ("an 18-day strike", {(18.0, False)}),
    ],
)
def test_numbers_in_figures_and_words(text: str, found: set[facts.Number]) -> None:
    assert facts.numbers(text) == found


def test_dates_in_words_and_by_weekday() -> None:
    assert facts.dates("7 May, May 8, 9th of Sept and 2026-10-11") == {(5, 7), (5, 8), (9, 9), (10, 11)}
    thursday = date(2026, 5, 7)
    assert facts.implied_dates("It opened yesterday, four days after Sunday.", thursday) == {(5, 7), (5, 6), (5, 3)}
    assert facts.implied_dates("It opened yesterday.", None) == set()
