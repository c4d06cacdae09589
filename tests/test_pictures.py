"""Pictures of the terminal UI: screens full, empty, busy and failed, at two sizes, in the dark and in the light."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from qa.answers import Answer, Citations, Sentence
from qa.archive import Archive
from qa.articles import Article, make_article
from qa.config import load
from qa.errors import IndexUnavailable
from qa.intake import Failure, IngestReport, Progress
from tests.pictures import Scene, every_picture, home_of_the_test, take, themed  # noqa: F401 - a fixture
from tests.test_sessions import answer
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    HOSTILE_OUTLET,
    HOSTILE_TEXT,
    HOSTILE_TITLE,
    KEPT_QUESTION,
    build_archive,
    copy_archive,
    keep_conversation,
    refused_answer,
    screen_text,
    understood_question,
    unset_key,
    until,
    written_answer,
)
from tui.app import NewsdeskApp
from tui.intake import IntakeState
from tui.messages import ModelsListed
from tui.screens.articles import ArticlesScreen
from tui.screens.conversations import ConversationsScreen
from tui.screens.settings import SettingsScreen
from tui.turns import Turn
from tui.widgets.answer import AnswerText
from tui.widgets.evidence import Rows
from tui.widgets.prompt import Prompt
from tui.widgets.timeline import Timeline
from tui.widgets.turn import TurnView

UNREACHABLE = {"base_url": "http://127.0.0.1:9", "model": "none", "retries": 0, "timeout": 5}
LONG = "x" * 10_000


@pytest.fixture(autouse=True, name="utc")
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times of day are the same everywhere."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def _keep(folder: Path, *makes: Callable[[Archive], Answer]) -> None:
    """Keep answers in one conversation, on a day of long ago."""
    if not makes:
        return
    with Archive.open(folder) as archive:
        session = None
        for make in makes:
            session = archive.sessions.append(make(archive), session)
    _date(folder)


def _date(folder: Path) -> None:
    with sqlite3.connect(folder / "sessions.db") as db:
        db.execute("UPDATE sessions SET updated = '2026-05-12T12:00:00+00:00'")


def hostile_article() -> Article:
    return make_article(
        title=HOSTILE_TITLE,
        text=f"{HOSTILE_TEXT}\n\n{LONG}",
        outlet=HOSTILE_OUTLET,
        source="/x",
        authors=("\x1b[2JBo",),
    )


def hostile_answer(_: Archive) -> Answer:
    article = hostile_article()
    numbers = Citations()
    number = numbers.cite(article, 0, article.text.index("\n"))
    sentences = (
        Sentence(f"# [red]\u202eNo[/] \x1b[31m<b>x</b> ![i](http://x) {HOSTILE_TITLE}", (number,), "supported"),
        Sentence(f"[@click=app.quit]here[/] {LONG[:300]}", (), "unsupported", ("9\u202e\x1b[2J",), opening="\n\n- "),
    )
    return Answer(
        f"[b]Who[/b] \u202e\x1b[2J {'long ' * 30}?",
        "generated",
        short="[link=http://x]x[/link]\u202e",
        sentences=sentences,
        citations=numbers.all(),
        passages=(),
        model="[red]m[/]\x1b[2J",
        server="h\u202e",
        asked=replace(understood_question("q"), inferences=()),
    )


# --- the conversation


async def _answered(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await until(pilot, lambda: app.chat.query(AnswerText))


async def _stepped(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _answered(app, pilot)
    app.chat.query_one(TurnView).focus()
    await pilot.press("n", "n", "o")


async def _show(app: NewsdeskApp, pilot: Pilot[None], turn: Turn) -> None:
    app.chat.turns.append(turn)
    await app.chat._show([turn])
    app.chat.select(turn)
    await pilot.pause()


async def _busy(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    app.chat.query_one(Prompt).insert("And who is to blame?")
    turn = Turn(KEPT_QUESTION, "reading", model="llama3", opened=True, articles=7580)
    turn.asked, turn.doing = understood_question(KEPT_QUESTION), "waiting for llama3, 3 s"
    turn.passages = written_answer(app.opened_archive).passages
    await _show(app, pilot, turn)


async def _failed(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    turn = Turn(KEPT_QUESTION, "failed", model="llama3", articles=5, asked=understood_question(KEPT_QUESTION))
    turn.passages = written_answer(app.opened_archive).passages
    turn.error = "llama3 at localhost:11434: no connection. Is the server running? [answer] base_url names it."
    await _show(app, pilot, turn)


async def _nothing(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await until(pilot, lambda: "Ask the archive" in screen_text(app))


CHAT: dict[str, tuple[Scene, tuple[Callable[[Archive], Answer], ...]]] = {
    "empty": (_nothing, ()),
    "written": (_answered, (written_answer,)),
    "stepped": (_stepped, (written_answer,)),
    "refused": (_answered, (refused_answer,)),
    "busy": (_busy, ()),
    "failed": (_failed, ()),
    "hostile": (_answered, (hostile_answer,)),
}


@every_picture
@pytest.mark.parametrize("scene", CHAT)
def test_conversation(snap_compare: object, archive_path: Path, scene: str, size: tuple[int, int], theme: str) -> None:
    play, kept = CHAT[scene]
    _keep(archive_path, *kept)
    app = NewsdeskApp(config=themed(theme), archive_path=archive_path, debug=True)
    take(snap_compare, app, play, size)


@every_picture
def test_answered_with_evidence(snap_compare: object, archive_path: Path, size: tuple[int, int], theme: str) -> None:
    keep_conversation(archive_path)
    app = NewsdeskApp(config=themed(theme), archive_path=archive_path, debug=True)

    async def play(app: NewsdeskApp, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.chat.query(AnswerText))
        if size[0] < 100:
            await pilot.press("ctrl+b")
        app.chat.query_one(Rows).focus()

    take(snap_compare, app, play, size)


@every_picture
def test_archive_that_cannot_be_opened(snap_compare: object, tmp_path: Path, size: tuple[int, int], theme: str) -> None:
    def config() -> object:
        from qa.errors import ConfigError

        raise ConfigError("config.toml: unknown key [answr]. Did you mean 'answer'?")

    app = NewsdeskApp(config=config, archive_path=tmp_path, debug=True)  # type: ignore[arg-type]
    app.theme = theme

    async def play(app: NewsdeskApp, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "Did you mean" in screen_text(app))

    take(snap_compare, app, play, size, ready=False)


@every_picture
def test_empty_archive(snap_compare: object, tmp_path: Path, size: tuple[int, int], theme: str) -> None:
    app = NewsdeskApp(config=themed(theme), archive_path=tmp_path / "archive", debug=True)

    async def play(app: NewsdeskApp, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "no articles yet" in screen_text(app))

    take(snap_compare, app, play, size)


@every_picture
def test_too_small(snap_compare: object, archive_path: Path, size: tuple[int, int], theme: str) -> None:
    app = NewsdeskApp(config=themed(theme), archive_path=archive_path, debug=True)
    small = (36, 10) if size[0] < 100 else (120, 9)

    async def play(app: NewsdeskApp, pilot: Pilot[None]) -> None:
        await pilot.resize_terminal(*small)
        await until(pilot, lambda: "needs" in screen_text(app))

    take(snap_compare, app, play, size)


# --- conversations


def _several(folder: Path) -> None:
    with Archive.open(folder) as archive:
        archive.sessions.append(answer("Who rowed in the regatta?"))
        archive.sessions.append(hostile_answer(archive))
        archive.sessions.append(written_answer(archive))
    _date(folder)


async def _list(app: NewsdeskApp, pilot: Pilot[None]) -> ConversationsScreen:
    await pilot.press("f3")
    await until(pilot, lambda: isinstance(app.screen, ConversationsScreen))
    await pilot.pause(0.2)
    assert isinstance(app.screen, ConversationsScreen)
    return app.screen


async def _listed(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    screen = await _list(app, pilot)
    await until(pilot, lambda: len(screen.sessions) == 3)


async def _found(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    screen = await _list(app, pilot)
    await until(pilot, lambda: screen.sessions)
    await pilot.press("slash", *"rowed")
    await until(pilot, lambda: len(screen.sessions) == 1)


async def _unfound(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    screen = await _list(app, pilot)
    await until(pilot, lambda: screen.sessions)
    await pilot.press("slash", *"xyzzy")
    await until(pilot, lambda: not screen.sessions)


async def _none_kept(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _list(app, pilot)
    await until(pilot, lambda: "None are kept yet" in screen_text(app))


async def _exporting(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await until(pilot, lambda: app.chat.turns)
    app.chat.action_export()
    await until(pilot, lambda: "Export “" in screen_text(app))


async def _export_failed(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _exporting(app, pilot)
    app.screen.query_one("#file", Input).value = "/nowhere/talk.md"
    await pilot.press("enter")
    await until(pilot, lambda: "cannot be written" in screen_text(app))


async def _unread(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    def lost(_: object) -> None:
        raise IndexUnavailable("~/archive/sessions.db: SQLite: disk I/O error. Check the disk and the permissions.")

    await until(pilot, lambda: app.chat.turns)
    app.of_kept = lost  # type: ignore[assignment, method-assign]
    await _list(app, pilot)
    await until(pilot, lambda: "disk I/O error" in screen_text(app))


KEPT: dict[str, tuple[Scene, bool]] = {
    "failed": (_unread, True),
    "full": (_listed, True),
    "found": (_found, True),
    "unfound": (_unfound, True),
    "empty": (_none_kept, False),
    "exporting": (_exporting, True),
    "export-failed": (_export_failed, True),
}


@every_picture
@pytest.mark.parametrize("scene", KEPT)
def test_conversations(snap_compare: object, archive_path: Path, scene: str, size: tuple[int, int], theme: str) -> None:
    play, kept = KEPT[scene]
    if kept:
        _several(archive_path)
    app = NewsdeskApp(config=themed(theme), archive_path=archive_path, debug=True)
    take(snap_compare, app, play, size)


# --- settings, colours, help, models


async def _settings(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await pilot.press("f7")
    await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
    screen = app.screen
    assert isinstance(screen, SettingsScreen)
    rows = screen.query_one("#settings", OptionList)
    rows.highlighted = next(n for n, each in enumerate(screen.rows) if each is not None and each.path == "answer.model")


async def _wrong_setting(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _settings(app, pilot)
    screen = app.screen
    assert isinstance(screen, SettingsScreen)
    await pilot.press("enter")
    screen.query_one("#value", Input).value = "llama3"
    await pilot.press("enter")
    rows = screen.query_one("#settings", OptionList)
    rows.highlighted = next(n for n, each in enumerate(screen.rows) if each is not None and each.path == "search.limit")
    await pilot.press("enter")
    screen.query_one("#value", Input).value = "five"
    await pilot.press("enter")
    await until(pilot, lambda: "five" in str(screen.query_one("#state", Static).render()))


async def _themes(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await pilot.press("f12")
    await until(pilot, lambda: "Theme" in screen_text(app))


async def _help(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await pilot.press("f1")
    await until(pilot, lambda: "At the prompt" in screen_text(app))


async def _models(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await pilot.press("f6")
    await until(pilot, lambda: "no connection" in screen_text(app))


async def _models_listed(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _models(app, pilot)
    app.screen.post_message(ModelsListed(("llama3.1:8b", "qwen3:14b", "evil[red]/\x1b[2J", "mistral-small " * 9)))
    await until(pilot, lambda: "4 models offered" in screen_text(app))


async def _tested(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _settings(app, pilot)
    await pilot.press("t")
    await until(pilot, lambda: "✗" in screen_text(app))


async def _confirm(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    from tui.screens.confirm import ConfirmScreen

    app.push_screen(ConfirmScreen("Remove “Rain” and 2 more from the archive? Conversations keep what they cite."))


async def _crashed(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    app.notice("working: ZeroDivisionError: division by zero. The details are in ~/archive/newsdesk.log.")


async def _articles(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await pilot.press("f2")
    await until(pilot, lambda: isinstance(app.screen, ArticlesScreen) and app.screen.table.rows == 5)
    await until(pilot, lambda: app.screen.query_one(Timeline)._bars and app.screen.query("FooterKey"))


async def _no_articles(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _articles(app, pilot)
    await pilot.press("slash", *"xyzzy")
    await until(pilot, lambda: "none of 5 articles passes" in screen_text(app))


async def _adding(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _articles(app, pilot)
    await pilot.press("a")
    failed = (Failure("~/articles/two.json", "not valid JSON: Expecting value at line 1, column 1."),)
    report = IngestReport(3, 1, 0, 0, failed, (), articles=9, chunks=30, pending=18, seconds=1.0)
    app.intake = IntakeState(progress=Progress("embedding", 12, 30, seconds=1.0), report=report)
    await until(pilot, lambda: "two.json" in screen_text(app))


async def _no_sources(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _articles(app, pilot)
    await pilot.press("s")
    await until(pilot, lambda: "No sources are configured" in screen_text(app))


OTHERS: dict[str, Scene] = {
    "articles": _articles,
    "articles-none": _no_articles,
    "articles-adding": _adding,
    "sources-none": _no_sources,
    "settings": _settings,
    "settings-wrong": _wrong_setting,
    "themes": _themes,
    "help": _help,
    "settings-tested": _tested,
    "models": _models,
    "models-full": _models_listed,
    "confirm": _confirm,
    "crashed": _crashed,
}


@every_picture
@pytest.mark.parametrize("scene", OTHERS)
def test_others(
    snap_compare: object, archive_path: Path, tmp_path: Path, scene: str, size: tuple[int, int], theme: str
) -> None:
    config = themed(theme, answer=UNREACHABLE) if scene in ("models", "models-full") else themed(theme)
    if scene == "settings-tested":
        file = tmp_path / ".config" / "newsdesk" / "config.toml"
        file.parent.mkdir(parents=True)
        file.write_text(f'[answer]\nmodel = "llama3"\nbase_url = "http://127.0.0.1:9"\n[ui]\ntheme = "{theme}"\n')
        config = load(file, environ={})
    app = NewsdeskApp(config=config, archive_path=archive_path, debug=True)
    take(snap_compare, app, OTHERS[scene], size)
