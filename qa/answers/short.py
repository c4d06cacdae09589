"""The answer in a few words: the thing of the kind asked for that the best sentences hold.

Candidates are found by their form alone (names by capitals, numbers with their unit, dates as written), so that
every short answer stands word for word in a quoted sentence. Where no candidate stands out, there is none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from qa.questions import Kind, Question

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens|hundreds|thousands|half|a quarter|a third"
)
_FIGURE = r"\d[\d,]*(?:\.\d+)?"
_SCALE = r"(?:\s(?:hundred|thousand|million|billion|trillion))?"
_NAME_WORD = r"(?:[A-ZÀ-Þ][\w’'.-]*[\w]|[A-ZÀ-Þ]\.?)"
_PARTICLE = r"(?:de|del|della|der|di|du|van|von|bin|al|el|la|le|of|the)"
_NAME = re.compile(rf"{_NAME_WORD}(?:\s(?:(?:{_PARTICLE}\s){{0,2}}{_NAME_WORD}))*")

_PATTERNS: dict[Kind, re.Pattern[str]] = {
    "number": re.compile(
        rf"(?<![\w.$£€])(?:{_FIGURE}{_SCALE}(?:\s?%|\spercent\b|\sper\scent\b)?|\b(?:{_NUMBER_WORDS})\b{_SCALE})",
        re.IGNORECASE,
    ),
    "money": re.compile(
        rf"(?:[$£€¥]|\b(?:US|A|C)\$)\s?{_FIGURE}{_SCALE}(?:bn|m|k)?\b"
        rf"|\b{_FIGURE}{_SCALE}\s(?:dollars|euros|pounds|yen|yuan|crowns|francs|marks|rupees|cents)\b",
    ),
    "date": re.compile(
        rf"\b(?:{_DAYS},\s)?(?:{_MONTHS})\s\d{{1,2}}(?:,\s\d{{4}})?\b|\b\d{{1,2}}\s(?:{_MONTHS})(?:\s\d{{4}})?\b"
        rf"|\b(?:{_MONTHS})\s\d{{4}}\b|\b(?:(?:next|last|on)\s)?(?:{_DAYS})\b|\bin\s(?:{_MONTHS})\b|\b(?:19|20)\d\d\b"
        rf"|\bin\s(?:{_NUMBER_WORDS}|\d+)\s(?:days|weeks|months|years)\b|\b(?:next|last|this)\s(?:week|month|year)\b",
    ),
    "duration": re.compile(
        rf"\b(?:{_FIGURE}|{_NUMBER_WORDS}|a|an)[\s-](?:and a half\s)?(?:second|minute|hour|day|week|month|year|decade)s?\b",
        re.IGNORECASE,
    ),
}

_TITLES = frozenset(
    "President Prime Minister Secretary Senator Sen Rep Gov Governor Mayor King Queen Prince Princess Pope General "
    "Gen Judge Justice Chancellor Dr Mr Mrs Ms Sir Professor Prof Foreign Defence Defense Chief Former".split()
)
_NO_NAME = frozenset(
    "The A An In On At But And He She It They We I You This That These Those There Here When While After Before As If "
    "For From With By Of To Some Many Most All Both Each No Not Yes Its His Her Their Our My Since Until During Under "
    "Over Also Still Now Then Even Only Once What Who Where Why How Which Speaking According Despite However Although "
    "Meanwhile Earlier Later Instead Last Next One Two Three Four Five Six Seven Eight Nine Ten".split()
    + _MONTHS.split("|")
    + _DAYS.split("|")
)
_PLACE_BEFORE = re.compile(r"\b(?:in|at|near|from|to|outside|of|across|off|into)\s(?:the\s)?(?:\w+\s){0,3}$")


def holds_kind(question: Question, sentence: str) -> float:
    """1 where the sentence holds something of the kind asked for that the question does not say itself, else 0."""
    if question.kind in ("other", "reason", "yes or no"):
        return 0.0
    return 1.0 if next(_found(question, sentence), None) else 0.0


def short_answer(question: Question, weighed: Sequence[tuple[str, float]]) -> str:
    """The best-supported candidate over ``weighed`` (sentence, score; best first), empty where none stands out."""
    support: dict[str, float] = defaultdict(float)
    shown: dict[str, str] = {}
    for rank, (sentence, score) in enumerate(weighed):
        for candidate, near in _found(question, sentence):
            key = candidate.casefold()
            shown.setdefault(key, candidate)
            support[key] += score**2 * near / (1 + 0.5 * rank)
    if not support:
        return ""
    best = max(support, key=lambda key: support[key])
    lead = weighed[0][0].casefold()
    return shown[best] if best in lead else ""


def _found(question: Question, sentence: str) -> Iterator[tuple[str, float]]:
    """Candidates in a sentence, each with how near it stands to the question's words, in (0, 1]."""
    asked = {word.casefold() for word in re.findall(r"\w+", question.text)}
    hits = [m.start() for m in re.finditer(r"\w+", sentence) if len(m[0]) > 3 and m[0].casefold() in asked]
    for start, candidate in _candidates(question.kind, sentence):
        if not all(word.casefold() in asked for word in re.findall(r"\w+", candidate)):
            distance = min((abs(start - hit) for hit in hits), default=len(sentence))
            yield candidate, 1 / (1 + distance / 60)


def _candidates(kind: Kind, sentence: str) -> Iterator[tuple[int, str]]:
    if kind in _PATTERNS:
        for found in _PATTERNS[kind].finditer(sentence):
            yield found.start(), found[0]
    elif kind in ("person", "place", "country"):
        for start, name in _names(sentence):
            located = bool(_PLACE_BEFORE.search(sentence, 0, start))
            if (kind == "person" and not located and (" " in name or start > 0)) or (kind != "person" and located):
                yield start, name


def _names(sentence: str) -> Iterator[tuple[int, str]]:
    for found in _NAME.finditer(sentence):
        start, words = found.start(), re.sub(r"[’']s\b", "", found[0]).split()
        while words and (words[0].strip(".") in _NO_NAME or words[0].strip(".") in _TITLES):
            start += len(words[0]) + 1
            words = words[1:]
        if words:
            yield start, " ".join(words)
