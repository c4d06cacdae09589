"""What a turn does and did, step by step: one line, which opens to what stands behind each step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from qa.explanations import SIGNS, spent
from tui.display import count, disarm, one_line, took
from tui.turns import describe

if TYPE_CHECKING:
    from qa.questions import Question
    from tui.turns import Turn

DONE, GOING = "✓", "›"
OPENED, CLOSED = "▾", "▸"
STAGES = {"search": "searching", "answer": "answering", "first": "first word", "verify": "checking"}


class Steps(Static):
    """Why there is no whole answer, what goes on, what it took; a click, or ``o`` on the turn, opens the steps."""

    def __init__(self, turn: Turn) -> None:
        super().__init__("", classes="doing", markup=False)
        self.turn = turn

    def show(self, *, opened: bool) -> None:
        """Bring the lines in step with the turn. ``opened``: the archive is there."""
        self.update(Content("\n").join(self._lines(opened=opened)))

    def _lines(self, *, opened: bool) -> Iterator[Content]:
        turn, answer = self.turn, self.turn.answer
        if turn.error:
            yield Content.styled(f"✗ {disarm(turn.error)}", "$text-error")
        if answer is not None and answer.sentences and answer.reason and turn.state != "stopped":
            yield Content.styled(f"⚠ {disarm(answer.reason)}", "$text-warning")
        can_open = turn.asked is not None
        sign = f" {OPENED if turn.opened else CLOSED}" if can_open else ""
        yield Content.styled(one_line(describe(turn, opened=opened)) + sign, "$foreground-muted")
        if answer is not None and (said := took(answer)):
            yield Content.styled(said, "$foreground-muted")
        if turn.opened and can_open:
            yield from (Content.styled(line, "$foreground-muted") for line in steps(turn))

    def on_click(self) -> None:
        """Open or close them."""
        self.turn.opened = not self.turn.opened
        self.show(opened=True)


def steps(turn: Turn) -> Iterator[str]:
    """A line for each step with a sign, and those behind it, a blank further in."""
    asked = turn.asked
    if asked is None:
        return
    yield f"{DONE} understood as “{one_line(asked.standalone)}”"
    yield from (f"    {one_line(line)}" for line in _limits(asked))
    searched = bool(turn.passages) or not turn.running
    articles = f" {count(turn.articles, 'article')}" if turn.articles else ""
    yield f"{DONE if searched else GOING} searched{articles}"
    if searched:
        outlets = Counter(one_line(each.article.outlet) or "unknown outlet" for each in turn.passages)
        yield f"{DONE} found {count(len(turn.passages), 'passage')} from {count(len(outlets), 'outlet')}"
        yield from (f"    {number:>2} {outlet}" for outlet, number in outlets.most_common())
    yield from _written(turn)


def _written(turn: Turn) -> Iterator[str]:
    answer = turn.answer
    writer = one_line(turn.model or (answer.model if answer is not None else "")) or "quoted, no model"
    if turn.state in ("reading", "writing", "answered", "stopped", "failed"):
        yield (
            f"{GOING if turn.running else DONE} written by {writer}"
            if writer != "quoted, no model"
            else f"{DONE} {writer}"
        )
        if answer is not None and answer.usage is not None:
            yield f"    {one_line(spent(answer.usage))}"
    sentences = answer.sentences if answer is not None else tuple(turn.checked.values())
    if sentences and (turn.model or (answer is not None and answer.mode == "generated")):
        yield f"{GOING if turn.running else DONE} checked {count(len(sentences), 'sentence')}"
        found = Counter(each.verdict for each in sentences)
        yield from (f"    {SIGNS.get(verdict, DONE)} {number} {verdict}" for verdict, number in found.most_common())
    if answer is not None and answer.timings:
        took_each = (f"{STAGES.get(stage, stage)} {seconds:.2f} s" for stage, seconds in answer.timings.items())
        yield f"    {' · '.join(took_each)}"


def _limits(asked: Question) -> Iterator[str]:
    """What narrowed the search."""
    yield from (f"{each.what}: {each.words} ({each.meaning})" for each in asked.inferences if each.what != "follow-up")
    if asked.outlets:
        yield f"outlets: {', '.join(asked.outlets)}"
    if asked.since or asked.until:
        yield f"published from {asked.since or 'ever'} to {asked.until or 'now'}"
    if asked.as_of:
        yield f"asked as of {asked.now:%Y-%m-%d %H:%M}"
    if asked.articles:
        yield f"in {count(len(asked.articles), 'named article')}"
