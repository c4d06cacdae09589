"""What one text changed in another: paragraphs first, then the sentences of those that changed, then their words."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence

LARGEST, MOST = 25_000_000, 100_000
"""Pairs of pieces, and pairs of like ones, that are worth comparing; what has more is shown as a whole."""
ALIKE = 0.3
"""Share of words that two sentences have in common from which they are one, rewritten."""

_PARAGRAPHS = re.compile(r"[^\n]*\n+|[^\n]+")
_SENTENCES = re.compile(r"[^.!?\n]*[.!?]*\s*")
_WORDS = re.compile(r"\S+\s*|\s+")

Run = tuple[str, str]
"""Words, and ``added``, ``removed`` or nothing."""


def changes(before: str, now: str) -> Iterator[Run]:
    """The words of both versions in their order, each run with what became of it.

    Where so much changed that comparing it piece by piece would take long, it is one run: two books can be compared.
    """
    yield from _compared(before, now, (_PARAGRAPHS, _SENTENCES, _WORDS))


def _compared(before: str, now: str, levels: Sequence[re.Pattern[str]]) -> Iterator[Run]:
    if before == now or not (before and now and levels):
        yield from _change(before, now)
        return
    level, *finer = levels
    old, new = _pieces(level, before), _pieces(level, now)
    first, last = _shared_ends(old, new)
    yield from _change("".join(old[:first]), "".join(new[:first]))
    yield from _middle(old[first : len(old) - last], new[first : len(new) - last], finer)
    if last:
        yield from _change("".join(old[-last:]), "".join(new[-last:]))


def _middle(old: list[str], new: list[str], finer: Sequence[re.Pattern[str]]) -> Iterator[Run]:
    """What is left between the beginning and the end that both have."""
    if not _is_worth_comparing(old, new):
        yield from _change("".join(old), "".join(new))
        return
    matcher = difflib.SequenceMatcher(None, old, new)
    if not finer and matcher.ratio() < ALIKE:
        yield from _change("".join(old), "".join(new))
        return
    for _, i, j, k, m in matcher.get_opcodes():
        gone, come = old[i:j], new[k:m]
        if finer and len(gone) == len(come):  # each took the place of one
            for left, right in zip(gone, come, strict=True):
                yield from _compared(left, right, finer)
        else:
            yield from _compared("".join(gone), "".join(come), finer)


def _shared_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many pieces both begin with, and how many of the others both end with."""
    shortest = min(len(old), len(new))
    first = next((n for n in range(shortest) if old[n] != new[n]), shortest)
    last = next((n for n in range(shortest - first) if old[-1 - n] != new[-1 - n]), shortest - first)
    return first, last


def _is_worth_comparing(old: Sequence[str], new: Sequence[str]) -> bool:
    there = Counter(old)
    return len(old) * len(new) <= LARGEST and sum(there[piece] for piece in new) <= MOST


def _pieces(level: re.Pattern[str], text: str) -> list[str]:
    return [piece for piece in level.findall(text) if piece]


def _change(gone: str, come: str) -> Iterator[Run]:
    if gone == come:
        if come:
            yield come, ""
        return
    if gone:
        yield gone, "removed"
    if come:
        yield come, "added"
