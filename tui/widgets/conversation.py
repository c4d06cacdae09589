"""The turns on the screen, one below the other, of which only those near what is seen are mounted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.layouts.vertical import VerticalLayout
from textual.scrollbar import ScrollBar
from textual.widget import Widget
from textual.widgets import Static

from tui.display import disarm
from tui.widgets.turn_rows import TurnRows
from tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.layout import ArrangeResult, Layout, WidgetPlacement

    from tui.turns import Turn
    from tui.widgets.turn import TurnView

AHEAD = 1.5
"""Pages above and below what is seen whose turns are mounted, so that a page on is there before it is turned to."""
KEPT = 3.0
"""Pages beyond which they are taken away again."""
AT_ONCE = 3
"""Turns that are mounted before the loop gets to what else happened: keys, above all."""
MORE = "↓ more below · End"


class MoreBelow(Static):
    """Says that the conversation goes on below what is seen; a click goes there."""

    def __init__(self) -> None:
        super().__init__(Content(MORE), id="more-below")
        self.cells = len(MORE) + 2

    def on_click(self, event: events.Click) -> None:
        """Go there."""
        event.stop()
        if isinstance(self.parent, Conversation):
            self.parent.action_scroll_end()


class Conversation(VerticalScroll, can_focus=False):
    """Holds what one reads where it is, whatever is mounted, grows or comes in around it.

    ``_anchor`` says where that is: None follows the end, else so many rows below the top of a turn. Each layout takes
    the scroll position from it, and each scrolling makes a new one; nothing else moves a person who has scrolled back.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._rows = TurnRows()
        self._views: dict[Turn, TurnView] = {}
        self._selected: Turn | None = None
        self._opened = False
        self._anchor: tuple[Turn, int] | None = None
        self._going = False
        self._head = 0
        self._page = 0
        self._changing = asyncio.Lock()
        self._below_each_other = TurnLayout()

    @property
    def layout(self) -> Layout:
        """With room for what is not mounted."""
        return self._below_each_other

    def compose(self) -> ComposeResult:
        """Empty at first."""
        yield Welcome()
        yield MoreBelow()

    # --- where one is

    @property
    def at_end(self) -> bool:
        """Whether the end is in view, so that what comes is followed."""
        return self._anchor is None

    @property
    def _most(self) -> int:
        """The scroll position of the end."""
        return max(0, self._head + self._rows.total - self._page)

    def _position(self) -> int:
        """The scroll position that the anchor stands for."""
        if self._anchor is None or self._anchor[0] not in self._rows:
            return self._most
        turn, offset = self._anchor
        return min(max(self._head + self._rows.top(turn) + offset, 0), self._most)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Somebody scrolled: what is seen now is what is to be held."""
        super().watch_scroll_y(old_value, new_value)
        if not self._going and self._rows:
            self._anchor = self._seen_at(round(new_value))
            self.call_next(self.fill)
        self._hint()

    def _seen_at(self, y: int) -> tuple[Turn, int] | None:
        """The first turn in view whose rows are known, else the first."""
        if y >= self._most:
            return None
        start = y - self._head
        seen = self._rows.between(start, start + self._page)
        turn = next((each for each in seen if each in self._views), seen[0] if seen else self._rows[0])
        return turn, start - self._rows.top(turn)

    def _go(self, anchor: tuple[Turn, int] | None) -> None:
        """Scroll there. The layout that follows knows better where that is."""
        self._anchor, self._going = anchor, True
        try:
            self.scroll_to(y=self._position(), force=True, immediate=True)
        finally:
            self._going = False
        self.call_next(self.fill)
        self._hint()

    def place(self, placements: Sequence[WidgetPlacement], size: Size) -> ArrangeResult:
        """Give each mounted turn its rows, and the scroll position that holds the anchor where it is."""
        others = [each for each in placements if _turn(each) is None]
        self._head = max((each.region.bottom + each.margin.bottom for each in others), default=0)
        self._page = size.height
        self._rows.fit(size.width)
        turns = ((_turn(each), each) for each in placements)
        shown = [(turn, each) for turn, each in turns if turn is not None and turn in self._rows]
        news = [self._rows.measure(turn, each.region.height + each.margin.bottom) for turn, each in shown]
        placed = [*others, *(self._placed(turn, each) for turn, each in shown)]
        if placed:  # the last one stands for the rows of all that is not mounted as well
            last = placed[-1]
            below = self._head + self._rows.total - last.region.bottom
            placed[-1] = last._replace(margin=last.margin.grow_maximum(type(last.margin)(0, 0, max(below, 0), 0)))
        self._hold()
        if any(news):
            self.call_next(self.fill)
        return placed

    def _placed(self, turn: Turn, placement: WidgetPlacement) -> WidgetPlacement:
        x, _, width, height = placement.region
        return placement._replace(region=Region(x, self._head + self._rows.top(turn), width, height))

    def _hold(self) -> None:
        """Before the compositor reads it, and so in the same frame: a later scrolling would be seen as a jump."""
        y = float(self._position())
        if y != self.scroll_y:
            self.set_reactive(Widget.scroll_y, y)
            self.set_reactive(Widget.scroll_target_y, y)
            self.vertical_scrollbar.set_reactive(ScrollBar.position, y)
            self.vertical_scrollbar.refresh()
        self.call_next(self._hint)

    def _lay_out(self) -> None:
        """Turns that are not mounted take other rows than before, which Textual would not see."""
        self._clear_arrangement_cache()
        self.refresh(layout=True)

    def _hint(self) -> None:
        for hint in self.query_children(MoreBelow):
            hint.set_class(self._position() < self._most, "-shown")
            hint.styles.offset = (max(0, self.scrollable_content_region.width - hint.cells), 0)

    # --- which turns are mounted

    async def fill(self) -> None:
        """Mount the turns near what is seen, and take away those that are far from it."""
        async with self._changing:
            while missing := self._missing():
                await self._mount(missing)
                await asyncio.sleep(0)
            far = [view for turn, view in self._views.items() if not self._near(turn, KEPT) and not _held(view)]
            for view in far:
                del self._views[view.turn]
            if far:
                await self.remove_children(far)

    def _missing(self) -> Sequence[Turn]:
        y, page = self._position() - self._head, self._page or self.app.size.height
        near = self._rows.between(round(y - AHEAD * page), round(y + (1 + AHEAD) * page))
        missing = [turn for turn in near if turn not in self._views]
        middle = y + page // 2
        return sorted(missing, key=lambda turn: abs(self._rows.top(turn) - middle))[:AT_ONCE]

    def _near(self, turn: Turn, pages: float) -> bool:
        y, page = self._position() - self._head, self._page or self.app.size.height
        return self._rows.bottom(turn) > y - pages * page and self._rows.top(turn) < y + (1 + pages) * page

    async def _mount(self, turns: Sequence[Turn]) -> None:
        """Painted once they are whole."""
        from tui.widgets.turn import TurnView

        with self.app.batch_update():
            mounting = []
            for turn in sorted(turns, key=self._rows.place):
                place = self._rows.place(turn)
                below = [view for each, view in self._views.items() if self._rows.place(each) > place]
                view = self._views[turn] = TurnView(turn)
                view.set_class(turn is self._selected, "-selected")
                following = min(below, key=lambda each: self._rows.place(each.turn), default=None)
                mounting.append(self.mount(view, before=following))
            for each in mounting:
                await each
            for turn in turns:
                self._views[turn].show(opened=self._opened)

    def views(self) -> Iterable[TurnView]:
        """The turns that are mounted."""
        return [view for view in self._views.values() if view.is_attached]

    def view(self, turn: Turn) -> TurnView | None:
        """A turn as it is shown; None for one too far from what is seen to be mounted."""
        return self._views.get(turn)

    # --- which there are

    async def add(self, turns: Sequence[Turn], *, before: Turn | None = None) -> None:
        """Show further turns, at the end or before one that is there, and go to the end."""
        await self.query(Welcome).remove()
        self._rows.insert(len(self._rows) if before is None else self._rows.place(before), turns)
        self._anchor = None
        await self.fill()
        self._go(None)

    def put_first(self, turns: Sequence[Turn]) -> None:
        """Earlier turns, in front of all others; what is seen stays where it is."""
        self._rows.insert(0, turns)
        self._lay_out()
        self.call_next(self.fill)

    async def drop(self, turn: Turn) -> None:
        """Take one turn away."""
        async with self._changing:
            if self._anchor is not None and self._anchor[0] is turn:
                place = self._rows.place(turn)
                self._anchor = (self._rows[place + 1], 0) if place + 1 < len(self._rows) else None
            self._rows.remove(turn)
            if (view := self._views.pop(turn, None)) is not None:
                await view.remove()

    async def clear(self) -> None:
        """Take everything away."""
        async with self._changing:
            self._rows.clear()
            self._views.clear()
            self._anchor = None
            await self.query_children().exclude("#more-below").remove()
        self._hint()

    async def empty(self) -> Welcome:
        """Take everything away and show the empty state, which is returned to be filled."""
        await self.clear()
        welcome = Welcome()
        await self.mount(welcome)
        return welcome

    def refuse(self, error: str) -> None:
        """Say that nothing can be asked, and why."""
        self.query(Welcome).remove()
        text = f"✗ {disarm(error)}\n\nPut that right, then start Newsdesk again. Ctrl+Q leaves."
        self.mount(Static(Content.styled(text, "$text-error"), id="cannot-open"))

    # --- what has become of them

    def show_states(self, *, opened: bool) -> None:
        """Bring every turn's line in step with it."""
        self._opened = opened
        for view in self.views():
            self.show_state(view.turn, opened=opened)

    def show_state(self, turn: Turn, *, opened: bool) -> None:
        """Bring one turn's line in step with it; one that is being mounted takes it once it is whole."""
        view = self.view(turn)
        if view is not None and view.is_mounted:
            view.show(opened=opened)

    def show_selected(self, turn: Turn | None) -> None:
        """Mark the turn whose evidence is shown."""
        self._selected = turn
        for view in self.views():
            view.set_class(view.turn is turn, "-selected")

    async def change(self, turn: Turn, how: Callable[[TurnView], Coroutine[Any, Any, int | None]]) -> None:
        """Change a turn's text; ``how`` gives how many rows further down that stands which is read of it."""
        async with self._changing:
            if (view := self.view(turn)) is not None:
                moved = await how(view)
                if moved and self._anchor is not None and self._anchor[0] is turn:
                    self._anchor = turn, self._anchor[1] + moved
                    self.refresh(layout=True)
            elif turn in self._rows:
                self._rows.forget(turn)
                self._lay_out()

    # --- going somewhere

    def rest_on(self, turn: Turn) -> None:
        """Bring a turn into view to its end, from its question on where it is too long to be seen whole."""
        if turn in self._rows:
            self._go((turn, 0))
            self.call_after_refresh(self._rested, turn)

    def _rested(self, turn: Turn, *, settled: bool = False) -> None:
        """Twice, since a document's blocks may get their height only in the next refresh."""
        if self._anchor == (turn, 0):
            if not settled:
                self.call_after_refresh(self._rested, turn, settled=True)
            elif self._position() == self._most:
                self._go(None)

    def reveal(self, turn: Turn) -> None:
        """Bring a turn into view with as little scrolling as that takes."""
        if turn not in self._rows:
            return
        y, top, bottom = self._position() - self._head, self._rows.top(turn), self._rows.bottom(turn)
        if top < y or bottom - top >= self._page or turn not in self._views:
            self._go((turn, 0))
        elif bottom > y + self._page:
            self._go((turn, bottom - top - self._page))

    def turn_page(self, pages: int) -> None:
        """Scroll by pages, a row less each, so that one finds one's place again."""
        self.scroll_to(y=self._position() + pages * max(1, self._page - 1), immediate=True)

    def scroll_to(self, x: float | None = None, y: float | None = None, **how: Any) -> None:
        """At once: while it moved by degrees, a layout that moves what is seen would be undone."""
        super().scroll_to(x, y, **{**how, "animate": False})

    def action_scroll_home(self) -> None:
        """To the first turn."""
        if self._rows:
            self._go((self._rows[0], -self._head))

    def action_scroll_end(self) -> None:
        """To the end, to stay there."""
        self._go(None)


class TurnLayout(VerticalLayout):
    """One below the other, with room for the turns that are not mounted."""

    name = "turns"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """As Textual measures them, where the conversation puts them."""
        placements = super().arrange(parent, children, size, greedy)
        assert isinstance(parent, Conversation)
        return parent.place(placements, size)


def _turn(placement: WidgetPlacement) -> Turn | None:
    """The turn that is shown there; asked without the class of its view, which the first frame does without."""
    return getattr(placement.widget, "turn", None)


def _held(view: TurnView) -> bool:
    """Whether a turn stays mounted wherever it is: it is being answered, or the focus is in it."""
    return view.turn.running or view.has_focus_within
