"""The text of a model to claims: which marks are markers, to which sentence each belongs, and what parts sentences."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answers.markers import Claim, disarmed, find_markers, parse, unfinished

ANYTHING = st.text(
    alphabet=st.one_of(st.sampled_from("[]【】()^`*#-–,.0123456789 \n†¹٣"), st.characters()), max_size=120
)


@given(ANYTHING)
def test_what_is_disarmed_holds_no_marker(text: str) -> None:
    left = disarmed(text).replace("`", "")
    assert all(re.match(r"\(\s*\d", left[each.start :]) for each in find_markers(left))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[1, 3]", ("1", "3")),
        ("[1-3]", ("1", "2", "3")),
        ("[2–4, 7]", ("2", "3", "4", "7")),
        ("[1 and 2]", ("1", "2")),
        ("[Sources 1, 2]", ("1", "2")),
        ("[Source 1; Source 2]", ("1", "2")),
        ("[[3]]", ("3",)),
        ("[3](https://example.org/a)", ("3",)),
        ("[3-1]", ("3-1",)),
        ("[#4]", ("4",)),
        ("It sank (4).", ("4",)),
        ("It sank (4-6).", ("4", "5", "6")),
        ("It sank (Evidence 4).", ("4",)),
    ],
)
def test_forms_of_markers(text: str, names: tuple[str, ...]) -> None:
    assert [each.names for each in find_markers(text)] == [names]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("28 died (4) and 3 live (12, 13).", ["4", "12", "13"]),
        ("Ida Brandt (35) said so (4).", ["4"]),
        ("(1) It sank (4).", ["4"]),
        ("It sank [4]. They lost seven crew (2).", ["4"]),
        ("It was (2024) an old ship (0).", []),
        ("It sank `(4)`.", []),
    ],
)
def test_a_number_in_round_brackets_is_a_marker_only_where_markers_stand(text: str, names: list[str]) -> None:
    assert [name for each in find_markers(text) for name in each.names] == names


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("It sank [", 2),
        ("It sank [1", 3),
        ("It sank [Evidence 1", 12),
        ("It sank 【1†so", 6),
        ("It sank [1]", 0),
        ("It sank (1", 3),
        ("It sank (1)", 4),
        ("It sank (1) ", 5),
        ("It sank (1).", 0),
        ("It sank", 0),
        ("It [sank after the great storm of the year 1987", 0),
    ],
)
def test_a_marker_in_the_making_is_recognised(text: str, held: int) -> None:
    assert unfinished(text) == held


def test_lines_and_bold_and_headings() -> None:
    text = "## What happened\n\n**Six** died [1]\n2. The ferry, which\nwas old, sank [2]\n[3]"
    assert parse(text) == [
        Claim("What happened", (), "\n\n"),
        Claim("Six died", ("1",), "\n\n"),
        Claim("The ferry, which was old, sank", ("2", "3"), "\n\n2. "),
    ]


def test_what_parts_sentences_is_kept() -> None:
    text = "Six died [1]. Two live [2].\n\n* One left.\n- [3] One stayed.\n3) Four came."
    assert [each.opening for each in parse(text)] == ["\n\n", " ", "\n\n- ", "\n\n- ", "\n\n3) "]
    assert parse(text)[3].markers == ("3",)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("> # The toll rose [1].", Claim("The toll rose.", ("1",), "\n\n")),
        ("1. # The toll rose [1].", Claim("The toll rose.", ("1",), "\n\n1. ")),
        ("# - The toll rose -", Claim("The toll rose -", (), "\n\n- ")),
        ("> 2) The toll rose [1].", Claim("The toll rose.", ("1",), "\n\n2) ")),
        ("- - The toll rose [1].", Claim("The toll rose.", ("1",), "\n\n- ")),
        ("- 28. The toll rose [1].", Claim("The toll rose.", ("1",), "\n\n28. ")),
        ("- > The toll rose [1].", Claim("The toll rose.", ("1",), "\n\n- ")),
    ],
)
def test_a_line_that_looks_like_a_heading_is_a_claim(text: str, claim: Claim) -> None:
    assert parse(f"It rained [3].\n{text}") == [Claim("It rained.", ("3",), "\n\n"), claim]


@given(st.text(alphabet="#>*-=+_•–— \n12.):Aéz日", max_size=60))
def test_every_letter_is_in_a_claim(text: str) -> None:
    assert [each for each in text if each.isalpha()] == [
        each for claim in parse(text) for each in claim.text if each.isalpha()
    ]


def test_a_long_line_of_bullets_is_no_claim() -> None:
    assert parse("- " * 100_000) == parse("# - 1. " + "* " * 100_000) == []


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("[1] It sank. [2] Six died.", [("It sank.", ("1",)), ("Six died.", ("2",))]),
        ("[1] It sank. Six died [2].", [("It sank.", ("1",)), ("Six died.", ("2",))]),
        ("It sank [1]. [2] Six died.", [("It sank.", ("1", "2")), ("Six died.", ())]),
        ("It sank ［1］. Six died 【2:0†source】.", [("It sank.", ("1",)), ("Six died.", ("2",))]),
    ],
)
def test_markers_before_their_sentences_and_in_other_brackets(
    text: str, claims: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert [(each.text, each.markers) for each in parse(text)] == claims


def test_rows_of_a_table_are_claims_and_its_head_opens_the_first() -> None:
    text = "It sank [1].\n\n| Town | Dead |\n|---|---:|\n| Skarra [2] | 6 |\n| Olm | 2 | [3]\n\nSo it was [4]."
    assert parse(text) == [
        Claim("It sank.", ("1",), "\n\n"),
        Claim("| Skarra | 6 |", ("2",), "\n\n| Town | Dead |\n|---|---:|\n"),
        Claim("| Olm | 2 |", ("3",), "\n"),
        Claim("So it was.", ("4",), "\n\n"),
    ]


def test_code_is_no_claim_and_keeps_its_lines() -> None:
    text = "It sank [1].\n\n```\na = [2]\n  b\n```\n\nSix died [3]."
    assert parse(text) == [
        Claim("It sank.", ("1",), "\n\n"),
        Claim("Six died.", ("3",), "\n\n```\na = [2]\n  b\n```\n\n"),
    ]
    assert [each.text for each in parse("It sank [1].\n\n```\nopen")] == ["It sank.", "```\nopen"]


@pytest.mark.parametrize(
    "sources",
    [
        "Sources: [1] The Post, [2] The Herald",
        "**Sources:**\n[1] The Post\n[2] The Herald\n",
        "## References\n1. The Post",
    ],
)
def test_a_list_of_sources_at_the_end_is_left_out(sources: str) -> None:
    assert [each.text for each in parse(f"It sank [1].\n\n{sources}")] == ["It sank."]
    assert len(parse(f"{sources}\n\nIt sank [1].")) > 1
    assert len(parse("The sources: two sailors [1].")) == 1
