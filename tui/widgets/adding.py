"""The line in which somebody names what to add, how far that is, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import ProgressBar, Static

from tui.display import count, disarm, one_line
from tui.intake import counts_text
from tui.widgets.path_line import PathLine

if TYPE_CHECKING:
    from qa.intake import IngestReport
    from tui.intake import IntakeState

PLACEHOLDER = "File, folder or address: ~/articles, https://news.example/feed"


class Adding(Vertical):
    """Below the list. What of it is shown, the classes of its screen say: ``-adding``, ``-running``, ``-reported``."""

    def __init__(self) -> None:
        super().__init__(id="adding")

    def compose(self) -> ComposeResult:
        """The line, the bar with its words, the report."""
        yield PathLine(PLACEHOLDER, id="path")
        yield Static("", id="progress-text", markup=False)
        yield ProgressBar(id="progress", show_eta=False)
        with VerticalScroll(id="report"):
            yield Static("", id="report-text", markup=False)

    def show(self, intake: IntakeState) -> None:
        """Show how taking in stands."""
        self.screen.set_class(bool(intake.doing or intake.then), "-running")
        self.screen.set_class(intake.progress is not None, "-measured")
        self.screen.set_class(bool(intake.report or intake.error), "-reported")
        if intake.progress is not None:
            done, total = intake.progress.done, intake.progress.total
            self.query_one("#progress", ProgressBar).update(total=total or None, progress=done)
        self.query_one("#progress-text", Static).update(doing_text(intake))
        self.query_one("#report-text", Static).update(report_text(intake.report, intake.error))


def doing_text(intake: IntakeState) -> str:
    """What goes on, what may be done about it, what comes then."""
    stops = intake.progress is not None and not intake.stopping
    parts = [intake.doing, "F8 stops" if stops else "", f"then {intake.then}" if intake.then else ""]
    return " · ".join(filter(None, parts))


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
