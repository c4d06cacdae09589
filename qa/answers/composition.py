"""Which sentences are quoted, in which order, and what speaks for one in the others.

Invariants: every chosen candidate is a run of whole sentences of its article, word for word; the lead comes first; all
sides of a disagreement are among the chosen, or fewer of it than there are room for, the newest first; each of the
question's parts, or of its outlets, has a sentence before any has two, as far as there is one. At most ``limit`` + 1
are chosen.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.answers.disagreements import Dispute, disagreements
from qa.answers.references import needs_before, preceding
from qa.answers.wanted import Terms
from qa.catalog import published_at
from qa.chunks import Span
from qa.questions import STOP_WORDS, Question
from qa.verification.facts import is_number_word, numbers

if TYPE_CHECKING:
    from qa.answers.extractive import Candidate

__all__ = ["among", "choose", "origins", "support"]

RIVALS = 0.93
"""Sentences that score at least this share of the best and hold what is asked for could each lead: the newest does."""
FOLLOWS = 0.62
"""A further sentence scores at least this share of the best score."""
ANSWERS = 0.3
"""What a candidate for the answer counts that no chosen sentence holds, times its share of the belief: from there on no
more answers came among the first three sentences (RealTimeQA, April to December 2023)."""
REPEATS = 0.75
"""Share of a sentence's terms in an earlier one above which it repeats it."""
SAME = 0.55
"""Share of the weight of the shorter of two sentences that both have, from which they say the same."""
FEWEST = 3
"""Terms that two sentences which say the same share at least."""
LONGEST_BEFORE = 400
"""Characters of the longest sentence that is quoted for another's sake."""
_NEGATIONS = frozenset("not no never nor neither nobody none without cannot declin refus fail deni reject".split())


# --- agreement


def support(candidates: Sequence[Candidate]) -> list[float]:
    """How far articles of other origins say the same as each candidate, in [0, 1).

    It is s / (1 + s), where s adds up, over the other origins, the likeness of the sentence there that is most alike.
    """
    likeness = _Likeness(candidates)
    found = []
    for at in range(len(candidates)):
        best: dict[str, float] = {}
        for origin, alike in likeness.to_others(at):
            best[origin] = max(best.get(origin, 0.0), alike)
        whole = sum(best.values())
        found.append(whole / (1 + whole))
    return found


def origins(candidates: Sequence[Candidate], chosen: Candidate) -> int:
    """How many independent origins say the same as a chosen sentence, its own included.

    A paraphrase with the same figures and most of the rarer terms does; another figure, or a denial, does not.
    """
    pool = [each for each in candidates if each is not chosen]
    likeness = _Likeness([chosen, *pool])
    return 1 + len({origin for origin, alike in likeness.to_others(0) if alike >= SAME})


class _Likeness:
    """How alike the sentences of one question are.

    A term weighs by how few of them hold it: what all share is the question's subject, and tells nothing.
    """

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.candidates = candidates
        self.terms = [frozenset(filter(_tells, each.terms)) for each in candidates]
        self.figures = [numbers(each.text) for each in candidates]
        self.denies = [bool(each.terms & _NEGATIONS) for each in candidates]
        holding = Counter(term for terms in self.terms for term in terms)
        self.weights = {term: math.log(1 + len(candidates) / count) for term, count in holding.items()}
        self.totals = [self._weight(terms) for terms in self.terms]

    def to_others(self, at: int) -> Iterator[tuple[str, float]]:
        """The origin of each sentence of another one, with its likeness."""
        own = self.candidates[at].passage.origin
        for other, candidate in enumerate(self.candidates):
            if candidate.passage.origin != own:
                yield candidate.passage.origin, self._of(at, other)

    def _of(self, one: int, two: int) -> float:
        shared = self.terms[one] & self.terms[two]
        figures, others = self.figures[one], self.figures[two]
        if len(shared) < FEWEST or self.denies[one] != self.denies[two]:
            return 0.0
        if (figures or others) and 2 * len(figures & others) <= min(len(figures), len(others)):
            return 0.0
        return self._weight(shared) / min(self.totals[one], self.totals[two])

    def _weight(self, terms: frozenset[str]) -> float:
        return sum(self.weights[term] for term in terms)


def _tells(term: str) -> bool:
    return term not in STOP_WORDS and not is_number_word(term)


# --- choice


def choose(
    candidates: Sequence[Candidate], limit: int, question: Question, terms: Terms, *, short: str = ""
) -> list[Candidate]:
    """The sentences to quote, the lead first. ``candidates``: best first; ``terms``: a text's words, stemmed.

    One that holds ``short`` leads, but of a disagreement the newest side does. Behind the lead come the other sides, a
    sentence for each further part of the question, then what adds, other candidates for the answer above all; those of
    the lead's article first, then the newest, each in its own order.
    """
    if not candidates:
        return []
    disputes = disagreements(question, candidates, terms)
    lead = _lead(candidates, question, disputes, short)
    chosen = [lead]
    for dispute in disputes:
        sides = [claim.candidate for claim in dispute.claims if claim.candidate not in chosen]
        chosen += sides[: limit + 1 - len(chosen)]
    for part in range(1, len(question.searches)):
        if len(chosen) < limit and not any(part in each.passage.parts for each in chosen):
            chosen += [each for each in candidates if part in each.passage.parts and _adds(each, chosen)][:1]
    pool = [each for each in candidates if each.score >= FOLLOWS * candidates[0].score]
    while len(chosen) < limit and (adding := [each for each in pool if _adds(each, chosen)]):
        chosen.append(max(adding, key=lambda each: _worth(each, chosen)))
    return _with_before([lead, *sorted(chosen[1:], key=lambda each: _place(each, lead))])


def _worth(candidate: Candidate, chosen: Sequence[Candidate]) -> float:
    """A sentence's score where what it holds for an answer counts only if none of the chosen holds it."""
    given = {key for each in chosen for key in each.answers}
    new = max((share for key, share in candidate.answers.items() if key not in given), default=0.0)
    return candidate.apart + ANSWERS * new


def among(disputes: Sequence[Dispute], chosen: Sequence[Candidate]) -> list[Dispute]:
    """The disagreements of which at least two sides are quoted: those sides, each with the candidate that quotes it."""
    found = []
    for dispute in disputes:
        sides = [
            (claim, next((each for each in chosen if _covers(each, claim.candidate)), None)) for claim in dispute.claims
        ]
        claims = tuple(replace(claim, candidate=by) for claim, by in sides if by is not None)
        if len(claims) > 1:
            found.append(replace(dispute, claims=claims))
    return found


def _lead(candidates: Sequence[Candidate], question: Question, disputes: Sequence[Dispute], short: str) -> Candidate:
    """One with the short answer, else the newest of those that could lead; of a disagreement, its newest side.

    None that speaks of what is not the answer leads where there is another.
    """
    excluded = [words.casefold() for words in question.excluded]
    pool = [each for each in candidates if not any(words in each.text.casefold() for words in excluded)] or candidates
    best, kind = pool[0].score, pool[0].kind
    rivals = [each for each in pool if each.score >= RIVALS * best and each.kind >= kind]
    lead = max(rivals, key=lambda each: (each.newness, each.score))
    lead = next((each for each in (lead, *pool) if short and short in each.text), lead)
    sides = ([claim.candidate for claim in dispute.claims] for dispute in disputes)
    return next((claims[0] for claims in sides if claims[0] in pool and any(lead is each for each in claims)), lead)


def _adds(candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Whether a candidate says what none of the chosen does."""
    most = REPEATS * len(candidate.terms)
    return all(candidate is not other and len(candidate.terms & other.terms) <= most for other in chosen)


def _place(candidate: Candidate, lead: Candidate) -> tuple[bool, float, str, int]:
    article = candidate.passage.article
    return article.id != lead.passage.article.id, -published_at(article), article.id, candidate.span.start


def _with_before(chosen: Sequence[Candidate]) -> list[Candidate]:
    """Each that needs the sentence before it with that sentence, as one quotation; no sentence is quoted twice."""
    widened: list[Candidate] = []
    for each in chosen:
        text = each.passage.article.text
        before = preceding(text, each.span.start) if needs_before(each) else None
        fits = before is not None and before.end - before.start <= LONGEST_BEFORE
        widened.append(replace(each, span=Span(before.start, each.span.end)) if before and fits else each)
    kept: list[Candidate] = []
    for each in widened:
        inside = any(_covers(other, each) for other in widened if other is not each)
        if not inside or each is widened[0]:
            kept.append(each)
    return kept


def _covers(other: Candidate, candidate: Candidate) -> bool:
    """Whether ``other`` quotes all that ``candidate`` does."""
    one, two = other.span, candidate.span
    return other.passage.article.id == candidate.passage.article.id and one.start <= two.start and two.end <= one.end
