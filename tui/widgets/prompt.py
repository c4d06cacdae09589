"""Where questions are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.widgets import TextArea

from tui.messages import EndWanted, PageTurned, QuestionSent, RecallAsked

if TYPE_CHECKING:
    from tui.turns import Turn

BREAKS = frozenset({"ctrl+j", "shift+enter", "alt+enter"})


class Prompt(TextArea):
    """Enter sends, Ctrl+J or Shift+Enter breaks the line. It stays editable whatever else is going on."""

    def __init__(self) -> None:
        super().__init__(
            id="prompt", compact=True, highlight_cursor_line=False, placeholder="Ask about the articles", soft_wrap=True
        )
        self._edited: Turn | None = None

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self._send()
        elif event.key in BREAKS:
            event.stop()
            event.prevent_default()
            self.insert("\n")
        else:
            await super()._on_key(event)

    def _send(self) -> None:
        if question := self.text.strip():
            edited, self._edited = self._edited, None
            self.clear()
            self.post_message(QuestionSent(question, edited))

    def recall(self, turn: Turn) -> None:
        """Put the question of a turn back in for another try; once the prompt is empty, that is forgotten."""
        self.text, self._edited = turn.question, turn
        self.move_cursor(self.document.end)

    def on_text_area_changed(self) -> None:
        """What is typed into an empty prompt is another question."""
        if not self.text:
            self._edited = None

    def action_cursor_up(self, select: bool = False) -> None:
        """Up, or the last question where there is nothing to go up in."""
        if self.text or select:
            super().action_cursor_up(select)
        else:
            self.post_message(RecallAsked())

    def action_cursor_line_end(self, select: bool = False) -> None:
        """To the end of the line, or of the conversation where there is no line."""
        if self.text or select:
            super().action_cursor_line_end(select)
        else:
            self.post_message(EndWanted())

    def action_cursor_page_up(self) -> None:
        """A page back in the conversation: a prompt has no pages."""
        self.post_message(PageTurned(-1))

    def action_cursor_page_down(self) -> None:
        """A page on in the conversation."""
        self.post_message(PageTurned(1))
