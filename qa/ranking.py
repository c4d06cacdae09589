"""How well a passage fits a question: a weighed sum of signals, each in [0, 1].

What a passage alone shows (``match``, ``cover``, ``near``, ``lead``, ``kind``), what its article adds (``article``: the
question's terms that the rest of it holds), what the archive adds (``agreement``: passages of other origins that say
alike) and time (``recent``, ``focus``, ``newest``). The weights stand in config.toml, [ranking], with where they
came from; a signal whose weight is 0 is not missed, so each can be tried without.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.config import RankingSection
from qa.kinds import Kind
from qa.mentions import Form, mentions
from qa.questions import Question, Window
from qa.schema import UNDATED
from qa.stop_words import STOP_WORDS

DAY = 86_400.0
RUN = 24
"""Terms in a row in which ``near`` looks for the question's: about a sentence."""
LEAD = 3.0
"""Ordinal of a chunk at which ``lead`` has fallen to 37 %."""
ALIKE = 0.5
"""Cosine above which two passages begin to say alike."""
WITNESSES = 20
"""The best passages that may agree with another."""
KIND = 4
"""Things of the kind asked for beyond which more say nothing more."""
FORMS: Mapping[Kind, tuple[Form, ...]] = {
    "number": ("number", "share"),
    "money": ("money",),
    "date": ("date",),
    "duration": ("duration",),
}
"""What things of a kind look like. Of other kinds nearly every passage has some."""
NEWS_CYCLE = 14.0
"""Days older than the newest candidate at which ``newest`` has fallen to 37 %."""
_WORD = re.compile(r"\w+(?:[.,]\w+)*")


@dataclass(frozen=True, slots=True)
class Signals:
    """Why a passage ranks where it does; each in [0, 1].

    ``match``: words and meaning, weighed by freshness. ``cover``, ``near``, ``article``: the share of the question's
    terms, by rarity, in the passage, in ``RUN`` terms of it in a row, in what was found of its article and its title.
    ``lead``: how near the article's beginning. ``recent``: exp(-age / ``recent_days``). ``agreement``: how much
    passages of other origins say alike. ``focus``: published when the question's events were reported. ``newest``: how
    near the newest candidate, where the latest is asked for. ``kind``: things of the kind asked for that the question
    does not say itself, up to ``KIND`` of them: figures, sums, dates, spans of time.
    """

    match: float = 0.0
    cover: float = 0.0
    near: float = 0.0
    article: float = 0.0
    lead: float = 0.0
    recent: float = 0.0
    agreement: float = 0.0
    focus: float = 0.0
    newest: float = 0.0
    kind: float = 0.0

    def score(self, weights: RankingSection) -> float:
        """The weighed sum; with weights that add up to 1, in [0, 1]."""
        return float(sum(getattr(self, name) * getattr(weights, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each term of a question counts: the rarer in the archive, the more."""

    by_term: Mapping[str, float]

    @classmethod
    def of(cls, terms: Iterable[str], total: int, counts: Sequence[int]) -> Weights:
        """Weights of terms that ``counts`` of ``total`` chunks hold."""
        pairs = zip(terms, counts, strict=True)
        return cls({term: math.log(1 + (total + 1) / (count + 0.5)) for term, count in pairs})

    def share(self, terms: Iterable[str]) -> float:
        """The part of the whole weight that ``terms`` cover, in [0, 1]; 0 for a question of stop words alone."""
        total = sum(self.by_term.values())
        return sum(self.by_term[term] for term in self.by_term.keys() & set(terms)) / total if total else 0.0

    def share_in_run(self, terms: Sequence[str]) -> float:
        """The largest share within ``RUN`` terms in a row."""
        places = [place for place, term in enumerate(terms) if term in self.by_term]
        ends = [bisect_left(places, start + RUN) for start in places]
        runs = {frozenset(terms[at] for at in places[first:end]) for first, end in enumerate(ends)}
        return max(map(self.share, runs), default=0.0)


def content(terms: Iterable[str]) -> list[str]:
    """The terms that say what a question is about, once each."""
    return [term for term in dict.fromkeys(terms) if term not in STOP_WORDS]


def freshness(published_at: float, now: float, days: float) -> float:
    """exp(-age / days), in [0, 1]; 0 without a date. Both moments are seconds since the epoch."""
    return math.exp(-max(0.0, now - published_at) / DAY / days) if published_at != UNDATED else 0.0


def newness(published_at: float, newest: float) -> float:
    """How near an article is to the newest one, in [0, 1]."""
    return freshness(published_at, newest, NEWS_CYCLE)


def inside(published_at: float, outlet: str, window: Window) -> bool:
    """Whether an article may be found."""
    if window.earliest is not None and published_at < window.earliest:
        return False
    if window.latest is not None and published_at > window.latest:
        return False
    return not window.outlets or outlet in window.outlets


def of_kind(question: Question, text: str) -> float:
    """How many things of the kind asked for a text holds, as a share of ``KIND``."""
    forms = FORMS.get(question.kind, ())
    asked = _folded(question.text)
    found = {_folded(mention.text) for mention in mentions(text, forms, ())}
    return min(sum(each not in asked for each in found), KIND) / KIND


def _folded(text: str) -> str:
    """Its words with a blank around each, so that the 20 of a sentence is not looked for in the 2031 of a question."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def agreement(vectors: NDArray[np.float32], origins: Sequence[str], matches: Sequence[float]) -> NDArray[np.float32]:
    """How much the best passages of other origins say alike, scaled to the most.

    ``vectors`` [n, dimensions], of length 1 or, where there is none yet, 0; ``matches``, best first, weigh witnesses.
    """
    best = vectors[:WITNESSES]
    near = np.maximum(vectors @ best.T - ALIKE, 0.0)
    same = np.array(origins)[:, None] == np.array(origins[:WITNESSES])[None, :]
    said: NDArray[np.float32] = np.where(same, 0.0, near) @ np.array(matches[:WITNESSES], dtype=np.float32)
    return said / max(float(said.max(initial=0.0)), 1e-6)
