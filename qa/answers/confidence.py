"""Whether the articles answer a question, and if not, why not.

The confidence is a logistic regression over five signs, so about the probability that the answer is there, where as
many questions have one as have none: the meaning of the three best passages, that of the best sentence, the question's
terms that the best article holds, how far the evidence agrees on a short answer, and whether the question names an
outlet of which the archive has nothing. Time is no sign: an old archive may be asked about old news.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qa.answers.short import Answers
from qa.passages import Passage
from qa.questions import Question
from qa.ranking import FORMS, Weights, of_kind

if TYPE_CHECKING:
    from qa.answers.extractive import Candidate

SIGNS = {"passages": 8.18, "sentence": 3.18, "article": 1.78, "short": 3.0, "unknown_outlet": -3.98}
BIAS = -7.01
"""Of the regression. Fitted on questions with and without an answer, each set and side counting alike: RealTimeQA's of
January to March and, without, of April to November over the articles of January to March; MultiHop's; those over the
sample articles. December's questions and RGB's were kept out; see docs/evaluation.md."""
TOP = 3
MISSING = 3
"""Words of the question that an explanation names."""
_WORD = re.compile(r"[^\W_][\w’'-]*")


def confidence_of(
    question: Question, passages: Sequence[Passage], candidates: Sequence[Candidate], answers: Answers
) -> float:
    """About the probability that ``passages``, the best first, answer the question; 0 without any."""
    if not passages:
        return 0.0
    nearest = sorted((each.meaning for each in passages), reverse=True)[:TOP]
    signs = {
        "passages": sum(nearest) / len(nearest),
        "sentence": max((each.titled for each in candidates), default=0.0),
        "article": max(each.signals.article for each in passages),
        "short": answers.best.confidence if answers.best else 0.0,
        "unknown_outlet": float(bool(question.unknown_outlets)),
    }
    total = BIAS + sum(SIGNS[name] * value for name, value in signs.items())
    return 1 / (1 + math.exp(-total))


def why_not(
    question: Question, passages: Sequence[Passage], weights: Weights, terms: Callable[[str], list[str]]
) -> tuple[str, ...]:
    """For each passage, why it does not answer, as far as words can tell."""
    words: dict[str, str] = {}
    for word in _WORD.findall(question.sought):
        for term in terms(word)[:1]:
            words.setdefault(term, word)
    rarest = sorted(weights.by_term, key=lambda term: -weights.by_term[term])

    def reason(passage: Passage) -> str:
        held = set(terms(f"{passage.article.title} {passage.text}"))
        missing = [words[term] for term in rarest if term in words and term not in held]
        if weights.share(held) < 0.5 and missing:
            return f"says nothing of {_listed(missing[:MISSING])}"
        if question.kind in FORMS and not of_kind(question, passage.text):
            return f"gives no {question.kind}"
        if missing:
            return f"near the subject, but says nothing of {_listed(missing[:MISSING])}"
        return "near the subject, but no sentence of it answers"

    return tuple(map(reason, passages))


def _listed(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
