"""Sentences held to what they cite: verdicts and reasons, whatever the claim and the evidence are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.chunks import sentences
from qa.embedders import LocalEmbedder
from qa.verification import Reference, Verification, Verifier, verify
from tests.newsroom import Bagged
from tests.verification_cases import FAITHFUL, WRONG, references, text_of

ARTICLES = sorted({case.article for case in FAITHFUL})


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier(LocalEmbedder("int8").embed)


def check(verification: Verification, claim: str) -> None:
    assert (verification.label == "supported") == (verification.score >= 0.5)
    assert 0.0 <= verification.score <= 1.0
    for reason in verification.reasons:
        assert claim[reason.start : reason.end] == reason.text
        assert reason.status != "found"
    if verification.label == "supported":
        assert not verification.reasons


# --- claims as a model writes them

READ_RIGHT = 27, 29
"""Of 30 faithful and 30 wrong sentences; when they were first read, 23 and 27."""


def test_most_faithful_sentences_are_supported(verifier: Verifier) -> None:
    found = [verifier.verify(case.claim, references(case)) for case in FAITHFUL]
    assert sum(each.label == "supported" for each in found) >= READ_RIGHT[0]
    for case, each in zip(FAITHFUL, found, strict=True):
        check(each, case.claim)


def test_nearly_no_wrong_sentence_is_supported(verifier: Verifier) -> None:
    found = [verifier.verify(case.claim, references(case)) for case in WRONG]
    assert sum(each.label != "supported" for each in found) >= READ_RIGHT[1]
    assert sum(each.label == case.label for case, each in zip(WRONG, found, strict=True)) >= 26
    named = [any(r.kind == case.kind for r in each.reasons) for case, each in zip(WRONG, found, strict=True)]
    assert sum(named) >= 26


@pytest.mark.parametrize("article", ARTICLES)
def test_every_sentence_of_an_article_is_supported_by_itself(verifier: Verifier, article: str) -> None:
    text = text_of(article)
    spans = sentences(text)
    reading = verifier.read([Reference(text, span.start, span.end) for span in spans])
    for at, span in enumerate(spans):
        claim = text[span.start : span.end]
        assert reading.verify(claim, [at]) == Verification("supported", 1.0)
        assert reading.verify(claim, range(len(spans))).label == "supported"
        assert at in reading.support(claim)


# --- one thing at a time

ABOARD = "Counsel to the inquiry, Imogen Strand, told the panel that 221 people had been aboard on Tuesday."
PASSAGE = (
    "The ferry sank on 11 April. Jocelyn Farquhar spoke for its owner. Sixty-three ships are waiting. "
    f"{ABOARD} Twenty-eight people are known to have died. She did not blame the captain."
)


def within(cited: str) -> list[Reference]:
    start = PASSAGE.index(cited)
    return [Reference(PASSAGE, start, start + len(cited), "Inquiry opens", "Harbour Post", date(2026, 5, 7))]


@pytest.mark.parametrize(
    "claim",
    [
        "Imogen Strand told the panel that 221 people had been aboard on Tuesday.",
        "Strand told the panel that two hundred and twenty-one people had been aboard on Tuesday.",
        "Miss Strand told the panel that about 220 people had been aboard on Tuesday.",
        "Imogen Strand told the panel that 221 people had been aboard on 5 May 2026.",
        "Imogen Strand told the panel in May that 221 people had been aboard.",
        "Imogen Strand told the panel that 221 people had been aboard, Harbour Post reported.",
    ],
)
def test_other_words_for_the_same_are_supported(verifier: Verifier, claim: str) -> None:
    found = verifier.verify(claim, within(ABOARD))
    assert (found.label, found.reasons) == ("supported", ())


@pytest.mark.parametrize(
    ("claim", "kind", "text", "said"),
    [
        ("Imogen Strand told the panel that 212 people had been aboard.", "number", "212", "221"),
        ("Imogen Strand told the panel that 28 people had been aboard.", "number", "28", "221"),
        ("Imogen Strand told the panel that 63 people had been aboard.", "number", "63", "221"),
        ("Strand told the panel that fewer than 200 people had been aboard.", "number", "200", "221"),
        ("Strand told the panel that 221 people had been aboard on Monday.", "date", "Monday", "Tuesday"),
        ("Strand told the panel that 221 people had been aboard on 4 May.", "date", "4 May", "Tuesday"),
        (
            "Jocelyn Farquhar told the panel that 221 people had been aboard.",
            "speaker",
            "Jocelyn Farquhar",
            "Imogen Strand",
        ),
        ("Imogen Strand told the panel that 221 people had not been aboard.", "negation", "not", ""),
    ],
)
def test_one_thing_changed_contradicts(verifier: Verifier, claim: str, kind: str, text: str, said: str) -> None:
    found = verifier.verify(claim, within(ABOARD))
    check(found, claim)
    assert found.label == "contradicted"
    assert [(each.kind, each.text, each.status, each.said) for each in found.reasons] == [(kind, text, "differs", said)]


@pytest.mark.parametrize(
    ("claim", "evidence", "label"),
    [
        ("Prices rose in March.", "Prices fell in March.", "contradicted"),
        ("The council rejected the plan on Monday.", "The council approved the plan on Monday.", "contradicted"),
        ("The team failed to win the cup.", "The team won the cup.", "contradicted"),
        ("Not only ships but boats are waiting.", "Ships and boats are waiting.", "supported"),
        ("The firm paid $5 million for the site.", "The firm paid £5 million for the site.", "contradicted"),
        ("He called the vote “a disgrace”.", "He called the vote “a disgrace” and left.", "supported"),
        ("He called the vote “a scandal”.", "He called the vote “a disgrace” and left.", "partly supported"),
        ("Officials said the dam held.", "Firefighters said the dam held.", "contradicted"),
    ],
)
def test_pairs_of_sentences(verifier: Verifier, claim: str, evidence: str, label: str) -> None:
    found = verifier.verify(claim, evidence)
    check(found, claim)
    assert found.label == label


def test_a_negation_and_an_opposite_cancel_each_other(verifier: Verifier) -> None:
    found = verifier.verify("Prices did not fall in March.", "Prices rose in March.")
    assert found.label != "contradicted"
    assert not any(each.kind == "negation" for each in found.reasons)


def test_what_is_taken_out_of_its_denial_is_not_supported(verifier: Verifier) -> None:
    denied = "It is not true that the mayor took money from the builder."
    assert verifier.verify("The mayor took money from the builder.", denied).label != "supported"


def test_weekdays_count_from_the_day_of_publication() -> None:
    text = "The museum opened on Tuesday."
    assert verify("The museum opened on 5 May.", text, published=date(2026, 5, 7)).label == "supported"
    assert verify("The museum opened on 6 May.", text, published=date(2026, 5, 7)).label == "contradicted"
    late = datetime(2026, 5, 7, 23, tzinfo=UTC)
    assert verify("The museum opened on 5 May.", [text], published=late).label == "supported"


def test_what_he_means_is_told_by_the_sentence_before(verifier: Verifier) -> None:
    reading = verifier.read(within(ABOARD))
    claim = "She told the panel that 221 people had been aboard."
    assert reading.verify(claim, [0], before="Imogen Strand spoke first.").label == "supported"
    wrong = reading.verify(claim, [0], before="Jocelyn Farquhar spoke first.")
    assert [(each.kind, each.said) for each in wrong.reasons] == [("speaker", "Imogen Strand")]


def test_facts_may_stand_around_what_is_cited(verifier: Verifier) -> None:
    reference = Reference(PASSAGE, PASSAGE.index("She did"), len(PASSAGE))
    assert verifier.verify("Imogen Strand did not blame the captain.", [reference]).label == "supported"
    found = verifier.verify("Helen Marsh did not blame the captain.", [reference])
    assert [(each.kind, each.text) for each in found.reasons] == [("name", "Helen Marsh")]


@pytest.mark.parametrize(
    ("claim", "label"),
    [
        ("Selon Imogen Strand, 221 personnes étaient à bord du ferry.", "partly supported"),
        ("Selon Imogen Strand, 212 personnes étaient à bord du ferry.", "unsupported"),
        ("Der Minister hat nicht gesagt, dass das Schiff von der Küste aus zu sehen ist.", "unsupported"),
    ],
)
def test_another_language_is_neither_supported_nor_contradicted(verifier: Verifier, claim: str, label: str) -> None:
    found = verifier.verify(claim, ABOARD)
    check(found, claim)
    assert found.label == label
    assert found.reasons[-1].kind == "words"


def test_citations_and_markdown_in_a_claim_are_no_part_of_it(verifier: Verifier) -> None:
    claim = "1. Imogen Strand told the panel that **221 people** had been aboard on Tuesday [4][5]."
    assert verifier.verify(claim, ABOARD).label == "supported"
    wrong = "1. Imogen Strand told the panel that **212 people** had been aboard on Tuesday [4][5]."
    found = verifier.verify(wrong, ABOARD)
    check(found, wrong)
    assert [each.text for each in found.reasons] == ["212"]


# --- the right evidence


def test_the_sentences_that_support_a_claim_together_are_found(verifier: Verifier) -> None:
    spans = sentences(PASSAGE)
    reading = verifier.read([Reference(PASSAGE, span.start, span.end) for span in spans])
    assert reading.support("Twenty-eight people are known to have died.") == (4,)
    assert reading.support("63 ships are waiting, and 28 people are known to have died.") == (2, 4)
    assert reading.support("63 ships are waiting.", among=[0, 1, 4]) == ()
    assert reading.support("The moon is made of green cheese.") == ()
    assert reading.support("") == ()


def test_places_that_are_not_there_are_errors(verifier: Verifier) -> None:
    with pytest.raises(IndexError):
        verifier.read([]).verify("It sank.", [0])


# --- anything at all

BAG = Verifier(Bagged().embed)
ANYTHING = st.text(
    alphabet=st.one_of(st.sampled_from("aB1,.$%“”\"'’- \n[]"), st.characters(exclude_categories=())), max_size=60
)
PHRASES = st.lists(
    st.sampled_from(
        "Carter said |not |no |1,000 |one thousand |on Tuesday |“solvent” |, |. |rose |fell |the |$5m ".split("|")
    ),
    max_size=14,
).map("".join)
CLAIMS = st.one_of(ANYTHING, PHRASES)


@given(CLAIMS, st.lists(CLAIMS, max_size=4), st.integers(-3, 70), st.one_of(st.none(), st.integers(-3, 70)))
@settings(max_examples=200, deadline=None)
def test_any_claim_over_any_evidence_has_a_verdict(claim: str, texts: list[str], start: int, end: int | None) -> None:
    found = BAG.verify(claim, [*texts, *(Reference(text, start, end, text, text, date(1, 1, 1)) for text in texts)])
    check(found, claim)
    assert found == BAG.verify(claim, [*texts, *(Reference(t, start, end, t, t, date(1, 1, 1)) for t in texts)])


@given(PHRASES)
@settings(max_examples=100, deadline=None)
def test_a_sentence_supports_itself(text: str) -> None:
    found = BAG.read([Reference(text)]).verify(text, [0])
    assert found.label == "supported" or not any(character.isalnum() for character in text)


HOSTILE: list[tuple[str, Callable[[int], str]]] = [
    ("words", lambda n: "The number 1,000 of Carter said “no” on 5 May in " * (n // 50)),
    ("digits", lambda n: "1" * n),
    ("commas", lambda n: "1," * (n // 2)),
    ("quotes", lambda n: "\"'“" * (n // 3)),
    ("capitals", lambda n: "Aa Bb " * (n // 6)),
    ("months", lambda n: "May 5 " * (n // 6)),
    ("brackets", lambda n: "[1," * (n // 3)),
    ("hundreds", lambda n: "hundred and " * (n // 12)),
    ("blanks", lambda n: " \t\n" * (n // 3) + "said"),
    ("surrogates", lambda n: "\ud800\x00" * (n // 2)),
]


@pytest.mark.parametrize(("name", "made"), HOSTILE, ids=[name for name, _ in HOSTILE])
def test_ten_megabytes_of_anything_are_no_harm(name: str, made: Callable[[int], str]) -> None:
    check(BAG.verify(made(60_000), made(60_000)), made(60_000))
    check(BAG.verify(made(200), made(10_000_000)), made(200))


def test_what_is_too_long_to_be_checked_is_not_supported() -> None:
    claim = "The ferry sank. " * 1000
    found = BAG.verify(claim, "The ferry sank.")
    check(found, claim)
    assert found.label != "supported"


@pytest.mark.parametrize(
    ("claim", "texts"), [("", ["It sank."]), ("It sank.", []), ("It sank.", [""]), ("...", ["It."])]
)
def test_nothing_supports_nothing(claim: str, texts: Sequence[str]) -> None:
    found = BAG.verify(claim, texts)
    check(found, claim)
    assert (found.label, found.score) == ("unsupported", 0.0)
