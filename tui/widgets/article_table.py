"""A list of articles of any length: only the pages around what is in view are read, and only those are held."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events, work
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.display import day, one_line
from tui.messages import PageRead, RowChosen, RowHighlighted

if TYPE_CHECKING:
    from qa.browsing import Browsing, Row
    from tui.app import NewsdeskApp

PAGE = 100
"""Rows that are read at a time."""
HELD = 12
"""Pages that are held."""
DATE, OUTLET, SECTION = 11, 22, 14
WIDE = 110
"""Columns from which the section has its own."""
GONE, COPIES, MARKED = "†", "+", "●"


class ArticleTable(ScrollView, can_focus=True):
    """Rows of a ``Browsing``. The cursor never waits: a row that is not read yet is a quiet line until it is."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"table--cursor", "table--muted"}

    def __init__(self) -> None:
        super().__init__(id="table")
        self.browsing: Browsing | None = None
        self.rows = 0
        self.cursor = 0
        self.marked: dict[str, Row] = {}
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._wanted: int | None = None
        self._reading: Browsing | None = None
        self._counted = False
        self._last_wanted = False

    # --- what is shown

    def show(self, browsing: Browsing, first: Sequence[Row], *, cursor: int = 0) -> None:
        """Show another list, of which the page of the cursor is ``first``; ``counted`` says how long it is."""
        self.browsing = browsing
        self.rows = cursor // PAGE * PAGE + len(first)
        self._pages.clear()
        self._wanted = None
        self._counted = self._last_wanted = False
        self.cursor = min(cursor, max(self.rows - 1, 0))
        if first:
            self._pages[self.cursor // PAGE] = first
        self.virtual_size = Size(0, self.rows)
        self._bring()
        self._tell()

    def counted(self, rows: int) -> None:
        """Now it is known how many rows there are; who wanted the last one gets there."""
        self.rows, self._counted = rows, True
        self.virtual_size = Size(0, rows)
        if self._last_wanted or self.cursor >= rows:
            self.move(rows - 1)
        self.refresh()

    def row(self, number: int) -> Row | None:
        """A row, None while it is being read."""
        page = self._pages.get(number // PAGE)
        if page is None:
            self._want(number // PAGE)
            return None
        self._pages.move_to_end(number // PAGE)
        return page[number % PAGE] if number % PAGE < len(page) else None

    @property
    def chosen(self) -> Row | None:
        """The row under the cursor."""
        return self.row(self.cursor) if self.rows else None

    def _want(self, page: int) -> None:
        """Read a page; while another one is being read, the last one that was wanted comes next."""
        self._wanted = page
        if self.browsing is not None and self._reading is not self.browsing:
            self._reading, self._wanted = self.browsing, None
            self._read(self.browsing, page, self.rows if self._counted else None)

    @work(thread=True, group="pages")
    def _read(self, browsing: Browsing, page: int, of: int | None) -> None:
        desk = cast("NewsdeskApp", self.app)
        rows: Sequence[Row] = ()
        with desk.guarded("reading the articles", desk.notice):
            rows = browsing.rows(page * PAGE, PAGE, of=of)
        self.post_message(PageRead(browsing, page, rows))

    def on_page_read(self, message: PageRead) -> None:
        """Show it, if it is of this list. What is in view and not read yet is wanted anew as it is drawn."""
        if message.browsing is not self.browsing:
            return
        self._reading = None
        self._pages[message.page] = message.rows
        while len(self._pages) > HELD:
            self._pages.popitem(last=False)
        if self._wanted is not None and self._wanted not in self._pages:
            self._want(self._wanted)
        self.refresh()
        if message.page == self.cursor // PAGE:
            self._tell()

    def _tell(self) -> None:
        self.post_message(RowHighlighted(self.chosen))

    # --- drawing

    def render_line(self, y: int) -> Strip:
        """One row."""
        number, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        base = self.rich_style
        if number >= self.rows:
            return Strip.blank(width, base)
        muted = base + self.get_component_rich_style("table--muted", partial=True)
        if number == self.cursor:
            cursor = self.get_component_rich_style("table--cursor", partial=True)
            base, muted = base + cursor, muted + cursor
        row = self.row(number)
        if row is None:
            return Strip([Segment("  ·", muted)]).adjust_cell_length(width, muted)
        return Strip(self._cells(row, width, base, muted)).adjust_cell_length(width, base)

    def _cells(self, row: Row, width: int, base: Style, muted: Style) -> list[Segment]:
        copies = f" {COPIES}{row.copies:,}" if row.copies else ""
        texts = {
            "date": day(row.published).rjust(DATE),
            "outlet": cropped(row.outlet, OUTLET - len(copies)) + copies,
            "section": row.section,
            "title": f"{GONE} {row.title}" if row.gone else row.title,
        }
        cells = [Segment(f"{MARKED if row.id in self.marked else ' '} ", base)]
        for name, start, cells_of_it in columns(self.outer_size.width):
            room = min(cells_of_it, max(width - start, 4))
            style = base if name == "title" and not row.gone else muted
            cells.append(Segment(f"{set_cell_size(cropped(texts[name], room), room)}  ", style))
        return cells

    # --- the cursor

    def move(self, to: int) -> None:
        """The cursor to a row."""
        if self.rows:
            self.cursor = min(max(to, 0), self.rows - 1)
            self._bring()
            self._tell()

    def _bring(self) -> None:
        top, height = self.scroll_offset.y, max(self.size.height, 1)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, immediate=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)
        self.refresh()

    def action_cursor_up(self) -> None:
        """A row up."""
        self.move(self.cursor - 1)

    def action_cursor_down(self) -> None:
        """A row down."""
        self.move(self.cursor + 1)

    def action_page_up(self) -> None:
        """A page up."""
        self.move(self.cursor - max(self.size.height - 1, 1))

    def action_page_down(self) -> None:
        """A page down."""
        self.move(self.cursor + max(self.size.height - 1, 1))

    def action_first(self) -> None:
        """To the first row."""
        self.move(0)

    def action_last(self) -> None:
        """To the last row, as soon as it is known which that is."""
        self._last_wanted = not self._counted
        self.move(self.rows - 1)

    async def _on_key(self, event: events.Key) -> None:
        moves = {
            "up": self.action_cursor_up,
            "down": self.action_cursor_down,
            "pageup": self.action_page_up,
            "pagedown": self.action_page_down,
            "home": self.action_first,
            "end": self.action_last,
        }
        if (move := moves.get(event.key)) is not None:
            event.stop()
            event.prevent_default()
            move()

    def on_click(self, event: events.Click) -> None:
        """To the row that is clicked; the second time, open it."""
        number = int(event.y) + int(self.scroll_offset.y)
        if number < self.rows:
            again = number == self.cursor and self.has_focus
            self.move(number)
            if again and event.chain > 1:
                self.post_message(RowChosen())

    def toggle_mark(self) -> None:
        """Mark the row under the cursor, or take its mark away, and go on to the next."""
        if (row := self.chosen) is not None:
            if self.marked.pop(row.id, None) is None:
                self.marked[row.id] = row
            self.move(self.cursor + 1)


def columns(width: int) -> list[tuple[str, int, int]]:
    """Name, first cell and cells of each column in a list of this width; the title has what is left."""
    sizes = {"date": DATE, "outlet": OUTLET, **({"section": SECTION} if width >= WIDE else {})}
    found, start = [], 2
    for name, cells in sizes.items():
        found.append((name, start, cells))
        start += cells + 2
    return [*found, ("title", start, max(width - start, 4))]


def cropped(text: str, width: int) -> str:
    """One line of ``text``, at most ``width`` columns, with a sign where something is missing."""
    text = one_line(text)
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"
