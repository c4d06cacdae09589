"""What is typed: several lines, what was asked before, completion, commands; and filters in sight."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.content import Content
from textual.widgets import Input

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
from tui.filters import NONE, Filters, Named
from tui.paths import entries
from tui.screens.articles import ArticlesScreen
from tui.screens.export import ExportScreen
from tui.screens.settings import SettingsScreen
from tui.slash import REGISTERED, matching, nearest, parse, slashes
from tui.turns import QUOTES, Answerer
from tui.widgets.chips import Chips
from tui.widgets.completions import Completions
from tui.widgets.filter_line import FilterLine
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


async def test_a_change_of_what_was_brought_back_is_not_lost(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, QUESTION)
        await ask(app, pilot, FERRY)
        prompt = app.chat.query_one(Prompt)
        await pilot.press(*"draft", "up", *" Six")
        await pilot.press("up")
        assert prompt.text == QUESTION
        await pilot.press("down")
        assert prompt.text == f"{FERRY} Six"
        await pilot.press("down")
        assert prompt.text == "draft"
        await pilot.press("ctrl+t")
        assert prompt.text == f"{FERRY} Six"[: len(FERRY)]
        await pilot.press("down")
        assert prompt.text == "draft"


async def test_up_moves_in_several_lines_first(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, FERRY)
        prompt = app.chat.query_one(Prompt)
        await pilot.press(*"one", "ctrl+j", *"two", "shift+enter", *"three", "alt+enter")
        assert prompt.text == "one\ntwo\nthree\n"
        await pilot.press("up", "up", "up")
        assert prompt.text == "one\ntwo\nthree\n"
        await pilot.press("up")
        assert prompt.text == FERRY


async def test_a_question_with_a_slash_or_an_at_sign_comes_back_as_it_was(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        prompt, offered = app.chat.query_one(Prompt), app.chat.query_one(Completions)
        await ask(app, pilot, "Who runs it? @cour")
        await ask(app, pilot, "//who")
        assert [turn.question for turn in app.chat.turns] == ["Who runs it? @cour", "/who"]
        await pilot.press("up")
        assert prompt.text == "//who"
        await pilot.press("up")
        await pilot.pause(0.2)
        assert prompt.text == "Who runs it? @cour"
        assert not offered.offering
        await pilot.press("down", "down")
        assert prompt.text == ""


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
        assert app.chat.filters.article == Named((chosen.value,), chosen.text)
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


async def test_what_was_put_away_stays_away_until_something_else_is_named(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        prompt, offered = app.chat.query_one(Prompt), app.chat.query_one(Completions)
        await pilot.press(*"@fer")
        await until(pilot, lambda: offered.offering)
        await pilot.press("escape", *"ry")
        await pilot.pause(0.3)
        assert not offered.offering
        await pilot.press(*" @mer")
        await until(pilot, lambda: offered.offering)
        await pilot.press("home")
        await until(pilot, lambda: not offered.offering)
        await pilot.press("end")
        await until(pilot, lambda: offered.offering)
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.filters.outlets == ("Meridian Wire",))
        assert prompt.text == "@ferry "


async def test_what_is_offered_can_be_clicked(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        offered = app.chat.query_one(Completions)
        await pilot.press(*"@wi")
        await until(pilot, lambda: offered.offering)
        await pilot.click(Completions, offset=(4, 1))
        await until(pilot, lambda: app.chat.filters.outlets == ("Meridian Wire",))
        assert app.focused is app.chat.query_one(Prompt)


async def test_outlets_are_offered_for_their_command(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        prompt, offered = app.chat.query_one(Prompt), app.chat.query_one(Completions)
        await pilot.press(*"/outlet ")
        await until(pilot, lambda: offered.offering)
        assert offered.highlighted is None
        await pilot.press(*"Meridian Wire, cou")
        await until(pilot, lambda: [each.text for each in offered.choices] == ["The Belmarin Courier"])
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.filters.outlets == ("Meridian Wire", "The Belmarin Courier"))
        assert prompt.text == ""
        await pilot.press(*"/outlet ")
        await until(pilot, lambda: offered.offering)
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.filters == NONE)


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
        chips = app.chat.query_one(Chips)
        app.chat.query_one(Prompt).insert(typed)
        await pilot.press("escape", "enter")
        await until(pilot, lambda: app.chat.filters == filters)
        assert app.chat.query_one(Prompt).text == ""
        assert chips.display
        await pilot.press("ctrl+f")
        for left in reversed(range(len(chips.chips))):
            await pilot.press("x")
            await until(pilot, lambda left=left: len(chips.chips) == left)  # type: ignore[misc]
        assert (app.chat.filters, chips.display) == (NONE, False)
        assert app.focused is app.chat.query_one(Prompt)


async def test_a_filter_is_changed_in_a_line_and_removed_by_the_mouse(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        app.chat.filters = Filters(since="2026-05-01", until="2026-05-09")
        app.chat.query_one(Prompt).insert("Who di")
        await pilot.press("ctrl+f", "l", "enter")
        line = app.chat.query_one(FilterLine).query_one(Input)
        assert (app.focused, line.value) == (line, "2026-05-09")
        line.value = "9 May"
        await pilot.press("enter")
        await until(pilot, lambda: "until = '9 May' is no date" in screen_text(app))
        assert app.chat.filters.until == "2026-05-09"
        line.value = "2026-05-10"
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.filters.until == "2026-05-10")
        assert app.focused is app.chat.query_one(Chips)
        await pilot.press("enter", "escape")
        assert not app.chat.query_one(FilterLine).display
        await pilot.click(Chips, offset=(2 + len(" since: 2026-05-01 "), 0))
        await until(pilot, lambda: app.chat.filters == Filters(until="2026-05-10"))
        assert app.chat.query_one(Prompt).text == "Who di"


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
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.chat.turns[0].state == "answered")
        assert len(app.chat.turns) == 1


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
        assert "mode: quotes only" in str(app.chat.query_one(Chips).render())
        await pilot.press("ctrl+f", "x")
        await until(pilot, lambda: app.answerer == Answerer())
        prompt.focus()
        prompt.insert("/artcles")
        await pilot.press("enter")
        await until(pilot, lambda: "Did you mean /articles?" in screen_text(app))
        assert prompt.text == "/artcles"


async def test_more_chips_than_there_is_room_for(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        chips = app.chat.query_one(Chips)
        app.chat.filters = Filters(tuple(f"The {n}th Gazette and Advertiser" for n in range(6)))
        await until(pilot, lambda: "+4 more" in str(chips.render()))
        assert chips.size.height <= 5
        await pilot.press("ctrl+f", "left")
        await until(pilot, lambda: "5th" in screen_text(app))
        await pilot.press("enter", "escape", "escape")
        await until(pilot, lambda: "+4 more" in str(chips.render()))
        await pilot.click(Chips, offset=(6, 0))
        line = app.chat.query_one(FilterLine).query_one(Input)
        await until(pilot, lambda: app.focused is line)
        line.value = "Meridian Wire, "
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.filters.outlets[0] == "Meridian Wire")
        assert len(app.chat.filters.outlets) == 6
        await pilot.press("escape")
        more = Content("\n").join(chips._lines(chips.content_size.width)).plain.splitlines()[1].index("+")
        await pilot.click(Chips, offset=(2 + more, 1))
        await until(pilot, lambda: app.focused is chips)


async def test_another_article_is_chosen_by_its_chip(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        prompt = app.chat.query_one(Prompt)
        app.chat.filters = Filters(article=Named(("x",), "Gone"))
        prompt.insert("Who")
        await pilot.pause()
        await pilot.press("ctrl+f", "enter")
        await until(pilot, lambda: app.chat.query_one(Completions).offering)
        assert prompt.text == "Who @"
        await pilot.press(*"six", "enter")
        await until(pilot, lambda: app.chat.filters.article and app.chat.filters.article.called.startswith("Six dead"))
        assert prompt.text == "Who "


async def test_commands_act_and_what_they_cannot_do_comes_back(archive_path: Path) -> None:
    async with running(archive_path, size=(100, 40)) as (app, pilot):
        prompt, chips = app.chat.query_one(Prompt), app.chat.query_one(Chips)

        async def send(line: str) -> None:
            prompt.focus()
            prompt.clear()
            prompt.insert(line)
            await pilot.press("escape", "enter")
            await pilot.pause()

        for line, said in (
            ("/mode model", "No model is configured"),
            ("/mode loud", "one of auto, quotes, model"),
            ("/add", "takes a file, a folder or an address"),
            ("/rewrite upside down", "takes how"),
            ("/export pdf", "one of markdown"),
            ("/now soon", "is no date"),
        ):
            await send(line)
            await until(pilot, lambda said=said: said in chips.note)  # type: ignore[misc]
            assert prompt.text == line
        await pilot.press("x")
        await until(pilot, lambda: not chips.note)
        await send("/mode quotes")
        await until(pilot, lambda: app.answerer == QUOTES)
        await send("/mode")
        await until(pilot, lambda: app.answerer == Answerer())
        await send("/since 2026-05-01")
        await send("/clear")
        assert app.chat.filters == NONE
        prompt.clear()
        await ask(app, pilot, QUESTION)
        await send("/edit")
        await until(pilot, lambda: prompt.text == QUESTION)
        await send("/shorter")
        await until(pilot, lambda: len(app.chat.turns) == 2 and app.chat.turns[1].state == "failed")
        await send("/settings")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))


async def test_paths_are_completed_behind_add(archive_path: Path, tmp_path: Path) -> None:
    (tmp_path / "papers" / "old").mkdir(parents=True)
    (tmp_path / "papers" / "one two.txt").write_text("One.\n\nTwo.", encoding="utf-8")
    async with running(archive_path) as (app, pilot):
        prompt, offered = app.chat.query_one(Prompt), app.chat.query_one(Completions)
        prompt.insert(f"/add {tmp_path}/pap")
        await until(pilot, lambda: offered.offering)
        assert ([each.kind for each in offered.choices], offered.highlighted) == (["path"], None)
        await pilot.press("tab")
        await until(pilot, lambda: len(offered.choices) == 2)
        assert prompt.text == f"/add {tmp_path}/papers/"
        assert [each.value[len(str(tmp_path)) :] for each in offered.choices] == ["/papers/old/", "/papers/one two.txt"]
        await pilot.press("down", "down", "enter")
        assert prompt.text == f"/add {tmp_path}/papers/one two.txt"
        await until(pilot, lambda: not offered.looking)
        assert not offered.offering
        await pilot.press("enter")
        await until(pilot, lambda: len(app.opened_archive.articles()) == 6)
        assert prompt.text == ""


async def test_tab_takes_what_is_still_being_looked_up(
    archive_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kept").mkdir()
    pressed = threading.Event()

    def slowly(value: str, most: int) -> list[str]:
        pressed.wait(60)
        return entries(value, most)

    monkeypatch.setattr("tui.completion.entries", slowly)
    async with running(archive_path) as (app, pilot):
        prompt = app.chat.query_one(Prompt)
        prompt.insert(f"/export json {tmp_path}/ke")
        await until(pilot, lambda: app.chat.query_one(Completions).looking)
        await pilot.press("tab")
        pressed.set()
        await until(pilot, lambda: prompt.text == f"/export json {tmp_path}/kept/")
        assert app.focused is prompt


async def test_what_was_emptied_is_forgotten(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, FERRY)
        prompt = app.chat.query_one(Prompt)
        await pilot.press(*"ab", "up", "down")
        assert prompt.text == "ab"
        await pilot.press("backspace", "backspace", "up", "down")
        assert prompt.text == ""


async def test_what_is_wrong_with_a_command_stays_though_the_filters_are_counted(archive_path: Path) -> None:
    async with running(archive_path, size=(100, 30)) as (app, pilot):
        app.chat.filters = Filters(since="2026-05-01")
        app.chat.query_one(Prompt).insert("/now soon")
        await pilot.press("enter")
        await until(pilot, lambda: "is no date" in screen_text(app))
        app.chat.count_inside()
        await app.workers.wait_for_complete()
        await pilot.pause(0.1)
        assert "is no date" in screen_text(app)


async def test_export_is_a_command_with_a_file(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, QUESTION)
        for line, form, file in (
            ("/export json a b.json", "json", "a b.json"),
            ("/export notes.html", "html", "notes.html"),
        ):
            app.chat.query_one(Prompt).insert(line)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, ExportScreen))
            assert isinstance(app.screen, ExportScreen)
            await until(pilot, lambda file=file: app.screen.query_one("#file", Input).value == file)  # type: ignore[misc]
            assert app.screen.form == form
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.chat)


async def test_export_is_a_command(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, QUESTION)
        app.chat.query_one(Prompt).insert("/export html")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        assert isinstance(app.screen, ExportScreen)
        assert app.screen.form == "html"


def test_what_a_line_with_a_slash_means() -> None:
    assert parse("/since  2026-05-01") == ("since", "2026-05-01")
    assert parse("/Help") == ("help", "")
    assert parse("//etc/passwd, what is it?") is None
    assert parse("Who?") is None
    assert parse("/quotes") == ("mode", "quotes")
    assert parse("/exit") == ("quit", "")
    assert "Did you mean /outlet?" in nearest("outlets")
    assert "/help lists the keys" in nearest("zzzzzz")


def test_every_command_can_be_looked_up() -> None:
    known = slashes()
    assert set(REGISTERED.values()) <= set(known)
    assert matching("ex", known) == ["export"]
    assert matching("LL", known) == []
    assert matching("o", known)[0] == "outlet"


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
