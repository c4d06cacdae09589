"""A turn of the conversation on the screen: question, what was understood, answer or why none, what is being done."""

from __future__ import annotations

import re

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region, Spacing
from textual.widget import Widget
from textual.widgets import Markdown, Static
from textual.widgets.markdown import MarkdownBlock, MarkdownStream

from tui.commands import bindings
from tui.display import disarm, draft_markdown, make_draft_parser, make_parser
from tui.messages import CitationChosen, TurnChosen
from tui.turns import Turn
from tui.widgets.answer import AnswerText
from tui.widgets.explained import Explained, Refused, Understood
from tui.widgets.steps import Steps

SOUGHT = 6
"""Words by which a block of a draft is found again."""
_WORD = re.compile(r"\w+")


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
        if any(Understood.lines(self.turn)):
            yield Understood(self.turn)
        if _settled(self.turn):
            yield AnswerText(self.turn)
        if any(Refused.lines(self.turn)):
            yield Refused(self.turn)
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
        self._explain(Understood, after=self.query_one(".question"))
        self._explain(Refused, before=self.query_one(Steps))

    def _explain(self, kind: type[Explained], *, before: Widget | None = None, after: Widget | None = None) -> None:
        """Have lines of a kind where there is something to say: most turns do without."""
        for explained in self.query_children(kind):
            explained.show()
            return
        if any(kind.lines(self.turn)):
            self.mount(kind(self.turn), before=before, after=after)

    # --- the answer

    async def write(self, delta: str) -> None:
        """Add to the draft."""
        if self._stream is None:
            self._stream = Markdown.get_stream(await self._document())
        await self._stream.write(draft_markdown(delta) if self.turn.model else _lines(delta))

    async def finish(self) -> int:
        """End the draft; put the verified answer in its place where there is one.

        A draft without one is set once more as a whole, since a streamed one can end with an unfinished block.
        Gives how many rows further down that stands which is read at the top of what is seen.
        """
        moved = 0
        if self._stream is not None:
            await self._stream.stop()
            self._stream = None
        if _settled(self.turn):
            moved = self._moves()
            with self.app.batch_update():
                if not self.query(AnswerText):
                    await self.mount(AnswerText(self.turn), before=self._below)
                if self._draft is not None:
                    await self._draft.remove()
                    self._draft = None
        elif self._draft is not None:
            draft = self.turn.draft
            await self._draft.update(draft_markdown(draft) if self.turn.model else _lines(draft))
        return moved

    def _moves(self) -> int:
        """How much further down the verified answer has the block of the draft that is read."""
        scroll = next((each for each in self.ancestors if isinstance(each, VerticalScroll)), None)
        if self._draft is None or scroll is None:
            return 0
        top = round(scroll.scroll_y) - self.virtual_region.y - self._draft.virtual_region.y
        for block in self._draft.children:
            if isinstance(block, MarkdownBlock) and top > 0 and block.virtual_region.bottom > top:
                answer = AnswerText(self.turn).render().at(self._draft.size.width).plain
                line = line_of(block.source or "", answer)
                return 0 if line is None else line - block.virtual_region.y
        return 0

    @property
    def _below(self) -> Widget:
        """What the answer stands above."""
        return next(iter(self.query_children(Refused)), self.query_one(Steps))

    async def on_unmount(self) -> None:
        """A stream has a task of its own, which would outlive the document."""
        if self._stream is not None:
            await self._stream.stop()

    async def _document(self) -> Markdown:
        """The draft's. What a model writes may have headings, lists, tables and code; quotes are lines of text."""
        if self._draft is None:
            parser = make_draft_parser if self.turn.model else make_parser
            self._draft = Markdown(classes="answer draft", parser_factory=parser, open_links=False)
            await self.mount(self._draft, before=self._below)
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
        if (citation := self.turn.current) is not None:
            self.post_message(TurnChosen(self.turn))
            self.post_message(CitationChosen(citation.number))

    def action_toggle_steps(self) -> None:
        """Show or hide what stands behind each step."""
        self.query_one(Steps).toggle()


def line_of(words: str, text: str) -> int | None:
    """The line of ``text`` in which the first of the ``words`` stand, whatever stands between them."""
    sought = _WORD.findall(words)[:SOUGHT]
    lines = [(word, number) for number, line in enumerate(text.split("\n")) for word in _WORD.findall(line)]
    for place, (_, number) in enumerate(lines):
        if sought and [word for word, _ in lines[place : place + len(sought)]] == sought:
            return number
    return None


def _settled(turn: Turn) -> bool:
    """Whether its answer is to be shown in the place of the draft."""
    return turn.answer is not None and bool(turn.answer.sentences or turn.answer.abstained)


def _lines(text: str) -> str:
    """Quotes as they come, line by line."""
    return disarm(text).replace("\n", "  \n")
