"""What an empty conversation shows: that one can ask, some questions to press, how to add articles."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.display import one_line
from tui.messages import QuestionSent

GREETING = "Every sentence of an answer shows the words of the article it rests on."
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
        rows = [Option(Content.assemble(("› ", "$text-accent"), question)) for question in questions]
        samples = OptionList(*rows, id="samples", compact=True)
        samples.highlighted = None
        await self.mount(samples, Static(Content.from_markup(ADDING).stylize("$foreground-muted"), id="adding"))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask the question that was pressed."""
        event.stop()
        self.post_message(QuestionSent(self._questions[event.option_index]))
