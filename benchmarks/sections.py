"""What is measured, section by section of docs/evaluation.md: each gives its tables.

The default months are January to March, which the weights were not fitted on, then the rest of the year, which they
were, asked of an archive three times as large.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from datasets import RGB, MultiHop, RealTimeQA
from plain import Newsdesk, PlainLlamaIndex, Search, WordsAlone
from tables import Row, Table

import qa
from qa.evaluation import PASSAGE, Case, Evaluation, Outcome, evaluate
from qa.evaluation.figures import (
    DEPTH,
    Figure,
    area,
    dense,
    false_answers_at,
    figure,
    first_rank,
    holds,
    mean,
    median,
    ranking,
    slowest,
)

Months = tuple[str, str]
"""First and last month."""
QUARTER: Months = ("2023-01", "2023-03")
YEAR: Months = ("2023-01", "2023-12")
REST: Months = ("2023-04", "2023-12")
LATER: Months = ("2023-12", "2023-12")
"""Months whose questions the quarter's archive cannot answer."""
SPEED_QUESTIONS = 200

Scores = dict[str, float]
Judge = Callable[[Case, Sequence[str]], Scores]
"""The scores of a question for the texts of the passages found, best first."""
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the data and the archives are, and the months to take instead of the default ones."""

    data: Path
    archives: Path
    months: Months | None = None

    @property
    def realtimeqa(self) -> RealTimeQA:
        """News quizzes."""
        return RealTimeQA(self.data, self.archives)

    @property
    def multihop(self) -> MultiHop:
        """Questions over several articles."""
        return MultiHop(self.data, self.archives)

    @property
    def rgb(self) -> RGB:
        """Questions with passages of two sides."""
        return RGB(self.data, self.archives)

    @property
    def periods(self) -> list[tuple[Months, Months]]:
        """The months of each archive, and those of the questions that it is asked."""
        return [(self.months, self.months)] if self.months else [(QUARTER, QUARTER), (YEAR, REST), (YEAR, YEAR)]


# --- retrieval


def retrieval(bench: Bench) -> Iterator[Table]:
    """hit@k and MRR@10 over RealTimeQA, and by how much they are better than those of plain searches."""
    for months, asked in bench.periods:
        with bench.realtimeqa.archive(*months) as archive:
            cases = bench.realtimeqa.answerable(*asked)
            title = f"RealTimeQA, questions of {' to '.join(asked)} over {_size(archive)}"
            searches = _searches(bench, archive, f"realtimeqa-{'-'.join(months)}")
            yield Table(title, tuple(_compared(searches, cases, _hits)))


def _hits(case: Case, texts: Sequence[str]) -> Scores:
    return ranking(first_rank(texts, lambda text: holds(text, case.answers)))


def _searches(bench: Bench, archive: qa.Archive, name: str) -> list[Search]:
    folder = bench.archives / f"{name}-llamaindex"
    return [Newsdesk(archive), WordsAlone(archive), PlainLlamaIndex(archive, folder)]


def _compared(searches: Sequence[Search], cases: Sequence[Case], judge: Judge) -> Iterator[Row]:
    """A row for each search, and for each after the first one the difference to it, question by question."""
    first: list[Scores] = []
    for search in searches:
        found = [
            judge(case, [text[:PASSAGE] for text in search.search(case.question, DEPTH, case.now)])
            for case in _told(cases, search.name)
        ]
        yield Row(search.name, _means(found))
        if first:
            gains = [{name: own[name] - theirs[name] for name in own} for own, theirs in zip(first, found, strict=True)]
            yield Row(f"{searches[0].name} less {search.name}", _means(gains))
        first = first or found


def _means(scores: Sequence[Scores]) -> tuple[Figure, ...]:
    return tuple(figure(name, mean, [each[name] for each in scores]) for name in scores[0])


# --- answers

SAID = ("sentence@1", "sentence@3", "short exact", "short F1", "false refusals")


def answers(bench: Bench) -> Iterator[Table]:
    """Sentences, short answers and false refusals; every citation and passage compared with its article."""
    said, exact = [], []
    for months, asked in bench.periods[:2]:
        with bench.realtimeqa.archive(*months) as archive:
            outcomes = _asked(archive, bench.realtimeqa.answerable(*asked), "answers")
            name = f"questions of {' to '.join(asked)} over {_size(archive)}"
        said.append(Row(name, _chosen(outcomes, SAID)))
        exact.append(Row(name, _exact(outcomes)))
    yield Table("RealTimeQA, answerable questions", tuple(said))
    yield Table("RealTimeQA, citations and passages that are exactly their article's words", tuple(exact))


def _asked(archive: qa.Archive, cases: Sequence[Case], name: str) -> tuple[Outcome, ...]:
    return evaluate(archive, _told(cases, name), mode="extractive").outcomes


def _chosen(outcomes: tuple[Outcome, ...], names: Sequence[str]) -> tuple[Figure, ...]:
    by_name = {each.name: each for each in Evaluation(outcomes).figures}
    return tuple(by_name[name] for name in names)


def _exact(outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
    citations = [
        each.article.text[each.start : each.end] == each.quote for one in outcomes for each in one.answer.citations
    ]
    passages = [each.article.text[each.start : each.end] == each.text for one in outcomes for each in one.passages]
    return figure("citations", mean, citations), figure("passages", mean, passages)


# --- several articles


def several(bench: Bench) -> Iterator[Table]:
    """Evidence found for questions over several articles, as the authors of MultiHop-RAG count it."""
    with bench.multihop.archive() as archive:
        cases = [case for case in bench.multihop.cases() if case.answerable]
        searches = _searches(bench, archive, "multihop")
        yield Table(f"MultiHop-RAG over {_size(archive)}", tuple(_compared(searches, cases, _evidence)))
        kinds = {kind: [case for case in cases if case.kind == kind] for kind in sorted({case.kind for case in cases})}
        rows = [replace(row, name=kind) for kind in kinds for row in _compared(searches[:1], kinds[kind], _evidence)]
        yield Table("MultiHop-RAG by kind of question", tuple(rows))


def _evidence(case: Case, texts: Sequence[str]) -> Scores:
    found, facts = [dense(text) for text in texts], [dense(fact) for fact in case.evidence]
    rank = first_rank(found, lambda text: any(fact in text for fact in facts))
    return {
        "Hits@4": float(rank is not None and rank <= 4),
        "Hits@10": float(rank is not None),
        "MRR@10": ranking(rank)["mrr@10"],
        "all evidence@10": float(all(any(fact in text for text in found) for fact in facts)),
    }


# --- refusals

REFUSALS = ("false answers", "false refusals", "confidence AUC", "false answers at 5% false refusals")


def refusal(bench: Bench) -> Iterator[Table]:
    """How often a question without an answer is answered, and one with an answer refused."""
    rows = []
    with bench.realtimeqa.archive(*QUARTER) as archive:
        cases = [*bench.realtimeqa.answerable(*QUARTER), *bench.realtimeqa.foreign(archive, *LATER)]
        rows.append(
            Row("RealTimeQA, against questions of December", _chosen(_asked(archive, cases, "refusal"), REFUSALS))
        )
    with bench.multihop.archive() as archive:
        cases = bench.multihop.cases()
        rows.append(
            Row("MultiHop-RAG, against its null questions", _chosen(_asked(archive, cases, "refusal"), REFUSALS))
        )
    yield Table("Questions with and without an answer in the archive", tuple(rows))


def rgb(bench: Bench) -> Iterator[Table]:
    """Each question with only the passages that hold its answer, then with only those that do not."""
    held, lacking, right = list[qa.Answer](), list[qa.Answer](), list[bool]()
    with bench.rgb.archive() as archive:
        for side in _told([each for each in bench.rgb.sides() if each.passages], "rgb"):
            answer = archive.ask(side.question, outlets=[side.outlet], mode="extractive")
            (held if side.holds else lacking).append(answer)
            if side.holds:
                right.append(any(holds(each.text, side.answers) for each in answer.sentences))
        size = _size(archive)
    sure, unsure = ([each.confidence for each in some] for some in (held, lacking))
    figures = (
        figure("false answers", mean, [not each.abstained for each in lacking]),
        figure("false refusals", mean, [each.abstained for each in held]),
        figure("confidence AUC", area, sure, unsure),
        figure("false answers at 5% false refusals", false_answers_at, sure, unsure),
        figure("answer in its sentences", mean, right),
    )
    yield Table(f"RGB over {size}", (Row("RGB", figures),))


# --- time


def speed(bench: Bench) -> Iterator[Table]:
    """Search and ask in a warm process, the question's embedding included."""
    with bench.realtimeqa.archive(*YEAR) as archive:
        every = bench.realtimeqa.answerable(*YEAR)
        cases = [every[number * len(every) // SPEED_QUESTIONS] for number in range(SPEED_QUESTIONS)]
        _asked(archive, cases[:10], "warming")
        outcomes = _asked(archive, cases, "speed")
        rows = []
        for stage in ("search", "ask"):
            taken = [getattr(each, f"{stage}_seconds") * 1e3 for each in outcomes]
            rows.append(Row(stage, (figure("median ms", median, taken), figure("95th percentile ms", slowest, taken))))
        yield Table(f"One question over {_size(archive)}", tuple(rows))


def _size(archive: qa.Archive) -> str:
    articles, passages = archive.catalog.counts()
    return f"{articles:,} articles, {passages:,} passages"


def _told(items: Sequence[Item], name: str) -> Iterator[Item]:
    """The items, one by one; how far it is goes to standard error."""
    begun = time.monotonic()
    for number, item in enumerate(items):
        if number % 50 == 0:
            print(f"{name}: {number} of {len(items)}, {time.monotonic() - begun:.0f} s", file=sys.stderr)
        yield item


SECTIONS: dict[str, Callable[[Bench], Iterator[Table]]] = {
    each.__name__: each for each in (retrieval, answers, several, refusal, rgb, speed)
}
