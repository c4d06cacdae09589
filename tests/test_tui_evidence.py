"""The evidence: how old, who else, what differs; the border beside it. The reader: what belongs to an article."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from qa.archive import Archive
from qa.articles import make_article
from qa.explanations import age
from tests.newsroom import article_file
from tests.test_pictures_evidence import answered
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    GATED,
    build_archive,
    copy_archive,
    gate,
    keep_conversation,
    running,
    screen_text,
    settings,
    unset_key,
    until,
)
from tui.changes import changes
from tui.display import Mark
from tui.filters import Named
from tui.messages import SimilarFound
from tui.screens.reader import ReaderScreen
from tui.turns import Turn
from tui.widgets.about import About
from tui.widgets.article_text import ArticleText, wrapped
from tui.widgets.evidence import Evidence
from tui.widgets.evidence_rows import rows_of
from tui.widgets.turn import TurnView

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


@pytest.fixture(name="kept")
def keep_one(archive_path: Path) -> Path:
    keep_conversation(archive_path)
    return archive_path


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 5, 12), "the same day"),
        (date(2026, 5, 11), "1 day before"),
        (date(2026, 4, 2), "40 days before"),
        (date(2026, 2, 12), "3 months before"),
        (date(2023, 5, 12), "3 years before"),
        (date(2026, 5, 14), "2 days after"),
        (None, ""),
    ],
)
def test_how_old_a_report_was(day: date | None, told: str) -> None:
    assert age(day, NOON) == told


def test_evidence_says_how_old_it_is_and_what_differs(kept: Path) -> None:
    with Archive.open(kept) as archive:
        turn = Turn.restored(archive.sessions.turns(1)[0])
    cited = [str(row.prompt) for row in rows_of(turn) if not row.disabled][:2]
    assert "The Belmarin Courier · 7 May 2026 · 5 days before" in cited[0]
    assert "≠ says twenty-eight; others say nine" in cited[0]
    assert "≠ says nine; others say twenty-eight" in cited[1]


async def test_the_evidence_goes_along_with_the_markers_and_is_copied(kept: Path) -> None:
    async with running(kept, size=(160, 48)) as (app, pilot):
        await until(pilot, lambda: app.chat.query(TurnView))
        app.chat.query_one(TurnView).focus()
        rows = app.chat.query_one(Evidence).rows
        numbers = []
        for _ in range(4):
            await pilot.press("n")
            await pilot.pause()
            numbers.append(getattr(rows.chosen, "number", None))
        assert numbers == [1, 2, 1, 2]
        await pilot.press("ctrl+o", "y")
        assert app.clipboard.startswith("“She conceded, however")
        await pilot.press("Y")
        assert app.clipboard.endswith("since February.”")


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_copies_are_folded_out_by_key_and_by_mouse_and_opened(archive_path: Path, size: tuple[int, int]) -> None:
    async with running(archive_path, size=size) as (app, pilot):
        turn = Turn.restored(answered(app.opened_archive))
        app.chat.turns.append(turn)
        await app.chat._show([turn])
        app.chat.select(turn)
        await pilot.press("ctrl+o", "s")
        rows = app.chat.query_one(Evidence).rows
        await pilot.pause()
        assert [row.id for row in rows.options if row.id and row.id.startswith("copy-")] == [
            f"copy-{n}-citation-1" for n in range(1, 5)
        ]
        assert "Harsk Gazette · 8 May 2026" in screen_text(app)
        await pilot.press("j", "s")
        assert rows.row is not None
        assert rows.row.id == "citation-1"
        await pilot.pause()
        line = next(n for n, text in enumerate(screen_text(app).splitlines()) if "▸ +4 outlets" in text)
        await pilot.click(offset=(rows.region.x + 8, line))
        await pilot.pause()
        assert "▾ +4 outlets" in screen_text(app)
        assert len(app.screen_stack) == 1
        await pilot.press("j", "enter")  # no such article is there: it was made up
        await until(pilot, lambda: "no longer in the archive" in app.standing.notice)
        line = next(n for n, text in enumerate(screen_text(app).splitlines()) if "Ferry carried more" in text)
        await pilot.click(offset=(rows.region.x + 8, line))
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))


async def test_the_rows_above_the_first_and_below_the_last_choice_are_reached(archive_path: Path) -> None:
    async with running(archive_path, size=(80, 24)) as (app, pilot):
        app.read(app.opened_archive.articles()[0], ())
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.checked is not None)
        about = app.screen.query_one(About)
        about.tell(similar=SimilarFound((), "it cannot be read"))
        marks = (Mark(n, n + 9, number=n) for n in range(1, 40))
        about.marks = tuple(marks)
        about.tell()
        await pilot.press("i", "G")
        await until(pilot, lambda: "it cannot be read" in screen_text(app))
        await pilot.press("g")
        await until(pilot, lambda: "outlet " in screen_text(app))


async def test_the_border_is_moved_by_key_and_mouse_and_kept_between_bounds(kept: Path) -> None:
    async with running(kept, size=(160, 48)) as (app, pilot):
        await until(pilot, lambda: app.chat.query("#split"))
        evidence = app.chat.query_one("#evidence")
        before = evidence.region.width
        await pilot.press("alt+left", "alt+left")
        assert evidence.region.width > before
        await pilot.mouse_down("#split")
        await pilot.hover(app.chat, offset=(120, 20))
        await pilot.mouse_up(app.chat, offset=(120, 20))
        assert abs(evidence.region.x - 120) <= 1
        for _ in range(20):
            await pilot.press("alt+right")
        assert 30 <= evidence.region.width <= 45


async def test_words_are_found_in_the_article_and_stepped_through(kept: Path) -> None:
    async with running(kept, size=(100, 30)) as (app, pilot):
        article = max(app.opened_archive.articles(), key=lambda each: len(each.text))
        app.read(article, ())
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        await pilot.press("slash", *"the")
        page = app.screen.query_one(ArticleText)
        await until(pilot, lambda: page.matches)
        assert len(page.matches) == article.text.lower().count("the")
        assert str(app.screen.query_one("#search", Input).border_subtitle).startswith(f"1 of {len(page.matches)}")
        await pilot.press("enter", "n", "n", "p")
        assert page.match == 1
        line = page.line_at(page.matches[1][0])
        assert page.scroll_offset.y <= line < page.scroll_offset.y + page.size.height
        await pilot.press("escape")
        assert not page.matches
        assert len(app.screen_stack) == 2
        await pilot.press("escape")
        assert len(app.screen_stack) == 1


async def test_what_is_typed_on_is_sought_from_where_one_was(archive_path: Path) -> None:
    text = "\n\n".join(f"{'Fog' if n % 50 == 0 else 'Rain'} over Skarra, {n}." for n in range(400))
    async with running(archive_path, size=(80, 24)) as (app, pilot):
        app.read(make_article(title="Fogs", text=f"{text}\n\nFoghorn.", source="x"), ())
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        page = app.screen.query_one(ArticleText)
        await until(pilot, lambda: page.virtual_size.height > 700)
        page.scroll_to(y=220, animate=False)
        await pilot.press("slash", *"fog")
        assert "Fog over Skarra, 150." in screen_text(app)
        await pilot.press(*"hornx")
        await pilot.press("enter")
        assert app.focused is app.screen.query_one("#search")
        await pilot.press(*["backspace"] * 5, "enter")
        assert app.focused is page
        assert page.match == 3


async def test_an_earlier_version_is_compared_word_by_word(tmp_path: Path) -> None:
    gate.set()
    source = article_file(tmp_path / "source" / "boats.json", "Nine boats were lost. Repairs take a year.")
    config = settings(sources=[{"path": str(source.parent)}], embedding=GATED)
    with Archive.open(tmp_path / "archive", config=config) as archive:
        archive.sync()
        article_file(source, "Three boats were lost. Repairs take a year.")
        archive.sync()
        now = archive.articles()[0]
    async with running(tmp_path / "archive", config=config, size=(140, 30)) as (app, pilot):
        app.read(now, ())
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.checked is not None)
        about = app.screen.query_one(About)
        await until(pilot, lambda: "Earlier versions" in screen_text(app))
        about.focus()
        await pilot.press("home", "enter")
        await until(pilot, lambda: "[−" in screen_text(app))
        assert "[−Nine−] [+Three+] boats were lost." in screen_text(app)
        assert "1 change, [−taken out−] [+put in+]" in str(app.screen.query_one("#notes", Static).content)
        await pilot.press("t")
        await until(pilot, lambda: "[−" not in app.screen.query_one(ArticleText).shown)


async def test_an_article_is_asked_about_alone_and_copied(kept: Path) -> None:
    async with running(kept, size=(140, 40)) as (app, pilot):
        article = app.opened_archive.articles()[0]
        app.read(article, ())
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        await until(pilot, lambda: app.screen.query("#beside") and "looking …" not in screen_text(app))
        await pilot.press("Y")
        assert article.title in app.clipboard
        await pilot.press("y")
        assert app.clipboard == article.source
        await pilot.press("o")
        assert "no address" in " ".join(str(each.message) for each in app._notifications)
        await pilot.press("a")
        await until(pilot, lambda: app.screen is app.chat)
        assert app.chat.filters.article == Named((article.id,), article.title)


async def test_a_book_of_a_megabyte_is_shown_and_a_line_without_end_is_wrapped(archive_path: Path) -> None:
    text = "word " * 2_000 + "x" * 10_000 + "\n\n" + "Nine boats were lost off Skarra. " * 33_000
    article = make_article(title="Long", text=text, source="long.txt")
    async with running(archive_path, size=(80, 24)) as (app, pilot):
        app.read(article, ())
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        page = app.screen.query_one(ArticleText)
        await until(pilot, lambda: page.virtual_size.height > 10_000)
        page.scroll_end(animate=False)
        await pilot.pause()
        assert "boats were lost off Skarra." in screen_text(app)
        assert max(end - start for start, end in page._lines) <= 80


@pytest.mark.parametrize("width", [1, 7, 40])
@pytest.mark.parametrize(
    "text", ["", "a", "one two  three\n\nfour", "日本語のニュース one 日本", "x" * 100, "é" * 30 + " end"]
)
def test_wrapping_loses_no_character(text: str, width: int) -> None:
    lines = [*wrapped(text, max(width, 2))]
    assert "".join(text[start:end] for start, end in lines) == text.replace("\n", "")


def test_changes_tell_both_versions() -> None:
    told = [*changes("a b c\n\nd e", "a x c\n\nd e f")]
    assert "".join(words for words, look in told if look != "added") == "a b c\n\nd e"
    assert "".join(words for words, look in told if look != "removed") == "a x c\n\nd e f"
