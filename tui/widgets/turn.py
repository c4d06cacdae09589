"""A turn of the conversation on the screen: question, what was understood, answer or why none, what is being done."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Markdown, Static
from textual.widgets.markdown import MarkdownStream

from tui.display import CITE, answer_markdown, disarm, draft_markdown, make_parser, one_line, took
from tui.messages import CitationChosen, TurnChosen
from tui.turns import Turn, describe
from tui.widgets.explained import Explained, Refused, Understood


class TurnView(Vertical, can_focus=True):
    """Shows one turn. The screen changes the turn and calls ``show``, ``write`` and ``finish``."""

    def __init__(self, turn: Turn) -> None:
        super().__init__(classes="turn")
        self.turn = turn
        self._answer: Markdown | None = None
        self._stream: MarkdownStream | None = None

    def compose(self) -> ComposeResult:
        """The question, and the lines for what is known of it."""
        yield Static(Content(disarm(self.turn.question)), classes="question")
        yield Understood(self.turn, classes="understood")
        yield Refused(self.turn, classes="refused")
        yield Static("", classes="doing", markup=False)

    async def on_mount(self) -> None:
        """A turn that was kept comes with its answer."""
        if self.turn.answer is not None:
            await self.finish()

    def show(self, *, opened: bool) -> None:
        """Bring the line and the classes in step with the turn."""
        turn = self.turn
        self.set_class(turn.running or turn.state == "waiting", "-running")
        self.set_class(turn.state == "failed", "-failed")
        self.set_class(turn.answer is not None and turn.answer.abstained, "-refused")
        self.query_one(".doing", Static).update(Content("\n").join(self._lines(opened=opened)))
        for explained in self.query(Explained):
            explained.show()

    def _lines(self, *, opened: bool) -> Iterator[Content]:
        """Why there is no answer or no whole one, what the turn does, what the answer took."""
        turn, answer = self.turn, self.turn.answer
        if turn.error:
            yield Content.styled(f"✗ {disarm(turn.error)}", "$error")
        if answer is not None and answer.sentences and answer.reason and turn.state != "stopped":
            yield Content.styled(f"⚠ {disarm(answer.reason)}", "$warning")
        yield Content.styled(one_line(describe(turn, opened=opened)), "$foreground-muted")
        if answer is not None and (said := took(answer)):
            yield Content.styled(said, "$foreground-muted")

    async def write(self, delta: str) -> None:
        """Add to the draft."""
        if self._stream is None:
            self._stream = Markdown.get_stream(await self._document())
        await self._stream.write(draft_markdown(delta))

    async def finish(self) -> None:
        """End the draft; show the verified answer in its place where there is one.

        The whole document is set once more, since a streamed one can end with an unfinished block.
        """
        if self._stream is not None:
            await self._stream.stop()
            self._stream = None
        answer = self.turn.answer
        if answer is not None and (answer.sentences or answer.abstained):
            document = await self._document()
            await document.update(answer_markdown(answer))
        elif self._answer is not None:
            await self._answer.update(draft_markdown(self.turn.draft))

    async def on_unmount(self) -> None:
        """A stream has a task of its own, which would outlive the document."""
        if self._stream is not None:
            await self._stream.stop()

    async def _document(self) -> Markdown:
        if self._answer is None:
            self._answer = Markdown(classes="answer", parser_factory=make_parser, open_links=False)
            await self.mount(self._answer, before=self.query_one(Refused))
        return self._answer

    def on_focus(self) -> None:
        """The focused turn is the selected one."""
        self.post_message(TurnChosen(self.turn))

    def on_click(self) -> None:
        """So is the clicked one."""
        self.post_message(TurnChosen(self.turn))

    def on_markdown_link_clicked(self, event: Markdown.LinkClicked) -> None:
        """Markers are links; nothing else in an answer can be followed."""
        event.stop()
        number = event.href.removeprefix(CITE)
        if event.href.startswith(CITE) and number.isdecimal():
            self.post_message(TurnChosen(self.turn))
            self.post_message(CitationChosen(int(number)))
