"""Whom or what the first word of a quoted sentence points back to, and which sentences cannot stand alone.

A quotation is never reworded, so what "He" stands for is shown beside it, and only where it is clear: a wrong name is
worse than none. Clear is the only person of the sentence before, or the one with whom that sentence begins, as long as
nothing speaks against it; of things only the one with which it begins. Where nothing is clear, the sentence before
must be quoted too (``needs_before``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.answers.sightings import placed
from qa.answers.wanted import COUNTRIES, STATES
from qa.chunks import Span, sentences
from qa.mentions import Form, Mention, mentions

if TYPE_CHECKING:
    from qa.answers.extractive import Candidate

__all__ = ["means", "needs_before", "preceding"]

BACK = 3
"""Sentences that are looked back over while each speaks of the same "he"."""
_NAMES: tuple[Form, ...] = ("name",)
_LOOKED_AT = 1500
"""Characters before a sentence in which the ones before it are found."""

_PRONOUN = re.compile(r"(He|She|His|Her|It|Its|They|Their)\b(?![’'])")
_MALE = re.compile(r"\b(?:he|his|him|himself|mr|sir|lord|brother|son|husband|father)\b", re.IGNORECASE)
_FEMALE = re.compile(r"\b(?:she|her|hers|herself|mrs|ms|miss|lady|sister|daughter|wife|mother)\b", re.IGNORECASE)
_HONORIFIC = {"he": re.compile(r"\b(?:Mrs|Ms|Miss|Lady|Dame)\.?\s$"), "she": re.compile(r"\b(?:Mr|Sir|Lord)\.?\s$")}
_NO_SUBJECT = re.compile(
    r"It\s(?:is|was|seems|seemed|appears|appeared|takes|took|comes|came|means|meant|remains|remained|rains|snows"
    r"|turns|turned|may|might|should|will\sbe|would\sbe|has\sbeen|had\sbeen|has\slong|could|can|follows|followed|helps|makes|made"
    r"|became|becomes|mark\w*|will\smark|wasn|isn|does|did)\b"
)
"""Behind these, "it" is as often nothing at all, or all that was said before."""
_DANGLING = re.compile(
    r"[“\"‘(]?(?:(?:He|She|It|They|His|Her|Its|Their|Him|Them)\b"
    r"|(?:This|That|These|Those)\b(?!\s(?:week|month|year|season|morning|afternoon|evening|summer|winter|spring|autumn"
    r"|fall|time|weekend|day)s?\b)"
    r"|(?:The\s)?(?:two|three|pair|latter|former|same)\b|Both\b|However\b|But\b|And\b|So\b|Instead\b|Nor\b|Yet\b|Or\b"
    r"|Still,|Also\b|Another\b|Others\b|Such\b|Then\b|There,|Therefore\b|Thus\b|Nevertheless\b|Moreover\b|Furthermore\b"
    r"|Otherwise\b|Either\b|Neither\b)",
)
_WITH_NOUN = re.compile(
    r"(?:Two|Three|Both|Another|Others|Such|Same)\s(?!(?:had|has|have|were|was|are|is|said|say|will|would|of|also)\b)[a-z]"
)
"""These count what they name themselves."""
_SURNAME = re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Dr)\.?\s)?([A-ZÀ-Þ][\w’-]+)(?=\s[a-z]|[’']s\s|,\s)")
_FULL = re.compile(r"(?:[A-ZÀ-Þ][\w’-]*[\w.]\s){1,2}$")
_SUBJECT_THING = re.compile(
    r"(The\s(?:[a-z][\w’-]+\s){1,3}?)(?:(?:is|was|will|would|has|had|can|could|who|which|that|to)\b|\w{2,}ed\b)"
)
_SUBJECT_MANY = re.compile(
    r"(?!This\b|Its\b|His\b)((?:The\s|Some\s)?(?:[A-Za-z][\w’-]+\s){0,2}?(?:[A-Za-z][\w’-]+s|[Pp]olice|people)\s)"
    r"(?:are|were|have|had|will|would|said|say|told|want|plan|\w{2,}ed)\b"
)
_BETWEEN = re.compile(r"[^\w]*")
_ACTS = re.compile(r",\s\d\d,|,?\swho\b|,\s(?:a|an|the)\s[a-z]|\s(?:told|added)\b")
_OFFICE = re.compile(
    r"\b(?:[A-Z]?[a-z-]*(?:minister|president|executive|director|leader|boss|chief|chair(?:man|woman)?|head|mayor"
    r"|captain|professor|secretary|judge|prosecutor|lawyer|spokes(?:man|woman|person)|coach|singer|actor|actress|author"
    r"|[a-z]{3}ist"
    r"|inspector|governor|senator|commander|manager|founder|fisherman|doctor))(?:\sof\s[\w\s]+)?,?\s$",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"(?:^|[^\w\s]\s*|(?<![\w’-])(?!(?:the|in|at|near|from|to|of|into|for)\s)[a-z][\w’-]*\s"
    r"|\b(?:Mr|Mrs|Ms|Miss|Dr)\.?\s)$"
)
_INITIAL = re.compile(r"[A-Z]\.")
_ENDED = re.compile(r"\w\w\.$")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_LOWER = re.compile(r"\b[a-z]\w+")
_NO_PERSON = frozenset(
    """This That The Former Great Emeritus Emerita Agency Airlines Airport Alliance Army Assembly Association Authority
    Bank Board Bureau Cells Center Centre Church City Civic Club College Commission Committee Company Congress
    Corp Council County Court Cup Day Democrats Department District East Federation Foundation Fund Games Group
    Guard Hall Holdings Hospital House Inc Industries Institute International Island Islands Journal Lake League
    Lines Ltd Magazine Ministry Mount Museum National Network News North Office Open Park Party Police Post
    Press Queen Republicans Research River Road School Science Senate Series Service Services Society South
    Square Stadium State States Station Street Studios Supreme Systems Team Times Tower Tribune Union United
    University Valley Wall War West White World""".split()
)


def means(candidate: Candidate) -> str:
    """Whom or what the pronoun that begins the sentence stands for; empty where none does or it is not clear."""
    opened = _PRONOUN.match(candidate.text)
    if not opened or _NO_SUBJECT.match(candidate.text):
        return ""
    word = opened[1]
    if word in ("He", "She", "His", "Her"):
        return _person(candidate, "he" if word in ("He", "His") else "she")
    before = _before(candidate.passage.article.text, candidate.span.start)
    if word in ("It", "Its"):
        return _thing(before, candidate.passage.article.text)
    return _several(before, candidate.passage.article.text)


def needs_before(candidate: Candidate) -> bool:
    """Whether the sentence points back to the one before it, so that nobody understands it alone."""
    text = candidate.text
    if _DANGLING.match(text) and not _WITH_NOUN.match(text):
        return not means(candidate)
    surname = _SURNAME.match(text)
    if not surname:
        return False
    before = _before(candidate.passage.article.text, candidate.span.start)
    return any(_FULL.search(before, 0, found.start()) for found in re.finditer(rf"\b{re.escape(surname[1])}\b", before))


def preceding(text: str, start: int) -> Span | None:
    """The sentence before the one that begins at ``start``; None at the beginning of an article or of a section."""
    begin = max(0, start - _LOOKED_AT)
    spans = sentences(text[begin:start])
    if not spans or (begin and len(spans) == 1):
        return None
    found = Span(begin + spans[-1].start, begin + spans[-1].end)
    return found if _BETWEEN.fullmatch(text, found.end, start) else None


def _before(text: str, start: int) -> str:
    span = preceding(text, start)
    return text[span.start : span.end] if span else ""


# --- persons


def _person(candidate: Candidate, pronoun: str) -> str:
    text, start = candidate.passage.article.text, candidate.span.start
    other = _FEMALE if pronoun == "he" else _MALE
    for _ in range(BACK):
        span = preceding(text, start)
        if span is None:
            return ""
        before, start = _QUOTED.sub(" ", text[span.start : span.end]), span.start
        if other.search(before):
            return ""
        goes_on = re.match(rf"{pronoun}\b", before, re.IGNORECASE)
        found = [] if goes_on else list(_people(before, text))
        if found:
            chosen = _subject(before, found)
            return "" if chosen is None or _is_other(text, chosen, pronoun) else _full_name(chosen.text, text)
        if before.strip(" ,.") and not goes_on and not re.search(rf"\b{pronoun}\b", before, re.IGNORECASE):
            return ""
    return ""


def _people(sentence: str, text: str) -> Iterator[Mention]:
    """The persons of a sentence, one mention each, in their order."""
    common = frozenset(_LOWER.findall(text))
    seen: set[str] = set()
    for name in sorted(mentions(sentence, _NAMES, common), key=lambda each: (each.start, each.end)):
        words = name.text.split()
        again = words[-1] in seen if len(words) == 1 else name.text in seen
        if not again and _is_person(words, sentence, name, text):
            seen |= {words[-1], name.text}
            yield name


def _is_person(words: list[str], sentence: str, name: Mention, text: str) -> bool:
    """Whether a name is a person's, as what stands around it here and elsewhere in the article tells.

    A person is called by the last name alone once it was said in full; a place or a company hardly ever is.
    """
    shouted = any(len(word) > 1 and word.isupper() for word in words)
    capital = all(word[0].isupper() and not re.search(r"[’']s$", word) for word in words)
    if len(words) > 3 or shouted or not capital or _NO_PERSON & set(words) or name.text in COUNTRIES | STATES:
        return False
    if (len(words) > 2 and _OFFICE.fullmatch(f"{words[0]} ")) or (
        len(words) > 1 and (_ACTS.match(sentence, name.end) or _OFFICE.search(sentence, 0, name.start))
    ):
        return True
    said_in_full = not placed(sentence, name) and " " in _full_name(name.text, text)
    return said_in_full and (len(words) == 1 or _stands_alone(words[-1], text))


def _stands_alone(last: str, text: str) -> bool:
    """Whether a last name is used without a first one."""
    return any(
        _ALONE.search(text, max(0, found.start() - 30), found.start()) and not re.match(r"\s[A-Z]", text[found.end() :])
        for found in re.finditer(rf"\b{re.escape(last)}\b", text)
    )


def _subject(sentence: str, found: list[Mention]) -> Mention | None:
    """The only person, or the one with whom the sentence begins; nobody's wife or lawyer is meant by a genitive."""
    first = found[0]
    owns = re.match(r"[’'](?:s\b|\s)", sentence[first.end :]) is not None
    if owns:
        return None
    if len(found) == 1:
        return first
    begins = not re.search(r"[a-z]{3,}\s[a-z]{3,}\s", sentence[: first.start]) and first.start < 60
    joined = re.match(r",?\s(?:\d\d,\s)?(?:and|or)\s", sentence[first.end :])
    return first if begins and not joined else None


def _is_other(text: str, name: Mention, pronoun: str) -> bool:
    """Whether the article calls the person by an honorific of the other sex."""
    last = re.escape(name.text.split()[-1])
    return any(
        _HONORIFIC[pronoun].search(text, max(0, found.start() - 8), found.start())
        for found in re.finditer(rf"\b{last}\b", text)
    )


def _full_name(name: str, text: str) -> str:
    """The name in full, as the article gives it most often; no more than it is where two persons share it."""
    if " " in name:
        first, rest = name.split(" ", 1)
        return rest if " " in rest and _OFFICE.fullmatch(f"{first} ") else name
    common = frozenset(_LOWER.findall(text))
    firsts: Counter[str] = Counter()
    for found in re.finditer(rf"\b{re.escape(name)}\b", text):
        before = _FULL.search(text, max(0, found.start() - 40), found.start())
        words = before[0].split() if before else []
        if words and not _NO_PERSON & set(words) and words[-1].lower() not in common and not _ENDED.search(words[-1]):
            firsts[" ".join(words[-2 if _INITIAL.fullmatch(words[-1]) else -1 :])] += 1
    most = firsts.most_common(2)
    if not most or (len(most) == 2 and most[0][1] == most[1][1]):
        return name
    return f"{most[0][0]} {name}"


# --- things


def _thing(before: str, text: str) -> str:
    """The one thing with which a sentence begins: a name that is no person's, or "The" and its noun."""
    found = [name for name in mentions(before, _NAMES, frozenset(_LOWER.findall(text))) if name.start < 5]
    if found:
        name = max(found, key=lambda each: each.end)
        people = any(person.start < 5 for person in _people(before, text))
        goes_on = re.match(r"\s(?:[a-z]|\()|,\s[a-z\d]", before[name.end :])
        joined = re.match(r",?\s(?:and|or)\s|[’']", before[name.end :])
        known = " " in name.text or re.search(rf"[a-z,]\s{re.escape(name.text)}\b", text)
        return "" if people or joined or not goes_on or not known else name.text.removeprefix("The ")
    thing = _SUBJECT_THING.match(before)
    noun = thing[1].strip() if thing else ""
    return "" if not noun or noun.endswith("s") else noun[0].lower() + noun[1:]


def _several(before: str, text: str) -> str:
    """Those with whom a sentence begins: "Ida Brandt and Jonas Berg", "the divers"."""
    people = [each for each in _people(before, text) if each.start < 60]
    if len(people) == 2 and before[people[0].end : people[1].start] == " and ":
        return before[people[0].start : people[1].end]
    found = _SUBJECT_MANY.match(before)
    if people or not found:
        return ""
    return re.sub(r"^(?:The|Some)\b", lambda word: word[0].lower(), found[1].strip())
