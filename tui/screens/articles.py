"""The articles of the archive: found, sorted, read, removed, and the way to add more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Input, ProgressBar, Static

from tui import messages
from tui.browse_query import parse, with_part
from tui.commands import Place, bindings
from tui.display import also_in, count, day, disarm, one_line
from tui.filters import Filters
from tui.intake import counts_text
from tui.paths import PathSuggester
from tui.screens.confirm import ConfirmScreen
from tui.screens.desk_screen import DeskScreen
from tui.widgets.article_table import GONE, PAGE, ArticleTable
from tui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from qa.browsing import Counts, Order
    from qa.intake import IngestReport
    from tui.intake import IntakeState

PLACEHOLDER = "File, folder or address: ~/articles, https://news.example/feed"
SOUGHT = "Words of the title; text: outlet: section: since: until: is:gone"
ORDERS: tuple[Order, ...] = ("date", "outlet", "title")
EMPTY = "no articles yet; press a to add some"


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
        self._read = 0

    def compose(self) -> ComposeResult:
        """Caption, filter, counts over time, table with its row in words, the line for adding with what came of it."""
        yield Static("Articles", classes="caption", id="caption", markup=False)
        yield Input(id="filter", placeholder=SOUGHT)
        yield Timeline()
        yield ArticleTable()
        yield Static("", id="detail", markup=False)
        with Vertical(id="adding"):
            yield Input(placeholder=PLACEHOLDER, id="path", suggester=PathSuggester())
            yield Static("", id="progress-text", markup=False)
            yield ProgressBar(id="progress", show_eta=False)
            with VerticalScroll(id="report"):
                yield Static("", id="report-text", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """The first page."""
        self._read = self.desk.intake.read
        self.call_after_refresh(self.watch, self.app, "intake", self._show_intake)  # once what shows it is there
        self.load()

    @property
    def table(self) -> ArticleTable:
        """The rows."""
        return self.query_one(ArticleTable)

    # --- the list

    def load(self) -> None:
        """Read the list anew; the cursor stays at its article."""
        if self.desk.archive is None:
            self.query_one("#caption", Static).update("Articles · the archive is not open")
        else:
            chosen = self.table.chosen
            self._load(self.sought, self.order, chosen.id if chosen is not None else "", reverse=self.reverse)

    @work(thread=True, exclusive=True, group="articles")
    def _load(self, sought: str, order: Order, at: str, *, reverse: bool) -> None:
        with self.desk.guarded("reading the articles", lambda error: self.post_message(messages.ListFailed(error))):
            browsing = self.desk.opened_archive.browse(**parse(sought), order=order, reverse=reverse)
            counts = browsing.counts()
            cursor = (browsing.place(at) or 0) if at else 0
            page = browsing.rows(cursor // PAGE * PAGE, PAGE, of=counts.rows)
            self.post_message(messages.ListRead(browsing, counts, page, cursor))
            self.post_message(messages.DaysRead(browsing, browsing.days()))

    def on_list_read(self, message: messages.ListRead) -> None:
        """Show it."""
        self.counts = message.counts
        self.table.show(message.browsing, message.counts.rows, message.page, cursor=message.cursor)
        self._show_caption()

    def on_days_read(self, message: messages.DaysRead) -> None:
        """Show the counts over time."""
        if message.browsing is self.table.browsing:
            self.query_one(Timeline).show(message.days)

    def on_list_failed(self, message: messages.ListFailed) -> None:
        """Say what is wrong with the filter; the list stays."""
        self._show_caption(f"✗ {message.error}")

    def _show_caption(self, wrong: str = "") -> None:
        counts, table = self.counts, self.table
        if counts is None:
            return
        known = count(counts.all, "article")
        if not counts.all:
            known = EMPTY
        elif self.sought:
            known = f"{counts.articles:,} of {known}" if counts.articles else f"none of {known} passes; Esc shows all"
        parts = ["Articles", known]
        parts += ["near-copies share a row"] if counts.rows < counts.articles else []
        if self.order != "date" or self.reverse:
            parts.append(f"by {self.order}{', reversed' if self.reverse else ''}")
        parts += [f"{count(len(table.marked), 'row')} marked"] if table.marked else []
        parts += ["F4 syncs"] if self.desk.opened_archive.config.sources else []
        self.query_one("#caption", Static).update(" · ".join([*parts, *filter(None, [wrong])]))

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

    def action_filter(self) -> None:
        """Find articles."""
        self.set_class(True, "-filtering")
        self.query_one("#filter").focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The list follows what is typed."""
        if event.input.id == "filter" and event.value != self.sought:
            self.sought = event.value
            self.load()

    def _set_filter(self, typed: str) -> None:
        self.set_class(bool(typed), "-filtering")
        self.query_one("#filter", Input).value = typed

    def on_span_chosen(self, message: messages.SpanChosen) -> None:
        """Only the articles of some days."""
        typed = with_part(self.sought, "since", message.since.isoformat())
        self._set_filter(with_part(typed, "until", message.until.isoformat()))

    def action_only_outlet(self) -> None:
        """Only articles of the outlet under the cursor."""
        if (row := self.table.chosen) is not None:
            self._set_filter(with_part(self.sought, "outlet", row.outlet))

    def action_only_copies(self) -> None:
        """Only the near-copies of the article under the cursor."""
        if (row := self.table.chosen) is not None and row.copies:
            self._set_filter(with_part("", "copies", row.id))

    def action_sort(self) -> None:
        """By the next of date, outlet, title."""
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        self.load()

    def action_reverse(self) -> None:
        """The other way round."""
        self.reverse = not self.reverse
        self.load()

    def action_go_to_timeline(self) -> None:
        """Choose a span of time."""
        self.query_one(Timeline).focus()

    def action_ask(self) -> None:
        """Ask about what the filter leaves, as far as a question can be limited to it."""
        given: dict[str, Any] = parse(self.sought)
        outlets = tuple(given.get("outlets", ()))
        self.desk.chat.filters = Filters(outlets, given.get("since", ""), given.get("until", ""))
        self.app.pop_screen()
        self.desk.chat.prompt.focus()

    # --- removing

    def action_mark(self) -> None:
        """Mark the row, for removing several."""
        self.table.toggle_mark()
        self._show_caption()

    def action_remove(self) -> None:
        """Delete the marked rows, else the one under the cursor, after asking."""
        rows = [*self.table.marked] or [row.id for row in (self.table.chosen,) if row is not None]
        if not rows or self.table.browsing is None:
            return
        names = self.table.browsing.ids(rows)

        def answered(yes: bool | None) -> None:
            if yes:
                self._remove(names)

        text = f"Remove {count(len(names), 'article')} from the archive, near-copies included?"
        self.app.push_screen(ConfirmScreen(f"{text} Conversations keep what they cite."), answered)

    @work(thread=True, exclusive=True, group="remove")
    def _remove(self, names: list[str]) -> None:
        def failed(error: str) -> None:
            self.post_message(messages.ArticlesRemoved(0, error))

        with self.desk.guarded("removing articles", failed):
            self.post_message(messages.ArticlesRemoved(self.desk.opened_archive.remove(names)))

    def on_articles_removed(self, message: messages.ArticlesRemoved) -> None:
        """Say what came of it."""
        if message.error:
            self.notify(one_line(message.error), severity="error", timeout=10, markup=False)
            return
        self.table.marked.clear()
        self.desk.stand(articles=(self.desk.standing.articles or 0) - message.removed)
        self.notify(f"{count(message.removed, 'article')} removed.", markup=False)
        self.load()

    # --- adding

    def action_sources(self) -> None:
        """The sources, their last sync, and what failed."""
        from tui.screens.sources import SourcesScreen

        self.app.push_screen(SourcesScreen())

    def action_add(self) -> None:
        """Ask for a path or an address."""
        self.add_class("-adding")
        self.query_one("#path").focus()

    def action_back(self) -> None:
        """Close the line for adding, or show all articles, else close the screen."""
        if self.has_class("-adding"):
            self.remove_class("-adding")
            self.table.focus()
        elif self.has_class("-filtering"):
            self._set_filter("")
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
        self.set_class(intake.progress is not None, "-running")
        self.set_class(bool(intake.report or intake.error), "-reported")
        if intake.progress is not None:
            done, total = intake.progress.done, intake.progress.total
            self.query_one("#progress", ProgressBar).update(total=total or None, progress=done)
        hint = "" if intake.stopping else " · F8 stops"
        self.query_one("#progress-text", Static).update(f"{intake.doing}{hint}" if intake.doing else "")
        self.query_one("#report-text", Static).update(report_text(intake.report, intake.error))
        if intake.read != self._read:
            self._read = intake.read
            self.load()


def report_text(report: IngestReport | None, error: str) -> Content:
    """What came of adding: the counts, then every failure and every warning with its reason."""
    if error:
        return Content.styled(f"✗ {disarm(error)}", "$text-error")
    if report is None:
        return Content("")
    lines = [Content.styled(counts_text(report), "bold")]
    if report.cancelled:
        lines.append(Content("Stopped; what was stored stays."))
    if report.pending:
        lines.append(Content(f"{count(report.pending, 'passage')} pending: found by words only until embedded."))
    failed = (f"✗ {one_line(each.source)}: {one_line(each.error)}" for each in report.failed)
    warned = (f"⚠ {one_line(each.source)}: {one_line(each.error)}" for each in report.warnings)
    lines += [Content.styled(line, "$text-error") for line in failed]
    lines += [Content.styled(line, "$text-warning") for line in warned]
    return Content("\n").join(lines)
