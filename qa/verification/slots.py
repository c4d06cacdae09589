"""For each figure and each moment of a claim, the place of the evidence that speaks of the same thing.

A number that stands in a passage but belongs to another thing supports nothing. So a value is looked for in two ways:
beside the same neighbours, where the claim lies along a sentence of the evidence; else in the place whose words around
it are most like those around it in the claim. Where that place has another value of its kind, the claim differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.verification import figures, times
from qa.verification.alignment import Alignment
from qa.verification.figures import Figure
from qa.verification.parsed import Parsed
from qa.verification.results import Kind, Status
from qa.verification.times import Moment, Relation

ALIGNED = 0.5
"""Share of the neighbours from which two places are the same one."""
WORD_FOR_WORD = 0.75
"""Share of a claim's words beside those of a sentence from which the claim repeats it."""
BESIDE_AT_ALL = 0.3
"""Share of a claim's words beside those of a sentence from which it lies along the sentence at all."""
LIKE = 0.5
"""Likeness of the words around from which two places speak of the same thing."""
CLEARLY = 0.25
"""By so much more another place must be like, before a value that is there counts as another thing's."""
WINDOW = 12
"""Words on either side that tell what a value is about."""

Value = Figure | Moment


@dataclass(frozen=True, slots=True)
class Match:
    """What became of one fact of a claim.

    ``said``: the evidence's words for it, or in its place. ``strength``: how surely the place is the same, in [0, 1].
    """

    kind: Kind
    start: int
    end: int
    status: Status
    said: str = ""
    strength: float = 0.0


def match_values(
    claim: Parsed, alignments: Sequence[Alignment], cited: Sequence[Parsed], around: Sequence[Parsed]
) -> Iterator[Match]:
    """What becomes of each figure and moment. ``alignments``: with the best of ``cited``, best first."""
    values: list[Value] = [*claim.figures, *claim.moments]
    for value in values:
        yield _match(claim, value, alignments, cited, around)


def _match(
    claim: Parsed,
    value: Value,
    alignments: Sequence[Alignment],
    cited: Sequence[Parsed],
    around: Sequence[Parsed],
) -> Match:
    found = _aligned(claim, value, alignments) or _alike(claim, value, cited, around)
    weak = isinstance(value, Figure) and value.weak
    if weak and (found is None or found.strength < ALIGNED):
        return Match(_kind(value), value.start, value.end, "found")
    return found or Match(_kind(value), value.start, value.end, "missing")


def _aligned(claim: Parsed, value: Value, alignments: Sequence[Alignment]) -> Match | None:
    """The value in the same place of the sentence that lies best along the claim there."""
    first, last = claim.between(value.start, value.end)
    best: Match | None = None
    for each in in_order(alignments, first, last):
        strength = each.beside(first, last)
        if strength < ALIGNED or each.share < BESIDE_AT_ALL:
            continue
        left, right = each.facing(first, last)
        words = each.evidence.words
        if right <= left:
            own = [at for at in each.pairs[first:last] if at >= 0]
            left, right = (own[0], own[-1] + 1) if own else (0, 0)
        if right <= left:
            continue
        start, end = words[left].start, words[right - 1].end
        there = [other for other in _values(each.evidence, value) if other.start < end and start < other.end]
        related = [(_compare(value, other, each.evidence), other) for other in there]
        agrees = [other for relation, other in related if relation == "same"]
        if agrees:
            said = each.evidence.text[agrees[0].start : agrees[0].end]
            return Match(_kind(value), value.start, value.end, "found", said, strength)
        differs = [other for relation, other in related if relation == "other"]
        if differs and best is None:
            said = each.evidence.text[differs[0].start : differs[0].end]
            best = Match(_kind(value), value.start, value.end, "differs", said, strength)
            if each.share >= WORD_FOR_WORD:
                return best
    return best


def in_order(alignments: Sequence[Alignment], first: int, last: int) -> list[Alignment]:
    """The sentences in whose order a place of a claim is looked for: first one that the claim repeats."""
    return sorted(alignments, key=lambda each: (-max(each.share, WORD_FOR_WORD), -each.beside(first, last)))


def _alike(claim: Parsed, value: Value, cited: Sequence[Parsed], around: Sequence[Parsed]) -> Match | None:
    """The value in the place that is most like its own, of those that the evidence has."""
    wanted = _context(claim, value)
    ours = _values(claim, value)
    own, other = (-1.0, ""), (-1.0, "")
    for weight, group in ((1.0, cited), (0.8, around)):
        for parsed in group:
            for theirs in _values(parsed, value):
                relation = _compare(value, theirs, parsed)
                if relation not in ("same", "other"):
                    continue
                place = weight * _likeness(wanted, parsed, theirs, value), parsed.text[theirs.start : theirs.end]
                if relation == "same":
                    own = max(own, place)
                elif place > other and not any(_compare(each, theirs, parsed) == "same" for each in ours):
                    other = place
    if other[0] >= LIKE and other[0] - max(own[0], 0.0) >= CLEARLY:
        return Match(_kind(value), value.start, value.end, "differs", other[1], other[0])
    if own[0] >= 0:
        return Match(_kind(value), value.start, value.end, "found", own[1], own[0])
    return None


def _values(parsed: Parsed, like: Value) -> Sequence[Value]:
    return parsed.figures if isinstance(like, Figure) else parsed.moments


def _compare(ours: Value, theirs: Value, parsed: Parsed) -> Relation:
    if isinstance(ours, Figure) and isinstance(theirs, Figure):
        return figures.compare(ours, theirs)
    if isinstance(ours, Moment) and isinstance(theirs, Moment):
        return times.compare(ours, theirs, parsed.published)
    return "unlike"


def _kind(value: Value) -> Kind:
    return value.kind if isinstance(value, Figure) else "date"


@lru_cache(maxsize=4096)
def _context(parsed: Parsed, value: Value) -> dict[str, float]:
    """The stems around a value, the nearer the heavier."""
    first, last = parsed.between(value.start, value.end)
    found: dict[str, float] = {}
    low = max(0, first - WINDOW)
    for at, word in enumerate(parsed.words[low : last + WINDOW], low):
        if word.counts and not first <= at < last and not word.folded[0].isdigit():
            distance = first - at if at < first else at - last + 1
            found[word.stem] = max(found.get(word.stem, 0.0), 1 / (1 + distance / 4))
    return found


def _likeness(wanted: dict[str, float], parsed: Parsed, theirs: Value, ours: Value) -> float:
    """How much of the words around a value stand around another, in [0, 1]."""
    there = _context(parsed, theirs)
    whole = sum(wanted.values())
    if not whole:
        return LIKE
    shared: float = sum(weight * min(1.0, there[stem] / weight) for stem, weight in wanted.items() if stem in there)
    like = shared / whole
    if isinstance(ours, Figure) and isinstance(theirs, Figure) and ours.head and theirs.head:
        like += 0.1 if ours.head == theirs.head else -0.2
    return min(1.0, max(0.0, like))
