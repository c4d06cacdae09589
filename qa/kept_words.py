"""The words of kept turns, as they are searched: what is stored of them, and where in them something stands.

Invariant: what is sought and what is searched are folded alike, so that neither case nor accents matter.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

BEFORE, AFTER = 20, 200
"""Characters before and after the first word found that are shown of a turn."""


def said_in(answer: str, quotes: str) -> str:
    """``said`` of JSON, for SQLite."""
    return said(json.loads(answer), json.loads(quotes))


def said(fields: Mapping[str, Any], quotes: Sequence[str]) -> str:
    """The words of a stored turn, a part of it on each line."""
    sentences = [str(each[0]) for each in fields["sentences"]]
    parts = dict.fromkeys((fields["question"], fields["short"], *sentences, fields["reason"], *quotes))
    return "\n".join(" ".join(part.split()) for part in parts if part)


def folded(text: str) -> str:
    """``text`` without case and accents; each character by itself, so that ``places`` can lead back."""
    if text.isascii():
        return text.lower()
    bare = (each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return "".join(bare).casefold()


def around(text: str, flat: str, words: Sequence[str]) -> str:
    """The line of a turn's words with the most of the folded ``words``, from shortly before the first of them on.

    ``flat``: ``folded(text)``, which is kept with it.
    """
    lines, flat_lines = text.split("\n"), flat.split("\n")
    number = max(range(len(lines)), key=lambda each: sum(word in flat_lines[each] for word in words))
    line = lines[number]
    found = [at for word in words if (at := flat_lines[number].find(word)) >= 0]
    at = min(found, default=0)
    if len(flat_lines[number]) != len(line):
        at = min((start for start, _ in places(line, words)), default=0)
    start, end = max(0, at - BEFORE), at + AFTER
    if start:
        start = line.find(" ", start, at) + 1 or start
    return f"{'…' if start else ''}{line[start:end].strip()}{'…' if end < len(line) else ''}"


def places(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the folded ``words`` stand in ``text``, half-open and in order; what overlaps is one place."""
    each_folded = [folded(each) for each in text]
    flat = "".join(each_folded)
    owners = [at for at, each in enumerate(each_folded) for _ in each]
    found: list[tuple[int, int]] = []
    for start, end in sorted(_standing(flat, words)):
        first, last = owners[start], owners[end - 1] + 1
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _standing(flat: str, words: Sequence[str]) -> list[tuple[int, int]]:
    found = []
    for word in filter(None, words):
        at = flat.find(word)
        while at >= 0:
            found.append((at, at + len(word)))
            at = flat.find(word, at + len(word))
    return found
