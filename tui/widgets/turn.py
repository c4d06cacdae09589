"""A turn of the conversation on the screen: question, what was understood, answer or why none, what is being done."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region, Spacing
from textual.widgets import Markdown, Static
from textual.widgets.markdown import MarkdownStream

from tui.commands import bindings
from tui.display import disarm, draft_markdown, make_draft_parser, make_parser
from tui.messages import CitationChosen, TurnChosen
from tui.turns import Turn
from tui.widgets.answer import AnswerText
from tui.widgets.explained import Explained, Refused, Understood
from tui.widgets.steps import Steps

if TYPE_CHECKING:
    from tui.app import NewsdeskApp


class TurnView(Vertical, can_focus=True):
    """Shows one turn. The screen changes the turn and calls ``show``, ``write`` and ``finish``.

    Nothing is kept here that is not in the turn: it is taken away and made anew as the conversation is scrolled.
    """

    BINDINGS = bindings("answer")

    def __init__(self, turn: Turn) -> None:
        super().__init__(classes="turn")
        self.turn = turn
        self._draft: Markdown | None = None
        self._stream: MarkdownStream | None = None

    def compose(self) -> ComposeResult:
        """The question, the answer where there is one already, and the lines for what is known of it."""
        yield Static(Content(disarm(self.turn.question)), classes="question")
        yield Understood(self.turn, classes="understood")
        if _settled(self.turn):
            yield AnswerText(self.turn)
        yield Refused(self.turn, classes="refused")
        yield Steps(self.turn)

    async def on_mount(self) -> None:
        """A draft goes on where it was; one that broke off stays as it is."""
        if self.turn.draft and not _settled(self.turn):
            await self.write(self.turn.draft)
            if not self.turn.running:
                await self.finish()

    def show(self, *, opened: bool) -> None:
        """Bring the lines and the classes in step with the turn."""
        turn = self.turn
        self.set_class(turn.running or turn.state == "waiting", "-running")
        self.set_class(turn.state == "failed", "-failed")
        self.set_class(turn.answer is not None and turn.answer.abstained, "-refused")
        self.query_one(Steps).show(opened=opened)
        for explained in self.query(Explained):
            explained.show()

    # --- the answer

    async def write(self, delta: str) -> None:
        """Add to the draft."""
        if self._stream is None:
            self._stream = Markdown.get_stream(await self._document())
        await self._stream.write(draft_markdown(delta) if self.turn.model else _lines(delta))

    async def finish(self) -> None:
        """End the draft; put the verified answer in its place where there is one.

        A draft without one is set once more as a whole, since a streamed one can end with an unfinished block.
        """
        if self._stream is not None:
            await self._stream.stop()
            self._stream = None
        if _settled(self.turn):
            with self.app.batch_update():
                if not self.query(AnswerText):
                    await self.mount(AnswerText(self.turn), before=self.query_one(Refused))
                if self._draft is not None:
                    await self._draft.remove()
                    self._draft = None
        elif self._draft is not None:
            draft = self.turn.draft
            await self._draft.update(draft_markdown(draft) if self.turn.model else _lines(draft))

    async def on_unmount(self) -> None:
        """A stream has a task of its own, which would outlive the document."""
        if self._stream is not None:
            await self._stream.stop()

    async def _document(self) -> Markdown:
        """The draft's. What a model writes may have headings, lists, tables and code; quotes are lines of text."""
        if self._draft is None:
            parser = make_draft_parser if self.turn.model else make_parser
            self._draft = Markdown(classes="answer draft", parser_factory=parser, open_links=False)
            await self.mount(self._draft, before=self.query_one(Refused))
        return self._draft

    # --- keys and the mouse

    def on_focus(self) -> None:
        """The focused turn is the selected one."""
        self.post_message(TurnChosen(self.turn))

    def on_click(self) -> None:
        """So is the clicked one."""
        self.post_message(TurnChosen(self.turn))

    def action_next_marker(self) -> None:
        """On to the next citation."""
        self._step(1)

    def action_previous_marker(self) -> None:
        """Back to the one before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        for answer in self.query(AnswerText):
            answer.step(by)
            self.call_after_refresh(self._bring_marker)

    def _bring_marker(self) -> None:
        """Scroll so that the marker is in view."""
        scroll = next((each for each in self.ancestors if isinstance(each, VerticalScroll)), None)
        for answer in self.query(AnswerText):
            if scroll is not None and (line := answer.line_of_marker()) is not None:
                row = self.virtual_region.y + answer.virtual_region.y + line
                scroll.scroll_to_region(Region(0, row, 1, 1), spacing=Spacing(2, 0, 2, 0), animate=False)

    def action_open_marker(self) -> None:
        """Open what the marker cites, the first citation where none was stepped to."""
        for answer in self.query(AnswerText):
            number = answer.current or (answer.numbers[0] if answer.numbers else None)
            if number is not None:
                self.post_message(TurnChosen(self.turn))
                self.post_message(CitationChosen(number))

    def action_copy_reference(self) -> None:
        """The answer with its references, to the clipboard."""
        from tui.clipboard import answer_reference

        if self.turn.answer is not None:
            cast("NewsdeskApp", self.app).copy(answer_reference(self.turn), "the answer with its references")

    def action_copy_citation(self) -> None:
        """The citation whose marker was stepped to, else the first, to the clipboard."""
        from tui.clipboard import citation_text

        for answer in self.query(AnswerText):
            number = answer.current or (answer.numbers[0] if answer.numbers else None)
            for citation in self.turn.citations:
                if citation.number == number:
                    cast("NewsdeskApp", self.app).copy(citation_text(citation), f"citation {number}")

    def action_toggle_steps(self) -> None:
        """Show or hide what stands behind each step."""
        self.query_one(Steps).on_click()


def _settled(turn: Turn) -> bool:
    """Whether its answer is to be shown in the place of the draft."""
    return turn.answer is not None and bool(turn.answer.sentences or turn.answer.abstained)


def _lines(text: str) -> str:
    """Quotes as they come, line by line."""
    return disarm(text).replace("\n", "  \n")
