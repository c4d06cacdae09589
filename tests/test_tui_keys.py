"""The registry: every action by key, in the palette, in the help and, where the footer has it, by the mouse."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Footer, OptionList
from textual.widgets._footer import FooterKey

from qa.archive import Archive
from qa.config import Config
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    build_archive,
    copy_archive,
    keep_conversation,
    running,
    screen_text,
    settings,
    unset_key,
    until,
)
from tui.app import NewsdeskApp
from tui.command import PLACES, Command, Place
from tui.commands import COMMANDS, bindings, commands_for, help_lines
from tui.filters import Filters
from tui.keymap import NO_KEY, Keymap, fault
from tui.screens.confirm import ConfirmScreen
from tui.screens.help import HelpScreen
from tui.widgets.chips import Chips
from tui.widgets.evidence import Rows
from tui.widgets.timeline import Timeline
from tui.widgets.turn import TurnView


class Recording(NewsdeskApp):
    """Notes the actions that it would run, once ``noted`` is a list."""

    noted: list[str] | None = None

    async def run_action(self, action: Any, default_namespace: Any = None, namespaces: Any = None) -> bool:
        if self.noted is None:
            return await super().run_action(action, default_namespace, namespaces)
        self.noted.append(str(action))
        return True


Scene = Callable[[NewsdeskApp, Pilot[None]], Awaitable[None]]


async def _turn(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    app.chat.query_one(TurnView).focus()


async def _chips(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    app.chat.filters = Filters(since="2026-05-01")
    await pilot.pause()
    app.chat.query_one(Chips).focus()


async def _evidence(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    app.chat.query_one(Rows).focus()


def _pressed(*keys: str) -> Scene:
    async def scene(app: NewsdeskApp, pilot: Pilot[None]) -> None:
        app.chat.query_one(TurnView).focus()
        await pilot.press(*keys)

    return scene


async def _timeline(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await pilot.press("f2")
    await until(pilot, lambda: app.screen.query(Timeline) and app.screen.query_one(Timeline)._bars)
    await pilot.press("t")


async def _conversations(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await pilot.press("f3")
    await until(pilot, lambda: app.screen.query(OptionList) and app.screen.query_one(OptionList).option_count)


async def _confirm(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    app.push_screen(ConfirmScreen("Sure?"))


async def _export(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    app.chat.action_export()


SCENES: dict[Place, Scene] = {
    "everywhere": _turn,
    "chat": _turn,
    "answer": _turn,
    "filters": _chips,
    "evidence": _evidence,
    "understood": _pressed("ctrl+l"),
    "models": _pressed("f6"),
    "reader": _pressed("1"),
    "articles": _pressed("f2"),
    "timeline": _timeline,
    "sources": _pressed("f2", "s"),
    "conversations": _conversations,
    "settings": _pressed("f7"),
    "themes": _pressed("f12"),
    "export": _export,
    "lists": _turn,
    "confirm": _confirm,
    "help": _pressed("f1"),
}


def _wanted(command: Command, number: int) -> set[str]:
    """What pressing its key may run: lists press what is under their cursor by an Enter of their own."""
    return {command.action.format(n=number), *(("select", "select_cursor") if command.keys[0] == "enter" else ())}


@pytest.mark.parametrize("place", [place for place in PLACES if commands_for(place)])
async def test_every_action_is_reached_by_key_palette_and_mouse(archive_path: Path, place: Place) -> None:
    keep_conversation(archive_path)
    async with running(archive_path, kind=Recording, size=(250, 50)) as (app, pilot):
        await until(pilot, lambda: app.chat.query(TurnView))
        await SCENES[place](app, pilot)
        await pilot.pause()
        await until(pilot, lambda: app.screen.is_current and app.screen.is_mounted)
        entries = {command.title for command in app.get_system_commands(app.screen)}
        helped = {line for lines in help_lines(app.keymap).values() for line in lines}
        footer = {each.action: each for each in app.screen.query(FooterKey)}
        assert isinstance(app, Recording)
        for command in commands_for(place):
            for number, key in enumerate(command.keys, 1):
                app.noted = []
                await pilot.press(key)
                assert _wanted(command, number) & set(app.noted), (command.id, key, app.noted)
            assert (command.key_text, command.help) in helped
            assert command.action == "command_palette" or f"{command.name} ({command.key_text})" in entries, command.id
            if command.label and command.keys[0] != "enter" and app.screen.query(Footer):
                app.noted = []
                await pilot.click(footer[command.default_action])
                assert _wanted(command, 1) & set(app.noted), command.id
        app.noted = None


def test_no_key_is_one_that_terminals_send_for_another_and_none_is_there_twice() -> None:
    for command in COMMANDS:
        assert command.keys
        assert not [key for key in command.keys if fault(key)], command.id
    assert all(bindings(command.place) for command in COMMANDS)
    everywhere = {key for command in commands_for("everywhere") for key in command.keys}
    for place in PLACES:
        keys = [key for command in commands_for(place) for key in command.keys]
        assert len(keys) == len(set(keys)), place
        assert place == "everywhere" or not everywhere & set(keys), place
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)
    assert not Keymap({}).problems


# --- other keys


def keyed(**keys: str) -> Config:
    return settings(keys={name.replace("__", "."): value for name, value in keys.items()})


async def test_keys_of_the_configuration_are_in_force_and_shown(archive_path: Path) -> None:
    config = keyed(everywhere__help="f5,alt+h", chat__regenerate="f1", everywhere__articles="")
    async with running(archive_path, config=config, size=(120, 40)) as (app, pilot):
        await pilot.press("f1")
        assert not isinstance(app.screen, HelpScreen)
        await pilot.press("f2")
        assert app.screen is app.chat
        await pilot.press("alt+h")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("slash", *"Show every key")
        assert "f5 or alt+h" in screen_text(app)
        assert "f24" not in screen_text(app)
        titles = {command.title for command in app.get_system_commands(app.chat)}
        assert {"Help (f5 or alt+h)", "Articles", "Regenerate (f1)"} <= titles


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"chat.stopp": "escape"}, "'chat.stopp' is no action; the nearest is 'chat.stop'"),
        ({"chat.stop": "ctrl+i"}, "terminals send Tab for ctrl+i"),
        ({"chat.stop": "ctrl+["}, "terminals send Esc for ctrl+left_square_bracket"),
        ({"chat.stop": "hyperjump"}, "'hyperjump' is no key"),
        ({"chat.retry": "ctrl+t"}, "ctrl+t is both chat.retry and chat.edit"),
        ({"chat.retry": "f1"}, "f1 is both everywhere.help and chat.retry"),
    ],
)
def test_what_is_wrong_with_keys_is_told(keys: dict[str, str], told: str) -> None:
    assert any(told in problem for problem in Keymap(keys).problems), Keymap(keys).problems


def test_keys_may_be_written_as_characters_and_an_empty_one_is_none() -> None:
    keymap = Keymap({"articles.add": "+, &", "chat.retry": ""})
    assert keymap.keys == {"articles.add": "plus_sign,ampersand", "chat.retry": NO_KEY}
    assert not keymap.problems


async def test_a_wrong_key_is_a_notice_and_the_rest_holds(archive_path: Path) -> None:
    async with running(archive_path, config=keyed(chat__stopp="x", chat__branch="f11"), size=(160, 40)) as (app, _):
        assert "the nearest is 'chat.stop'" in screen_text(app)
        assert app.keymap.keys == {"chat.branch": "f11"}


async def test_vi_keys_move_in_lists_and_leave_typing_alone(archive_path: Path) -> None:
    with Archive.open(archive_path) as archive:
        for number in range(4):
            archive.sessions.append(archive.ask(f"Who died in ferry {number}?"))
    async with running(archive_path) as (app, pilot):
        await pilot.press(*"jk")
        assert app.chat.query_one("#prompt").text == "jk"  # type: ignore[attr-defined]
        await pilot.press("f3")
        rows = app.screen.query_one(OptionList)
        await until(pilot, lambda: rows.option_count == 4)
        places = []
        for key in ("j", "j", "k", "G", "g"):
            await pilot.press(key)
            places.append(rows.highlighted)
        assert places == [1, 2, 1, 3, 0]


async def test_help_begins_with_where_one_is_and_is_searched(archive_path: Path) -> None:
    keep_conversation(archive_path)
    async with running(archive_path, size=(120, 40)) as (app, pilot):
        await until(pilot, lambda: app.chat.query(TurnView))
        app.chat.query_one(TurnView).focus()
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        headings = list(help_lines(app.keymap, app.screen.places))  # type: ignore[attr-defined]
        assert headings[:3] == ["At the prompt", PLACES["answer"], PLACES["lists"]]
        await pilot.press("slash", *"disagree nothing")
        assert "No key does that." in screen_text(app)


async def test_a_key_without_room_is_left_out_whole_and_comes_back_with_the_room(archive_path: Path) -> None:
    async with running(archive_path, size=(80, 24)) as (app, pilot):
        await pilot.press("f2")
        await until(pilot, lambda: app.screen.query(FooterKey) and app.screen.query_one(Footer).size.width == 80)
        narrow = list(app.screen.query(FooterKey))
        assert all(key.region.right <= 80 for key in narrow)
        assert "help" in {key.action for key in narrow}
        await pilot.resize_terminal(160, 48)
        await until(pilot, lambda: len(app.screen.query(FooterKey)) > len(narrow))
        assert {"help", "articles", "command_palette"} <= {key.action for key in app.screen.query(FooterKey)}
