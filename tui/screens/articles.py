"""The articles of the archive, and the way to add more."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Footer, Input, ProgressBar, Static

from tui.commands import Place, bindings
from tui.display import also_in, count, day, disarm, one_line
from tui.intake import counts_text
from tui.messages import ArticlesLoaded
from tui.paths import PathSuggester
from tui.screens.desk_screen import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qa.articles import Article
    from qa.catalog import Copy
    from qa.intake import IngestReport
    from tui.intake import IntakeState

PAGE = 500
"""Articles that are read at a time; the next page comes when the cursor nears the end."""

DATE_WIDTH = 11
OUTLET_WIDTH = 20
FIXED_COLUMNS = DATE_WIDTH + OUTLET_WIDTH + 6
"""All but the title, with the blanks on both sides of each of the three columns."""
GONE = "†"
"""Stands before the title of an article that its source no longer has."""
PLACEHOLDER = "File, folder or address: ~/articles, https://news.example/feed"


class ArticlesScreen(DeskScreen):
    """A table, newest first, near-copies in one row. Adding goes on in the app when this screen is closed."""

    CSS_PATH = "articles.tcss"
    PLACE: ClassVar[Place] = "articles"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#table"

    def __init__(self) -> None:
        super().__init__()
        self.articles: list[Article] = []
        self.copies: dict[str, Sequence[Copy]] = {}
        self.gone: dict[str, datetime] = {}
        self._complete = False
        self._read = 0

    def compose(self) -> ComposeResult:
        """Caption, table, what is to be known of the row under the cursor, the line for adding with what came of it."""
        yield Static("Articles", classes="caption", id="caption", markup=False)
        yield DataTable[Text](id="table", cursor_type="row", zebra_stripes=False)
        yield Static("", id="detail", markup=False)
        with Vertical(id="adding"):
            yield Input(placeholder=PLACEHOLDER, id="path", suggester=PathSuggester())
            yield Static("", id="progress-text", markup=False)
            yield ProgressBar(id="progress", show_eta=False)
            with VerticalScroll(id="report"):
                yield Static("", id="report-text", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Columns, then the first page."""
        table = self.query_one(DataTable)
        table.add_column("Date", width=DATE_WIDTH)
        table.add_column("Outlet", width=OUTLET_WIDTH)
        table.add_column("Title")
        self._read = self.desk.intake.read
        self.watch(self.app, "intake", self._show_intake)
        self.load(0)

    def load(self, offset: int) -> None:
        """Read a page of articles; from 0 on, the table is filled anew."""
        if self.desk.archive is None:
            self.query_one("#caption", Static).update("Articles · the archive is not open")
        else:
            self._load(offset)

    @work(thread=True, exclusive=True, group="articles")
    def _load(self, offset: int) -> None:
        with self.desk.guarded("reading the articles", self.desk.notice):
            archive = self.desk.opened_archive
            articles = archive.articles(limit=PAGE, offset=offset, copies=False)
            ids = [article.id for article in articles]
            copies, gone = archive.catalog.copies(ids), archive.catalog.gone(ids)
            self.post_message(ArticlesLoaded(articles, copies, gone, offset, len(articles) < PAGE))

    def on_articles_loaded(self, message: ArticlesLoaded) -> None:
        """Show the page; the cursor stays at its article."""
        table = self.query_one(DataTable)
        chosen = self.chosen
        if message.offset == 0:
            self.articles, self.copies, self.gone = [], {}, {}
            table.clear()
        self.articles.extend(message.articles)
        self.copies.update(message.copies)
        self.gone.update(message.gone)
        self._complete = message.last
        self._add_rows(message.articles)
        if message.offset == 0 and chosen is not None:
            places = (place for place, article in enumerate(self.articles) if article.id == chosen.id)
            table.move_cursor(row=next(places, 0))
        self._show_caption()
        self._show_detail()

    def _show_caption(self) -> None:
        total = self.desk.standing.articles
        known = count(total if total is not None else len(self.articles), "article")
        parts = ["Articles", known if self.articles else "no articles yet; press a to add some"]
        if self.copies:
            parts.append("near-copies share a row")
        if self.desk.opened_archive.config.sources:
            parts.append("F4 syncs")
        self.query_one("#caption", Static).update(" · ".join(parts))

    def _add_rows(self, articles: Sequence[Article]) -> None:
        table = self.query_one(DataTable)
        room = max(table.content_size.width - FIXED_COLUMNS, 10)
        for article in articles:
            published = Text(day(article.published).rjust(DATE_WIDTH), "dim")
            outlet = Text(self._outlet(article), "dim")
            gone = article.id in self.gone
            title = cropped(f"{GONE} {article.title}" if gone else article.title, room)
            table.add_row(published, outlet, Text(title, "dim" if gone else ""))

    def _outlet(self, article: Article) -> str:
        """The outlet, and how many near-copies stand behind the row."""
        others = len(self.copies.get(article.id, ())) - 1
        more = f" +{others:,}" if others > 0 else ""
        return cropped(article.outlet, OUTLET_WIDTH - len(more)) + more

    def _show_detail(self) -> None:
        article = self.chosen
        parts = []
        if article is not None and (since := self.gone.get(article.id)) is not None:
            parts.append(f"{GONE} its source no longer has it since {day(since.astimezone())}")
        if article is not None:
            parts.append(also_in(article, self.copies.get(article.id, ())))
        self.query_one("#detail", Static).update(" · ".join(filter(None, parts)))

    def on_resize(self) -> None:
        """Titles are cropped to the room there is."""
        table = self.query_one(DataTable)
        row = table.cursor_row
        table.clear()
        self._add_rows(self.articles)
        table.move_cursor(row=row)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Tell about the row; near the end, read on."""
        self._show_detail()
        if not self._complete and self.articles and event.cursor_row > len(self.articles) - 50:
            self._complete = True
            self.load(len(self.articles))

    def on_data_table_row_selected(self) -> None:
        """Read the article."""
        self.action_open()

    @property
    def chosen(self) -> Article | None:
        """The article under the cursor."""
        row = self.query_one(DataTable).cursor_row
        return self.articles[row] if 0 <= row < len(self.articles) else None

    def action_open(self) -> None:
        """Read the article under the cursor."""
        if (article := self.chosen) is not None:
            self.desk.read(article, ())

    # --- adding

    def action_add(self) -> None:
        """Ask for a path or an address."""
        self.add_class("-adding")
        self.query_one("#path").focus()

    def action_back(self) -> None:
        """Close the line for adding, else the screen."""
        if self.has_class("-adding"):
            self.remove_class("-adding")
            self.query_one(DataTable).focus()
        else:
            super().action_back()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Add what was named."""
        event.stop()
        if source := event.value.strip():
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
            self.load(0)


def cropped(text: str, width: int) -> str:
    """One line of ``text``, at most ``width`` columns, with a sign where something is missing."""
    text = one_line(text)
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


def report_text(report: IngestReport | None, error: str) -> Content:
    """What came of adding: the counts, then every failure and every warning with its reason."""
    if error:
        return Content.styled(f"✗ {disarm(error)}", "$error")
    if report is None:
        return Content("")
    lines = [Content.styled(counts_text(report), "bold")]
    if report.cancelled:
        lines.append(Content("Stopped; what was stored stays."))
    if report.pending:
        lines.append(Content(f"{count(report.pending, 'passage')} pending: found by words only until embedded."))
    lines += [Content.styled(f"✗ {one_line(each.source)}: {one_line(each.error)}", "$error") for each in report.failed]
    lines += [
        Content.styled(f"⚠ {one_line(each.source)}: {one_line(each.error)}", "$warning") for each in report.warnings
    ]
    return Content("\n").join(lines)
