"""Questions with known answers, asked of an archive: how often it finds, answers and refuses as it should.

Every figure is one number over the questions that it applies to, with how many those are and a 95% interval, because
a difference smaller than the interval says nothing; and every question that went wrong is kept with what was found
instead, because only that tells what to do about it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qa.articles.urls import canonical_url
from qa.evaluation.cases import Case, read_cases
from qa.evaluation.figures import (
    CUTS,
    DEPTH,
    Figure,
    area,
    dense,
    exact_match,
    false_answers_at,
    figure,
    first_rank,
    holds,
    mean,
    median,
    ranking,
    slowest,
    token_f1,
)
from qa.questions import Turn

if TYPE_CHECKING:
    from qa.answers import Answer
    from qa.archive import Archive
    from qa.articles import Article
    from qa.passages import Passage

__all__ = ["Case", "Evaluation", "Figure", "Outcome", "evaluate", "read_cases"]

PASSAGE = 1200
"""Characters of a passage that count: a longer one is no better for being long."""
SENTENCES = (1, 3)


def goes_by(article: Article) -> set[str]:
    """The names by which a question may mean an article."""
    place, _, item = article.source.partition("#")
    return {article.id, article.url, *article.keys, place, Path(place).name, Path(place).stem, item} - {""}


def headed(passage: Passage) -> str:
    """A passage under what its article says of itself, as evidence is looked for in it."""
    article = passage.article
    published = article.published.isoformat()[:10] if article.published else ""
    return f"{article.title}\n{article.outlet} {published}\n{passage.text[:PASSAGE]}"


@dataclass(frozen=True)
class Outcome:
    """What an archive made of a question. Times in seconds.

    ``found`` are the names by which the articles of the passages go, and their near-copies, which are not shown twice.
    """

    case: Case
    passages: tuple[Passage, ...]
    found: frozenset[str]
    answer: Answer
    search_seconds: float
    ask_seconds: float

    @cached_property
    def rank(self) -> int | None:
        """The place, from 1, of the first passage that holds an answer."""
        return first_rank([each.text[:PASSAGE] for each in self.passages], lambda text: holds(text, self.case.answers))

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The evidence that none of the passages holds."""
        texts = [dense(headed(each)) for each in self.passages]
        return tuple(fact for fact in self.case.evidence if not any(dense(fact) in text for text in texts))

    @cached_property
    def unfound(self) -> tuple[str, ...]:
        """The named articles of which no passage was found."""
        return tuple(name for name in self.case.articles if not {name, canonical_url(name)} & self.found)

    @property
    def scores(self) -> dict[str, float]:
        """Every score that applies to the question."""
        case, answer = self.case, self.answer
        if not case.answerable:
            return {"false answers": float(not answer.abstained)}
        scores = {"false refusals": float(answer.abstained)}
        if case.answers:
            said = [holds(sentence.text, case.answers) for sentence in answer.sentences]
            scores |= ranking(self.rank)
            scores |= {f"sentence@{cut}": float(any(said[:cut])) for cut in SENTENCES}
            scores |= {
                "short exact": float(exact_match(answer.short, case.answers)),
                "short F1": token_f1(answer.short, case.answers),
            }
        if case.articles:
            scores[f"articles@{DEPTH}"] = 1 - len(self.unfound) / len(case.articles)
        if case.evidence:
            scores[f"all evidence@{DEPTH}"] = float(not self.missing)
        return scores

    @property
    def failure(self) -> str:
        """What went wrong, in a few words; empty if nothing did."""
        scores = self.scores
        if scores.get("false answers"):
            return "answered, though nothing answers it"
        if scores.get("false refusals"):
            return "refused"
        if scores.get(f"sentence@{SENTENCES[-1]}", 1.0) < 1:
            where = f"passage {self.rank} holds it" if self.rank else f"nor in the first {DEPTH} passages"
            return f"not in the first {SENTENCES[-1]} sentences; {where}"
        return f"evidence missing from the first {DEPTH} passages" if self.missing else ""


@dataclass(frozen=True)
class Evaluation:
    """What came of many questions."""

    outcomes: tuple[Outcome, ...]

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure that applies, in the order of ``METRICS``, then confidence and times."""
        return (*self._means(self.outcomes), *self._confidence(), *self._times())

    @cached_property
    def kinds(self) -> dict[str, tuple[Figure, ...]]:
        """The shares and means by kind of question; empty if no question has one."""
        groups: dict[str, list[Outcome]] = {}
        for each in self.outcomes:
            groups.setdefault(each.case.kind or "other", []).append(each)
        return {kind: self._means(some) for kind, some in sorted(groups.items())} if groups.keys() - {"other"} else {}

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The questions that went wrong."""
        return tuple(each for each in self.outcomes if each.failure)

    @staticmethod
    def _means(outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
        scores = [each.scores for each in outcomes]
        samples = {name: [each[name] for each in scores if name in each] for name in METRICS}
        return tuple(figure(name, mean, sample) for name, sample in samples.items() if sample)

    def _confidence(self) -> Iterator[Figure]:
        answerable, others = (
            [each.answer.confidence for each in self.outcomes if each.case.answerable is wanted]
            for wanted in (True, False)
        )
        if answerable and others:
            yield figure("confidence AUC", area, answerable, others)
            yield figure("false answers at 5% false refusals", false_answers_at, answerable, others)

    def _times(self) -> Iterator[Figure]:
        for stage in ("search", "ask"):
            taken = [getattr(each, f"{stage}_seconds") * 1e3 for each in self.outcomes]
            yield figure(f"{stage}, median ms", median, taken)
            yield figure(f"{stage}, 95th percentile ms", slowest, taken)


METRICS = (
    *(f"hit@{cut}" for cut in CUTS),
    *(f"mrr@{DEPTH}", f"articles@{DEPTH}", f"all evidence@{DEPTH}"),
    *(f"sentence@{cut}" for cut in SENTENCES),
    *("short exact", "short F1", "false refusals", "false answers"),
)
"""What is averaged over the questions that it applies to."""


def evaluate(archive: Archive, cases: Iterable[Case], *, mode: str = "auto") -> Evaluation:
    """Ask every question of ``archive`` and compare. ``mode`` is that of ``Archive.ask``, as are the errors."""
    archive.warm()
    return Evaluation(tuple(_asked(archive, case, mode) for case in cases))


def _asked(archive: Archive, case: Case, mode: str) -> Outcome:
    turns = _conversation(archive, case, mode)
    begun = time.perf_counter()
    passages = archive.search(case.question, now=case.now, turns=turns, limit=DEPTH)
    searched = time.perf_counter()
    answer = archive.ask(case.question, now=case.now, turns=turns, mode=mode)
    asked = time.perf_counter()
    found = frozenset(_names(archive, passages)) if case.articles else frozenset()
    return Outcome(case, tuple(passages), found, answer, searched - begun, asked - searched)


def _conversation(archive: Archive, case: Case, mode: str) -> list[Turn]:
    """What was said before the question: its earlier questions, asked one after the other."""
    turns: list[Turn] = []
    for earlier in case.turns:
        turns.append(Turn(earlier, archive.ask(earlier, now=case.now, turns=turns, mode=mode).text))
    return turns


def _names(archive: Archive, passages: Iterable[Passage]) -> Iterator[str]:
    for passage in passages:
        yield from goes_by(passage.article)
        for copy in passage.copies:
            article = archive.article(copy.id)
            yield from goes_by(article) if article else ()
