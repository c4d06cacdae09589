"""A line for a path or an address, with the files and folders that begin so listed below it."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.display import one_line
from tui.messages import PathsFound
from tui.paths import PathSuggester, entries

MOST = 50
"""Paths that are listed; whoever has more types on."""


class PathLine(Vertical):
    """Tab puts the path under the cursor into the line, else the first; the line keeps the focus."""

    def __init__(self, placeholder: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__()
        self.line = Line(placeholder=placeholder, id=id, suggester=PathSuggester())
        self.paths = OptionList(classes="paths", compact=True, markup=False)
        self.paths.can_focus = False
        self._found: tuple[str, ...] = ()
        self._read = ""
        self._awaited = False

    def compose(self) -> ComposeResult:
        """The line, the list."""
        yield self.line
        yield self.paths

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look what begins so; no path of before can be taken any more."""
        self.paths.highlighted, self._awaited = None, False
        self._look(event.value)

    @work(thread=True, exclusive=True, group="paths")
    def _look(self, typed: str) -> None:
        found = entries(typed, MOST) if typed and "://" not in typed else []
        self.post_message(PathsFound(typed, [each for each in found if each != typed]))

    def on_paths_found(self, message: PathsFound) -> None:
        """List it, unless more was typed meanwhile."""
        if message.typed == self.line.value:
            self._read, self._found = message.typed, tuple(message.paths)
            self.paths.clear_options()
            self.paths.add_options(Option(Content(one_line(_name(each)))) for each in self._found)
            self.paths.highlighted = None
            self.paths.display = bool(self._found)
            if self._awaited:
                self.complete()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what was clicked."""
        event.stop()
        self.take(event.option_index)

    def step(self, by: int) -> None:
        """Move the cursor in the list."""
        if self._found:
            at = self.paths.highlighted if self.paths.highlighted is not None else (-1 if by > 0 else 0)
            self.paths.highlighted = (at + by) % len(self._found)

    def complete(self) -> bool:
        """Take the path under the cursor, else the first, as soon as the paths are there; False where there is none."""
        self._awaited = self._read != self.line.value
        return self._awaited or self.take(self.paths.highlighted or 0)

    def take(self, place: int | None) -> bool:
        """Put a path into the line; False where there is none."""
        if place is None or not self._found:
            return False
        self.line.value = self._found[place]
        self.line.cursor_position = len(self.line.value)
        return True


def _name(path: str) -> str:
    """The last part, with its slash where it is a folder's."""
    return path[path.rstrip("/").rfind("/") + 1 :]


class Line(Input):
    """The keys of the list are the line's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "take", show=False),
        Binding("down", "step(1)", show=False),
        Binding("up", "step(-1)", show=False),
    ]

    @property
    def _whole(self) -> PathLine:
        assert isinstance(self.parent, PathLine)
        return self.parent

    def action_step(self, by: int) -> None:
        """Down or up in the list."""
        self._whole.step(by)

    def action_take(self) -> None:
        """Complete, else leave the line as Tab does elsewhere."""
        if not self._whole.complete():
            self.screen.focus_next()

    async def action_submit(self) -> None:
        """Take what the cursor is on, else send the line."""
        if not self._whole.take(self._whole.paths.highlighted):
            await super().action_submit()
