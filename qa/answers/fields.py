"""Answers, passages and questions as JSON: the format that docs/api.md describes and the tests pin.

Keys are added, never renamed; moments are ISO 8601, an open end is null, and scores have four decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from qa.answers import Answer, Citation, FactCheck, Sentence, article_summary
from qa.config import RankingSection
from qa.explanations import strength
from qa.passages import Passage
from qa.questions import EPOCH_OF_NEWS, Question, Window
from qa.ranking import Signals


def answer_fields(answer: Answer) -> dict[str, Any]:
    """An answer, with all that it rests on."""
    absence = answer.absence
    return {
        "question": answer.question,
        "mode": answer.mode,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "absence": None if absence is None else {"articles": absence.articles, "near": list(absence.near)},
        "short": answer.short,
        "short_confidence": round(answer.short_confidence, 4),
        "confidence": round(answer.confidence, 4),
        "evidence": "too thin" if answer.abstained else strength(answer.confidence),
        "text": answer.text,
        "incomplete": answer.incomplete,
        "sentences": [_sentence_fields(each) for each in answer.sentences],
        "disagreements": [
            {"about": each.about, "sides": [{"said": side.said, "citation": side.citation} for side in each.sides]}
            for each in answer.disagreements
        ],
        "citations": [_citation_fields(answer, each) for each in answer.citations],
        "passages": [passage_fields(rank, each) for rank, each in enumerate(answer.passages, 1)],
        "asked": None if answer.asked is None else question_fields(answer.asked),
        "timings": {stage: round(seconds, 4) for stage, seconds in answer.timings.items()},
        "model": _model_fields(answer) if answer.mode == "generated" else None,
        "revision": answer.revision,
    }


def _sentence_fields(sentence: Sentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "citations": list(sentence.citations),
        "verdict": sentence.verdict,
        "score": round(sentence.score, 4),
        "reasons": [asdict(each) for each in sentence.reasons],
        "unresolved": list(sentence.unresolved),
        "corrected": sentence.corrected,
        "written": sentence.written,
        "means": sentence.means,
        "origins": sentence.origins,
    }


def _model_fields(answer: Answer) -> dict[str, Any]:
    """Who wrote, where, as told by which version of the prompts, and what it took; counts are null where unknown."""
    usage = answer.usage
    counts = ("tokens_in", "tokens_out", "cached")
    return {
        "name": answer.model,
        "server": answer.server,
        "prompts": answer.prompts,
        "usage": None
        if usage is None
        else {
            "calls": usage.calls,
            **{name: getattr(usage, name) if usage.known else None for name in counts},
            "first_token": None if usage.first_token is None else round(usage.first_token, 4),
            "cost": None if usage.cost is None else round(usage.cost, 6),
            "currency": usage.currency,
        },
    }


def check_fields(checked: FactCheck) -> dict[str, Any]:
    """A text held against the archive."""
    return {
        "sentences": [_sentence_fields(each) for each in checked.sentences],
        "citations": [citation_fields(each) for each in checked.citations],
    }


def citation_fields(citation: Citation) -> dict[str, Any]:
    """The words that a sentence rests on, and where they stand."""
    return {
        "number": citation.number,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "article": article_summary(citation.article),
    }


def _citation_fields(answer: Answer, citation: Citation) -> dict[str, Any]:
    return {**citation_fields(citation), "copies": [article_summary(copy) for copy in answer.copies(citation)]}


def search_fields(question: Question, passages: Sequence[Passage], weights: RankingSection) -> dict[str, Any]:
    """What a search found. ``weights``: what each signal counts in a score."""
    return {
        "question": question.text,
        "asked": question_fields(question),
        "weights": {name: getattr(weights, name) for name in asdict(Signals())},
        "passages": [passage_fields(rank, each) for rank, each in enumerate(passages, 1)],
    }


def passage_fields(rank: int, passage: Passage) -> dict[str, Any]:
    """A passage with every signal of its rank. ``parts``: numbers of the ``searches`` of ``asked`` that found it."""
    return {
        "rank": rank,
        "score": round(passage.score, 4),
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "signals": {name: round(value, 4) for name, value in asdict(passage.signals).items()},
        "parts": list(passage.parts),
        "article": article_summary(passage.article),
        "copies": [article_summary(copy) for copy in passage.copies],
    }


def question_fields(question: Question) -> dict[str, Any]:
    """A question as it was understood. ``window`` is what may be found, ``focus`` a weight.

    ``searches``: what is searched for apart beside the whole.
    """
    return {
        "text": question.text,
        "standalone": question.standalone,
        "kind": question.kind,
        "target": question.target,
        "now": question.now.isoformat(),
        "window": _window_fields(question.window),
        "focus": None if question.focus is None else _window_fields(question.focus),
        "newest": question.newest,
        "authors": list(question.authors),
        "required": list(question.required),
        "excluded": list(question.excluded),
        "unknown_outlets": list(question.unknown_outlets),
        "inferences": [asdict(each) for each in question.inferences],
        "parts": [question_fields(part) for part in question.parts],
        "searches": [
            {"text": each.standalone, "outlets": list(each.window.outlets)} for each in question.searches[:-1]
        ],
    }


def _window_fields(window: Window) -> dict[str, Any]:
    return {
        "earliest": _moment(window.earliest),
        "latest": _moment(window.latest),
        "outlets": list(window.outlets),
    }


def _moment(seconds: float | None) -> str | None:
    """Seconds since the epoch in UTC; None for an open end."""
    if seconds is None or seconds == EPOCH_OF_NEWS:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
