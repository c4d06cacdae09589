"""Questions that lean on the turns before: completed by what was said there, left alone where they stand alone."""

from __future__ import annotations

import pytest

from qa.follow_ups import Completed, Turn, complete
from qa.questions import Inference, understand

TALKS = Turn("Who leads the harbour talks in Olmburg?", "The harbour talks are led by Elena Moss, the mayor said.")
STRIKE = Turn("Why did the dockers of Olmburg strike?", "They want higher wages.")
MEDALS = Turn("Which countries won medals?", "Norland, Sudria and Estmark won medals.")


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        ("And in Varn?", TALKS, "Who leads the harbour talks in Varn?"),
        ("What about Varn?", TALKS, "Who leads the harbour talks in Varn?"),
        ("and in 2024?", STRIKE, "Why did the dockers of Olmburg strike in 2024?"),
        ("When did she say that?", TALKS, "When did Elena Moss say that (leads harbour talks Olmburg)?"),
        ("Which party does she lead?", TALKS, "Which party does Elena Moss lead?"),
        ("Who is her deputy?", TALKS, "Who is Elena Moss’s deputy?"),
        ("And who replaced her?", TALKS, "And who replaced Elena Moss?"),
        ("Why?", TALKS, "Why? leads harbour talks Olmburg Elena Moss"),
        ("And when exactly?", STRIKE, "When exactly? dockers Olmburg strike"),
        ("Tell me more", STRIKE, "Tell me more? dockers Olmburg strike"),
        ("How long did it last?", STRIKE, "How long did it last (dockers Olmburg strike)?"),
        ("What happened there?", TALKS, "What happened there (leads harbour talks Olmburg Elena Moss)?"),
        ("What about the second one?", MEDALS, "What about Sudria: countries won medals"),
        ("What about Varn?", MEDALS, "Varn: countries won medals"),
    ],
)
def test_a_follow_up_is_completed(question: str, before: Turn, expected: str) -> None:
    assert complete(question, [before]).text == expected


@pytest.mark.parametrize(
    "question",
    [
        "Who is the mayor of Varn?",
        "When did Ada Lund meet him?",
        "Which minister said he would resign?",
        "Which politician announced that she is running?",
        "Who lost his seat?",
        "Before he resigned, what did Ada Lund say?",
        "The ferry sank. Why did it sink?",
        "Is it true that the bridge fell?",
        "What did the court decide?",
        "Which singer announced her tour?",
        "¿Y en Varn?",
        "Und in Varn?",
        "为什么?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert complete(question, [TALKS]) == Completed(question)


def test_what_was_added_is_told() -> None:
    assert complete("When did she say that?", [TALKS]) == Completed(
        "When did Elena Moss say that (leads harbour talks Olmburg)?",
        "she, that",
        "Elena Moss; leads harbour talks Olmburg",
    )


def test_follow_ups_chain_and_reach_back_through_each_other() -> None:
    turns = [TALKS, Turn("And in Varn?", "The talks in Varn are led by Jon Brandt.")]
    assert complete("And in Lunde?", turns).text == "Who leads the harbour talks in Lunde?"
    assert complete("When was he born?", turns).text == "When was Jon Brandt born?"


def test_without_turns_nothing_is_completed() -> None:
    assert complete("And in Varn?", []) == Completed("And in Varn?")


def test_a_follow_up_is_an_inference_that_can_be_removed() -> None:
    asked = understand("And in Varn?", turns=[TALKS])
    assert asked.text == "And in Varn?"
    assert asked.standalone == "Who leads the harbour talks in Varn?"
    assert asked.inferences == (Inference("follow-up", "And in Varn", "Who leads the harbour talks in Varn?"),)
    assert asked.kind == "person"
    assert understand("And in Varn?", turns=[TALKS], infer={"window"}).standalone == "And in Varn?"


def test_the_kind_of_a_follow_up_is_its_own_where_it_asks_itself() -> None:
    assert understand("When did she say that?", turns=[TALKS]).kind == "date"
    assert understand("Why?", turns=[TALKS]).kind == "reason"
