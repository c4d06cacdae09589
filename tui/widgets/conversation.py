"""The turns on the screen, one below the other."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.display import disarm
from tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.turns import Turn
    from tui.widgets.turn import TurnView


class Conversation(VerticalScroll, can_focus=False):
    """Mounts turns and keeps the end in view for one who is there; one who scrolled back is left alone.

    Textual's own anchor would put a short conversation at the bottom of the screen.
    """

    at_end = True
    """Whether the end was in view when it was last scrolled; what has grown since does not count."""
    _height = 0
    """How much there was then."""

    def compose(self) -> ComposeResult:
        """Empty at first."""
        yield Welcome()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Learn whether the end is in view."""
        super().watch_scroll_y(old_value, new_value)
        self.at_end, self._height = self.is_vertical_scroll_end, self.virtual_size.height

    def follow(self) -> None:
        """Something may have grown: go along with it, once it is seen by how much."""
        if self.at_end:
            self.call_after_refresh(self._go_along)

    def _go_along(self) -> None:
        if self.at_end and self.virtual_size.height > self._height:
            self._height = self.virtual_size.height
            self.scroll_end(animate=False, immediate=True)

    def views(self) -> Iterable[TurnView]:
        """The turns that are shown."""
        from tui.widgets.turn import TurnView

        return self.query(TurnView)

    def view(self, turn: Turn) -> TurnView | None:
        """A turn as it is shown; None for one too far back to be."""
        return next((view for view in self.views() if view.turn is turn), None)

    async def add(self, turns: Sequence[Turn], *, before: Turn | None = None) -> None:
        """Show further turns, at the end or before one that is shown."""
        from tui.widgets.turn import TurnView

        await self.query(Welcome).remove()
        place = self.view(before) if before is not None else None
        await self.mount_all([TurnView(turn) for turn in turns], before=place)
        self.at_end = True
        self.scroll_end(animate=False)

    async def drop(self, turn: Turn) -> None:
        """Take one turn away."""
        if (view := self.view(turn)) is not None:
            await view.remove()

    async def empty(self) -> Welcome:
        """Take everything away and show the empty state, which is returned to be filled."""
        await self.remove_children()
        welcome = Welcome()
        await self.mount(welcome)
        return welcome

    def show_states(self, *, opened: bool) -> None:
        """Bring every turn's line in step with it."""
        for view in self.views():
            view.show(opened=opened)
        self.follow()

    def show_state(self, turn: Turn, *, opened: bool) -> None:
        """Bring one turn's line in step with it."""
        if (view := self.view(turn)) is not None:
            view.show(opened=opened)
            self.follow()

    def show_selected(self, turn: Turn | None) -> None:
        """Mark the turn whose evidence is shown."""
        for view in self.views():
            view.set_class(view.turn is turn, "-selected")

    async def change(self, turn: Turn, how: Callable[[TurnView], Coroutine[Any, Any, None]]) -> None:
        """Change a turn's text."""
        if (view := self.view(turn)) is not None:
            await how(view)
            self.follow()

    def rest_on(self, turn: Turn, *, settled: bool = False) -> None:
        """Bring a turn into view to its end, from its question on where it is too long to be seen whole.

        Twice, since a document's blocks may get their height only in the next refresh.
        """
        if (view := self.view(turn)) is not None:
            self.scroll_to_widget(view, top=True, animate=False)
            self._height = self.virtual_size.height
            if not settled:
                self.call_after_refresh(self.rest_on, turn, settled=True)

    def refuse(self, error: str) -> None:
        """Say that nothing can be asked, and why."""
        self.query(Welcome).remove()
        text = f"✗ {disarm(error)}\n\nPut that right, then start Newsdesk again. Ctrl+Q leaves."
        self.mount(Static(Content.styled(text, "$error"), id="cannot-open"))
