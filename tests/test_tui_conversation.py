"""A conversation on the screen: long ones, where one is in them, and what is typed before anything is there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from qa.answers import Answer, Citations, Sentence
from qa.archive import Archive
from qa.articles import Article
from qa.passages import Passage
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    QUESTION,
    ask,
    build_archive,
    copy_archive,
    running,
    screen_text,
    unset_key,
    until,
)
from tui.turns import Turn
from tui.widgets.steps import Steps

LONG = 60


def keep_long_conversation(folder: Path, turns: int = LONG) -> int:
    """A conversation of as many turns, no two of the same height; its id."""
    session = None
    with Archive.open(folder) as archive:
        articles = archive.articles()
        for number in range(turns):
            session = archive.sessions.append(_answer(number, articles), session)
    assert session is not None
    return session


def _answer(number: int, articles: Sequence[Article]) -> Answer:
    article = articles[number % len(articles)]
    numbers = Citations()
    sentences = []
    for at in range(1 + number % 4):
        start, end = at * 60, at * 60 + 50 + 30 * (number % 3)
        sentences.append(Sentence(article.text[start:end], (numbers.cite(article, start, end),), "quoted"))
    found = Passage(article.id, article.text[:300], 0, 300, 1.0, 0.5, 5.0, 1.0, article)
    cited = numbers.all()
    return Answer(
        f"Question number {number}?", "extractive", sentences=tuple(sentences), citations=cited, passages=(found,)
    )


async def test_every_turn_of_a_long_conversation_can_be_scrolled_to(archive_path: Path) -> None:
    keep_long_conversation(archive_path)
    async with running(archive_path) as (app, pilot):
        conversation = app.chat.conversation
        await until(pilot, lambda: f"Question number {LONG - 1}?" in screen_text(app))
        assert len(app.chat.turns) == LONG
        assert 0 < len(list(conversation.views())) < LONG / 2
        seen = set()
        for _ in range(200):
            seen |= {n for n in range(LONG) if f"Question number {n}?" in screen_text(app)}
            await pilot.press("pageup")
            await pilot.pause()
            if conversation.scroll_y == 0:
                break
        await until(pilot, lambda: "Question number 0?" in screen_text(app))
        seen |= {n for n in range(LONG) if f"Question number {n}?" in screen_text(app)}
        assert seen == set(range(LONG))
        assert len(list(conversation.views())) < LONG / 2
        await pilot.press("ctrl+end")
        await until(pilot, lambda: conversation.at_end and conversation.scroll_y == conversation.max_scroll_y)
        await pilot.press("ctrl+home")
        await until(pilot, lambda: "Question number 0?" in screen_text(app))
        await ask(app, pilot, QUESTION)
        await until(pilot, lambda: QUESTION in screen_text(app))
        assert len(app.chat.turns[-1].before) == LONG


async def test_states_can_change_while_turns_are_being_mounted(archive_path: Path) -> None:
    async with running(archive_path) as (app, _):
        conversation = app.chat.conversation
        adding = asyncio.create_task(conversation.add([Turn(f"Question number {n}?") for n in range(3)]))
        seen_unfinished = False
        while not adding.done():
            seen_unfinished |= any(not view.query(Steps) for view in conversation.views())
            conversation.show_states(opened=True)
            await asyncio.sleep(0)
        assert seen_unfinished
        assert all(view.query_one(Steps) for view in conversation.views())
