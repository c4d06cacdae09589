"""What was read out of a question, and why it has no answer: quiet lines whose parts can be pressed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from qa.explanations import NAMES, Refusal, readings, refusal
from tui.display import byline, one_line
from tui.messages import PassageChosen, ReadingSwitched, TurnChosen

if TYPE_CHECKING:
    from qa.inferences import What
    from tui.turns import Turn

CHANGES = "ctrl+l"
"""The key of the list in which all of it can be changed."""

NEAREST = 2
"""Passages that are named where there is no answer; the evidence lists them all."""
TITLE = 50
"""Characters of a title that are named."""


def pressed(text: str, action: str, argument: str | int) -> Content:
    """Text that runs an action of its widget when it is clicked."""
    return Content.styled(text, Style.from_meta({"@click": (action, (argument,))}))


def _shortened(title: str) -> str:
    return title if len(title) <= TITLE else f"{title[:TITLE].rsplit(' ', 1)[0]} …"


class Explained(Static):
    """Lines about a turn; mounted where there is something to say, without height where there no longer is."""

    def __init__(self, turn: Turn) -> None:
        super().__init__("", markup=False, classes=f"explained {type(self).__name__.casefold()}")
        self.turn = turn

    def on_mount(self) -> None:
        """Say it."""
        self.show()

    def show(self) -> None:
        """Bring the lines in step with the turn."""
        lines = [line for line in self.lines(self.turn) if line]
        self.display = bool(lines)
        self.update(Content("\n").join(lines))

    @staticmethod
    def lines(turn: Turn) -> Iterator[Content]:
        """What there is to say of a turn."""
        raise NotImplementedError

    def action_switch(self, what: What) -> None:
        """Ask again without what was read, or with what was left out."""
        self.post_message(ReadingSwitched(self.turn, what))


class Understood(Explained):
    """``understood: last week (2026-11-09 to 2026-11-15) ✕ · BBC ✕``."""

    @staticmethod
    def lines(turn: Turn) -> Iterator[Content]:
        """One line, which may wrap; of an answer that is another one's, which."""
        if turn.of is not None:
            yield Content(f"written anew: “{one_line(turn.origin.question)}”")
            return
        asked, removed = turn.asked, turn.removed
        found = readings(asked) if asked is not None else []
        parts = [pressed(f"{one_line(each.text)}\u00a0✕", "switch", each.what) for each in found]
        parts += [pressed(f"without {NAMES[what]}\u00a0↺", "switch", what) for what in sorted(removed)]
        if parts:
            line = Content("understood: ") if found else Content("")
            yield Content.assemble(line, Content(" · ").join(parts), f"   {CHANGES}")


class Refused(Explained):
    """What was searched, the nearest passages with why each does not do, and what one can do."""

    @staticmethod
    def lines(turn: Turn) -> Iterator[Content]:
        """Nothing for a turn that has an answer."""
        answer = turn.answer
        if answer is None or not answer.abstained:
            return
        told: Refusal = refusal(answer)
        yield Content(one_line(" ".join(told.searched)))
        if told.near:
            yield Content("Nearest:")
        for near in told.near[:NEAREST]:
            article, why = near.passage.article, f": {one_line(near.why)}" if near.why else ""
            title = pressed(_shortened(one_line(article.title)), "read", near.index)
            yield Content.assemble("· ", title, f", {byline(article, ', ')}{why}")
        if told.remedies:
            does = [pressed(each.text, "switch", each.what) if each.what else each.text for each in told.remedies]
            yield Content.assemble("You can: ", Content(" · ").join(does))

    def action_read(self, index: int) -> None:
        """Open one of the nearest passages."""
        self.post_message(TurnChosen(self.turn))
        self.post_message(PassageChosen(index))
