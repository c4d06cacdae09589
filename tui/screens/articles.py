"""The articles of the archive: found, sorted, read, removed, and the way to add more."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.timer import Timer
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from tui import messages
from tui.browse_query import limits, parse, with_part
from tui.command import Place
from tui.commands import bindings
from tui.display import also_in, count, day, one_line
from tui.screens.confirm import ConfirmScreen
from tui.screens.desk_screen import DeskScreen
from tui.widgets.adding import Adding
from tui.widgets.article_table import GONE, PAGE, ArticleTable
from tui.widgets.column_heads import ColumnHeads
from tui.widgets.keys import Keys
from tui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from qa.browsing import Browsing, Counts, Order, Row
    from tui.intake import IntakeState

SOUGHT = "Words of the title; text: outlet: section: since: until: is:gone"
ORDERS: tuple[Order, ...] = ("date", "outlet", "title")
EMPTY = "no articles yet; press a to add some"
PAUSE = 0.1
"""Seconds between two readings of the list while somebody types; the first letter does not wait."""
DEEP = 20 * PAGE
"""A row from which on its page is read from the end of the list if that is nearer, which takes the count of rows."""


class ArticlesScreen(DeskScreen):
    """A table over all that the filter leaves, near-copies in one row. Adding goes on when this screen is closed."""

    CSS_PATH = "articles.tcss"
    PLACE: ClassVar[Place] = "articles"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#table"

    def __init__(self) -> None:
        super().__init__()
        self.sought = ""
        self.order: Order = "date"
        self.reverse = False
        self.counts: Counts | None = None
        self._unread = 0
        self._read = 0
        self._asked = 0
        self._typed: Timer | None = None
        self._again = False
        self._mounting = asyncio.Lock()

    def compose(self) -> ComposeResult:
        """Caption, counts over time, table with its row in words; the first page is read meanwhile."""
        self._read = self.desk.intake.read
        self.load()
        yield Static("Articles", classes="caption", id="caption", markup=False)
        yield Timeline()
        yield ColumnHeads()
        yield ArticleTable()
        yield Static("", id="detail", markup=False)

    def on_mount(self) -> None:
        """Where there is nothing to read, the rest comes at once."""
        if self.desk.archive is None:
            self.query_one("#caption", Static).update("Articles · the archive is not open")
            self.call_after_refresh(self.complete)

    async def complete(self) -> None:
        """Mount what nobody looks at before the first rows are there: keys, the lines for typing."""
        async with self._mounting:
            if self._whole:
                return
            await self.mount(Input(id="filter", placeholder=SOUGHT), before="#timeline")
            await self.mount(Adding(), Keys(), after="#detail")
            self.refresh_bindings()  # a footer shows no key until they change
            self.add_class("-whole")
            self.watch(self.app, "intake", self._show_intake)

    @property
    def _whole(self) -> bool:
        return self.has_class("-whole")

    @property
    def table(self) -> ArticleTable:
        """The rows."""
        return self.query_one(ArticleTable)

    # --- the list

    def load(self) -> None:
        """Read the list anew; the cursor stays at its article."""
        if self._typed is not None:
            self._typed.stop()
            self._typed = None
        if self.desk.archive is not None:
            self._asked += 1
            tables = self.query(ArticleTable)
            chosen = tables.first().chosen if tables else None
            at = chosen.id if chosen is not None else ""
            self._load(self._asked, self.sought, self.order, at, reverse=self.reverse)

    @work(thread=True, exclusive=True, group="articles")
    def _load(self, asked: int, sought: str, order: Order, at: str, *, reverse: bool) -> None:
        """The page of the cursor first, then how much there is, then the counts over time."""
        worker = get_current_worker()

        def failed(error: str) -> None:
            self.post_message(messages.ListFailed(error, asked))

        with self.desk.guarded("reading the articles", failed):
            browsing = self.desk.opened_archive.browse(**parse(sought), order=order, reverse=reverse)
            cursor = (browsing.place(at) or 0) if at else 0
            counts = browsing.counts() if cursor >= DEEP else None
            page = browsing.rows(cursor // PAGE * PAGE, PAGE, of=counts.rows if counts is not None else None)
            if not worker.is_cancelled:
                self.post_message(messages.ListRead(browsing, page, cursor, asked))
            if not worker.is_cancelled:
                unread = len(self.desk.opened_archive.failures())
                self.post_message(messages.ListCounted(browsing, counts or browsing.counts(), unread))
            if not worker.is_cancelled:
                self.post_message(messages.DaysRead(browsing, browsing.days()))

    def on_list_read(self, message: messages.ListRead) -> None:
        """Show the first rows that are known, unless another list was asked for since."""
        if message.asked == self._asked:
            self.table.show(message.browsing, message.page, cursor=message.cursor)
            self.call_after_refresh(self.complete)

    def on_list_counted(self, message: messages.ListCounted) -> None:
        """Say how much there is."""
        if message.browsing is self.table.browsing:
            self.counts, self._unread = message.counts, message.unread
            self.table.counted(message.counts.rows)
            self._show_caption()

    def on_days_read(self, message: messages.DaysRead) -> None:
        """Show the counts over time."""
        if message.browsing is self.table.browsing:
            self.query_one(Timeline).show(message.days)

    def on_list_failed(self, message: messages.ListFailed) -> None:
        """Say what is wrong with the filter; the list stays."""
        if message.asked == self._asked:
            self._show_caption(f"✗ {message.error}")
            self.call_after_refresh(self.complete)

    def _show_caption(self, wrong: str = "") -> None:
        counts, table = self.counts, self.table
        if counts is None:
            return
        known = count(counts.all, "article")
        if not counts.all:
            known = EMPTY
        elif self.sought:
            known = f"{counts.articles:,} of {known}" if counts.articles else f"none of {known} passes; Esc shows all"
        parts = ["Articles", wrong or known]
        parts += [f"{count(len(table.marked), 'row')} marked"] if table.marked else []
        parts += [f"{count(self._unread, 'document')} failed: s says why"] if self._unread else []
        if table.browsing is not None and table.browsing.capped:
            from qa.browsing import LOOKED_UP

            parts.append(f"text: looks no further than its first {LOOKED_UP:,} passages")
        parts += ["near-copies share a row"] if counts.rows < counts.articles else []
        parts += ["F4 syncs"] if self.desk.opened_archive.config.sources else []
        self.query_one("#caption", Static).update(" · ".join(parts))

    # --- what is under the cursor

    def on_row_highlighted(self, message: messages.RowHighlighted) -> None:
        """Tell about it."""
        row = message.row
        told = f"{GONE} its source no longer has it since {day(row.gone.astimezone())}" if row and row.gone else ""
        self.query_one("#detail", Static).update(told)
        if row is not None and row.copies:
            self._tell_copies(row.id, told)

    @work(thread=True, exclusive=True, group="copies")
    def _tell_copies(self, name: str, told: str) -> None:
        archive = self.desk.opened_archive
        with self.desk.guarded("reading the copies", self.desk.notice):
            if (article := archive.article(name)) is not None:
                copies = also_in(article, archive.copies(article))
                self.post_message(messages.CopiesTold(name, " · ".join(filter(None, (told, copies)))))

    def on_copies_told(self, message: messages.CopiesTold) -> None:
        """Who else printed it."""
        if (row := self.table.chosen) is not None and row.id == message.article_id:
            self.query_one("#detail", Static).update(message.told)

    def on_row_chosen(self) -> None:
        """Read it."""
        self.action_open()

    def action_open(self) -> None:
        """Read the article under the cursor."""
        if (row := self.table.chosen) is not None:
            self._open(row.id)

    @work(thread=True, exclusive=True, group="open")
    def _open(self, name: str) -> None:
        with self.desk.guarded("opening the article", self.desk.notice):
            if (article := self.desk.opened_archive.article(name)) is not None:
                self.app.call_from_thread(self.desk.read, article, ())

    # --- filter and order

    async def action_filter(self) -> None:
        """Find articles."""
        await self.complete()
        self.set_class(True, "-filtering")
        self.query_one("#filter").focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The list follows what is typed: the first letter at once, then what stands there after each pause."""
        if event.input.id != "filter" or event.value == self.sought:
            return
        self.sought = event.value
        if self._typed is None:
            self.load()
            self._typed = self.set_timer(PAUSE, self._pause_over)
        else:
            self._again = True

    def _pause_over(self) -> None:
        self._typed = None
        if self._again:
            self._again = False
            self.load()
            self._typed = self.set_timer(PAUSE, self._pause_over)

    async def _set_filter(self, typed: str) -> None:
        await self.complete()
        self._put_filter(typed)

    def _put_filter(self, typed: str) -> None:
        self.set_class(bool(typed), "-filtering")
        self.sought = self.query_one("#filter", Input).value = typed
        self.load()

    async def on_span_chosen(self, message: messages.SpanChosen) -> None:
        """Only the articles of some days."""
        typed = with_part(self.sought, "since", message.since.isoformat())
        await self._set_filter(with_part(typed, "until", message.until.isoformat()))

    async def action_only_outlet(self) -> None:
        """Only articles of the outlet under the cursor."""
        if (row := self.table.chosen) is not None:
            await self._set_filter(with_part(self.sought, "outlet", row.outlet))

    async def action_only_copies(self) -> None:
        """Only the near-copies of the article under the cursor."""
        if (row := self.table.chosen) is not None and row.copies:
            await self._set_filter(with_part("", "copies", row.id))

    def _sort(self, order: Order, *, reverse: bool) -> None:
        self.order, self.reverse = order, reverse
        self.query_one(ColumnHeads).show(order, reverse=reverse)
        self.load()

    def action_sort(self) -> None:
        """By the next of date, outlet, title."""
        self._sort(ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)], reverse=False)

    def action_reverse(self) -> None:
        """The other way round."""
        self._sort(self.order, reverse=not self.reverse)

    def on_order_chosen(self, message: messages.OrderChosen) -> None:
        """By the column that was clicked; if the list is already, the other way round."""
        self._sort(message.order, reverse=message.order == self.order and not self.reverse)

    def action_go_to_timeline(self) -> None:
        """Choose a span of time."""
        self.query_one(Timeline).focus()

    def action_ask(self) -> None:
        """Ask about the marked rows, else about what the filter leaves."""
        self._mean(self.sought, [*self.table.marked])

    @work(thread=True, exclusive=True, group="ask")
    def _mean(self, sought: str, rows: list[str]) -> None:
        with self.desk.guarded("limiting questions to articles", self.desk.notice):
            self.post_message(messages.QuestionMeant(limits(self.desk.opened_archive, sought, rows)))

    def on_question_meant(self, message: messages.QuestionMeant) -> None:
        """To the prompt."""
        self.desk.chat.filters = message.limits
        self.app.pop_screen()
        self.desk.chat.prompt.focus()

    # --- removing

    def action_mark(self) -> None:
        """Mark the row, for removing several."""
        self.table.toggle_mark()
        self._show_caption()

    def action_remove(self) -> None:
        """Delete the marked rows, else the one under the cursor, after asking."""
        rows = [*self.table.marked.values()] or [row for row in (self.table.chosen,) if row is not None]
        if rows and self.table.browsing is not None:
            self._look_up(self.table.browsing, rows)

    @work(thread=True, exclusive=True, group="remove")
    def _look_up(self, browsing: Browsing, rows: list[Row]) -> None:
        with self.desk.guarded("looking up what is to be removed", self.desk.notice):
            self.post_message(messages.RemovalMeant(rows, browsing.ids([row.id for row in rows])))

    def on_removal_meant(self, message: messages.RemovalMeant) -> None:
        """Ask first."""
        rows, names = message.rows, message.names

        def answered(yes: bool | None) -> None:
            if yes:
                self.table.marked.clear()
                self._show_caption()
                self.desk.incoming.remove(names)

        what = f"“{one_line(rows[0].title)}”" + (f" and {len(rows) - 1:,} more" if len(rows) > 1 else "")
        copies = f" ({len(names):,} articles, near-copies included)" if len(names) > len(rows) else ""
        text = f"Remove {what} from the archive{copies}? Conversations keep what they cite."
        self.app.push_screen(ConfirmScreen(text), answered)

    # --- adding

    def action_sources(self) -> None:
        """The sources, their last sync, and what failed."""
        from tui.screens.sources import SourcesScreen

        self.app.push_screen(SourcesScreen())

    async def action_add(self) -> None:
        """Ask for a path or an address."""
        await self.complete()
        self.add_class("-adding")
        self.query_one("#path").focus()

    def action_back(self) -> None:
        """Close the line for adding, or show all articles, else close the screen."""
        if self.has_class("-adding"):
            self.remove_class("-adding")
            self.table.focus()
        elif self.has_class("-filtering"):
            self._put_filter("")
            self.table.focus()
        else:
            super().action_back()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Add what was named, or go on to what was found."""
        event.stop()
        if event.input.id == "filter":
            self.table.focus()
        elif source := event.value.strip():
            event.input.clear()
            self.desk.incoming.add(source)

    def _show_intake(self, intake: IntakeState) -> None:
        self.query_one(Adding).show(intake)
        if intake.read != self._read:
            self._read = intake.read
            self.load()
