"""A made set of near-copies among look-alikes, from the articles of RealTimeQA; nothing in it uses ``qa.copies``.

A cluster is one real report as several papers print it: half of the time the report itself is not among them. Every
copy gets another opening or tail, 5 to 15 % of its sentences edited, often a paragraph cut or added, and sometimes
ends in the middle. The singles around them are look-alikes: real articles about the same event, articles that share
a fifth to a third of their text with a report (the background that agencies repeat), and reports filled in anew, with
other figures and days, as daily texts are. Real articles of which too much stands in one another are left out.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

CLUSTERS, ARTICLES = 200, 1000
SIZES = {2: 40, 3: 25, 4: 15, 5: 8, 6: 5, 7: 4, 8: 3}
"""How often a cluster has so many members, in per cent."""
LENGTH = range(200, 1501)
"""Words of a report."""
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
TAILS = (
    "Reporting by the Brussels and London newsrooms; editing by the night desk.",
    "Follow our coverage on the web, and sign up for the morning letter.",
    "This story has been updated. The agency contributed to this report.",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One article: ``cluster`` is that of its report, or its own."""

    text: str
    cluster: int
    kind: str


def load(data: Path) -> list[str]:
    """The texts of RealTimeQA's articles of 2023, each once."""
    rows = (data / "2023.articles.jsonl").read_text("utf-8").splitlines()
    return list(dict.fromkeys(json.loads(row)["text"] for row in rows))


def make(texts: list[str], seed: int) -> list[Sample]:
    """The made set, in a random order."""
    chance = random.Random(seed)
    pool = [text for text in texts if len(text.split()) in LENGTH]
    chance.shuffle(pool)
    apart = Apart()
    reports = [text for text in pool[: CLUSTERS * 2] if apart.admits(text)][:CLUSTERS]
    vocabulary = [word for text in pool[:200] for word in text.split()]
    samples: list[Sample] = []
    for number, report in enumerate(reports):
        size = chance.choices(list(SIZES), list(SIZES.values()))[0]
        members = [copied(report, chance, vocabulary, pool) for _ in range(size)]
        if chance.random() < 0.5:
            members[0] = report
        samples += [Sample(member, number, "copy") for member in members]
    look_alikes = [
        *(("same event", text) for text in neighbours(reports, pool, apart)),
        *(("filled in anew", filled_in(text, chance)) for text in reports if len(re.findall(r"\d+", text)) > 40),
    ]
    chance.shuffle(look_alikes)
    for number in range(ARTICLES - len(samples)):
        if number % 2 and look_alikes:
            kind, text = look_alikes.pop()
        else:
            kind, text = "background", with_background(next_apart(pool, apart, chance), chance.choice(reports), chance)
        samples.append(Sample(text, CLUSTERS + number, kind))
    chance.shuffle(samples)
    return samples


def copied(report: str, chance: random.Random, vocabulary: list[str], others: list[str]) -> str:
    """``report`` as another paper prints it."""
    paragraphs = edited(report, chance.uniform(0.05, 0.15), chance, vocabulary)
    if chance.random() < 0.1 and len(report.split()) > 400:
        words = list(accumulate(len(paragraph.split()) for paragraph in paragraphs))
        paragraphs = paragraphs[: 1 + sum(count < words[-1] / 2 for count in words)]
    if chance.random() < 0.7 and len(paragraphs) > 4:
        paragraphs.pop(chance.randrange(len(paragraphs)))
    if chance.random() < 0.3:
        added = max(chance.choice(others).split("\n\n"), key=len)
        paragraphs.insert(chance.randrange(len(paragraphs)), " ".join(added.split()[:60]))
    if chance.random() < 0.3:
        paragraphs[0] = f"{chance.choice(('PARIS (AFP)', 'LONDON (Reuters)', 'BERLIN (dpa)'))} - {paragraphs[0]}"
    if chance.random() < 0.3:
        paragraphs.append(chance.choice(TAILS))
    return "\n\n".join(paragraphs)


def edited(report: str, share: float, chance: random.Random, vocabulary: list[str]) -> list[str]:
    """The paragraphs of ``report``, of whose sentences ``share`` (at least one) are edited."""
    paragraphs = [re.split(r"(?<=[.!?”])\s+", paragraph) for paragraph in report.split("\n\n") if paragraph.strip()]
    places = [(p, s) for p, sentences in enumerate(paragraphs) for s in range(len(sentences))]
    for p, s in chance.sample(places, max(1, round(share * len(places)))):
        words = paragraphs[p][s].split()
        edit = chance.choice((replaced, reordered, rewritten))
        paragraphs[p][s] = " ".join(edit(words, chance, vocabulary))
    return [" ".join(sentences) for sentences in paragraphs]


def replaced(words: list[str], chance: random.Random, vocabulary: list[str]) -> list[str]:
    return [chance.choice(vocabulary) if chance.random() < 0.3 else word for word in words]


def reordered(words: list[str], chance: random.Random, _: list[str]) -> list[str]:
    middle = chance.randrange(len(words) + 1)
    return words[middle:] + words[:middle]


def rewritten(words: list[str], chance: random.Random, vocabulary: list[str]) -> list[str]:
    kept = [word for word in words if chance.random() > 0.4]
    for _ in range(len(words) // 4):
        kept.insert(chance.randrange(len(kept) + 1), chance.choice(vocabulary))
    return kept


def with_background(text: str, report: str, chance: random.Random) -> str:
    """``text``, a fifth to a third of which is paragraphs of ``report``."""
    own = text.split("\n\n")
    share = chance.uniform(0.2, 0.3)
    most = min(share / (1 - share) * len(text.split()), 0.5 * len(report.split()))
    background = report.split("\n\n")
    start = chance.randrange(len(background))
    taken, words = [], 0
    for paragraph in background[start:] + background[:start]:
        size = len(paragraph.split())
        if words + size > most:
            continue
        taken.append(paragraph)
        words += size
    for paragraph in taken:
        own.insert(chance.randrange(1, len(own) + 1), paragraph)
    return "\n\n".join(own)


def filled_in(text: str, chance: random.Random) -> str:
    """``text`` with other figures and days."""

    def other(found: re.Match[str]) -> str:
        return "".join(chance.choice("0123456789") for _ in found[0])

    text = re.sub(r"\d+", other, text)
    return re.sub("|".join(DAYS), lambda _: chance.choice(DAYS), text)


def trigrams(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


class Apart:
    """Admits texts that do not hold much of one another: less than half of both, less than 70 % of the shorter."""

    def __init__(self) -> None:
        self._sets: list[frozenset[tuple[str, ...]]] = []
        self._where: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)

    def admits(self, text: str) -> bool:
        """Whether ``text`` is apart from all before it; if so, it is one of them."""
        own = trigrams(text)
        shared = Counter(number for shingle in own for number in self._where.get(shingle, ()))
        for number, count in shared.items():
            other = self._sets[number]
            if count >= 0.5 * (len(own) + len(other) - count) or count >= 0.7 * min(len(own), len(other)):
                return False
        for shingle in own:
            self._where[shingle].append(len(self._sets))
        self._sets.append(own)
        return True


def next_apart(pool: list[str], apart: Apart, chance: random.Random) -> str:
    """A text of ``pool`` that is apart from those taken before."""
    while not apart.admits(text := chance.choice(pool)):
        pass
    return text


def neighbours(reports: Iterable[str], pool: list[str], apart: Apart) -> list[str]:
    """The real articles nearest to each report by TF-IDF of their first 150 words, two for each where there are."""
    counts = [Counter(re.findall(r"[a-z]{3,}", " ".join(text.lower().split()[:150]))) for text in pool]
    rare = Counter(word for count in counts for word in count)
    vectors: list[dict[str, float]] = []
    where: defaultdict[str, list[int]] = defaultdict(list)
    for number, count in enumerate(counts):
        weights = {word: n * math.log(len(pool) / rare[word]) for word, n in count.items()}
        length = math.hypot(*weights.values()) or 1.0
        vectors.append({word: weight / length for word, weight in weights.items()})
        for word in vectors[-1]:
            where[word].append(number)
    place = {text: number for number, text in enumerate(pool)}
    found = []
    for report in reports:
        nearness: Counter[int] = Counter()
        for word, weight in vectors[place[report]].items():
            if rare[word] < len(pool) / 10:
                for number in where[word]:
                    nearness[number] += weight * vectors[number][word]  # type: ignore[assignment]
        nearest = (pool[number] for number, _ in nearness.most_common(8) if pool[number] != report)
        found += [text for text in nearest if apart.admits(text)][:2]
    return found
