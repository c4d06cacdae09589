"""One line in which a filter is changed, under the chips."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui.display import disarm, one_line
from tui.filters import LABELS, Name
from tui.messages import ChipLeft, ChipTyped

TAKES: dict[Name, str] = {
    "outlets": "an outlet, or several with commas between them",
    "since": "2026-11-22, the first day",
    "until": "2026-11-22, the last day",
    "now": "2026-11-22, or a moment",
}
"""What each filter may be; what is left empty is taken away."""
KEYS = "Enter keeps it · Esc leaves it as it was · empty takes it away"


class FilterLine(Vertical):
    """Enter keeps what was typed, Esc leaves the filter as it was; what is wrong stands below."""

    def __init__(self) -> None:
        super().__init__(id="filter")
        self.name_shown: Name = "since"
        self.value = ""

    def compose(self) -> ComposeResult:
        """The filter's name, its value, what is to be said of it."""
        with Horizontal(id="filter-row"):
            yield Static("", id="filter-name", markup=False)
            yield Input(id="filter-value", compact=True)
        yield Static(KEYS, id="filter-note", markup=False)

    def change(self, name: Name, value: str) -> None:
        """Let a filter be changed from what it is."""
        self.name_shown, self.value = name, value
        self.display = True
        self.query_one("#filter-name", Static).update(f"{LABELS[name]}: ")
        line = self.query_one(Input)
        line.placeholder = TAKES.get(name, "")
        line.value = disarm(value)
        self.say("")
        line.focus()

    def close(self) -> None:
        """Nothing is changed any more."""
        self.display = False

    def say(self, wrong: str) -> None:
        """What is wrong with what was typed; empty for nothing."""
        note = Content.styled(f"✗ {one_line(wrong)}", "$text-error") if wrong else Content(KEYS)
        self.query_one("#filter-note", Static).update(note)

    def on_input_changed(self, event: Input.Changed) -> None:
        """It may be right now."""
        event.stop()
        self.say("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep it, if it is one."""
        event.stop()
        typed = self.value if event.value == disarm(self.value) else event.value
        self.post_message(ChipTyped(self.name_shown, self.value, typed))

    def on_key(self, event: events.Key) -> None:
        """Esc leaves the filter as it was."""
        if event.key == "escape":
            event.stop()
            self.post_message(ChipLeft())
