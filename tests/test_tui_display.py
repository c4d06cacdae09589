"""What of a text from outside reaches the terminal."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answers import Answer, Sentence
from qa.articles import make_article
from qa.catalog import Copy
from tui.display import (
    REPLACEMENT,
    Mark,
    also_in,
    answer_plain,
    day,
    disarm,
    make_draft_parser,
    make_parser,
    marks_in,
    origin,
)
from tui.paths import complete
from tui.turns import Turn
from tui.widgets.answer import AnswerText


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mred", f"a{REPLACEMENT}[31mred"),
        ("tab\there\r\nnext\rlast\u2028line", "tab here\nnext\nlast\nline"),
        ("\u202egnp.exe\u202c\u2066x\u2069\u200e\u200f\u061c", "gnp.exex"),
        ("zero\u200bwidth\u00adsoft\ufeff\U000e0041", "zerowidthsoft"),
        ("\x9b2J\x07\x7f\ud800", f"{REPLACEMENT}2J{REPLACEMENT * 3}"),
        ("naïve — “quoted” 日本 é", "naïve — “quoted” 日本 é"),
    ],
)
def test_disarm(text: str, shown: str) -> None:
    assert disarm(text) == shown


@given(st.text(alphabet=st.characters(codec=None)))
def test_disarmed_text_holds_no_control_and_nothing_is_left_to_do(text: str) -> None:
    shown = disarm(text)
    assert disarm(shown) == shown
    assert not [each for each in shown if unicodedata.category(each) in ("Cc", "Cs") and each != "\n"]


ATTACKS = "<b>x</b> ![i](http://x) [a](http://x) <http://x> http://x [r] &amp; \n\n[r]: http://x\n\n<div>y</div>\n"


def test_quotes_as_they_come_are_plain_lines() -> None:
    draft = f"1. a\n# b\n> c\n- d\n    code {ATTACKS}---\n*e* `f`\n"
    tokens = make_parser().parse(draft)
    assert {token.type for token in tokens} == {"paragraph_open", "inline", "paragraph_close"}
    assert {child.type for token in tokens for child in token.children or []} <= {"text", "softbreak"}


def test_what_a_model_writes_has_blocks_and_leads_nowhere() -> None:
    draft = f"# Heading\n\n- item\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n\n**bold** {ATTACKS}"
    tokens = make_draft_parser().parse(draft)
    kinds = {token.type for token in tokens}
    assert {"heading_open", "bullet_list_open", "table_open", "fence", "paragraph_open"} <= kinds
    assert "html_block" not in kinds
    inline = {child.type for token in tokens for child in token.children or []}
    assert not inline & {"link_open", "image", "html_inline", "entity"}


def drawn(answer: Answer, marked: int | None = None) -> str:
    return str(AnswerText(Turn("q", "answered", answer=answer, marker=marked)).render())


def test_verdicts_have_signs_and_unresolved_markers_stay() -> None:
    sentences = (
        Sentence("It is so.", (1,), "quoted"),
        Sentence("Perhaps.", (1, 2), "partly supported"),
        Sentence("No.", (), "unsupported", ("9",)),
    )
    shown = drawn(Answer("q", "generated", sentences=sentences))
    assert shown == "It is so. [1] ✓ Perhaps. [1][2] ⚠ partly supported No. [9?] ✗ unsupported"


def test_tables_and_code_are_drawn_as_such() -> None:
    sentences = (
        Sentence("First.", (1,), "supported", opening="\n\n```py\nx = [1]  # \x1b[2J\n```\n\n"),
        Sentence("| Skarra | 6 |", (1,), "supported", opening="\n\n| Town | Dead |\n|:--|--:|\n"),
        Sentence("| Olm a\\|b | 12 | more |", (1,), "unsupported", ("9",), opening="\n"),
        Sentence("| no row", (), "no citation", opening="\n\n"),
        Sentence("~~~\ncode at the end\n~~~", (), "no citation", opening="\n\n"),
    )
    assert drawn(Answer("q", "generated", sentences=sentences)).splitlines() == [
        f"x = [1]  # {REPLACEMENT}[2J",
        "",
        "First. [1] ✓",
        "",
        "Town     Dead",
        "───────  ────  ────",
        "Skarra      6        [1] ✓",
        "Olm a|b    12  more  [1][9?] ✗ unsupported",
        "",
        "| no row ? no citation",
        "",
        "code at the end",
    ]


@pytest.mark.parametrize("width", [2, 7, 20, 39, 80])
def test_an_answer_fits_into_any_width(width: int) -> None:
    sentences = (
        Sentence("x" * 500, (1,), "supported", opening="\n\n- "),
        Sentence("日本" * 50 + " words " * 9, (1,), "contradicted", opening="\n\n12. "),
        Sentence("| a | " + "long cell " * 20 + "|", (1,), "supported", opening="\n\n| A | B |\n|---|---|\n"),
        Sentence("End.", (), "no citation", opening="\n\n```\n" + "y" * 300 + "\n\n日\n```\n\n"),
    )
    laid = AnswerText(Turn("q", "answered", answer=Answer("q", "generated", sentences=sentences))).render()
    shown = laid.at(width)
    assert max(line.cell_length for line in shown.split("\n")) <= max(width, 4)
    assert laid.height(width) == shown.plain.count("\n") + 1
    letters = "".join(shown.plain.split())
    assert letters.count("x") == 500
    assert letters.count("y") == 300
    assert letters.count("本") == 50


def test_a_table_that_is_too_wide_is_lines() -> None:
    row = "| " + " | ".join(f"cell {n}" for n in range(20)) + " |"
    rule = "|" + "---|" * 20
    sentences = (Sentence(row, (1,), "supported", opening=f"\n\n{row}\n{rule}\n"),)
    laid = AnswerText(Turn("q", "answered", answer=Answer("q", "generated", sentences=sentences))).render()
    assert laid.at(60).plain.startswith("cell 0 · cell 1 · cell 2")
    assert laid.at(400).plain.startswith("cell 0  cell 1  cell 2")


def test_what_a_model_wrote_keeps_its_parts_and_says_what_is_wrong_with_them() -> None:
    from qa.verification import Finding

    wrong = Finding("number", "38", 0, 2, "differs", "28")
    sentences = (
        Sentence("38 died.", (1,), "contradicted", reasons=(wrong,)),
        Sentence("So.", (2,), "supported", corrected=True),
        Sentence("One.", (1,), "supported", opening="\n\n- ", written="Two."),
        Sentence("Two.", (), "no citation", opening="\n\n- "),
        Sentence("Three.", (1,), "supported", opening="\n\n2. "),
        Sentence("End.", (1,), "quoted", opening="\n\n"),
    )
    answer = Answer("q", "generated", sentences=sentences)
    assert drawn(answer).splitlines() == [
        "38 died. [1] ✗ contradicted (“38”: the cited words have “28”) So. [2] ✓ (citation corrected)",
        "",
        "• One. [1] ✓ (mended from “Two.”)",
        "• Two. ? no citation",
        "2. Three. [1] ✓",
        "",
        "End. [1] ✓",
    ]
    assert answer_plain("q", answer).splitlines()[2:] == [
        "38 died. [1] (✗ contradicted: “38”: the cited words have “28”) So. [2] (citation corrected)",
        "",
        "- One. [1] (mended from “Two.”)",
        "",
        "- Two. (? no citation)",
        "",
        "2. Three. [1]",
        "",
        "End. [1]",
    ]


def test_an_answer_for_the_clipboard_says_who_wrote_it_and_what_that_took() -> None:
    from qa.models import Usage

    usage = Usage(2, 1240, 85, first_token=0.8, cost=0.0012, currency="USD")
    answer = Answer("q", "generated", sentences=(Sentence("So.", (), "no citation"),), model="m\x1b", server="h:1")
    written = answer_plain("q", replace(answer, usage=usage)).splitlines()
    counted = "1,240 tokens in, 85 out · 2 requests · first word after 0.8 s · 0.0012 USD"
    assert written[-2:] == ["", f"Written by m{REPLACEMENT} at h:1 · {counted}"]
    uncounted = replace(answer, model="", usage=Usage(1, known=False, first_token=0.8))
    said = "Written by the model at h:1 · tokens not counted by the server · first word after 0.8 s"
    assert answer_plain("q", uncounted).splitlines()[-1] == said
    assert "Written by" not in answer_plain("q", replace(answer, mode="extractive", usage=usage))
    assert "Written by" not in answer_plain("q", replace(answer, usage=Usage(1, known=False)))


def test_days_read_the_same_everywhere() -> None:
    from datetime import UTC, datetime

    assert day(datetime(2026, 3, 5, tzinfo=UTC)) == "5 Mar 2026"
    assert day(None) == "undated"


def _copy(name: str, outlet: str) -> Copy:
    return Copy(name, "Title", outlet, None, "")


@pytest.mark.parametrize(
    ("outlets", "elsewhere", "one_origin"),
    [
        ((), "", ""),
        (("Herald",), "", ""),
        (("Herald", "Post"), "also in: Post", "+1 outlet, same report"),
        (("Herald", "Post", "Post"), "also in: Post (+1)", "+1 outlet, same report"),
        (("Herald", "A", "B", "C", "D", ""), "also in: A, B, C (+2)", "+4 outlets, same report"),
        (("Herald", "Herald", "Herald"), "2 near-copies", "+2 copies"),
        (("Herald", ""), "1 near-copy", "+1 copy"),
        (("Herald", "Ev\u202eil\x1b"), f"also in: Evil{REPLACEMENT}", "+1 outlet, same report"),
    ],
)
def test_copies_are_told(outlets: tuple[str, ...], elsewhere: str, one_origin: str) -> None:
    article = make_article(title="Title", text="Some words.", source="a.txt", outlet="Herald")
    copies = [_copy(article.id if n == 0 else str(n), outlet) for n, outlet in enumerate(outlets)]
    assert also_in(article, copies) == elsewhere
    assert origin(copies) == one_origin


def test_marks_are_found_in_another_text() -> None:
    cited, now = "One two three. Four five.", "Now: four. Four five. One two."
    marks = (Mark(0, 7, number=1), Mark(4, 13, number=2), Mark(15, 25, chosen=True, number=3))
    found = marks_in(now, marks, cited)
    assert found == (Mark(11, 21, chosen=True, number=3), Mark(22, 29, number=1))
    assert [now[mark.start : mark.end] for mark in found] == ["Four five.", "One two"]
    assert marks_in("", marks, cited) == ()


def test_paths_are_completed(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "articles").mkdir()
    (folder / ".hidden").touch()
    assert complete(f"{folder}/ar") == f"{folder}/articles/"
    assert complete(f"{folder}/.h") == f"{folder}/.hidden"
    assert complete(f"{folder}/zz") is None
    assert complete("/no/such/place") is None
