"""Whether there is an answer: what raises and lowers the confidence, and what a refusal says of what was found."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answers.confidence import BIAS, SIGNS, confidence_of, why_not
from qa.answers.extractive import Candidate, explain_absence
from qa.answers.short import Answers, Short
from qa.articles import make_article
from qa.chunks import Span
from qa.config import AnswerSection, SearchSection
from qa.passages import Passage
from qa.questions import Question, understand
from qa.ranking import Signals, Weights
from tests.newsroom import Newsroom, lines_file, settings

NOW = "2025-05-20"


def asked(text: str) -> Question:
    return understand(text, now=NOW)


FERRY = asked("When did the ferry of Skarra sail?")


def passage(text: str, *, title: str = "T", meaning: float = 0.0, article: float = 0.0) -> Passage:
    made = make_article(title=title, text=text, source=f"{title} {text}")
    signals = Signals(article=article)
    return Passage(f"{made.id} 0", text, 0, len(text), 1.0, meaning, 0.0, 1.0, made, signals=signals)


def sentence(titled: float) -> Candidate:
    text = "The ferry sailed."
    return Candidate(
        passage=passage(text),
        span=Span(0, len(text)),
        before="",
        terms=frozenset(),
        rank=1.0,
        words=0.0,
        context=0.0,
        kind=0.0,
        newness=0.0,
        titled=titled,
    )


def answers(short: float | None) -> Answers:
    return Answers(None if short is None else Short("Friday", short, 0), ())


def confidence(
    meanings: Sequence[float] = (0.5,),
    *,
    sentences: Sequence[float] = (0.5,),
    article: float = 0.5,
    short: float | None = 0.5,
    question: Question = FERRY,
) -> float:
    found = [passage(f"Text {n}.", meaning=each, article=article) for n, each in enumerate(meanings)]
    return confidence_of(question, found, [sentence(each) for each in sentences], answers(short))


# --- the confidence


def test_without_passages_there_is_none() -> None:
    assert confidence_of(FERRY, [], [sentence(1.0)], answers(1.0)) == 0.0


def test_it_is_the_logistic_function_of_the_weighed_signs() -> None:
    signs = {"passages": 0.5, "sentence": 0.4, "article": 0.9, "short": 0.25}
    total = BIAS + sum(SIGNS[name] * value for name, value in signs.items())
    found = confidence([0.5], sentences=[0.4, 0.1], article=0.9, short=0.25)
    assert found == pytest.approx(1 / (1 + math.exp(-total)))
    assert confidence([0.0], sentences=[], article=0.0, short=None) == pytest.approx(1 / (1 + math.exp(-BIAS)))


def test_the_three_passages_count_that_mean_most_wherever_they_stand() -> None:
    most = confidence([0.6, 0.5, 0.4])
    assert confidence([-0.9, 0.4, 0.0, 0.6, 0.1, 0.5]) == pytest.approx(most)
    assert confidence([0.6, 0.5, 0.4, 0.4]) == pytest.approx(most)
    assert confidence([0.6, 0.5]) > most
    assert confidence([0.6, 0.5, 0.3]) < most


@pytest.mark.parametrize(
    ("more", "less"),
    [
        (confidence([0.6]), confidence([0.5])),
        (confidence(sentences=[0.1, 0.6]), confidence(sentences=[0.5, 0.5])),
        (confidence(article=0.6), confidence(article=0.5)),
        (confidence(short=0.6), confidence(short=0.5)),
        (confidence(short=0.1), confidence(short=None)),
        (confidence(), confidence(question=asked("When did the ferry sail, according to the Brod Herald?"))),
    ],
    ids=["passages", "sentence", "article", "short", "any short", "known outlet"],
)
def test_each_sign_raises_it(more: float, less: float) -> None:
    assert 0.0 < less < more < 1.0


def test_an_outlet_that_the_archive_lacks_lowers_it_by_its_weight() -> None:
    unknown = replace(FERRY, unknown_outlets=("Brod Herald", "Brod Post"))

    def odds(value: float) -> float:
        return math.log(value / (1 - value))

    assert odds(confidence(question=unknown)) == pytest.approx(odds(confidence()) + SIGNS["unknown_outlet"])
    assert SIGNS["unknown_outlet"] < 0 < min(value for name, value in SIGNS.items() if name != "unknown_outlet")


UNIT = st.floats(0, 1)


@given(st.lists(UNIT, min_size=3, max_size=6), UNIT, UNIT, UNIT, st.floats(0.001, 1))
def test_more_of_any_sign_is_never_less_confidence(
    meanings: list[float], titled: float, article: float, short: float, more: float
) -> None:
    base = confidence(meanings, sentences=[titled], article=article, short=short)
    raised = (
        confidence([each + more for each in meanings], sentences=[titled], article=article, short=short),
        confidence(meanings, sentences=[titled + more], article=article, short=short),
        confidence(meanings, sentences=[titled], article=article + more, short=short),
        confidence(meanings, sentences=[titled], article=article, short=short + more),
    )
    assert all(0.0 < base <= each <= 1.0 for each in raised)


# --- why a passage does not answer


def terms(text: str) -> list[str]:
    """Words in lower case without a plural's ending."""
    return [word.strip(".,?").lower().removesuffix("s") for word in text.split()]


NO_SAIL = "near the subject, but says nothing of sail"
NO_ANSWER = "near the subject, but no sentence of it answers"
WEIGHTS = Weights({"ferry": 3.0, "skarra": 4.0, "sail": 1.0, "mast": 2.0})


@pytest.mark.parametrize(
    ("question", "text", "reason"),
    [
        ("When did the ferry of Skarra sail?", "A dog barked.", "says nothing of Skarra, ferry or sail"),
        ("When did ferries of Skarra sail?", "The mast fell.", "says nothing of Skarra or sail"),
        ("When did the ferry of Skarra sail?", "The ferry sailed.", "says nothing of Skarra or sail"),
        ("When did the ferry of Skarra sail?", "Ferry Skarra did sail.", "gives no date"),
        ("How many ferries left Skarra?", "Skarra ferry.", "gives no number"),
        ("How long did the ferry of Skarra sail?", "The ferry of Skarra.", "gives no duration"),
        ("How much was the ferry to Skarra?", "The ferry of Skarra.", "gives no money"),
        (
            "When did the ferry of Skarra sail?",
            "On Friday at Skarra a ferry sank.",
            NO_SAIL,
        ),
        ("Who made the ferry of Skarra sail?", "At Skarra a ferry sank.", NO_SAIL),
        (
            "When did the ferry of Skarra sail?",
            "At Skarra a ferry did sail on Friday.",
            NO_ANSWER,
        ),
        ("Who made the ferry of Skarra sail?", "At Skarra a ferry did sail.", NO_ANSWER),
    ],
)
def test_a_refusal_names_what_a_passage_lacks_the_rarest_first(question: str, text: str, reason: str) -> None:
    assert why_not(asked(question), [passage(text)], WEIGHTS, terms) == (reason,)


def test_words_of_the_title_are_held_too() -> None:
    question = asked("Who made the ferry of Skarra sail?")
    assert why_not(question, [passage("A ferry sank.", title="Skarra")], WEIGHTS, terms) == (NO_SAIL,)


def test_at_most_three_words_are_named_as_the_question_writes_them() -> None:
    question = asked("Did FERRIES, Skarra’s mast sail?")
    weights = Weights({"ferrie": 3.0, "skarra’": 4.0, "sail": 1.0, "mast": 2.0})
    assert why_not(question, [passage("A dog barked.")], weights, terms) == (
        "says nothing of Skarra’s, FERRIES or mast",
    )


def test_every_passage_has_its_reason_in_their_order() -> None:
    found = [passage(text) for text in ("A dog barked.", "Ferry Skarra did sail.", "On Friday at Skarra a ferry sank.")]
    assert why_not(FERRY, found, WEIGHTS, terms) == (
        "says nothing of Skarra, ferry or sail",
        "gives no date",
        "near the subject, but says nothing of sail",
    )
    assert why_not(FERRY, [], WEIGHTS, terms) == ()


@pytest.mark.parametrize("question", ["What is it?", "🚢?"])
def test_a_question_without_words_still_gets_a_reason(question: str) -> None:
    found = why_not(asked(question), [passage("A dog barked.")], Weights({}), terms)
    assert found == ("near the subject, but no sentence of it answers",)


def test_an_absence_says_whether_anything_came_near() -> None:
    assert explain_absence([]) == "The articles do not say: nothing in the archive matches the question."
    assert explain_absence([passage("A dog barked.")]) == (
        "The articles do not say. The passages that come nearest are listed, but they do not answer the question."
    )


# --- what a refusal says of the archive


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Newsroom]:
    """Four articles of two outlets, one of them undated, in an archive that never is sure enough."""
    sure = AnswerSection(provider="none", evidence=1.0)
    with Newsroom.open(tmp_path / "archive", config=settings(answer=sure, search=SearchSection(novelty=0.0))) as opened:
        assert isinstance(opened, Newsroom)
        opened.ingest(
            [
                lines_file(
                    tmp_path / "news.jsonl",
                    {
                        "title": "Sailed",
                        "text": "The ferry of Skarra sailed at last.",
                        "outlet": "Post",
                        "published": "2025-05-01",
                    },
                    {
                        "title": "Moored",
                        "text": "A ferry moored.",
                        "outlet": "Post",
                        "published": "2025-05-10",
                        "authors": ["Ada Lund"],
                    },
                    {"title": "Dogs", "text": "Dogs barked all night.", "outlet": "Courier", "published": "2025-05-11"},
                    {"title": "Undated", "text": "Cats slept.", "outlet": "Courier"},
                )
            ]
        )
        yield opened


@pytest.mark.parametrize(
    ("question", "options", "articles"),
    [
        ("When did the ferry of Skarra sail?", {}, 4),
        ("When did the ferry of Skarra sail?", {"now": "2025-05-10"}, 3),
        ("When did the ferry of Skarra sail?", {"since": "2025-05-10"}, 2),
        ("When did the ferry of Skarra sail?", {"until": "2025-05-10"}, 2),
        ("When did the ferry of Skarra sail?", {"since": "2025-05-12"}, 0),
        ("When did the ferry of Skarra sail?", {"outlets": ["Courier"]}, 2),
        ("When did the ferry of Skarra sail, according to the Post?", {}, 2),
        ("When did the ferry of Skarra sail, according to the Post?", {"infer": False}, 4),
        ("When did the ferry sail, as reported by Ada Lund?", {}, 1),
        ("When did the ferry sail last week?", {"now": NOW}, 4),
    ],
)
def test_an_absence_counts_the_articles_that_the_search_could_find(
    desk: Newsroom, question: str, options: dict[str, object], articles: int
) -> None:
    answer = desk.ask(question, **options)  # type: ignore[arg-type]
    assert answer.abstained
    assert answer.absence is not None
    assert (answer.absence.articles, len(answer.absence.near)) == (articles, len(answer.passages))


def test_its_reasons_stand_in_the_order_of_the_passages(desk: Newsroom) -> None:
    answer = desk.ask("When did the ferry of Skarra sail?", now=NOW)
    assert answer.absence is not None
    near = dict(zip([each.article.title for each in answer.passages], answer.absence.near, strict=True))
    assert near == {
        "Sailed": "gives no date",
        "Moored": "says nothing of Skarra or sail",
        "Dogs": "says nothing of Skarra, sail or ferry",
        "Undated": "says nothing of Skarra, sail or ferry",
    }
    few = desk.ask("When did the ferry of Skarra sail?", now=NOW, limit=2)
    assert few.absence is not None
    assert few.absence.near == answer.absence.near[:2]
    assert [each.id for each in few.passages] == [each.id for each in answer.passages[:2]]


def test_an_answer_has_no_absence_and_an_empty_archive_one_of_nothing(tmp_path: Path) -> None:
    with Newsroom.open(tmp_path / "archive", config=settings(answer=AnswerSection(evidence=0.0))) as archive:
        empty = archive.ask("When did the ferry of Skarra sail?", mode="extractive")
        assert (empty.abstained, empty.confidence, empty.passages) == (True, 0.0, ())
        assert empty.absence is not None
        assert (empty.absence.articles, empty.absence.near) == (0, ())
        assert empty.reason == "The articles do not say: nothing in the archive matches the question."
        archive.ingest([lines_file(tmp_path / "a.jsonl", {"title": "T", "text": "The ferry sailed on Friday."})])
        found = archive.ask("When did the ferry sail?", mode="extractive")
        assert (found.abstained, found.absence) == (False, None)
