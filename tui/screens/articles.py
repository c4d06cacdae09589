"""The articles of the archive, and the way to add more."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Footer, Input, ProgressBar, Static

from tui.commands import Place, bindings
from tui.display import count, day, disarm, one_line
from tui.intake import progress_text
from tui.messages import ArticlesLoaded
from tui.paths import PathSuggester
from tui.screens.desk_screen import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.articles import Article
    from qa.intake import IngestReport, Progress
    from tui.intake import IntakeState

PAGE = 500
"""Articles that are read at a time; the next page comes when the cursor nears the end."""

DATE_WIDTH = 11
OUTLET_WIDTH = 20
FIXED_COLUMNS = DATE_WIDTH + OUTLET_WIDTH + 6
"""All but the title, with the blanks on both sides of each of the three columns."""


class ArticlesScreen(DeskScreen):
    """A table, newest first. Adding goes on in the app when this screen is closed."""

    CSS_PATH = "articles.tcss"
    PLACE: ClassVar[Place] = "articles"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#table"

    def __init__(self) -> None:
        super().__init__()
        self.articles: list[Article] = []
        self._complete = False

    def compose(self) -> ComposeResult:
        """Caption, table, the line for adding with what came of it."""
        yield Static("Articles", classes="caption", id="caption", markup=False)
        yield DataTable[Text](id="table", cursor_type="row", zebra_stripes=False)
        with Vertical(id="adding"):
            yield Input(placeholder="File or folder, such as ~/articles", id="path", suggester=PathSuggester())
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
            articles = self.desk.opened_archive.articles(limit=PAGE, offset=offset)
            self.post_message(ArticlesLoaded(articles, offset, len(articles) < PAGE))

    def on_articles_loaded(self, message: ArticlesLoaded) -> None:
        """Show the page."""
        table = self.query_one(DataTable)
        if message.offset == 0:
            self.articles = []
            table.clear()
        self.articles.extend(message.articles)
        self._complete = message.last
        self._add_rows(message.articles)
        total = self.desk.standing.articles
        known = count(total if total is not None else len(self.articles), "article")
        caption = known if self.articles else "no articles yet; press a to add some"
        self.query_one("#caption", Static).update(f"Articles · {caption}")

    def _add_rows(self, articles: Sequence[Article]) -> None:
        table = self.query_one(DataTable)
        room = max(table.content_size.width - FIXED_COLUMNS, 10)
        for article in articles:
            published = Text(day(article.published).rjust(DATE_WIDTH), "dim")
            table.add_row(
                published, Text(cropped(article.outlet, OUTLET_WIDTH), "dim"), Text(cropped(article.title, room))
            )

    def on_resize(self) -> None:
        """Titles are cropped to the room there is."""
        table = self.query_one(DataTable)
        row = table.cursor_row
        table.clear()
        self._add_rows(self.articles)
        table.move_cursor(row=row)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Near the end, read on."""
        if not self._complete and self.articles and event.cursor_row > len(self.articles) - 50:
            self._complete = True
            self.load(len(self.articles))

    def on_data_table_row_selected(self) -> None:
        """Read the article."""
        self.action_open()

    def action_open(self) -> None:
        """Read the article under the cursor."""
        row = self.query_one(DataTable).cursor_row
        if 0 <= row < len(self.articles):
            self.desk.read(self.articles[row], ())

    # --- adding

    def action_add(self) -> None:
        """Ask for a path."""
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
        if path := event.value.strip():
            event.input.clear()
            self.desk.add_articles(Path(os.path.expanduser(path)))

    def _show_intake(self, intake: IntakeState) -> None:
        self.set_class(intake.progress is not None, "-running")
        self.set_class(bool(intake.report or intake.error), "-reported")
        if intake.progress is not None:
            self._show_progress(intake.progress)
        else:
            self.query_one("#progress-text", Static).update("")
        self.query_one("#report-text", Static).update(report_text(intake.report, intake.error))
        if intake.report is not None and self.is_mounted:
            self.load(0)

    def _show_progress(self, progress: Progress) -> None:
        self.query_one("#progress", ProgressBar).update(total=progress.total or None, progress=progress.done)
        self.query_one("#progress-text", Static).update(progress_text(progress))


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
    counts = (
        f"{report.added:,} added · {report.updated:,} updated · {report.unchanged:,} unchanged · "
        f"{len(report.failed):,} failed"
    )
    lines = [Content.styled(counts, "bold")]
    lines += [Content.styled(f"✗ {one_line(each.source)}: {one_line(each.error)}", "$error") for each in report.failed]
    lines += [
        Content.styled(f"⚠ {one_line(each.source)}: {one_line(each.error)}", "$warning") for each in report.warnings
    ]
    return Content("\n").join(lines)
