"""Pictures of the evidence: full, folded open, refused, busy, empty, hostile, and in a slim and a wide column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qa.answers import Answer, Citations, Disagreement, Sentence, Side
from qa.archive import Archive
from qa.articles import make_article
from qa.catalog import Copy
from qa.passages import Passage
from qa.ranking import Signals
from tests.pictures import Scene, every_picture, take, themed
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    CONCEDED,
    HOSTILE_OUTLET,
    HOSTILE_TEXT,
    HOSTILE_TITLE,
    KEPT_QUESTION,
    build_archive,
    copy_archive,
    refused_answer,
    screen_text,
    understood_question,
    unset_key,
    until,
)
from tui.app import NewsdeskApp
from tui.turns import Turn
from tui.widgets.evidence import Rows

DIED = "Twenty-eight people are known to have died."


def _copies(article_id: str, title: str) -> tuple[Copy, ...]:
    outlets = ("The Belmarin Courier", "Harsk Gazette", "Olm Post", HOSTILE_OUTLET, "Quay News")
    names = (article_id, *(f"copy-{n}" for n in range(4)))
    return tuple(
        Copy(name, title, outlet, date(2026, 5, 8), f"https://{n}.example/a")
        for n, (name, outlet) in enumerate(zip(names, outlets, strict=True))
    )


def answered(archive: Archive) -> Answer:
    """Two citations of one article that differ, one of another, and passages that rank for various reasons."""
    articles = {Path(article.source).name: article for article in archive.articles()}
    inquiry, capsizes = articles["courier-ferry-inquiry-opens.md"], articles["meridian-ferry-capsizes.txt"]
    numbers = Citations()
    sentences = []
    for article, words in ((inquiry, DIED), (inquiry, CONCEDED), (capsizes, capsizes.text.split(". ")[0] + ".")):
        start = article.text.index(words)
        sentences.append(Sentence(words, (numbers.cite(article, start, start + len(words)),), "quoted"))
    ranked = Signals(match=1.0, cover=1.0, kind=0.9, agreement=0.8, recent=0.7, lead=0.6)
    at = inquiry.text.index("Counsel to the inquiry")
    end = inquiry.text.index("He hopes to report")
    passages = [
        Passage("a", inquiry.text[at:end], at, end, 1.0, 0.5, 5.0, 1.0, inquiry, _copies(inquiry.id, inquiry.title))
    ]
    for name in ("meridian-ferry-capsizes.txt", "meridian-ferry-charges.txt", "meridian-port-strike-begins.txt"):
        article = articles[name]
        passages.append(Passage(name, article.text[:400], 0, 400, 1.0, 0.5, 5.0, 1.0, article))
    return Answer(
        KEPT_QUESTION,
        "extractive",
        short="Twenty-eight people",
        sentences=tuple(sentences),
        citations=numbers.all(),
        passages=tuple(replace(each, signals=ranked) for each in passages),
        confidence=0.84,
        disagreements=(Disagreement("people died", (Side("twenty-eight", 1), Side("six", 3))),),
        asked=replace(understood_question(KEPT_QUESTION), inferences=()),
    )


async def _show(app: NewsdeskApp, pilot: Pilot[None], turn: Turn) -> Rows:
    app.chat.turns.append(turn)
    await app.chat._show([turn])
    app.chat.select(turn)
    await pilot.press("ctrl+o")
    await pilot.pause()
    return app.chat.query_one(Rows)


async def _answered(app: NewsdeskApp, pilot: Pilot[None]) -> Rows:
    return await _show(app, pilot, Turn.restored(answered(app.opened_archive)))


async def _full(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _answered(app, pilot)


async def _opened(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _answered(app, pilot)
    await pilot.press("s", "j")


async def _refused(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _show(app, pilot, Turn.restored(refused_answer(app.opened_archive)))


async def _busy(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _show(app, pilot, Turn(KEPT_QUESTION, "searching", articles=7580, asked=understood_question(KEPT_QUESTION)))


async def _failed(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _show(app, pilot, Turn(KEPT_QUESTION, "failed", articles=5, error="The words cannot be read."))


async def _empty(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+o")


async def _hostile(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    article = make_article(title=HOSTILE_TITLE, text=HOSTILE_TEXT + "x" * 10_000, outlet=HOSTILE_OUTLET, source="/x")
    flood = make_article(title="x" * 10_000, text="y" * 10_000, outlet="z" * 500, source="/y")
    numbers = Citations()
    number = numbers.cite(article, 12, 60)
    passages = (
        Passage("a", article.text[:300], 0, 300, 1.0, 0.5, 5.0, 1.0, article),
        Passage("b", flood.text[:300], 0, 300, 1.0, 0.5, 5.0, 1.0, flood),
    )
    sentence = Sentence(article.text[12:60], (number,), "quoted")
    sides = (Side("[red]nine[/]\x1b[2J", 1), Side("\u202eten", 1))
    asked = replace(understood_question("q"), inferences=())
    answer = Answer(
        "q?",
        "extractive",
        sentences=(sentence,),
        citations=numbers.all(),
        passages=passages,
        disagreements=(Disagreement("x", sides),),
        asked=asked,
    )
    await _show(app, pilot, Turn.restored(answer))


async def _slim(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _answered(app, pilot)
    await pilot.press(*["alt+right"] * 8)


async def _wide(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _answered(app, pilot)
    await pilot.press(*["alt+left"] * 2)


SCENES: dict[str, Scene] = {
    "full": _full,
    "opened": _opened,
    "refused": _refused,
    "busy": _busy,
    "failed": _failed,
    "empty": _empty,
    "hostile": _hostile,
    "slim": _slim,
    "wide": _wide,
}


@every_picture
@pytest.mark.parametrize("scene", SCENES)
def test_evidence(snap_compare: object, archive_path: Path, scene: str, size: tuple[int, int], theme: str) -> None:
    if scene in ("slim", "wide") and size[0] < 100:
        pytest.skip("the evidence has the whole width there")
    app = NewsdeskApp(config=themed(theme), archive_path=archive_path, debug=True)
    take(snap_compare, app, SCENES[scene], size)
