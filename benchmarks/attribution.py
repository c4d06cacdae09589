"""Whether references support a claim: the verification held to what annotators found.

    python benchmarks/attribution.py FOLDER

FOLDER holds ``dev.jsonl``, the development set of AttributionBench (Li and others, 2024) as objects with ``claim``,
``references``, ``attributable`` and ``dataset``. A claim counts as attributable where its verdict is "supported". The
figure is macro F1 over attributable or not, as the benchmark's authors count it. Beside the whole verdict stand the
meaning alone and the plain overlap of words, whose one threshold is the best on these very rows.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tables
from datasets import rows
from numpy.typing import NDArray
from tables import Row, Table

from qa.chunks import sentences
from qa.embedders import LocalEmbedder
from qa.evaluation.figures import figure, median, slowest
from qa.verification import Verifier
from qa.verification.meaning import Meaning
from qa.verification.rarity import rarity
from qa.verification.words import readable, unmarked, words

Claim = dict[str, Any]
Pairs = NDArray[np.float64]
"""For each claim 2 if it is attributable, plus 1 if it is said to be."""
FEW = 10
"""Sentences of evidence up to which a claim is timed: as many as an answer's sentence cites at most."""
TIMED = 200
THRESHOLDS = np.linspace(0.05, 0.95, 91)


def macro_f1(pairs: Pairs) -> float:
    """The mean of the F1 of those that are attributable and the F1 of the others; of a side without any, 0."""
    both, neither, wrong = (pairs == 3).sum(), (pairs == 0).sum(), ((pairs == 1) | (pairs == 2)).sum()
    return float(np.mean([2 * right / (2 * right + wrong) if right else 0.0 for right in (both, neither)]))


def mean_macro_f1(*parts: Pairs) -> float:
    """The mean of the macro F1 of several sets."""
    return float(np.mean([macro_f1(each) for each in parts]))


def attribution(folder: Path) -> Iterator[Table]:
    """Macro F1 of the verdict, of the meaning alone and of plain overlap, by set; and the time that a verdict takes."""
    claims = rows(folder / "dev.jsonl")
    embed = LocalEmbedder("int8").embed
    meaning, verifier = Meaning(embed), Verifier(embed)
    ways: dict[str, Callable[[Claim], bool]] = {
        "verdict": lambda claim: verifier.verify(claim["claim"], claim["references"]).label == "supported",
        "meaning alone": lambda claim: meaning.support(claim["claim"], _sentences(claim)) >= 0.5,
    }
    found = {name: [judge(claim) for claim in _told(claims, name)] for name, judge in ways.items()}
    found["overlap of words"] = _by_overlap(claims)
    title = "AttributionBench, development set, macro F1"
    yield Table(title, tuple(_row(name, claims, said) for name, said in found.items()))
    yield Table("One claim against up to ten sentences, read before", (_timed(verifier, claims),))


def _row(name: str, claims: Sequence[Claim], said: Sequence[bool]) -> Row:
    pairs = np.array([2.0 * each["attributable"] + one for each, one in zip(claims, said, strict=True)])
    names = np.array([each["dataset"] for each in claims])
    parts = {each: pairs[names == each] for each in sorted(set(names.tolist()))}
    every = (figure("all", macro_f1, pairs.tolist()), figure("mean of the sets", mean_macro_f1, *_lists(parts)))
    return Row(name, (*every, *(figure(each, macro_f1, part.tolist()) for each, part in parts.items())))


def _lists(parts: dict[str, Pairs]) -> list[list[float]]:
    return [part.tolist() for part in parts.values()]


def _sentences(claim: Claim) -> list[str]:
    return [text[each.start : each.end] for text in claim["references"] for each in sentences(text)]


def _by_overlap(claims: Sequence[Claim]) -> list[bool]:
    """Attributable where the share of a claim's words, weighed by rarity, reaches the threshold that does best here."""
    shares = np.array([_overlap(each) for each in claims])
    truth = np.array([2.0 * each["attributable"] for each in claims])
    best = max(THRESHOLDS, key=lambda at: macro_f1(truth + (shares >= at)))
    return [bool(each) for each in shares >= best]


def _overlap(claim: Claim) -> float:
    needed = {each.stem: rarity(each.folded) for each in words(unmarked(readable(claim["claim"]))) if each.counts}
    there = {each.stem for text in claim["references"] for each in words(readable(text))}
    total = sum(needed.values())
    return sum(needed[stem] for stem in needed.keys() & there) / total if total else 1.0


def _timed(verifier: Verifier, claims: Sequence[Claim]) -> Row:
    few = [each for each in claims if len(_sentences(each)) <= FEW][:TIMED]
    taken = []
    for each in _told(few, "speed"):
        verifier.verify("Nothing of this is true.", each["references"])
        begun = time.perf_counter()
        verifier.verify(each["claim"], each["references"])
        taken.append((time.perf_counter() - begun) * 1e3)
    return Row("verdict", (figure("median ms", median, taken), figure("95th percentile ms", slowest, taken)))


def _told(claims: Sequence[Claim], name: str) -> Iterator[Claim]:
    """The claims, one by one; how far it is goes to standard error."""
    for number, claim in enumerate(claims):
        if number % 200 == 0:
            print(f"{name}: {number} of {len(claims)}", file=sys.stderr)
        yield claim


def main() -> int:
    """Measure, print the tables, and keep them with today's results; gives the status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", action="store_true", help="keep the figures under benchmarks/results")
    options = parser.parse_args()
    found = tuple(attribution(options.folder))
    command = "python benchmarks/attribution.py FOLDER"
    print(tables.markdown({"command": command, "tables": [each.as_json() for each in found]}))
    if options.keep:
        print(f"kept in {tables.keep('attribution', command, found)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
