"""What stands around the prompt: completion, commands, the filters in force, what was asked before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual import work

from tui import messages
from tui.filters import NONE, Filters, Name
from tui.screens.turn_queue import TurnQueue
from tui.turns import QUOTES, Answerer
from tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from qa.articles import Article
    from tui.screens.chat import ChatScreen
    from tui.widgets.chips import Chips
    from tui.widgets.completions import Completion, Completions

OFFERED = 8
"""Outlets, and as many articles, that are offered at a time."""


class Prompting(TurnQueue):
    """The part of the conversation's screen where questions are typed and limited."""

    def __init__(self) -> None:
        super().__init__()
        self._chips: Chips | None = None
        self._completions: Completions | None = None
        self._earlier: list[str] = []

    @property
    def prompt(self) -> Prompt:
        """Where questions are typed."""
        return self.query_one(Prompt)

    async def complete_prompt(self) -> None:
        """Mount what the first frame did without."""
        from tui.widgets.chips import Chips
        from tui.widgets.completions import Completions

        self._chips, self._completions = Chips(), Completions()
        await self.mount_all([self._completions, self._chips], before=self.prompt)
        self._completions.offer(())
        self.prompt.completions = self._completions
        self.show_chips()

    # --- what was asked before

    def remember(self) -> None:
        """Up brings back this conversation's questions, then those of earlier ones."""
        here = {turn.question for turn in self.turns}
        self.prompt.remember([*reversed(self.turns), *(each for each in self._earlier if each not in here)])

    @work(thread=True, exclusive=True, group="history")
    def read_history(self) -> None:
        """Read the questions of earlier conversations."""
        with self.desk.guarded("reading earlier questions", self.desk.notice):
            self.post_message(messages.HistoryRead(self.desk.opened_archive.sessions.questions()))

    def on_history_read(self, message: messages.HistoryRead) -> None:
        """They can be brought back now."""
        self._earlier = [*message.questions]
        self.remember()

    # --- filters

    def watch_filters(self) -> None:
        """Show them, and whether they leave anything to ask."""
        self.show_chips()
        if self._chips is not None:
            self._chips.say("")
        if self.filters and self.desk.archive is not None:
            self._count(self.filters)

    def show_chips(self) -> None:
        """Bring the chips in step with filters, model and the selected turn."""
        if self._chips is not None:
            chosen = self.desk.answerer
            model = "" if chosen == Answerer() else chosen.model or "quotes only"
            self._chips.show(self.filters, model, self.selected)

    @work(thread=True, exclusive=True, group="filters")
    def _count(self, filters: Filters) -> None:
        with self.desk.guarded(
            "counting articles", lambda error: self.post_message(messages.FiltersCounted(filters, 0, error))
        ):
            archive = self.desk.opened_archive
            asked = archive.understand("?", **filters.arguments(), infer=False)
            self.post_message(messages.FiltersCounted(filters, archive.catalog.count_inside(*asked.limited)))

    def on_filters_counted(self, message: messages.FiltersCounted) -> None:
        """Say it where nothing is left, or what is wrong with a filter."""
        wrong_command = self.prompt.text.startswith("/")  # which is said there
        if self._chips is not None and message.filters == self.filters and not wrong_command:
            told = f"✗ {message.error}" if message.error else "" if message.articles else "✗ no article passes"
            self._chips.say(told)

    def limit_to(self, article: Article) -> None:
        """Ask about one article only, from the next question on."""
        self.filters = replace(self.filters, article=(article.id, article.title))
        while self.app.screen is not self and len(self.app.screen_stack) > 1:
            self.app.pop_screen()
        self.set_class(False, "-over")
        self.prompt.focus()

    def on_chip_removed(self, message: messages.ChipRemoved) -> None:
        """Take a filter away, or go back to the configured model."""
        if message.name == "model":
            self.desk.answer_by(Answerer())
        else:
            self.filters = self.filters.without(cast("Name", message.name))

    def on_chip_edited(self, message: messages.ChipEdited) -> None:
        """Change a filter in the prompt."""
        if message.name == "model":
            self.desk.action_choose_model()
        elif message.name == "article":
            self.notify("@ in the prompt chooses another article.", markup=False)
        else:
            name = {"outlets": "outlet"}.get(message.name, message.name)
            self.prompt.text = f"/{name} {self.filters.shown()[cast('Name', message.name)]}"
            self.prompt.move_cursor(self.prompt.document.end)
            self.prompt.focus()

    def action_go_to_filters(self) -> None:
        """The cursor to the chips."""
        if self._chips is not None and self._chips.chips:
            self._chips.focus()
        else:
            hint = "No filters are set. @ chooses an outlet or an article, /since, /until and /now take days."
            self.notify(hint, markup=False)

    # --- completion

    def on_completion_wanted(self, message: messages.CompletionWanted) -> None:
        """Offer commands at once, names once they are looked up."""
        if message.sign == "@":
            self._look_up(message.typed)
        elif self._completions is not None:
            self._completions.offer(_commands(message.typed))

    @work(thread=True, exclusive=True, group="completion")
    def _look_up(self, typed: str) -> None:
        from tui.completion import names

        if self.desk.archive is not None:
            with self.desk.guarded("completing", self.desk.notice):
                self.post_message(messages.CompletionsFound(typed, names(self.desk.archive, typed, OFFERED)))

    def on_completions_found(self, message: messages.CompletionsFound) -> None:
        """Offer them, if they are still wanted."""
        if self._completions is not None and self.prompt.naming == message.typed:
            self._completions.offer(message.choices)

    def on_completion_chosen(self, message: messages.CompletionChosen) -> None:
        """Take a choice: a name becomes a filter, a command is run, or waits for what it takes."""
        choice = message.choice
        if self._completions is not None:
            self._completions.offer(())
        self.prompt.focus()
        if choice.kind == "command":
            self._choose_command(choice)
            return
        self.prompt.replace_typed("")
        if choice.kind == "outlet":
            self.filters = replace(self.filters, outlets=tuple(dict.fromkeys((*self.filters.outlets, choice.value))))
        else:
            self.filters = replace(self.filters, article=(choice.value, choice.text))

    def _choose_command(self, choice: Completion) -> None:
        from tui.slash import Slash, slashes

        command = slashes()[choice.value]
        self.prompt.text = f"/{choice.value} "
        self.prompt.move_cursor(self.prompt.document.end)
        if not (isinstance(command, Slash) and command.takes):
            self.post_message(messages.CommandSent(choice.value, ""))

    # --- commands

    def on_text_area_changed(self) -> None:
        """What was wrong with a command is not, once it is changed."""
        if self._chips is not None and not self.prompt.text.startswith("/") and self._chips.note.startswith("✗ "):
            self.watch_filters()

    async def on_command_sent(self, message: messages.CommandSent) -> None:
        """Do it; what cannot be stays in the prompt."""
        from qa.errors import NewsdeskError, UsageError
        from tui.slash import nearest, slashes

        try:
            if message.name not in slashes():
                raise UsageError(nearest(message.name))
            await self._run(message.name, message.value)
        except NewsdeskError as error:
            if self._chips is not None:
                self._chips.say(f"✗ {error}")
            return
        self.prompt.clear()

    async def _run(self, name: str, value: str) -> None:
        """Raises NewsdeskError."""
        filters = {"outlet": "outlets", "since": "since", "until": "until", "now": "now"}
        if name in filters:
            self.filters = self.filters.checked(cast("Name", filters[name]), value)
        elif name == "clear":
            self.filters = NONE
        elif name in ("model", "quotes"):
            self.desk.answer_by(QUOTES if name == "quotes" else Answerer(model=value or None))
        elif name == "add":
            self._add_source(value)
        elif name == "export":
            cast("ChatScreen", self).action_export(value or "markdown")
        elif name == "longer":
            await self.run_action("revise('longer')")
        else:
            await self._run_registered(name)

    def _add_source(self, value: str) -> None:
        from qa.errors import UsageError

        if not value:
            raise UsageError("/add takes a file, a folder or an address.")
        if self.desk.archive is None:
            raise UsageError("The archive is not open yet.")
        self.desk.incoming.add(value)

    async def _run_registered(self, name: str) -> None:
        from tui.commands import Command
        from tui.slash import slashes

        command = slashes()[name]
        assert isinstance(command, Command)
        target = self.app if command.place == "everywhere" else self
        await target.run_action(command.action)


def _commands(typed: str) -> list[Completion]:
    from tui.slash import Slash, matching, slashes
    from tui.widgets.completions import Completion

    known = slashes()
    found = []
    for name in matching(typed, known):
        command = known[name]
        takes = f"{command.takes} · " if isinstance(command, Slash) and command.takes else ""
        found.append(Completion("command", name, name, f"{takes}{command.help}"))
    return found
