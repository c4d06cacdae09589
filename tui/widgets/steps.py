"""What a turn does and did, step by step: a line or two, which open to what stands behind each step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.selection import Selection
from textual.widgets import Static

from qa.explanations import SIGNS, readings, spent
from tui.display import count, disarm, one_line
from tui.turns import describe, doubtful, found, stated
from tui.widgets.blocks import Laid, Paragraph
from tui.widgets.written import cells

if TYPE_CHECKING:
    from textual.timer import Timer

    from qa.answers import Answer, Sentence
    from qa.questions import Question
    from tui.turns import Turn

DONE, GOING = "✓", "›"
MOVING = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
"""Signs of what goes on, one after the other; ``GOING`` where nothing is to move."""
BEAT = 0.12
"""Seconds that each stands."""
OPENED, CLOSED = "▾", "▸"
STAGES = {"search": "searching", "answer": "answering"}
MUTED = "$foreground-muted"
NAMED = 13
"""Columns in which the steps are named."""
LISTED = 60
"""Characters of a sentence that are listed with its verdict."""


class Steps(Static):
    """Why there is no whole answer, what goes on, what was done; a click, or ``o`` on the turn, opens the steps."""

    def __init__(self, turn: Turn) -> None:
        super().__init__(classes="doing", markup=False)
        self.turn = turn
        self._archive_opened = True
        self._beat = 0
        self._timer: Timer | None = None

    def render(self) -> Laid:
        """The lines as they are now."""
        return Laid([*self._lines()])

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What was selected of it, in the lines in which it is seen."""
        return selection.extract(self.render().at(self.size.width).plain), "\n"

    def show(self, *, opened: bool) -> None:
        """Bring the lines in step with the turn. ``opened``: the archive is there."""
        self._archive_opened = opened
        moves = self.turn.running and self.app.animation_level != "none"
        if moves and self._timer is None:
            self._timer = self.set_interval(BEAT, self._move)
        elif not moves and self._timer is not None:
            self._timer.stop()
            self._timer = None
        width, height = self.size
        self.refresh(layout=not width or self.render().height(width) != height)

    def _move(self) -> None:
        self._beat += 1
        self.refresh()

    def _lines(self) -> Iterator[Paragraph]:
        turn, answer = self.turn, self.turn.answer
        if turn.error:
            yield _line(disarm(turn.error), "✗", "$text-error")
        if answer is not None and answer.sentences and answer.reason and turn.state != "stopped":
            yield _line(disarm(answer.reason), "⚠", "$text-warning")
        can_open = turn.asked is not None
        done = found(turn)
        sign = f" {OPENED if turn.opened else CLOSED}" if can_open else ""
        if turn.running:
            if not done and turn.asked is not None:
                done = f"understood as “{turn.asked.standalone}”"
            yield from [_line(one_line(done) + sign, DONE)] if done else []
            yield _line(one_line(describe(turn, opened=True)), self._moving, "")
        else:
            state = one_line(describe(turn, opened=self._archive_opened))
            yield _line(state, "⚠", "$text-warning") if doubtful(turn) else _line(state)
            yield from [_line(one_line(done) + sign, DONE)] if done else []
        if turn.opened and can_open:
            yield from steps(turn, self._moving)

    @property
    def _moving(self) -> str:
        """The sign of what goes on."""
        return MOVING[self._beat % len(MOVING)] if self._timer is not None else GOING

    def on_click(self) -> None:
        """Open or close them."""
        self.toggle()

    def toggle(self) -> None:
        """Show what stands behind each step, in view, or do not."""
        self.turn.opened = not self.turn.opened
        self.show(opened=self._archive_opened)
        if self.turn.opened:
            self.call_after_refresh(self.scroll_visible, animate=False)


def _line(text: str, sign: str = "", style: str = MUTED) -> Paragraph:
    first = Content.styled(f"{sign} ", style) if sign else Content("")
    return Paragraph(Content.styled(text, style), first, apart=False)


# --- opened


def steps(turn: Turn, going: str = GOING) -> Iterator[Paragraph]:
    """A line for each step with its sign and its name, and those behind it; ``going``: the sign of what goes on."""
    asked = turn.asked
    if asked is not None:
        yield from _step(DONE, "understood", f"“{one_line(asked.standalone)}”", *map(one_line, _limits(asked)))
        yield from _search(turn, going)
    yield from _writing(turn, going)
    if turn.answer is not None and turn.answer.timings:
        stages = (f"{STAGES.get(stage, stage)} {took:.2f} s" for stage, took in turn.answer.timings.items())
        yield from _step(DONE, "took", " · ".join(stages))


def _step(sign: str, name: str, *lines: str) -> Iterator[Paragraph]:
    for place, line in enumerate(lines):
        first = "  " + (f"{sign} {name}".ljust(NAMED) if not place else " " * NAMED)
        yield Paragraph(Content.styled(line, MUTED), Content.styled(first, MUTED), apart=False)


def _search(turn: Turn, going: str) -> Iterator[Paragraph]:
    if turn.of is not None:
        yield from _step(DONE, "written", f"anew, “{one_line(turn.how)}”, from the passages of the answer before")
    else:
        searched = turn.state != "searching"
        articles = count(turn.articles, "article") if turn.articles else "the archive"
        yield from _step(DONE if searched else going, "searched" if searched else "searching", articles)
    if turn.passages:
        outlets = Counter(one_line(each.article.outlet) or "unknown outlet" for each in turn.passages)
        named = (f"{number} {outlet}" for outlet, number in outlets.most_common())
        yield from _step(DONE, "found", f"{count(len(turn.passages), 'passage')}: {', '.join(named)}")


def _writing(turn: Turn, going: str) -> Iterator[Paragraph]:
    answer = turn.answer
    if turn.state in ("searching", "waiting"):
        return
    writes = turn.state in ("reading", "writing")
    model = turn.model or (answer.model if answer is not None else "")
    if not model:
        yield from _step(going if writes else DONE, "quoting" if writes else "quoted", "no model took part")
        return
    server = f" at {answer.server}" if answer is not None and answer.server else ""
    usage = answer.usage if answer is not None else None
    took = (spent(usage),) if usage is not None and usage.calls else ()
    name = "writing" if writes else "written"
    yield from _step(going if writes else DONE, name, *map(one_line, (f"by {model}{server}", *took)))
    yield from _checking(stated(turn.checked.values() if answer is None else answer.sentences), answer, going)


def _checking(sentences: Sequence[Sentence], answer: Answer | None, going: str) -> Iterator[Paragraph]:
    if sentences:
        verdicts = Counter(each.verdict for each in sentences)
        counted = ", ".join(f"{number} {verdict}" for verdict, number in verdicts.most_common())
        told = (f"{SIGNS.get(each.verdict, DONE)} {_shortened(each.text)}" for each in sentences)
        total = f"{count(len(sentences), 'sentence')}: {counted}"
        over = answer is not None
        yield from _step(DONE if over else going, "checked" if over else "checking", total, *told)


def _shortened(text: str) -> str:
    text = " · ".join(cells(text)) if text.startswith("|") else one_line(text)
    return text if len(text) <= LISTED else f"{text[:LISTED].rsplit(' ', 1)[0]} …"


def _limits(asked: Question) -> Iterator[str]:
    """What narrowed the search."""
    yield from (each.text for each in readings(asked) if each.what != "follow-up")
    if asked.outlets:
        yield f"outlets: {', '.join(asked.outlets)}"
    if asked.since or asked.until:
        since, until = (f"{day:%Y-%m-%d}" if day else "" for day in (asked.since, asked.until))
        yield f"published from {since or 'ever'} to {until or 'now'}"
    if asked.as_of:
        yield f"asked as of {asked.now:%Y-%m-%d %H:%M}"
    if asked.articles:
        yield f"in {count(len(asked.articles), 'named article')}"
