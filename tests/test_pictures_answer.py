"""Pictures of turns: what a model writes and has written, quotes, what goes on, what broke off, hostile text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qa.answers import Answer, Citations, Sentence
from qa.archive import Archive
from qa.articles import make_article
from qa.models import Usage
from qa.passages import Passage
from qa.verification import Finding
from tests.pictures import Scene, every_picture, take, themed
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    HOSTILE_OUTLET,
    HOSTILE_TEXT,
    HOSTILE_TITLE,
    KEPT_QUESTION,
    build_archive,
    copy_archive,
    keep_conversation,
    understood_question,
    unset_key,
    until,
    written_answer,
)
from tui.app import NewsdeskApp
from tui.turns import Turn
from tui.widgets.answer import AnswerText
from tui.widgets.turn import TurnView

EVIL = "\x1b[2J\x1b]0;x\x07[red]No[/] [@click=app.quit]here[/] \u202egnp.exe\u202c a\u200bb <b>x</b> ![i](http://x) `c`"
LONG = "x" * 10_000
DRAFT = """# The toll

Twenty-eight people are known to have died [1], and **nobody** is missing [1]:

- nine of the 22 crew had been trained [2]
- the address system was out of order [2]

| Day | Dead |
|---|---:|
| 11 April | 6 |
| 7 May | 28 |

```python
toll = {"11 April": 6, "7 May": 28}
```

So the captain was
"""


def blocks_answer(archive: Archive) -> Answer:
    """An answer as a model writes one that was asked for a list and a table."""
    plain = written_answer(archive)
    wrong = Finding("number", "6", 11, 12, "differs", "nine")
    sentences = (
        Sentence("Twenty-eight people are known to have died.", (1,), "quoted"),
        Sentence("Nobody is missing.", (1,), "unsupported"),
        Sentence("nine of the 22 crew had been trained in the year before", (2,), "supported", opening="\n\n- "),
        Sentence("the address system was out of order", (2,), "supported", opening="\n\n- "),
        Sentence(
            "| 11 April | 6 |", (2,), "contradicted", reasons=(wrong,), opening="\n\n| Day | Dead |\n|---|---:|\n"
        ),
        Sentence("| 7 May | 28 |", (1,), "supported", opening="\n"),
        Sentence(
            "So the captain was charged.",
            (1, 2),
            "partly supported",
            opening='\n\n```python\ntoll = {"11 April": 6, "7 May": 28}\n```\n\n',
        ),
    )
    return replace(
        plain,
        sentences=sentences,
        incomplete=False,
        reason="",
        timings={"search": 0.04, "answer": 1.16, "total": 1.2},
    )


def hostile_answer(_: Archive) -> Answer:
    article = make_article(
        title=f"{EVIL} {HOSTILE_TITLE}", text=f"{EVIL} {HOSTILE_TEXT}", outlet=EVIL + HOSTILE_OUTLET, source="/x"
    )
    numbers = Citations()
    number = numbers.cite(article, 0, len(EVIL))
    sentences = (
        Sentence(EVIL, (number,), "supported"),
        Sentence(f"{EVIL}: {LONG[:400]}", (), "unsupported", ("9\u202e\x1b[2J",), opening="\n\n- "),
        Sentence(f"| {EVIL} | [link=x]y[/] |", (number,), "supported", opening=f"\n\n| {EVIL} | B |\n|---|---|\n"),
        Sentence("End.", (number,), "quoted", opening=f"\n\n```{EVIL}\n{EVIL}\n{LONG[:300]}\n```\n\n", written=EVIL),
    )
    passages = (Passage(article.id, article.text, 0, len(article.text), 1.0, 0.5, 5.0, 1.0, article),)
    return Answer(
        f"{EVIL}?",
        "generated",
        short=EVIL,
        sentences=sentences,
        citations=numbers.all(),
        passages=passages,
        model=EVIL,
        server=EVIL,
        usage=Usage(1, 1240, 85, cost=0.1, currency=EVIL),
        reason=EVIL,
        asked=replace(understood_question(EVIL), inferences=()),
    )


def long_answer(_: Archive) -> Answer:
    """A line of 10,000 columns in the question and in the answer."""
    return Answer(LONG[:300], "generated", sentences=(Sentence(LONG, (), "no citation"),), model="m")


async def _show(app: NewsdeskApp, pilot: Pilot[None], turn: Turn) -> None:
    app.chat.turns.append(turn)
    await app.chat._show([turn])
    app.chat.select(turn)
    await pilot.pause()


async def _answered(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await until(pilot, lambda: app.chat.query(AnswerText))


async def _opened(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    await _answered(app, pilot)
    app.chat.turns[0].articles = 7580
    app.chat.query_one(TurnView).focus()
    await pilot.press("n", "n", "n", "o")


async def _drafting(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    turn = Turn(KEPT_QUESTION, "writing", model="llama3", articles=7580, draft=DRAFT)
    turn.asked = replace(understood_question(KEPT_QUESTION), inferences=())
    with app.opened_archive.sessions.snapshot():
        turn.passages = written_answer(app.opened_archive).passages
    turn.checked = {0: Sentence("Twenty-eight people are known to have died.", (1,), "quoted")}
    turn.checked[1] = Sentence("Nobody is missing.", (1,), "unsupported")
    await _show(app, pilot, turn)
    await until(pilot, lambda: app.chat.query("MarkdownFence"))


async def _searching(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    turn = Turn(KEPT_QUESTION, "searching", articles=7580, asked=understood_question(KEPT_QUESTION))
    await _show(app, pilot, turn)
    await _show(app, pilot, Turn("And who is to blame?"))


async def _broken(app: NewsdeskApp, pilot: Pilot[None]) -> None:
    answer = replace(written_answer(app.opened_archive), reason="")
    turn = Turn(KEPT_QUESTION, "failed", answer.passages, answer=answer, asked=answer.asked, model="llama3")
    turn.articles = 7580
    turn.error = "llama3 at localhost:11434: the connection broke off in the middle of the answer. Try again."
    await _show(app, pilot, turn)


SCENES: dict[str, tuple[Scene, Callable[[Archive], Answer] | None]] = {
    "blocks": (_answered, blocks_answer),
    "opened": (_opened, blocks_answer),
    "drafting": (_drafting, None),
    "searching": (_searching, None),
    "broken": (_broken, None),
    "hostile": (_opened, hostile_answer),
    "long": (_answered, long_answer),
}


def _take(snap_compare: object, folder: Path, scene: str, size: tuple[int, int], theme: str) -> None:
    play, make = SCENES[scene]
    if make is not None:
        with Archive.open(folder) as archive:
            archive.sessions.append(make(archive))
    app = NewsdeskApp(config=themed(theme), archive_path=folder, debug=True)
    take(snap_compare, app, play, size)


@every_picture
@pytest.mark.parametrize("scene", SCENES)
def test_turn(snap_compare: object, archive_path: Path, scene: str, size: tuple[int, int], theme: str) -> None:
    _take(snap_compare, archive_path, scene, size, theme)


@every_picture
def test_quotes(snap_compare: object, archive_path: Path, size: tuple[int, int], theme: str) -> None:
    keep_conversation(archive_path)
    app = NewsdeskApp(config=themed(theme), archive_path=archive_path, debug=True)
    take(snap_compare, app, _answered, size)


@pytest.mark.parametrize("size", [(80, 24), (160, 48)], ids=["80x24", "160x48"])
def test_without_colours(
    snap_compare: object, archive_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    _take(snap_compare, archive_path, "blocks", size, "textual-dark")
