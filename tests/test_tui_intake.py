"""Articles taken in beside the questions: synced, added, embedded, stopped; near-copies and what is gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from qa.archive import Archive
from qa.intake import EMBED_BATCH, Failure, IngestReport, Progress
from tests.newsroom import article_file, reprint, story
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    BRIDGE_QUESTION,
    GATED,
    MANY,
    QUESTION,
    SEEDS,
    ask,
    build_archive,
    copy_archive,
    gate,
    many_articles,
    running,
    screen_text,
    settings,
    unset_key,
    until,
)
from tui.app import NewsdeskApp
from tui.intake import EMBED, Job, Jobs, Removed, counts_text, named, outcome, progress_text
from tui.messages import ArticlesStored
from tui.screens.articles import ArticlesScreen
from tui.screens.confirm import ConfirmScreen
from tui.widgets.article_table import ArticleTable
from tui.widgets.path_line import PathLine
from tui.widgets.status import StatusLine

REPORT = IngestReport(3, 1, 1204, 2, (Failure("a.json", "no JSON"),), (), 1210, 3000, 340, 1.5)


@pytest.fixture(name="many")
def make_source(tmp_path: Path) -> Path:
    gate.clear()
    return many_articles(tmp_path / "many.jsonl")


def _shown(app: NewsdeskApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).content)


def _toasts(app: NewsdeskApp) -> list[str]:
    return [each.message for each in app._notifications]


# --- the order of the jobs


def test_what_is_asked_for_goes_before_the_embedding_and_that_goes_on_afterwards() -> None:
    jobs = Jobs()
    jobs.pending = 10
    assert jobs.begin() is EMBED
    assert jobs.begin() is None
    assert not jobs.must_end(EMBED)
    added = Job("add", "a.txt", asked=True)
    jobs.add(added)
    jobs.add(added)
    assert jobs.must_end(EMBED)
    assert not jobs.end(replace(REPORT, pending=4, cancelled=True))
    assert jobs.begin() is added
    assert not jobs.must_end(added)
    jobs.end(replace(REPORT, pending=7))
    assert jobs.begin() is EMBED
    jobs.end(replace(REPORT, pending=0))
    assert jobs.begin() is None


def test_what_failed_or_was_stopped_is_not_tried_again_by_itself() -> None:
    jobs = Jobs()
    assert jobs.stop() == (False, ())
    jobs.pending = 10
    jobs.begin()
    jobs.end(None)
    assert jobs.begin() is None
    sync, added = Job("sync"), Job("add", "a.txt")
    jobs.add(sync)
    jobs.add(added)
    assert jobs.begin() is sync
    assert jobs.stop() == (True, (added,))
    assert jobs.must_end(sync)
    assert jobs.end(replace(REPORT, cancelled=True))
    assert jobs.begin() is None


def test_a_removal_is_done_in_its_turn_whatever_is_stopped() -> None:
    jobs = Jobs()
    added, removed = Job("add", "a.txt"), Job("remove", articles=("x", "y"))
    for job in (Job("sync"), removed, added):
        jobs.add(job)
    assert jobs.begin() == Job("sync")
    assert [*jobs.unfinished] == [removed, added]
    assert jobs.stop() == (True, (added,))
    jobs.end(replace(REPORT, cancelled=True))
    assert jobs.begin() is removed
    assert [*jobs.unfinished] == [removed]
    assert jobs.stop() == (False, ())
    assert not jobs.must_end(removed)
    assert not jobs.end(Removed(2, 4))
    assert jobs.pending == 4
    assert jobs.begin() is EMBED


def test_a_typed_source_is_an_address_or_a_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/ada")
    assert named("https://news.example/feed") == "https://news.example/feed"
    assert named("~/articles") == "/home/ada/articles"
    assert named("-") == f"{tmp_path}/-"
    assert named("file:///etc/passwd") == f"{tmp_path}/file:/etc/passwd"


def test_how_far_it_is_and_what_came_of_it_in_words() -> None:
    reading = Progress("reading", 0.5, 1, 2812, 6.86)
    assert progress_text(reading) == "reading 2,812 articles, 410/s, 7 s left"
    assert progress_text(Progress("embedding", 0, 30_000)) == "embedding 30,000 passages"
    embedding = Progress("embedding", 1200, 30_000, 0, 14.1)
    assert progress_text(embedding) == "embedding 1,200 of 30,000 passages, 85/s, 5 min 38 s left"
    assert counts_text(REPORT) == "3 added · 1 updated · 1,204 unchanged · 2 gone · 1 failed"
    asked = Job("sync", asked=True)
    assert (
        outcome(asked, REPORT, stopped=False) == f"The sources are in step: {counts_text(REPORT)}; F2, then s, says why"
    )
    assert outcome(asked, REPORT, stopped=True) == (
        f"Stopped; what was stored stays, and F4 goes on. {counts_text(REPORT)}"
    )
    assert outcome(EMBED, REPORT, stopped=True) == (
        "Stopped; what was embedded stays. 340 passages can be found by words only until embedded; F4 goes on."
    )


# --- at the start


async def test_an_empty_archive_is_asked_before_its_passages_are_embedded(many: Path, tmp_path: Path) -> None:
    config = settings(sources=[{"path": str(many)}], embedding=GATED, answer={"evidence": 0.0})
    async with running(tmp_path / "new", config=config) as (app, pilot):
        await until(pilot, lambda: app.incoming.jobs.running is EMBED)
        await until(pilot, lambda: app.standing.articles == MANY)
        await ask(app, pilot, BRIDGE_QUESTION)
        assert app.chat.turns[0].passages[0].article.title == "Bridge reopens"
        assert app.opened_archive.catalog.count_pending("vectors") == MANY
        line = screen_text(app).splitlines()[0].rstrip()
        assert line == "  Newsdesk  300 articles · extractive, quotes only      embedding 300 passages"
        gate.set()
        await until(pilot, lambda: app.incoming.jobs.running is None)
        assert app.opened_archive.catalog.count_pending("vectors") == 0
        assert screen_text(app).splitlines()[0].rstrip() == "  Newsdesk  300 articles · extractive, quotes only"


async def test_the_first_batch_is_enough_to_be_asked(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.intake.TELL_EVERY", 0.0)
    with many.open("a", encoding="utf-8") as file:
        file.write('{"title": "Cut off')
    config = settings(sources=[{"path": str(many)}], embedding=GATED)
    stored: list[int] = []

    class Watched(NewsdeskApp):
        async def on_articles_stored(self, message: ArticlesStored) -> None:
            stored.append(message.articles)

    async with running(tmp_path / "new", config=config, kind=Watched) as (app, pilot):
        await until(pilot, lambda: app.intake.read > 0)
        assert stored == [200, MANY]
        assert app.standing.notice == "1 document of the sources could not be read; F2, then s, says why."


async def test_an_empty_archive_that_another_process_holds_can_be_asked_all_the_same(
    many: Path, tmp_path: Path
) -> None:
    config = settings(sources=[{"path": str(many)}], embedding=GATED)
    with Archive.open(tmp_path / "new") as other, other.writing("test"):
        async with running(tmp_path / "new", config=config, ready=False) as (app, pilot):
            await until(pilot, lambda: "its sources are being read" in screen_text(app))
            await until(pilot, lambda: app.chat.ready)
            assert "is writing to this archive" in app.standing.notice
            assert "name a file, folder or address to add" in " ".join(screen_text(app).split())


async def test_leaving_ends_it_at_the_next_batch_and_the_next_start_goes_on(many: Path, tmp_path: Path) -> None:
    config = settings(sources=[{"path": str(many)}], embedding=GATED)
    async with running(tmp_path / "new", config=config) as (app, pilot):
        await until(pilot, lambda: app.incoming.jobs.running is EMBED and app.intake.progress)
    with Archive.open(tmp_path / "new", config=config) as archive:
        assert archive.catalog.counts() == (MANY, MANY)
        assert archive.catalog.count_pending("vectors") == MANY - EMBED_BATCH
    async with running(tmp_path / "new", config=config.model_copy(update={"sources": ()})) as (app, pilot):
        await until(pilot, lambda: app.opened_archive.catalog.count_pending("vectors") == 0)


# --- asked for


async def test_f4_syncs_and_says_what_came_of_it(archive_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "source"
    article_file(folder / "pier.json", story(1))
    kept = article_file(folder / "mast.json", story(2))
    config = settings(sources=[{"path": str(folder)}])
    async with running(archive_path, config=config) as (app, pilot):
        await until(pilot, lambda: app.intake.read == 1 and app.incoming.jobs.running is None)
        assert _toasts(app) == []
        kept.unlink()
        article_file(folder / "pier.json", story(3))
        article_file(folder / "quay.json", story(4))
        (folder / "bad.json").write_text("{", encoding="utf-8")
        await pilot.press("f4")
        await until(pilot, lambda: app.intake.read == 2 and app.incoming.jobs.running is None)
        assert _toasts(app) == [
            "The sources are in step: 1 added · 1 updated · 0 unchanged · 1 gone · 1 failed; F2, then s, says why"
        ]
        assert app.standing.articles == 8
        await pilot.press("f2")
        await until(pilot, lambda: app.screen.query_one(ArticleTable).rows == 8)
        assert "1 added · 1 updated · 0 unchanged · 1 gone · 1 failed" in _shown(app, "#report-text")
        assert "bad.json" in _shown(app, "#report-text")


async def test_without_sources_f4_says_how_to_configure_one(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await pilot.press("f4")
        says = "No sources are configured. Add [[sources]] with a path, glob, feed or url to config.toml"
        assert _toasts(app) == [f"{says}, then start again."]
        assert app.intake.read == 0


async def test_a_sync_that_another_process_keeps_out_is_a_notice(archive_path: Path) -> None:
    config = settings(sources=[{"path": str(SEEDS / "courier-pension-march.md")}])
    async with running(archive_path, config=config) as (app, pilot):
        await until(pilot, lambda: app.intake.read == 1 and app.incoming.jobs.running is None)
        with Archive.open(archive_path) as other, other.writing("test"):
            await pilot.press("f4")
            await ask(app, pilot, QUESTION)
            assert app.chat.turns[-1].state == "answered"
            await until(pilot, lambda: app.intake.read == 2)
        assert "is writing to this archive" in app.standing.notice
        await pilot.press("f4")
        await until(pilot, lambda: app.intake.read == 3)
        assert app.standing.notice == ""


async def test_adding_does_not_wait_for_the_embedding_and_f8_stops(many: Path, tmp_path: Path) -> None:
    config = settings(sources=[{"path": str(many)}], embedding=GATED)
    async with running(tmp_path / "new", config=config) as (app, pilot):
        await until(pilot, lambda: app.incoming.jobs.running is EMBED)
        await pilot.press("f2", "a")
        app.screen.query_one("#path", Input).value = str(SEEDS / "courier-pension-march.md")
        await pilot.press("enter")
        gate.set()
        await until(pilot, lambda: app.intake.report is not None)
        assert app.intake.report is not None
        assert app.intake.report.added == 1
        await until(pilot, lambda: app.intake.report is not None and app.intake.report.pending == 0)
        assert app.standing.articles == MANY + 1
        assert "pending" not in _shown(app, "#report-text")
        await pilot.press("f8")
        assert _toasts(app) == ["Nothing is being added, synced or embedded."]


async def test_stopped_embedding_keeps_what_is_embedded(many: Path, tmp_path: Path) -> None:
    config = settings(sources=[{"path": str(many)}], embedding=GATED)
    async with running(tmp_path / "new", config=config, size=(100, 30)) as (app, pilot):
        await until(pilot, lambda: app.incoming.jobs.running is EMBED and app.intake.progress)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, ArticlesScreen))
        assert _shown(app, "#progress-text") == "embedding 300 passages · F8 stops"
        await pilot.press("f8")
        assert _shown(app, "#progress-text") == "stopping"
        gate.set()
        await until(pilot, lambda: app.incoming.jobs.running is None)
        left = MANY - EMBED_BATCH
        told = (
            f"Stopped; what was embedded stays. {left} passages can be found by words only until embedded; F4 goes on."
        )
        assert _toasts(app) == [told]
        assert app.opened_archive.catalog.count_pending("vectors") == left
        assert not app.screen.has_class("-running")


async def test_a_removal_waits_for_its_turn_and_is_done(many: Path, tmp_path: Path) -> None:
    config = settings(sources=[{"path": str(many)}], embedding=GATED)
    async with running(tmp_path / "new", config=config, size=(100, 30)) as (app, pilot):
        await until(pilot, lambda: app.incoming.jobs.running is EMBED and app.intake.progress)
        await pilot.press("f2")
        await until(pilot, lambda: app.screen.query_one(ArticleTable).chosen and app.screen.has_class("-whole"))
        await pilot.press("space", "space", "d")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(pilot, lambda: "then removing 2 articles" in _shown(app, "#progress-text"))
        assert "2 articles will be removed after what is being done." not in _toasts(app)  # only embedding waits for it
        assert app.screen.query_one(ArticleTable).rows == MANY
        await pilot.press("f8", "ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        assert "Not done yet: removing 2 articles." in " ".join(screen_text(app).split())
        await pilot.press("n")
        gate.set()
        await until(pilot, lambda: app.screen.query_one(ArticleTable).rows == MANY - 2)
        assert app.standing.articles == MANY - 2
        assert "2 articles removed." in _toasts(app)
        await until(pilot, lambda: app.incoming.jobs.running is None)
        assert app.opened_archive.catalog.count_discarded() == 0


async def test_a_removal_that_another_process_keeps_out_is_said(archive_path: Path) -> None:
    async with running(archive_path, size=(100, 30)) as (app, pilot):
        await pilot.press("f2")
        await until(pilot, lambda: app.screen.query_one(ArticleTable).chosen and app.screen.has_class("-whole"))
        with Archive.open(archive_path) as other, other.writing("test"):
            await pilot.press("d")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            await pilot.press("y")
            await until(pilot, lambda: app.intake.error)
        assert _shown(app, "#report-text").startswith("✗ Not removed: 1 article. ")
        assert "is writing to this archive" in _shown(app, "#report-text")
        await pilot.press("d", "y")
        await until(pilot, lambda: app.standing.articles == 4)
        assert _shown(app, "#report-text") == ""


async def test_an_address_is_added_as_one(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await pilot.press("f2", "a")
        field = app.screen.query_one("#path", Input)
        assert field.placeholder == "File, folder or address: ~/articles, https://news.example/feed"
        field.value = "http://127.0.0.1:9/feed"
        await pilot.press("enter")
        await until(pilot, lambda: app.intake.report is not None)
        assert app.intake.report is not None
        assert [each.source for each in app.intake.report.failed] == ["http://127.0.0.1:9/feed"]
        assert "0 added" in _shown(app, "#report-text")


async def test_paths_that_begin_so_are_listed_and_taken_into_the_line(archive_path: Path, tmp_path: Path) -> None:
    article_file(tmp_path / "news" / "may" / "one.json", story(1, 5))
    article_file(tmp_path / "news" / "march.json", story(2, 5))
    article_file(tmp_path / "news" / "[b]odd.json", story(3, 5))
    async with running(archive_path) as (app, pilot):
        await pilot.press("f2", "a")
        field, listed = app.screen.query_one("#path", Input), app.screen.query_one(PathLine).paths
        field.value = f"{tmp_path}/news/"
        await until(pilot, lambda: listed.option_count == 3)
        assert "[b]odd.json" in screen_text(app)
        await pilot.press("m", "a")
        await until(pilot, lambda: listed.option_count == 2)
        await pilot.press("down", "down", "enter")
        assert field.value == f"{tmp_path}/news/may/"
        assert app.incoming.jobs.running is None
        await until(pilot, lambda: listed.option_count == 1)
        await pilot.press("tab")
        assert field.value == f"{tmp_path}/news/may/one.json"
        await until(pilot, lambda: not listed.display)
        assert app.focused is field
        await pilot.press("enter")
        await until(pilot, lambda: app.intake.report is not None and app.intake.report.added == 1)
        field.value = f"{tmp_path}/news/mar"
        await until(pilot, lambda: listed.display)
        await pilot.click(listed, offset=(3, 0))
        assert field.value == f"{tmp_path}/news/march.json"
        field.value = f"{tmp_path}/news/ma"
        await pilot.press("y", "tab")  # before what begins so can have been read
        await until(pilot, lambda: field.value == f"{tmp_path}/news/may/")
        field.value = "https://news.example/"
        await until(pilot, lambda: not listed.display)


# --- near-copies and what is gone


async def test_near_copies_share_a_row_and_what_is_gone_is_marked(tmp_path: Path) -> None:
    folder, text = tmp_path / "source", story(1, 30)
    article_file(folder / "origin.json", text, outlet="Castrel Herald", published="2026-03-01")
    for day, outlet in enumerate(("Olm Post", "[b]Tern[/b] \u202eWire", "Quay News", "Mast Daily"), 2):
        article_file(folder / f"{day}.json", reprint(text), outlet=outlet, published=f"2026-03-0{day}")
    lost = article_file(folder / "lost.json", story(2, 30), outlet="Olm Post", published="2026-02-01")
    config = settings(sources=[{"path": str(folder)}])
    with Archive.open(tmp_path / "archive", config=config) as archive:
        archive.sync()
        lost.unlink()
        archive.sync()
        assert list(archive.catalog.gone([each.id for each in archive.articles()]).values()) == [
            archive.catalog.gone_since(each.id) for each in archive.articles() if each.title == "lost"
        ]
    async with running(tmp_path / "archive") as (app, pilot):
        await pilot.press("f2")
        await until(pilot, lambda: app.screen.query_one(ArticleTable).rows == 2)
        await until(pilot, lambda: _shown(app, "#detail"))
        rows = [
            line for line in screen_text(app).splitlines() if ("2026" in line and "Castrel" in line) or "† lost" in line
        ]
        assert rows[0].split() == ["1", "Mar", "2026", "Castrel", "Herald", "+4", "origin"]
        assert rows[1].split() == ["1", "Feb", "2026", "Olm", "Post", "†", "lost"]
        assert _shown(app, "#caption") == "Articles · 6 articles · near-copies share a row"
        assert _shown(app, "#detail") == "also in: Olm Post, [b]Tern[/b] Wire, Quay News (+1)"
        await pilot.press("down")
        await until(pilot, lambda: _shown(app, "#detail").startswith("† its source no longer has it since "))
        assert "also in" not in _shown(app, "#detail")


async def test_the_status_line_gives_way_to_what_goes_on_but_says_where_questions_go(archive_path: Path) -> None:
    whole, mode = "Newsdesk  5 articles · extractive, quotes only", "extractive, quotes only"
    async with running(archive_path) as (app, pilot):
        for doing, left in (
            ("reading 9 articles, 4/s", whole),
            ("reading 1,900 articles, 140/s", f"Newsdesk  {mode}"),
            ("embedding 11,200 of 30,000 passages, 185/s", mode),
        ):
            app.stand(intake=doing)
            await pilot.pause()
            assert str(app.chat.query_one(StatusLine).render()) == left + doing.rjust(76 - len(left))
        app.stand(intake="embedding 1,200 of 30,000 passages, 85/s, 5 min 38 s left")
        await pilot.pause()
        assert str(app.chat.query_one(StatusLine).render()).splitlines() == [whole, app.standing.intake]
        app.stand(loading="loading the models")
        assert str(app.chat.query_one(StatusLine).render()).endswith("  loading the models")
