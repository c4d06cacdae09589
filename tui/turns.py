"""A question and what has become of it, as the conversation shows it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tui.display import count
from tui.filters import NONE, Filters

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from qa.answers import Answer, Citation, Sentence
    from qa.inferences import What
    from qa.passages import Passage
    from qa.questions import Question

State = Literal["waiting", "searching", "reading", "writing", "answered", "stopped", "failed"]

RUNNING: frozenset[State] = frozenset({"searching", "reading", "writing"})
UNFINISHED: frozenset[State] = frozenset({"stopped", "failed"})


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answers: the ``mode`` and ``model`` of ``Archive.stream``."""

    mode: str = "auto"
    model: str | None = None


QUOTES = Answerer("extractive")
"""Quotes from the articles, no model."""


@dataclass(eq=False, repr=False)
class Turn:
    """One question of a conversation. A turn is itself and no other: two may ask the same.

    ``draft`` is what has come of the answer as Markdown, ``checked`` its sentences that were, by their place,
    ``answer`` the verified one. ``error`` says why there is none; then ``answer``, if there is one, holds what came
    before. ``asked`` is the question as it was understood, ``removed`` what is not to be read out of its words,
    ``before`` the turns that it may lean on.

    ``answerer``: who is to answer, None for whoever is chosen when it is answered; ``filters``: what it is limited to;
    ``model``: the model that does,
    empty for none; ``doing``: what goes on, where that is not plain. ``of``: the turn whose answer this one writes
    anew, ``how``. ``articles``: how many were searched. ``marker``: the place of the marker that was stepped to,
    ``opened``: whether its steps are shown. ``stored``: whether its answer is among the kept conversations. ``stop``,
    once it is set, ends the answer where it is.
    """

    question: str
    state: State = "waiting"
    passages: tuple[Passage, ...] = ()
    draft: str = ""
    checked: dict[int, Sentence] = field(default_factory=dict)
    answer: Answer | None = None
    error: str = ""
    asked: Question | None = None
    removed: frozenset[What] = frozenset()
    before: tuple[Turn, ...] = ()
    answerer: Answerer | None = None
    filters: Filters = NONE
    model: str = ""
    doing: str = ""
    of: Turn | None = None
    how: str = ""
    articles: int = 0
    marker: int | None = None
    opened: bool = False
    stored: bool = False
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def running(self) -> bool:
        """Whether its answer is being made."""
        return self.state in RUNNING

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations of its answer."""
        return self.answer.citations if self.answer else ()

    @property
    def markers(self) -> list[int]:
        """The citations that the markers of its answer lead to, in the order in which they stand there."""
        if self.answer is None or not self.answer.sentences:
            return []
        sides = [side.citation for each in self.answer.disagreements for side in each.sides]
        return sides + [number for each in self.answer.sentences for number in each.citations]

    @property
    def current(self) -> Citation | None:
        """The citation whose marker was stepped to, else the first that is cited."""
        markers = self.markers
        place = self.marker if self.marker is not None and self.marker < len(markers) else 0
        return next((each for each in self.citations if each.number in markers[place : place + 1]), None)

    @property
    def kept(self) -> bool:
        """Whether it has an answer worth keeping: a whole one, or sentences of one."""
        answer = self.answer
        return answer is not None and bool(answer.sentences or self.state == "answered")

    @property
    def quotable(self) -> bool:
        """Whether a model came to nothing with it, or not to its end, so that quotes may stand in."""
        return self.state in UNFINISHED and bool(self.model) and bool(self.passages) and not self.how

    @property
    def origin(self) -> Turn:
        """The turn that asked the question which this one answers: itself unless it writes another's anew."""
        return self if self.of is None else self.of.origin

    @classmethod
    def restored(cls, answer: Answer, before: Sequence[Turn] = ()) -> Turn:
        """The turn that a kept answer belongs to."""
        turn = cls(answer.question, "answered", answer.passages, answer=answer, asked=answer.asked, before=(*before,))
        turn.filters = Filters.of(answer)
        turn.stored = True
        if answer.revision:
            turn.question = turn.how = answer.revision
            same = (each for each in reversed(before) if each.answer and each.answer.question == answer.question)
            turn.of = next(same, cls(answer.question, "answered", answer.passages, answer=answer, asked=answer.asked))
        return turn

    def again(self, *, switched: What | None = None, answerer: Answerer | None = None) -> Turn:
        """The same question once more, after the same turns; ``switched``: with or without what it was without, with.

        A turn that leans on others must not lean on itself.
        """
        if switched is not None and self.of is not None:
            return self.origin.again(switched=switched)
        removed = self.removed if switched is None else self.removed ^ {switched}
        by = answerer or self.answerer
        return Turn(
            self.question,
            removed=removed,
            before=self.before,
            answerer=by,
            filters=self.filters,
            of=self.of,
            how=self.how,
        )


# --- in words


def describe(turn: Turn, *, opened: bool) -> str:
    """What a turn does, or what its answer is worth. ``opened``: the archive is there, and others are waited for."""
    from qa.explanations import evidence

    if turn.running:
        return _going_on(turn)
    answer = turn.answer
    sentences = answer.sentences if answer is not None else ()
    doubts = _verdicts(stated(sentences)) if answer is not None and answer.mode == "generated" else ""
    if turn.state in UNFINISHED:
        came = _joined("incomplete", doubts) if sentences else "" if turn.state == "stopped" else "no answer"
        offer = "ctrl+g answers with quotes only" if turn.quotable else ""
        return _joined("stopped" if turn.state == "stopped" else "", came, "ctrl+r asks again", offer)
    if answer is None:
        return "waiting for the answer before it" if opened else "waiting for the archive"
    if answer.abstained:
        return _joined("not answered by the articles", evidence(answer))
    incomplete = "incomplete" if answer.incomplete else ""
    return _joined(incomplete, doubts, evidence(answer), count(len(turn.citations), "citation"))


def found(turn: Turn) -> str:
    """``searched 7,580 articles · 23 passages from 9 outlets · 4 sentences checked · 1.2 s``, as far as it is known."""
    answer = turn.answer
    searched = "" if turn.of is not None else _searched(turn)
    told = [searched, _passages(turn) if turn.passages else ""]
    if answer is not None and not turn.running:
        usage = answer.usage
        cost = f"{usage.cost:.4f} {usage.currency}" if usage is not None and usage.cost is not None else ""
        took = f"{answer.timings['total']:.1f} s" if "total" in answer.timings else ""
        number = len(stated(answer.sentences)) if answer.mode == "generated" else 0
        told += [f"{count(number, 'sentence')} checked" if number else "", cost, took]
    return _joined(*told)


def doubtful(turn: Turn) -> bool:
    """Whether what its answer says is in doubt, so that one should look."""
    answer = turn.answer
    if turn.running or answer is None:
        return False
    return answer.incomplete or (answer.mode == "generated" and bool(_failed(stated(answer.sentences))))


def stated(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Those that say something: code, or the head of a table, with which an answer ends does not."""
    return [each for each in sentences if "\n" not in each.text and not each.text.startswith(("```", "~~~"))]


def _searched(turn: Turn) -> str:
    if turn.asked is None or (turn.running and turn.state == "searching"):
        return ""
    absence = turn.answer.absence if turn.answer is not None else None
    articles = turn.articles or (absence.articles if absence is not None else 0)
    return f"searched {count(articles, 'article')}" if articles else "searched"


def _going_on(turn: Turn) -> str:
    """``writing · 3 sentences checked, 1 not supported``."""
    if turn.stop.is_set():
        return "stopping · esc again leaves it at once"
    if turn.state == "searching":
        articles = f" {count(turn.articles, 'article')}" if turn.articles else ""
        return turn.doing or f"searching{articles}"
    told = _checked(stated(turn.checked.values())) if turn.checked and turn.state == "writing" else ""
    return _joined(turn.doing or turn.state, told)


def working(doing: str, seconds: float, model: str) -> str:
    """What a model does while there is nothing to show of it: ``waiting for llama3, 3 s``."""
    words = {
        "rewriting": "rewriting the question",
        "waiting": f"waiting for {model or 'the model'}",
        "thinking": f"{model or 'the model'} is thinking",
        "repairing": "mending",
    }
    since = f", {seconds:.0f} s" if seconds >= 1 else ""
    return f"{words.get(doing, doing)}{since}"


def _checked(sentences: Collection[Sentence]) -> str:
    """``3 sentences checked, 1 not supported``."""
    failed = _failed(sentences)
    return f"{count(len(sentences), 'sentence')} checked" + (f", {failed} not supported" if failed else "")


def _verdicts(sentences: Collection[Sentence]) -> str:
    """``1 of 3 sentences not supported``, ``3 sentences supported``; empty for none."""
    if failed := _failed(sentences):
        return f"{failed} of {count(len(sentences), 'sentence')} not supported"
    return f"{count(len(sentences), 'sentence')} supported" if sentences else ""


def _failed(sentences: Collection[Sentence]) -> int:
    from qa.explanations import SIGNS

    return sum(each.verdict in SIGNS for each in sentences)


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _passages(turn: Turn) -> str:
    outlets = len({passage.article.outlet for passage in turn.passages})
    return f"{count(len(turn.passages), 'passage')} from {count(outlets, 'outlet')}"
