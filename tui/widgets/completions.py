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

Kind = Literal["command", "outlet", "article"]


@dataclass(frozen=True, slots=True)
class Completion:
    """One choice: its ``text`` and what stands beside it. ``value``: a command's name, an outlet, an article's id."""

    kind: Kind
    value: str
    text: str
    about: str = ""


class Completions(OptionList, can_focus=False):
    """A list over the prompt, which keeps the focus and moves the cursor here."""

    def __init__(self) -> None:
        super().__init__(id="completions", compact=True, markup=False)
        self.choices: tuple[Completion, ...] = ()

    def offer(self, choices: Sequence[Completion]) -> None:
        """Show these, or nothing."""
        self.choices = tuple(choices)
        self.clear_options()
        self.add_options([Option(_row(each)) for each in self.choices])
        self.highlighted = 0 if self.choices else None
        self.display = bool(self.choices)

    @property
    def offering(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self.choices)

    def step(self, by: int) -> None:
        """Move the cursor."""
        self.highlighted = ((self.highlighted or 0) + by) % len(self.choices)

    def choose(self) -> None:
        """Take what is under the cursor."""
        if self.highlighted is not None:
            self.post_message(CompletionChosen(self.choices[self.highlighted]))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what was clicked."""
        event.stop()
        self.post_message(CompletionChosen(self.choices[event.option_index]))


def _row(choice: Completion) -> Content:
    sign = {"command": "/", "outlet": "@", "article": "“"}[choice.kind]
    text = f"{sign}{one_line(choice.text)}" + ("”" if choice.kind == "article" else "")
    return Content.assemble((text, "bold"), (f"  {one_line(choice.about)}", "$foreground-muted"))
