"""Conversations in the terminal UI: found, renamed, deleted with a way back, branched, exported; what is copied."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList, Static

from qa.archive import Archive
from tests.test_sessions import answer
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    KEPT_QUESTION,
    build_archive,
    copy_archive,
    keep_conversation,
    running,
    screen_text,
    unset_key,
    until,
)
from tui.app import NewsdeskApp
from tui.screens.conversations import ConversationsScreen
from tui.screens.export import TOLD, ExportScreen


@pytest.fixture(name="kept")
def keep_three(archive_path: Path) -> Path:
    with Archive.open(archive_path) as archive:
        archive.sessions.append(answer("Who rowed in the regatta?"))
        archive.sessions.append(answer("[red]Flood[/] \u202egnp.exe\u200b?"))
    keep_conversation(archive_path)
    return archive_path


async def listed(app: NewsdeskApp, pilot: object) -> ConversationsScreen:
    await pilot.press("f3")  # type: ignore[attr-defined]
    await until(pilot, lambda: isinstance(app.screen, ConversationsScreen) and app.screen.sessions)  # type: ignore[arg-type]
    assert isinstance(app.screen, ConversationsScreen)
    return app.screen


async def test_conversations_are_found_by_their_words_and_opened(kept: Path) -> None:
    async with running(kept) as (app, pilot):
        screen = await listed(app, pilot)
        assert len(screen.sessions) == 3
        assert "[red]Flood[/]" in screen_text(app)
        await pilot.press("slash", *"rowed")
        await until(pilot, lambda: len(screen.sessions) == 1)
        assert "1 conversation with “rowed”" in screen_text(app)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: app.screen is app.chat)
        assert app.chat.turns[-1].question == "Who rowed in the regatta?"


async def test_nothing_found_is_said_and_escape_shows_all(kept: Path) -> None:
    async with running(kept) as (app, pilot):
        screen = await listed(app, pilot)
        await pilot.press("slash", *"zorgle")
        await until(pilot, lambda: not screen.sessions)
        assert "no conversation with “zorgle”" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: len(screen.sessions) == 3)
        assert isinstance(app.focused, OptionList)
        await pilot.press("escape")
        assert app.screen is app.chat


async def test_a_conversation_is_renamed_in_place(kept: Path) -> None:
    async with running(kept) as (app, pilot):
        screen = await listed(app, pilot)
        await pilot.press("r")
        assert isinstance(app.focused, Input)
        assert app.focused.value == KEPT_QUESTION
        await pilot.press("ctrl+u", *"The toll", "enter")
        await until(pilot, lambda: screen.sessions[0].title == "The toll")
        assert screen.chosen is screen.sessions[0]
        assert app.opened_archive.sessions.recent()[0].title == "The toll"


async def test_what_is_deleted_comes_back_whole(kept: Path) -> None:
    async with running(kept) as (app, pilot):
        screen = await listed(app, pilot)
        opened = app.chat.session
        await pilot.press("d")
        await until(pilot, lambda: len(screen.sessions) == 2)
        assert app.chat.session is None
        assert not app.chat.turns
        assert "u brings the deleted one back" in screen_text(app)
        await pilot.press("escape", "f3")
        await until(pilot, lambda: isinstance(app.screen, ConversationsScreen) and app.screen.sessions)
        await pilot.press("u")
        await until(pilot, lambda: len(app.opened_archive.sessions.recent()) == 3)
        assert app.opened_archive.sessions.recent()[0].id == opened
        assert not app.deleted
        await pilot.press("u")
        assert len(app.opened_archive.sessions.recent()) == 3


async def test_a_branch_goes_on_from_the_selected_answer(kept: Path) -> None:
    with Archive.open(kept) as archive:
        session = archive.sessions.recent()[0].id
        archive.sessions.append(answer("And then?"), session)
    async with running(kept) as (app, pilot):
        await until(pilot, lambda: len(app.chat.turns) == 2)
        app.chat.select(app.chat.turns[0])
        await pilot.press("f10")
        await until(pilot, lambda: len(app.chat.turns) == 1)
        assert app.chat.session not in (None, session)
        assert [each.turns for each in app.opened_archive.sessions.recent()][:2] == [1, 2]


async def test_a_conversation_is_exported_with_its_citations(kept: Path, tmp_path: Path) -> None:
    async with running(kept) as (app, pilot):
        await until(pilot, lambda: app.chat.turns)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        line = app.screen.query_one("#file", Input)
        assert line.value == "how-many-people-died-in-the-ferry-accident.md"
        app.screen.query_one(OptionList).highlighted = [*TOLD].index("json")
        await pilot.pause()
        assert line.value.endswith(".json")
        file = tmp_path / "talk.json"
        line.value = str(file)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.chat)
        assert json.loads(file.read_text())["turns"][0]["question"] == KEPT_QUESTION


async def test_a_file_that_is_there_is_overwritten_only_when_asked_twice(kept: Path, tmp_path: Path) -> None:
    file = tmp_path / "talk.md"
    file.write_text("mine")
    async with running(kept) as (app, pilot):
        await until(pilot, lambda: app.chat.turns)
        app.chat.action_export()
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        app.screen.query_one("#file", Input).value = str(file)
        await pilot.press("enter")
        await until(pilot, lambda: "is there already" in str(app.screen.query_one("#state", Static).render()))
        assert file.read_text() == "mine"
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.chat)
        assert file.read_text().startswith("---\ntitle:")


async def test_a_file_that_cannot_be_written_is_said_in_place(kept: Path, tmp_path: Path) -> None:
    async with running(kept) as (app, pilot):
        await until(pilot, lambda: app.chat.turns)
        app.chat.action_export()
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        app.screen.query_one("#file", Input).value = str(tmp_path / "nowhere" / "talk.md")
        await pilot.press("enter")
        await until(pilot, lambda: "cannot be written" in str(app.screen.query_one("#state", Static).render()))
        assert isinstance(app.screen, ExportScreen)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)


async def test_a_citation_is_copied_as_text_and_as_a_reference(kept: Path) -> None:
    from tui.clipboard import citation_reference, citation_text

    async with running(kept) as (app, pilot):
        await until(pilot, lambda: app.chat.turns)
        citation = app.chat.turns[0].citations[0]
        app.copy(citation_text(citation), "the citation")
        assert app.clipboard.startswith(
            "“Twenty-eight people are known to have died.” (The Belmarin Courier, 7 May 2026"
        )
        assert citation_reference(citation).endswith("“Twenty-eight people are known to have died.”")
