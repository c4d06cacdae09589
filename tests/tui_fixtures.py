"""A small real archive for the tests of the terminal UI, made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from qa.answers import Answer, Citations, Sentence, Verdict
from qa.archive import Archive
from qa.config import Config, load
from qa.passages import Passage
from tui.app import NewsdeskApp

SEEDS = Path(__file__).parent.parent / "seeds"
CHOSEN = (
    "meridian-ferry-capsizes.txt",
    "courier-ferry-inquiry-opens.md",
    "meridian-ferry-charges.txt",
    "meridian-port-strike-begins.txt",
    "meridian-cabinet-sworn-in.txt",
)
QUESTION = "Who leads the dockers' union?"
KEPT_QUESTION = "How many people died in the ferry accident?"
CONCEDED = (
    "She conceded, however, that only nine of the 22 crew had taken part in an evacuation exercise during the "
    "preceding twelve months, and that the public address system on the lower deck had been out of order since "
    "February."
)
KEPT: tuple[tuple[str, str, Verdict], ...] = (
    ("courier-ferry-inquiry-opens.md", "Twenty-eight people are known to have died.", "quoted"),
    (
        "courier-ferry-inquiry-opens.md",
        CONCEDED,
        "partly supported",
    ),
)
HOSTILE_TITLE = "[red]Flood[/] [@click=app.quit]here[/] \u202egnp.exe\u200b and **stars** [a](http://evil.example)"
HOSTILE_TEXT = (
    "1. The [bold]zorgle[/bold] dam \u001b[31mbroke\u001b[0m on Monday, \u202emayor\u202c Quill said "
    "at http://evil.example now.\n\n"
    "# A heading? <script>alert(1)</script> ![pic](http://evil.example/a.png) \u009b2J &amp; more.\n\n"
    "- The zorgle\u200b dam held \u2066nine\u2069 million litres, *he* said.\n"
)
HOSTILE_OUTLET = "[link=http://evil.example]Evil[/link] Times"


@pytest.fixture(scope="session", name="built_archive")
def build_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of five articles that nobody writes to."""
    folder = tmp_path_factory.mktemp("built") / "archive"
    with Archive.open(folder, config=load(environ={})) as archive:
        report = archive.ingest([SEEDS / name for name in CHOSEN])
        assert report.added == len(CHOSEN)
    return folder


@pytest.fixture(name="archive_path")
def copy_archive(built_archive: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(built_archive, tmp_path / "archive"))


@pytest.fixture(autouse=True, name="no_key")
def unset_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def keep_conversation(folder: Path) -> None:
    """Put one answer into the archive's conversations, written by hand: pictures must not change with the ranking."""
    with Archive.open(folder) as archive:
        articles = {Path(article.source).name: article for article in archive.articles()}
        numbers = Citations()
        sentences = []
        for name, words, verdict in KEPT:
            article = articles[name]
            start = article.text.index(words)
            number = numbers.cite(article, start, start + len(words))
            sentences.append(Sentence(words, (number,), verdict))
        passages = [
            Passage(article.id, article.text[:300], 0, 300, 1.0, 0.5, 5.0, 1.0, article)
            for article in archive.articles()
        ]
        answer = Answer(
            KEPT_QUESTION,
            "extractive",
            short="Twenty-eight people",
            sentences=tuple(sentences),
            citations=numbers.all(),
            passages=tuple(passages),
        )
        archive.sessions.append(answer)


def settings(**sections: Any) -> Config:
    """The defaults with some sections changed."""
    return Config.model_validate(sections)


@asynccontextmanager
async def running(
    archive_path: Path, *, config: Config | None = None, size: tuple[int, int] = (80, 24), ready: bool = True
) -> AsyncIterator[tuple[NewsdeskApp, Pilot[None]]]:
    """The app over an archive, closed afterwards; with ``ready``, once it can be asked."""
    app = NewsdeskApp(config=config or settings(), archive_path=archive_path, debug=True)
    try:
        async with app.run_test(size=size) as pilot:
            if ready:
                await until(pilot, lambda: app.chat.ready)
            yield app, pilot
    finally:
        if app.archive is not None:
            app.archive.close()


async def until(pilot: Pilot[None], holds: Callable[[], object], *, seconds: float = 60.0) -> None:
    """Wait until something holds, while the app goes on."""
    for _ in range(int(seconds / 0.02)):
        if holds():
            await pilot.pause()
            return
        await pilot.pause(0.02)
    raise AssertionError("it did not come to hold")


async def ask(app: NewsdeskApp, pilot: Pilot[None], question: str) -> None:
    """Type a question, send it, wait for the end of its turn."""
    before = len(app.chat.turns)
    app.chat.query_one("#prompt").focus()
    app.chat.query_one("#prompt").insert(question)  # type: ignore[attr-defined]
    await pilot.press("enter")
    await until(pilot, lambda: len(app.chat.turns) > before and app.chat.turns[-1].state in ("answered", "failed"))


def screen_text(app: NewsdeskApp) -> str:
    """What is on the screen, line by line, as it would be painted."""
    return "\n".join("".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips())
