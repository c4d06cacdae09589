"""Pictures of what stands around the prompt: filters as chips, completion, commands, what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from qa.archive import Archive
from tests.pictures import Scene, every_picture, take, themed
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    HOSTILE_OUTLET,
    HOSTILE_TITLE,
    ask,
    build_archive,
    copy_archive,
    refused_answer,
    screen_text,
    unset_key,
    until,
)
from tui.app import NewsdeskApp
from tui.filters import Filters, Named
from tui.turns import QUOTES
from tui.widgets.answer import AnswerText
from tui.widgets.chips import Chips
from tui.widgets.completions import Completion, Completions
from tui.widgets.filter_line import FilterLine
from tui.widgets.prompt import Prompt

WIDE = "議会は港湾労働者の争議について徹夜で協議を続けた。" * 4


async def _limited(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    """Set and inferred ones, who answers, and a question being typed over two lines."""
    await until(pilot, lambda: app.chat.query(AnswerText))
    app.chat.filters = Filters(("Meridian Wire",), "2026-05-01", "2026-09-30")
    app.answer_by(QUOTES)
    app.chat.query_one(Prompt).insert("How many people died,\nand who was charged with it?")


async def _among(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _limited(app, pilot)
    await pilot.press("ctrl+f", "l")


async def _many(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    outlets = tuple(f"The {name} Gazette and Advertiser" for name in ("Belmarin", "Castrel", "Dravik", "Harsk", "Olm"))
    app.chat.filters = Filters((*outlets, "Ö"), "2031-01-01", now="2031-02-01", article=Named(("x",), "Six dead " * 20))
    await until(pilot, lambda: app.chat.query_one(Chips).note)


async def _nothing_inside(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    app.chat.filters = Filters(since="2031-01-01")
    await until(pilot, lambda: "no article passes" in screen_text(app))


async def _changing(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    app.chat.filters = Filters(("Meridian Wire",), "2026-05-01", now="2026-05-12")
    await pilot.pause()
    await pilot.press("ctrl+f", "l", "enter")
    app.chat.query_one(FilterLine).query_one(Input).value = "the 9th of May"
    await pilot.press("enter")
    await until(pilot, lambda: "is no date" in screen_text(app))


async def _naming(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await pilot.press(*"Who died? @")
    await until(pilot, lambda: app.chat.query_one(Completions).offering)
    await pilot.press("down")


async def _narrowed(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await pilot.press(*"Who died? @fer")
    await until(pilot, lambda: {each.kind for each in app.chat.query_one(Completions).choices} == {"article"})


async def _hostile(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    app.chat.filters = Filters((HOSTILE_OUTLET, "\x1b[2J[b]"), article=Named(("x",), HOSTILE_TITLE))
    await until(pilot, lambda: app.chat.query_one(Chips).note)
    await pilot.press(*"Who died? @")
    await until(pilot, lambda: app.chat.query_one(Completions).offering)
    app.chat.query_one(Completions).offer(
        (
            Completion("outlet", "a", HOSTILE_OUTLET, "2 articles"),
            Completion("outlet", "b", "Long Outlet " * 30, "1 article"),
            Completion("article", "c", HOSTILE_TITLE, f"{HOSTILE_OUTLET}, 3 Mar 2026"),
            Completion("article", "d", "a\x1b[31m\u202e\nb" * 30, "Meridian Wire, 3 Mar 2026"),
            Completion("article", "e", WIDE, "Meridian Wire, 3 Mar 2026"),
        )
    )


async def _commands(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await pilot.press("slash")
    await until(pilot, lambda: app.chat.query_one(Completions).offering)


async def _values(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await pilot.press("slash", *"export ")
    await until(pilot, lambda: "html" in screen_text(app))


async def _unknown(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    app.chat.filters = Filters(since="2026-05-01")
    await pilot.press("slash", *"artcles now", "enter")
    await until(pilot, lambda: "Did you mean" in screen_text(app))


async def _long(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    app.chat.query_one(Prompt).insert("\n".join(f"Line {n} of what is asked" for n in range(12)))


async def _wrong_outlet(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    app.chat.filters = Filters(("The Nowhere Times",))
    await ask(app, pilot, "Who died?")
    await until(pilot, lambda: app.chat.query_one(Chips).note)


SCENES: dict[str, Scene] = {
    "limited": _limited,
    "among": _among,
    "many": _many,
    "nothing-inside": _nothing_inside,
    "changing": _changing,
    "naming": _naming,
    "narrowed": _narrowed,
    "hostile": _hostile,
    "commands": _commands,
    "values": _values,
    "unknown": _unknown,
    "long": _long,
    "wrong-outlet": _wrong_outlet,
}


@every_picture
@pytest.mark.parametrize("scene", SCENES)
def test_prompt(snap_compare: object, archive_path: Path, scene: str, size: tuple[int, int], theme: str) -> None:
    if scene in ("limited", "among"):
        with Archive.open(archive_path) as archive:
            archive.sessions.append(refused_answer(archive))
    app = NewsdeskApp(config=themed(theme), archive_path=archive_path, debug=True)
    take(snap_compare, app, SCENES[scene], size)
