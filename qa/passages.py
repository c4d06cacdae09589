"""A ``Question`` to ranked ``Passage``s: both indexes, fused, weighed by age.

A passage's score is in [0, 2]: the convex combination of its meaning (cosine) and its words (BM25), each scaled to
the best of the candidates, times 1 + exp(-age / ``age_days``), so that of two equal matches the newer one wins and
an old one is never worth less than its match. Age counts from the question's ``now``; an undated article counts as
old. The weights were fitted on RealTimeQA, January to March 2023 (docs/evaluation.md).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qa.articles import Article
from qa.catalog import Catalog, Copy, Indexed
from qa.config import SearchSection
from qa.embedders import Embedder, Vectors
from qa.questions import Question, Window
from qa.schema import UNDATED
from qa.vectors import VectorIndex
from qa.words import WordIndex

DAY = 86_400.0
SAID = 0.6
"""Share of its runs of words that a copy's passage must have in common with a better one to be left out."""
SAID_ALL = 0.95
"""Share of a passage's runs of words that the earliest copy's must have to stand in its place."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk of an article that may answer a question.

    ``article.text[start:end] == text``. ``score`` orders the passages of one search; ``meaning`` is the cosine to
    the question in [-1, 1], ``words`` the BM25 score (0 where no word matched), ``freshness`` the factor for age in
    [1, 2]. ``id`` names the chunk. ``copies`` are the near-copies of the article, itself included, the earliest
    first: one origin, however many outlets printed it; empty if it is the only one.
    """

    id: str
    text: str
    start: int
    end: int
    score: float
    meaning: float
    words: float
    freshness: float
    article: Article
    copies: tuple[Copy, ...] = ()


class Searcher:
    """Search over one archive's open indexes."""

    def __init__(
        self, catalog: Catalog, words: WordIndex, vectors: VectorIndex, embedder: Embedder, settings: SearchSection
    ) -> None:
        self.catalog = catalog
        self.words = words
        self.vectors = vectors
        self.embedder = embedder
        self.settings = settings

    def search(self, question: Question, limit: int) -> list[Passage]:
        """The best passages, best first: near-copies are one, and one article gives at most ``per_article``."""
        vector = self.embedder.embed_query(question.text)
        words, meaning = self._candidates(question, vector)
        found = self.catalog.indexed(words.keys() | meaning.keys())
        now = question.now.timestamp()
        ranked = [
            self._passage(found[name], words.get(name, 0.0), meaning.get(name, 0.0), score, now)
            for name, score in self._fuse(words, meaning).items()
            if name in found and _inside(found[name], question.window)
        ]
        ranked.sort(key=lambda passage: (-passage.score, passage.id))
        copies = self.catalog.copies({passage.article.id for passage in ranked})
        return _spread(_collapsed(ranked, copies), limit, self.settings.per_article)

    def _candidates(self, question: Question, vector: Vectors) -> tuple[dict[str, float], dict[str, float]]:
        """BM25 scores and cosines by chunk id. Every chunk found by its words gets its cosine, too."""
        window, limit = question.window, self.settings.candidates
        words = dict(self.words.search(question.text, limit, window, title_boost=self.settings.title))
        meaning = dict(self.vectors.search(vector, limit, window))
        missing = self.vectors.get([name for name in words if name not in meaning])
        meaning.update({name: float(np.dot(vector, other)) for name, other in missing.items()})
        return words, meaning

    def _fuse(self, words: Mapping[str, float], meaning: Mapping[str, float]) -> dict[str, float]:
        """Convex combination of the two scores, each scaled to its best (Bruch, Gai and Ingber, 2023).

        A passage that is not embedded yet is judged by its words alone.
        """
        best_word = max(words.values(), default=0.0) or 1.0
        best_meaning = max(max(meaning.values(), default=0.0), 1e-6)
        share = self.settings.meaning
        fused = {}
        for name in words.keys() | meaning.keys():
            word = words.get(name, 0.0) / best_word
            near = max(meaning[name], 0.0) / best_meaning if name in meaning else word
            fused[name] = share * near + (1 - share) * word
        return fused

    def _passage(self, each: Indexed, words: float, meaning: float, score: float, now: float) -> Passage:
        freshness = 1.0
        if each.published_at != UNDATED:
            age = max(0.0, now - each.published_at) / DAY
            freshness += math.exp(-age / self.settings.age_days)
        return Passage(
            id=each.chunk.id,
            text=each.text,
            start=each.chunk.start,
            end=each.chunk.end,
            score=score * freshness,
            meaning=meaning,
            words=words,
            freshness=freshness,
            article=each.article,
        )


def _inside(each: Indexed, window: Window) -> bool:
    """The indexes filter already; an article that changed since they were written is judged by the catalog."""
    moment = each.published_at
    if window.earliest is not None and moment < window.earliest:
        return False
    if window.latest is not None and moment > window.latest:
        return False
    return not window.outlets or each.article.outlet in window.outlets


def _collapsed(ranked: Sequence[Passage], copies: Mapping[str, tuple[Copy, ...]]) -> list[Passage]:
    """``ranked`` without passages of near-copies that say what a better one says.

    Where the earliest of the copies says all of it, its passage stands in the better one's place.
    """
    kept: list[Passage] = []
    origins: dict[str, list[tuple[int, set[str]]]] = {}
    for passage in ranked:
        of = copies.get(passage.article.id)
        if of is None:
            kept.append(passage)
            continue
        words = _runs(passage.text)
        same = origins.setdefault(of[0].id, [])
        place = next((at for at, said in same if len(words & said) >= SAID * min(len(words), len(said))), None)
        if place is None:
            same.append((len(kept), words))
            kept.append(replace(passage, copies=of))
        elif passage.article.id == of[0].id and _says_all(words, kept[place]):
            kept[place] = replace(passage, score=kept[place].score, copies=of)
    return kept


def _says_all(words: set[str], other: Passage) -> bool:
    wanted = _runs(other.text)
    return len(words & wanted) >= SAID_ALL * len(wanted)


def _runs(text: str) -> set[str]:
    """The runs of three words of a text, or all of a shorter one."""
    words = text.casefold().split()
    return {" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))}


def _spread(ranked: Sequence[Passage], limit: int, per_article: int) -> list[Passage]:
    """The first ``limit`` passages, at most so many from one origin."""
    taken: Counter[str] = Counter()
    kept = []
    for passage in ranked:
        origin = passage.copies[0].id if passage.copies else passage.article.id
        if taken[origin] < per_article:
            taken[origin] += 1
            kept.append(passage)
            if len(kept) == limit:
                break
    return kept
