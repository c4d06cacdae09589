"""The configured sources, when each was last brought in step, and what failed in the last reading and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from tui.commands import Place, bindings
from tui.display import count, home_short, minute, one_line
from tui.messages import SourcesRead
from tui.screens.desk_screen import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.config import Source
    from qa.places import Synced
    from tui.intake import IntakeState

NONE = "No sources are configured. Add [[sources]] with a path, glob, feed or url to {file}; F7 shows where it is."


class SourcesScreen(DeskScreen):
    """A row for each source, then one for each document that failed; Enter on that tries it again."""

    CSS_PATH = "sources.tcss"
    PLACE: ClassVar[Place] = "sources"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#rows"

    def compose(self) -> ComposeResult:
        """Caption, rows, keys."""
        yield Static("Sources", classes="caption", id="caption", markup=False)
        yield OptionList(id="rows", compact=True, markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Read what came of the last syncs, now and after each reading."""
        self.watch(self.app, "intake", self._intake_moved)

    def _intake_moved(self, intake: IntakeState) -> None:
        doing = f" · {intake.doing} · F8 stops" if intake.doing else " · F4 syncs all"
        sources = self.desk.archive.config.sources if self.desk.archive is not None else ()
        self.query_one("#caption", Static).update(f"Sources · {count(len(sources), 'source')}{doing}")
        if self.desk.archive is not None and not intake.doing:
            self._load()

    @work(thread=True, exclusive=True, group="sources")
    def _load(self) -> None:
        with self.desk.guarded("reading the sources", self.desk.notice):
            from qa.places import Places

            self.post_message(SourcesRead(Places(self.desk.opened_archive.catalog).synced()))

    def on_sources_read(self, message: SourcesRead) -> None:
        """Show them."""
        config = self.desk.opened_archive.config
        rows = self.query_one("#rows", OptionList)
        rows.clear_options()
        known = {each.source: each for each in message.synced}
        if not config.sources:
            file = home_short(config.file) if config.file is not None else "config.toml"
            rows.add_option(Option(Content.styled(NONE.format(file=file), "$foreground-muted"), disabled=True))
        rows.add_options(Option(_row(each, known.get(each.label))) for each in config.sources)
        rows.add_options(self._failures())
        rows.highlighted = next((n for n, row in enumerate(rows.options) if not row.disabled), None)

    def _failures(self) -> Iterator[Option]:
        report = self.desk.intake.report
        if report is None or not report.failed:
            return
        heading = f"\nFailed in the last reading · {count(len(report.failed), 'document')} · Enter tries one again"
        yield Option(Content.styled(heading, "bold $foreground-muted"), disabled=True)
        for place, each in enumerate(report.failed):
            lines = Content.assemble(
                (f"✗ {one_line(each.source)}", "bold $text-error"), (f"\n   {one_line(each.error)}", "$foreground")
            )
            yield Option(lines, id=f"failed-{place}")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Try a failed document again; a source is synced with all."""
        event.stop()
        report = self.desk.intake.report
        name = event.option_id or ""
        if name.startswith("failed-") and report is not None:
            self.desk.incoming.add(report.failed[int(name.removeprefix("failed-"))].source)
        else:
            self.desk.incoming.sync()

    def action_retry(self) -> None:
        """Try every failed document again."""
        report = self.desk.intake.report
        if report is None or not report.failed:
            self.notify("Nothing failed in the last reading.", markup=False)
            return
        for each in report.failed:
            self.desk.incoming.add(each.source)

    def action_copy(self) -> None:
        """The list of what failed, to the clipboard."""
        report = self.desk.intake.report
        failed = report.failed if report is not None else []
        if failed:
            self.desk.copy(
                "\n".join(f"{each.source}\t{each.error}" for each in failed), "what failed, with the reasons"
            )


def _row(source: Source, synced: Synced | None) -> Content:
    kind = next(name for name in ("path", "glob", "feed", "url") if getattr(source, name))
    if synced is None:
        last = "not synced yet"
    else:
        parts = (
            f"{synced.added:,} added",
            f"{synced.updated:,} updated",
            f"{synced.gone:,} gone",
            f"{synced.failed:,} failed",
        )
        last = f"last synced {minute(synced.ended.astimezone())} · {' · '.join(parts)}"
    failed = synced is not None and synced.failed
    return Content.assemble(
        (f"{'⚠' if failed else ' '} {one_line(source.label)}", "bold"),
        (f"  {kind} {one_line(source.where)}\n   {last}\n", "$foreground-muted"),
    )
