"""Where each candidate for a short answer is seen, and what its sentence says for it there.

Candidates are told apart by their stems without articles, so "the eels" and "eel" are one. A name's tail, standing
alone, is taken for the whole: "Dorning" speaks for "Ylva Dorning", "Kestrels" for "Varnholm Kestrels".
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qa.answers.wanted import Terms, Wanted
from qa.articles import Published, instant
from qa.mentions import Mention, mentions

DAY = 86_400.0
FRESH_DAYS = 14.0
"""Days after which an article is worth 1/e for its freshness, as in the search."""
NEAR_WORDS = 6.0
"""Words from one of the question's at which it counts half."""
LONGEST_NAME = 4
"""Stems of the longest name that its tail alone may stand for."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may hold the answer.

    ``score``: how well it answers, in [0, 1]. ``origin``: articles of the same origin are one witness; empty for an
    origin of its own. ``title`` and ``published`` are its article's.
    """

    text: str
    score: float
    origin: str = ""
    title: str = ""
    published: Published | None = None


class Stems:
    """The stem of each word, asked of the archive once."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._known: dict[str, str] = {}

    def __call__(self, word: str) -> str:
        stem = self._known.get(word)
        if stem is None:
            stem = self._known[word] = "".join(self._terms(word)[:1])
        return stem

    def of(self, text: str) -> list[str]:
        """The stems of a text, in order."""
        return [self(word) for word in _TOKEN.findall(text)]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A mention in the sentence ``evidence``; what speaks for it is in [0, 1].

    ``score`` is the sentence's, the best one's being 1; ``cover`` the weight of the question's terms that it holds,
    ``near`` the same falling with the distance; ``fresh`` falls with the article's age; ``typed``: the noun that
    names the type is part of it or beside it; ``said``: its share of the question's own words; ``speaks``: it is who
    says something; ``placed``: a preposition of place stands before it; ``acts``: a verb or an age that only people
    have stands behind it; ``owns``: a genitive's ’s does.
    """

    mention: Mention
    evidence: int
    origin: str
    score: float
    cover: float
    near: float
    fresh: float
    typed: bool
    said: float
    speaks: bool
    placed: bool
    acts: bool
    owns: bool


@dataclass(slots=True)
class Candidate:
    """What may be the answer. ``others`` are sightings of its tail alone; ``tail``: it is one, of a longer name."""

    stems: tuple[str, ...]
    seen: list[Sighting] = field(default_factory=list)
    others: list[Sighting] = field(default_factory=list)
    tail: bool = False

    @property
    def everywhere(self) -> list[Sighting]:
        """Its sightings under all of its names."""
        return [*self.seen, *self.others]

    @property
    def is_name(self) -> bool:
        """Whether capitals say so anywhere."""
        return any(each.mention.form == "name" for each in self.seen)

    def shown(self) -> Sighting:
        """Its commonest wording, in the sentence that shows it best."""
        worth: Counter[str] = Counter()
        for each in self.seen:
            worth[each.mention.text] += each.score  # type: ignore[assignment]
        text = max(worth, key=worth.__getitem__)
        return max(
            (each for each in self.seen if each.mention.text == text), key=lambda each: each.score * (0.2 + each.near)
        )


_TOKEN = re.compile(r"[^\W_]+")
_LOWER = re.compile(r"\b[a-z]\w+")
_ARTICLES = frozenset(("the", "a", "an"))
_SPEAKS_AFTER = re.compile(r",?\s(?:\d+,\s)?(?:said|says|told|added|quoting|wrote|tweeted)\b")
_SPEAKS_BEFORE = re.compile(r"\b(?:said|says|according to|told)\s[^.;”\"]{0,60}$")
_PLACE_BEFORE = re.compile(r"\b(?:in|at|near|from|to|outside|across|off|into|around|of)\s(?:the\s)?(?:[a-z]+\s){0,2}$")
_ACTS_AFTER = re.compile(r",\s(?:\d\d,|who\b)|\s(?:who|whose|said|told|won|has|will)\b")


def gather(want: Wanted, evidence: Sequence[Evidence], stems: Stems, now: datetime) -> dict[str, Candidate]:
    """Every candidate of the evidence by its stems, but for what the question says itself."""
    common = frozenset(word for each in evidence for word in _LOWER.findall(each.text))
    best = max((each.score for each in evidence), default=0.0) or 1.0
    found: dict[str, Candidate] = {}
    for number, each in enumerate(evidence):
        sentence = _Sentence(want, each, number, each.score / best, stems, now)
        for mention in mentions(each.text, want.forms, common):
            key, sighting = sentence.sighting(mention)
            if key and not want.said.issuperset(key):
                found.setdefault(" ".join(key), Candidate(key)).seen.append(sighting)
    _join_tails(want, found)
    return found


class _Sentence:
    """One sentence, read for what surrounds its mentions."""

    def __init__(
        self, want: Wanted, evidence: Evidence, number: int, score: float, stems: Stems, now: datetime
    ) -> None:
        tokens = list(_TOKEN.finditer(evidence.text))
        self.want = want
        self.evidence = evidence
        self.number = number
        self.score = score
        self.stems = [stems(token[0]) for token in tokens]
        self.starts = [token.start() for token in tokens]
        self.asked: dict[str, list[int]] = defaultdict(list)
        for at, stem in enumerate(self.stems):
            if stem in want.weights:
                self.asked[stem].append(at)
        self.cover = sum(want.weights[term] for term in self.asked)
        self.fresh = _freshness(now, evidence.published)

    def sighting(self, mention: Mention) -> tuple[tuple[str, ...], Sighting]:
        """A mention's stems, and what the sentence says for it."""
        text, said = self.evidence.text, self.want.said
        first = bisect_left(self.starts, mention.start)
        last = bisect_left(self.starts, mention.end) - 1
        own = self.stems[first : last + 1]
        key = tuple(stem for stem in own if stem not in _ARTICLES)
        beside = (
            *self.stems[max(0, first - 3) : first],
            *self.stems[last + 1 : last + 3],
            *own[: len(own) - 1],
            *own[1:],
        )
        is_name = mention.form == "name"
        return key, Sighting(
            mention=mention,
            evidence=self.number,
            origin=self.evidence.origin or f"#{self.number}",
            score=self.score,
            cover=self.cover,
            near=self._near(first, last),
            fresh=self.fresh,
            typed=bool(self.want.head) and self.want.head in beside,
            said=sum(stem in said for stem in key) / max(1, len(key)),
            speaks=is_name and speaks(text, mention),
            placed=placed(text, mention),
            acts=is_name and bool(_ACTS_AFTER.match(text, mention.end)),
            owns=is_name and text[mention.end : mention.end + 2] in ("’s", "'s"),
        )

    def _near(self, first: int, last: int) -> float:
        near = 0.0
        for term, places in self.asked.items():
            distances = [first - at if at < first else at - last for at in places if not first <= at <= last]
            if distances:
                near += self.want.weights[term] / (1 + min(distances) / NEAR_WORDS)
        return near


def speaks(text: str, mention: Mention) -> bool:
    """Whether a mention is who says what the sentence reports."""
    after = _SPEAKS_AFTER.match(text, mention.end)
    return bool(after or _SPEAKS_BEFORE.search(text, max(0, mention.start - 75), mention.start))


def placed(text: str, mention: Mention) -> bool:
    """Whether a preposition of place stands before a mention."""
    return bool(_PLACE_BEFORE.search(text, max(0, mention.start - 40), mention.start))


def _freshness(now: datetime, published: Published | None) -> float:
    """1 for what is published now, falling with age; 0 for what is undated."""
    return 0.0 if published is None else math.exp(-max(0.0, now.timestamp() - instant(published)) / DAY / FRESH_DAYS)


def _join_tails(want: Wanted, found: Mapping[str, Candidate]) -> None:
    """Let the longer name have the sightings of its tail, or of its head where its last word is the type wanted."""
    longer: dict[str, list[Candidate]] = defaultdict(list)
    for each in found.values():
        if 2 <= len(each.stems) <= LONGEST_NAME and each.is_name:
            for begin in range(1, len(each.stems)):
                longer[" ".join(each.stems[begin:])].append(each)
            if each.stems[-1] == want.head:
                longer[" ".join(each.stems[:-1])].append(each)
    for short, names in longer.items():
        tail = found.get(short)
        if tail and tail.is_name:
            whole = max(names, key=lambda each: sum(sighting.score for sighting in each.seen))
            whole.others = [*whole.others, *tail.seen]
            tail.tail = True
