"""What was read out of a question, as a list: the way of the keyboard to ask again without one of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from qa.explanations import NAMES, readings
from tui.command import Place
from tui.commands import bindings
from tui.display import one_line
from tui.screens.desk_screen import DeskModal

if TYPE_CHECKING:
    from qa.inferences import What
    from tui.turns import Turn


class UnderstoodScreen(DeskModal["What | None"]):
    """Gives the kind to be left out, or to be read again; None for none."""

    CSS_PATH = "understood.tcss"
    PLACE: ClassVar[Place] = "understood"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#readings"

    def __init__(self, turn: Turn) -> None:
        super().__init__()
        found = readings(turn.asked) if turn.asked is not None else []
        self.rows: list[tuple[What, str]] = [(each.what, f"✕ {one_line(each.text)}") for each in found]
        self.rows += [(what, f"↺ {NAMES[what]}, left out now") for what in sorted(turn.removed)]

    def compose(self) -> ComposeResult:
        """What was read, what was left out, and the keys."""
        with Vertical(id="box"):
            yield Static("What was understood", id="heading", markup=False)
            yield OptionList(*(Option(Content(text)) for _, text in self.rows), id="readings", markup=False)
            keys = Content.assemble(
                ("Enter", "bold $text-accent"), " asks again without it    ", ("Esc", "bold $text-accent"), " back"
            )
            yield Static(keys, id="keys")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """The one that was pressed."""
        event.stop()
        self.dismiss(self.rows[event.option_index][0])

    def action_switch(self) -> None:
        """The one under the cursor."""
        place = self.query_one(OptionList).highlighted
        if place is not None:
            self.dismiss(self.rows[place][0])

    def action_back(self) -> None:
        """None."""
        self.dismiss(None)
