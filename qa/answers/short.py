"""The answer in a few words: the thing of the kind asked for that the evidence speaks for.

Every name, title, figure or noun phrase of the best sentences is a candidate (``candidates``). What speaks for one is
gathered over all of its sightings (``sightings``): how well their sentences answer and in how many independent
articles, how near the question's words stand, whether it is of the type wanted (``wanted``), how rare it is
elsewhere. A question's candidates, and that none of them is the answer, are weighed against each other by a softmax
over the sums of these, so the best one's share is about the probability that it is right.

A short answer stands word for word in what is cited. Yes, no, why and what somebody said have none: no part of a
sentence says them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from qa.answers.sightings import Candidate, Evidence, Sighting, Stems, gather, placed, speaks
from qa.answers.wanted import COUNTRIES, STATES, Rarity, Terms, Wanted, forms_of, wanted
from qa.mentions import Mention, mentions
from qa.questions import Question

__all__ = ["Answers", "Evidence", "Short", "find_answers", "holds_kind"]

READ = 16
"""Sentences that are read for candidates: more of them hold more that is not the answer."""
WEIGHTS = {
    "support": 1.63,
    "votes": -1.35,
    "burst": 2.16,
    "title": 2.75,
    "best": 4.56,
    "cover": -1.22,
    "near": 3.10,
    "fresh": 2.05,
    "typed": 1.17,
    "said": -0.61,
    "speaks": -1.19,
    "placed": 0.80,
    "person_placed": -1.38,
    "person_acts": 1.32,
    "other_acts": -1.18,
    "name_named": 1.99,
    "name_common": -1.01,
    "name_open": 1.58,
    "noun_named": -0.87,
    "person": 0.81,
    "tail": 0.52,
    "listed": 3.34,
    "one": -0.50,
    "likeliest": 2.79,
    "joint_several": 5.72,
    "quoted_work": 5.59,
    "former": -2.0,
}
"""Of each feature (``_Features``). Fitted by a listwise softmax over the candidates of a question on RealTimeQA, April
to December 2023; of twice as many features those were kept that its own held-out weeks missed when left out.
``former`` is set by hand: too few of those questions have one."""
NONE = 9.0
"""Total of what stands against all candidates: that none is the answer. The highest likelihood, without a slope of its
own, of being right on the same months, each week judged by weights fitted without it."""
GENITIVE = 0.9
"""Share of a name's sightings with ’s from which that belongs to it: McDonald’s."""
NAMED_TYPES = frozenset(("person", "place", "country", "state", "named", "work"))
_NO_PERSON = frozenset(
    """Award Awards Bank Party Republicans Democrats Union Ministry Department University College School Council Court
    Company Group Agency Office Police Army Association Federation Committee Commission Church Times Post News House
    Street Stadium Park Hospital Airport Institute Island Islands Lines Museum Alliance League Cup Games State States
    Senate Congress Inc Corp Airlines International National America American City County Center Centre Series Open
    Championship Tour Festival""".split()
)
_FORMER = re.compile(r"\b(?:former|outgoing|caretaker|late|then|ex|predecessor)\b", re.IGNORECASE)
BEFORE = 40
"""Characters before a name in which "former" belongs to it."""
_WORD = re.compile(r"\w+")
_PLACES = COUNTRIES | STATES
_NO_PHRASE = re.compile(r"^\W*(?:why|how come)\b", re.IGNORECASE)
_SAYING = re.compile(
    r"^\W*what (?:did|does|do|has|have|had)\b.*\b(?:say|said|think|thought|claim(?:ed)?|argued?|believed?"
    r"|explain(?:ed)?|testif(?:y|ied)|told|tell)\b(?:\s+(?:about|of|on|to|in|at|after|when|during)\b[^?]*)?\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Short:
    """``text`` stands word for word in the sentence ``evidence`` (its index), the one that shows it best.

    ``confidence``: about the probability that it is right, in (0, 1). ``fits``: it can be one at all. What somebody
    said is told by sentences only, and where something is by a name that stands behind in, at or the like.
    """

    text: str
    confidence: float
    evidence: int
    fits: bool = True


@dataclass(frozen=True, slots=True)
class Answers:
    """The best candidate for a short answer, and all of them where they stand.

    ``held``: for each sentence that was read, the candidates that it holds, each with its share of the belief.
    """

    best: Short | None = None
    held: tuple[Mapping[str, float], ...] = ()


def find_answers(question: Question, evidence: Sequence[Evidence], *, terms: Terms, rarity: Rarity) -> Answers:
    """What ``evidence``, the best sentences first, gives for an answer."""
    if question.kind in ("yes or no", "how") or _NO_PHRASE.match(question.text):
        return Answers()
    read, stems = evidence[:READ], Stems(terms)
    want = wanted(question, terms, rarity)
    found = gather(want, read, stems, question.now)
    if not found:
        return Answers()
    features = _Features(want, found, read, rarity, stems)
    totals = {key: sum(WEIGHTS[name] * value for name, value in features.row(key).items()) for key in found}
    shares = _shares(totals)
    best = max(shares, key=shares.__getitem__)
    shown = found[best].shown()
    held: list[dict[str, float]] = [{} for _ in read]
    for key, each in found.items():
        for sighting in each.everywhere:
            held[sighting.evidence][key] = shares[key]
    fits = not _SAYING.match(question.text) and (not _asks_where(question) or _is_placed(found[best]))
    short = Short(_with_genitive(found[best], shown, read), shares[best], shown.evidence, fits)
    return Answers(short, tuple(held))


def _asks_where(question: Question) -> bool:
    return question.kind == "place" and not question.target


def _is_placed(candidate: Candidate) -> bool:
    return any(each.placed for each in candidate.everywhere) or candidate.shown().mention.text in _PLACES


def holds_kind(question: Question, sentence: str) -> float:
    """1 where the sentence holds something of the kind asked for that the question does not say itself, else 0.

    Only where the kind tells more than that it has a name: nearly every sentence of news holds a name.
    """
    form = forms_of(question.kind, question.text)[0]
    if form == "name" and question.kind not in ("person", "place", "country"):
        return 0.0
    asked = {word.casefold() for word in _WORD.findall(question.text)}
    return float(
        any(
            (form != "name" or _is_of_kind(question, sentence, mention)) and not _said(mention, asked)
            for mention in mentions(sentence, (form,), ())
        )
    )


def _is_of_kind(question: Question, sentence: str, name: Mention) -> bool:
    if question.kind != "person":
        return name.text in COUNTRIES if question.kind == "country" else placed(sentence, name)
    return _is_full_name(name.text) and not placed(sentence, name) and not speaks(sentence, name)


def _said(mention: Mention, asked: Collection[str]) -> bool:
    """Whether a mention is of the question's own words."""
    words = [word.casefold() for word in _WORD.findall(mention.text)]
    return any(word in asked for word in words if len(word) > 3) or all(word in asked for word in words)


def _shares(totals: Mapping[str, float]) -> dict[str, float]:
    """Each candidate's share in the softmax over all candidates and none."""
    most = max(totals.values())
    whole = math.exp(NONE - most) + sum(math.exp(total - most) for total in totals.values())
    return {key: math.exp(total - most) / whole for key, total in totals.items()}


def _with_genitive(candidate: Candidate, shown: Sighting, evidence: Sequence[Evidence]) -> str:
    owning = sum(each.owns for each in candidate.seen)
    ends = shown.mention.end
    if shown.owns and len(candidate.seen) > 1 and owning >= GENITIVE * len(candidate.seen):
        ends += len("’s")
    return evidence[shown.evidence].text[shown.mention.start : ends]


class _Features:
    """What speaks for each candidate of a question, as ``WEIGHTS`` names it."""

    def __init__(
        self, want: Wanted, found: Mapping[str, Candidate], evidence: Sequence[Evidence], rarity: Rarity, stems: Stems
    ) -> None:
        self.want = want
        self.found = found
        self.texts = [each.text for each in evidence]
        self.rare = rarity(list({stem for each in found.values() for stem in each.stems}))
        titles = {each.title for each in evidence}
        self.titles = Counter(stem for title in titles for stem in set(stems.of(title)))
        self.titled = len(titles)
        self.origins = len({each.origin or number for number, each in enumerate(evidence)})
        self.support = {key: _support(each.everywhere) for key, each in found.items()}
        self.most = max(sum(each.values()) for each in self.support.values()) or 1.0

    def row(self, key: str) -> dict[str, float]:
        """All features of one candidate."""
        each = self.found[key]
        return {**self._backing(key, each), **self._standing(each), **self._fit(each)}

    def _backing(self, key: str, each: Candidate) -> dict[str, float]:
        """How much evidence there is for it, and how rare it is without."""
        by_origin = self.support[key]
        rare = sum(self.rare[stem] for stem in each.stems) / len(each.stems)
        return {
            "support": sum(by_origin.values()) / self.most,
            "votes": math.log1p(len(by_origin)) / math.log1p(self.origins),
            "burst": rare * math.log1p(len({self.texts[at.evidence] for at in each.everywhere})),
            "title": min(self.titles[stem] for stem in each.stems) / self.titled,
        }

    def _standing(self, each: Candidate) -> dict[str, float]:
        """How it stands in its sentences."""
        seen, kind = each.everywhere, self.want.type

        def mean(value: Callable[[Sighting], float]) -> float:
            return sum(map(value, seen)) / len(seen)

        acts = mean(lambda at: at.acts)
        return {
            "best": max(at.score for at in seen),
            "cover": max(at.score * at.cover for at in seen),
            "near": max(at.score * at.near for at in seen),
            "fresh": max(at.fresh for at in seen),
            "typed": float(any(at.typed for at in seen)),
            "said": max(at.said for at in seen),
            "speaks": mean(lambda at: at.speaks),
            "placed": mean(lambda at: at.placed) if kind in ("place", "state", "country") else 0.0,
            "person_placed": mean(lambda at: at.placed) if kind == "person" else 0.0,
            "person_acts": acts if kind == "person" else 0.0,
            "other_acts": acts if kind != "person" else 0.0,
        }

    def _fit(self, each: Candidate) -> dict[str, float]:
        """Whether it is of the form and the type wanted."""
        forms = Counter(at.mention.form for at in each.seen)
        form = max(forms, key=forms.__getitem__)
        kind, text = self.want.type, each.shown().mention.text
        named = kind in NAMED_TYPES
        fits = {
            "name_named": each.is_name and named,
            "name_common": each.is_name and kind == "common",
            "name_open": each.is_name and kind == "open",
            "noun_named": form == "noun" and named,
            "person": kind == "person" and each.is_name and _is_full_name(text),
            "tail": each.tail,
            "listed": text.removeprefix("the ").removeprefix("The ") in self.want.gazetteer,
            "one": len(each.stems) == 1,
            "likeliest": kind == "figure" and form == self.want.forms[0],
            "joint_several": self.want.several and " and " in text,
        }
        asked = self.want.said & {"former", "late", "predecessor"}
        former = 0.0 if asked else sum(map(self._is_former, each.seen)) / len(each.seen)
        quoted = forms["quoted"] / len(each.seen) if kind == "work" else 0.0
        return {**{name: float(holds) for name, holds in fits.items()}, "quoted_work": quoted, "former": former}

    def _is_former(self, seen: Sighting) -> bool:
        """Whether it is named as what it no longer is, nor will be for long."""
        before = self.texts[seen.evidence][max(0, seen.mention.start - BEFORE) : seen.mention.start]
        return bool(_FORMER.search(before))


def _support(seen: Sequence[Sighting]) -> dict[str, float]:
    """By origin, the best that is said there: an article and its copies are one witness."""
    by_origin: dict[str, float] = {}
    for each in seen:
        by_origin[each.origin] = max(by_origin.get(each.origin, 0.0), each.score**2 * (0.2 + each.near))
    return by_origin


def _is_full_name(name: str) -> bool:
    """Whether a name may be a person's first and last."""
    words = name.split()
    return 2 <= len(words) <= 3 and name not in _PLACES and not _NO_PERSON & set(words)
