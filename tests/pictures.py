"""Pictures of the terminal UI: a scene at two sizes, in the dark and in the light, held against the kept ones.

A test takes ``@every_picture`` (which gives it ``size`` and ``theme``), makes the app and plays up to its scene:

    async def reading(app, pilot):
        ...

    @every_picture
    def test_reader(snap_compare, archive_path, size, theme):
        take(snap_compare, NewsdeskApp(config=themed(theme), archive_path=archive_path, debug=True), reading, size)

A scene begins where questions can be asked and must end where nothing moves any more: wait for what is to be seen with
``until``, not for a time. What differs from one run to the next (paths, the time of day) must not be in the picture.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from qa.config import Config
from tests.tui_fixtures import screen_text, settings, until
from tui.app import NewsdeskApp

Scene = Callable[[NewsdeskApp, Pilot[None]], Awaitable[None]]
SIZES = ((80, 24), (160, 48))
THEMES = ("textual-dark", "textual-light")


@pytest.fixture(autouse=True, name="at_home")
def home_of_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's own folder is the test's, so that a path in it begins with ~ in every run; one is in its ``work``.

    The cache stays where it is: the model that it holds takes seconds to build.
    """
    cache = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", cache)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))


def every_picture(test: Callable[..., None]) -> Callable[..., None]:
    """Each size in each theme."""
    sized = pytest.mark.parametrize("size", SIZES, ids=[f"{width}x{height}" for width, height in SIZES])
    lit = pytest.mark.parametrize("theme", THEMES, ids=["dark", "light"])
    pictured: Callable[..., None] = sized(lit(test))
    return pictured


def themed(theme: str, **sections: Any) -> Config:
    """Settings with a theme."""
    return settings(**{**sections, "ui": {**sections.get("ui", {}), "theme": theme}})


def take(snap_compare: Any, app: NewsdeskApp, scene: Scene, size: tuple[int, int], *, ready: bool = True) -> None:
    """Play a scene and compare its last frame; the archive is closed afterwards. ``ready``: questions can be asked."""

    async def play(pilot: Pilot[None]) -> None:
        app.animation_level = "none"
        await until(pilot, lambda: "Palette" in screen_text(app))
        await until(pilot, lambda: app.chat.ready or not ready)
        await scene(app, pilot)
        for screen in app.screen_stack:
            for field in [*screen.query(Input), *screen.query(TextArea)]:
                field.cursor_blink = False
        await pilot.pause(0.1)

    try:
        assert snap_compare(app, run_before=play, terminal_size=size)
    finally:
        if app.archive is not None:
            app.archive.close()
