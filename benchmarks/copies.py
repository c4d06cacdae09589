"""How well near-copies are found: precision and recall of pairs in a made set, and the clusters of real articles.

    python benchmarks/copies.py DATA            the made set (near_copies.py), by seed, and the articles of RealTimeQA
    python benchmarks/copies.py DATA --compare  MinHash libraries beside ours, on 100,000 articles (minhash.py)
    python benchmarks/copies.py DATA --show 30  that many clusters and borderline pairs of RealTimeQA, to be read

DATA is the folder that holds 2023.articles.jsonl. The bounds in ``qa.copies`` were set on the seeds 0 to 4, so the
default is the seeds after them.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

import near_copies
from near_copies import Sample

from qa import copies

Pair = tuple[int, int]


class Clusters:
    """What a catalog does, in memory: bands propose, the estimate and then the texts decide, links make clusters."""

    def __init__(self, texts: list[str], days: list[int] | None = None) -> None:
        """``days`` are the articles' dates, where they matter."""
        self.signatures = [copies.sign(text) for text in texts]
        self.candidates = sorted(self._proposed())
        likely = [pair for pair in self.candidates if self.estimate(pair) >= copies.LIKELY]
        if days:
            likely = [(a, b) for a, b in likely if abs(days[a] - days[b]) <= copies.WITHIN_DAYS]
        self.likely = likely
        self.links = [(a, b) for a, b in likely if copies.is_copy(texts[a], texts[b])]
        self._first = list(range(len(texts)))
        for a, b in self.links:
            self._first[self.first(a)] = self.first(b)
        self.clusters = defaultdict(list)
        for number in range(len(texts)):
            self.clusters[self.first(number)].append(number)

    def estimate(self, pair: Pair) -> float:
        return copies.similarity(self.signatures[pair[0]], self.signatures[pair[1]])

    def first(self, number: int) -> int:
        """The article that stands for the cluster of ``number``."""
        while self._first[number] != number:
            number = self._first[number]
        return number

    def pairs(self) -> set[Pair]:
        return {pair for members in self.clusters.values() for pair in combinations(sorted(members), 2)}

    def _proposed(self) -> set[Pair]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for number, signature in enumerate(self.signatures):
            for key in copies.bands(signature):
                found[key].append(number)
        return {pair for members in found.values() for pair in combinations(members, 2)}


def judge(samples: list[Sample]) -> dict[str, float]:
    """Pairwise precision and recall of a made set, and how much work it was."""
    texts = [sample.text for sample in samples]
    found = Clusters(texts)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for number, sample in enumerate(samples):
        members[sample.cluster].append(number)
    true = {pair for numbers in members.values() for pair in combinations(numbers, 2)}
    pairs = found.pairs()
    wrong = Counter(samples[n].kind for pair in pairs - true for n in pair if samples[n].kind != "copy")
    return {
        "precision": len(pairs & true) / len(pairs),
        "recall": len(pairs & true) / len(true),
        "proposed": len(true & set(found.candidates)) / len(true),
        "pairs": len(true),
        "candidates": len(found.candidates),
        "singles": sum(sample.kind != "copy" for sample in samples),
        **{f"wrong: {kind}": count for kind, count in wrong.items()},
    }


def edited_once(texts: list[str], seed: int, count: int = 1000) -> float:
    """The share of reports that a band proposes for a copy with 15 % of the sentences edited and a paragraph cut."""
    chance = random.Random(seed)
    pool = [text for text in texts if len(text.split()) in near_copies.LENGTH]
    vocabulary = [word for text in pool[:200] for word in text.split()]
    found = 0
    for report in chance.sample(pool, count):
        paragraphs = near_copies.edited(report, 0.15, chance, vocabulary)
        paragraphs.pop(chance.randrange(len(paragraphs)))
        keys = copies.bands(copies.sign("\n\n".join(paragraphs)))
        found += bool(set(keys) & set(copies.bands(copies.sign(report))))
    return found / count


def real(data: Path, show: int) -> None:
    """Print what is found among all articles of RealTimeQA, and examples of it."""
    rows = [json.loads(row) for row in (data / "2023.articles.jsonl").read_text("utf-8").splitlines()]
    texts = [row["text"] for row in rows]
    days = [date.fromisoformat(row["published"]).toordinal() for row in rows]
    started = time.perf_counter()
    found = Clusters(texts, days)
    clusters = [members for members in found.clusters.values() if len(members) > 1]
    alike = [members for members in clusters if len({texts[n] for n in members}) == 1]
    print(f"\n{len(rows)} real articles in {time.perf_counter() - started:.0f} s: {len(found.candidates)} candidates, ")
    print(f"{len(found.likely)} likely and near in time, {len(found.links)} links, {len(clusters)} clusters,")
    print(f"{len(alike)} of them of one text, the largest {max(map(len, clusters))} articles")

    def line(number: int) -> str:
        return f"    {rows[number]['published']} {rows[number]['url'][8:90]} | {rows[number]['title']}"

    for members in [members for members in clusters if members not in alike][:show]:
        print("cluster\n" + "\n".join(map(line, members)))
    links = set(found.links)
    border = [pair for pair in found.likely if found.estimate(pair) < 0.65 and texts[pair[0]] != texts[pair[1]]]
    for a, b in sorted(border, key=lambda pair: -found.estimate(pair))[:show]:
        print(f"borderline, {found.estimate((a, b)):.2f}, {'a copy' if (a, b) in links else 'none'}")
        print(line(a), line(b), sep="\n")


def table(texts: list[str], seeds: range) -> Iterator[str]:
    """The made sets, a line each."""
    yield "seed  precision  recall  proposed   pairs  candidates  singles  wrong"
    for seed in seeds:
        row = judge(near_copies.make(texts, seed))
        wrong = ", ".join(f"{key[7:]} {count:.0f}" for key, count in row.items() if key.startswith("wrong"))
        yield (
            f"{seed:4}  {row['precision']:9.4f}  {row['recall']:6.4f}  {row['proposed']:8.4f}  {row['pairs']:6.0f}"
            f"  {row['candidates']:10.0f}  {row['singles']:7.0f}  {wrong}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", type=int, nargs=2, default=(5, 10), help="the first, and the one after the last")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--compare", action="store_true")
    options = parser.parse_args()
    texts = near_copies.load(options.data)
    if options.compare:
        import minhash

        minhash.compare(texts)
        return
    for line in table(texts, range(*options.seeds)):
        print(line, flush=True)
    print(f"15 % edited and a paragraph cut: proposed {edited_once(texts, 0):.4f}")
    real(options.data, options.show)


if __name__ == "__main__":
    main()
