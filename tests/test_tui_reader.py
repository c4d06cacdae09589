"""What the reader says of an article that was cited: changed, removed, gone, printed elsewhere, an extract only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from qa.answers import Answer, Citations, Sentence
from qa.archive import Archive
from qa.articles import Article, make_article
from qa.config import Config
from qa.passages import Passage
from tests.newsroom import article_file, reprint, story
from tests.tui_fixtures import GATED, gate, running, screen_text, settings, unset_key, until  # noqa: F401 - fixtures
from tui.app import NewsdeskApp
from tui.display import Mark, day
from tui.screens.reader import ReaderScreen
from tui.turns import Turn
from tui.widgets.article_text import ArticleText
from tui.widgets.evidence_rows import rows_of

CITED = "The harbour office said that nine boats were lost."
KEPT = "Repairs will take a year."
OLD = f"{CITED} {KEPT} {story(1, 40)}"
NEW = f"Corrected: three boats were lost. {KEPT} {story(1, 40)}"


@pytest.fixture(name="config")
def make_config(tmp_path: Path) -> Iterator[Config]:
    gate.set()
    article_file(tmp_path / "source" / "boats.json", OLD, outlet="Castrel Herald", published="2026-03-01")
    yield settings(sources=[{"path": str(tmp_path / "source")}], embedding=GATED)
    gate.clear()


def _taken_in(tmp_path: Path, config: Config) -> dict[str, Article]:
    """Sync; the articles by their titles."""
    with Archive.open(tmp_path / "archive", config=config) as archive:
        archive.sync()
        return {article.title: article for article in archive.articles()}


def _marks(*words: str) -> tuple[Mark, ...]:
    return tuple(
        Mark(OLD.index(each), OLD.index(each) + len(each), chosen=n == 1, number=n) for n, each in enumerate(words, 1)
    )


async def _read(app: NewsdeskApp, pilot: Pilot[None], article: Article, *marks: Mark) -> ReaderScreen:
    app.read(article, marks)
    await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.checked is not None)
    assert isinstance(app.screen, ReaderScreen)
    return app.screen


def _notes(app: NewsdeskApp) -> list[str]:
    return str(app.screen.query_one("#notes", Static).content).splitlines()


def _cited(screen: ReaderScreen) -> list[str]:
    text = screen.query_one(ArticleText)
    return [text.text[mark.start : mark.end] for mark in text.marks]


async def test_a_changed_article_is_shown_as_it_was_cited_and_as_it_is(tmp_path: Path, config: Config) -> None:
    cited = _taken_in(tmp_path, config)["boats"]
    article_file(tmp_path / "source" / "boats.json", NEW, outlet="Castrel Herald", published="2026-03-01")
    _taken_in(tmp_path, config)
    async with running(tmp_path / "archive", config=config) as (app, pilot):
        screen = await _read(app, pilot, cited, *_marks(CITED, KEPT))
        when = day(app.opened_archive.revisions(cited)[0].replaced.astimezone())
        changed = f"⚠ This article was changed on {when}, after it was cited; you see the words as they were."
        assert _notes(app) == [f"{changed} t: the words of now"]
        assert "nine boats" in screen_text(app)
        await pilot.press("t")
        assert _notes(app) == [
            "⚠ These are the words of now; 1 of 2 cited passages still stand in them. t: the words as they were cited"
        ]
        assert _cited(screen) == [KEPT]
        await pilot.pause()
        assert "three boats" in screen_text(app)
        assert "nine boats" not in screen_text(app)
        await pilot.press("t")
        assert _cited(screen) == [CITED, KEPT]
        assert _notes(app) == [f"{changed} t: the words of now"]


async def test_what_changes_while_it_is_read_is_said_and_shown(tmp_path: Path, config: Config) -> None:
    cited = _taken_in(tmp_path, config)["boats"]
    async with running(tmp_path / "archive", config=config) as (app, pilot):
        await _read(app, pilot, cited, *_marks(CITED, KEPT))
        assert "changed" not in "".join(_notes(app))
        await _change(app, pilot, tmp_path, "three boats")
        await until(pilot, lambda: "This article was changed" in "".join(_notes(app)))
        await pilot.press("t")
        await until(pilot, lambda: "three boats" in screen_text(app))
        await _change(app, pilot, tmp_path, "four boats")
        await until(pilot, lambda: "four boats" in screen_text(app))


async def _change(app: NewsdeskApp, pilot: Pilot[None], folder: Path, boats: str) -> None:
    text = NEW.replace("three boats", boats)
    article_file(folder / "source" / "boats.json", text, outlet="Castrel Herald", published="2026-03-01")
    await pilot.press("f4")


@pytest.mark.parametrize(
    ("words", "says"),
    [((KEPT,), "what was cited still stands in them"), ((CITED,), "what was cited is gone")],
)
async def test_the_text_of_now_says_whether_it_still_has_what_was_cited(
    tmp_path: Path, config: Config, words: tuple[str, ...], says: str
) -> None:
    cited = _taken_in(tmp_path, config)["boats"]
    article_file(tmp_path / "source" / "boats.json", NEW)
    _taken_in(tmp_path, config)
    async with running(tmp_path / "archive", config=config) as (app, pilot):
        await _read(app, pilot, cited, *_marks(*words))
        await pilot.press("t")
        assert _notes(app) == [f"⚠ These are the words of now; {says}. t: the words as they were cited"]


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_cited_words_far_down_are_in_view_and_stay_there(
    tmp_path: Path, config: Config, size: tuple[int, int]
) -> None:
    _taken_in(tmp_path, config)
    text = f"{story(1, 400)}\n\n" * 9 + CITED + f"\n\n{story(2, 400)}"
    article = make_article(title="Long", text=text, source="long")
    at = text.index(CITED)
    async with running(tmp_path / "archive", config=config, size=size) as (app, pilot):
        await _read(app, pilot, article, Mark(at, at + len(CITED), chosen=True, number=12))
        await until(pilot, lambda: "removed from the archive" in screen_text(app))
        for width, height in (size, (66, 18), (140, 40)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            assert "[12]" in screen_text(app)
            assert "The harbour office said" in screen_text(app)


async def test_an_unchanged_article_has_no_notes_and_no_other_text(tmp_path: Path, config: Config) -> None:
    cited = _taken_in(tmp_path, config)["boats"]
    async with running(tmp_path / "archive", config=config) as (app, pilot):
        screen = await _read(app, pilot, cited)
        assert _notes(app) == []
        assert screen.query_one("#notes").region.height == 0
        await pilot.press("t")
        toasts = [each.message for each in app._notifications]
        assert toasts == ["There is no other text of this article: it is as it was cited."]


async def test_what_was_removed_or_is_gone_is_said(tmp_path: Path, config: Config) -> None:
    article_file(tmp_path / "source" / "mast.json", story(2))
    found = _taken_in(tmp_path, config)
    (tmp_path / "source" / "mast.json").unlink()
    with Archive.open(tmp_path / "archive", config=config) as archive:
        archive.sync()
        archive.remove([found["boats"]])
        since = archive.catalog.gone_since(found["mast"].id)
        assert since is not None
    async with running(tmp_path / "archive", config=config) as (app, pilot):
        await _read(app, pilot, found["boats"])
        assert _notes(app) == ["⚠ This article was removed from the archive; you see the words as they were."]
        await pilot.press("escape")
        await _read(app, pilot, found["mast"])
        assert _notes(app) == [f"⚠ Its source no longer has it since {day(since.astimezone())}."]


async def test_near_copies_and_extracts_are_told(tmp_path: Path, config: Config) -> None:
    for outlet in ("Olm Post", "[b]Tern[/b] \u202eWire", "Quay News", "Mast Daily", "Quay News"):
        name = f"copy-{len(list((tmp_path / 'source').iterdir()))}.json"
        article_file(tmp_path / "source" / name, reprint(OLD), outlet=outlet, published="2026-03-02")
    cited = _taken_in(tmp_path, config)["boats"]
    async with running(tmp_path / "archive", config=config, size=(100, 30)) as (app, pilot):
        screen = await _read(app, pilot, replace(cited, partial=True))
        assert _notes(app) == ["⚠ Only the feed's extract is here, not the whole article."]
        about = str(screen.query_one("#about", Static).content).splitlines()
        assert about[0] == "Castrel Herald · 1 Mar 2026"
        assert about[-1].startswith("also in: ")
        assert about[-1].endswith(" (+2)")
        assert "\u202e" not in about[-1]


def test_evidence_says_that_copies_are_one_origin(tmp_path: Path, config: Config) -> None:
    article_file(tmp_path / "source" / "post.json", reprint(OLD), outlet="Olm Post", published="2026-03-02")
    article_file(tmp_path / "source" / "mast.json", story(2), outlet="Quay News", published="2026-03-02")
    article = _taken_in(tmp_path, config)["boats"]
    with Archive.open(tmp_path / "archive", config=config) as archive:
        copies = archive.copies(article)
        other = next(each for each in archive.articles() if each.title == "mast")
    assert [copy.outlet for copy in copies] == ["Castrel Herald", "Olm Post"]
    numbers = Citations()
    sentence = Sentence(CITED, (numbers.cite(article, 0, len(CITED)),), "quoted")
    passages = (
        Passage("a", OLD[:200], 0, 200, 1.0, 0.5, 1.0, 1.0, article, copies),
        Passage("b", OLD[300:400], 300, 400, 1.0, 0.5, 1.0, 1.0, article, copies),
        Passage("c", other.text[:100], 0, 100, 1.0, 0.5, 1.0, 1.0, other),
    )
    answer = Answer("q", "extractive", sentences=(sentence,), citations=numbers.all(), passages=passages)
    rows = [str(row.prompt) for row in rows_of(Turn.restored(answer)) if not row.disabled]
    assert [row.splitlines()[1:3] for row in rows] == [
        ["Castrel Herald · 1 Mar 2026", "▸ +1 outlet, same report"],
        ["Castrel Herald · 1 Mar 2026", "▸ +1 outlet, same report"],
        ["Quay News · 2 Mar 2026", rows[2].splitlines()[2]],
    ]
