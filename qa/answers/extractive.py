"""An answer without a language model: verbatim sentences of the best passages, each cited.

Every sentence of the passages is scored by its passage, its meaning (cosine to the question) and its words (the
question's terms that it holds, weighed by their rarity); a sentence that holds the kind of thing asked for scores
higher. The best one leads; up to ``sentences - 1`` that add something follow. When even the best evidence holds too
little of the question, there is no answer: ``confidence`` below ``evidence`` abstains.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qa.answers import Answer, Citations, Event, Finished, Sentence, Text, markdown_text
from qa.answers.short import holds_kind, short_answer
from qa.chunks import Span, sentences
from qa.config import AnswerSection
from qa.embedders import Embedder, Vectors
from qa.passages import Passage
from qa.questions import STOP_WORDS, Question
from qa.words import WordIndex

READ = 20
"""Passages that are read for sentences."""
WEIGHED = 48
"""Sentences whose meaning is computed: the best by passage and words."""
PASSAGE, MEANING, WORDS, KIND = 0.30, 0.35, 0.35, 0.12
"""Weights of a sentence's score, fitted on RealTimeQA, January to March 2023 (docs/evaluation.md)."""
REPEATS = 0.75
"""Share of a sentence's terms in an earlier one above which it repeats it."""
FOLLOWS = 0.62
"""A further sentence scores at least this share of the lead's score."""


@dataclass(slots=True)
class Candidate:
    """A sentence that may be quoted, with what speaks for it, each in [0, 1]."""

    span: Span
    passage: Passage
    rank: float
    terms: frozenset[str]
    words: float
    context: float
    kind: float
    meaning: float = 0.0

    @property
    def text(self) -> str:
        return self.passage.article.text[self.span.start : self.span.end]

    @property
    def score(self) -> float:
        return PASSAGE * self.rank + MEANING * self.meaning + WORDS * self.words + KIND * self.kind


class Extractor:
    """Answers questions from passages of one archive."""

    def __init__(self, words: WordIndex, embedder: Embedder, settings: AnswerSection) -> None:
        self.words = words
        self.embedder = embedder
        self.settings = settings

    def stream(self, question: Question, passages: Sequence[Passage]) -> Iterator[Event]:
        """The answer as events."""
        answer = self.answer(question, passages)
        yield Text(markdown_text(answer.text))
        yield Finished(answer)

    def answer(self, question: Question, passages: Sequence[Passage]) -> Answer:
        """The answer that the passages (best first) give. Timings are the caller's."""
        candidates = self.candidates(question, passages[:READ])
        confidence = confidence_of(candidates)
        if confidence < self.settings.evidence:
            return Answer(
                question=question.text,
                mode="extractive",
                abstained=True,
                reason=explain_absence(passages),
                passages=tuple(passages),
                confidence=confidence,
            )
        chosen = choose(candidates, self.settings.sentences)
        citations = Citations()
        quoted = [
            Sentence(each.text, (citations.cite(each.passage.article, each.span.start, each.span.end),), "quoted")
            for each in chosen
        ]
        return Answer(
            question=question.text,
            mode="extractive",
            short=short_answer(question, [(each.text, each.score) for each in candidates[:12]]),
            sentences=tuple(quoted),
            citations=citations.all(),
            passages=tuple(passages),
            confidence=confidence,
        )

    def candidates(self, question: Question, passages: Sequence[Passage]) -> list[Candidate]:
        """Every sentence worth weighing, best first."""
        weights = self.weights(question.text)
        best = passages[0].score if passages else 1.0
        found: dict[tuple[str, Span], Candidate] = {}
        for passage in passages:
            context = weights.share(self._terms(f"{passage.article.title} {passage.text}"))
            for span in sentences(passage.text):
                placed = Span(passage.start + span.start, passage.start + span.end)
                text = passage.text[span.start : span.end]
                terms = self._terms(text)
                found[passage.article.id, placed] = Candidate(
                    span=placed,
                    passage=passage,
                    rank=passage.score / best,
                    terms=terms,
                    words=weights.share(terms),
                    context=context,
                    kind=holds_kind(question, text),
                )
        pool = sorted(found.values(), key=lambda each: -each.score)[:WEIGHED]
        if pool:
            query: Vectors = self.embedder.embed_query(question.text)
            cosines = self.embedder.embed([each.text for each in pool]) @ query
            for each, cosine in zip(pool, np.clip(cosines, 0, 1), strict=True):
                each.meaning = float(cosine)
        return sorted(pool, key=lambda each: -each.score)

    def weights(self, text: str) -> Weights:
        """The question's terms, weighed by how rare they are in the archive."""
        terms = [term for term in dict.fromkeys(self.words.terms(text)) if term not in STOP_WORDS]
        total, counts = self.words.frequencies(terms)
        return Weights({
            term: math.log(1 + (total + 1) / (count + 0.5)) for term, count in zip(terms, counts, strict=True)
        })  # fmt: skip

    def _terms(self, text: str) -> frozenset[str]:
        return frozenset(self.words.terms(text))


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each term of a question counts."""

    by_term: dict[str, float]

    def share(self, terms: frozenset[str]) -> float:
        """The part of the whole weight that ``terms`` cover, in [0, 1]; 0 for a question of stop words alone."""
        total = sum(self.by_term.values())
        return sum(weight for term, weight in self.by_term.items() if term in terms) / total if total else 0.0


def confidence_of(candidates: Sequence[Candidate]) -> float:
    """How far the best evidence covers the question, in [0, 1]: its meaning, and its words with those around it."""
    return max((0.6 * each.meaning + 0.4 * each.context for each in candidates[:5]), default=0.0)


def choose(candidates: Sequence[Candidate], limit: int) -> list[Candidate]:
    """The lead, then what adds to it; sentences of the lead's article in their order behind it."""
    lead = candidates[0]
    chosen = [lead]
    for each in candidates[1:]:
        if len(chosen) == limit or each.score < FOLLOWS * lead.score:
            break
        if all(len(each.terms & other.terms) <= REPEATS * len(each.terms) for other in chosen):
            chosen.append(each)
    return chosen


def explain_absence(passages: Sequence[Passage]) -> str:
    """The plain statement that the articles do not say."""
    if not passages:
        return "The articles do not say: nothing in the archive matches the question."
    return "The articles do not say. The passages that come nearest are listed, but they do not answer the question."
