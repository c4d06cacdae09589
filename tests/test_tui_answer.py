"""An answer checked at a glance: markers stepped through, verdicts beside sentences, the steps behind it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Markdown

from qa.archive import Archive
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    QUESTION,
    ask,
    build_archive,
    copy_archive,
    keep_conversation,
    running,
    screen_text,
    unset_key,
    until,
    written_answer,
)
from tui.display import draft_markdown
from tui.screens.reader import ReaderScreen
from tui.turns import Turn
from tui.widgets.answer import AnswerText
from tui.widgets.steps import Steps, steps
from tui.widgets.turn import TurnView


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
        marked = [span for span in answer.render().spans if "reverse" in str(span.style)]
        assert [str(answer.render())[span.start : span.end] for span in marked] == ["[2]"]
        await pilot.press("p", "p", "p")
        assert turn.marker == len(answer.numbers) - 1
        await pilot.press("n", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        assert isinstance(app.screen, ReaderScreen)
        chosen = next(mark for mark in app.screen.marks if mark.chosen)
        assert chosen.number == answer.numbers[0]


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


async def test_steps_open_to_what_stands_behind_them(archive_path: Path) -> None:
    async with running(archive_path, size=(120, 48)) as (app, pilot):
        await ask(app, pilot, QUESTION)
        assert "searched 5 articles" not in screen_text(app)
        app.chat.query_one(TurnView).focus()
        await pilot.press("o")
        shown = screen_text(app)
        assert "✓ searched 5 articles" in shown
        assert "understood as “Who leads the dockers' union?”" in shown
        assert "quoted, no model" in shown
        await pilot.click(Steps)
        assert "searched 5 articles" not in screen_text(app)


def test_steps_of_a_model_tell_verdicts_and_tokens(written: Path) -> None:
    with Archive.open(written) as archive:
        answer = archive.sessions.turns(1)[0]
    lines = [*steps(Turn.restored(answer))]
    assert "✓ written by llama3" in lines
    assert any(line.startswith("    1,240 tokens in") for line in lines)
    assert "✓ checked 5 sentences" in lines
    assert "    ✗ 1 contradicted" in lines
    assert "    ? 1 no citation" in lines


async def test_answers_and_citations_are_copied_as_references(written: Path) -> None:
    async with running(written, size=(160, 48)) as (app, pilot):
        await until(pilot, lambda: app.chat.query(AnswerText))
        app.chat.query_one(TurnView).focus()
        await pilot.press("Y")
        assert "\n[2] " in app.clipboard
        assert "✗ contradicted" in app.clipboard
        await pilot.press("n", "n", "c")
        assert app.clipboard.startswith("“She conceded")


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
  second line
```

And so it ended, “for good” [5]. 😀
"""
BLOCKS = "MarkdownH1 MarkdownParagraph MarkdownBulletList MarkdownTable MarkdownFence MarkdownParagraph".split()


async def test_a_draft_cut_anywhere_ends_as_the_whole_one() -> None:
    cuts = random.Random(7)
    for trial in range(12):
        turn = Turn("q", "writing", model="m")
        app = Drafting(turn)
        async with app.run_test() as pilot:
            view = app.query_one(TurnView)
            places = sorted(cuts.sample(range(1, len(DRAFT)), 1 + 3 * trial))
            for start, end in zip([0, *places], [*places, len(DRAFT)], strict=True):
                turn.draft += DRAFT[start:end]
                await view.write(DRAFT[start:end])
            await view.finish()
            await pilot.pause()
            document = app.query_one(Markdown)
            assert document.source == draft_markdown(DRAFT)
            blocks = [type(block).__name__ for block in document.children]
            assert blocks == BLOCKS
