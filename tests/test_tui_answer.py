"""An answer checked at a glance: markers stepped through, verdicts beside sentences, the steps behind it."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Markdown, Static

from qa.answers import Answer, Citation, Citations, Sentence
from qa.answers.drafts import Draft
from qa.answers.markers import parse
from qa.archive import Archive
from tests.openai_server import OpenAIServer, Reply, Wait, begin, end
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    KEPT_QUESTION,
    NOON,
    QUESTION,
    ask,
    build_archive,
    copy_archive,
    keep_conversation,
    running,
    screen_text,
    settings,
    understood_question,
    unset_key,
    until,
    written_answer,
)
from tui.app import NewsdeskApp
from tui.digits import typed
from tui.screens.reader import ReaderScreen
from tui.turns import Turn, found
from tui.widgets.answer import AnswerText
from tui.widgets.blocks import Laid
from tui.widgets.evidence import Rows
from tui.widgets.prompt import Prompt
from tui.widgets.steps import Steps, steps
from tui.widgets.turn import TurnView

FERRY = "How many people are known to have died in the ferry accident?"


@pytest.fixture(name="server")
def start_server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture(name="written")
def keep_written(archive_path: Path) -> Path:
    with Archive.open(archive_path) as archive:
        archive.sessions.append(written_answer(archive))
    return archive_path


async def test_markers_are_stepped_through_and_opened(written: Path) -> None:
    async with running(written, size=(160, 48)) as (app, pilot):
        await until(pilot, lambda: app.chat.query(AnswerText))
        app.chat.query_one(TurnView).focus()
        turn = app.chat.turns[0]
        places = [turn.marker]
        for key in ("n", "n", "n"):
            await pilot.press(key)
            places.append(turn.marker)
        assert places == [None, 0, 1, 2]
        answer = app.chat.query_one(AnswerText)
        shown = answer.render().at(60)
        marked = [span for span in shown.spans if "reverse" in str(span.style)]
        assert [shown.plain[span.start : span.end] for span in marked] == ["[2]"]
        assert [rows.chosen.number for rows in app.chat.query(Rows) if isinstance(rows.chosen, Citation)] == [2]
        await pilot.press("p", "p", "p")
        assert turn.marker == len(turn.markers) - 1
        await pilot.press("n", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        assert isinstance(app.screen, ReaderScreen)
        chosen = next(mark for mark in app.screen.marks if mark.chosen)
        assert chosen.number == turn.markers[0]


async def test_the_marker_that_is_stepped_to_is_in_view(written: Path) -> None:
    async with running(written, size=(60, 16)) as (app, pilot):
        await until(pilot, lambda: app.chat.query(AnswerText))
        app.chat.query_one(TurnView).focus()
        for _ in range(4):
            await pilot.press("n")
            await pilot.pause()
            answer = app.chat.query_one(AnswerText)
            line = answer.line_of_marker()
            assert line is not None
            view = app.chat.conversation.region
            assert view.y <= answer.region.y + line < view.bottom


async def test_a_marker_that_is_clicked_is_opened(written: Path) -> None:
    async with running(written, size=(160, 48)) as (app, pilot):
        await until(pilot, lambda: app.chat.query(AnswerText))
        answer = app.chat.query_one(AnswerText)
        line = str(answer.render().at(answer.size.width)).splitlines()[0]
        await pilot.click(answer, offset=(line.index("[1]") + 1, 0))
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        assert app.chat.turns[0].marker == 0


@pytest.mark.parametrize(
    ("keys", "opened"), [("2", 2), ("12", 12), ("1", 1), ("10", 10), ("13", 3), ("9", 9), ("011", 11)]
)
async def test_citations_are_opened_by_their_digits(archive_path: Path, keys: str, opened: int) -> None:
    async with running(archive_path, size=(120, 40)) as (app, pilot):
        turn = Turn("q", "answered", answer=many_citations(app.opened_archive))
        app.chat.turns.append(turn)
        await app.chat._show([turn])
        app.chat.select(turn)
        app.chat.query_one(TurnView).focus()
        await pilot.press(*keys)
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        assert isinstance(app.screen, ReaderScreen)
        assert [mark.number for mark in app.screen.marks if mark.chosen] == [opened]


def many_citations(archive: Archive) -> Answer:
    """An answer with twelve citations."""
    numbers = Citations()
    (article, *_) = archive.articles()
    cited = [numbers.cite(article, start, start + 9) for start in range(0, 120, 10)]
    sentences = tuple(Sentence(f"Sentence {n}.", (n,), "supported") for n in cited)
    return Answer("q", "generated", sentences=sentences, citations=numbers.all())


def test_digits_make_a_number_where_they_can() -> None:
    assert typed("", 1, range(1, 10)) == ("1", False)
    assert typed("", 1, range(1, 13)) == ("1", True)
    assert typed("1", 2, range(1, 13)) == ("12", False)
    assert typed("1", 9, range(1, 13)) == ("9", False)
    assert typed("", 0, []) == ("0", False)


async def test_a_citation_that_is_none_is_said(written: Path) -> None:
    async with running(written) as (app, pilot):
        await until(pilot, lambda: app.chat.query(AnswerText))
        app.chat.query_one(TurnView).focus()
        await pilot.press("7")
        assert "no citation 7" in [each.message for each in app._notifications][-1]


# --- steps


async def test_steps_open_to_what_stands_behind_them(archive_path: Path) -> None:
    async with running(archive_path, size=(120, 48)) as (app, pilot):
        await ask(app, pilot, QUESTION)
        shown = screen_text(app)
        assert "✓ searched 5 articles · " in shown
        assert "understood" not in shown
        app.chat.query_one(TurnView).focus()
        await pilot.press("o")
        shown = screen_text(app)
        assert "✓ understood “Who leads the dockers' union?”" in shown
        assert "✓ searched   5 articles" in shown
        assert "✓ quoted     no model took part" in shown
        assert "✓ took       searching " in shown
        await pilot.click(Steps)
        assert "understood" not in screen_text(app)


async def test_opened_steps_are_brought_into_view(written: Path) -> None:
    async with running(written, size=(60, 18)) as (app, pilot):
        await until(pilot, lambda: app.chat.query(AnswerText))
        app.chat.query_one(TurnView).focus()
        await pilot.press("n")
        assert "✓ searched" not in screen_text(app)
        await pilot.press("o")
        await until(pilot, lambda: "✓ understood “How many" in screen_text(app))
        await pilot.press("n")
        await until(pilot, lambda: "[1]" in screen_text(app))


def told(turn: Turn) -> list[str]:
    """The opened steps, line by line."""
    return str(Laid([*steps(turn)])).splitlines()


def test_steps_of_a_model_tell_verdicts_and_tokens(written: Path) -> None:
    with Archive.open(written) as archive:
        answer = archive.sessions.turns(1)[0]
    turn = Turn.restored(answer)
    turn.articles = 7580
    lines = told(turn)
    assert "  ✓ searched   7,580 articles" in lines
    assert "  ✓ found      5 passages: 4 Meridian Wire, 1 The Belmarin Courier" in lines
    place = lines.index("  ✓ written    by llama3 at localhost:11434")
    assert lines[place + 1].strip().startswith("1,240 tokens in (900 cached), 85 out · first word after 0.8 s")
    assert (
        "  ✓ checked    5 sentences: 1 quoted, 1 contradicted, 1 supported, 1 partly supported, 1 no citation" in lines
    )
    assert "               ✗ Counsel conceded that 12 of the 22 crew had taken part in …" in lines
    assert "               ? Its owner is bankrupt." in lines
    assert found(turn) == "searched 7,580 articles · 5 passages from 2 outlets · 5 sentences checked · 0.0012 USD"


def test_steps_say_what_limited_the_search_and_what_goes_on(written: Path) -> None:
    with Archive.open(written) as archive:
        passages = archive.sessions.turns(1)[0].passages
    asked = understood_question("Who died?")
    asked = replace(asked, outlets=("BBC",), until=NOON, as_of=True, articles=("x",))
    turn = Turn("q", "searching", asked=asked, model="m", articles=1)
    lines = told(turn)
    assert [line.strip() for line in lines] == [
        "✓ understood “Who died?”",
        "last week (2026-05-04 to 2026-05-10)",
        "The Belmarin Courier",
        "outlets: BBC",
        "published from ever to 2026-05-12",
        "asked as of 2026-05-12 12:00",
        "in 1 named article",
        "› searching  1 article",
    ]
    turn.state, turn.passages = "writing", passages
    turn.checked = {0: Sentence("So.", (1,), "quoted")}
    assert told(turn)[-5:-2] == [
        "  ✓ searched   1 article",
        "  ✓ found      5 passages: 4 Meridian Wire, 1 The Belmarin Courier",
        "  › writing    by m",
    ]
    assert told(turn)[-2:] == ["  › checking   1 sentence: 1 quoted", "               ✓ So."]
    anew = Turn("shorter", "writing", asked=asked, model="m", of=turn, how="shorter")
    assert "  ✓ written    anew, “shorter”, from the passages of the answer before" in told(anew)
    assert found(anew) == ""


async def test_the_sign_of_what_goes_on_moves_unless_nothing_is_to(written: Path) -> None:
    for level in ("full", "none"):
        async with running(written) as (app, pilot):
            app.animation_level = level
            turn = Turn("q", "searching", asked=understood_question("Who died?"))
            app.chat.turns.append(turn)
            await app.chat._show([turn])
            line = app.chat.conversation.view(turn).query_one(Steps)  # type: ignore[union-attr]
            assert str(line.render()).splitlines()[0] == "✓ understood as “Who died?” ▸"
            seen: set[str] = set()

            def look(line: Steps = line, seen: set[str] = seen) -> bool:
                seen.add(str(line.render()).splitlines()[-1])
                return len(seen) > 3

            if level == "full":
                await until(pilot, look)
            else:
                await pilot.pause(0.3)
                look()
                assert seen == {"› searching"}
            turn.state = "stopped"
            line.show(opened=True)
            assert line._timer is None


# --- copies


async def test_answers_and_citations_are_copied_as_references(written: Path) -> None:
    async with running(written, size=(160, 48)) as (app, pilot):
        await until(pilot, lambda: app.chat.query(AnswerText))
        app.chat.query_one(TurnView).focus()
        await pilot.press("y")
        assert "\n[2] " in app.clipboard
        assert "✗ contradicted" in app.clipboard
        await pilot.press("Y")
        assert app.clipboard.startswith(f"## {KEPT_QUESTION}")
        assert "\n[^1-2]: “She conceded" in app.clipboard
        await pilot.press("c")
        assert app.clipboard.startswith("“Twenty-eight")
        await pilot.press("n", "n", "c")
        assert app.clipboard.startswith("“She conceded")
        await pilot.press("C")
        assert app.clipboard.startswith(
            "Rosalind Achterberg, Piers Lindhout. “Ferry carried more passengers than its owner"
        )
        assert "She conceded" in app.clipboard


async def test_there_may_be_nothing_to_copy(archive_path: Path) -> None:
    async with running(archive_path) as (app, pilot):
        app.chat.set_focus(None)
        await pilot.press("c", "C", "Y", "y")
        said = ["There is no citation to copy."] * 2 + ["There is no answer to copy."] * 2
        assert [each.message for each in app._notifications] == said
        assert not app.clipboard


async def test_what_is_selected_by_mouse_is_what_is_seen(written: Path) -> None:
    async with running(written, size=(80, 40)) as (app, pilot):
        await until(pilot, lambda: app.chat.query(AnswerText))
        answer = app.chat.query_one(AnswerText)
        await pilot.mouse_down(answer, offset=(0, 0))
        await pilot.hover(answer, offset=(12, 0))
        await pilot.mouse_up(answer, offset=(12, 0))
        assert app.chat.get_selected_text() in ("Twenty-eight", "Twenty-eight ")


# --- drafts


class Drafting(App[None]):
    """A turn in the making and nothing else."""

    def __init__(self, turn: Turn) -> None:
        super().__init__()
        self.turn = turn

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield TurnView(self.turn)


DRAFT = """# What is known

The ferry *Skarra* sank on Friday [1]. Six people died [2][3].

- The captain — 35 — said so [4]
- nobody else did

| Town | Dead |
|---|---|
| Skarra | 6 |
| Olm | 2 |

```
first line
  secønd line | no table
```

And so it ended, “for good” 😀 [5].
"""
BLOCKS = "MarkdownH1 MarkdownParagraph MarkdownBulletList MarkdownTable MarkdownFence MarkdownParagraph".split()


async def test_a_draft_cut_anywhere_ends_as_the_whole_one() -> None:
    """Some 250 cuts, at each of which what has come is drawn before there is more."""
    cuts = random.Random(7)
    app = Drafting(Turn("q", "writing", model="m"))
    async with app.run_test() as pilot:
        scroll = app.query_one(VerticalScroll)
        for trial in range(20):
            turn = Turn("q", "writing", model="m")
            await scroll.remove_children()
            view = TurnView(turn)
            await scroll.mount(view)
            places = sorted(cuts.sample(range(1, len(DRAFT)), 3 + trial))
            for start, end in zip([0, *places], [*places, len(DRAFT)], strict=True):
                turn.draft += DRAFT[start:end]
                await view.write(DRAFT[start:end])
                document = app.query_one(Markdown)
                while document.source != turn.draft:
                    await asyncio.sleep(0)
            await view.finish()
            assert document.source == DRAFT
            assert [type(block).__name__ for block in document.children] == BLOCKS
            if not trial % 5:
                await pilot.pause()
                assert "secønd" in "".join(str(each.render()) for each in document.query(Static))


def settled(*pieces: str) -> str:
    """What stands on the screen of a draft fed in pieces, in the end."""
    draft = Draft(9)
    for piece in pieces:
        draft.feed(piece)
        assert draft.settled is not None
    draft.rest()
    sentences = tuple(
        Sentence(each.text, tuple(map(int, each.markers)), "supported", opening=each.opening)
        for each in parse(draft.text)
    )
    return str(AnswerText(Turn("q", "answered", answer=Answer("q", "generated", sentences=sentences))).render())


def test_a_settled_answer_is_the_same_wherever_its_draft_was_cut() -> None:
    cuts = random.Random(11)
    whole = settled(DRAFT)
    assert whole.splitlines() == [
        "What is known ✓",
        "",
        "The ferry *Skarra* sank on Friday. [1] ✓ Six people died. [2][3] ✓",
        "",
        "• The captain — 35 — said so [4] ✓",
        "• nobody else did ✓",
        "",
        "Town    Dead",
        "──────  ────",
        "Skarra  6     ✓",
        "Olm     2     ✓",
        "",
        "first line",
        "  secønd line | no table",
        "",
        "And so it ended, “for good” 😀. [5] ✓",
    ]
    for _ in range(400):
        places = sorted(cuts.sample(range(1, len(DRAFT)), cuts.randint(1, 5)))
        pieces = [DRAFT[start:end] for start, end in zip([0, *places], [*places, len(DRAFT)], strict=True)]
        assert settled(*pieces) == whole


async def test_the_settled_answer_takes_the_place_of_a_draft_where_one_reads(
    archive_path: Path, server: OpenAIServer
) -> None:
    written = threading.Event()
    paragraphs = "".join(f"Paragraph {n} says nothing of the ferry.\n\n" for n in range(40))
    table = "# Numbers\n\n| Town | Dead |\n|---|---:|\n| Skarra | 6 |\n"
    server.will(Reply([*begin(paragraphs, table), Wait(written), *end()]))
    config = settings(answer={"model": "m", "base_url": server.url, "repair": False, "retries": 0})
    async with running(archive_path, config=config, size=(100, 30)) as (app, pilot):
        app.chat.query_one(Prompt).insert(FERRY)
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.query("MarkdownTable") and "Skarra" in screen_text(app))
        assert app.chat.query("MarkdownH1")
        app.chat.conversation.scroll_to(y=9, animate=False)
        await pilot.pause()
        seen = first_paragraph(app)
        written.set()
        await until(pilot, lambda: app.chat.turns[0].state == "answered")
        await until(pilot, lambda: app.chat.query(AnswerText))
        assert not app.chat.query(Markdown)
        assert first_paragraph(app) == seen
        assert "Town    Dead\n──────  ────\nSkarra     6  [1] ✓" in str(app.chat.query_one(AnswerText).render())


def first_paragraph(app: NewsdeskApp) -> tuple[int, str]:
    """The first line of a paragraph that is in view, and its row."""
    lines = enumerate(screen_text(app).splitlines())
    return next((row, line.split(" says")[0]) for row, line in lines if "Paragraph" in line)
