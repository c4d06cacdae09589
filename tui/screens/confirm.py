"""A question before something that cannot be undone."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.command import Place
from tui.commands import bindings
from tui.screens.desk_screen import DeskModal


class ConfirmScreen(DeskModal[bool]):
    """True for yes."""

    CSS_PATH = "confirm.tcss"
    PLACE: ClassVar[Place] = "confirm"
    BINDINGS = bindings(PLACE)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        """The question and its two keys."""
        with Vertical(id="box"):
            yield Static(Content(self.text), id="text")
            yield Static(Content.assemble(("y", "bold $text-accent"), " yes    ", ("n", "bold $text-accent"), " no"))

    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(True)

    def action_no(self) -> None:
        """Do nothing."""
        self.dismiss(False)
