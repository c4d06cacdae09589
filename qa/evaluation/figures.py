"""What counts as found, said and right, and the figures made of it, each with its 95% interval.

Texts are compared in a normal form (``normalised``), so that "The Olm." is "olm"; evidence without its white space, as
the authors of MultiHop-RAG do (Tang and Yang, 2024).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

CUTS = (1, 3, 5, 10)
DEPTH = max(CUTS)
"""Passages of a search that count."""
ONE_IN = 20
"""False answers are compared where one answerable question in so many is refused."""
RESAMPLES = 1000
SEED = 20261122

Values = NDArray[np.float64]


def normalised(text: str) -> str:
    """Lower case, punctuation to blanks, no a, an, the, single blanks; a blank at both ends."""
    words = re.sub(r"[^\w\s]|_", " ", text.lower()).split()
    return " " + " ".join(word for word in words if word not in ("a", "an", "the")) + " "


def holds(text: str, answers: Sequence[str]) -> bool:
    """Whether one of the answers occurs in ``text`` as whole words, both normalised."""
    target = normalised(text)
    return any(wanted in target for wanted in map(normalised, answers) if wanted.strip())


def exact_match(given: str, answers: Sequence[str]) -> bool:
    """Whether a short answer is one of the answers, both normalised."""
    return bool(given) and normalised(given) in map(normalised, answers)


def token_f1(given: str, answers: Sequence[str]) -> float:
    """The overlap of words with the best of the answers (Rajpurkar and others, 2016), both normalised, in [0, 1]."""
    best = 0.0
    for answer in answers:
        left, right = Counter(normalised(given).split()), Counter(normalised(answer).split())
        common = (left & right).total()
        best = max(best, 2 * common / (left.total() + right.total()) if common else 0.0)
    return best


def dense(text: str) -> str:
    """``text`` without white space."""
    return "".join(text.split())


def first_rank(texts: Sequence[str], right: Callable[[str], bool]) -> int | None:
    """The place, from 1, of the first text that is right among the first ten."""
    return next((rank for rank, text in enumerate(texts[:DEPTH], 1) if right(text)), None)


def ranking(rank: int | None) -> dict[str, float]:
    """hit@k and the reciprocal rank for what was first found at ``rank``; None: not at all."""
    hits = {f"hit@{cut}": float(rank is not None and rank <= cut) for cut in CUTS}
    return {**hits, f"mrr@{DEPTH}": 1 / rank if rank is not None and rank <= DEPTH else 0.0}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number over ``n`` questions, and the ends of its 95% interval. Shares are in [0, 1], times in milliseconds."""

    name: str
    value: float
    low: float
    high: float
    n: int

    def as_json(self) -> dict[str, Any]:
        """The figure with four decimals, which is more than its interval warrants."""
        ends = [round(self.low, 4), round(self.high, 4)]
        return {"metric": self.name, "value": round(self.value, 4), "interval": ends, "n": self.n}


def figure(name: str, statistic: Callable[..., float], *samples: Sequence[float]) -> Figure:
    """A statistic of one or more samples, with its percentile bootstrap interval (Efron, 1979), seeded.

    Each sample is drawn from on its own. None of them may be empty.
    """
    parts: list[Values] = [np.asarray(sample, dtype=np.float64) for sample in samples]
    chance = np.random.default_rng(SEED)
    drawn = [statistic(*(part[chance.integers(len(part), size=len(part))] for part in parts)) for _ in range(RESAMPLES)]
    low, high = np.percentile(drawn, (2.5, 97.5))
    return Figure(name, float(statistic(*parts)), float(low), float(high), sum(map(len, parts)))


def mean(values: Values) -> float:
    """The mean; of ones and zeros, a share."""
    return float(values.mean())


def median(values: Values) -> float:
    """The middle value."""
    return float(np.median(values))


def slowest(values: Values) -> float:
    """The 95th percentile."""
    return float(np.percentile(values, 95))


def area(answerable: Values, others: Values) -> float:
    """The area under the ROC curve: how often an answerable question's confidence is above another's; a tie is half."""
    ordered = np.sort(others)
    below = np.searchsorted(ordered, answerable, "left") + np.searchsorted(ordered, answerable, "right")
    return float(below.mean() / (2 * len(others)))


def false_answers_at(answerable: Values, others: Values) -> float:
    """The share of questions without an answer that are answered, at the threshold that refuses 5% of the others.

    Of the thresholds that refuse no more than that, it is the highest.
    """
    threshold = np.sort(answerable)[len(answerable) // ONE_IN]
    return float((others >= threshold).mean())
