"""A conversation to a file: which form, which file, and what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from tui.command import Place
from tui.commands import bindings
from tui.display import home_short, one_line
from tui.messages import Exported
from tui.paths import PathSuggester
from tui.screens.desk_screen import DeskModal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answers import Answer
    from qa.exports import Format
    from tui.app import NewsdeskApp

TOLD: dict[Format, str] = {
    "markdown": "Markdown: citations as footnotes",
    "html": "HTML: one page for a browser",
    "json": "JSON: everything, for programs",
}


class ExportScreen(DeskModal[None]):
    """Exports the ``answers``, or those of the kept conversation ``session``; ``file``: the name it begins with."""

    CSS_PATH = "export.tcss"
    PLACE: ClassVar[Place] = "export"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#file"

    def __init__(
        self,
        title: str,
        *,
        session: int | None = None,
        answers: Sequence[Answer] = (),
        form: Format = "markdown",
        file: str = "",
    ) -> None:
        super().__init__()
        self.file = file
        self.exported = title
        self.session = session
        self.answers = answers
        self.form = form
        self._asked_over: Path | None = None

    def compose(self) -> ComposeResult:
        """The forms, the file, what came of it, the keys."""
        from qa.exports import file_name

        with Vertical(id="box"):
            yield Static(Content.assemble("Export “", one_line(self.exported), "”"), id="heading")
            yield OptionList(*TOLD.values(), id="forms", compact=True, markup=False)
            yield Input(self.file or file_name(self.exported, self.form), id="file", suggester=PathSuggester())
            yield Static("", id="state", markup=False)
            keys = (("Enter", "writes the file"), ("Tab", "another form"), ("Esc", "back"))
            parts = [part for key, does in keys for part in ((key, "bold $text-accent"), f" {does}    ")]
            yield Static(Content.assemble(*parts), id="keys")

    def on_mount(self) -> None:
        """The form in force under the cursor; where a relative file would be."""
        self.query_one(OptionList).highlighted = [*TOLD].index(self.form)
        self._say(f"A name without a folder is written to {home_short(Path.cwd())}.")

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Another form is another end of the file's name."""
        from qa.exports import SUFFIXES

        event.stop()
        self.form = [*TOLD][event.option_index]
        line = self.query_one("#file", Input)
        name = Path(line.value)
        if name.suffix in SUFFIXES.values():
            line.value = str(name.with_suffix(SUFFIXES[self.form]))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Chosen: on to the name."""
        event.stop()
        self.query_one("#file", Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write it; what is there already is overwritten the second time."""
        event.stop()
        if name := event.value.strip():
            self._export(Path(name).expanduser().absolute())

    def _export(self, file: Path) -> None:
        if file.is_file() and file != self._asked_over:
            self._asked_over = file
            self._say(f"⚠ {home_short(file)} is there already. Enter once more overwrites it.", "$text-warning")
        else:
            self._say("writing")
            self._write(file, overwrite=file == self._asked_over)

    @work(thread=True, exclusive=True, group="export")
    def _write(self, file: Path, *, overwrite: bool) -> None:
        desk = cast("NewsdeskApp", self.app)
        with desk.guarded("exporting", lambda error: self.post_message(Exported(None, error))):
            from qa.exports import export, save

            answers, session = self.answers, self.session
            if session is not None:
                answers = desk.of_kept(lambda kept: kept.turns(session))
            text = export(answers, self.form, title=self.exported)
            self.post_message(Exported(save(text, file, overwrite=overwrite)))

    def on_exported(self, message: Exported) -> None:
        """Close where it was written, say why it was not."""
        if message.file is None:
            self._asked_over = None
            self._say(f"✗ {message.error}", "$text-error")
            return
        self.app.notify(f"Written to {home_short(message.file)}.", timeout=8, markup=False)
        self.dismiss()

    def _say(self, text: str, style: str = "$foreground-muted") -> None:
        self.query_one("#state", Static).update(Content.styled(one_line(text), style))

    def action_back(self) -> None:
        """Write nothing."""
        self.dismiss()
