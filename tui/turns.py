"""A question and what has become of it, as the conversation shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qa.explanations import evidence
from tui.display import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answers import Answer, Citation
    from qa.inferences import What
    from qa.passages import Passage
    from qa.questions import Question

State = Literal["waiting", "searching", "reading", "writing", "answered", "stopped", "failed"]

RUNNING: frozenset[State] = frozenset({"searching", "reading", "writing"})


@dataclass(eq=False)
class Turn:
    """One question of a conversation. A turn is itself and no other: two may ask the same.

    ``draft`` is what has come of the answer as Markdown, ``answer`` the verified one. ``error`` says why there is
    none; then ``answer``, if there is one, holds what came before. ``asked`` is the question as it was understood,
    ``removed`` what is not to be read out of its words, ``before`` the turns that it may lean on.
    """

    question: str
    state: State = "waiting"
    passages: tuple[Passage, ...] = ()
    draft: str = ""
    answer: Answer | None = None
    error: str = ""
    asked: Question | None = None
    removed: frozenset[What] = frozenset()
    before: tuple[Turn, ...] = ()

    @property
    def running(self) -> bool:
        """Whether its answer is being made."""
        return self.state in RUNNING

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations of its answer."""
        return self.answer.citations if self.answer else ()

    @classmethod
    def restored(cls, answer: Answer, before: Sequence[Turn] = ()) -> Turn:
        """The turn that a kept answer belongs to."""
        return cls(answer.question, "answered", answer.passages, answer=answer, asked=answer.asked, before=(*before,))

    def again(self, *, switched: What | None = None) -> Turn:
        """The same question once more, after the same turns; ``switched``: with or without what it was without, with.

        A turn that leans on others must not lean on itself.
        """
        removed = self.removed if switched is None else self.removed ^ {switched}
        return Turn(self.question, removed=removed, before=self.before)


def describe(turn: Turn, *, opened: bool) -> str:
    """What a turn does, in words. ``opened``: the archive is there, so that waiting means waiting for an answer."""
    found = _passages(turn)
    sure = evidence(turn.answer) if turn.answer is not None else ""
    words: dict[State, str] = {
        "waiting": "waiting for the answer before it" if opened else "waiting for the archive",
        "searching": "searching",
        "reading": f"reading {found}",
        "writing": f"writing from {found}",
        "stopped": "stopped · ctrl+r asks again",
        "failed": f"no answer · {found}" if turn.passages else "no answer",
        "answered": _joined(sure, count(len(turn.citations), "citation"), found),
    }
    if turn.answer is not None and turn.answer.abstained:
        return _joined("not answered by the articles", sure or (found if turn.passages else ""))
    return words[turn.state]


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _passages(turn: Turn) -> str:
    outlets = len({passage.article.outlet for passage in turn.passages})
    return f"{count(len(turn.passages), 'passage')} from {count(outlets, 'outlet')}"
