"""Who answers the next questions: the configured model, another one of its server, or quotes alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from tui.command import Place
from tui.commands import bindings
from tui.display import count, one_line
from tui.messages import ModelsListed
from tui.screens.desk_screen import DeskModal
from tui.turns import QUOTES, Answerer

if TYPE_CHECKING:
    from qa.archive import Archive
    from qa.models import Choice
    from tui.app import NewsdeskApp


class ModelsScreen(DeskModal["Answerer | None"]):
    """Gives who is to answer; None for whoever did. Only what the configuration allows can be chosen."""

    CSS_PATH = "models.tcss"
    PLACE: ClassVar[Place] = "models"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#models"

    def __init__(self, archive: Archive, now: Answerer) -> None:
        super().__init__()
        self.archive = archive
        self.now = now
        self.rows: list[Answerer] = []

    def compose(self) -> ComposeResult:
        """The list, how it stands with it, a line for any other name."""
        with Vertical(id="box"):
            yield Static("Who answers", id="heading", markup=False)
            yield OptionList(id="models", compact=True, markup=False)
            yield Static("", id="state", markup=False)
            yield Input(placeholder="Another model of this server, by its name", id="name", compact=True)
            keys = Content.assemble(
                ("Enter", "bold $text-accent"), " chooses    ", ("Tab", "bold $text-accent"), " another name    "
            )
            yield Static(Content.assemble(keys, ("Esc", "bold $text-accent"), " back"), id="keys")

    def on_mount(self) -> None:
        """Show what is known, and ask the server for the rest."""
        self._list(())
        configured = self.archive.chosen()
        if configured is None:
            self._say("No model is configured: [answer] model and base_url in config.toml name one and its server.")
        else:
            self._say(f"asking {configured.server} for its models")
            self._ask()

    @work(thread=True, exclusive=True, group="models")
    def _ask(self) -> None:
        desk = cast("NewsdeskApp", self.app)
        with desk.guarded("listing the models", lambda error: self.post_message(ModelsListed((), error))):
            self.post_message(ModelsListed(self.archive.models()))

    def on_models_listed(self, message: ModelsListed) -> None:
        """The server's models, or why they are not known."""
        if message.error:
            self._say(f"✗ {message.error}", "$text-error")
        else:
            self._list(message.names)
            self._say(f"{count(len(message.names), 'model')} offered")

    def _list(self, names: Sequence[str]) -> None:
        """The configured model, quotes alone, what was chosen, what else is offered; the cursor on what is in force."""
        configured, now = self.archive.chosen(), self._choice(self.now)
        known = configured.model if configured is not None else ""
        others = [name for name in dict.fromkeys((self.now.model or "", *names)) if name and name != known]
        rows = [(QUOTES, "quotes only, no model"), *((Answerer(model=name), name) for name in others)]
        if configured is not None:
            rows.insert(0, (Answerer(), f"{configured.shown}, as configured"))
        self.rows = [answerer for answerer, _ in rows]
        here = next((n for n, answerer in enumerate(self.rows) if self._choice(answerer) == now), None)
        shown = self.query_one(OptionList)
        shown.clear_options()
        shown.add_options(f"{'●' if n == here else ' '} {one_line(text)}" for n, (_, text) in enumerate(rows))
        shown.highlighted = here or 0

    def _choice(self, answerer: Answerer) -> Choice | str | None:
        """What a choice comes to: a model, None for quotes, or why it cannot be."""
        from qa.errors import NewsdeskError

        try:
            return self.archive.chosen(answerer.mode, answerer.model)
        except NewsdeskError as error:
            return str(error)

    def _say(self, text: str, style: str = "$foreground-muted") -> None:
        self.query_one("#state", Static).update(Content.styled(one_line(text), style))

    def _choose(self, answerer: Answerer) -> None:
        if isinstance(why := self._choice(answerer), str):
            self._say(f"✗ {why}", "$text-error")
        else:
            self.dismiss(answerer)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """The one that was pressed."""
        event.stop()
        self._choose(self.rows[event.option_index])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The one that was typed."""
        event.stop()
        if name := event.value.strip():
            self._choose(Answerer(model=name))

    def action_choose(self) -> None:
        """The one under the cursor."""
        place = self.query_one(OptionList).highlighted
        if place is not None:
            self._choose(self.rows[place])

    def action_back(self) -> None:
        """None."""
        self.dismiss(None)
