"""The configured sources, what each last brought, and the documents that failed, with why and what mends them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.command import Place
from tui.commands import bindings
from tui.display import count, home_short, minute, one_line
from tui.messages import SourcesRead
from tui.screens.desk_screen import DeskScreen
from tui.widgets.keys import Keys
from tui.widgets.whole_list import WholeList

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.config import Source
    from qa.failures import FailedDocument
    from qa.places import Synced
    from tui.intake import IntakeState

NONE = "No sources are configured. Add [[sources]] with a path, glob, feed or url to {file}; F7 shows where it is."
SHOWN = 200
"""Failed documents that are listed; the others come as these are mended."""
REMEDIES = (
    (r"ermission denied", "Give yourself the right to read it (chmod u+r a file, u+rx a folder), then Enter."),
    (r"no such f|not there|answered 4", "Correct the path or address where it is named, then Enter; x if it is gone."),
    (r"later|failed \(\d|connection", "Enter tries it again, now or later; look whether its server is up."),
    (r"UTF-8|not a text file", "Save it as text in UTF-8, then Enter."),
    (r"JSON|XML|YAML|row of a table|no text|empty|expected", "Mend the document, then Enter; x leaves it out."),
)
"""What to do about an error, where its own words do not say it."""
OTHERWISE = "Enter tries it again once it is mended; x leaves it out."


class SourcesScreen(DeskScreen):
    """A row for each source, then one for each failed document. Enter syncs the one, and tries the other again."""

    CSS_PATH = "sources.tcss"
    PLACE: ClassVar[Place] = "sources"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#rows"

    def __init__(self) -> None:
        super().__init__()
        self.failures: Sequence[FailedDocument] = ()

    def compose(self) -> ComposeResult:
        """Caption, rows, keys."""
        yield Static("Sources", classes="caption", id="caption", markup=False)
        yield WholeList(id="rows", compact=True, markup=False)
        yield Keys()

    def on_mount(self) -> None:
        """Read what came of the last syncs, now and after each reading."""
        self.watch(self.app, "intake", self._intake_moved)

    def _intake_moved(self, intake: IntakeState) -> None:
        self._show_caption()
        if self.desk.archive is not None and not intake.doing:
            self._load()

    def _show_caption(self) -> None:
        intake = self.desk.intake
        sources = self.desk.archive.config.sources if self.desk.archive is not None else ()
        parts = ["Sources", count(len(sources), "source")]
        parts += [f"{count(len(self.failures), 'document')} failed"] if self.failures else []
        if intake.doing:
            parts += ["F8 stops"] if intake.progress is not None and not intake.stopping else []
            parts += list(dict.fromkeys((intake.running, intake.doing))) if intake.running else [intake.doing]
        else:
            parts += ["F4 syncs all"] if sources else []
        self.query_one("#caption", Static).update(" · ".join(parts))

    @work(thread=True, exclusive=True, group="sources")
    def _load(self) -> None:
        with self.desk.guarded("reading the sources", self.desk.notice):
            from qa.places import Places

            archive = self.desk.opened_archive
            places = Places(archive.catalog)
            self.post_message(SourcesRead(places.synced(), places.held(), archive.failures()))

    def on_sources_read(self, message: SourcesRead) -> None:
        """Show them; the cursor stays at its row, or near it."""
        self.failures = message.failures
        self._show_caption()
        config, rows = self.desk.opened_archive.config, self.query_one("#rows", OptionList)
        before = rows.highlighted or 0
        synced = {each.source: each for each in message.synced}
        failed = [each.source for each in message.failures]
        rows.clear_options()
        if not config.sources:
            file = home_short(config.file) if config.file is not None else "config.toml"
            rows.add_option(Option(Content.styled(NONE.format(file=file), "$foreground-muted"), disabled=True))
        for place, each in enumerate(config.sources):
            held = message.held.get(each.label, 0)
            row = _row(each, synced.get(each.label), held, failed.count(each.label))
            rows.add_option(Option(row, id=f"source-{place}"))
        if by_hand := message.held.get("", 0):
            text = f"  added by hand\n  {count(by_hand, 'article')}"
            rows.add_option(Option(Content.styled(text, "$foreground-muted"), disabled=True))
        rows.add_options(self._failed_rows())
        choices = [number for number, row in enumerate(rows.options) if not row.disabled]
        rows.highlighted = next((n for n in choices if n >= before), choices[-1]) if choices else None

    def _failed_rows(self) -> Iterator[Option]:
        if self.failures:
            heading = "\nFailed · Enter tries one again, r all of them, x leaves one out of this list"
            yield Option(Content.styled(heading, "bold $foreground-muted"), disabled=True)
        for place, each in enumerate(self.failures[:SHOWN]):
            yield Option(_failed_row(each), id=f"failed-{place}")
        if (more := len(self.failures) - SHOWN) > 0:
            yield Option(Content.styled(f"and {more:,} more", "$foreground-muted"), disabled=True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """What was clicked, or Enter pressed on."""
        event.stop()
        self.action_choose()

    def action_choose(self) -> None:
        """Sync the source under the cursor, or try the failed document again."""
        if (failed := self._failed_at_cursor()) is not None:
            self.desk.incoming.retry(failed.document)
        elif (name := self._id_at_cursor()).startswith("source-"):
            self.desk.incoming.sync(self.desk.opened_archive.config.sources[_number(name)].label)

    def action_retry(self) -> None:
        """Try every failed document again."""
        if self.failures:
            self.desk.incoming.retry()
        else:
            self.notify("Nothing has failed.", markup=False)

    def action_leave_out(self) -> None:
        """Leave a failed document out of the list, unless something else fails in it."""
        if (failed := self._failed_at_cursor()) is not None:
            self._dismiss(failed.document)
        else:
            self.notify("Only a document that failed can be left out.", markup=False)

    @work(thread=True, group="dismiss")
    def _dismiss(self, document: str) -> None:
        with self.desk.guarded("leaving a document out", self.desk.notice):
            self.desk.opened_archive.dismiss([document])
        self.app.call_from_thread(self._load)

    def action_copy(self) -> None:
        """The list of what failed, to the clipboard."""
        if self.failures:
            lines = (f"{each.name}\t{each.error}" for each in self.failures)
            self.desk.copy("\n".join(lines), "what failed, with the reasons")

    def _id_at_cursor(self) -> str:
        rows = self.query_one("#rows", OptionList)
        return (rows.get_option_at_index(rows.highlighted).id or "") if rows.highlighted is not None else ""

    def _failed_at_cursor(self) -> FailedDocument | None:
        name = self._id_at_cursor()
        return self.failures[_number(name)] if name.startswith("failed-") else None


def _number(name: str) -> int:
    return int(name.rpartition("-")[2])


def remedy(error: str) -> str:
    """What to do about an error; empty where its own words say it."""
    if "; " in error:
        return ""
    return next((told for pattern, told in REMEDIES if re.search(pattern, error)), OTHERWISE)


def _row(source: Source, synced: Synced | None, articles: int, failed: int) -> Content:
    kind = next(name for name in ("path", "glob", "feed", "url") if getattr(source, name))
    parts = [count(articles, "article")]
    if synced is None:
        parts.append("not synced yet")
    else:
        parts.append(f"last synced {minute(synced.ended.astimezone())}")
        changed = {"added": synced.added, "updated": synced.updated, "gone": synced.gone}
        parts += [f"{number:,} {what}" for what, number in changed.items() if number] or ["nothing new"]
    parts += [f"{count(failed, 'document')} failed"] if failed else []
    named = f"{kind} {_shown(source.where)}" if source.name else kind
    return Content.assemble(
        (f"{'⚠' if failed else ' '} {one_line(source.label)}", "bold"),
        (f"  {named}\n  {' · '.join(parts)}", "$foreground-muted"),
    )


def _failed_row(failed: FailedDocument) -> Content:
    lines: list[Content | tuple[str, str]] = [(f"✗ {_shown(failed.name)}", "bold $text-error")]
    about = [f"of {one_line(failed.source)}"] if failed.source else []
    about += [f"tried {minute(failed.tried.astimezone())}"]
    lines.append((f"  {' · '.join(about)}", "$foreground-muted"))
    more = f" (and {count(failed.more, 'error')} more there)" if failed.more else ""
    lines.append((f"\n{one_line(failed.error)}{more}", "$foreground"))
    if told := remedy(failed.error):
        lines.append((f"\n{told}", "$foreground-muted"))
    return Content.assemble(*lines)


def _shown(name: str) -> str:
    from pathlib import Path

    return one_line(name if "://" in name else home_short(Path(name)))
