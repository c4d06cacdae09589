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

from qa.answers.totals import Stems, Total, placed, totals
from qa.answers.wanted import Terms
from qa.catalog import published_at
from qa.mentions import Form, mentions
from qa.questions import STOP_WORDS, Question
from qa.verification.facts import capitals, is_number_word

if TYPE_CHECKING:
    from qa.answers.extractive import Candidate

__all__ = ["Claim", "Dispute", "disagreements"]

SIDE = 0.6
"""A side's sentence scores at least this share of the best one: what is far from the question is of another thing."""
APART, BEYOND = 2.0, 4.0
"""Ratio from which a rough figure differs from another: about 12,000 people are not 40,000. And from which two figures,
but for tolls, count different things."""
FALLEN, GROWN = 0.66, 10.0
"""How far a later toll may fall below an earlier one, and two be apart: beyond, they count a part and a whole."""
ALIKE = 0.6
"""Share of the terms of the smaller frame that both have where the question asks for no figure."""
SAME_REST = 0.75
"""Share of the terms of the longer sentence that both have where they differ by a name."""
SHORT = 22
"""Words of the longest sentence whose names are compared."""
STORY = 2
"""Names beside the question's that two articles of one story share at least."""
STORY_DAYS, TOLL_DAYS = 31, 184
"""Most days between two articles of one story: a toll is corrected for months, a price or a score becomes another."""
COVER, EVENT = 0.6, 0.5
"""Share of the question's terms, and of those for what happened, in the sentence or its article's beginning."""
OPENING = 300
"""Characters of an article that say what it is about."""
SIDES = 4
"""Most sides of one disagreement: the newest."""

_FIGURES: dict[str, tuple[Form, ...]] = {
    "number": ("number", "share", "money"),
    "money": ("money", "share"),
    "duration": ("duration",),
    "date": ("date",),
}
_NAMES: tuple[Form, ...] = ("name",)
_NAMED = ("person", "place", "country", "organisation")
_CLASSES = {
    "toll": "die dead death kill fatali toll perish",
    "people": "people person live life soul peopl",
    "injured": "injur hurt wound",
    "missing": "miss unaccount",
    "ship": "ship vessel",
    "home": "home household",
    "march": "march demonstr protest ralli turn turnout attend",
    "aboard": "aboard board",
    "job": "job post",
}
_CLASS = {stem: name for name, stems in _CLASSES.items() for stem in stems.split()}
"""What news calls by several names, by the stems of these."""
_OPPOSITES = tuple(
    tuple(frozenset(side.split()) for side in pair.split("/"))
    for pair in (
        "begin began begun start open launch/end finish close stop expir conclud",
        "win won/lose lost",
        "arriv enter/leav left depart",
        "buy bought/sell sold",
        "import/export",
        "men male/women femal",
        "yes favour favor support/against oppos",
        "gain profit/loss",
    )
)
"""Terms of which each side tells of another thing than the other."""
_SAYS = re.compile(r",\s[^,]*\b(?:said|says|told)\b[^,]*$|,?\saccording to\b.*$")
"""Who says what a sentence reports, where it ends with that."""
_LIVES = re.compile(r"\b(?:loss of|lost|claim\w*|took|taken|cost)\b[^,;.]*\blives\b")
_DEADLY = re.compile(r"\bdeadl(?:y|iest|ier)\b", re.IGNORECASE)
"""Whom "deadly" floods displaced did not die."""
_FATES = frozenset(("toll", "injured", "missing", "aboard"))
"""Classes that tell people of one event apart."""
_UNITS = frozenset("second minut hour day week month year decad".split())
_COUNTED = re.compile(r"\bhow many (?:(?!people)[\w’'-]+ ){0,2}?(people|[\w’'-]+(?:s|men|children))\b", re.IGNORECASE)
"""The noun that is counted: the first plural."""


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
    """Where the candidates, best first, differ on what is asked. ``terms``: a text's words, stemmed."""
    if not candidates:
        return []
    least = SIDE * candidates[0].score
    reader = _Reader(question, terms)
    near = [_Said(each, reader.stems) for each in candidates if each.score >= least]
    return reader.names(near) if question.kind in _NAMED else reader.figures(near)


class _Said:
    """A candidate's sentence and its story, each read when first needed."""

    def __init__(self, candidate: Candidate, stems: Stems) -> None:
        self.candidate = candidate
        self.article = candidate.passage.article
        self.text = candidate.text
        self.stems = stems

    @cached_property
    def totals(self) -> list[Total]:
        return totals(self.text, self.stems)

    @cached_property
    def terms(self) -> frozenset[str]:
        return self.stems(self.text)

    @cached_property
    def places(self) -> frozenset[str]:
        """Stems of the places that the sentence names, but for where whoever says it is from."""
        return self.stems(placed(_SAYS.sub("", self.text)))

    @cached_property
    def year(self) -> str:
        """The year of publication."""
        return str(self.article.published.year) if self.article.published else ""

    @cached_property
    def topic(self) -> frozenset[str]:
        """What the sentence is about, as its article's beginning and the sentence before it say."""
        opening = self.article.text[:OPENING]
        return self.stems(f"{self.article.title} {self.article.outlet} {opening} {self.candidate.before} {self.text}")

    @cached_property
    def story(self) -> frozenset[str]:
        """All that its article speaks of."""
        return self.stems(f"{self.article.title} {self.article.outlet} {self.article.text}")

    @cached_property
    def names(self) -> frozenset[str]:
        """Stems of the names of its article."""
        return self.stems(" ".join(capitals(self.article.text)))


class _Reader:
    """Compares sentences for one question."""

    def __init__(self, question: Question, terms: Terms) -> None:
        self.kind = question.kind
        self.terms = terms
        text = question.standalone
        self.words = {word: stem for word in re.findall(r"[^\W_]+", text) for stem in self.stems(word)}
        self.named = self.stems(" ".join(capitals(text)))
        self.asked = frozenset(self.words.values()) - self.named
        counted = _COUNTED.search(text)
        self.counted = self.stems(counted[1]) if counted else frozenset[str]()
        self.forms = _FIGURES.get(self.kind, ("number", "share", "money"))
        if counted:
            self.forms = ("duration",) if self.counted & _UNITS else ("number",)

    def stems(self, text: str) -> frozenset[str]:
        """What a text is about, several names of one thing being one."""
        found = frozenset(
            _CLASS.get(term, term)
            for term in self.terms(_DEADLY.sub(" ", text))
            if term not in STOP_WORDS and not is_number_word(term) and len(term) > 1
        )
        return found | {"toll"} if _LIVES.search(text) else found

    # --- figures

    def figures(self, near: Sequence[_Said]) -> list[Dispute]:
        """One disagreement for each thing that is counted."""
        left = [(said, total) for said in near if self._on_subject(said) for total in self._counts(said)]
        found: list[Dispute] = []
        while left:
            first, *left = left
            sides = [side for side in left if self._clash(*first, *side)]
            if sides:
                left = [side for side in left if side not in sides]
                found.append(self._dispute([first, *sides]))
        return found

    def _on_subject(self, said: _Said) -> bool:
        """Whether a sentence is about what the question names, and not about another place or person."""
        asked, event = self.asked | self.named, self.asked - self.counted - _FATES
        if not self.named <= said.topic or len(asked & said.topic) < COVER * len(asked):
            return False
        if len(event & said.topic) < EVENT * len(event):
            return False
        return not self.named or not said.places or bool(self.named & said.terms)

    def _counts(self, said: _Said) -> list[Total]:
        """The totals that may be what is asked for; no toll of a sentence that gives several, or another year."""
        found = [each for each in said.totals if each.form in self.forms and self._is_theirs(said, each)]
        tolls = {each.size for each in found if "toll" in each.frame}
        of_then = any(said.year not in (period, "") for each in found for period in each.periods if period.isdigit())
        if len(tolls) > 1 or of_then:
            found = [each for each in found if "toll" not in each.frame]
        return found

    def _is_theirs(self, said: _Said, total: Total) -> bool:
        """Whether a total is of the question's persons or places, or of none, rather than of others."""
        others = total.actors or said.places - self.named
        return not self.named or not others or bool(self.named & self.stems(said.text[: total.reach]))

    def _clash(self, one: _Said, a: Total, two: _Said, b: Total) -> bool:
        """Whether two totals count the same and differ."""
        return (
            (a.form, a.unit) == (b.form, b.unit)
            and _independent(one.candidate, two.candidate)
            and _differ(one.candidate, a, two.candidate, b)
            and self._count_the_same(a, b)
            and self._of_one_story(one, two, a.frame & b.frame)
            and a.actors <= two.story
            and b.actors <= one.story
            and a.places - self.named <= two.terms
            and b.places - self.named <= one.terms
        )

    def _count_the_same(self, a: Total, b: Total) -> bool:
        """Whether the nouns and the rest of the clauses agree, with each other and with the question."""
        shared = a.frame & b.frame
        of_both = (a.periods, b.periods), (a.heads, b.heads), (a.actors, b.actors)
        if any(one and two and not one & two for one, two in of_both):
            return False
        if (a.frame ^ b.frame | self.asked - shared) & _FATES:
            return False
        if "toll" in shared & self.asked and self.counted <= {"people"}:
            return True
        if any((a.frame & one and b.frame & two) or (a.frame & two and b.frame & one) for one, two in _OPPOSITES):
            return False
        if self.counted:
            return bool(shared & self.counted) and bool(shared & (self.asked - self.counted))
        alike = self.kind in _FIGURES or (len(shared) >= 3 and len(shared) >= ALIKE * min(len(a.frame), len(b.frame)))
        return alike and len(shared & self.asked) >= max(2, len(self.asked) / 2 if self.kind == "date" else 2)

    def _of_one_story(self, one: _Said, two: _Said, shared: frozenset[str]) -> bool:
        """Whether two articles share names and a time."""
        return len((one.names & two.names) - self.named) >= STORY and _days(one.candidate, two.candidate) <= (
            TOLL_DAYS if "toll" in shared else STORY_DAYS
        )

    def _dispute(self, sides: Sequence[tuple[_Said, Total]]) -> Dispute:
        """One side a value: the best sentence that says it."""
        by_size: dict[float, tuple[_Said, Total]] = {}
        for said, total in sides:
            by_size.setdefault(total.size, (said, total))
        kept = sorted(by_size.values(), key=lambda side: -published_at(side[0].article))[:SIDES]
        shared = frozenset.intersection(*(total.frame for _, total in kept))
        claims = tuple(Claim(said.candidate, total.said) for said, total in kept)
        return Dispute(self._about(shared, kept[0][0]), claims)

    def _about(self, shared: Collection[str], newest: _Said) -> str:
        """The words for what is shared: the question's where it has them, else those of the newest sentence."""
        asked = [word for word, stem in self.words.items() if stem in shared]
        if len(asked) > 1:
            return " ".join(asked)
        words = re.findall(r"[^\W_]+", newest.text)
        return " ".join(dict.fromkeys(word for word in words if self.stems(word) & frozenset(shared)))

    # --- names

    def names(self, near: Sequence[_Said]) -> list[Dispute]:
        """At most one: who or where it was."""
        short = [
            each
            for each in near
            if self._on_subject(each) and len(each.text.split()) <= SHORT and each.text.endswith((".", ".”", '."'))
        ]
        for one, two in combinations(short, 2):
            names = self._other_name(one, two) if _independent(one.candidate, two.candidate) else None
            if names:
                claims = [Claim(one.candidate, names[0]), Claim(two.candidate, names[1])]
                claims.sort(key=lambda each: -published_at(each.candidate.passage.article))
                return [Dispute(self._about(self.stems(one.text) & self.stems(two.text), one), tuple(claims))]
        return []

    def _other_name(self, one: _Said, two: _Said) -> tuple[str, str] | None:
        """The name in which two sentences differ that agree in all else."""
        for a, beside_a, rest_a in self._without_name(one.text):
            for b, beside_b, rest_b in self._without_name(two.text):
                shared = rest_a & rest_b
                if (
                    beside_a == beside_b
                    and not self.stems(a) & self.stems(b)
                    and len(shared) >= SAME_REST * max(len(rest_a), len(rest_b))
                    and len(shared & self.asked) >= 2
                    and self._of_one_story(one, two, shared)
                ):
                    return a, b
        return None

    def _without_name(self, text: str) -> Iterator[tuple[str, tuple[str, str], frozenset[str]]]:
        """Each name that the question does not say, the words on both its sides, and what the rest is about."""
        for name in mentions(text, _NAMES, ()):
            if not self.stems(name.text) & (self.asked | self.named):
                before, after = text[: name.start].split()[-1:], text[name.end :].split()[:1]
                yield (
                    name.text,
                    (" ".join(before), " ".join(after)),
                    self.stems(f"{text[: name.start]} {text[name.end :]}"),
                )


def _independent(one: Candidate, two: Candidate) -> bool:
    """Whether two candidates are of different articles, and copies of one report not of the same moment."""
    a, b = one.passage, two.passage
    return a.article.id != b.article.id and (a.origin != b.origin or a.article.published != b.article.published)


def _days(one: Candidate, two: Candidate) -> float:
    """Days between two articles; none where one is undated."""
    a, b = one.passage.article, two.passage.article
    return abs(published_at(a) - published_at(b)) / 86_400 if a.published and b.published else 0.0


def _differ(one: Candidate, a: Total, two: Candidate, b: Total) -> bool:
    """Whether two sizes cannot both be; a later figure may pass what was the least of it."""
    if a.size == b.size:
        return False
    if a.form != "date":
        least, most = sorted((a.size, b.size))
        if (a.rough or b.rough) and most < APART * least:
            return False
        if most > (GROWN if "toll" in a.frame else BEYOND) * least:
            return False
        later, earlier = (a, b) if published_at(one.passage.article) > published_at(two.passage.article) else (b, a)
        if "toll" in a.frame and later.size < FALLEN * earlier.size:
            return False
    for bound, floor, other, size in ((a, one, b, two), (b, two, a, one)):
        if bound.least and other.size > bound.size:
            return published_at(size.passage.article) > published_at(floor.passage.article)
    return True
