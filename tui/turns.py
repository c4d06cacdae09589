"""A question and what has become of it, as the conversation shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tui.display import count

if TYPE_CHECKING:
    from qa.answers import Answer, Citation
    from qa.passages import Passage

State = Literal["waiting", "searching", "reading", "writing", "answered", "stopped", "failed"]

RUNNING: frozenset[State] = frozenset({"searching", "reading", "writing"})


@dataclass(eq=False)
class Turn:
    """One question of a conversation. A turn is itself and no other: two may ask the same.

    ``draft`` is what has come of the answer as Markdown, ``answer`` the verified one. ``error`` says why there is
    none; then ``answer``, if there is one, holds what came before.
    """

    question: str
    state: State = "waiting"
    passages: tuple[Passage, ...] = ()
    draft: str = ""
    answer: Answer | None = None
    error: str = ""

    @property
    def running(self) -> bool:
        """Whether its answer is being made."""
        return self.state in RUNNING

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations of its answer."""
        return self.answer.citations if self.answer else ()

    def again(self) -> None:
        """Back to waiting, as if just asked."""
        self.state, self.passages, self.draft, self.answer, self.error = "waiting", (), "", None, ""

    @classmethod
    def restored(cls, answer: Answer) -> Turn:
        """The turn that a kept answer belongs to."""
        return cls(answer.question, "answered", answer.passages, answer=answer)


def describe(turn: Turn, *, opened: bool) -> str:
    """What a turn does, in words. ``opened``: the archive is there, so that waiting means waiting for an answer."""
    if turn.state == "waiting":
        return "waiting for the answer before it" if opened else "waiting for the archive"
    if turn.state == "searching":
        return "searching"
    if turn.state == "reading":
        return f"reading {_passages(turn)}"
    if turn.state == "writing":
        return f"writing from {_passages(turn)}"
    if turn.state == "stopped":
        return "stopped · ctrl+r asks again"
    if turn.state == "failed":
        return f"no answer · {_passages(turn)}" if turn.passages else "no answer"
    assert turn.answer is not None
    if turn.answer.abstained:
        return f"not answered by the articles · {_passages(turn)}" if turn.passages else "not answered by the articles"
    return f"{count(len(turn.citations), 'citation')} · {_passages(turn)}"


def _passages(turn: Turn) -> str:
    outlets = len({passage.article.outlet for passage in turn.passages})
    return f"{count(len(turn.passages), 'passage')} from {count(outlets, 'outlet')}"
