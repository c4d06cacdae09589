"""The list of articles: read by pages, filtered, sorted, chosen by time, removed; the sources and what failed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from qa.archive import Archive
from qa.browsing import Browsing, Chosen
from qa.config import Config
from qa.errors import UsageError
from tests.newsroom import article_file, lines_file, reprint, story
from tests.tui_fixtures import GATED, gate, running, screen_text, settings, unset_key, until  # noqa: F401 - fixtures
from tui.app import NewsdeskApp
from tui.browse_query import parse, with_part
from tui.filters import Filters
from tui.messages import ListCounted
from tui.screens.articles import ArticlesScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.reader import ReaderScreen
from tui.screens.sources import remedy
from tui.widgets.article_table import HELD, PAGE
from tui.widgets.timeline import Timeline, bars

MANY = 1500
ROWS = MANY + 1
"""Of them and two copies of one report more, which share a row."""


@pytest.fixture(scope="module", name="archive_of_many")
def make_many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """1,500 articles of 500 days by three outlets, one of them printed twice more."""
    gate.set()
    folder = tmp_path_factory.mktemp("many")
    entries: list[dict[str, object]] = [
        {
            "title": f"Report {n:04}",
            "text": story(n, 3),
            "outlet": ("Olm Post", "Quay News", "Mast Daily")[n % 3],
            "section": ("world", "sport")[n % 2],
            "published": date.fromordinal(date(2025, 1, 1).toordinal() + n // 3).isoformat(),
        }
        for n in range(MANY)
    ]
    entries[7]["text"] = long = story(9000, 30)
    entries += [
        {"title": f"Copy {n}", "text": reprint(long), "outlet": f"Tern {n}", "published": "2025-02-01"} for n in (1, 2)
    ]
    with Archive.open(folder / "archive", config=settings(embedding=GATED)) as archive:
        archive.ingest([lines_file(folder / "many.jsonl", *entries)], embed=False)
        assert archive.catalog.counts()[0] == MANY + 2
    yield folder / "archive"
    gate.clear()


@pytest.fixture(name="many")
def copy_many(archive_of_many: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(archive_of_many, tmp_path / "archive"))


async def opened(app: NewsdeskApp, pilot: Pilot[None]) -> ArticlesScreen:
    await pilot.press("f2")
    await until(pilot, lambda: isinstance(app.screen, ArticlesScreen) and app.screen.table.rows)
    assert isinstance(app.screen, ArticlesScreen)
    await until(pilot, lambda: app.screen.table.chosen)  # type: ignore[attr-defined]
    return app.screen


def caption(screen: ArticlesScreen) -> str:
    return str(screen.query_one("#caption", Static).content)


async def test_the_end_is_reached_at_once_and_only_pages_are_held(many: Path) -> None:
    async with running(many, config=settings(embedding=GATED), size=(120, 40)) as (app, pilot):
        screen = await opened(app, pilot)
        table = screen.table
        assert table.rows == ROWS
        assert table.chosen is not None
        assert table.chosen.title == "Report 1497"
        await pilot.press("end")
        await until(pilot, lambda: table.chosen is not None)
        assert table.chosen is not None
        assert table.cursor == ROWS - 1
        assert "Report 0002" in screen_text(app) or "Report 0000" in screen_text(app)
        for _ in range(2 * HELD):
            table.move(table.cursor - PAGE)
            await pilot.pause()
        assert len(table._pages) <= HELD
        await pilot.press("g")
        await until(pilot, lambda: table.chosen is not None and table.chosen.title == "Report 1497")


async def test_the_last_row_is_gone_to_as_soon_as_the_rows_are_counted(many: Path) -> None:
    async with running(many, config=settings(embedding=GATED), size=(120, 40)) as (app, pilot):
        table = (await opened(app, pilot)).table
        browsing = app.opened_archive.browse()
        table.show(browsing, browsing.rows(0, PAGE))
        table.action_last()
        assert table.cursor == PAGE - 1
        table.counted(ROWS)
        assert table.cursor == ROWS - 1
        await until(pilot, lambda: table.chosen is not None)


async def test_of_the_pages_that_are_passed_by_only_the_last_one_is_read(many: Path) -> None:
    async with running(many, config=settings(embedding=GATED), size=(120, 40)) as (app, pilot):
        table = (await opened(app, pilot)).table
        for page in range(2, 12):
            table.row(page * PAGE)
        await until(pilot, lambda: 11 in table._pages)
        assert sorted(table._pages) == [0, 2, 11]


async def test_of_what_is_typed_in_one_go_only_the_beginning_and_the_end_are_looked_up(many: Path) -> None:
    async with running(many, config=settings(embedding=GATED), size=(120, 40)) as (app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("slash")
        before = screen._asked
        for at in range(1, 12):
            screen.post_message(Input.Changed(screen.query_one("#filter", Input), "report 0042"[:at]))
        await until(pilot, lambda: screen.table.rows == 1)
        assert screen._asked <= before + 3


async def test_words_in_more_passages_than_are_looked_at_are_said_to_be_so(many: Path) -> None:
    async with running(many, config=settings(embedding=GATED), size=(160, 40)) as (app, pilot):
        screen = await opened(app, pilot)
        assert "first 2,000 passages" not in caption(screen)
        capped = Browsing(app.opened_archive.catalog, Chosen(), capped=True)
        screen.table.show(capped, capped.rows(0, PAGE))
        screen.post_message(ListCounted(capped, capped.counts()))
        await until(pilot, lambda: "text: looks no further than its first 2,000 passages" in caption(screen))


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("report 0042", 1),
        ('outlet:"Olm Post"', 500),
        ("section:sport", 750),
        ("since:2025-01-01 until:2025-01-10", 30),
        ('outlet:"Quay News" section:world since:2026-01-01', None),
        ("zorgle", 0),
        ("100%_", 0),
    ],
)
async def test_filters_are_typed(many: Path, typed: str, rows: int | None) -> None:
    async with running(many, config=settings(embedding=GATED), size=(120, 40)) as (app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("slash")
        screen.query_one("#filter", Input).value = typed
        expected = app.opened_archive.browse(**parse(typed)).counts().rows
        await until(pilot, lambda: screen.table.rows == expected)
        assert rows is None or rows == expected
        if not expected:
            await until(pilot, lambda: "none of 1,502 articles passes" in caption(screen))
        await pilot.press("escape")
        await until(pilot, lambda: screen.table.rows == ROWS)
        assert isinstance(app.screen, ArticlesScreen)


async def test_a_filter_that_cannot_be_is_said_and_the_list_stays(many: Path) -> None:
    async with running(many, config=settings(embedding=GATED), size=(160, 40)) as (app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("slash")
        screen.query_one("#filter", Input).value = "since:soon"
        await until(pilot, lambda: "since = 'soon' is no date" in caption(screen))
        assert screen.table.rows == ROWS


async def test_the_order_is_changed_and_the_cursor_stays_at_its_article(many: Path) -> None:
    async with running(many, config=settings(embedding=GATED), size=(120, 40)) as (app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("r")
        assert "Date ▲" in screen_text(app)
        await until(pilot, lambda: screen.table.cursor > MANY - 10)
        await until(pilot, lambda: screen.table.chosen is not None)
        assert screen.table.chosen is not None
        assert screen.table.chosen.title == "Report 1497"
        assert screen.table.cursor > MANY - 10
        await pilot.press("o", "home")
        await until(pilot, lambda: screen.table.chosen is not None and screen.table.chosen.outlet == "Mast Daily")


async def test_a_click_on_the_name_of_a_column_sorts_and_again_turns_round(many: Path) -> None:
    async with running(many, config=settings(embedding=GATED), size=(120, 40)) as (app, pilot):
        screen = await opened(app, pilot)

        async def clicked(x: int) -> str:
            before = screen.table.browsing
            await pilot.click("#heads", offset=(x, 0))
            await until(pilot, lambda: screen.table.browsing is not before)
            await pilot.press("home")
            await until(pilot, lambda: screen.table.chosen is not None)
            assert screen.table.chosen is not None
            return screen.table.chosen.outlet

        heads = screen_text(app).splitlines()[screen.query_one("#heads").region.y]
        assert heads.split() == ["Date", "▼", "Outlet", "Section", "Title"]
        for name, outlet, sign in (("Outlet", "Mast Daily", "▲"), ("Outlet", "Tern", "▼"), ("Title", "Tern", "▲")):
            assert (await clicked(heads.index(name))).startswith(outlet)
            assert f"{name} {sign}" in screen_text(app)


async def test_a_span_of_the_chart_filters_the_list(many: Path) -> None:
    async with running(many, config=settings(embedding=GATED), size=(120, 40)) as (app, pilot):
        screen = await opened(app, pilot)
        chart = screen.query_one(Timeline)
        await until(pilot, lambda: chart.display and chart._bars)
        await pilot.press("t", "right", "shift+right")
        assert "Feb 2025 to 31 Mar 2025" in str(chart.render())
        await pilot.press("enter")
        await until(pilot, lambda: screen.sought == "since:2025-02-01 until:2025-03-31")
        await until(pilot, lambda: screen.table.rows == app.opened_archive.browse(**parse(screen.sought)).counts().rows)
        screen.table.focus()
        await pilot.press("q")
        await until(pilot, lambda: app.screen is app.chat)
        assert app.chat.filters == Filters(since="2025-02-01", until="2025-03-31")
        assert app.screen is app.chat


async def test_near_copies_share_a_row_and_are_listed(many: Path) -> None:
    async with running(many, config=settings(embedding=GATED), size=(120, 40)) as (app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("slash", *"copy")
        await until(pilot, lambda: screen.table.rows == 1)
        await until(pilot, lambda: screen.table.chosen is not None and screen.table.chosen.copies == 1)
        assert " +1" in screen_text(app)
        await pilot.press("enter", "c")
        await until(pilot, lambda: screen.table.rows == 2)


async def test_marked_articles_are_removed_after_asking(many: Path) -> None:
    async with running(many, config=settings(embedding=GATED), size=(120, 40)) as (app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("space", "space", "d")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        assert "and 1 more from the archive?" in " ".join(re.split(r"[\s│]+", screen_text(app)))
        await pilot.press("n", "d", "y")
        await until(pilot, lambda: app.opened_archive.catalog.counts()[0] == MANY)
        await until(pilot, lambda: screen.table.rows == ROWS - 2)
        assert not screen.table.marked


async def test_a_row_opens_its_article(many: Path) -> None:
    async with running(many, config=settings(embedding=GATED), size=(120, 40)) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        assert "Report 149" in screen_text(app)


@pytest.fixture(name="two_sources")
def make_two_sources(tmp_path: Path) -> Config:
    """A folder with a file that is broken, and another folder."""
    gate.set()
    lines_file(tmp_path / "mine" / "one.jsonl", {"title": "One", "text": story(1, 5)})
    (tmp_path / "mine" / "two.json").write_text("{broken", encoding="utf-8")
    article_file(tmp_path / "other" / "three.json", story(3, 5))
    sources = [{"path": str(tmp_path / name), "name": name, "outlet": name} for name in ("mine", "other")]
    return settings(sources=sources, embedding=GATED)


async def test_failures_stand_over_a_restart_until_they_are_mended_or_left_out(
    two_sources: Config, tmp_path: Path
) -> None:
    async with running(tmp_path / "archive", config=two_sources, size=(120, 40)) as (app, pilot):
        await until(pilot, lambda: app.intake.report is not None and app.incoming.jobs.running is None)
        assert app.standing.notice == "1 document of the sources could not be read; F2, then s, says why."
        await pilot.press("f2")
        await until(pilot, lambda: "1 document failed: s says why" in screen_text(app))
        await pilot.press("s")
        await until(pilot, lambda: "last synced" in screen_text(app))
        shown = screen_text(app)
        assert "1 article · last synced" in shown
        assert "1 added · 1 document failed" in shown
        assert "two.json  of mine · tried" in shown
        assert "Mend the document, then Enter; x leaves it out." in shown
        await pilot.press("y")
        assert "two.json\t" in app.clipboard
    sourceless = two_sources.model_copy(update={"sources": ()})
    async with running(tmp_path / "archive", config=sourceless, size=(120, 40)) as (app, pilot):
        await pilot.press("f2", "s")
        await until(pilot, lambda: "two.json" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: any("Tried again" in each.message for each in app._notifications))
        assert len(app.opened_archive.failures()) == 1
        await pilot.press("x")
        await until(pilot, lambda: "two.json" not in screen_text(app).split("Tried again")[0])
    async with running(tmp_path / "archive", config=two_sources, size=(120, 40)) as (app, pilot):
        await until(pilot, lambda: app.intake.read and app.incoming.jobs.running is None)
        assert app.standing.notice == ""
        assert app.opened_archive.failures() == []
    gate.clear()


async def test_a_failed_document_is_tried_again_as_its_source_has_it(two_sources: Config, tmp_path: Path) -> None:
    async with running(tmp_path / "archive", config=two_sources, size=(120, 40)) as (app, pilot):
        await until(pilot, lambda: app.intake.report is not None and app.incoming.jobs.running is None)
        await pilot.press("f2", "s")
        await until(pilot, lambda: "two.json" in screen_text(app))
        article_file(tmp_path / "mine" / "two.json", story(2, 5))
        await pilot.press("G", "enter")
        await until(pilot, lambda: app.standing.articles == 3)
        await until(pilot, lambda: "document failed" not in screen_text(app))
        assert {each.outlet for each in app.opened_archive.articles()} == {"mine", "other"}
        await pilot.press("r")
        await until(pilot, lambda: any("Nothing has failed" in each.message for each in app._notifications))
    gate.clear()


async def test_one_source_is_synced_by_key_and_by_mouse(two_sources: Config, tmp_path: Path) -> None:
    async with running(tmp_path / "archive", config=two_sources, size=(120, 40)) as (app, pilot):
        await until(pilot, lambda: app.intake.report is not None and app.incoming.jobs.running is None)
        await pilot.press("f2", "s")
        await until(pilot, lambda: "last synced" in screen_text(app))
        article_file(tmp_path / "mine" / "four.json", story(4, 5))
        article_file(tmp_path / "other" / "five.json", story(5, 5))
        await pilot.press("j", "enter")
        await until(pilot, lambda: app.standing.articles == 3)
        await until(pilot, lambda: any("other is in step: 1 added" in each.message for each in app._notifications))
        await until(pilot, lambda: "2 articles · last synced" in screen_text(app))
        row = next(n for n, line in enumerate(screen_text(app).splitlines()) if "mine  path" in line)
        await pilot.click(offset=(5, row))
        await until(pilot, lambda: app.standing.articles == 4)
    gate.clear()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("cannot be listed (Permission denied).", "Give yourself the right"),
        ("cannot be read (Permission denied).", "Give yourself the right"),
        ("no such file or folder.", "Correct the path"),
        ("the connection failed (refused); try again later.", ""),
        ("the server failed (500: Oops).", "Enter tries it again"),
        ("not valid JSON: Expecting value at line 1, column 1.", "Mend the document"),
        ("a thing that no table foresees.", "Enter tries it again once it is mended"),
    ],
)
def test_every_error_says_what_to_do(error: str, told: str) -> None:
    assert remedy(error).startswith(told)
    assert bool(remedy(error)) == bool(told)


def test_what_is_typed_becomes_arguments() -> None:
    assert parse('ferry "two words" text:"left port" outlet:"Olm Post" outlet:BBC is:gone') == {
        "title": "ferry two words",
        "text": "left port",
        "outlets": ["Olm Post", "BBC"],
        "gone": True,
    }
    assert parse("https://news.example/a") == {"title": "https://news.example/a"}
    with pytest.raises(UsageError, match="colour:red"):
        parse("colour:red")
    assert with_part('a outlet:"Olm Post" b', "outlet", "BBC News") == 'a b outlet:"BBC News"'
    assert with_part("a since:2025-01-01", "since", "") == "a"


@pytest.mark.parametrize("width", [1, 10, 76, 400])
def test_bars_hold_every_article_once_in_whole_days_or_months(width: int) -> None:
    first = date(2024, 1, 17).toordinal()
    days = [(date.fromordinal(first + n), n % 5 + 1) for n in range(0, 800, 3)]
    found = bars(days, width)
    assert sum(number for _, _, number in found) == sum(number for _, number in days)
    assert found[0][0] <= days[0][0] <= found[0][1]
    assert found[-1][0] <= days[-1][0] <= found[-1][1]
    assert len(found) <= max(width, 1) + 1
    assert all(a[1].toordinal() + 1 == b[0].toordinal() for a, b in pairwise(found))
