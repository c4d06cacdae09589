"""What is typed: several lines, what was asked before, completion, commands; and filters in sight."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import OptionList

from qa.archive import Archive
from tests.test_sessions import answer
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
from tui.filters import NONE, Filters
from tui.screens.articles import ArticlesScreen
from tui.screens.export import ExportScreen
from tui.slash import nearest, parse
from tui.turns import QUOTES, Answerer
from tui.widgets.chips import Chips
from tui.widgets.completions import Completions
from tui.widgets.prompt import Prompt

FERRY = "How many people died in the ferry accident?"


async def test_up_goes_through_what_was_asked_and_down_back_to_what_was_typed(archive_path: Path) -> None:
    with Archive.open(archive_path) as archive:
        archive.sessions.append(answer("What closed?"))
    async with running(archive_path) as (app, pilot):
        await pilot.press("ctrl+n")
        await ask(app, pilot, QUESTION)
        await ask(app, pilot, FERRY)
        prompt = app.chat.query_one(Prompt)
        await pilot.press(*"draft")
        seen = []
        for _ in range(4):
            await pilot.press("up")
            seen.append(prompt.text)
        assert seen == [FERRY, QUESTION, "What closed?", "What closed?"]
        for _ in range(3):
            await pilot.press("down")
        assert prompt.text == "draft"


async def test_a_question_brought_back_leans_on_what_it_leant_on(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, FERRY)
        await ask(app, pilot, QUESTION)
        await pilot.press("up", "up", "enter")
        await until(pilot, lambda: len(app.chat.turns) == 3 and app.chat.turns[2].state == "answered")
        assert app.chat.turns[2].question == FERRY
        assert app.chat.turns[2].before == ()


async def test_at_completes_outlets_and_articles_into_filters(archive_path: Path) -> None:
    async with running(archive_path, size=(100, 30)) as (app, pilot):
        prompt, offered = app.chat.query_one(Prompt), app.chat.query_one(Completions)
        await pilot.press(*"Who died? @cour")
        await until(pilot, lambda: offered.offering)
        assert [each.kind for each in offered.choices] == ["outlet"]
        await pilot.press("tab")
        await until(pilot, lambda: app.chat.filters.outlets)
        assert app.chat.filters.outlets == ("The Belmarin Courier",)
        assert prompt.text == "Who died? "
        assert not offered.offering
        assert "outlet: The Belmarin Courier ✕" in screen_text(app)
        await pilot.press(*"@ferry")
        await until(pilot, lambda: len(offered.choices) > 1)
        assert {each.kind for each in offered.choices} == {"article"}
        await pilot.press("down")
        chosen = offered.choices[1]
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.filters.article)
        assert app.chat.filters.article == (chosen.value, chosen.text)
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.turns and app.chat.turns[0].state == "answered")
        assert {each.article.id for each in app.chat.turns[0].passages} <= {chosen.value}


async def test_escape_closes_what_is_offered_and_typing_goes_on(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        offered = app.chat.query_one(Completions)
        await pilot.press(*"@ferry")
        await until(pilot, lambda: offered.offering)
        await pilot.press("escape")
        assert not offered.offering
        await pilot.press(*" x")
        assert app.chat.query_one(Prompt).text == "@ferry x"
        assert app.focused is app.chat.query_one(Prompt)


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("/since 2026-05-01", Filters(since="2026-05-01")),
        ("/until 2026-05-07T10:00", Filters(until="2026-05-07T10:00")),
        ("/now 2026-05-12", Filters(now="2026-05-12")),
        ("/outlet Meridian Wire,  The Belmarin Courier", Filters(outlets=("Meridian Wire", "The Belmarin Courier"))),
    ],
)
async def test_filters_are_typed_and_taken_away(archive_path: Path, typed: str, filters: Filters) -> None:
    async with running(archive_path) as (app, pilot):
        app.chat.query_one(Prompt).insert(typed)
        await pilot.press("escape", "enter")
        await until(pilot, lambda: app.chat.filters == filters)
        assert app.chat.query_one(Prompt).text == ""
        assert app.chat.query_one(Chips).display
        await pilot.press("ctrl+f", "x")
        await until(pilot, lambda: app.chat.filters == NONE)
        assert not app.chat.query_one(Chips).display
        assert app.focused is not app.chat.query_one(Chips)


async def test_a_filter_is_changed_in_the_prompt_and_removed_by_the_mouse(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        app.chat.filters = Filters(since="2026-05-01", until="2026-05-09")
        await pilot.press("ctrl+f", "l", "enter")
        assert app.chat.query_one(Prompt).text == "/until 2026-05-09"
        app.chat.query_one(Prompt).clear()
        await pilot.click(Chips, offset=(5, 0))
        await until(pilot, lambda: app.chat.filters == Filters(until="2026-05-09"))


async def test_what_is_no_date_is_said_and_stays_in_the_prompt(archive_path: Path) -> None:
    async with running(archive_path, size=(100, 30)) as (app, pilot):
        app.chat.query_one(Prompt).insert("/since yesterdayish")
        await pilot.press("enter")
        await until(pilot, lambda: "is no date" in screen_text(app))
        assert app.chat.query_one(Prompt).text == "/since yesterdayish"
        assert app.chat.filters == NONE


async def test_a_filter_that_nothing_passes_is_said_at_once(archive_path: Path) -> None:
    async with running(archive_path, size=(120, 30)) as (app, pilot):
        app.chat.filters = Filters(since="2031-01-01")
        await until(pilot, lambda: "no article passes" in screen_text(app))
        app.chat.filters = Filters(outlets=("The Nowhere Times",))
        await until(pilot, lambda: "No article is by the outlet" in screen_text(app))
        await ask(app, pilot, FERRY)
        assert "No article is by the outlet" in app.chat.turns[0].error
        app.chat.filters = NONE
        await until(pilot, lambda: "No article is by the outlet" not in app.chat.query_one(Chips).note)


async def test_what_was_read_out_of_a_question_is_a_chip_of_another_kind(archive_path: Path) -> None:
    async with running(archive_path, size=(120, 40)) as (app, pilot):
        await ask(app, pilot, "What did the Courier report about the ferry?")
        chips = app.chat.query_one(Chips)
        assert [chip.inferred for chip in chips.chips] == [True]
        assert "~The Belmarin Courier ✕" in str(chips.render())
        await pilot.press("ctrl+f", "enter")
        assert app.focused is chips
        await pilot.press("delete")
        await until(pilot, lambda: len(app.chat.turns) == 2)
        assert app.chat.turns[1].removed == {"outlet"}


async def test_commands_are_offered_run_and_the_wrong_ones_are_said(archive_path: Path) -> None:
    async with running(archive_path, size=(100, 40)) as (app, pilot):
        offered, prompt = app.chat.query_one(Completions), app.chat.query_one(Prompt)
        await pilot.press("slash", *"art")
        assert [each.value for each in offered.choices] == ["articles"]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ArticlesScreen))
        await pilot.press("escape")
        assert prompt.text == ""
        prompt.insert("/quotes")
        await pilot.press("escape", "enter")
        await until(pilot, lambda: app.answerer == QUOTES)
        assert "by: quotes only" in str(app.chat.query_one(Chips).render())
        await pilot.press("ctrl+f", "x")
        await until(pilot, lambda: app.answerer == Answerer())
        prompt.focus()
        prompt.insert("/artcles")
        await pilot.press("enter")
        await until(pilot, lambda: "Did you mean /articles?" in screen_text(app))
        assert prompt.text == "/artcles"


async def test_export_is_a_command(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, QUESTION)
        app.chat.query_one(Prompt).insert("/export html")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        assert app.screen.query_one(OptionList).highlighted == 1


def test_what_a_line_with_a_slash_means() -> None:
    assert parse("/since  2026-05-01") == ("since", "2026-05-01")
    assert parse("/Help") == ("help", "")
    assert parse("//etc/passwd, what is it?") is None
    assert parse("Who?") is None
    assert "Did you mean /outlet?" in nearest("outlets")


async def test_a_question_may_begin_with_a_slash(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        app.chat.query_one(Prompt).insert("//ferry: who died?")
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.turns)
        assert app.chat.turns[0].question == "/ferry: who died?"


async def test_one_article_is_asked_about(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        article = app.opened_archive.articles()[0]
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, ArticlesScreen))
        app.chat.limit_to(article)
        await pilot.pause()
        assert app.screen is app.chat
        assert app.chat.filters.arguments() == {"articles": (article.id,)}
        await ask(app, pilot, "What happened?")
        assert {each.article.id for each in app.chat.turns[0].passages} == {article.id}
