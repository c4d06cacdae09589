"""What stands on a terminal that is too small for anything else."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.command import Place

LEAST = Size(40, 12)
"""Columns and rows from which Newsdesk can be used."""


def is_small(size: Size) -> bool:
    """Whether there is no room."""
    return size.width < LEAST.width or size.height < LEAST.height


class SmallScreen(ModalScreen[None]):
    """Says how large the terminal must be, and how large it is."""

    CSS_PATH = "small.tcss"
    PLACE: ClassVar[Place] = "everywhere"

    def compose(self) -> ComposeResult:
        """In as few words as fit."""
        yield Static("", id="small", markup=False)

    def on_resize(self) -> None:
        """It has changed."""
        now = self.app.size
        told = f"Newsdesk needs {LEAST.width} x {LEAST.height}. This is {now.width} x {now.height}. Nothing is lost."
        self.query_one(Static).update(Content(told))
