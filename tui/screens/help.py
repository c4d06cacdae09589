"""Every key and what it does, made from the registry; first those of the place that one comes from."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from tui.command import Place
from tui.commands import bindings, help_lines
from tui.screens.desk_screen import DeskScreen
from tui.widgets.keys import Keys

KEY_WIDTH = 24


class HelpScreen(DeskScreen):
    """A page of keys, which a search narrows."""

    CSS_PATH = "help.tcss"
    PLACE: ClassVar[Place] = "help"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#page"

    def __init__(self, *places: Place) -> None:
        """``places``: where the one who asks is."""
        super().__init__()
        self.places = places

    def compose(self) -> ComposeResult:
        """The line for searching, then headings, each with its keys."""
        yield Static("Help", classes="caption", markup=False)
        yield Input(id="line", placeholder="A key, or a word of what it does")
        with VerticalScroll(id="page"):
            yield Static(self._page(""), id="keys")
        yield Keys()

    def _page(self, sought: str) -> Content:
        blocks = []
        for heading, lines in help_lines(self.desk.keymap, self.places).items():
            found = [(key, text) for key, text in lines if sought.casefold() in f"{key} {text} {heading}".casefold()]
            rows = [Content.assemble((key.ljust(KEY_WIDTH), "$text-accent"), text) for key, text in found]
            if rows:
                blocks.append(Content("\n").join([Content.styled(heading, "bold"), *rows]))
        return Content("\n\n").join(blocks) if blocks else Content("No key does that.")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Only what has these words."""
        self.query_one("#keys", Static).update(self._page(event.value.strip()))

    def on_input_submitted(self) -> None:
        """On to the page."""
        self.query_one("#page").focus()

    def action_search(self) -> None:
        """Narrow the page."""
        self.query_one("#line").focus()
