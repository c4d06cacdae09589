"""What was understood, how sure, why not, why it ranks: the words of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from qa.answers import Absence, Answer, Sentence
from qa.articles import make_article
from qa.config import RankingSection
from qa.explanations import (
    FAIR,
    Remedy,
    agreed,
    evidence,
    found_for,
    graded,
    hedged,
    meant,
    readings,
    refusal,
    understood,
    why,
)
from qa.exports import export
from qa.passages import Passage
from qa.questions import Known, Question, Turn, understand
from qa.ranking import Signals
from tui.display import answer_plain

KNOWN = Known(("Olm Post", "Radio Tarn"), authors=("Ida Brandt",))
WEIGHTS = RankingSection(
    match=0.4, article=0.14, cover=0.13, near=0.12, newest=0.1, recent=0.1, agreement=0.05, lead=0.06
)
NOW = "2026-11-18T12:00:00+00:00"


def asked(text: str, **more: object) -> Question:
    return understand(text, now=NOW, known=KNOWN, **more)  # type: ignore[arg-type]


def passage(name: str = "a", **more: object) -> Passage:
    article = make_article(title=name, text="The ferry sank.", source=name, published=date(2026, 11, 16))
    return replace(Passage(name, "The ferry sank.", 0, 15, 1.0, 0.5, 3.0, 1.0, article), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Who sank the ferry?", ""),
        ("Who won in Tarn on 3 November 2026?", "on 3 November 2026 (around 2026-11-03)"),
        (
            "Who won in Tarn according to the Post on 3 November 2026?",
            "Olm Post · on 3 November 2026 (2026-11-03)",
        ),
        ("What did Bloomberg report about Tarn?", "Bloomberg: no article of it here"),
        ("What is the latest on Tarn?", "latest (newer articles count more)"),
        ("Who said “never again” in Tarn?", "with the words “never again”"),
        ("Which town other than Tarn was flooded?", "not Tarn"),
        ("What did Ida Brandt write about the ferry?", "by Ida Brandt"),
        (
            "Who won in Tarn, and when did the inn in Olm open?",
            "in 2 parts: “Who won in Tarn?”; “When did the inn in Olm open?”",
        ),
    ],
)
def test_what_was_understood(question: str, said: str) -> None:
    assert understood(asked(question)) == (f"understood: {said}" if said else "")


def test_a_follow_up_is_told_by_the_question_that_is_searched_for() -> None:
    question = asked("And in Olm?", turns=[Turn("Who won in Tarn?")])
    assert understood(question) == "understood: follow-up: Who won in Olm?"
    assert [each.what for each in readings(question)] == ["follow-up"]


def test_a_passage_says_which_part_it_was_found_for() -> None:
    question = asked("Who won in Tarn, and when did the inn in Olm open?")
    assert found_for(passage(parts=(2,)), question) == "for: When did the inn in Olm open?"
    assert found_for(passage(parts=(1, 2)), question) == "for: Who won in Tarn?; When did the inn in Olm open?"
    assert found_for(passage(), question) == found_for(passage(parts=(1,)), None) == ""


@pytest.mark.parametrize(
    ("probability", "said"),
    [(1.0, "strong (1.00)"), (0.8, "strong (0.80)"), (0.6, "fair (0.60)"), (0.59, "thin (0.59)")],
)
def test_how_sure_in_words(probability: float, said: str) -> None:
    assert graded(probability) == said
    assert evidence(Answer("q", "extractive", confidence=probability)) == f"evidence: {said}"


def test_what_was_refused_was_too_thin_and_what_was_not_weighed_is_not_graded() -> None:
    assert evidence(Answer("q", "extractive", abstained=True, confidence=0.7)) == "evidence: too thin (0.70)"
    assert evidence(Answer("q", "generated")) == ""


def test_what_is_said_beside_a_quote() -> None:
    assert meant(Sentence("But he resigned.", (1,), "quoted", means="Jorn Halvard")) == "(he: Jorn Halvard)"
    assert meant(Sentence("Resigned.", (1,), "quoted", means="Jorn Halvard")) == "(Jorn Halvard)"
    assert agreed(Sentence("Gone.", (1,), "quoted", origins=3)) == "said by 3 independent articles"
    alone = Sentence("He resigned.", (1,), "quoted")
    assert meant(alone) == agreed(alone) == ""


# --- why not


def refused(question: Question, *passages: Passage, articles: int = 12, near: tuple[str, ...] = ()) -> Answer:
    return Answer(
        question.text, "extractive", abstained=True, passages=passages, asked=question, absence=Absence(articles, near)
    )


def test_a_refusal_says_what_was_searched_what_is_near_and_what_can_be_done() -> None:
    question = understand(
        "Who won in Tarn according to Bloomberg and the Post on 3 November 2026?",
        since="2026-01-01",
        until="2026-12-31",
        known=KNOWN,
    )
    one, same, other = passage("a"), replace(passage("a"), id="a2"), passage("b")
    told = refusal(refused(question, one, same, other, near=("names no winner", "too old", "of another town")))
    assert told.searched == (
        "Searched for “Who won in Tarn?” in 12 articles: from 2026-01-01 · until 2026-12-31 · 2026-11-03 · Olm Post.",
        "No article by Bloomberg in this archive.",
    )
    assert [(each.index, each.passage, each.why) for each in told.near] == [
        (0, one, "names no winner"),
        (2, other, "of another town"),
    ]
    assert told.remedies == (
        Remedy("search all dates", "window"),
        Remedy("search all outlets", "outlet"),
        Remedy("set other dates"),
    )


def test_only_limits_in_force_can_be_lifted() -> None:
    plain = understand("Who won the race in Tarn?", known=KNOWN)
    assert refusal(refused(plain, articles=1)).searched == ("Searched for “Who won the race in Tarn?” in 1 article.",)
    assert refusal(refused(plain)).remedies == ()
    assert refusal(refused(plain, articles=0)).remedies == (Remedy("add articles to the archive"),)
    unknown = understand("What did Bloomberg report about Tarn?", known=KNOWN)
    assert refusal(refused(unknown)).remedies == ()
    leaning = understand("And in Olm?", turns=[Turn("Who said “never again” in Tarn?")], known=KNOWN)
    assert refusal(refused(leaning)).remedies == (
        Remedy("do without the exact words", "required"),
        Remedy("ask it apart from the turns before", "follow-up"),
    )


def test_a_refusal_of_an_earlier_version_has_its_passages_alone() -> None:
    told = refusal(Answer("q", "extractive", abstained=True, passages=(passage(),)))
    assert (told.searched, told.remedies) == ((), ())
    assert [each.why for each in told.near] == [""]


# --- why it ranks


@pytest.mark.parametrize(
    ("signals", "said"),
    [
        (Signals(), ""),
        (Signals(match=0.4, recent=0.4), ""),
        (Signals(match=0.9, recent=0.9), "matches the question’s words and meaning; published 2 days before"),
        (
            Signals(match=0.9, cover=1.0, article=0.7),
            "matches the question’s words and meaning; holds all of its words",
        ),
        (Signals(article=0.9, cover=0.6), "its article holds most of its words"),
        (Signals(lead=1.0, agreement=0.9), "at the beginning of its article; other articles agree"),
        (
            Signals(match=1.0, near=1.0, newest=1.0, agreement=1.0, lead=1.0),
            "matches the question’s words and meaning; holds its words close together; among the newest found",
        ),
    ],
)
def test_the_strongest_signals_are_the_reasons(signals: Signals, said: str) -> None:
    now = datetime(2026, 11, 18, 12, tzinfo=UTC)
    assert why(passage(signals=signals), WEIGHTS, now) == said


def test_what_matched_is_told_apart() -> None:
    now = datetime(2026, 11, 16, 12, tzinfo=UTC)
    by_meaning = passage(signals=Signals(match=1.0, recent=1.0), words=0.0)
    assert why(by_meaning, WEIGHTS, now) == "matches the question’s meaning; published the same day"
    by_words = passage(signals=Signals(match=1.0), meaning=0.0)
    assert why(by_words, WEIGHTS, now) == "matches the question’s words"


@pytest.mark.parametrize(
    ("confidence", "lead"), [(0.0, ""), (0.2, "perhaps "), (FAIR - 0.01, "perhaps "), (FAIR, ""), (0.9, "")]
)
def test_a_thin_short_answer_is_hedged(confidence: float, lead: str) -> None:
    answer = Answer("How many?", "extractive", short="3,400", short_confidence=confidence)
    assert hedged(answer) == lead
    assert answer_plain("How many?", answer).splitlines()[2] == f"{lead}3,400"
    assert f"{lead}**3,400**" in export([answer], "markdown")
