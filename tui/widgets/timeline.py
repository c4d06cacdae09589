"""How many articles there are of each day or month, as bars, of which a span can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from textual import events
from textual.content import Content
from textual.widget import Widget

from tui.commands import bindings
from tui.display import count, day
from tui.messages import SpanChosen

HEIGHT = 2
"""Rows of bars."""
WIDEST = 5
"""Columns of a bar at most, the blank behind it included."""
_BARS = " ▁▂▃▄▅▆▇█"


class Timeline(Widget, can_focus=True):
    """A bar a day where they fit, else one a month or for several. Arrows move, Shift widens, Enter chooses."""

    BINDINGS = bindings("timeline")

    def __init__(self) -> None:
        super().__init__(id="timeline")
        self._days: Sequence[tuple[date, int]] | None = None
        self._bars: list[tuple[date, date, int]] = []
        self._cell = 1
        self._at = self._from = 0

    def show(self, days: Sequence[tuple[date, int]]) -> None:
        """Show these counts, of days in their order."""
        self._days = days
        self._fit()

    def on_resize(self) -> None:
        """Other bars at another width."""
        self._fit()

    def _fit(self) -> None:
        self._bars = bars(self._days or (), max(self.size.width - 2, 1))
        self._cell = min(max(self.size.width // max(len(self._bars), 1), 1), WIDEST)
        self._at = self._from = min(self._at, max(len(self._bars) - 1, 0))
        self.display = self._days is None or len(self._days) > 1  # its room is kept until they are known
        self.refresh()

    def render(self) -> Content:
        """Bars, and below them the days at both ends, or those that are chosen."""
        if not self._bars:
            return Content("")
        most = max(number for _, _, number in self._bars)
        low, high = sorted((self._at, self._from))
        lines = []
        for level in reversed(range(HEIGHT)):
            cells = []
            for place, (_, _, number) in enumerate(self._bars):
                eighths = round(number / most * 8 * HEIGHT) if number else 0
                bar = _BARS[min(max(eighths - 8 * level, 0), 8)] if eighths or level else "▁" if number else " "
                chosen = self.has_focus and low <= place <= high
                drawn = bar * max(self._cell - 1, 1) + " " * (self._cell > 1)
                cells.append(Content.styled(drawn, "bold $text-accent" if chosen else "$foreground-muted"))
            lines.append(Content("").join(cells))
        return Content("\n").join([*lines, Content.styled(self._below(low, high), "$foreground-muted")])

    def _below(self, low: int, high: int) -> str:
        first, last = self._bars[0][0], self._bars[-1][1]
        if not self.has_focus:
            ends = day(first), day(last)
            return f"{ends[0]}{ends[1].rjust(max(len(self._bars) * self._cell - len(ends[0]), len(ends[1]) + 1))}"
        since, until = self._bars[low][0], self._bars[high][1]
        number = sum(bar[2] for bar in self._bars[low : high + 1])
        span = day(since) if since == until else f"{day(since)} to {day(until)}"
        return f"{span}: {count(number, 'article')} · Enter shows only these"

    # --- choosing

    def action_move(self, by: int) -> None:
        """The cursor to another bar."""
        self._at = self._from = min(max(self._at + by, 0), max(len(self._bars) - 1, 0))
        self.refresh()

    def action_widen(self, by: int) -> None:
        """The cursor, with all bars on its way."""
        self._at = min(max(self._at + by, 0), max(len(self._bars) - 1, 0))
        self.refresh()

    def action_choose(self) -> None:
        """Only the articles of the chosen bars."""
        if self._bars:
            low, high = sorted((self._at, self._from))
            self.post_message(SpanChosen(self._bars[low][0], self._bars[high][1]))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin a span."""
        self.focus()
        self.capture_mouse()
        self._at = self._from = self._under(event.x)
        self.refresh()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Widen it."""
        if self.app.mouse_captured is self:
            self._at = self._under(event.x)
            self.refresh()

    def on_mouse_up(self) -> None:
        """Choose it."""
        if self.app.mouse_captured is self:
            self.release_mouse()
            self.action_choose()

    def _under(self, x: int) -> int:
        return min(max(x // self._cell, 0), max(len(self._bars) - 1, 0))


def bars(days: Sequence[tuple[date, int]], width: int) -> list[tuple[date, date, int]]:
    """First and last day of each bar with its count: a bar a day where ``width`` bars do, else one for whole months."""
    if not days:
        return []
    first, last = days[0][0], days[-1][0]
    length = -(-((last - first).days + 1) // width)
    found: dict[date, list[int]] = {}
    starts: dict[date, date] = {}
    for moment, number in days:
        start = _start(moment, first, length)
        starts[start] = max(starts.get(start, moment), moment)
        found.setdefault(start, []).append(number)
    listed: list[tuple[date, date, int]] = []
    start = _start(first, first, length)
    while start <= last and len(listed) <= 2 * width:
        following = _next(start, length)
        listed.append((start, following - timedelta(days=1), sum(found.get(start, ()))))
        start = following
    return listed


def _start(moment: date, first: date, length: int) -> date:
    if length > 1:
        months = -(-length // 31)
        at = moment.year * 12 + moment.month - 1
        at -= (at - (first.year * 12 + first.month - 1)) % months
        return date(at // 12, at % 12 + 1, 1)
    return moment


def _next(start: date, length: int) -> date:
    if length > 1:
        at = start.year * 12 + start.month - 1 + -(-length // 31)
        return date(at // 12, at % 12 + 1, 1)
    return start + timedelta(days=1)
