"""The first frame: what is typed before the prompt stands is the prompt's, and what stands for it looks like it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from textual.events import Event, Key, Paste

from tests.tui_fixtures import (  # noqa: F401 - fixtures
    KEPT_QUESTION,
    QUESTION,
    build_archive,
    copy_archive,
    running,
    screen_text,
    until,
)
from tui.app import NewsdeskApp
from tui.widgets.prompt import Prompt


class Early(NewsdeskApp):
    """An app at which somebody types before its first frame, and looks at that."""

    EVENTS: tuple[Event, ...] = ()
    seen = ""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for event in self.EVENTS:
            self.post_message(event)

    async def _load(self) -> None:
        assert not self.chat.query(Prompt)
        self.seen = screen_text(self)
        await super()._load()


def keys(text: str) -> list[Event]:
    """Typed."""
    return [Key(letter, letter) for letter in text]


@pytest.mark.parametrize(
    ("events", "typed"),
    [
        (keys("Skarra"), "Skarra"),
        ([*keys("Skarrx"), Key("backspace", None), *keys("a")], "Skarra"),
        ([*keys("a"), Key("ctrl+j", None), *keys("b")], "a\nb"),
        ([*keys("a "), Paste("Sk\x1b[2Jarra"), *keys(" b")], "a Sk\ufffd[2Jarra b"),
    ],
)
async def test_what_is_typed_before_the_prompt_stands_is_in_it(
    archive_path: Path, events: list[Event], typed: str
) -> None:
    kind = type("Typed", (Early,), {"EVENTS": tuple(events)})
    async with running(archive_path, kind=kind) as (app, _):
        assert app.chat.prompt.text == typed
        assert app.chat.prompt.has_focus


async def test_a_question_sent_before_the_prompt_stands_is_answered(archive_path: Path) -> None:
    events = (*keys(QUESTION), Key("enter", None), *keys(KEPT_QUESTION))
    async with running(archive_path, kind=type("Sent", (Early,), {"EVENTS": events})) as (app, pilot):
        await until(pilot, lambda: app.chat.turns and app.chat.turns[0].state == "answered")
        assert app.chat.turns[0].question == QUESTION
        assert app.chat.prompt.text == KEPT_QUESTION


async def test_the_first_frame_has_the_prompt_where_it_will_be(archive_path: Path) -> None:
    async with running(archive_path, kind=Early) as (app, _):
        assert isinstance(app, Early)
        first, then = app.seen.splitlines(), screen_text(app).splitlines()
        assert [line.rstrip() for line in first[-3:]] == [line.rstrip() for line in then[-4:-1]]
        assert not app.chat.query("#stand-in")


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are not of Windows")
def test_a_terminal_that_is_gone_ends_the_app(archive_path: Path) -> None:
    """One that is not the process's controlling terminal sends no signal as it goes."""
    leader, follower = os.openpty()
    command = [sys.executable, "-c", "from qa.start import main; main()", "--archive", str(archive_path)]
    environ = {**os.environ, "TERM": "xterm-256color"}
    with subprocess.Popen(
        command, stdin=follower, stdout=follower, stderr=follower, env=environ, start_new_session=True
    ) as app:
        try:
            os.close(follower)
            seen = b""
            while b"Newsdesk" not in seen:
                seen += os.read(leader, 65536)
            os.close(leader)
            assert app.wait(60) == 1
        finally:
            app.kill()
