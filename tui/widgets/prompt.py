"""Where questions are typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.widgets import TextArea

from tui.messages import AnswersWanted, CommandSent, CompletionWanted, EndWanted, PageTurned, QuestionSent

if TYPE_CHECKING:
    from tui.turns import Turn
    from tui.widgets.completions import Completions, Wanted

BREAKS = frozenset({"ctrl+j", "shift+enter", "alt+enter"})
_NAMING = re.compile(r"(?:^|(?<=\s))@([^@\n]{0,40})$")
_COMMAND = re.compile(r"/(?!/)")
_COMMANDING = re.compile(r"/(?!/)([\w-]*)$")
_VALUING = re.compile(r"(/[\w-]+) +([^\n]*)$")


class Prompt(TextArea):
    """Enter sends, Ctrl+J, Shift+Enter or Alt+Enter breaks the line. It stays editable whatever else is going on.

    Up and Down at its edges go through what was asked before; what was being typed there comes back, whether it was new
    or a change of what had been asked. While there is something to complete, Up, Down, Tab, Enter and Esc are for that.
    """

    def __init__(self, placeholder: str = "") -> None:
        super().__init__(
            id="prompt",
            compact=True,
            highlight_cursor_line=False,
            placeholder=placeholder,
            soft_wrap=True,
        )
        self.completions: Completions | None = None
        self.wanted: Wanted | None = None
        self._put_away: tuple[int, int] | None = None
        self._edited: Turn | None = None
        self._asked: list[Turn | str] = []
        self._back = 0
        self._typed: dict[int, tuple[str, Turn | None]] = {}

    async def _on_key(self, event: events.Key) -> None:
        offered = self.completions
        completing = offered is not None and (offered.offering or (offered.looking and event.key == "tab"))
        if completing and self._completes(event.key):
            event.stop()
            event.prevent_default()
        elif event.key == "enter":
            event.stop()
            event.prevent_default()
            self.send()
        elif event.key in BREAKS:
            event.stop()
            event.prevent_default()
            self.insert("\n")
        elif event.key == "tab":
            event.stop()
            event.prevent_default()
            self.post_message(AnswersWanted())
        elif bound := self._bindings.key_to_bindings.get(event.key):
            # At once: a letter that arrived together with it would else be put in before the cursor moves.
            event.stop()
            event.prevent_default()
            await self.app.run_action(bound[0].action, self)
        else:
            await super()._on_key(event)

    def send(self) -> None:
        """Send what is typed, a question or a command."""
        from tui.slash import parse

        if not (text := self.text.strip()):
            return
        command = parse(text)
        edited, self._edited = self._edited, None
        self._back, self._typed = 0, {}
        self.clear()
        if command is not None:
            self.post_message(CommandSent(*command, text))
        else:
            self.post_message(QuestionSent(text[1:] if text.startswith("//") else text, edited))

    def give_back(self, text: str) -> None:
        """Put back what was sent and cannot be done, unless something else was typed meanwhile."""
        if not self.text:
            self._put(text)

    def _put(self, text: str) -> None:
        """Replace all of it; what comes like this is not to be completed."""
        self.text = text
        self.move_cursor(self.document.end)
        typed = self._typed_now()
        self._put_away = typed.start if typed is not None else None

    # --- completion

    def _typed_now(self) -> Wanted | None:
        before, row = self._before_cursor(), self.cursor_location[0]
        if (named := _NAMING.search(before)) is not None and not _COMMAND.match(self.text):
            found = "@", named[1], (row, named.start())
        elif (command := _COMMANDING.fullmatch(self.text)) is not None:
            found = "/", command[1], (0, 0)
        elif (valued := _VALUING.fullmatch(self.text)) is not None:
            found = valued[1].casefold(), valued[2], (0, 0)
        else:
            return None
        from tui.widgets.completions import Wanted

        return Wanted(*found)

    def _before_cursor(self) -> str:
        row, column = self.cursor_location
        return self.document.get_line(row)[:column]

    def take_name(self) -> None:
        """Take the ``@`` and what stands behind it out."""
        named = self._typed_now()
        if named is not None and named.sign == "@":
            row, start = named.start
            line, end = self.document.get_line(row), start + 1 + len(named.typed)
            if line[end : end + 1] == " " and line[start - 1 : start] in ("", " "):
                end += 1
            self.replace("", (row, start), (row, end))

    def begin_name(self) -> None:
        """Begin to name an outlet or an article."""
        before = self._before_cursor()
        self.insert("@" if not before or before[-1].isspace() else " @")

    def put_line(self, line: str) -> None:
        """Put a command in; its value may be completed."""
        self.text = line
        self.move_cursor(self.document.end)

    def _completes(self, key: str) -> bool:
        assert self.completions is not None
        if key in ("up", "down"):
            self.completions.step(-1 if key == "up" else 1)
        elif key == "tab":
            self.completions.choose_first()
        elif key == "enter":
            return self.completions.choose()
        elif key == "escape":
            self._put_away = self.wanted.start if self.wanted is not None else None
            self._complete()
        else:
            return False
        return True

    def on_blur(self) -> None:
        """Nothing is completed while somewhere else is the focus."""
        if self.wanted is not None:
            self.wanted = None
            self.post_message(CompletionWanted(None))

    def on_focus(self) -> None:
        """What is being named may be completed again."""
        self._complete()

    def on_text_area_changed(self) -> None:
        """What is typed into an empty prompt is another question."""
        if not self.text:
            self._edited = None
        self._complete()

    def on_text_area_selection_changed(self) -> None:
        """What may be completed is where the cursor is."""
        self._complete()

    def _complete(self) -> None:
        """What was put away stays so until its sign is gone, and what was put in until another one is typed."""
        wanted = self._typed_now()
        if wanted is None:
            self._put_away = None
        elif wanted.start == self._put_away:
            wanted = None
        if wanted != self.wanted:
            self.wanted = wanted
            self.post_message(CompletionWanted(wanted))

    # --- what was asked before

    def remember(self, asked: Sequence[Turn | str]) -> None:
        """What Up brings back, the latest first: turns of this conversation, then questions of earlier ones."""
        self._asked = [*asked]

    def recall(self, asked: Turn) -> None:
        """Put a question back in for another try; once the prompt is empty, that is forgotten."""
        self._leave()
        self._back = next((n for n, each in enumerate(self._asked, 1) if _question(each) == asked.question), 0)
        self._bring(asked)

    def _bring(self, asked: Turn | str) -> None:
        question = _question(asked)
        self._put(f"/{question}" if question.startswith("/") else question)
        self._edited = None if isinstance(asked, str) else asked

    def _leave(self) -> None:
        """Keep what is typed at this place of what was asked; what was emptied there is as it was asked."""
        if self.text.strip():
            self._typed[self._back] = self.text, self._edited
        else:
            self._typed.pop(self._back, None)

    def _go_back(self, by: int) -> None:
        self._leave()
        self._back = min(max(self._back + by, 0), len(self._asked))
        if self._back in self._typed or not self._back:
            text, edited = self._typed.get(self._back, ("", None))
            self._put(text)
            self._edited = edited
        else:
            self._bring(self._asked[self._back - 1])

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


def _question(asked: Turn | str) -> str:
    return asked if isinstance(asked, str) else asked.question
