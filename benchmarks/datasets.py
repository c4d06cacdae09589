"""The public sets that the figures are taken on: their questions as cases, their articles as archives.

DATA is a folder that holds ``realtimeqa``, ``multihop`` and ``rgb``. The texts are their publishers' and stay outside
the repository. An archive that was built once is kept, with the articles that it was built from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import qa
from qa.config import load
from qa.evaluation import Case
from qa.evaluation.figures import normalised

LATE = timedelta(days=3)
"""RealTimeQA's articles were gathered this long after the date of the question that lists them."""
DISTRACTORS = ("2023-09-20", "2023-12-31")
"""First and last day of the RealTimeQA articles that surround those of MultiHop-RAG."""


def rows(file: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON Lines."""
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def built(folder: Path, articles: Iterable[dict[str, Any]]) -> qa.Archive:
    """The archive of these articles with the default settings; what is missing of it is built."""
    archive = qa.Archive.open(folder, config=load(None, environ={}))
    kept = list(articles)
    if archive.catalog.counts()[0] < len(kept) or archive.catalog.count_pending("vectors"):
        source = folder / "articles.jsonl"
        source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept), encoding="utf-8")
        archive.ingest([source])
    return archive


class RealTimeQA:
    """News quizzes by the week (Kasai and others, 2023), and the articles that their makers' search brought up.

    A period is a range of months, such as ``2023-01`` to ``2023-03``; its archive is every article that its questions
    list. A question is asked as of the third day after its date.
    """

    def __init__(self, data: Path, archives: Path) -> None:
        self._folder = data / "realtimeqa"
        self._archives = archives
        self._rows = rows(self._folder / "2023.questions.jsonl")

    def cases(self, first: str, last: str) -> list[Case]:
        """The questions of a period, with and without an answer in the articles."""
        return [
            Case(
                question=row["question"],
                answers=tuple(row["answers"]),
                answerable=row["answerable"],
                now=(date.fromisoformat(row["date"]) + LATE).isoformat(),
                where=row["id"],
            )
            for row in self._period(first, last)
        ]

    def answerable(self, first: str, last: str) -> list[Case]:
        """The questions of a period that its articles answer."""
        return [case for case in self.cases(first, last) if case.answerable]

    def foreign(self, archive: qa.Archive, first: str, last: str) -> list[Case]:
        """The questions of a period of which no answer occurs anywhere in an archive of another."""
        texts = [normalised(f"{article.title}\n{article.text}") for article in archive.articles()]
        return [
            Case(case.question, answerable=False, now=case.now, where=case.where)
            for case in self.cases(first, last)
            if not any(wanted in text for wanted in map(normalised, case.answers) for text in texts)
        ]

    def archive(self, first: str, last: str) -> qa.Archive:
        """The archive of a period."""
        wanted = {name for row in self._period(first, last) for name in row["articles"]}
        articles = (row for row in self.articles() if row["id"] in wanted)
        return built(self._archives / f"realtimeqa-{first}-{last}", articles)

    def articles(self) -> Iterator[dict[str, Any]]:
        """Every article of the year."""
        yield from rows(self._folder / "2023.articles.jsonl")

    def _period(self, first: str, last: str) -> list[dict[str, Any]]:
        return [row for row in self._rows if first <= row["date"][:7] <= last]


class MultiHop:
    """Questions over several articles at once (Tang and Yang, 2024), and questions that nothing answers."""

    def __init__(self, data: Path, archives: Path) -> None:
        self._folder = data / "multihop"
        self._archives = archives
        self._others = RealTimeQA(data, archives)

    def cases(self) -> list[Case]:
        """Its questions. Their answers are seldom a sentence's words ("Yes"), so evidence alone is compared."""
        return [
            Case(
                question=row["question"],
                answerable=row["type"] != "null",
                evidence=tuple(each["fact"] for each in row["evidence"]),
                kind=row["type"],
                where=str(row["id"]),
            )
            for row in rows(self._folder / "questions.jsonl")
        ]

    def archive(self) -> qa.Archive:
        """Its articles among those of RealTimeQA from the same months."""
        first, last = DISTRACTORS
        others = [row for row in self._others.articles() if first <= (row["published"] or "")[:10] <= last]
        return built(self._archives / "multihop", [*rows(self._folder / "articles.jsonl"), *others])


@dataclass(frozen=True, slots=True)
class Side:
    """A question with only the passages that hold its answer, or only those that do not."""

    question: str
    answers: tuple[str, ...]
    passages: tuple[str, ...]
    holds: bool
    outlet: str


class RGB:
    """Questions with passages that hold the answer and passages that do not (Chen and others, 2024).

    One archive holds every passage as an article; its outlet names the question and the side, so that a question can
    be asked with only its passages of one side in sight.
    """

    def __init__(self, data: Path, archives: Path) -> None:
        self._rows = rows(data / "rgb" / "questions.jsonl")
        self._archives = archives

    def sides(self) -> Iterator[Side]:
        """Each question twice."""
        for row in self._rows:
            answers = tuple(text for each in row["answer"] for text in ([each] if isinstance(each, str) else each))
            flagged = list(zip(row["retrieved_top5"], row["retrieved_has_answer"], strict=True))
            held = dict.fromkeys([*row["gold"], *(text for text, holds in flagged if holds)])
            lacking = dict.fromkeys(text for text, holds in flagged if not holds and text not in held)
            yield Side(row["query"], answers, tuple(held), True, f"{row['id']} with")
            yield Side(row["query"], answers, tuple(lacking), False, f"{row['id']} without")

    def archive(self) -> qa.Archive:
        """Every passage of every question."""
        return built(self._archives / "rgb", self._articles())

    def _articles(self) -> list[dict[str, Any]]:
        return [
            {"title": text[:80], "text": text, "outlet": side.outlet, "url": f"https://rgb.example/{number}/{place}"}
            for number, side in enumerate(self.sides())
            for place, text in enumerate(side.passages)
        ]
