"""What can be chosen while typing: commands after a slash, outlets and articles after an ``@``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.display import one_line
from tui.messages import CompletionChosen

Kind = Literal["command", "value", "path", "outlet", "article"]

ABOUT = 0.4
"""The share of a row that what stands beside a choice may take from its text."""

MOST = 12
"""Rows that are in sight at a time."""
ROOMY = 90
"""Cells of a row from which on it says whether it is an outlet or an article; what stands beside it tells, too."""


@dataclass(frozen=True, slots=True)
class Completion:
    """One choice: its ``text`` and what stands beside it. ``value``: what it stands for, such as an article's id."""

    kind: Kind
    value: str
    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What may be completed: ``typed`` behind a ``sign``: ``@`` for a name, ``/`` for a command, ``/mode`` for a value.

    ``start`` is where the sign stands, by row and column.
    """

    sign: str
    typed: str
    start: tuple[int, int] = (0, 0)

    @property
    def last(self) -> str:
        """What is to be completed: of several outlets with commas between them, the last."""
        return self.typed.rpartition(",")[2].strip() if self.sign == "/outlet" else self.typed


class Completions(OptionList, can_focus=False):
    """A list over the conversation, just above the prompt, which keeps the focus and moves the cursor here."""

    def __init__(self) -> None:
        super().__init__(id="completions", compact=True, markup=False)
        self.choices: tuple[Completion, ...] = ()
        self.looking = False
        self._awaited = False
        self.border_subtitle = "↑ ↓  Tab chooses  Esc closes"

    def offer(self, choices: Sequence[Completion], *, first: bool = True) -> None:
        """Show these, or nothing; with ``first``, the cursor on the first, else on none until it is moved."""
        self.choices = tuple(choices)
        self.display = bool(self.choices)
        self._draw(0 if first and self.choices else None)
        self.looking, awaited = False, self._awaited and self.offering
        self._awaited = False
        if awaited:
            self.choose_first()

    def look(self) -> None:
        """What is to be offered is being looked up; Tab takes the first of it as soon as it is there."""
        self.looking, self._awaited = True, False

    @property
    def offering(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self.choices)

    def step(self, by: int) -> None:
        """Move the cursor."""
        at = self.highlighted if self.highlighted is not None else (-1 if by > 0 else 0)
        self.highlighted = (at + by) % len(self.choices)

    def choose(self) -> bool:
        """Take what is under the cursor; False for nothing."""
        if self.highlighted is None:
            return False
        self.post_message(CompletionChosen(self.choices[self.highlighted]))
        return True

    def choose_first(self) -> None:
        """Take what is under the cursor, or the first while it is on none or nothing is there yet."""
        if not self.offering:
            self._awaited = self.looking
        else:
            self.highlighted = self.highlighted or 0
            self.choose()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what was clicked."""
        event.stop()
        self.post_message(CompletionChosen(self.choices[event.option_index]))

    def on_resize(self) -> None:
        """Rows are cropped to the width."""
        if self.choices:
            self._draw(self.highlighted)

    def _draw(self, at: int | None) -> None:
        width = self.scrollable_content_region.width or self.app.size.width - 6
        longest = max((Content(one_line(each.text)).cell_length for each in self.choices), default=0)
        self.clear_options()
        self.add_options([Option(_row(each, width, longest)) for each in self.choices])
        self.highlighted = at
        height = min(len(self.choices), MOST, self.app.size.height // 2) + 2
        self.styles.height = height
        self.styles.offset = (0, -height)


def _row(choice: Completion, width: int, longest: int) -> Content:
    """What it is, its text, what is known of it, in columns: both are cropped to what the width leaves them."""
    text, about = Content(one_line(choice.text)), Content.styled(one_line(choice.about), "$foreground-muted")
    kind = "/" if choice.kind == "command" else ""
    if choice.kind in ("outlet", "article") and width >= ROOMY:
        kind = f"{choice.kind:<9}"
    room = width - len(kind) - 2
    if choice.about:
        room = max(min(longest, room - min(about.cell_length, int(width * ABOUT))), 8)
    text = text.truncate(room, ellipsis=True)
    gap = " " * (min(longest, room) - text.cell_length + 2) if choice.about else ""
    about = about.truncate(max(width - len(kind) - text.cell_length - len(gap), 4), ellipsis=True)
    return Content.assemble((kind, "$foreground-muted"), text, gap, about)
