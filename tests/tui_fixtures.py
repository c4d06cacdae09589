"""A small real archive for the tests of the terminal UI, made once and copied for each test."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.embeddings import BaseEmbedding
from textual.pilot import Pilot

from qa.answers import Absence, Answer, Citations, Disagreement, Sentence, Side, Verdict
from qa.archive import Archive
from qa.config import Config, load
from qa.models import Usage
from qa.passages import Passage
from qa.questions import Inference, Question, Window
from qa.verification import Finding
from tests.newsroom import lines_file, story
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
REFUSED_QUESTION = "Who won the Harsk regatta according to the Courier and Bloomberg last week?"
NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
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
MANY = 300
"""Articles of a source that takes two batches to read and two to embed."""


class GatedEmbedding(BaseEmbedding):
    """A small model that embeds passages only while ``gate`` is open; questions and sentences never wait."""

    def _get_text_embedding(self, text: str) -> list[float]:
        if len(text) > 300:
            assert gate.wait(60)
        return [text.lower().count(letter) + 0.01 for letter in "abcdefgh"]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


gate = threading.Event()
GATED = {"provider": "llamaindex", "class_path": f"{__name__}.GatedEmbedding"}
BRIDGE = "The Olm bridge in Castrel reopened on Friday after nine weeks of repairs, the harbour office said."
BRIDGE_QUESTION = "When did the Olm bridge in Castrel reopen?"


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
        sentences[0] = replace(sentences[0], origins=2)
        sentences[1] = replace(sentences[1], means="counsel to the inquiry")
        answer = Answer(
            KEPT_QUESTION,
            "extractive",
            short="Twenty-eight people",
            sentences=tuple(sentences),
            citations=numbers.all(),
            passages=_openings(archive),
            confidence=0.84,
            short_confidence=0.71,
            disagreements=(Disagreement("people died", (Side("twenty-eight", 1), Side("nine", 2))),),
            asked=understood_question(KEPT_QUESTION),
        )
        archive.sessions.append(answer)


def written_answer(archive: Archive) -> Answer:
    """An answer as a model writes one, with a verdict of each kind; it broke off."""
    inquiry = next(each for each in archive.articles() if Path(each.source).name == KEPT[0][0])
    numbers = Citations()
    cited = [numbers.cite(inquiry, at, at + len(words)) for _, words, _ in KEPT for at in [inquiry.text.index(words)]]
    conceded = "Counsel conceded that 12 of the 22 crew had taken part in an exercise."
    twelve = Finding("number", "12", conceded.index("12"), conceded.index("12") + 2, "differs", "nine")
    captain = Finding("name", "Orlen", 8, 13, "missing")
    sentences = (
        Sentence("Twenty-eight people are known to have died.", (cited[0],), "quoted"),
        Sentence(conceded, (cited[1],), "contradicted", reasons=(twelve,)),
        Sentence("The address system was out of order.", (cited[1],), "supported", corrected=True, opening="\n\n- "),
        Sentence("Captain Orlen has been charged.", (cited[1],), "partly supported", ("9",), reasons=(captain,)),
        Sentence("Its owner is bankrupt.", (), "no citation", opening="\n\n- "),
    )
    return Answer(
        KEPT_QUESTION,
        "generated",
        sentences=sentences,
        citations=numbers.all(),
        passages=_openings(archive),
        confidence=0.58,
        model="llama3",
        server="localhost:11434",
        usage=Usage(1, 1240, 85, 900, first_token=0.8, cost=0.0012, currency="USD"),
        incomplete=True,
        reason="The answer is cut off: the model reached its limit of tokens.",
        asked=replace(understood_question(KEPT_QUESTION), inferences=()),
    )


def understood_question(text: str, standalone: str = "") -> Question:
    """A question with dates and an outlet read out of it, the outlet beside one that the archive does not have."""
    return Question(
        text=text,
        now=NOON,
        as_of=False,
        since=None,
        until=None,
        outlets=(),
        kind="number",
        standalone=standalone or text,
        inferences=(
            Inference("window", "last week", "2026-05-04 to 2026-05-10"),
            Inference("outlet", "the Courier", "The Belmarin Courier"),
        ),
        limits=Window(1777852800.0, 1778457599.0, ("The Belmarin Courier",)),
        unknown_outlets=("Bloomberg",),
    )


def refused_answer(archive: Archive) -> Answer:
    """An answer that is none, with what was searched and why the nearest do not do."""
    return Answer(
        REFUSED_QUESTION,
        "extractive",
        abstained=True,
        reason="The articles do not say.",
        passages=_openings(archive),
        confidence=0.31,
        absence=Absence(2, ("it names no winner", "it is older", "it is about a strike")),
        asked=understood_question(REFUSED_QUESTION, "Who won the Harsk regatta?"),
    )


def _openings(archive: Archive) -> tuple[Passage, ...]:
    return tuple(
        Passage(article.id, article.text[:300], 0, 300, 1.0, 0.5, 5.0, 1.0, article) for article in archive.articles()
    )


def many_articles(path: Path) -> Path:
    """A file of ``MANY`` articles of one passage each; the newest is about a bridge."""
    entries: list[dict[str, object]] = [
        {"title": f"Report {n}", "text": story(n, 6), "published": "2026-03-01"} for n in range(MANY - 1)
    ]
    entries.append({"title": "Bridge reopens", "text": f"{BRIDGE} {story(MANY, 5)}", "published": "2026-05-01"})
    return lines_file(path, *entries)


def settings(**sections: Any) -> Config:
    """The defaults with some sections changed."""
    return Config.model_validate(sections)


@asynccontextmanager
async def running(
    archive_path: Path,
    *,
    config: Config | None = None,
    size: tuple[int, int] = (80, 24),
    ready: bool = True,
    kind: type[NewsdeskApp] = NewsdeskApp,
) -> AsyncIterator[tuple[NewsdeskApp, Pilot[None]]]:
    """The app over an archive, closed afterwards, its threads first; with ``ready``, once it can be asked."""
    threads = ThreadPoolExecutor(thread_name_prefix="app")
    asyncio.get_running_loop().set_default_executor(threads)
    app = kind(config=config or settings(), archive_path=archive_path, debug=True)
    try:
        async with app.run_test(size=size) as pilot:
            if ready:
                await until(pilot, lambda: app.chat.ready)
            yield app, pilot
    finally:
        gate.set()
        threads.shutdown()
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
