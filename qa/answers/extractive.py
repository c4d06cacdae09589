"""An answer without a language model: verbatim sentences of the best passages, each cited.

Every sentence of the passages is scored by seven things, each in [0, 1] (``FEATURES``): how its passage ranked, the
question's terms that it and its passage hold, weighed by rarity, whether it holds the kind of thing asked for, how new
its article is among those found (or whether it is of the days asked about), its meaning under its title, and how far
all the evidence together believes in what it holds for an answer (``short``). The best one leads; what adds to it
follows (``composition``).

Whether there is an answer at all is decided by ``confidence``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from qa.answers import (
    Absence,
    Answer,
    Citations,
    Disagreement,
    Event,
    Finished,
    Sentence,
    Side,
    Text,
    markdown_text,
)
from qa.answers.composition import among, choose, origins
from qa.answers.confidence import confidence_of, why_not
from qa.answers.disagreements import disagreements
from qa.answers.references import means
from qa.answers.short import Answers, Evidence, Short, find_answers, holds_kind
from qa.catalog import published_at
from qa.chunks import Span, sentences
from qa.config import AnswerSection
from qa.embedders import Embedder
from qa.passages import Passage
from qa.questions import Question
from qa.ranking import Weights, content
from qa.words import WordIndex

READ = 20
"""Passages that are read for sentences."""
WEIGHED = 16
"""Sentences whose meaning is computed: the best by everything else."""
FEATURES = {
    "rank": 0.17,
    "words": 0.145,
    "context": 0.085,
    "kind": 0.125,
    "newness": 0.08,
    "titled": 0.19,
    "answer": 0.205,
}
"""Weights of a sentence's score. Fitted (listwise softmax over the sentences of a question) on RealTimeQA, April to
December 2023, and the questions over the sample articles; ``newness`` is more than the fit gave (.04), so that the
newest leads in a story that develops. See docs/evaluation.md."""

KNOWN = 0.8
"""Share of the question's names that an article must know for a short answer from it."""
_NAMED = re.compile(r"(?<=\s)[A-ZÀ-Þ]\w+")


@dataclass(slots=True)
class Candidate:
    """A sentence that may be quoted, with what speaks for it, each in [0, 1].

    ``answers``: the short answers that it holds, each with its share of the belief.
    """

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
    answers: Mapping[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence's words."""
        return self.passage.article.text[self.span.start : self.span.end]

    @property
    def answer(self) -> float:
        """The largest share of the belief in what it holds."""
        return max(self.answers.values(), default=0.0)

    @property
    def apart(self) -> float:
        """All that speaks for it but what it holds for an answer."""
        return sum(weight * float(getattr(self, name)) for name, weight in FEATURES.items() if name != "answer")

    @property
    def score(self) -> float:
        """All that speaks for it, in [0, 1]."""
        return self.apart + FEATURES["answer"] * self.answer


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
        candidates, answers = self.read(question, passages)
        confidence = confidence_of(question, passages[:READ], candidates, answers)
        found = Answer(question.text, "extractive", passages=tuple(passages), confidence=confidence, asked=question)
        if confidence < self.settings.evidence or not candidates:
            near = why_not(question, passages, self.weights(question.sought), self.words.terms)
            return replace(found, abstained=True, reason=explain_absence(passages), absence=Absence(0, near))
        return self._quoted(found, question, candidates, answers)

    def _quoted(self, found: Answer, question: Question, candidates: Sequence[Candidate], answers: Answers) -> Answer:
        terms, short = self.words.terms, answers.best
        if short and (short.confidence < self.settings.short or not short.fits):
            short = None
        chosen = choose(candidates, self.settings.sentences, question, terms, short=short.text if short else "")
        if short and short.text not in chosen[0].text:
            short = None  # a newer article says otherwise
        citations = Citations()
        numbers = [citations.cite(each.passage.article, each.span.start, each.span.end) for each in chosen]
        quoted = [
            Sentence(each.text, (number,), "quoted", means=means(each), origins=origins(candidates, each))
            for each, number in zip(chosen, numbers, strict=True)
        ]
        if short:
            found = replace(found, short=short.text, short_confidence=short.confidence)
        disputes = among(disagreements(question, candidates, terms), chosen)
        number = {id(each): number for each, number in zip(chosen, numbers, strict=True)}
        return replace(
            found,
            sentences=tuple(quoted),
            citations=citations.all(),
            disagreements=tuple(
                Disagreement(each.about, tuple(Side(claim.said, number[id(claim.candidate)]) for claim in each.claims))
                for each in disputes
            ),
        )

    def read(self, question: Question, passages: Sequence[Passage]) -> tuple[list[Candidate], Answers]:
        """The sentences worth weighing, best first, and the short answers that they hold."""
        question = replace(question, text=question.sought)
        candidates = self.candidates(question, passages[:READ])
        answers = find_answers(
            question,
            [
                Evidence(
                    text=each.text,
                    score=each.score,
                    origin=each.passage.origin,
                    title=each.passage.article.title,
                    published=each.passage.article.published,
                )
                for each in candidates
            ],
            terms=self.words.terms,
            rarity=self.rarity,
        )
        for each, held in zip(candidates, answers.held, strict=False):
            each.answers = held
        best = answers.best
        if best and not self._is_about(question, candidates[best.evidence].passage):
            answers = replace(answers, best=None)
        return sorted(candidates, key=lambda each: -each.score), answers

    def candidates(self, question: Question, passages: Sequence[Passage]) -> list[Candidate]:
        """The sentences worth weighing, best first, before what they hold for an answer is known."""
        weights = self.weights(question.text)
        best = max((each.score for each in passages), default=0.0) or 1.0  # the first need not score best
        newness = _newness(passages)
        found: dict[tuple[str, Span], Candidate] = {}
        for passage in passages:
            context = weights.share(self._terms(f"{passage.article.title} {passage.text}"))
            before = ""
            for span in sentences(passage.text):
                placed = Span(passage.start + span.start, passage.start + span.end)
                text = passage.text[span.start : span.end]
                if not asks(text) and (passage.article.id, placed) not in found:
                    terms = self._terms(text)
                    found[passage.article.id, placed] = Candidate(
                        passage=passage,
                        span=placed,
                        before=before,
                        terms=terms,
                        rank=passage.score / best,
                        words=weights.share(terms),
                        context=context,
                        kind=holds_kind(question, text),
                        newness=passage.signals.focus if question.focus else newness[passage.article.id],
                    )
                before = text
        pool = sorted(found.values(), key=lambda each: -each.score)[:WEIGHED]
        if pool:
            query = self.embedder.embed_query(question.text)
            titled = self.embedder.embed([f"{each.passage.article.title}\n{each.text}" for each in pool])
            for each, cosine in zip(pool, np.clip(titled @ query, 0, 1), strict=True):
                each.titled = float(cosine)
        return sorted(pool, key=lambda each: -each.score)

    def short(self, question: Question, evidence: Sequence[Evidence]) -> Short | None:
        """The short answer that some sentences give, if it is sure enough to be shown."""
        found = find_answers(question, evidence, terms=self.words.terms, rarity=self.rarity).best
        return found if found and found.confidence >= self.settings.short and found.fits else None

    def weights(self, text: str) -> Weights:
        """The question's terms, weighed by how rare they are in the archive."""
        terms = content(self.words.terms(text))
        return Weights.of(terms, *self.words.frequencies(terms))

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """How rare each term is in the archive, in (0, 1]; 1 for one that no passage holds."""
        total, counts = self.words.frequencies(terms)
        most = math.log(1 + (total + 1) / 0.5)
        return {term: weight / most for term, weight in Weights.of(terms, total, counts).by_term.items()}

    def _is_about(self, question: Question, passage: Passage) -> bool:
        """Whether an article knows the names of the question: the mayor of one town is not another's."""
        names = content(self.words.terms(" ".join(_NAMED.findall(question.text))))
        known = self._terms(f"{passage.article.title} {passage.article.text}")
        return len(known & set(names)) >= KNOWN * len(names)

    def _terms(self, text: str) -> frozenset[str]:
        return frozenset(self.words.terms(text))


def _newness(passages: Sequence[Passage]) -> dict[str, float]:
    """0 for the oldest of the articles found to 1 for the newest; undated ones are oldest."""
    moments = sorted({published_at(passage.article) for passage in passages})
    last = max(1, len(moments) - 1)
    return {passage.article.id: moments.index(published_at(passage.article)) / last for passage in passages}


def asks(sentence: str) -> bool:
    """Whether a sentence is a question: it may repeat the reader's, and says nothing."""
    return sentence.rstrip("\"'”’»)] ").endswith(("?", "？", "؟"))


def explain_absence(passages: Sequence[Passage]) -> str:
    """The plain statement that the articles do not say."""
    if not passages:
        return "The articles do not say: nothing in the archive matches the question."
    return "The articles do not say. The passages that come nearest are listed, but they do not answer the question."
