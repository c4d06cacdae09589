"""Where articles say another figure, or another name, of the same thing.

Invariant: what a side says is a substring of its sentence. Precision comes before recall: a disagreement that is none
costs more trust than one that is missed. So both figures must count the same thing, that thing must be the question's,
and both articles must be of one story; a rough figure differs only from one that is far away.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from qa.answers.candidates import Form, mentions
from qa.answers.facts import capitals, is_number_word
from qa.answers.totals import Stems, Total, totals
from qa.answers.wanted import Terms
from qa.catalog import published_at
from qa.questions import STOP_WORDS, Question

if TYPE_CHECKING:
    from qa.answers.extractive import Candidate

__all__ = ["Claim", "Dispute", "disagreements"]

SIDE = 0.6
"""A side's sentence scores at least this share of the best one: what is far from the question is of another thing."""
APART = 1.5
"""Ratio from which a rough figure differs from another: about 12,000 people are not 40,000."""
ALIKE = 0.6
"""Share of the terms of two frames that they have in common where the question asks for no figure."""
SHORT = 22
"""Words of the longest sentence whose names are compared."""
STORY = 2
"""Names that two articles of one story share at least."""
SIDES = 4
"""Most sides of one disagreement: the newest."""

_OF_KIND: dict[str, tuple[Form, ...]] = {
    "number": ("number", "share", "money"),
    "money": ("money", "share"),
    "duration": ("duration",),
    "date": ("date",),
}
_NAMED = ("person", "place", "country", "organisation")
_CLASSES = {
    "toll": "die dead death deadli kill fatal fatali toll perish",
    "people": "people person live life soul peopl",
    "injured": "injur hurt wound",
    "missing": "miss unaccount",
    "ship": "ship vessel",
    "home": "home household",
    "march": "march demonstr protest ralli",
    "aboard": "aboard board",
    "job": "job post",
}
_CLASS = {stem: name for name, stems in _CLASSES.items() for stem in stems.split()}
"""What news calls by several names, by the stems of these."""


@dataclass(frozen=True, slots=True)
class Claim:
    """``said``: the words of the candidate's sentence in which it differs from another."""

    candidate: Candidate
    said: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """Claims that differ on one thing, the newest first. ``about``: the words for what they share."""

    about: str
    claims: tuple[Claim, ...]


def disagreements(question: Question, candidates: Sequence[Candidate], terms: Terms) -> list[Dispute]:
    """Where the candidates (best first) differ on what is asked. ``terms``: a text's words as the archive stems them."""
    if not candidates:
        return []
    least = SIDE * candidates[0].score
    read = _Reader(question, terms)
    near = [_Said(each, read.stems) for each in candidates if each.score >= least]
    if question.kind in _NAMED:
        return read.names(near)
    return read.figures(near)


class _Said:
    """A candidate's sentence and its story, each read when first needed."""

    def __init__(self, candidate: Candidate, stems: Stems) -> None:
        self.candidate = candidate
        self.text = candidate.text
        self.stems = stems

    @cached_property
    def totals(self) -> list[Total]:
        return totals(self.text, self.stems)

    @cached_property
    def story(self) -> frozenset[str]:
        """All that its article is about."""
        article = self.candidate.passage.article
        return self.stems(f"{article.title} {article.text}")

    @cached_property
    def names(self) -> frozenset[str]:
        """Stems of the names of its article."""
        return self.stems(" ".join(capitals(self.candidate.passage.article.text)))

    @cached_property
    def own_names(self) -> frozenset[str]:
        return self.stems(" ".join(capitals(self.text)))


class _Reader:
    """Compares sentences for one question."""

    def __init__(self, question: Question, terms: Terms) -> None:
        self.question = question
        self.terms = terms
        self.words = {word: stem for word in re.findall(r"[^\W_]+", question.standalone) for stem in self.stems(word)}
        self.asked = frozenset(self.words.values())
        self.named = self.stems(" ".join(capitals(question.standalone)))

    def stems(self, text: str) -> frozenset[str]:
        """What a text is about, several names of one thing being one."""
        return frozenset(
            _CLASS.get(term, term)
            for term in self.terms(text)
            if term not in STOP_WORDS and not is_number_word(term) and len(term) > 1
        )

    # --- figures

    def figures(self, near: Sequence[_Said]) -> list[Dispute]:
        """One disagreement for each thing that is counted."""
        forms = _OF_KIND.get(self.question.kind, ("number", "share", "money", "date", "duration"))
        every = [(said, total) for said in near for total in said.totals if total.form in forms]
        found: list[Dispute] = []
        used: set[tuple[int, int]] = set()
        for said, total in every:
            if (id(said), total.start) in used:
                continue
            sides = [(said, total)]
            for other, its in every:
                if (id(other), its.start) not in used and self._clash(said, total, other, its):
                    sides.append((other, its))
            if len(sides) > 1:
                used.update((id(each), its.start) for each, its in sides)
                found.append(self._dispute(sides))
        return found

    def _clash(self, one: _Said, a: Total, two: _Said, b: Total) -> bool:
        """Whether two totals count the same and differ."""
        return (
            _independent(one.candidate, two.candidate)
            and (a.form, a.unit) == (b.form, b.unit)
            and _differ(one.candidate, a, two.candidate, b)
            and self._count_the_same(a, b)
            and self._one_story(one, two)
        )

    def _count_the_same(self, a: Total, b: Total) -> bool:
        """Whether the nouns and the rest of the clauses agree, with each other and with the question."""
        shared = a.frame & b.frame
        if (a.periods and b.periods and not a.periods & b.periods) or (a.heads and b.heads and not a.heads & b.heads):
            return False
        if self.question.kind in _OF_KIND:
            return len(shared & self.asked) >= 2 or "toll" in shared & self.asked
        smaller = min(len(a.frame), len(b.frame))
        return len(shared) >= 3 and len(shared) >= ALIKE * smaller and bool(shared & self.asked)

    def _one_story(self, one: _Said, two: _Said) -> bool:
        """Whether both articles know the question's names and some more in common, and neither sentence is of another
        person or place than the other article.
        """
        if not (self.named <= one.story and self.named <= two.story):
            return False
        if len(one.names & two.names - self.named) < STORY:
            return False
        strange = (one.own_names - two.story), (two.own_names - one.story)
        return not all(strange)

    def _dispute(self, sides: Sequence[tuple[_Said, Total]]) -> Dispute:
        by_value: dict[tuple[str, float], tuple[_Said, Total]] = {}
        for said, total in sides:
            by_value.setdefault((total.unit, total.size), (said, total))
        kept = sorted(by_value.values(), key=lambda side: -published_at(side[0].candidate.passage.article))[:SIDES]
        shared = frozenset.intersection(*(total.frame for _, total in kept))
        return Dispute(self._about(shared, kept[0][0]), tuple(Claim(said.candidate, total.said) for said, total in kept))

    def _about(self, shared: Collection[str], newest: _Said) -> str:
        """The words for what is shared: the question's where it has them, else those of the newest sentence."""
        asked = [word for word, stem in self.words.items() if stem in shared]
        if len(asked) > 1 or self.question.kind in _OF_KIND:
            return " ".join(asked)
        words = re.findall(r"[^\W_]+", newest.text)
        return " ".join(dict.fromkeys(word for word in words if self.stems(word) & frozenset(shared)))

    # --- names

    def names(self, near: Sequence[_Said]) -> list[Dispute]:
        """At most one: who or where it was."""
        for one, two in combinations([each for each in near if len(each.text.split()) <= SHORT], 2):
            if _independent(one.candidate, two.candidate) and (names := self._other_name(one, two)):
                claims = [Claim(one.candidate, names[0]), Claim(two.candidate, names[1])]
                claims.sort(key=lambda each: -published_at(each.candidate.passage.article))
                shared = self.stems(one.text) & self.stems(two.text)
                return [Dispute(self._about(shared, one), tuple(claims))]
        return []

    def _other_name(self, one: _Said, two: _Said) -> tuple[str, str] | None:
        """The name in which two sentences differ that agree in all else."""
        for a, rest_a in self._without_name(one.text):
            for b, rest_b in self._without_name(two.text):
                apart = not self.stems(a) & self.stems(b)
                alike = len(rest_a & rest_b) >= 2 and len(rest_a & rest_b) >= 0.75 * max(len(rest_a), len(rest_b))
                if apart and alike and rest_a & rest_b & self.asked and self._one_story(one, two):
                    return a, b
        return None

    def _without_name(self, text: str) -> Iterator[tuple[str, frozenset[str]]]:
        """Each name that the question does not say, with the stems of the sentence without it."""
        for name in mentions(text, ("name",), ()):
            if not self.stems(name.text) & self.asked:
                yield name.text, self.stems(f"{text[: name.start]} {text[name.end :]}")


def _independent(one: Candidate, two: Candidate) -> bool:
    """Whether two candidates are of different articles, and copies of one report not of the same moment."""
    a, b = one.passage, two.passage
    return a.article.id != b.article.id and (a.origin != b.origin or a.article.published != b.article.published)


def _differ(one: Candidate, a: Total, two: Candidate, b: Total) -> bool:
    """Whether two sizes cannot both be: what is known to be the least of a figure may be passed by a later one."""
    if a.size == b.size:
        return False
    if a.rough or b.rough:
        return a.form != "date" and max(a.size, b.size) >= APART * min(a.size, b.size)
    for bound, floor, other, size in ((a, one, b, two), (b, two, a, one)):
        if bound.least and other.size > bound.size:
            return published_at(size.passage.article) > published_at(floor.passage.article)
    return True
