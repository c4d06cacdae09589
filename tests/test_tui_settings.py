"""Settings, themes, sizes and crashes in the terminal UI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from qa.config import load
from tests.openai_server import OpenAIServer
from tests.tui_fixtures import build_archive, copy_archive, running, screen_text, unset_key, until  # noqa: F401 - fixtures
from tui.app import NewsdeskApp
from tui.screens.chat import ChatScreen
from tui.screens.settings import SettingsScreen
from tui.screens.small import SmallScreen
from tui.screens.themes import ThemesScreen
from tui.widgets.prompt import Prompt

FILE = '# mine\n[answer]\nmodel = "m"  # small\n\n[ui]\ntheme = "nord"\n'


@pytest.fixture(name="server")
def open_server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture(name="file")
def write_file(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(FILE, encoding="utf-8")
    return file


async def opened(app: NewsdeskApp, pilot: Pilot[None], path: str) -> SettingsScreen:
    """The settings, with the cursor on one."""
    await pilot.press("f7")
    await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
    screen = app.screen
    assert isinstance(screen, SettingsScreen)
    rows = screen.query_one("#settings", OptionList)
    rows.highlighted = next(n for n, each in enumerate(screen.rows) if each is not None and each.path == path)
    await pilot.pause()
    return screen


async def change(pilot: Pilot[None], screen: SettingsScreen, value: str) -> None:
    await pilot.press("enter")
    screen.query_one("#value", Input).value = value
    await pilot.press("enter")
    await pilot.pause()


def state(screen: SettingsScreen) -> str:
    return str(screen.query_one("#state", Static).render())


async def test_a_setting_is_explained_changed_saved_and_holds(archive_path: Path, file: Path) -> None:
    async with running(archive_path, config=load(file, environ={}), size=(120, 40)) as (app, pilot):
        screen = await opened(app, pilot, "answer.temperature")
        assert "0 to 2" in screen_text(app)
        assert "default: 0.0" in screen_text(app)
        await change(pilot, screen, "0.5")
        assert "1 change not saved" in screen_text(app)
        assert file.read_text() == FILE
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Saved to" in state(screen))
        assert file.read_text() == FILE.replace('model = "m"  # small\n', 'model = "m"  # small\ntemperature = 0.5\n')
        assert app.opened_archive.config.answer.temperature == 0.5
        await pilot.press("escape")
        assert isinstance(app.screen, ChatScreen)


async def test_what_cannot_be_is_said_in_place_and_not_kept(archive_path: Path, file: Path) -> None:
    async with running(archive_path, config=load(file, environ={}), size=(120, 40)) as (app, pilot):
        screen = await opened(app, pilot, "answer.temperature")
        await change(pilot, screen, "hot")
        assert "answer.temperature" in state(screen)
        assert not screen.changes
        await change(pilot, screen, "7")
        assert "less than or equal to 2" in state(screen)
        await pilot.press("escape", "escape")
        assert isinstance(app.screen, ChatScreen)
        assert file.read_text() == FILE


async def test_the_cursor_stays_in_view_beside_a_message(archive_path: Path, file: Path) -> None:
    async with running(archive_path, config=load(file, environ={}), size=(80, 24)) as (app, pilot):
        screen = await opened(app, pilot, "answer.temperature")
        rows = screen.query_one("#settings", OptionList)
        await until(pilot, lambda: "temperature" in screen_text(app))
        height = rows.size.height
        await change(pilot, screen, "hot")
        assert rows.size.height < height
        first = round(rows.scroll_y)
        assert rows.highlighted is not None
        assert first <= rows._index_to_line[rows.highlighted] < first + rows.size.height


async def test_a_file_that_was_changed_meanwhile_is_read_again_first(archive_path: Path, file: Path) -> None:
    async with running(archive_path, config=load(file, environ={}), size=(120, 40)) as (app, pilot):
        screen = await opened(app, pilot, "ui.resume")
        await change(pilot, screen, "false")
        file.write_text(FILE + "# later\n")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "somebody else" in state(screen))
        await pilot.press("r")
        await until(pilot, lambda: "Read again" in state(screen))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Saved to" in state(screen))
        assert file.read_text() == FILE + "# later\nresume = false\n"


async def test_what_is_not_saved_is_dropped_only_when_asked_twice(archive_path: Path, file: Path) -> None:
    async with running(archive_path, config=load(file, environ={}), size=(120, 40)) as (app, pilot):
        screen = await opened(app, pilot, "search.limit")
        await change(pilot, screen, "5")
        await pilot.press("escape")
        assert "dropped" in state(screen)
        assert len(app.screen_stack) == 2
        await pilot.press("escape")
        assert len(app.screen_stack) == 1


async def test_the_connection_to_a_model_is_tested_before_it_is_saved(
    archive_path: Path, file: Path, server: OpenAIServer
) -> None:
    server.models = ["m", "n"]
    async with running(archive_path, config=load(file, environ={}), size=(120, 40)) as (app, pilot):
        screen = await opened(app, pilot, "answer.base_url")
        await change(pilot, screen, server.url)
        await pilot.press("t")
        await until(pilot, lambda: "2 models offered" in state(screen))
        await change(pilot, screen, "http://127.0.0.1:9/v1")
        await pilot.press("t")
        await until(pilot, lambda: state(screen).startswith("✗ "))
        assert "127.0.0.1:9" in state(screen)
        assert file.read_text() == FILE


async def test_themes_are_seen_while_one_goes_through_them(archive_path: Path, file: Path) -> None:
    async with running(archive_path, config=load(file, environ={})) as (app, pilot):
        assert app.theme == "nord"
        await pilot.press("f12")
        await until(pilot, lambda: isinstance(app.screen, ThemesScreen))
        await pilot.press("j")
        await pilot.pause()
        seen = app.theme
        assert seen != "nord"
        await pilot.press("escape")
        await until(pilot, lambda: app.theme == "nord")
        await pilot.press("f12")
        await until(pilot, lambda: isinstance(app.screen, ThemesScreen))
        await pilot.press("j", "enter")
        await until(pilot, lambda: f'theme = "{seen}"' in file.read_text())
        assert app.theme == seen
        assert file.read_text() == FILE.replace("nord", seen)


async def test_a_terminal_that_is_too_small_says_so_and_loses_nothing(archive_path: Path) -> None:
    async with running(archive_path, size=(80, 24)) as (app, pilot):
        await pilot.press(*"half a question")
        await pilot.resize_terminal(30, 8)
        await until(pilot, lambda: isinstance(app.screen, SmallScreen))
        assert "40 x 12" in " ".join(screen_text(app).split())
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: isinstance(app.screen, ChatScreen))
        assert app.chat.query_one(Prompt).text == "half a question"


class Failing(NewsdeskApp):
    """An app with a worker that nobody guards."""

    def fail(self) -> None:
        def broken() -> None:
            raise ZeroDivisionError("nobody foresaw this")

        self.run_worker(broken, thread=True, group="failing")


async def test_a_worker_that_crashes_leaves_the_rest_alive_and_a_log(archive_path: Path) -> None:
    async with running(archive_path, kind=Failing, size=(160, 48)) as (app, pilot):
        app._raising = False
        assert isinstance(app, Failing)
        app.fail()
        await until(pilot, lambda: "nobody foresaw this" in screen_text(app))
        assert "newsdesk.log" in screen_text(app)
        assert "ZeroDivisionError" in (archive_path / "newsdesk.log").read_text()
        await pilot.press(*"still here")
        assert app.chat.query_one(Prompt).text == "still here"
