"""The text of an article, however long: wrapped once for a width, drawn line by line, with its marks.

Positions of marks are characters of the article's text; what is on the screen is disarmed, piece by piece between the
marks, so that they stay where they were. Positions of lines and of what is searched for are those of what is shown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import ClassVar

from rich.cells import get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tui.changes import Run
from tui.display import Mark, disarm

WIDEST = 84
"""Columns of a line: more are hard to read."""
LABEL = 9
"""Most columns that the numbers beside the text take."""
_WORD = re.compile(r"\S+\s*|\s+")
_HEADING = re.compile(r"#{1,6} \S")
_LOOK_BACK = 400
"""Characters in which the beginning of a wrapped heading is looked for."""


@dataclass(frozen=True, slots=True)
class _Span:
    """``[start, end)`` of what is shown, drawn as ``look``; ``stop``: the place of the stop that it belongs to."""

    start: int
    end: int
    look: str
    stop: int | None = None


class ArticleText(ScrollView, can_focus=True):
    """Shows a text with marks, with what is found in it, or with what another version changed.

    ``stops`` are what one steps through: the marks, in their order, or the changes; ``chosen`` is the place of one.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"text--{look}"
        for look in ("chosen", "marked", "other", "found", "current", "added", "removed", "heading", "number", "faint")
    }

    def __init__(self, text: str, marks: Sequence[Mark], *, id: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id)
        self.matches: list[tuple[int, int]] = []
        self.match = 0
        self._top = 0
        self._sought = ""
        self._height = 0
        self._lines: list[tuple[int, int]] = []
        self._starts: list[int] = []
        self.show(text, marks)

    # --- what is shown

    def show(self, text: str, marks: Sequence[Mark]) -> None:
        """Take another text in the place of this one."""
        self.text, self.marks, self.compared = text, marks, False
        cuts = sorted({0, len(text), *(cut for mark in marks for cut in (mark.start, mark.end))})
        pieces = [disarm(text[start:end]) for start, end in pairwise(cuts)]
        places = dict(zip(cuts, accumulate(map(len, pieces), initial=0), strict=True))
        spans = [
            _Span(places[mark.start], places[mark.end], "other" if mark.other else "marked", n)
            for n, mark in enumerate(marks)
        ]
        self._labels = [(places[mark.start], _label(mark), mark.other) for mark in marks if mark.number is not None]
        stops = [(span.start, span.end) for span in spans]
        self._take("".join(pieces), spans, stops, next((n for n, mark in enumerate(marks) if mark.chosen), None))

    def compare(self, runs: Sequence[Run]) -> None:
        """Show two versions as one: what was taken out and what was put in stand between signs."""
        self.text, self.marks, self.compared = "".join(words for words, look in runs if look != "removed"), (), True
        self._labels = []
        spans: list[_Span] = []
        stops: list[tuple[int, int]] = []
        pieces: list[str] = []
        at = 0
        for words, look in runs:
            bare = words.rstrip() if look else ""
            if bare:
                signed = f"[+{bare}+]" if look == "added" else f"[−{bare}−]"
                end = at + len(signed)
                if stops and not "".join(pieces[-1:]).strip() and spans[-1].end <= at <= spans[-1].end + 2:
                    stops[-1] = (stops[-1][0], end)
                else:
                    stops.append((at, end))
                spans.append(_Span(at, end, look, len(stops) - 1))
                pieces.append(signed)
                at = end
            pieces.append(words[len(bare) :])
            at += len(pieces[-1])
        self._take("".join(pieces), spans, stops, 0 if stops else None)

    def _take(self, shown: str, spans: list[_Span], stops: list[tuple[int, int]], chosen: int | None) -> None:
        self.shown, self.stops, self.chosen = shown, stops, chosen
        self._spans = sorted(spans, key=lambda span: span.start)
        self._reach = [*accumulate((span.end for span in self._spans), max)]
        self._gutter = min(max((len(label) + 1 for _, label, _ in self._labels), default=0), LABEL)
        self.matches, self._sought = [], ""
        self._width = 0
        self._unseen = stops[chosen][0] if chosen is not None else 0
        self._fit()

    def _fit(self) -> None:
        width = min(WIDEST, self.scrollable_content_region.width - 2 - self._gutter)
        if width > 0 and width != self._width:
            first = self._first_shown() if self._width else None
            self._width = width
            self._lines = [*wrapped(self.shown, width)]
            self._starts = [start for start, _ in self._lines]
            self._numbers = self._beside()
            self.virtual_size = Size(0, len(self._lines))
            if first is None:
                self.bring(self.line_at(self._unseen))
            else:  # the words that were at the top stay there
                self.scroll_to(y=self.line_at(first), animate=False, immediate=True)
        self.refresh()

    def _beside(self) -> dict[int, tuple[str, bool]]:
        """The number beside each line in which cited words begin, and whether it is another answer's."""
        beside: dict[int, tuple[str, bool]] = {}
        for place, label, other in self._labels:
            line = self.line_at(place)
            before, faint = beside.get(line, ("", True))
            both = before + label if len(before + label) < self._gutter else f"{(before or label)[: self._gutter - 1]}+"
            beside[line] = (both, faint and other)
        return beside

    def on_resize(self) -> None:
        """Other lines at another width; the chosen words stay in view if they were."""
        seen = self._shows_chosen()
        self._fit()
        self._height = self.size.height
        if seen and not self._shows_chosen():
            self.bring_chosen()

    def _shows_chosen(self) -> bool:
        lines = self.lines_of(self.chosen) if self.chosen is not None else None
        return lines is not None and 0 <= lines[0] - self.scroll_offset.y < self._height

    # --- lines

    def line_at(self, place: int) -> int:
        """The line in which a character of what is shown stands."""
        return max(bisect_right(self._starts, place) - 1, 0) if self._width else 0

    def _first_shown(self) -> int:
        """The character at the top of what is in view."""
        return self._starts[min(self.scroll_offset.y, len(self._starts) - 1)] if self._width else 0

    def lines_of(self, stop: int) -> tuple[int, int] | None:
        """First and last line that a stop fills as the text is wrapped now; None before it is laid out."""
        if not self._width:
            return None
        start, end = self.stops[stop]
        return self.line_at(start), self.line_at(max(end - 1, start))

    def bring(self, line: int) -> None:
        """Scroll so that a line stands about a third down."""
        self.scroll_to(y=max(0, line - self.size.height // 3), animate=False, immediate=True, force=True)

    def bring_chosen(self) -> None:
        """Bring the chosen words into view."""
        if self.chosen is not None and (lines := self.lines_of(self.chosen)) is not None:
            self.bring(lines[0])
        self.refresh()

    def step(self, by: int) -> None:
        """On to another stop, from before the first one where none is chosen."""
        if self.stops:
            self.chosen = ((self.chosen if self.chosen is not None else min(-by, 0)) + by) % len(self.stops)
            self.bring_chosen()

    def render_line(self, y: int) -> Strip:
        """A line of the text, in the middle where there is room."""
        number = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        base = self.rich_style
        if not self._width or number >= len(self._lines):
            return Strip.blank(width, base)
        start, end = self._lines[number]
        margin = max((width - self._width) // 2, self._gutter + 1)
        label, faint = self._numbers.get(number, ("", False))
        beside = Segment(f"{label.rjust(margin - 1)} ", base + self._look("faint" if faint else "number"))
        strip = Strip([beside, *self._segments(start, end, base)]).adjust_cell_length(width, base)
        if (selection := self.text_selection) is not None and (span := selection.get_span(number)) is not None:
            first, last = span
            strip = _selected(strip, first + margin, width if last == -1 else last + margin, self._look("selection"))
        return strip.apply_offsets(-margin, number)

    def _segments(self, start: int, end: int, base: Style) -> Iterator[Segment]:
        over = [*self._over(start, end)]
        if self._is_heading(start):
            base += self._look("heading")
        cuts = sorted({start, end, *(cut for span in over for cut in (span.start, span.end) if start < cut < end)})
        for first, last in pairwise(cuts):
            style = base
            for span in over:
                if span.start <= first and last <= span.end:
                    style += self._look(span.look)
            yield Segment(self.shown[first:last].rstrip("\n"), style)

    def _is_heading(self, start: int) -> bool:
        """Whether a line belongs to a paragraph that is a heading."""
        paragraph = self.shown.rfind("\n", max(0, start - _LOOK_BACK), start) + 1
        return _HEADING.match(self.shown, paragraph if paragraph or start <= _LOOK_BACK else start) is not None

    def _over(self, start: int, end: int) -> Iterator[_Span]:
        """What is to be seen in ``[start, end)``: stops, then what is found."""
        place = bisect_right(self._reach, start)
        while place < len(self._spans) and self._spans[place].start < end:
            span = self._spans[place]
            yield span
            if span.stop == self.chosen:
                yield _Span(span.start, span.end, "chosen")
            place += 1
        place = max(bisect_right(self.matches, (start, 0)) - 1, 0)
        while place < len(self.matches) and self.matches[place][0] < end:
            yield _Span(*self.matches[place], "current" if place == self.match else "found")
            place += 1

    def _look(self, name: str) -> Style:
        if name == "selection":
            return self.screen.get_component_rich_style("screen--selection")
        return self.get_component_rich_style(f"text--{name}", partial=True)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What was selected with the mouse."""
        return selection.extract("\n".join(self.shown[start:end].rstrip("\n") for start, end in self._lines)), "\n"

    # --- searching within

    def search(self, words: str) -> int:
        """Mark where these words stand, and bring one into view; how many there are.

        It is the first at or below what was in view before anything was sought, so that typing on does not move away.
        """
        if not self._sought:
            self._top = self._first_shown()
        pattern = self._sought = r"\s+".join(map(re.escape, disarm(words).split()))
        self.matches = [found.span() for found in re.finditer(pattern, self.shown, re.IGNORECASE)] if pattern else []
        self.match = next((n for n, (start, _) in enumerate(self.matches) if start >= self._top), 0)
        self._bring_match()
        return len(self.matches)

    def step_match(self, by: int) -> None:
        """On to another place."""
        if self.matches:
            self.match = (self.match + by) % len(self.matches)
            self._bring_match()

    def _bring_match(self) -> None:
        if self.matches:
            self.bring(self.line_at(self.matches[self.match][0]))
        self.refresh()


def _label(mark: Mark) -> str:
    """``[2]``; of another answer ``3·[2]``: that of its turn first."""
    return f"{mark.turn}·[{mark.number}]" if mark.turn is not None else f"[{mark.number}]"


def _selected(strip: Strip, first: int, last: int, style: Style) -> Strip:
    left, middle, right = strip.divide([max(first, 0), max(last, first), strip.cell_length])
    return Strip.join([left, middle.apply_style(style), right])


def wrapped(text: str, width: int) -> Iterator[tuple[int, int]]:
    """``[start, end)`` of each line of ``text`` in so many columns; a word that is longer than a line is cut."""
    start = 0
    for paragraph in text.split("\n"):
        end = start + len(paragraph)
        if len(paragraph) <= width and _is_narrow(paragraph):
            yield start, end
        else:
            yield from _wrapped_paragraph(paragraph, start, width)
        start = end + 1


def _is_narrow(text: str) -> bool:
    """Whether every character takes one column for certain."""
    return text.isascii() or max(text) < "\u0300"


def _columns(text: str) -> int:
    return len(text) if _is_narrow(text) else sum(map(get_character_cell_size, text))


def _wrapped_paragraph(paragraph: str, offset: int, width: int) -> Iterator[tuple[int, int]]:
    start, used = 0, 0
    for found in _WORD.finditer(paragraph):
        word = found[0]
        columns, bare = _columns(word), _columns(word.rstrip())
        if used + bare > width and used:
            yield offset + start, offset + found.start()
            start, used = found.start(), 0
        if bare > width:
            for place, character in enumerate(word, found.start()):
                size = _columns(character)
                if used + size > width:
                    yield offset + start, offset + place
                    start, used = place, 0
                used += size
        else:
            used += columns
    yield offset + start, offset + len(paragraph)
