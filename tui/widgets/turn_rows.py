"""Which rows of a conversation each of its turns takes, whether or not it is mounted.

A turn that was mounted at the present width has the height that it had then; any other has an estimated one, mended by
how far off the estimates were of those that have been measured.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.turns import Turn

AROUND = 4
"""Rows of a turn beside its words: what was understood, what it took, the lines between."""


class TurnRows:
    """The turns in their order, each with the rows that it takes. Rows are counted from the first turn's first."""

    def __init__(self) -> None:
        self._turns: list[Turn] = []
        self._places: dict[Turn, int] = {}
        self._measured: dict[Turn, int] = {}
        self._estimates: dict[Turn, int] = {}
        self._off = 0
        self._known = 0
        self._ends: list[int] | None = None
        self._width = 80

    def __len__(self) -> int:
        return len(self._turns)

    def __iter__(self) -> Iterator[Turn]:
        return iter(self._turns)

    def __contains__(self, turn: object) -> bool:
        return turn in self._places

    def __getitem__(self, place: int) -> Turn:
        return self._turns[place]

    def place(self, turn: Turn) -> int:
        """How many turns stand before it."""
        return self._places[turn]

    def insert(self, place: int, turns: Sequence[Turn]) -> None:
        """Put turns in front of the one that has this place."""
        self._turns[place:place] = turns
        self._count()

    def remove(self, turn: Turn) -> None:
        """Take a turn out."""
        self._turns.remove(turn)
        self.forget(turn)
        self._count()

    def clear(self) -> None:
        """Take all of them out."""
        self._turns.clear()
        self._measured.clear()
        self._count()

    def _count(self) -> None:
        self._places = {turn: place for place, turn in enumerate(self._turns)}
        self._estimates = {turn: rows for turn, rows in self._estimates.items() if turn in self._places}
        self._ends = None

    # --- rows

    def fit(self, width: int) -> None:
        """The turns are laid out in this width; what was measured in another is not known any more."""
        if width != self._width:
            self._width, self._ends = width, None
            self._measured.clear()
            self._estimates.clear()
            self._off = self._known = 0

    def measure(self, turn: Turn, rows: int) -> bool:
        """What a turn takes; gives whether that is news."""
        if self._measured.get(turn) == rows:
            return False
        if turn not in self._measured:
            self._off += rows - self._estimate(turn)
            self._known += 1
        self._measured[turn] = rows
        self._ends = None
        return True

    def forget(self, turn: Turn) -> None:
        """A turn that is not mounted has changed."""
        self._measured.pop(turn, None)
        self._estimates.pop(turn, None)
        self._ends = None

    @property
    def total(self) -> int:
        """The rows of all turns."""
        return self._bottoms[-1] if self._turns else 0

    def top(self, turn: Turn) -> int:
        """The first row of a turn."""
        place = self._places[turn]
        return self._bottoms[place - 1] if place else 0

    def bottom(self, turn: Turn) -> int:
        """The row after its last."""
        return self._bottoms[self._places[turn]]

    def between(self, start: int, end: int) -> Sequence[Turn]:
        """The turns that have some of these rows."""
        ends = self._bottoms
        return self._turns[bisect_right(ends, max(start, 0)) : bisect_right(ends, end - 1) + 1]

    @property
    def _bottoms(self) -> list[int]:
        if self._ends is None:
            off = round(self._off / self._known) if self._known else 0
            self._ends = list(accumulate(self._heights(off)))
        return self._ends

    def _heights(self, off: int) -> Iterable[int]:
        for turn in self._turns:
            known = self._measured.get(turn)
            yield max(self._estimate(turn) + off, 2) if known is None else known

    def _estimate(self, turn: Turn) -> int:
        rows = self._estimates.get(turn)
        if rows is None:
            rows = self._estimates[turn] = estimated(turn, self._width)
        return rows


def estimated(turn: Turn, width: int) -> int:
    """About how many rows a turn takes: those of its words, and some for what stands around them."""
    answer = turn.answer
    width = max(min(width, 100) - 4, 10)
    rows = _wrapped(len(turn.question), width) + AROUND
    if answer is None:
        return rows + (_wrapped(len(turn.draft), width) if turn.draft else 0)
    return rows + _wrapped(sum(len(each.text) + 6 for each in answer.sentences), width)


def _wrapped(characters: int, width: int) -> int:
    return max(1, -(-characters // width))
