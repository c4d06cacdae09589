"""The colours, seen as the cursor moves over their names."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from tui.command import Place
from tui.commands import bindings
from tui.screens.desk_screen import DeskModal


class ThemesScreen(DeskModal["str | None"]):
    """Gives the theme to keep; None for the one that was."""

    CSS_PATH = "themes.tcss"
    PLACE: ClassVar[Place] = "themes"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#themes"

    def __init__(self) -> None:
        super().__init__()
        self._before = ""
        self._names: list[str] = []

    def compose(self) -> ComposeResult:
        """The names, the dark ones first."""
        self._before = self.app.theme
        themes = self.app.available_themes
        self._names = sorted(themes, key=lambda name: (not themes[name].dark, name))
        with Vertical(id="box"):
            yield Static("Theme", id="heading", markup=False)
            rows = [f"{name.ljust(24)}{'dark' if themes[name].dark else 'light'}" for name in self._names]
            yield OptionList(*rows, id="themes", compact=True, markup=False)
            keys = Content.assemble(
                ("Enter", "bold $text-accent"), " keeps it    ", ("Esc", "bold $text-accent"), " as it was"
            )  # fmt: skip
            yield Static(keys, id="keys")

    def on_mount(self) -> None:
        """The cursor on the one in force."""
        if self._before in self._names:
            self.query_one(OptionList).highlighted = self._names.index(self._before)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show it."""
        event.stop()
        self.app.theme = self._names[event.option_index]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Keep it."""
        event.stop()
        self.dismiss(self._names[event.option_index])

    def action_choose(self) -> None:
        """Keep the one under the cursor."""
        place = self.query_one(OptionList).highlighted
        if place is not None:
            self.dismiss(self._names[place])

    def action_back(self) -> None:
        """The colours as they were."""
        self.app.theme = self._before
        self.dismiss(None)
