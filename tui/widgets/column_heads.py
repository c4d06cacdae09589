"""The names of the columns over a list of articles, with the one that it is sorted by; a click sorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.widget import Widget

from tui.messages import OrderChosen
from tui.widgets.article_table import columns

if TYPE_CHECKING:
    from qa.browsing import Order

UP, DOWN = "▲", "▼"
NAMES: dict[str, tuple[str, Order | None]] = {
    "date": ("Date", "date"),
    "outlet": ("Outlet", "outlet"),
    "section": ("Section", None),
    "title": ("Title", "title"),
}
"""What each column is called, and the order that it stands for."""


class ColumnHeads(Widget):
    """One line. ▲: the smallest first (the oldest, A), ▼: the greatest."""

    def __init__(self) -> None:
        super().__init__(id="heads")
        self._order: Order = "date"
        self._reverse = False

    def show(self, order: Order, *, reverse: bool) -> None:
        """Say by what the list is sorted."""
        self._order, self._reverse = order, reverse
        self.refresh()

    def render(self) -> Content:
        """The names, each where its column begins."""
        found = Content("")
        for column, start, _ in columns(self.size.width):
            name, order = NAMES[column]
            chosen = order == self._order
            sign = f" {DOWN if (order == 'date') != self._reverse else UP}" if chosen else ""
            gap = " " * (start - found.cell_length)
            found = Content.assemble(
                found, gap, (f"{name}{sign}", "bold $text-accent" if chosen else "$foreground-muted")
            )
        return found

    def on_click(self, event: events.Click) -> None:
        """Sort by the column that is clicked."""
        for column, start, width in columns(self.size.width):
            order = NAMES[column][1]
            if order is not None and start <= event.x < start + width:
                self.post_message(OrderChosen(order))
