"""What a claim puts in quotation marks, and where its evidence says it word for word.

Marks, dashes, blanks and the case of the first letter may differ, words may be left out at an ellipsis or put in
brackets; any other change makes it another quotation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from qa.verification.words import Word, words

_QUOTED = re.compile(
    r"“([^“”]{1,1000})”|„([^„“”]{1,1000})[“”]|«([^«»]{1,1000})»|(?<!\w)\"([^\"]{1,1000})\"|(?<![\w’])‘((?:[^‘’]|’(?=\w)){1,1000})’(?!\w)"
    r"|(?<![\w’'])'((?:[^']|'(?=\w)){1,1000})'(?!\w)"
)
_LEFT_OUT = re.compile(r"\s*(?:\[?(?:\.\s?){3,4}\]?|\[?…\]?|\[[^\[\]]{0,80}\])\s*")
CLOSE = 0.6
"""Share of a quotation's words that the evidence has in one place, from which it is a quotation changed."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """``text[start:end]`` stands between quotation marks."""

    start: int
    end: int


def quotations(text: str) -> list[Quotation]:
    """The quotations of a text without their marks and without the comma or full stop at their end."""
    found = []
    for match in _QUOTED.finditer(text):
        start, end = match.span(match.lastindex or 0)
        while end > start and text[end - 1] in " ,.;":
            end -= 1
        while start < end and text[start] == " ":
            start += 1
        if end > start:
            found.append(Quotation(start, end))
    return found


def stands(quoted: str, evidence: Sequence[Word]) -> bool:
    """Whether every piece of a quotation stands word for word in the words of the evidence, in order."""
    at = 0
    line = [word.folded for word in evidence]
    for piece in _LEFT_OUT.split(quoted):
        wanted = [word.folded for word in words(piece)]
        if not wanted:
            continue
        place = _find(wanted, line, at)
        if place < 0:
            return False
        at = place + len(wanted)
    return True


def _find(wanted: list[str], line: list[str], start: int) -> int:
    last = len(line) - len(wanted)
    while start <= last:
        try:
            start = line.index(wanted[0], start, last + 1)
        except ValueError:
            return -1
        if line[start : start + len(wanted)] == wanted:
            return start
        start += 1
    return -1


def is_title(quoted: str) -> bool:
    """Whether words in quotation marks read as the title of a work, whose form varies, rather than as speech."""
    every = quoted.split()
    line = [word for word in every if len(word) > 3]
    spoken = len(line) < 2 < len(every)  # "This was the sea" has one long word, and that begins it
    return len(quoted) <= 80 and bool(line) and not spoken and all(word[:1].isupper() for word in line)


def closest(quoted: str, text: str, evidence: Sequence[Word]) -> str:
    """The words of a text that a quotation changes, as they stand; empty where nothing is close."""
    wanted = [word.folded for word in words(quoted)][:200]
    matcher = SequenceMatcher(None, wanted, [word.folded for word in evidence], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks or sum(block.size for block in blocks) < CLOSE * len(wanted):
        return ""
    first = max(0, blocks[0].b - blocks[0].a)
    last = min(len(evidence), blocks[-1].b + len(wanted) - blocks[-1].a)
    if last - first > 2 * len(wanted) + 4:
        return ""
    return text[evidence[first].start : evidence[last - 1].end]
