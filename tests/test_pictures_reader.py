"""Pictures of the reader: cited, searched, compared, changed, failed, hostile; what belongs to an article beside it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qa.archive import Status
from qa.articles import Article, make_article
from qa.catalog import Copy, Revision
from tests.pictures import Scene, every_picture, take, themed
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    CONCEDED,
    HOSTILE_OUTLET,
    HOSTILE_TEXT,
    HOSTILE_TITLE,
    build_archive,
    copy_archive,
    screen_text,
    unset_key,
    until,
)
from tui.app import NewsdeskApp
from tui.display import Mark
from tui.messages import ArticleChecked, SimilarFound
from tui.screens.reader import ReaderScreen
from tui.widgets.about import About

DIED = "Twenty-eight people are known to have died."
BOARD = "seven more than Island Lines stated on the day"


@pytest.fixture(autouse=True, name="utc")
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times of day are the same everywhere."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


async def _open(app: NewsdeskApp, pilot: Pilot[None], article: Article, marks: tuple[Mark, ...], why: str = "") -> None:
    app.read(article, marks, why)
    await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.checked is not None)
    await until(pilot, lambda: "looking …" not in _about(app))


def _about(app: NewsdeskApp) -> str:
    return "\n".join(str(option.prompt) for option in app.screen.query_one(About).options)


async def _cited(app: NewsdeskApp, pilot: Pilot[None]) -> ReaderScreen:
    """One citation of the answer, one beside it, one of another turn."""
    found = next(each for each in app.opened_archive.articles() if "courier-ferry" in each.source)
    article = replace(found, source="seeds/courier-ferry-inquiry-opens.md")
    at = {words: article.text.index(words) for words in (BOARD, DIED, CONCEDED)}
    marks = (
        Mark(at[BOARD], at[BOARD] + len(BOARD), number=2, other=True, turn=3),
        Mark(at[DIED], at[DIED] + len(DIED), chosen=True, number=1),
        Mark(at[CONCEDED], at[CONCEDED] + len(CONCEDED), number=2),
    )
    await _open(app, pilot, article, marks, "matches the question’s words and meaning")
    assert isinstance(app.screen, ReaderScreen)
    return app.screen


async def _whole(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _cited(app, pilot)


async def _beside(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    screen = await _cited(app, pilot)
    if screen.has_class("-narrow"):
        await pilot.press("i")
    screen.query_one(About).focus()
    await pilot.press("down")


async def _searched(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    screen = await _cited(app, pilot)
    await pilot.press("slash", *"island", "enter", "n")
    assert screen.page.match == 1


def _changed(screen: ReaderScreen) -> Revision:
    """Two earlier versions, copies, and a text of now that is another."""
    cited = screen.article
    now = replace(
        cited, text=cited.text.replace("Twenty-eight people", "Thirty-one people").replace("ten weeks", "11 weeks")
    )
    before = replace(cited, text=cited.text.replace("Twenty-eight people", "Seventeen people"))
    revisions = [
        Revision(datetime(2026, 5, 9, 7, 30, tzinfo=UTC), cited),
        Revision(datetime(2026, 5, 7, 9, 15, tzinfo=UTC), before),
    ]
    copies = (
        Copy(cited.id, cited.title, cited.outlet, cited.published, cited.url),
        Copy("b", cited.title, "Olm Post", cited.published, ""),
        Copy("c", cited.title, HOSTILE_OUTLET, cited.published, ""),
    )
    screen.on_article_checked(ArticleChecked(Status("changed", now), copies, revisions[0].replaced, revisions))
    return revisions[0]


async def _replaced(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    _changed(await _cited(app, pilot))


async def _compared(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    screen = await _cited(app, pilot)
    _changed(screen)
    if screen.has_class("-narrow"):
        await pilot.press("i")
    about = screen.query_one(About)
    about.focus()
    about.highlighted = about.get_option_index("version-0")
    await pilot.press("enter")
    await until(pilot, lambda: screen.page.compared)


async def _bare(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    """Nothing is known of it, nothing is cited, and it is not whole."""
    article = make_article(title="", text="A ferry has capsized off Skarra …", source="/feed", partial=True)
    await _open(app, pilot, article, ())


async def _busy(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    """What is like it is still being looked for, and a version compared."""
    screen = await _cited(app, pilot)
    revision = _changed(screen)
    about = screen.query_one(About)
    about._similar = None
    about.tell()
    screen._revision = revision
    screen._show_notes()
    if screen.has_class("-narrow"):
        await pilot.press("i", "G")


async def _failed(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    screen = await _cited(app, pilot)
    screen.query_one(About).tell(
        similar=SimilarFound((), "The vectors cannot be read. 'newsdesk reindex' makes them anew.")
    )
    screen._report("That article is no longer in the archive.")
    if screen.has_class("-narrow"):
        await pilot.press("i", "G")
    await until(pilot, lambda: "That article is no longer" in screen_text(app))


async def _hostile(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    article = make_article(
        title=HOSTILE_TITLE,
        text=f"{HOSTILE_TEXT}\n\n{'x' * 10_000}",
        outlet=HOSTILE_OUTLET,
        source="/x\u202e",
        url="javascript:alert(1)//\u202e[red]" + "u" * 300,
        authors=("\x1b[2JBo", "[b]Mo[/b] " * 40),
    )
    await _open(app, pilot, article, (Mark(0, 40, chosen=True, number=1),), "\x1b[2J[red]why[/]")
    await until(pilot, lambda: "removed from the archive" in screen_text(app))


SCENES: dict[str, Scene] = {
    "cited": _whole,
    "beside": _beside,
    "searched": _searched,
    "replaced": _replaced,
    "compared": _compared,
    "bare": _bare,
    "busy": _busy,
    "failed": _failed,
    "hostile": _hostile,
}


@every_picture
@pytest.mark.parametrize("scene", SCENES)
def test_reader(snap_compare: object, archive_path: Path, scene: str, size: tuple[int, int], theme: str) -> None:
    app = NewsdeskApp(config=themed(theme), archive_path=archive_path, debug=True)
    take(snap_compare, app, SCENES[scene], size)
