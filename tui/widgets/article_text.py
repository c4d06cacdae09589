"""The text of an article, however long: wrapped once for a width, drawn line by line, with its marks.

Positions of marks are characters of the article's text; what is on the screen is disarmed, piece by piece between the
marks, so that they stay where they were. Positions of lines and of what is searched for are those of what is shown.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from rich.cells import get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tui.display import Mark, disarm

WIDEST = 84
"""Columns of a line: more are hard to read."""
_WORD = re.compile(r"\S+\s*|\s+")
_PARAGRAPHS = re.compile(r"\n+|[^\n]+")


@dataclass(frozen=True, slots=True)
class _Span:
    """``[start, end)`` of what is shown, drawn as ``look``; ``mark``: the place of the mark that it belongs to."""

    start: int
    end: int
    look: str
    mark: int | None = None


class ArticleText(ScrollView, can_focus=True):
    """Shows a text with marks, with what is found in it, or with what another version changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"text--{look}" for look in ("chosen", "marked", "other", "found", "current")
    }
    COMPONENT_CLASSES |= {"text--added", "text--removed"}

    def __init__(self, text: str, marks: Sequence[Mark], *, id: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id)
        self.matches: list[tuple[int, int]] = []
        self.match = 0
        self.show(text, marks)

    # --- what is shown

    def show(self, text: str, marks: Sequence[Mark]) -> None:
        """Take another text in the place of this one."""
        self.text, self.marks = text, marks
        self.chosen = next((n for n, mark in enumerate(marks) if mark.chosen), None)
        cuts = sorted({0, len(text), *(cut for mark in marks for cut in (mark.start, mark.end))})
        pieces = [disarm(text[start:end]) for start, end in pairwise(cuts)]
        places, at = {cuts[0]: 0}, 0
        for cut, piece in zip(cuts[1:], pieces, strict=True):
            at += len(piece)
            places[cut] = at
        self._spans = [
            _Span(places[mark.start], places[mark.end], "other" if mark.other else "marked", n)
            for n, mark in enumerate(marks)
        ]
        self._take("".join(pieces))

    def compare(self, before: str, now: str) -> None:
        """Show what was taken out of ``before`` and put in to make ``now``, each between signs."""
        self.text, self.marks, self.chosen = now, (), None
        self._spans, shown = [], ""
        for words, look in changes(disarm(before), disarm(now)):
            signed = {"added": f"[+{words}+]", "removed": f"[−{words}−]"}.get(look, words)
            if look:
                self._spans.append(_Span(len(shown), len(shown) + len(signed), look))
            shown += signed
        self._take(shown)

    def _take(self, shown: str) -> None:
        self.shown = shown
        self.matches = []
        self._width = 0
        self._fit()

    def _fit(self) -> None:
        width = min(WIDEST, self.scrollable_content_region.width - 2)
        if width > 0 and width != self._width:
            self._width = width
            self._lines = [*wrapped(self.shown, width)]
            self._starts = [start for start, _ in self._lines]
            self.virtual_size = Size(0, len(self._lines))
        self.refresh()

    def on_resize(self) -> None:
        """Other lines at another width."""
        self._fit()

    # --- lines

    def line_at(self, place: int) -> int:
        """The line in which a character of what is shown stands."""
        return max(bisect_right(self._starts, place) - 1, 0) if self._width else 0

    def lines_of(self, mark: int) -> tuple[int, int] | None:
        """First and last line that a mark fills as the text is wrapped now; None before it is laid out."""
        if not self._width:
            return None
        span = self._spans[mark]
        return self.line_at(span.start), self.line_at(max(span.end - 1, span.start))

    def bring(self, line: int) -> None:
        """Scroll so that a line stands about a third down."""
        self.scroll_to(y=max(0, line - self.size.height // 3), animate=False, immediate=True)

    def render_line(self, y: int) -> Strip:
        """A line of the text, in the middle where there is room."""
        number = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        base = self.rich_style
        if not self._width or number >= len(self._lines):
            return Strip.blank(width, base)
        start, end = self._lines[number]
        margin = max((width - self._width) // 2, 1)
        segments = [Segment(" " * margin, base), *self._segments(start, end, base)]
        strip = Strip(segments).adjust_cell_length(width, base)
        if (selection := self.text_selection) is not None and (span := selection.get_span(number)) is not None:
            first, last = span
            strip = _selected(strip, first + margin, width if last == -1 else last + margin, self._look("selection"))
        return strip.apply_offsets(-margin, number)

    def _segments(self, start: int, end: int, base: Style) -> Iterator[Segment]:
        over = [*self._over(start, end)]
        cuts = sorted({start, end, *(cut for span in over for cut in (span.start, span.end) if start < cut < end)})
        for first, last in pairwise(cuts):
            style = base
            for span in over:
                if span.start <= first and last <= span.end:
                    style += self._look(span.look)
            yield Segment(self.shown[first:last].rstrip("\n"), style)

    def _over(self, start: int, end: int) -> Iterator[_Span]:
        """What is to be seen in ``[start, end)``: marks, then what is found."""
        for span in self._spans:
            if span.start < end and span.end > start:
                chosen = span.mark is not None and span.mark == self.chosen
                yield _Span(span.start, span.end, "chosen") if chosen else span
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
        """Mark where these words stand, and bring the first place at or below what is in view; how many there are."""
        pattern = r"\s+".join(map(re.escape, disarm(words).split()))
        self.matches = [found.span() for found in re.finditer(pattern, self.shown, re.IGNORECASE)] if pattern else []
        top = self._starts[min(self.scroll_offset.y, len(self._starts) - 1)] if self._width and self._starts else 0
        self.match = next((n for n, (start, _) in enumerate(self.matches) if start >= top), 0)
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


def changes(before: str, now: str) -> Iterator[tuple[str, str]]:
    """The words of both versions in their order, each run with ``added``, ``removed`` or nothing.

    Paragraphs are compared first, then the words of those that were changed.
    """
    for old, new in _runs(_PARAGRAPHS.findall(before), _PARAGRAPHS.findall(now)):
        if old == new:
            yield "".join(new), ""
        elif old and new:
            for gone, come in _runs(_WORD.findall("".join(old)), _WORD.findall("".join(new))):
                yield from _change("".join(gone), "".join(come))
        else:
            yield from _change("".join(old), "".join(new))


def _change(gone: str, come: str) -> Iterator[tuple[str, str]]:
    if gone == come:
        yield come, ""
        return
    if gone:
        yield gone, "removed"
    if come:
        yield come, "added"


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Runs that both have, and runs that one has in the place of the other's."""
    for _, i, j, k, m in difflib.SequenceMatcher(None, old, new).get_opcodes():
        yield old[i:j], new[k:m]
