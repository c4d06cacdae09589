"""The filters in force, as chips over the prompt: those that were set, and those that were read out of a question.

What was read looks different beyond its colour (a ``~``, italics, no ground): it holds for that question alone.
Chips are never broken over two lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.style import Style
from textual.widget import Widget

from qa.explanations import readings
from tui.commands import bindings
from tui.display import one_line
from tui.filters import LABELS
from tui.messages import ChipEdited, ChipRemoved, ReadingSwitched

if TYPE_CHECKING:
    from qa.inferences import What
    from tui.filters import Filters
    from tui.turns import Turn

LONGEST = 44
"""Cells of a chip's words."""
SAID = 3
"""Lines of what is said below them at most."""
LINES = 2
"""Lines that chips take at most while the cursor is not among them."""
LEFT_TO_QUESTION: frozenset[str] = frozenset({"parts", "follow-up"})
"""Readings that limit nothing; they stand under their question."""


@dataclass(frozen=True, slots=True)
class Chip:
    """``name``: a filter, ``model``, or the kind of a reading of ``turn``; ``value``: the filter's."""

    name: str
    text: str
    value: str = ""
    turn: Turn | None = None

    @property
    def inferred(self) -> bool:
        """Whether it was read out of a question."""
        return self.turn is not None


class Chips(Widget, can_focus=True):
    """Takes no line where there is nothing to show. A click on a chip's ✕ removes it, one on its words changes it."""

    BINDINGS = bindings("filters")
    FOCUS_ON_CLICK = False
    """With the focus all chips are shown: they would move from under the mouse."""

    def __init__(self) -> None:
        super().__init__(id="chips")
        self.chips: list[Chip] = []
        self.note = ""
        self._at = 0
        self._under: int | None = None

    def show(self, filters: Filters, answers: str, selected: Turn | None) -> None:
        """Show what is set, who answers where that was chosen, and what was read out of the selected question."""
        chips = [Chip(name, f"{LABELS[name]}: {text}", text) for name, text in filters.shown()]
        chips += [Chip("model", answers)] if answers else []
        if selected is not None and selected.asked is not None and selected.of is None:
            found = readings(selected.asked)
            chips += [Chip(each.what, each.text, turn=selected) for each in found if each.what not in LEFT_TO_QUESTION]
        if chips != self.chips:
            self.chips, self._at, self._under = chips, min(self._at, max(len(chips) - 1, 0)), None
            self._changed()

    def say(self, note: str) -> None:
        """What is to be known of the filters as a whole, below them; empty for nothing."""
        if note != self.note:
            self.note = note
            self._changed()

    def _changed(self) -> None:
        self.display = bool(self.chips or self.note)
        self.refresh(layout=True)

    # --- how it looks

    def render(self) -> Content:
        """Chips, and the note below them."""
        return Content("\n").join(self._lines(self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as it takes at this width."""
        return len(self._lines(width))

    def _lines(self, width: int) -> list[Content]:
        if width <= 0:
            return []
        rows = list(self._rows(width))
        lines = [Content(" ").join(row) for row in rows]
        if len(rows) > LINES and not self.has_focus:
            hidden, last = sum(map(len, rows[LINES:])), rows[LINES - 1]
            while last and Content(" ").join([*last, _more(hidden)]).cell_length > width:
                last, hidden = last[:-1], hidden + 1
            lines = [*lines[: LINES - 1], Content(" ").join([*last, _more(hidden)])]
        if self.note:
            lines += Content.styled(one_line(self.note), "$text-warning").wrap(width)[:SAID]
        return lines

    def _rows(self, width: int) -> Iterator[list[Content]]:
        row: list[Content] = []
        taken = 0
        for place, chip in enumerate(self.chips):
            piece = self._piece(place, chip, min(LONGEST, width - 6))
            if row and taken + 1 + piece.cell_length > width:
                yield row
                row, taken = [], 0
            row.append(piece)
            taken += piece.cell_length + (taken > 0)
        if row:
            yield row

    def _piece(self, place: int, chip: Chip, longest: int) -> Content:
        words = Content(one_line(chip.text)).truncate(max(longest, 4), ellipsis=True)
        pressed, removed = Style.from_meta({"chip": place}), Style.from_meta({"chip": place, "remove": True})
        cross = Content.styled(" ✕", "bold $text-error" if place == self._under else "").stylize(removed)
        if chip.inferred:
            piece, style = Content.assemble("~", words.stylize("italic"), cross, " "), "$foreground-muted"
        else:
            piece, style = Content.assemble(" ", words, cross, " "), "$foreground on $panel"
        if place == self._at and self.has_focus:
            style = "bold $background on $foreground"
        return piece.stylize_before(pressed).stylize_before(style)

    # --- the mouse

    def on_click(self, event: events.Click) -> None:
        """The cross removes, the words change."""
        place = event.style.meta.get("chip")
        if isinstance(place, int) and place < len(self.chips):
            event.stop()
            self._at = place
            if event.style.meta.get("remove"):
                self._remove(place)
            elif not self.chips[place].inferred:
                self.action_edit()
        elif event.style.meta.get("more"):
            self.focus()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show which cross would be pressed."""
        self._hover(event.style.meta.get("chip") if event.style.meta.get("remove") else None)

    def on_leave(self) -> None:
        """None is."""
        self._hover(None)

    def _hover(self, place: int | None) -> None:
        if place != self._under:
            self._under = place
            self.refresh()

    def on_focus(self) -> None:
        """Show where the cursor is, and all chips."""
        self.refresh(layout=True)

    def on_blur(self) -> None:
        """Show it no more."""
        self.refresh(layout=True)

    # --- actions

    def action_move(self, by: int) -> None:
        """The cursor to another chip."""
        if self.chips:
            self._at = (self._at + by) % len(self.chips)
            self.refresh()

    def action_remove(self) -> None:
        """Take the chip under the cursor away; a reading by asking its question again without it."""
        self._remove(self._at)

    def _remove(self, place: int) -> None:
        if place < len(self.chips):
            chip = self.chips[place]
            if chip.turn is not None:
                self.post_message(ReadingSwitched(chip.turn, cast("What", chip.name)))
            else:
                self.post_message(ChipRemoved(chip.name, chip.value))

    def action_edit(self) -> None:
        """Change the chip under the cursor."""
        if self.chips and not self.chips[self._at].inferred:
            self.post_message(ChipEdited(self.chips[self._at].name, self.chips[self._at].value))
        else:
            self.notify("This was read out of the question; x asks again without it.", markup=False)


def _more(hidden: int) -> Content:
    style = Style.from_meta({"more": True})
    return Content.styled(f"+{hidden} more", "$foreground-muted").stylize(style)
