"""The filters in force, as chips over the prompt: those that were set, and those that were read out of a question.

What was read looks different beyond its colour (a ``~``, italics), since it holds for that question alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from qa.explanations import readings
from tui.commands import bindings
from tui.display import one_line
from tui.filters import LABELS
from tui.messages import ChipEdited, ChipRemoved, ReadingSwitched

if TYPE_CHECKING:
    from qa.inferences import What
    from tui.filters import Filters
    from tui.turns import Turn

LONGEST = 40
"""Characters of a chip's words."""
LEFT_TO_QUESTION: frozenset[str] = frozenset({"parts", "follow-up"})
"""Readings that limit nothing; they stand under their question."""


@dataclass(frozen=True, slots=True)
class Chip:
    """``name``: a filter, ``model``, or the kind of a reading of ``turn``."""

    name: str
    text: str
    turn: Turn | None = None

    @property
    def inferred(self) -> bool:
        """Whether it was read out of a question."""
        return self.turn is not None


class Chips(Static, can_focus=True):
    """Takes no line where there is nothing to show. Removed by a click on its ✕, or by key."""

    BINDINGS = bindings("filters")

    def __init__(self) -> None:
        super().__init__("", id="chips", markup=False)
        self.chips: list[Chip] = []
        self.note = ""
        self._at = 0

    def show(self, filters: Filters, model: str, selected: Turn | None) -> None:
        """Show what is set, who answers where that was chosen, and what was read out of the selected question."""
        chips = [Chip(name, f"{LABELS[name]}: {text}") for name, text in filters.shown().items()]
        chips += [Chip("model", f"by: {model}")] if model else []
        if selected is not None and selected.asked is not None and selected.of is None:
            found = readings(selected.asked)
            chips += [Chip(each.what, each.text, selected) for each in found if each.what not in LEFT_TO_QUESTION]
        if chips != self.chips:
            self.chips, self._at = chips, min(self._at, max(len(chips) - 1, 0))
            self._draw()

    def say(self, note: str) -> None:
        """What is to be known of the filters as a whole, beside them; empty for nothing."""
        if note != self.note:
            self.note = note
            self._draw()

    def _draw(self) -> None:
        self.display = bool(self.chips or self.note)
        parts = [self._chip(place, chip) for place, chip in enumerate(self.chips)]
        if self.note:
            parts.append(Content.styled(one_line(self.note), "$text-warning"))
        self.update(Content("  ").join(parts))
        if not self.chips and self.has_focus:
            self.screen.focus_next()

    def _chip(self, place: int, chip: Chip) -> Content:
        words = one_line(chip.text)
        words = words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"
        shown = f"~{words} ✕" if chip.inferred else f" {words} ✕ "
        style = "italic $foreground-muted" if chip.inferred else "$foreground on $panel-lighten-1"
        if place == self._at and self.has_focus:
            style = "bold reverse"
        return Content.styled(shown, style).stylize(Style.from_meta({"@click": ("remove_at", (place,))}))

    def on_focus(self) -> None:
        """Show where the cursor is."""
        self._draw()

    def on_blur(self) -> None:
        """Show it no more."""
        self._draw()

    # --- actions

    def action_move(self, by: int) -> None:
        """The cursor to another chip."""
        if self.chips:
            self._at = (self._at + by) % len(self.chips)
            self._draw()

    def action_remove(self) -> None:
        """Take the chip under the cursor away."""
        self.action_remove_at(self._at)

    def action_remove_at(self, place: int) -> None:
        """Take a chip away; a reading by asking its question again without it."""
        if place < len(self.chips):
            chip = self.chips[place]
            if chip.turn is not None:
                self.post_message(ReadingSwitched(chip.turn, _what(chip.name)))
            else:
                self.post_message(ChipRemoved(chip.name))

    def action_edit(self) -> None:
        """Change the chip under the cursor, in the prompt."""
        if self.chips and not self.chips[self._at].inferred:
            self.post_message(ChipEdited(self.chips[self._at].name))
        else:
            self.notify("This was read out of the question; x asks again without it.", markup=False)


def _what(name: str) -> What:
    from typing import cast

    return cast("What", name)
