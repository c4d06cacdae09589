"""An answer without a language model: verbatim sentences of the best passages, each cited.

Every sentence of the passages is scored by seven things, each in [0, 1] (``FEATURES``): how its passage ranked, the
question's terms that it and its passage hold, weighed by rarity, whether it holds the kind of thing asked for, how
new its article is among those found, and its meaning, once under its article's title and once after the sentence
before it, because "it is September 22" means nothing alone. The best one leads; up to ``sentences - 1`` that add
something follow.

When even the best evidence is too far from the question there is no answer: see ``confidence_of``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qa.answers import Answer, Citations, Event, Finished, Sentence, Text, markdown_text
from qa.answers.short import holds_kind, short_answer
from qa.catalog import published_at
from qa.chunks import Span, sentences
from qa.config import AnswerSection
from qa.embedders import Embedder
from qa.passages import Passage
from qa.questions import STOP_WORDS, Question
from qa.words import WordIndex

READ = 20
"""Passages that are read for sentences."""
WEIGHED = 24
"""Sentences whose meaning is computed: the best by everything else."""
FEATURES = {
    "rank": 0.22,
    "words": 0.17,
    "context": 0.11,
    "kind": 0.105,
    "newness": 0.085,
    "titled": 0.14,
    "following": 0.17,
}
"""Weights of a sentence's score. Fitted (listwise softmax over the sentences of a question) on RealTimeQA January to
March 2023 and the questions over the sample articles; see docs/evaluation.md."""
REPEATS = 0.75
"""Share of a sentence's terms in an earlier one above which it repeats it."""
RIVALS = 0.93
"""Sentences that score at least this share of the best and hold what is
asked for could each lead; the newest of them does. Of 0.80 to 1, the
highest that was no worse on any of the fitted questions and better on those about a developing story."""
FOLLOWS = 0.62
"""A further sentence scores at least this share of the lead's score."""


@dataclass(slots=True)
class Candidate:
    """A sentence that may be quoted, with what speaks for it, each in [0, 1]."""

    passage: Passage
    span: Span
    before: str
    terms: frozenset[str]
    rank: float
    words: float
    context: float
    kind: float
    newness: float
    titled: float = 0.0
    following: float = 0.0

    @property
    def text(self) -> str:
        """The sentence's words."""
        return self.passage.article.text[self.span.start : self.span.end]

    @property
    def score(self) -> float:
        """All that speaks for it, in [0, 1]."""
        return sum(weight * float(getattr(self, name)) for name, weight in FEATURES.items())


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
        confidence = confidence_of(passages[:READ], candidates)
        if confidence < self.settings.evidence or not candidates:
            return Answer(
                question=question.text,
                mode="extractive",
                abstained=True,
                reason=explain_absence(passages),
                passages=tuple(passages),
                confidence=confidence,
            )
        chosen = choose(candidates, self.settings.sentences)
        rest = [each for each in candidates[:12] if each is not chosen[0]]
        weighed = [(each.text, each.score) for each in (chosen[0], *rest)]
        citations = Citations()
        quoted = [
            Sentence(each.text, (citations.cite(each.passage.article, each.span.start, each.span.end),), "quoted")
            for each in chosen
        ]
        return Answer(
            question=question.text,
            mode="extractive",
            short=short_answer(question, weighed, cover=chosen[0].words) if self._is_about(question, chosen[0]) else "",
            sentences=tuple(quoted),
            citations=citations.all(),
            passages=tuple(passages),
            confidence=confidence,
        )

    def candidates(self, question: Question, passages: Sequence[Passage]) -> list[Candidate]:
        """The sentences worth weighing, best first."""
        weights = self.weights(question.text)
        newness = _newness(passages)
        found: dict[tuple[str, Span], Candidate] = {}
        for passage in passages:
            context = weights.share(self._terms(f"{passage.article.title} {passage.text}"))
            before = ""
            for span in sentences(passage.text):
                placed = Span(passage.start + span.start, passage.start + span.end)
                text = passage.text[span.start : span.end]
                if asks(text):
                    before = text
                    continue
                terms = self._terms(text)
                found[passage.article.id, placed] = Candidate(
                    passage=passage,
                    span=placed,
                    before=before,
                    terms=terms,
                    rank=passage.score / passages[0].score,
                    words=weights.share(terms),
                    context=context,
                    kind=holds_kind(question, text),
                    newness=newness[passage.article.id],
                )
                before = text
        pool = sorted(found.values(), key=lambda each: -each.score)[:WEIGHED]
        self._add_meaning(question, pool)
        return sorted(pool, key=lambda each: -each.score)

    def _add_meaning(self, question: Question, pool: Sequence[Candidate]) -> None:
        if not pool:
            return
        query = self.embedder.embed_query(question.text)
        titled = [f"{each.passage.article.title}\n{each.text}" for each in pool]
        following = [f"{each.before} {each.text}".strip() for each in pool]
        cosines = np.clip(self.embedder.embed(titled + following) @ query, 0, 1)
        for number, each in enumerate(pool):
            each.titled, each.following = float(cosines[number]), float(cosines[len(pool) + number])

    def weights(self, text: str) -> Weights:
        """The question's terms, weighed by how rare they are in the archive."""
        terms = [term for term in dict.fromkeys(self.words.terms(text)) if term not in STOP_WORDS]
        total, counts = self.words.frequencies(terms)
        return Weights({
            term: math.log(1 + (total + 1) / (count + 0.5)) for term, count in zip(terms, counts, strict=True)
        })  # fmt: skip

    def _is_about(self, question: Question, lead: Candidate) -> bool:
        """Whether the lead's passage knows every name of the question: the mayor of one town is not another's."""
        names = re.findall(r"(?<=\s)[A-ZÀ-Þ]\w+", question.text)
        return self._terms(f"{lead.passage.article.title} {lead.passage.text}") >= self._terms(" ".join(names))

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


def _newness(passages: Sequence[Passage]) -> dict[str, float]:
    """0 for the oldest of the articles found to 1 for the newest; undated ones are oldest."""
    moments = sorted({published_at(passage.article) for passage in passages})
    last = max(1, len(moments) - 1)
    return {passage.article.id: moments.index(published_at(passage.article)) / last for passage in passages}


def confidence_of(passages: Sequence[Passage], candidates: Sequence[Candidate]) -> float:
    """How near the evidence comes to the question, in [0, 1].

    The meaning of the best passage, that of the best sentence, and the best cover of the question's terms by a
    passage. The area under its curve is in docs/evaluation.md.
    """
    passage = max((each.meaning for each in passages), default=0.0)
    sentence = max((each.following for each in candidates), default=0.0)
    cover = max((each.context for each in candidates), default=0.0)
    return max(0.0, 0.35 * passage + 0.35 * sentence + 0.3 * cover)


def asks(sentence: str) -> bool:
    """Whether a sentence is a question: it may repeat the reader's, and says nothing."""
    return sentence.rstrip("\"'”’»)] ").endswith(("?", "？", "؟"))


def choose(candidates: Sequence[Candidate], limit: int) -> list[Candidate]:
    """The lead, then what adds to it: the lead's own article first, then the newest, each in its own order."""
    best, kind = candidates[0].score, candidates[0].kind
    rivals = [each for each in candidates if each.score >= RIVALS * best and each.kind >= kind]
    lead = max(rivals, key=lambda each: (each.newness, each.score))
    chosen = [lead]
    for each in candidates:
        if len(chosen) == limit or each.score < FOLLOWS * best:
            break
        if each is not lead and all(len(each.terms & other.terms) <= REPEATS * len(each.terms) for other in chosen):
            chosen.append(each)

    def place(each: Candidate) -> tuple[bool, float, str, int]:
        article = each.passage.article
        return article.id != lead.passage.article.id, -published_at(article), article.id, each.span.start

    return [lead, *sorted(chosen[1:], key=place)]


def explain_absence(passages: Sequence[Passage]) -> str:
    """The plain statement that the articles do not say."""
    if not passages:
        return "The articles do not say: nothing in the archive matches the question."
    return "The articles do not say. The passages that come nearest are listed, but they do not answer the question."
