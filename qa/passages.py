"""A ``Question`` to ranked ``Passage``s: both indexes, fused, ranked by every signal, copies collapsed, grown.

What the two indexes propose is fused by a convex combination of words (BM25) and meaning (cosine), each scaled to the
best of the candidates, times 1 + exp(-age / ``age_days``); the best of that are read and ranked by all that is known
(qa/ranking.py). A question of several parts is searched for part by part, and the passages of its parts take turns, so
that each is covered before any is repeated. What is found is small, so that meaning is sharp; what is given has its
neighbouring sentences, up to ``characters``, so that a reader sees what "it" is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

import numpy as np

from qa import ranking
from qa.articles import Article
from qa.catalog import Catalog, Copy, Fact, Indexed
from qa.chunks import Span, sentences
from qa.config import Config, RankingSection
from qa.embedders import Embedder, Vectors
from qa.questions import Question, Window
from qa.ranking import Signals, Weights
from qa.rerankers import Reranker, blend
from qa.schema import UNDATED
from qa.vectors import VectorIndex
from qa.words import WordIndex

READ = 80
"""Candidates whose words are read, the best by fused score."""
NARROW = 1500
"""Chunks inside a window up to which all their vectors are compared; in a wider one, the nearest are filtered."""
NEAREST = 5000
"""Most neighbours that are asked for so that enough of them are inside a window."""
QUOTED = 10_000
"""Most passages that are looked at for words that are required."""
VARIED = 20
"""Passages among which the next one is chosen for what it adds."""
REPEATED = 0.3
"""What a term of the question counts once a passage with it was chosen."""
SAID = 0.6
"""Share of its runs of words that a copy's passage must have in common with a better one to be left out."""
SAID_ALL = 0.95
"""Share of a passage's runs of words that the earliest copy's must have to stand in its place."""
INSIDE = 0.6
"""Share of a chunk that a better passage must have grown over to stand for it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of an article that may answer a question: a chunk with its neighbouring sentences.

    ``article.text[start:end] == text``. ``score`` orders the passages of one search; ``signals`` are what it is made
    of. ``meaning`` is the cosine to the question in [-1, 1], ``words`` the BM25 score (0 where no word matched),
    ``freshness`` the factor for age in [1, 2]. ``id`` names the chunk. ``copies`` are the near-copies of the article,
    itself included, the earliest first: one origin, however many outlets printed it; empty if it is the only one.
    ``parts``: numbers, from 1, of the question's ``searches`` that found it, the one for the whole left out.
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
    signals: Signals = field(default_factory=Signals)
    parts: tuple[int, ...] = ()

    @property
    def origin(self) -> str:
        """What tells independent articles apart: the id of the earliest of its near-copies, else its own."""
        return self.copies[0].id if self.copies else self.article.id


@dataclass(slots=True)
class _Candidate:
    """A chunk that an index proposed."""

    fact: Fact
    words: float
    meaning: float | None
    fresh: float
    match: float = 0.0
    vector: Vectors | None = None


class Searcher:
    """Search over one archive's open indexes."""

    def __init__(
        self,
        catalog: Catalog,
        words: WordIndex,
        vectors: VectorIndex,
        embedder: Embedder,
        config: Config,
        reranker: Reranker | None = None,
    ) -> None:
        self.catalog = catalog
        self.words = words
        self.vectors = vectors
        self.embedder = embedder
        self.settings = config.search
        self.ranking = config.ranking
        self.reranking = config.rerank
        self.reranker = reranker

    def search(self, question: Question, limit: int) -> list[Passage]:
        """The best passages, best first: near-copies are one, and one article gives at most ``per_article``."""
        found = [self._search(each, limit) for each in question.searches]
        return _in_turn(found, limit) if len(found) > 1 else found[0]

    def weights(self, question: Question) -> Weights:
        """The question's terms by how rare they are in the archive."""
        terms = ranking.content(self.words.terms(question.sought))
        return Weights.of(terms, *self.words.frequencies(terms))

    def _search(self, question: Question, limit: int) -> list[Passage]:
        candidates = self._candidates(question)
        names = sorted(candidates, key=lambda name: (-candidates[name].match, name))[:READ]
        texts = self.catalog.indexed(names)
        read = {name: candidates[name] for name in names if name in texts}
        copies = self.catalog.copies({each.fact.article_id for each in read.values()})
        weights = self.weights(question)
        terms = {name: self.words.terms(texts[name].text) for name in read}
        signals = self._signals(question, weights, read, texts, terms, copies)
        ranked = [_passage(texts[name], read[name], signals[name], self.ranking) for name in read]
        ranked.sort(key=lambda passage: (-passage.score, passage.id))
        most = self.settings.per_article * (2 if question.limits.outlets else 1)  # who names an outlet wants its words
        most = max(most, math.ceil(limit / len(question.articles))) if question.articles else most
        chosen = _spread(self._reranked(question, _collapsed(ranked, copies)), most)
        grown = _grown(chosen, max(limit, VARIED), self.settings.characters)
        said = {each.id: self.words.terms(f"{each.article.title} {each.text}") for each in grown[:VARIED]}
        return _varied(grown, said, weights, self.settings.novelty)[:limit]

    # --- candidates

    def _candidates(self, question: Question) -> dict[str, _Candidate]:
        """What the indexes propose inside the question's window, by chunk id, with the fused match."""
        vector = self.embedder.embed_query(question.sought)
        among = self._among(question)
        limit, window = self.settings.candidates, question.window
        words = dict(
            self.words.search(
                question.sought, limit, window, title_boost=self.settings.title, among=among,
            )
        )  # fmt: skip
        near = self._nearest(vector, window, among)
        missing = self.vectors.get([name for name in words if name not in near])
        facts = self.catalog.facts(words.keys() | near.keys())
        named = question.articles
        inside = {
            name
            for name, fact in facts.items()
            if ranking.inside(fact.published_at, fact.outlet, window) and (not named or fact.article_id in named)
        }
        meaning = dict([(name, near[name]) for name in near if name in inside][:limit])
        meaning.update({name: near[name] for name in words if name in near})
        meaning.update({name: float(np.dot(vector, other)) for name, other in missing.items()})
        holders = self._holders(question)
        now, days = question.now.timestamp(), self.settings.age_days
        candidates = {
            name: _Candidate(
                fact, words.get(name, 0.0), meaning.get(name), ranking.freshness(fact.published_at, now, days)
            )
            for name, fact in facts.items()
            if name in inside and (name in words or name in meaning) and (holders is None or fact.article_id in holders)
        }
        for name, other in missing.items():
            if name in candidates:
                candidates[name].vector = other
        self._fuse(candidates)
        return candidates

    def _among(self, question: Question) -> list[str] | None:
        """The chunks that may be found where they are few, None where they are many."""
        window = question.window
        named = bool(question.authors or question.articles)
        if window == Window() and not named:
            return None
        articles, chunks = self.catalog.counts()
        share = self.catalog.count_inside(*question.limited) / max(1, articles)
        narrow = named or share * chunks <= NARROW
        return self.catalog.ids_inside(2 * NARROW, *question.limited) if narrow else None

    def _nearest(self, vector: Vectors, window: Window, among: list[str] | None) -> dict[str, float]:
        """Cosines by id of the nearest chunks, some of them outside the window. A few chunks are all compared."""
        limit = self.settings.candidates
        if among is not None:
            near = {name: float(np.dot(vector, other)) for name, other in self.vectors.get(among).items()}
            return dict(sorted(near.items(), key=lambda each: -each[1])[:limit])
        if window == Window():
            return dict(self.vectors.search(vector, limit))
        articles, _ = self.catalog.counts()
        within = self.catalog.count_inside(window.earliest, window.latest, window.outlets)
        wanted = min(NEAREST, math.ceil(1.5 * limit * max(1, articles) / max(1, within)))
        return dict(self.vectors.search(vector, wanted))

    def _holders(self, question: Question) -> set[str] | None:
        """The articles that hold every run of words that is required; None where none is."""
        holders: set[str] | None = None
        for words in question.required:
            found = {fact.article_id for fact in self.catalog.facts(self.words.holding(words, QUOTED)).values()}
            holders = found if holders is None else holders & found
        return holders

    def _fuse(self, candidates: Mapping[str, _Candidate]) -> None:
        """Convex combination of the two scores, each scaled to its best (Bruch, Gai and Ingber, 2023), by freshness.

        A passage that is not embedded yet is judged by its words alone.
        """
        best_word = max((each.words for each in candidates.values()), default=0.0) or 1.0
        best_meaning = max(1e-6, *(each.meaning or 0.0 for each in candidates.values()), 0.0)
        share = self.settings.meaning
        for each in candidates.values():
            word = each.words / best_word
            near = word if each.meaning is None else max(each.meaning, 0.0) / best_meaning
            each.match = (share * near + (1 - share) * word) * (1 + each.fresh) / 2

    # --- ranking

    def _signals(
        self,
        question: Question,
        weights: Weights,
        read: Mapping[str, _Candidate],
        texts: Mapping[str, Indexed],
        terms: Mapping[str, Sequence[str]],
        copies: Mapping[str, tuple[Copy, ...]],
    ) -> dict[str, Signals]:
        """All that is known about each of the candidates, which come best first."""
        articles: dict[str, set[str]] = {}
        for name, each in read.items():
            known = articles.setdefault(each.fact.article_id, set())
            known.update(terms[name], () if known else self.words.terms(texts[name].article.title))
        agree = self._agreement(read, copies)
        now = question.now.timestamp()
        latest = max((each.fact.published_at for each in read.values()), default=UNDATED)
        focus = question.focus
        return {
            name: Signals(
                match=each.match,
                cover=weights.share(terms[name]),
                near=weights.share_in_run(terms[name]),
                article=weights.share(articles[each.fact.article_id]),
                lead=0.0 if question.limits.outlets else math.exp(-each.fact.ordinal / ranking.LEAD),
                recent=ranking.freshness(each.fact.published_at, now, self.ranking.recent_days),
                agreement=agree[name],
                focus=float(focus is not None and ranking.inside(each.fact.published_at, each.fact.outlet, focus)),
                newest=ranking.newness(each.fact.published_at, latest) if question.newest else 0.0,
                kind=ranking.of_kind(question, texts[name].text),
            )
            for name, each in read.items()
        }

    def _agreement(self, read: Mapping[str, _Candidate], copies: Mapping[str, tuple[Copy, ...]]) -> dict[str, float]:
        found = self.vectors.get([name for name, each in read.items() if each.vector is None])
        found.update({name: each.vector for name, each in read.items() if each.vector is not None})
        if not found:
            return dict.fromkeys(read, 0.0)
        nothing = np.zeros_like(next(iter(found.values())))
        vectors = np.stack([found.get(name, nothing) for name in read])
        ids = [each.fact.article_id for each in read.values()]
        origins = [copies[name][0].id if name in copies else name for name in ids]
        said = ranking.agreement(vectors, origins, [each.match for each in read.values()])
        return dict(zip(read, map(float, said), strict=True))

    def _reranked(self, question: Question, ranked: list[Passage]) -> list[Passage]:
        """``ranked`` with its first passages in the order that the reranker gives them; without one, as it is."""
        if self.reranker is None:
            return ranked
        first = ranked[: self.reranking.passages]
        judged = self.reranker.rerank(question.sought, [f"{each.article.title}\n{each.text}" for each in first])
        scores = blend([each.score for each in first], judged, self.reranking.weight)
        first = [replace(each, score=score) for each, score in zip(first, scores, strict=True)]
        return sorted(first, key=lambda each: (-each.score, each.id)) + ranked[len(first) :]


def _passage(found: Indexed, candidate: _Candidate, signals: Signals, weights: RankingSection) -> Passage:
    return Passage(
        id=found.chunk.id,
        text=found.text,
        start=found.chunk.start,
        end=found.chunk.end,
        score=signals.score(weights),
        meaning=candidate.meaning or 0.0,
        words=candidate.words,
        freshness=1.0 + candidate.fresh,
        article=found.article,
        signals=signals,
    )


def _in_turn(found: Sequence[Sequence[Passage]], limit: int) -> list[Passage]:
    """The passages of the searches, the last for the whole, one of each in turn; one that several found is one."""
    kept: dict[tuple[str, int], Passage] = {}
    for row in zip_longest(*found):
        for number, passage in enumerate(row, 1):
            if passage is None:
                continue
            part = (number,) if number < len(found) else ()
            same = next((key for key, other in kept.items() if _covers(other, passage)), None)
            if same is not None:
                kept[same] = replace(kept[same], parts=tuple(sorted({*kept[same].parts, *part})))
            elif len(kept) < limit:
                kept[passage.article.id, passage.start] = replace(passage, parts=part)
    return list(kept.values())


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


def _spread(ranked: Sequence[Passage], per_article: int) -> list[Passage]:
    """At most so many passages from one origin."""
    taken: Counter[str] = Counter()
    kept = []
    for passage in ranked:
        taken[passage.origin] += 1
        if taken[passage.origin] <= per_article:
            kept.append(passage)
    return kept


def _varied(
    ranked: Sequence[Passage], terms: Mapping[str, Sequence[str]], weights: Weights, novelty: float
) -> list[Passage]:
    """The first passages, each time the one that scores best and adds most of the question's terms to those before.

    A greedy cover (as of Carbonell and Goldstein, 1998, over the question's terms): what was said counts less.
    """
    left = dict(weights.by_term)
    whole = sum(left.values()) or 1.0
    pool, rest, kept = list(ranked[:VARIED]), ranked[VARIED:], []
    adds = {each.id: left.keys() & set(terms[each.id]) for each in pool}
    while pool:
        best = max(pool, key=lambda each: each.score + novelty * sum(left[term] for term in adds[each.id]) / whole)
        pool.remove(best)
        kept.append(best)
        left.update({term: left[term] * REPEATED for term in adds[best.id]})
    return [*kept, *rest]


def _grown(ranked: Sequence[Passage], limit: int, characters: int) -> list[Passage]:
    """The first ``limit`` passages with their neighbouring sentences; what one has grown over is not given again."""
    kept: list[Passage] = []
    for place, passage in enumerate(ranked):
        if any(_covers(other, passage) for other in kept):
            continue
        rest = [other for other in ranked[place + 1 :] if other.article.id == passage.article.id]
        kept.append(_with_neighbours(passage, _sentences_near(passage, characters), rest, characters))
        if len(kept) == limit:
            break
    return kept


def _sentences_near(passage: Passage, characters: int) -> list[Span]:
    """The sentences of the paragraphs within reach. A paragraph's end is a sentence's, so no other is cut."""
    text = passage.article.text
    begin = max(0, text.rfind("\n\n", 0, max(0, passage.end - characters)))
    stop = text.find("\n\n", passage.start + characters)
    near = sentences(text[begin : stop if stop >= 0 else len(text)])
    return [Span(begin + span.start, begin + span.end) for span in near]


def _covers(other: Passage, passage: Passage) -> bool:
    """Whether ``other`` gives most of what ``passage`` gives."""
    if other.article.id != passage.article.id:
        return False
    shared = min(other.end, passage.end) - max(other.start, passage.start)
    return shared >= INSIDE * (passage.end - passage.start)


def _with_neighbours(passage: Passage, spans: Sequence[Span], rest: Sequence[Passage], characters: int) -> Passage:
    """``passage`` grown by whole sentences (``spans``) on both sides, first towards the next best of its article.

    A neighbour belongs to the passage as it stands in the text: what lies between, a heading too, comes with it.
    """
    start, end = passage.start, passage.end
    stops = [span.end for span in spans if end < span.end <= start + characters]
    starts = [span.start for span in reversed(spans) if end - characters <= span.start < start]
    towards = next((other for other in rest if abs(other.start - start) < characters), None)
    if towards is None:
        steps = [at for pair in zip_longest(stops, starts) for at in pair if at is not None]
    else:  # all the room for the side that is wanted, should it need it
        steps = [*stops, *starts] if towards.start > start else [*starts, *stops]
    for at in steps:
        wider = min(start, at), max(end, at)
        if wider[1] - wider[0] <= characters:
            start, end = wider
    return replace(passage, text=passage.article.text[start:end], start=start, end=end)
