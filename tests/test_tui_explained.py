"""What the terminal UI says of an answer beside its words: what was understood, how sure, why not, why found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from qa.answers import Answer
from qa.archive import Archive
from qa.config import RankingSection
from qa.ranking import Signals
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    KEPT_QUESTION,
    QUESTION,
    REFUSED_QUESTION,
    ask,
    build_archive,
    copy_archive,
    keep_conversation,
    refused_answer,
    running,
    screen_text,
    understood_question,
    unset_key,
    until,
)
from tui.app import NewsdeskApp
from tui.display import answer_plain
from tui.screens.reader import ReaderScreen
from tui.screens.understood import UnderstoodScreen
from tui.turns import Turn, describe
from tui.widgets.answer import AnswerText
from tui.widgets.evidence_rows import rows_of
from tui.widgets.explained import Refused, Understood
from tui.widgets.steps import Steps
from tui.widgets.turn import TurnView

DATED = "Who led the port strike according to the Meridian Wire in October 2026?"


def lines(view: TurnView, kind: type[Static]) -> list[str]:
    return str(view.query_one(kind).content).splitlines()


async def press_words(app: NewsdeskApp, pilot: Pilot[None], words: str) -> None:
    """Click on words that stand in one line of the screen."""
    for y, line in enumerate(screen_text(app).splitlines()):
        if (x := line.find(words)) >= 0:
            await pilot.click(offset=(x + 1, y))
            return
    raise AssertionError(f"{words!r} is not on the screen")


@pytest.fixture(name="asked_with")
def watch_questions(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The options of every question to the archive, as they come."""
    seen: list[dict[str, Any]] = []
    stream = Archive.stream

    def watched(self: Archive, question: str, **options: Any) -> Any:
        seen.append({"question": question, **options})
        return stream(self, question, **options)

    monkeypatch.setattr(Archive, "stream", watched)
    return seen


# --- what was understood


async def test_what_was_understood_stands_under_the_question_and_is_removed_by_mouse(
    archive_path: Path, asked_with: list[dict[str, Any]]
) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, DATED)
        view = app.chat.query_one(TurnView)
        (said,) = lines(view, Understood)
        assert said.startswith("understood: Meridian Wire\u00a0✕ · in October 2026 (2026-10-01 to 2026-10-31)")
        await press_words(app, pilot, "Meridian Wire\u00a0✕")
        await until(pilot, lambda: len(app.chat.turns) == 2 and app.chat.turns[1].state == "answered")
        again = app.chat.turns[1]
        assert again.question == DATED
        assert again.removed == {"outlet"}
        assert again.asked is not None
        assert [each.what for each in again.asked.inferences] == ["window"]
        assert "outlet" in asked_with[0]["infer"]
        assert sorted(asked_with[1]["infer"]) == sorted(set(asked_with[0]["infer"]) - {"outlet"})
        (said,) = lines(app.chat.conversation.view(again), Understood)  # type: ignore[arg-type]
        assert said.endswith("✕ · without outlets\u00a0↺   ctrl+l")


async def test_it_is_removed_and_taken_back_by_key(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, DATED)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(app.screen, UnderstoodScreen))
        await pilot.press("escape")
        assert len(app.chat.turns) == 1
        await pilot.press("ctrl+l", "down", "enter")
        await until(pilot, lambda: len(app.chat.turns) == 2 and app.chat.turns[1].state == "answered")
        assert app.chat.turns[1].removed == {"window"}
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(app.screen, UnderstoodScreen))
        rows = [str(option.prompt) for option in app.screen.query_one(OptionList).options]
        assert rows == ["✕ Meridian Wire", "↺ dates, left out now"]
        await pilot.press("down", "enter")
        await until(pilot, lambda: len(app.chat.turns) == 3 and app.chat.turns[2].state == "answered")
        assert app.chat.turns[2].removed == set()


async def test_nothing_understood_takes_no_room_and_has_no_list(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, QUESTION)
        view = app.chat.query_one(TurnView)
        assert not view.query(Understood)
        await pilot.press("ctrl+l")
        assert app.screen is app.chat
        assert [each.message for each in app._notifications] == [
            "Nothing was read out of the question beside its words."
        ]


async def test_a_follow_up_leans_on_the_turns_before_it_and_never_on_itself(
    archive_path: Path, asked_with: list[dict[str, Any]]
) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, QUESTION)
        await ask(app, pilot, "And the cabinet?")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: len(app.chat.turns) == 3 and app.chat.turns[2].state == "answered")
        assert [[turn.question for turn in each["turns"]] for each in asked_with] == [[], [QUESTION], [QUESTION]]
        assert app.chat.turns[1].asked is not None
        assert [each.what for each in app.chat.turns[1].asked.inferences] == ["follow-up"]
        await pilot.press("ctrl+n")
        await ask(app, pilot, "And the cabinet?")
        assert asked_with[-1]["turns"] == ()
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, "And when?")
        assert [turn.question for turn in asked_with[-1]["turns"]] == ["And the cabinet?"]


# --- how sure, and where articles differ


async def test_a_kept_answer_comes_back_with_all_that_is_said_beside_it(archive_path: Path) -> None:
    keep_conversation(archive_path)
    async with running(archive_path, size=(100, 40)) as (app, pilot):
        await until(pilot, lambda: "evidence:" in screen_text(app))
        view = app.chat.query_one(TurnView)
        short, differing, first, second = str(view.query_one(AnswerText).render()).split("\n\n")
        assert short == "Twenty-eight people  — fair (0.71)"
        one, other = (f"[{n}], The Belmarin Courier, 7 May 2026" for n in (1, 2))
        assert differing == f"≠ The articles differ on people died: twenty-eight {one} · nine {other}"
        assert first.endswith("[1] — The Belmarin Courier, 7 May 2026 · said by 2 independent articles")
        assert second.endswith("[2] (She: counsel to the inquiry) — The Belmarin Courier, 7 May 2026")
        assert str(view.query_one(Steps).render()) == (
            "evidence: strong (0.84) · 2 citations\n✓ searched · 5 passages from 2 outlets ▸"
        )
        assert lines(view, Understood) == [
            "understood: last week (2026-05-04 to 2026-05-10)\u00a0✕ · The Belmarin Courier\u00a0✕   ctrl+l"
        ]


def test_what_is_copied_says_what_was_understood_and_where_articles_differ(archive_path: Path) -> None:
    keep_conversation(archive_path)
    with Archive.open(archive_path) as archive:
        (kept,) = archive.sessions.turns(archive.sessions.recent()[0].id)
    copied = answer_plain(KEPT_QUESTION, kept).splitlines()
    assert copied[:3] == [
        KEPT_QUESTION,
        "understood: last week (2026-05-04 to 2026-05-10) · The Belmarin Courier",
        "",
    ]
    assert (
        "The articles differ on people died: twenty-eight [1], The Belmarin Courier, 7 May 2026 · "
        "nine [2], The Belmarin Courier, 7 May 2026"
    ) in copied


async def test_a_long_answer_is_shown_from_its_question_on(archive_path: Path) -> None:
    async with running(archive_path, size=(60, 16)) as (app, pilot):
        await ask(app, pilot, KEPT_QUESTION)
        await until(pilot, lambda: KEPT_QUESTION in screen_text(app))
        assert app.chat.turns[0].citations
        assert "evidence:" not in screen_text(app)


# --- why not


async def test_a_refusal_is_explained_and_fits_a_small_terminal(archive_path: Path) -> None:
    with Archive.open(archive_path) as archive:
        archive.sessions.append(refused_answer(archive))
    async with running(archive_path) as (app, pilot):
        await until(pilot, lambda: app.chat.turns and "evidence: too thin" in screen_text(app))
        view = app.chat.query_one(TurnView)
        told = lines(view, Refused)
        searched = "in 2 articles: 2026-05-04 to 2026-05-10 · The Belmarin Courier."
        unknown = "No article by Bloomberg in this archive."
        assert told[:2] == [f"Searched for “Who won the Harsk regatta?” {searched} {unknown}", "Nearest:"]
        assert [line.rpartition(": ")[2] for line in told[2:4]] == ["it names no winner", "it is older"]
        assert told[4:] == ["You can: search all dates · search all outlets"]
        shown = screen_text(app)
        assert REFUSED_QUESTION[:60] in shown
        assert "evidence: too thin (0.31)" in shown
        assert describe(app.chat.turns[0], opened=True) == "not answered by the articles · evidence: too thin (0.31)"
        await press_words(app, pilot, "search all outlets")
        await until(pilot, lambda: len(app.chat.turns) == 2)
        assert app.chat.turns[1].removed == {"outlet"}


async def test_the_nearest_articles_can_be_opened(archive_path: Path) -> None:
    with Archive.open(archive_path) as archive:
        archive.sessions.append(refused_answer(archive))
        nearest = archive.articles()[0]
    async with running(archive_path, size=(120, 40)) as (app, pilot):
        await until(pilot, lambda: app.chat.turns and "Nearest:" in screen_text(app))
        await press_words(app, pilot, f"· {nearest.title[:20]}")
        await pilot.pause()
        await press_words(app, pilot, nearest.title[:20])
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        assert isinstance(app.screen, ReaderScreen)
        assert app.screen.article.id == nearest.id


def test_the_evidence_says_of_each_passage_why_it_does_not_do(archive_path: Path) -> None:
    with Archive.open(archive_path) as archive:
        turn = Turn.restored(refused_answer(archive))
    rows = [str(row.prompt).splitlines()[-1] for row in rows_of(turn, RankingSection()) if not row.disabled]
    assert rows[:3] == [
        "does not do: it names no winner",
        "does not do: it is older",
        "does not do: it is about a strike",
    ]
    assert not [row for row in rows[3:] if row.startswith("does not do")]


# --- why found


def test_a_passage_says_why_it_was_found(archive_path: Path) -> None:
    with Archive.open(archive_path) as archive:
        refused = refused_answer(archive)
    asked = understood_question("Who won, and when?")
    asked = replace(asked, parts=(replace(asked, text="Who won?"), replace(asked, text="When?")))
    signals = Signals(match=1.0, agreement=0.9)
    answer = Answer(
        "q", "extractive", passages=(replace(refused.passages[0], signals=signals, parts=(2,)),), asked=asked
    )
    (row,) = [row.prompt for row in rows_of(Turn.restored(answer), RankingSection()) if not row.disabled]
    assert str(row).splitlines()[3:] == ["for: When?", "matches the question’s words and meaning; other articles agree"]


async def test_the_reader_says_why_it_was_found(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, QUESTION)
        await pilot.press("tab", "1")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        about = str(app.screen.query_one("#about", Static).content).splitlines()
        assert about[-1].startswith("matches the question’s words and meaning; ")
