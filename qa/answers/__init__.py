"""An ``Answer`` with its ``Citation``s, and the events that lead to it.

Invariants: ``citation.article.text[citation.start:citation.end] == citation.quote``, and every sentence has a
verdict. The front ends read one stream: Searching, Found, any number of Text, Checked and Working, then Finished or
Failed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from qa.articles import Article
from qa.catalog import Copy
from qa.errors import NewsdeskError
from qa.models import Usage
from qa.passages import Passage
from qa.questions import Question
from qa.verification import Finding

__all__ = [
    *("Absence", "Answer", "Checked", "Citation", "Disagreement", "Event", "FactCheck", "Failed", "Finished", "Found"),
    *("Mode", "Searching", "Sentence", "Side", "Text", "Verdict", "Working", "article_summary"),
]

Mode = Literal["extractive", "generated"]

Verdict = Literal["quoted", "supported", "partly supported", "unsupported", "contradicted", "no citation"]
"""How a sentence stands to the words that it cites: it is those words; they say what it says; they say a part of it;
they do not say it; they say otherwise; it cites nothing, and nothing was found that it could cite."""

GOOD: frozenset[Verdict] = frozenset({"quoted", "supported"})
"""The verdicts that leave nothing to doubt."""


@dataclass(frozen=True, slots=True)
class Citation:
    """The words of an article that a sentence rests on. ``number`` is 1 for the first one that an answer cites."""

    number: int
    article: Article
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, without its markers.

    ``citations`` are numbers of the answer's citations. ``unresolved`` are the markers that a model wrote and that
    lead to no evidence, as it wrote them. ``means``: whom or what a pronoun at its beginning stands for, to be shown in
    brackets, never as part of the quote; empty where it stands alone. ``origins``: how many independent articles found
    say the same, itself included.

    Of a sentence that a model wrote: ``reasons``, what of it was looked for and is not there, or is there otherwise;
    ``score`` in [0, 1], about the probability that the cited words say it; ``corrected``: it cites others of its
    evidence than the model named, because those say it; ``written``: what the model had written before it was asked to
    mend it; ``opening``: what parts it from the sentence before (a blank, a new paragraph, a bullet).
    """

    text: str
    citations: tuple[int, ...]
    verdict: Verdict
    unresolved: tuple[str, ...] = ()
    means: str = ""
    origins: int = 1
    reasons: tuple[Finding, ...] = ()
    score: float = 1.0
    corrected: bool = False
    written: str = ""
    opening: str = " "

    @property
    def marked(self) -> str:
        """The text with its markers before the final stop or after it: ``... [1][2]``, ``[7?]`` for unresolved."""
        markers = "".join(f"[{number}]" for number in self.citations)
        markers += "".join(f"[{marker}?]" for marker in self.unresolved)
        return f"{self.text} {markers}" if markers else self.text


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a disagreement: what is said, in the article's own words, and the citation that says it."""

    said: str
    citation: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Independent articles that differ on one thing, the newest first.

    ``about``: the words that they share ("people died"). What a later article says may correct the earlier one.
    """

    about: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Absence:
    """What was looked for and not found.

    ``articles``: how many the search could find, inside the window and the outlets. ``near``: for the nearest passages
    of the answer, in their order, why each does not do.
    """

    articles: int
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the articles say to a question.

    ``short`` is the answer in a few words where the kind of question allows one, else empty; it occurs in a cited
    sentence. ``abstained``: the evidence does not answer; ``reason`` says why, and ``passages`` holds what came
    nearest, ``absence`` what was searched. ``confidence`` in [0, 1] is about the probability that the articles answer,
    and what the decision to answer rests on; ``short_confidence`` that of the short answer being right.
    ``disagreements``: where what is quoted differs. ``asked``: the question as it was understood; None for an answer
    kept by an earlier version. ``timings`` are seconds by stage.

    Of an answer that a model wrote: ``model`` and the ``server`` that question and passages went to, its ``usage``, the
    version of the ``prompts``, ``revision``, how it was asked to write an earlier answer anew ("shorter"), and
    ``incomplete``: it ended before its end, ``reason`` says why.
    """

    question: str
    mode: Mode
    abstained: bool = False
    reason: str = ""
    short: str = ""
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    confidence: float = 0.0
    short_confidence: float = 0.0
    disagreements: tuple[Disagreement, ...] = ()
    absence: Absence | None = None
    asked: Question | None = None
    model: str = ""
    timings: Mapping[str, float] = field(default_factory=dict)
    server: str = ""
    usage: Usage | None = None
    prompts: int = 0
    revision: str = ""
    incomplete: bool = False

    @property
    def text(self) -> str:
        """The sentences with their markers, or why there are none."""
        return "".join(each.opening + each.marked for each in self.sentences).strip() or self.reason

    def copies(self, citation: Citation) -> tuple[Copy, ...]:
        """The near-copies of the cited article, itself included; empty if it is the only one."""
        return next((p.copies for p in self.passages if p.copies and p.article.id == citation.article.id), ())

    def as_json(self) -> dict[str, Any]:
        """The answer as the command line prints it; ``json.dumps`` takes it."""
        from qa.answers.fields import answer_fields

        return answer_fields(self)


@dataclass(frozen=True, slots=True)
class FactCheck:
    """A text held against the archive: its sentences with their verdicts, and what they are held against.

    A sentence of which the archive says nothing is ``unsupported`` and cites nothing. Questions are left out.
    """

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]


def article_summary(article: Article | Copy) -> dict[str, Any]:
    """What tells a reader which article it is, for JSON."""
    return {
        "id": article.id,
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url or None,
    }


@dataclass(frozen=True, slots=True)
class Searching:
    """The question is understood, the search begins. ``articles``: how many lie within its limits."""

    question: Question
    articles: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The passages that the answer will be made from, best first."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Working:
    """What goes on while there is nothing to show, again and again while it lasts. ``seconds`` since it began."""

    doing: Literal["rewriting", "waiting", "thinking", "checking", "repairing"]
    seconds: float


@dataclass(frozen=True, slots=True)
class Text:
    """More of the answer as Markdown; joined, the deltas are a draft of what ``Finished`` brings.

    What a model writes comes as it wrote it: whoever renders it follows no link, image or HTML in it.
    """

    delta: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of the draft was checked, while the next one streams. ``index``: its place among them, from 0.

    ``citations``: those that it cites. A sentence that turns out longer than it looked is checked again.
    """

    index: int
    sentence: Sentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer, verified."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Failed:
    """No answer could be made. ``answer`` keeps what came before the error: its passages, perhaps sentences."""

    error: NewsdeskError
    answer: Answer


Event = Searching | Found | Working | Text | Checked | Finished | Failed


class Citations:
    """Numbers the cited spans of one answer in the order in which they are first cited."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int, int], Citation] = {}

    def cite(self, article: Article, start: int, end: int) -> int:
        """The number for this span, a new one if it was not cited before."""
        key = (article.id, start, end)
        if key not in self._numbers:
            number = len(self._numbers) + 1
            self._numbers[key] = Citation(number, article, start, end, article.text[start:end])
        return self._numbers[key].number

    def all(self) -> tuple[Citation, ...]:
        """Every citation by number."""
        return tuple(self._numbers.values())


_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")


def markdown_text(text: str) -> str:
    """``text`` so that Markdown shows it as it is."""
    return _MARKDOWN.sub(r"\\\1", text)


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """The values without doubles, in their order."""
    return tuple(dict.fromkeys(values))
