"""What an empty conversation shows: that one can ask, some questions to press, how to add articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.display import one_line
from tui.messages import QuestionSent

if TYPE_CHECKING:
    from tui.widgets.prompt import Prompt

GREETING = "Every sentence of an answer shows the words of the article it rests on."
PRESSING = "Click a question, or press [b]Shift+Tab[/] and [b]Enter[/]; or type one of your own."
ADDING = "Press [b]F2[/], then [b]a[/], to add a file, folder or address of your own."
EMPTY = "The archive holds no articles yet. Press [b]F2[/], then [b]a[/], and name a file, folder or address to add."
FILLING = "The archive holds no articles yet; its sources are being read. Ask: the first articles are enough to begin."
FOR_SEEDS = (
    "What did the defence ministers vow to do?",
    "Who painted The Eel Seller?",
    "How much will the Dravik battery plant cost?",
)


def questions_about(titles: Sequence[str], *, seeds: bool) -> tuple[str, ...]:
    """Questions that can be pressed: fixed ones for the sample articles, else one for each title."""
    if seeds:
        return FOR_SEEDS
    return tuple(f"What is reported about “{one_line(title)}”?" for title in titles)


class Samples(OptionList):
    """Questions to press. A letter that is typed here begins a question of one's own."""

    def __init__(self, questions: Sequence[str]) -> None:
        rows = [Option(Content.assemble(("› ", "$text-accent"), question)) for question in questions]
        super().__init__(*rows, id="samples", compact=True)
        self.highlighted = None

    def on_focus(self) -> None:
        """Enter presses the first."""
        self.highlighted = self.highlighted or 0

    def on_blur(self) -> None:
        """None is to be pressed by Enter any more."""
        self.highlighted = None

    def on_key(self, event: events.Key) -> None:
        """A letter is the prompt's."""
        if event.is_printable and event.character:
            event.stop()
            event.prevent_default()
            prompt = cast("Prompt", self.screen.query_one("#prompt"))
            self.screen.set_focus(prompt)
            prompt.insert(event.character)


class Welcome(Vertical):
    """The empty state. ``offer`` fills in what only the opened archive knows."""

    def __init__(self) -> None:
        super().__init__(id="welcome")
        self._questions: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """What can be said before anything is loaded."""
        yield Static(Content.styled("Ask the archive", "bold"), id="greeting")
        yield Static(Content.styled(GREETING, "$foreground-muted"))

    async def offer(self, questions: Sequence[str], *, empty: bool, filling: bool = False) -> None:
        """Show sample questions, or how an empty archive is filled: it is ``filling``, or somebody has to do it."""
        self._questions = tuple(questions)
        await self.query("#samples, #adding").remove()
        if empty:
            await self.mount(Static(Content.from_markup(FILLING if filling else EMPTY), id="adding"))
            return
        told = Content("\n").join(Content.from_markup(each) for each in (PRESSING, ADDING))
        await self.mount(Samples(questions), Static(told.stylize("$foreground-muted"), id="adding"))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask the question that was pressed."""
        event.stop()
        self.post_message(QuestionSent(self._questions[event.option_index]))
