"""A long answer, cut anywhere, is the same answer.

Covered: the text of an answer of 20,000 characters (code, tables, lists, headings, characters of up to four bytes, 60
markers) cut in two at every one of its characters and, undecoded, at every one of its bytes; in single characters; and
in pieces of every small size. What is shown and the whole text are compared for every cut, the claims for each cut in
or beside a marker, a fence or a row of a table, and for each fiftieth of the others.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

import pytest

from qa.answers.drafts import Draft
from qa.answers.markers import Claim, find_markers, parse

EVIDENCE = 60
PLACES = "Skarra Olm Castrel Harsk Tessau Dravik Belmarin Varnholm Ostrand Kelm".split()
FORMS = ("[{0}]", " [{0}]", "[{0}][{1}]", " [{0}, {1}]", " 【{0}†source】", " [{0}-{1}]", "[Source {0}]")


def _sentence(number: int) -> str:
    place, other = PLACES[number % 10], PLACES[(number * 7 + 3) % 10]
    marker = FORMS[number % 7].format(number % 58 + 1, number % 58 + 2)
    return (
        f"In {place}, the harbour’s café-keeper — aged {20 + number} — told the “Kelm Courier” that {number + 3} boats "
        f"from {other} had been lost since the storm of {number % 28 + 1} March, which nobody there had thought "
        "possible before 日本 sailors 😀 saw it, and that the repairs of the mole would take the better part of a "
        f"year and cost more than it did{marker}. "
    )


@cache
def answer() -> str:
    """The text: sentences in paragraphs, with everything else of Markdown between them."""
    parts, sentences = ["# What is known\n\n"], iter(range(60))
    for block in range(15):
        parts += [_sentence(next(sentences)) for _ in range(3)]
        parts.append("\n\n")
        if block % 5 == 1:
            parts.append(f"```python\nboats = [{block}]  # no marker\n\n  lost = 'a|b'\n```\n\n")
        if block % 5 == 2:
            rows = "".join(f"| {PLACES[row]} | {row + block} | [{row + 1}] |\n" for row in range(3))
            parts.append(f"| Town | Boats | |\n|---|---:|---|\n{rows}\n")
        if block % 5 == 3:
            parts += [f"- {PLACES[row]}: it is said that {row} of them came back.\n" for row in range(4)]
            parts.append("\n")
        parts.append("" if block % 2 else f"## The {block}th day\n\n")
        parts.append(f"{_sentence(next(sentences))}\n\n")
    return "".join(parts).rstrip() + "\n"


def fed(*pieces: str) -> Draft:
    draft = Draft(EVIDENCE)
    for piece in pieces:
        draft.feed(piece)
    draft.rest()
    return draft


def shown(*pieces: str) -> str:
    draft = Draft(EVIDENCE)
    return "".join([*(draft.feed(piece) for piece in pieces), draft.rest()])


def claims(draft: Draft) -> list[Claim]:
    assert draft.settled == parse(draft.text)[:-1]
    return parse(draft.text)


@cache
def whole() -> tuple[str, str, tuple[Claim, ...]]:
    """What is shown, the text and the claims where nothing is cut."""
    draft = Draft(EVIDENCE)
    seen = draft.feed(answer()) + draft.rest()
    return seen, draft.text, tuple(claims(draft))


def test_the_answer_is_what_the_figure_asks_for() -> None:
    text = answer()
    assert 19_000 <= len(text) <= 23_000
    assert len(list(find_markers(text))) >= 60
    assert text.count("```") == 6
    assert text.count("|---|---:|---|") == 3
    assert {len(each.encode()) for each in text} == {1, 2, 3, 4}
    rows = [each for each in whole()[2] if each.text.startswith("|")]
    assert len(rows) == 9
    assert all(each.markers for each in rows)
    assert not any("boats = [" in each.text for each in whole()[2])


def test_cut_in_two_at_every_character() -> None:
    text = answer()
    seen, kept, found = whole()
    near = {place + off for each in find_markers(text) for place in (each.start, each.end) for off in (-1, 0, 1)}
    near |= {place + off for each in re.finditer(r"```|\||\n\n", text) for place in each.span() for off in (-1, 0, 1)}
    compared = 0
    for cut in range(1, len(text)):
        draft = Draft(EVIDENCE)
        first = draft.feed(text[:cut])
        if cut in near or not cut % 50:
            assert [*draft.settled] == [*found[: len(draft.settled)]], cut
        assert first + draft.feed(text[cut:]) + draft.rest() == seen, cut
        assert draft.text == kept, cut
        if cut % 997 == 0:
            assert tuple(claims(draft)) == found, cut
        compared += 1
    assert compared == len(text) - 1


@pytest.mark.parametrize("size", [1, 3, 7, 64, 1000])
def test_in_pieces_of_one_size(size: int) -> None:
    text = answer()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert shown(*pieces) == whole()[0]
    draft = fed(*pieces)
    assert draft.text == whole()[1]
    assert tuple(claims(draft)) == whole()[2]


def test_settled_sentences_are_told_once_and_for_good() -> None:
    text, found = answer(), whole()[2]
    draft, told = Draft(EVIDENCE), 0
    for start in range(0, len(text), 23):
        draft.feed(text[start : start + 23])
        assert draft.settled[: max(told - 1, 0)] == list(found[: max(told - 1, 0)])
        told = len(draft.settled)
    assert told == len(found) - 1


@pytest.mark.parametrize(
    "text",
    [
        "Use `a[1]` there [2], and `b[3]` here [4].",
        "It sank [1].\n\n````\n```\n[2]\n```\n````\nSix died [3].",
        "It sank [1].\n\n```\n[2]\n`````\nSix died [3].",
        "~~~\n`[1]\n~~~\nIt's 5` long [2].",
        "<think>`[1]` is old.</think>It sank [2].",
    ],
)
def test_code_in_pieces_of_every_size(text: str) -> None:
    seen, kept = shown(text), fed(text)
    for size in range(1, len(text)):
        pieces = [text[start : start + size] for start in range(0, len(text), size)]
        assert shown(*pieces) == seen, size
        assert fed(*pieces).text == kept.text, size
        assert claims(fed(*pieces)) == claims(kept), size


def test_thoughts_known_by_their_end_alone_are_dropped() -> None:
    text = "The toll, says [1], is 5. I see [9].</think>\n\nSix died [2]. Two live [3]."
    for size in range(1, len(text)):
        draft = fed(*(text[start : start + size] for start in range(0, len(text), size)))
        assert draft.text == "Six died [2]. Two live [3]."
        assert [each.text for each in claims(draft)] == ["Six died.", "Two live."]


def test_bytes_cut_anywhere_are_the_same_characters() -> None:
    data = answer().encode()
    for cut in range(1, len(data)):
        decode = codecs.getincrementaldecoder("utf-8")().decode
        assert decode(data[:cut]) + decode(data[cut:], final=True) == answer()
