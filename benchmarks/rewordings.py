"""Ways to say a true sentence of the news otherwise without making it less true.

Invariant: what is reworded means the same: "seven" for 7, "8%" for "8 percent", a surname for the full name, "didn't"
for "did not", "14 January" for "January 14", "said Lund" for "Lund said". Quotations stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from alterations import MONTH, in_capitals, unquoted
from renamings import NAME, People

_WORDS = "two three four five six seven eight nine ten eleven twelve".split()
_DIGITS = {word: str(value) for value, word in enumerate(_WORDS, 2)}
_SPELT = {digits: word for word, digits in _DIGITS.items()}
_MONTHS = {"Jan.": "January", "Feb.": "February", "Aug.": "August", "Sept.": "September", "Oct.": "October"}
_MONTHS |= {"Nov.": "November", "Dec.": "December"}
_AUXILIARY = "is|are|was|were|did|does|do|has|have|had|would|could|should"


def _money(match: re.Match[str]) -> str:
    return f"{match[1]} dollars"


def _day(match: re.Match[str]) -> str:
    return f"{match['day']} {_MONTHS.get(match['month'], match['month'])}"


def _other_negation(match: re.Match[str]) -> str:
    if match[2] == " not":
        return f"{match[1]}n't"
    return {"wo": "will not", "ca": "cannot"}.get(match[1], f"{match[1]} not")


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(
            rf"(?<=[a-z] )({'|'.join((*_WORDS, *_SPELT))})(?= [a-z]{{3}}(?<!per|mil|bil|tri|hun|tho|tim|and|deg))"
        ),
        lambda match: _DIGITS.get(match[1]) or _SPELT[match[1]],
    ),
    (re.compile(r"(?<=\d)(?:( percent\b)|%)"), lambda match: "%" if match[1] else " percent"),
    (re.compile(r"(?<![\w.])\$(\d[\d,.]* (?:million|billion|trillion))(?![ -][a-z]+ly|-)\b"), _money),
    (re.compile(rf"(?<!\w)(?P<month>{MONTH}) (?P<day>\d{{1,2}})(?![\w,:/–-]| to| and)"), _day),
    (re.compile(rf"\b({_AUXILIARY}|wo|ca)( not|n[’']t)(?= [a-z])"), _other_negation),
    (re.compile(rf"(?<=[,”] )({NAME}) said(?=\.$)"), lambda match: f"said {match[1]}"),
)


def reworded(sentence: str, people: People) -> str:
    """The sentence with all that can be said otherwise said otherwise; as it is where nothing can."""
    found = sentence
    for pattern, other in _RULES:
        found = _replaced(found, pattern, other)
    for full in people.named(unquoted(found)):
        surname = full.split()[1]
        if found.count(surname) == 1:
            found = _replaced(found, re.compile(rf"(?<![\w’'.-]){re.escape(full)}(?!\w)"), lambda _, to=surname: to)
    return found


def _replaced(sentence: str, pattern: re.Pattern[str], other: Callable[[re.Match[str]], str]) -> str:
    """Every match outside quotations that is no part of a longer name, replaced; the last one first."""
    free = unquoted(sentence)
    for match in reversed(list(pattern.finditer(free))):
        name = match[0][0].isdigit() or match[0].istitle()
        if not (name and in_capitals(free, *match.span()) and not re.match(MONTH, match[0])):
            sentence = sentence[: match.start()] + other(match) + sentence[match.end() :]
    return sentence
