"""The terminal UI, driven as a person would, over a real archive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from qa.archive import Archive
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    HOSTILE_OUTLET,
    HOSTILE_TEXT,
    HOSTILE_TITLE,
    QUESTION,
    SEEDS,
    ask,
    build_archive,
    copy_archive,
    keep_conversation,
    refused_answer,
    running,
    screen_text,
    settings,
    unset_key,
    until,
    written_answer,
)
from tui.app import NewsdeskApp
from tui.screens.articles import ArticlesScreen
from tui.screens.conversations import ConversationsScreen
from tui.screens.reader import ReaderScreen
from tui.widgets.answer import AnswerText
from tui.widgets.article_table import ArticleTable
from tui.widgets.article_text import ArticleText
from tui.widgets.prompt import Prompt
from tui.widgets.status import StatusLine
from tui.widgets.turn import TurnView

UNREACHABLE = {"base_url": "http://127.0.0.1:9", "model": "none", "retries": 0, "timeout": 5}


async def test_a_question_is_answered_with_its_citations(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, QUESTION)
        turn = app.chat.turns[0]
        assert turn.state == "answered"
        assert turn.citations
        assert "[1]" in str(app.chat.query_one(AnswerText).render())
        assert turn.citations[-1].quote.split()[-1] in screen_text(app)
        assert "[1]" in screen_text(app)
        assert app.opened_archive.sessions.recent()[0].turns == 1


async def test_a_digit_opens_the_citation_with_its_words_in_view(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, "How many people are known to have died in the ferry accident?")
        await pilot.press("tab")
        assert not isinstance(app.focused, Prompt)
        citation = app.chat.turns[0].citations[0]
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        await pilot.pause()
        text = app.screen.query_one(ArticleText)
        chosen = text.chosen
        assert chosen is not None
        assert text.text[text.marks[chosen].start : text.marks[chosen].end] == citation.quote
        lines = text.lines_of(chosen)
        assert lines is not None
        assert text.scroll_offset.y <= lines[0] < text.scroll_offset.y + text.size.height
        assert citation.quote.split()[0] in screen_text(app)
        await pilot.press("escape")
        assert app.screen is app.chat


async def test_rows_of_the_evidence_open_articles(archive_path: Path) -> None:
    async with running(archive_path, size=(160, 48)) as (app, pilot):
        await ask(app, pilot, QUESTION)
        await pilot.press("ctrl+o", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        await pilot.press("escape")
        rows = app.chat.query_one("#rows", OptionList)
        passages = [n for n, option in enumerate(rows.options) if (option.id or "").startswith("passage")]
        rows.highlighted = passages[0]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        cited = len(app.chat.turns[-1].answer.citations) if app.chat.turns[-1].answer else 0
        assert len(rows.options) > cited > 0


async def test_a_marker_can_be_clicked(archive_path: Path) -> None:
    async with running(archive_path, size=(160, 48)) as (app, pilot):
        await ask(app, pilot, QUESTION)
        rows = screen_text(app).splitlines()
        y = next(row for row, line in enumerate(rows) if "[1]" in line[:90])
        await pilot.click(offset=(rows[y].index("[1]") + 1, y))
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))


async def test_questions_sent_before_the_archive_is_there_are_answered_in_order(archive_path: Path) -> None:
    async with running(archive_path, ready=False) as (app, pilot):
        await until(pilot, lambda: app.chat.query(Prompt))
        prompt = app.chat.query_one(Prompt)
        for question in (QUESTION, "How many people died in the ferry accident?"):
            prompt.insert(question)
            await pilot.press("enter")
        await until(pilot, lambda: len(app.chat.turns) == 2)
        if not app.chat.ready:
            assert "waiting for the archive" in screen_text(app)
        await until(pilot, lambda: all(turn.state == "answered" for turn in app.chat.turns))
        assert app.chat.turns[0].question == QUESTION
        assert [each.question for each in app.opened_archive.sessions.turns(app.chat.session or 0)] == [
            turn.question for turn in app.chat.turns
        ]


async def test_a_folder_is_added_from_inside(archive_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "good.md").write_bytes((SEEDS / "courier-pension-march.md").read_bytes())
    (folder / "bad.json").write_text("{", encoding="utf-8")
    async with running(archive_path) as (app, pilot):
        await pilot.press("f2")
        await until(pilot, lambda: app.screen.query_one(ArticleTable).rows == 5)
        await pilot.press("a")
        app.screen.query_one("#path", Input).value = str(folder)
        await pilot.press("enter")
        await until(pilot, lambda: app.intake.report is not None)
        await until(pilot, lambda: app.screen.query_one(ArticleTable).rows == 6)
        text = screen_text(app)
        assert "1 added" in text
        assert "1 failed" in text
        assert "bad.json" in text
        await pilot.press("escape", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))


async def test_a_conversation_comes_back_with_working_citations(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, QUESTION)
        quote = app.chat.turns[0].citations[0].quote
    async with running(archive_path) as (app, pilot):
        await until(pilot, lambda: app.chat.turns)
        assert app.chat.turns[0].question == QUESTION
        await ask(app, pilot, "How many ships were waiting off the port?")
        assert len(app.opened_archive.sessions.recent()) == 1
        app.chat.select(app.chat.turns[0])
        await pilot.press("tab", "1")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        text = app.screen.query_one(ArticleText)
        assert quote in [text.text[mark.start : mark.end] for mark in text.marks]
    async with running(archive_path, config=settings(ui={"resume": False})) as (app, pilot):
        await pilot.pause()
        assert not app.chat.turns


async def test_conversations_are_listed_opened_and_deleted(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, QUESTION)
        await pilot.press("ctrl+n")
        assert not app.chat.turns
        await ask(app, pilot, "How many people died in the ferry accident?")
        await pilot.press("f3")
        await until(pilot, lambda: len(getattr(app.screen, "sessions", ())) == 2)
        await pilot.press("end", "enter")
        await until(pilot, lambda: app.screen is app.chat)
        assert len(app.chat.turns) == 1
        await pilot.press("f3")
        await until(pilot, lambda: len(getattr(app.screen, "sessions", ())) == 2)
        await pilot.press("d")
        await until(pilot, lambda: len(app.opened_archive.sessions.recent()) == 1)
        assert isinstance(app.screen, ConversationsScreen)


async def test_a_failed_answer_keeps_its_passages_and_can_be_retried(archive_path: Path) -> None:
    async with running(archive_path, config=settings(answer=UNREACHABLE), size=(160, 48)) as (app, pilot):
        assert "generated by none at 127.0.0.1:9" in screen_text(app)
        await ask(app, pilot, QUESTION)
        turn = app.chat.turns[0]
        assert turn.state == "failed"
        assert turn.error
        assert turn.passages
        assert "ctrl+r" in screen_text(app)
        assert turn.passages[0].article.outlet in screen_text(app)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.chat.turns and app.chat.turns[0] is not turn)
        await until(pilot, lambda: app.chat.turns[0].state == "failed")
        assert len(app.chat.turns) == 1


async def test_escape_stops_what_runs_and_keeps_it(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        app.chat.query_one(Prompt).insert(QUESTION)
        await pilot.press("enter", "escape")
        turn = app.chat.turns[0]
        assert turn.state in ("stopped", "answered")
        if turn.state == "stopped":
            assert "stopped" in screen_text(app)
            await pilot.press("ctrl+r")
            await until(pilot, lambda: app.chat.turns and app.chat.turns[-1].state == "answered")


async def test_another_writer_is_a_notice(archive_path: Path) -> None:
    sources = [{"path": str(SEEDS / "courier-pension-march.md")}]
    other = Archive.open(archive_path)
    with other.writing("test"):
        async with running(archive_path, config=settings(sources=sources)) as (app, pilot):
            await ask(app, pilot, QUESTION)
            assert app.chat.turns[0].state == "answered"
            await until(pilot, lambda: app.standing.notice)
            assert "is writing to this archive" in app.standing.notice
            assert "⚠" in screen_text(app)
    other.close()


async def test_sources_are_followed_at_the_start(tmp_path: Path) -> None:
    sources = [{"path": str(SEEDS / "courier-pension-march.md")}]
    async with running(tmp_path / "new", config=settings(sources=sources)) as (app, _):
        assert app.standing.articles == 1
        assert "pension" in screen_text(app).lower()


async def test_an_empty_archive_says_how_to_fill_it(tmp_path: Path) -> None:
    async with running(tmp_path / "new") as (app, pilot):
        assert "no articles yet" in screen_text(app)
        await ask(app, pilot, QUESTION)
        assert app.chat.turns[0].answer is not None
        assert app.chat.turns[0].answer.abstained
        assert "not answered by the articles" in screen_text(app)


async def test_a_configuration_that_cannot_be_read_is_shown(tmp_path: Path) -> None:
    def broken() -> object:
        from qa.config import load

        file = tmp_path / "config.toml"
        file.write_text("[anser]\n", encoding="utf-8")
        return load(file)

    app = NewsdeskApp(config=broken, archive_path=tmp_path / "new", debug=True)  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.chat.query("#cannot-open"))
        assert "Did you mean 'answer'" in screen_text(app)
        await ask(app, pilot, "Is anybody there?")
        assert app.chat.turns[-1].state == "failed"
        assert app.chat.turns[-1].error == app.chat.refused


async def test_a_crash_in_a_worker_is_shown_and_logged(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        app._raising = False

        def broken(*args: object, **options: object) -> None:
            raise RuntimeError("a [red]broken[/] pipe")

        app.opened_archive.stream = broken  # type: ignore[method-assign, assignment]
        await ask(app, pilot, QUESTION)
        assert "a [red]broken[/] pipe" in app.chat.turns[0].error
        assert "RuntimeError" in (archive_path / "newsdesk.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_hostile_text_is_shown_as_text(tmp_path: Path, size: tuple[int, int]) -> None:
    file = tmp_path / "hostile.json"
    fields = {"title": HOSTILE_TITLE, "text": HOSTILE_TEXT, "outlet": HOSTILE_OUTLET, "published": "2026-05-01"}
    file.write_text(json.dumps(fields), encoding="utf-8")
    with Archive.open(tmp_path / "archive") as archive:
        assert archive.ingest([file]).added == 1
    certain = settings(answer={"evidence": 0.0})
    async with running(tmp_path / "archive", config=certain, size=size) as (app, pilot):
        shown = screen_text(app)
        assert "[red]Flood[/]" in shown
        _assert_harmless(app)
        await ask(app, pilot, "What did the zorgle dam [b]do[/b] \u202e\u001b[2J on Monday?")
        _assert_harmless(app)
        assert "[b]do[/b]" in screen_text(app)
        assert app.chat.turns[0].citations
        assert "[bold]zorgle[/bold]" in screen_text(app)
        await pilot.press("ctrl+o")
        _assert_harmless(app)
        assert "[link=http://evil.example]Evil[/link]" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        _assert_harmless(app)
        assert "![pic](http://evil.example/a.png)" in screen_text(app).replace("\n", " ") or size[0] == 80
        await pilot.press("escape", "f2")
        await until(pilot, lambda: isinstance(app.screen, ArticlesScreen) and app.screen.table.rows)
        _assert_harmless(app)
        assert "[red]Flood[/]" in screen_text(app)
        await pilot.press("escape", "f3")
        await until(pilot, lambda: getattr(app.screen, "sessions", ()))
        _assert_harmless(app)


def _assert_harmless(app: NewsdeskApp) -> None:
    text = screen_text(app)
    for character in "\x1b\x9b\x07\u202e\u202c\u2066\u2069\u200b":
        assert character not in text
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            assert "quit" not in str(segment.style.meta if segment.style else "")
            assert segment.style is None or segment.style.link is None


async def test_the_prompt_breaks_lines_recalls_and_stays_editable(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await pilot.press("W", "ctrl+j", "h")
        assert app.chat.query_one(Prompt).text == "W\nh"
        app.chat.query_one(Prompt).clear()
        await ask(app, pilot, QUESTION)
        await pilot.press("up")
        assert app.chat.query_one(Prompt).text == QUESTION


async def test_a_sample_question_is_pressed_by_key_and_letters_typed_there_are_the_prompts(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await until(pilot, lambda: app.chat.query("#samples"))
        await pilot.press("shift+tab", *"Who? y")
        assert app.chat.prompt.text == "Who? y"
        app.chat.prompt.clear()
        asked = [line.strip("› ") for line in screen_text(app).splitlines() if "›" in line]
        await pilot.press("shift+tab", "down", "enter")
        await until(pilot, lambda: app.chat.turns)
        assert app.chat.turns[0].question.startswith(asked[1])


async def test_tab_leads_from_the_prompt_to_the_selected_answer(archive_path: Path) -> None:
    async with running(archive_path, size=(120, 48)) as (app, pilot):
        for question in (QUESTION, "How many people died in the ferry accident?"):
            await ask(app, pilot, question)
        await pilot.press("tab")
        assert isinstance(app.focused, TurnView)
        assert app.focused.turn is app.chat.selected is app.chat.turns[1]
        await pilot.press("ctrl+up", "escape", "tab")
        assert isinstance(app.focused, TurnView)
        assert app.focused.turn is app.chat.selected is app.chat.turns[0]


async def test_an_answer_is_copied_with_its_sources(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await ask(app, pilot, QUESTION)
        await pilot.press("tab", "y")
        assert app.chat.turns[0].citations[0].quote in app.clipboard
        assert "[1] " in app.clipboard


async def test_evidence_is_toggled(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await pilot.pause()
        await pilot.press("ctrl+b")
        assert app.chat.query_one("#evidence").region.width > 70
        await pilot.press("escape")
        assert app.chat.query_one("#evidence").region.width == 0
    async with running(archive_path, size=(160, 48)) as (app, pilot):
        assert app.chat.query_one("#evidence").region.width > 30
        await pilot.press("ctrl+b")
        assert app.chat.query_one("#evidence").region.width == 0


# --- the registry


async def test_the_palette_runs_an_action(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await pilot.press("ctrl+p")
        await pilot.pause()
        await pilot.press(*"articles")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ArticlesScreen))
        assert "Articles" in screen_text(app)


async def test_the_footer_shows_the_keys(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        await until(pilot, lambda: "Palette" in screen_text(app))
        for label in ("New", "Evidence", "Help", "Articles", "History"):
            assert label in screen_text(app)


async def test_the_status_line_says_what_the_archive_holds(archive_path: Path) -> None:
    async with running(archive_path) as (app, _):
        assert "5 articles · extractive, quotes only" in str(app.chat.query_one(StatusLine).render())
