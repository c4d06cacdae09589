"""Every key and what it does, made from the registry."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Static

from tui.commands import Place, bindings, help_lines
from tui.screens.desk_screen import DeskScreen

KEY_WIDTH = 24


class HelpScreen(DeskScreen):
    """A page of keys."""

    CSS_PATH = "help.tcss"
    PLACE: ClassVar[Place] = "help"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#page"

    def compose(self) -> ComposeResult:
        """Headings, each with its keys."""
        yield Static("Help", classes="caption", markup=False)
        with VerticalScroll(id="page"):
            for heading, lines in help_lines().items():
                yield Static(Content.styled(heading, "bold"), classes="heading")
                for key, text in lines:
                    yield Static(Content.assemble((key.ljust(KEY_WIDTH), "$accent"), text), classes="line")
        yield Footer(show_command_palette=False)
