"""A ``Question`` to ranked ``Passage``s: both indexes, fused, weighed by age.

A passage's score is in [0, 2]: the convex combination of its meaning (cosine) and its words (BM25), each scaled to
the best of the candidates, times 1 + exp(-age / ``age_days``), so that of two equal matches the newer one wins and
an old one is never worth less than its match. Age counts from the question's ``now``; an undated article counts as
old. The weights were fitted on RealTimeQA, January to March 2023 (docs/evaluation.md).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from qa.articles import Article
from qa.catalog import UNDATED, Catalog, Indexed
from qa.config import SearchSection
from qa.embedders import Embedder, Vectors
from qa.questions import Question, Window
from qa.vectors import VectorIndex
from qa.words import WordIndex

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk of an article that may answer a question.

    ``article.text[start:end] == text``. ``score`` orders the passages of one search; ``meaning`` is the cosine to
    the question in [-1, 1], ``words`` the BM25 score (0 where no word matched), ``freshness`` the factor for age in
    [1, 2]. ``id`` names the chunk.
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
        """The best passages, best first, at most ``per_article`` of them from one article."""
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
        return _spread(ranked, limit, self.settings.per_article)

    def _candidates(self, question: Question, vector: Vectors) -> tuple[dict[str, float], dict[str, float]]:
        """BM25 scores and cosines by chunk id. Every chunk found by its words gets its cosine, too."""
        window, limit = question.window, self.settings.candidates
        words = dict(self.words.search(question.text, limit, window, title_boost=self.settings.title))
        meaning = dict(self.vectors.search(vector, limit, window))
        missing = self.vectors.get([name for name in words if name not in meaning])
        meaning.update({name: float(np.dot(vector, other)) for name, other in missing.items()})
        return words, meaning

    def _fuse(self, words: Mapping[str, float], meaning: Mapping[str, float]) -> dict[str, float]:
        """Convex combination of the two scores, each scaled to its best (Bruch, Gai and Ingber, 2023)."""
        best_word = max(words.values(), default=0.0) or 1.0
        best_meaning = max(max(meaning.values(), default=0.0), 1e-6)
        share = self.settings.meaning
        return {
            name: share * max(meaning.get(name, 0.0), 0.0) / best_meaning
            + (1 - share) * words.get(name, 0.0) / best_word
            for name in words.keys() | meaning.keys()
        }

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


def _spread(ranked: list[Passage], limit: int, per_article: int) -> list[Passage]:
    taken: Counter[str] = Counter()
    kept = []
    for passage in ranked:
        if taken[passage.article.id] < per_article:
            taken[passage.article.id] += 1
            kept.append(passage)
            if len(kept) == limit:
                break
    return kept
