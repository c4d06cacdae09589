"""Pictures of the articles, marked, removed, sorted, chosen by time, wrongly filtered; and of the sources."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from qa.intake import Progress
from tests.newsroom import article_file, story
from tests.pictures import Scene, every_picture, home_of_the_test, take, themed  # noqa: F401 - a fixture
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    build_archive,
    copy_archive,
    screen_text,
    unset_key,
    until,
)
from tui.app import NewsdeskApp
from tui.intake import IntakeState
from tui.screens.articles import ArticlesScreen
from tui.screens.confirm import ConfirmScreen
from tui.widgets.column_heads import DOWN, UP
from tui.widgets.timeline import Timeline


async def _listed(app: NewsdeskApp, pilot: Pilot[None]) -> ArticlesScreen:
    await pilot.press("f2")
    await until(pilot, lambda: isinstance(app.screen, ArticlesScreen) and app.screen.table.rows == 5)
    await until(pilot, lambda: app.screen.query_one(Timeline)._bars and app.screen.query("FooterKey"))
    assert isinstance(app.screen, ArticlesScreen)
    return app.screen


async def _marked(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _listed(app, pilot)
    await pilot.press("space", "down", "space")
    await until(pilot, lambda: "2 rows marked" in screen_text(app))


async def _removing(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _marked(app, pilot)
    await pilot.press("d")
    await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))


async def _sorted(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    screen = await _listed(app, pilot)
    before = screen.table.browsing
    await pilot.press("o")
    await until(pilot, lambda: screen.table.browsing is not before and f"Outlet {UP}" in screen_text(app))
    sorted_up = screen.table.browsing
    await pilot.press("r")
    await until(pilot, lambda: screen.table.browsing is not sorted_up and f"Outlet {DOWN}" in screen_text(app))


async def _charted(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _listed(app, pilot)
    await pilot.press("t", "left", "shift+left")
    await until(pilot, lambda: app.screen.query_one(Timeline).has_focus)


async def _wrong(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _listed(app, pilot)
    await pilot.press("slash", *"since:soon")
    await until(pilot, lambda: "✗" in screen_text(app))


async def _naming(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _listed(app, pilot)
    await pilot.press("a", *"wire/")
    await until(pilot, lambda: "two.json" in screen_text(app))
    await pilot.press("down")


SCENES: dict[str, Scene] = {
    "naming": _naming,
    "marked": _marked,
    "removing": _removing,
    "sorted": _sorted,
    "charted": _charted,
    "wrong": _wrong,
}


@every_picture
@pytest.mark.parametrize("scene", SCENES)
def test_articles(
    snap_compare: object,
    archive_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    scene: str,
    size: tuple[int, int],
    theme: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("one.json", "two.json", "[b]three.json", "a folder/four.json"):
        article_file(tmp_path / "wire" / name, story(1, 5))
    app = NewsdeskApp(config=themed(theme), archive_path=archive_path, debug=True)
    take(snap_compare, app, SCENES[scene], size)


async def _sources(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await until(pilot, lambda: app.intake.read and app.incoming.jobs.running is None)
    app.clear_notifications()
    await pilot.press("f2", "s")
    await until(pilot, lambda: "last synced" in screen_text(app) and app.screen.query("FooterKey"))


async def _failed(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _sources(app, pilot)
    await pilot.press("G")


async def _syncing(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _sources(app, pilot)
    app.intake = IntakeState(running="syncing wire", progress=Progress("reading", 12, 30, articles=24, seconds=2.0))
    await until(pilot, lambda: "F8 stops" in screen_text(app))


SOURCES: dict[str, Scene] = {"full": _sources, "failed": _failed, "busy": _syncing}


@every_picture
@pytest.mark.parametrize("scene", SOURCES)
def test_sources(
    snap_compare: object,
    archive_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    scene: str,
    size: tuple[int, int],
    theme: str,
) -> None:
    monkeypatch.setattr("tui.screens.sources.minute", lambda _: "2026-05-12 12:00")
    article_file(tmp_path / "wire" / "one.json", story(1, 5))
    article_file(tmp_path / "clippings" / "two.json", story(2, 5))
    if scene == "failed":
        (tmp_path / "wire" / "three.json").write_text("{broken", encoding="utf-8")
        (tmp_path / "wire" / "four.txt").write_bytes(b"\xff\xfe\x00")
    sources = [{"path": str(tmp_path / name), "name": name, "outlet": name} for name in ("wire", "clippings")]
    app = NewsdeskApp(config=themed(theme, sources=sources), archive_path=archive_path, debug=True)
    take(snap_compare, app, SOURCES[scene], size)
