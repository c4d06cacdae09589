"""Every setting of config.toml: explained, checked, changed; nothing is written before it is saved."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.command import Place
from tui.commands import bindings
from tui.display import count, disarm, home_short, one_line
from tui.messages import ConnectionTested, SettingsSaved
from tui.screens.desk_screen import DeskScreen
from tui.widgets.keys import Keys
from tui.widgets.whole_list import WholeList

if TYPE_CHECKING:
    from qa.config import Config
    from qa.settings import Setting

VALUE = 40
"""Columns of a value that are listed."""


class SettingsScreen(DeskScreen):
    """A list of settings beside what each means; a line below takes another value.

    ``changes`` hold what is not saved yet. ``_text`` is the file's text as it was read.
    """

    CSS_PATH = "settings.tcss"
    PLACE: ClassVar[Place] = "settings"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = "#settings"

    def __init__(self, config: Config) -> None:
        from qa.settings import home

        super().__init__()
        self.config = config
        self.file = config.file or home()
        self.changes: dict[tuple[str, str], Any] = {}
        self.rows: list[Setting | None] = []
        self._text = ""

    def compose(self) -> ComposeResult:
        """The list, what is to be known of the row under the cursor, the line for another value."""
        yield Static("", classes="caption", id="caption", markup=False)
        with Horizontal(id="body"):
            yield WholeList(id="settings", compact=True, markup=False)
            with Vertical(id="about"):
                yield Static("", id="help", markup=False)
        yield Static("", id="state", markup=False)
        yield Input(id="value")
        yield Keys()

    def on_mount(self) -> None:
        """Read the file."""
        self._read()
        self._list()

    def _read(self) -> None:
        self._text = self.file.read_bytes().decode("utf-8-sig") if self.file.is_file() else ""

    # --- the list

    def _list(self) -> None:
        from qa.settings import settings

        shown = self.query_one("#settings", OptionList)
        place = shown.highlighted
        self.rows, options, section = [], [], ""
        for setting in settings():
            if setting.section != section:
                section = setting.section
                self.rows.append(None)
                options.append(Option(Content.styled(f"[{section}]", "bold $foreground-muted"), disabled=True))
            self.rows.append(setting)
            options.append(Option(self._row(setting)))
        shown.clear_options()
        shown.add_options(options)
        shown.highlighted = place if place is not None else 1
        self._caption()

    def _row(self, setting: Setting) -> Content:
        from qa.settings import shown, value_of

        key = (setting.section, setting.name)
        value = self.changes.get(key, value_of(self.config, setting))
        text = one_line(shown(value, secret=setting.secret))
        text = text if len(text) <= VALUE else f"{text[: VALUE - 1]}…"
        sign = "●" if key in self.changes else " "
        own = key in self.changes or value != setting.default
        return Content.assemble(
            (f"{sign} {setting.name.ljust(16)} ", "$foreground"), (text, "bold" if own else "$foreground-muted")
        )

    def _caption(self) -> None:
        there = home_short(self.file) if self.file.is_file() else f"{home_short(self.file)}, which is made when saved"
        unsaved = f"● {count(len(self.changes), 'change')} not saved, ctrl+s saves · " if self.changes else ""
        self.query_one("#caption", Static).update(f"Settings · {unsaved}{there}")

    @property
    def chosen(self) -> Setting | None:
        """The setting under the cursor."""
        place = self.query_one("#settings", OptionList).highlighted
        return self.rows[place] if place is not None and place < len(self.rows) else None

    def on_option_list_option_highlighted(self) -> None:
        """Explain it."""
        from qa.settings import AT_ONCE, REINDEXED, shown

        setting = self.chosen
        if setting is None:
            return
        when = "from the next question on" if setting.section in AT_ONCE else "from the next start on"
        if setting.section in REINDEXED:
            when += "; then 'newsdesk reindex' is needed"
        lines = [
            Content.styled(setting.path, "bold $text-accent"),
            Content(""),
            Content(setting.help or "See the comments of config.toml."),
            Content(""),
            Content.styled(f"default: {one_line(shown(setting.default, secret=setting.secret))}", "$foreground-muted"),
        ]
        lines += [Content.styled(setting.bounds, "$foreground-muted")] if setting.bounds else []
        lines.append(Content.styled(f"holds {when}", "$foreground-muted"))
        if setting.variable in os.environ:
            lines.append(Content.styled(f"⚠ {setting.variable} is set and beats the file", "$text-warning"))
        self.query_one("#help", Static).update(Content("\n").join(lines))

    # --- another value

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Change it."""
        event.stop()
        self.action_change()

    def action_change(self) -> None:
        """Another value for the setting under the cursor."""
        from qa.settings import shown, value_of

        setting = self.chosen
        if setting is None:
            return
        line = self.query_one("#value", Input)
        value = self.changes.get((setting.section, setting.name), value_of(self.config, setting))
        line.value = "" if setting.secret else value if isinstance(value, str) else shown(value)
        line.password = setting.secret
        line.border_title = setting.path
        self.set_class(True, "-changing")
        line.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Check it, and keep it until it is saved."""
        from qa.errors import ConfigError
        from qa.settings import changed, checked, parsed

        setting = self.chosen
        if setting is None:
            return
        try:
            value = parsed(setting, event.value)
            changes = {**self.changes, (setting.section, setting.name): value}
            checked(changed(self._text, changes), self.file)
        except ConfigError as error:
            self._say(f"✗ {error}", "$text-error")
            return
        self.changes = changes
        self._say("")
        self._close_line()
        self._list()
        self.on_option_list_option_highlighted()

    def action_default(self) -> None:
        """Back to the default, until that is saved."""
        setting = self.chosen
        if setting is not None:
            default = list(setting.default) if isinstance(setting.default, tuple) else setting.default
            plain = "" if setting.secret or default is None else default
            self.changes[setting.section, setting.name] = plain
            self._list()

    def action_back(self) -> None:
        """Close the line, drop what is not saved the second time, else the screen."""
        if self.has_class("-changing"):
            self._close_line()
        elif self.changes:
            self.changes = {}
            self._list()
            self._say("What was not saved is dropped; Esc again closes the settings.")
        else:
            super().action_back()

    def _close_line(self) -> None:
        self.set_class(False, "-changing")
        self.query_one("#settings").focus()

    def _say(self, text: str, style: str = "$foreground-muted") -> None:
        self.query_one("#state", Static).update(Content.styled(disarm(text), style))

    # --- saving, testing

    def action_save(self) -> None:
        """Write what was changed."""
        if self.changes:
            self._save(dict(self.changes), self._text)
        else:
            self._say("Nothing was changed.")

    @work(thread=True, exclusive=True, group="settings")
    def _save(self, changes: dict[tuple[str, str], Any], before: str) -> None:
        with self.desk.guarded("saving the settings", lambda error: self.post_message(SettingsSaved(None, "", error))):
            from qa.settings import save

            text, config = save(self.file, before, changes)
            self.post_message(SettingsSaved(config, text))

    def on_settings_saved(self, message: SettingsSaved) -> None:
        """Let it hold, or say why it was not written."""
        if message.config is None:
            self._say(f"✗ {message.error}", "$text-error")
            return
        self.config, self._text, self.changes = message.config, message.text, {}
        self.desk.take(message.config)
        self._list()
        self._say(f"Saved to {home_short(self.file)}.")

    def action_reload(self) -> None:
        """Read the file again; what is not saved stays."""
        from qa.config import load
        from qa.errors import ConfigError

        try:
            self.config = load(self.file if self.file.is_file() else None)
        except ConfigError as error:
            self._say(f"✗ {error}", "$text-error")
            return
        self._read()
        self._list()
        self._say("Read again.")

    def action_test(self) -> None:
        """Ask the model's server for a sign of life, with what is set now, saved or not."""
        self._say("asking the model's server")
        self._test(dict(self.changes))

    @work(thread=True, exclusive=True, group="testing")
    def _test(self, changes: dict[tuple[str, str], Any]) -> None:
        with self.desk.guarded("testing the model", lambda error: self.post_message(ConnectionTested("", error))):
            from qa.archive import Archive
            from qa.settings import changed, checked

            config = checked(changed(self._text, changes), self.file)
            archive = Archive(self.desk.opened_archive.path, config)
            try:
                choice = archive.chosen("generated")
                begun = time.perf_counter()
                names = archive.models()
                taken = time.perf_counter() - begun
            finally:
                archive.close()
            assert choice is not None
            known = "" if not choice.model or choice.model in names else f"; {choice.model} is not among them"
            offered = f"{count(len(names), 'model')} offered{known}"
            self.post_message(ConnectionTested(f"{choice.server} answers in {taken:.2f} s: {offered}."))

    def on_connection_tested(self, message: ConnectionTested) -> None:
        """What came of it."""
        if message.error:
            self._say(f"✗ {message.error}", "$text-error")
        else:
            self._say(f"✓ {message.told}", "$text-success")
