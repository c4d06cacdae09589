"""The filters in force: where they are shown, changed, taken away, and whether they leave anything to ask."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual import work

from tui import messages
from tui.filters import Filters, Name, Named
from tui.screens.turn_queue import TurnQueue
from tui.turns import Answerer

if TYPE_CHECKING:
    from textual.widget import Widget

    from qa.articles import Article
    from tui.widgets.chips import Chips
    from tui.widgets.filter_line import FilterLine
    from tui.widgets.prompt import Prompt

HINT = "No filter is set. In the prompt, @ chooses an outlet or an article; /since, /until and /now take days."


class Limiting(TurnQueue):
    """The part of the conversation's screen that limits questions."""

    def __init__(self) -> None:
        super().__init__()
        self._chips: Chips | None = None
        self._line: FilterLine | None = None
        self._wrong = self._refused = ""

    @property
    def prompt(self) -> Prompt:
        """Where questions are typed."""
        return cast("Prompt", self.query_one("#prompt"))

    def filter_widgets(self) -> list[Widget]:
        """What shows filters, to be mounted."""
        from tui.widgets.chips import Chips
        from tui.widgets.filter_line import FilterLine

        self._chips, self._line = Chips(), FilterLine()
        return [self._chips, self._line]

    # --- in force

    def watch_filters(self) -> None:
        """Show them, and whether they leave anything to ask."""
        self.show_chips()
        self._refused = ""
        self._say()
        self.count_inside()

    def count_inside(self) -> None:
        """Look whether the filters leave any article."""
        if self.filters and self.desk.archive is not None:
            self._count(self.filters)

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
        if message.filters == self.filters:
            nothing = "" if message.articles else "✗ no article passes these filters"
            self._refused = f"✗ {message.error}" if message.error else nothing
            self._say()

    def say_wrong(self, wrong: str) -> None:
        """What is wrong with a command, said over the prompt before what is of the filters; empty for nothing."""
        self._wrong = f"✗ {wrong}" if wrong else ""
        self._say()

    def _say(self) -> None:
        if self._chips is not None:
            self._chips.say(self._wrong or self._refused)

    def limit_to(self, article: Article) -> None:
        """Ask about one article only, from the next question on."""
        self.filters = replace(self.filters, article=Named((article.id,), article.title))
        while self.app.screen is not self and len(self.app.screen_stack) > 1:
            self.app.pop_screen()
        self.set_class(False, "-over")
        self.prompt.focus()

    # --- as chips

    def show_chips(self) -> None:
        """Bring the chips in step with filters, model and the selected turn."""
        if self._chips is not None:
            among = self.focused is self._chips
            self._chips.show(self.filters, self._answers(), self.selected)
            if among and not self._chips.chips:
                self.set_focus(self.prompt)

    def _answers(self) -> str:
        """The mode or the model that was chosen, and where questions go for it; empty where that is as configured."""
        chosen = self.desk.answerer
        if chosen == Answerer() or self.desk.archive is None:
            return ""
        from qa.errors import NewsdeskError

        try:
            choice = self.desk.archive.chosen(chosen.mode, chosen.model)
        except NewsdeskError:
            return f"model: {chosen.model or 'none'}"
        return "mode: quotes only" if choice is None else f"model: {choice.shown}"

    def on_chip_removed(self, message: messages.ChipRemoved) -> None:
        """Take a filter away, or go back to the configured model."""
        if message.name == "model":
            self.desk.answer_by(Answerer())
        else:
            self.filters = self.filters.without(cast("Name", message.name), message.value)

    def on_chip_edited(self, message: messages.ChipEdited) -> None:
        """Change a filter in a line of its own; another article or model is chosen from a list."""
        if message.name == "model":
            self.desk.action_choose_model()
        elif message.name == "article":
            self.prompt.begin_name()
            self.prompt.focus()
        elif self._line is not None:
            self._line.change(cast("Name", message.name), message.value)

    def on_chip_typed(self, message: messages.ChipTyped) -> None:
        """The filter is another one, if it is one at all."""
        from qa.errors import UsageError

        try:
            changed = self.filters.changed(cast("Name", message.name), message.value, message.typed)
        except UsageError as error:
            if self._line is not None:
                self._line.say(str(error))
            return
        self.filters = changed
        self.on_chip_left()

    def on_chip_left(self) -> None:
        """Back to the chips, or to the prompt where there are none."""
        if self._line is not None and self._chips is not None:
            self._line.close()
            (self._chips if self._chips.chips else self.prompt).focus()

    def action_go_to_filters(self) -> None:
        """The cursor to the chips."""
        if self._chips is not None and self._chips.chips:
            self._chips.focus()
        else:
            self.notify(HINT, markup=False)
