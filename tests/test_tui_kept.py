"""Conversations in the terminal UI: found, renamed, deleted with a way back, branched, exported; what is copied."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList, Static

from qa.archive import Archive
from tests.test_sessions import answer
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    KEPT_QUESTION,
    QUESTION,
    ask,
    build_archive,
    copy_archive,
    keep_conversation,
    running,
    screen_text,
    unset_key,
    until,
)
from tui.app import NewsdeskApp
from tui.screens.conversations import ConversationsScreen, row
from tui.screens.export import TOLD, ExportScreen
from tui.widgets.turn import TurnView


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
        assert "u brings back the deleted one" in screen_text(app)
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


async def test_an_export_has_the_title_that_was_given(kept: Path) -> None:
    async with running(kept) as (app, pilot):
        await until(pilot, lambda: app.chat.turns)
        assert app.chat.session is not None
        app.opened_archive.sessions.rename(app.chat.session, "The ferry: a toll")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        assert app.screen.query_one("#file", Input).value == "the-ferry-a-toll.md"


async def test_what_is_typed_on_an_answer_and_is_no_command_there_goes_to_the_prompt(kept: Path) -> None:
    async with running(kept) as (app, pilot):
        await until(pilot, lambda: app.chat.query(TurnView))
        app.chat.query(TurnView).last().focus()
        await pilot.press(*"Who", "space", *"won", "question_mark")
        assert app.focused is app.chat.prompt
        assert app.chat.prompt.text == "Who won?"
        app.chat.query(TurnView).last().focus()
        await pilot.press("n")
        assert app.chat.prompt.text == "Who won?"


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


# --- several at once


async def test_several_that_are_deleted_come_back_one_by_one_however_fast(kept: Path) -> None:
    async with running(kept) as (app, pilot):
        screen = await listed(app, pilot)
        before = {each.id: each.turns for each in screen.sessions}
        for left in (2, 1, 0):
            await pilot.press("d")
            await until(pilot, lambda left=left: len(screen.sessions) == left)  # type: ignore[misc]
        assert "u brings back 3 deleted ones" in screen_text(app)
        await pilot.press("u", "u", "u", "u")
        await until(pilot, lambda: len(screen.sessions) == 3)
        assert {each.id: each.turns for each in app.opened_archive.sessions.recent()} == before
        assert not app.deleted


async def test_the_cursor_stays_where_it_was_when_a_conversation_goes_and_follows_what_comes_back(kept: Path) -> None:
    async with running(kept) as (app, pilot):
        screen = await listed(app, pilot)
        _, middle, last = screen.sessions
        await pilot.press("j", "d")
        await until(pilot, lambda: len(screen.sessions) == 2)
        assert screen.chosen is not None
        assert screen.chosen.id == last.id
        await pilot.press("u")
        await until(pilot, lambda: len(screen.sessions) == 3)
        assert screen.chosen.id == middle.id


async def test_a_search_outlasts_a_new_title_and_its_words_are_marked(kept: Path) -> None:
    async with running(kept) as (app, pilot):
        screen = await listed(app, pilot)
        await pilot.press("slash", *"ROWED")
        await until(pilot, lambda: len(screen.sessions) == 1)
        marked = row(screen.sessions[0], "ROWED")
        underlined = [marked.plain[each.start : each.end] for each in marked.spans if "underline" in str(each.style)]
        assert underlined == ["rowed", "rowed"]  # in the title and in the question
        await pilot.press("down", "r", *"Oars rowed", "escape")
        assert screen.sought == "ROWED"
        assert isinstance(app.focused, OptionList)
        await pilot.press("r", *"Oars rowed", "enter")
        await until(pilot, lambda: screen.sessions[0].title == "Oars rowed")
        assert screen.query_one("#line", Input).value == "ROWED"
        await pilot.press("escape")
        await until(pilot, lambda: len(screen.sessions) == 3)


# --- what fails


def damage(folder: Path) -> Path:
    file = folder / "sessions.db"
    for end in ("-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    file.write_bytes(b"no database " * 1000)
    return file


async def test_it_opens_with_a_damaged_file_says_so_and_goes_on(kept: Path) -> None:
    damaged = damage(kept).read_bytes()
    async with running(kept) as (app, pilot):
        await until(pilot, lambda: "sessions.db.damaged-1" in app.standing.notice)
        assert "was damaged" in screen_text(app)
        assert (kept / "sessions.db.damaged-1").read_bytes() == damaged
        await ask(app, pilot, QUESTION)
        await until(pilot, lambda: app.chat.turns and app.chat.turns[-1].state == "answered")
        assert [each.title for each in app.opened_archive.sessions.recent()] == [QUESTION]
        await pilot.press("escape")
        assert not app.standing.notice
        assert "was damaged" not in screen_text(app)


async def test_a_conversation_goes_on_whole_where_its_file_is_damaged_meanwhile(kept: Path) -> None:
    async with running(kept) as (app, pilot):
        await until(pilot, lambda: app.chat.turns)
        app.opened_archive.sessions.close()
        app.opened_archive.__dict__.pop("sessions")  # as in a process that reads it for the first time
        damage(kept)
        await ask(app, pilot, QUESTION)
        await until(pilot, lambda: app.chat.turns[-1].state == "answered")
        (only,) = app.opened_archive.sessions.recent()
        assert [each.question for each in app.opened_archive.sessions.turns(only.id)] == [KEPT_QUESTION, QUESTION]
        assert app.chat.session == only.id


async def test_an_answer_that_cannot_be_kept_is_said_and_kept_with_the_next(kept: Path) -> None:
    async with running(kept) as (app, pilot):
        await until(pilot, lambda: app.chat.turns)
        session = app.chat.session
        assert session is not None
        app.opened_archive.sessions.all("PRAGMA busy_timeout = 10")
        with held(kept / "sessions.db"):
            await ask(app, pilot, QUESTION)
            await until(pilot, lambda: app.chat.turns[-1].state == "answered")
            await until(pilot, lambda: "not kept yet" in app.standing.notice)
            assert "Another process is writing to it" in app.standing.notice
            assert len(app.opened_archive.sessions.turns(session)) == 1
            app.chat.action_branch()  # from what is not kept there is no branch
            await pilot.pause()
            assert app.chat.session == session
        await ask(app, pilot, "When did the inquiry open?")
        await until(pilot, lambda: app.chat.turns[-1].state == "answered")
        await until(pilot, lambda: not app.standing.notice)
        asked = [each.question for each in app.opened_archive.sessions.turns(session)]
        assert asked == [KEPT_QUESTION, QUESTION, "When did the inquiry open?"]


async def test_what_cannot_be_changed_is_said_over_the_list_and_a_title_stays_typed(kept: Path) -> None:
    async with running(kept) as (app, pilot):
        screen = await listed(app, pilot)
        app.opened_archive.sessions.all("PRAGMA busy_timeout = 10")
        with held(kept / "sessions.db"):
            await pilot.press("d")
            await until(pilot, lambda: "Not deleted: " in told(app))
            assert len(screen.sessions) == 3
            await pilot.press("r", *"Other", "enter")
            await until(pilot, lambda: "Not renamed: " in told(app))
            assert screen.query_one("#line", Input).value == "Other"
        await pilot.press("enter")
        await until(pilot, lambda: screen.sessions[0].title == "Other")
        await pilot.press("r", "backspace", "enter")
        await until(pilot, lambda: "at least one character" in told(app))


async def test_a_conversation_that_another_process_deleted_is_not_opened(kept: Path) -> None:
    async with running(kept) as (app, pilot):
        screen = await listed(app, pilot)
        with Archive.open(kept) as other:
            other.sessions.delete(screen.sessions[1].id)
        await pilot.press("j", "enter")
        await until(pilot, lambda: len(screen.sessions) == 2)
        assert app.screen is screen
        assert "deleted meanwhile" in told(app)


async def test_a_conversation_that_cannot_be_read_keeps_nobody_from_the_others(kept: Path) -> None:
    with Archive.open(kept) as archive, archive.sessions.transaction() as db:
        db.execute("UPDATE turns SET answer = '{}' WHERE id = (SELECT max(id) FROM turns)")
    async with running(kept) as (app, pilot):
        await until(pilot, lambda: "cannot be read" in app.standing.notice)
        assert not app.chat.turns
        await listed(app, pilot)
        await pilot.press("j", "enter")
        await until(pilot, lambda: app.screen is app.chat and app.chat.turns)


def told(app: NewsdeskApp) -> str:
    return "\n".join(each.message for each in app._notifications)


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Somebody else writes to it."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()
