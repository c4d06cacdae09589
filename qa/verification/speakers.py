"""Who says what: "Carter said", "said Carter", "according to Carter", "he told", with whom "he" may mean.

Only who is named can be compared. A role ("the minister said") or a pronoun is held against nobody who is named just
before it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from qa.verification import names as naming
from qa.verification.facts import Name
from qa.verification.words import Word

_SAYING = frozenset(
    """said says say saying told tells tell added adds stated states claimed claims argued argues warned warns announced
    announces denied denies insisted insists confirmed confirms reported reports wrote writes explained explains noted
    notes suggested suggests acknowledged acknowledges admitted admits declared declares testified tweeted replied asked
    predicted predicts estimated estimates alleged alleges asserted asserts remarked recalled vowed pledged promised
    conceded concedes disclosed revealed reveals urged described accused stressed emphasized emphasised commented joked
    believes believed thinks quipped""".split()
)
_PRONOUNS = frozenset("he she they it we i who".split())
_BETWEEN = re.compile(
    r"(?:[”\"’']|,)?\s(?:(?:has|had|have|also|later|then|previously|once|repeatedly|reportedly|himself|herself|who|further|again|recently|[a-z]{2,12}ly)\s){0,3}\Z"
)
_ASIDE = re.compile(r",\s[^,“”\"]{1,90},\s(?:(?:has|had|also|later|[a-z]{2,12}ly)\s)?\Z|\s\([^()]{1,40}\)\s\Z")
_TITLED = re.compile(r"(?:\s(?:the|an?|its|their|his|her|[A-Z]?[a-z-]+|[A-Z]{2,4})){0,6}\s\Z")


@dataclass(frozen=True, slots=True)
class Saying:
    """``text[start:end]`` is whoever says something by ``words[verb]``; ``core``: of a name its words, else empty.

    ``pronoun``: it is "he" or its like.
    """

    start: int
    end: int
    verb: int
    core: tuple[str, ...]
    pronoun: bool = False


def sayings(text: str, words: Sequence[Word], names: Sequence[Name]) -> list[Saying]:
    """Who is said to say something in a sentence, in its order."""
    found = []
    for at, word in enumerate(words):
        if word.folded == "according" and at + 1 < len(words) and words[at + 1].folded == "to":
            saying = _right(text, words, names, at, words[at + 1].end, reach=6)
        elif word.folded in _SAYING and not word.capital:
            saying = _by_verb(text, words, names, at)
        else:
            continue
        if saying is not None:
            found.append(saying)
    return found


def _by_verb(text: str, words: Sequence[Word], names: Sequence[Name], at: int) -> Saying | None:
    """Who says by the word at ``at``: whoever stands before it, or behind it where a mark does ("..., said Carter")."""
    before = _left(text, words, names, at)
    verb = words[at]
    gap = text[words[at - 1].end : verb.start] if at else ""
    if before is not None and (before.core or before.pronoun or verb.folded in ("told", "tells")):
        return before
    inverted = at and re.search(r"[,”\"’?!]\s*\Z", gap)
    return (_right(text, words, names, at, verb.end, reach=5) if inverted else None) or before


def _right(text: str, words: Sequence[Word], names: Sequence[Name], at: int, end: int, *, reach: int) -> Saying | None:
    """The name that begins within a few words behind a verb, before any mark; else the word itself as a role."""
    place = bisect_left(names, end, key=lambda each: each.start)
    if place < len(names) and names[place].start - end < 90:
        name = names[place]
        between = text[end : name.start]
        if len(between.split()) <= reach and (not re.search(r"[.;:“”\"]", between)):
            return Saying(name.start, name.end, at, naming.core(name))
    behind = at + 1 if words[at].folded != "according" else at + 2
    if behind < len(words) and words[behind].folded in _PRONOUNS:
        return Saying(words[behind].start, words[behind].end, at, (), pronoun=True)
    if behind + 1 < len(words) and words[behind].folded in ("the", "a", "an", "its", "his", "her", "their"):
        return Saying(words[behind].start, words[behind + 1].end, at, ())
    return None


def _left(text: str, words: Sequence[Word], names: Sequence[Name], at: int) -> Saying | None:
    verb = words[at]
    place = bisect_left(names, verb.start, key=lambda each: each.start) - 1
    if place >= 0:
        name = names[place]
        gap = text[name.end : verb.start]
        if len(gap) < 40 and _BETWEEN.match(gap):
            return Saying(name.start, name.end, at, naming.core(name))
        for other in reversed(names[max(0, place - 3) : place + 1]):
            gap = text[other.end : verb.start]
            if len(gap) < 110 and _ASIDE.match(gap):
                return Saying(other.start, other.end, at, naming.core(other))
    for back in (1, 2):
        word = words[at - back] if at >= back else verb
        if word.folded in _PRONOUNS and text[word.start : word.end] != "WHO":
            return Saying(word.start, word.end, at, (), pronoun=True)
    if at and words[at - 1].counts and not words[at - 1].folded[0].isdigit():
        first = (
            at - 2 if at >= 2 and words[at - 2].folded in ("the", "a", "an", "his", "her", "its", "their") else at - 1
        )
        return Saying(words[first].start, words[at - 1].end, at, ())
    return None
