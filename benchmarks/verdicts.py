"""Whether the verification notices a changed number, name, date, negation or speaker, and leaves true sentences alone.

The evidence is the passage that holds the true sentence; a claim cites that sentence, or all of the passage. True are
the sentences word for word, and, as a check that words are not all that is compared, said otherwise (``rewordings``).
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Literal

from perturbed import COUNT, KINDS, SEED, Item, drawn, evidence, learnt, said_otherwise
from tables import Row, Table

from qa.chunks import Span
from qa.evaluation.figures import Figure, figure, median, slowest

if TYPE_CHECKING:
    from sections import Bench

    from qa.verification import Reading

Cited = Literal["sentence", "passage"]
CITED: dict[Cited, str] = {"sentence": "the sentence", "passage": "the whole passage"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim, and the labels of its verification by what was cited, and the milliseconds of one of them."""

    item: Item
    labels: Mapping[Cited, str]
    milliseconds: Mapping[Cited, float]


def judged(item: Item, reading: Reading, cited: int, size: int, *, first: Cited) -> Judged:
    """The verification of one claim; the evidence has been read, and another claim verified against it.

    Only the ``first`` of the two is timed: the other one may find the claim's embedding made.
    """
    reading.verify(item.title or "Nothing is known.", range(size))
    numbers: dict[Cited, Sequence[int]] = {"sentence": [cited], "passage": range(size)}
    begun = time.perf_counter()
    labels: dict[Cited, str] = {first: reading.verify(item.claim, numbers[first]).label}
    taken = {first: (time.perf_counter() - begun) * 1e3}
    return Judged(
        item, {name: labels.get(name) or reading.verify(item.claim, numbers[name]).label for name in CITED}, taken
    )


def verified(every: Sequence[Item]) -> Iterator[Judged]:
    """Each claim verified with the local model over the sentences of its passage."""
    from qa.config import load
    from qa.embedders import make_embedder
    from qa.verification import Reference, Verifier

    verifier = Verifier(make_embedder(load(None, environ={})).embed)
    for number, item in enumerate(every):
        if number % 100 == 0:
            print(f"perturbed: {number} of {len(every)}", file=sys.stderr)
        spans = evidence(item)
        day = date.fromisoformat(item.published) if item.published else None
        references = [
            Reference(item.passage, span.start, span.end, title=item.title, outlet=item.outlet, published=day)
            for span in spans
        ]
        first: Cited = "sentence" if number % 2 else "passage"
        place = spans.index(Span(item.start, item.end))
        yield judged(item, verifier.read(references), place, len(spans), first=first)


def share(name: str, hits: Sequence[bool]) -> Figure:
    """A share with its Wilson interval (Wilson, 1927), which is right beside 0 and 1, too."""
    n, z = len(hits), 1.959964
    value = sum(hits) / n
    middle, wide = (value + z * z / (2 * n)), z * math.sqrt(value * (1 - value) / n + z * z / (4 * n * n))
    low, high = ((middle + sign * wide) / (1 + z * z / n) for sign in (-1, 1))
    return Figure(name, value, max(0.0, low), min(1.0, high), n)


def perturbed(bench: Bench) -> Iterator[Table]:
    """Changed sentences caught and true ones accused, by kind, and the time that a verification takes."""
    every, people = learnt(bench.data / "realtimeqa")
    claims = drawn(every, people, Random(SEED), n=COUNT)
    found = list(verified([*claims, *said_otherwise(claims, people)]))
    for cited, title in CITED.items():
        measured = tuple(table_rows(found, cited))
        yield Table(f"RealTimeQA sentences with one thing changed, citing {title}", measured)
    yield Table("One verification of what is not word for word the evidence, the evidence read", tuple(_times(found)))


def _times(found: Sequence[Judged]) -> Iterator[Row]:
    for cited, title in CITED.items():
        reworked = [each for each in found if each.item.claim != each.item.sentence]
        taken = [each.milliseconds[cited] for each in reworked if cited in each.milliseconds]
        yield Row(f"citing {title}", (figure("median ms", median, taken), figure("95th percentile ms", slowest, taken)))


def table_rows(found: Sequence[Judged], cited: Cited) -> Iterator[Row]:
    """A row for all, one for each kind, and one for each source of what was put in."""

    def doubted(some: Iterable[Judged]) -> list[bool]:
        return [each.labels[cited] != "supported" for each in some]

    for kind in ("all", *KINDS):
        of_kind = [each for each in found if kind in ("all", each.item.kind)]
        true = [each for each in of_kind if not each.item.changed]
        yield Row(
            kind,
            (
                share("changed caught", doubted(each for each in of_kind if each.item.changed)),
                share("true accused", doubted(each for each in true if each.item.claim == each.item.sentence)),
                share(
                    "true, said otherwise, accused",
                    doubted(each for each in true if each.item.claim != each.item.sentence),
                ),
            ),
        )
    for near, name in ((True, "put in from the same text"), (False, "put in from elsewhere")):
        those = [
            each for each in found if each.item.changed and each.item.near == near and each.item.kind != "negation"
        ]
        yield Row(name, (share("changed caught", doubted(those)),))
