"""Where questions are typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.widgets import TextArea

from tui.messages import CommandSent, CompletionWanted, EndWanted, PageTurned, QuestionSent

if TYPE_CHECKING:
    from tui.turns import Turn
    from tui.widgets.completions import Completions

BREAKS = frozenset({"ctrl+j", "shift+enter", "alt+enter"})
_NAMING = re.compile(r"(?:^|\s)@([^@\n]{0,40})$")
_COMMANDING = re.compile(r"/(?!/)([\w-]*)$")


class Prompt(TextArea):
    """Enter sends, Ctrl+J, Shift+Enter or Alt+Enter breaks the line. It stays editable whatever else is going on.

    Up and Down at its edges go through what was asked before; what was being typed comes back below it. While there is
    something to complete, Up, Down, Tab, Enter and Esc are for that.
    """

    def __init__(self) -> None:
        super().__init__(
            id="prompt", compact=True, highlight_cursor_line=False, placeholder="Ask about the articles", soft_wrap=True
        )
        self.completions: Completions | None = None
        self._edited: Turn | None = None
        self._asked: list[Turn | str] = []
        self._back = 0
        self._typed = ""

    async def _on_key(self, event: events.Key) -> None:
        offering = self.completions is not None and self.completions.offering
        if offering and self._completes(event.key):
            event.stop()
            event.prevent_default()
        elif event.key == "enter":
            event.stop()
            event.prevent_default()
            self._send()
        elif event.key in BREAKS:
            event.stop()
            event.prevent_default()
            self.insert("\n")
        else:
            await super()._on_key(event)

    def _completes(self, key: str) -> bool:
        assert self.completions is not None
        if key in ("up", "down"):
            self.completions.step(-1 if key == "up" else 1)
        elif key in ("tab", "enter"):
            self.completions.choose()
        elif key == "escape":
            self.completions.offer(())
        else:
            return False
        return True

    def _send(self) -> None:
        from tui.slash import parse

        if not (text := self.text.strip()):
            return
        if (command := parse(text)) is not None:
            self.post_message(CommandSent(*command))
            return
        edited, self._edited = self._edited, None
        self.clear()
        self.post_message(QuestionSent(text[1:] if text.startswith("//") else text, edited))

    @property
    def naming(self) -> str | None:
        """What stands behind the ``@`` that is being typed; None for none."""
        found = _NAMING.search(self._before)
        return found[1] if found is not None else None

    def replace_typed(self, text: str) -> None:
        """Put ``text`` in the place of what is being completed."""
        typed = f"@{self.naming}" if self.naming is not None else self._before
        row, column = self.cursor_location
        self.replace(text, (row, column - len(typed)), (row, column))

    def on_text_area_changed(self) -> None:
        """What is typed into an empty prompt is another question; what may be completed is."""
        if not self.text:
            self._edited, self._back = None, 0
        naming, commanding = self.naming, _COMMANDING.fullmatch(self.text)
        if naming is not None and not self.text.startswith("/"):
            self.post_message(CompletionWanted("@", naming))
        elif commanding is not None:
            self.post_message(CompletionWanted("/", commanding[1]))
        elif self.completions is not None and self.completions.offering:
            self.completions.offer(())

    @property
    def _before(self) -> str:
        """The words of its line before the cursor."""
        row, column = self.cursor_location
        return self.document.get_line(row)[:column]

    # --- what was asked before

    def remember(self, asked: Sequence[Turn | str]) -> None:
        """What Up brings back, the latest first: turns of this conversation, then questions of earlier ones."""
        self._asked = [*asked]

    def recall(self, asked: Turn | str) -> None:
        """Put a question back in for another try; once the prompt is empty, that is forgotten."""
        if isinstance(asked, str):
            self.text, self._edited = asked, None
        else:
            self.text, self._edited = asked.question, asked
        self.move_cursor(self.document.end)

    def _go_back(self, by: int) -> None:
        if not self._back:
            self._typed = self.text
        self._back = min(max(self._back + by, 0), len(self._asked))
        if self._back:
            place = self._back
            self.recall(self._asked[place - 1])
            self._back = place
        else:
            self.text = self._typed
            self.move_cursor(self.document.end)

    def action_cursor_up(self, select: bool = False) -> None:
        """Up, or on the first line what was asked before."""
        if select or not self._asked or not self.navigator.is_first_wrapped_line(self.selection.end):
            super().action_cursor_up(select)
        else:
            self._go_back(1)

    def action_cursor_down(self, select: bool = False) -> None:
        """Down, or on the last line what was asked after that."""
        if select or not self._back or not self.navigator.is_last_wrapped_line(self.selection.end):
            super().action_cursor_down(select)
        else:
            self._go_back(-1)

    # --- the conversation above

    def action_cursor_line_end(self, select: bool = False) -> None:
        """The end of the line, or of the conversation where nothing is typed."""
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
