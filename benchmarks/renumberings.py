"""Ways to make a true sentence of the news false by changing a number in it: digits, words, money, percentages.

Invariant: as of ``alterations``. A number takes the place of one of its own form, and the sentence is false with it:
what is "more than 100" is not changed to less, which would still be true of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from alterations import MONTH, Alteration, Setting, in_capitals, unquoted

WIDEST = 30.0
"""A number that takes another's place is at most so many times as large or as small."""
APART = 1.25
"""What is only said about a number ("nearly") is false of one that is so many times as large."""

_ONES = "two three four five six seven eight nine ten eleven twelve".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SPELT = {word: float(value) for value, word in enumerate(_ONES, 2)}
_SPELT |= {word: 10.0 * value for value, word in enumerate(_TENS, 2)}
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_NUMBER = re.compile(
    r"(?<![\w.,/:#$£€–-])(?P<money>[$£€])?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?P<scale> (?:{'|'.join(_SCALES)})\b)?(?P<share>%| per ?cent\b)?"
    r"(?![\w/:(°’']|[.,]\d|[-–](?!(?:year|month|week|day|hour|minute|mile|foot|point|time|game|yard)\b)"
    r"| ?(?:[ap]\.?m\b|(?:st|nd|rd|th)\b|o’clock|to \d|and \d|or \d|-|–))"
)
_WORD = re.compile(
    rf"(?<![\w-])(?P<word>{'|'.join(_SPELT)})(?P<scale> (?:{'|'.join(_SCALES)})\b)?(?P<share> per ?cent\b)?"
    r"(?![\w’']|-(?!(?:year|month|week|day|hour|minute|time|game|point|run|term)\b)| ?(?:or|to|and|hundred|of)\b)",
    re.IGNORECASE,
)
_NO_QUANTITY = frozenset({"911", "747", "737", "401", "24", "365"})
_ABOVE = re.compile(
    r"\b(?:more than|at least|over|above|exceed\w*|surpass\w*|beyond|upwards? of|topp\w+)\s$", re.IGNORECASE
)
_BELOW = re.compile(
    r"\b(?:(?:less|fewer|no more) than|at most|under|below|up to|as (?:many|much) as|within)\s$", re.IGNORECASE
)
_ABOUT = re.compile(
    r"\b(?:about|around|nearly|almost|roughly|some|approximately|estimated|close to|average of|just)\s$", re.IGNORECASE
)
_LOOSE = re.compile(
    r"\b(?:the|these|those|all|between|or|to|other|last|past|next|first|top|his|her|their|its)\s$", re.IGNORECASE
)

_BOUND = re.compile(
    r"\b(?:round of|top|between|(?:one|two|three|\d+)(?: \w+)? (?:in|of|out of|to|and|or))\s$|\bbetween .{1,20} and $"
)
"""What binds a number to another one, or to a name: "one in five", "between 2 and 3", "the round of 16"."""


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    text: str
    value: float
    form: tuple[str, ...]

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _numbers(text: str) -> Iterator[_Number]:
    for match in _NUMBER.finditer(text):
        digits, plain = match["digits"].replace(",", ""), not (match["money"] or match["scale"] or match["share"])
        if (plain and (_is_date(text, match) or digits in _NO_QUANTITY)) or digits.startswith("0"):
            continue
        kind = match["money"] or ("share" if match["share"] else "count")
        form = (kind, "scaled" if match["scale"] else "", "." if "." in digits else "", match["share"] or "")
        yield _Number(match.start(), match[0], float(digits) * _SCALES.get((match["scale"] or "").strip(), 1), form)
    for match in _WORD.finditer(text):
        if match["word"][0].isupper() and match.start() and text[match.start() - 2 : match.start()] != ". ":
            continue  # "the Big Ten"
        value = _SPELT[match["word"].lower()] * _SCALES.get((match["scale"] or "").strip(), 1)
        yield _Number(match.start(), match[0], value, ("word", match["scale"] or "", match["share"] or ""))


def _is_date(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    year = re.fullmatch(r"1[5-9]\d\d|20\d\d", match["digits"])
    return bool(year or re.search(rf"{MONTH} $", before) or re.match(rf" {MONTH}", after))


def number(setting: Setting, chance: Random) -> list[Alteration]:
    """Another number in place of one: of the same form from the passage, or the same with other digits."""
    free = unquoted(setting.sentence)
    own = list(_numbers(free))
    said = [one.value for one in _numbers(setting.sentence)]
    found = []
    for one in own:
        before = free[: one.start]
        if (
            in_capitals(free, one.start, one.end)
            or _BOUND.search(before)
            or said.count(one.value) > 1
            or _loose(one, before)
        ):
            continue
        others = {each.text: each.value for each in _numbers(setting.around) if each.form == one.form}
        for now, value in others.items():
            if _falsifies(one, value, before, said) and 1 / WIDEST <= value / one.value <= WIDEST:
                found.append(Alteration(one.start, one.end, one.text, _cased(now, one.text), near=True))
        for now, value in _altered(one, chance):
            if _falsifies(one, value, before, said) and now.lower() not in setting.around.lower():
                found.append(Alteration(one.start, one.end, one.text, now))
    return found


def _loose(one: _Number, before: str) -> bool:
    """Whether the number only points back ("the two men"), or is one, whose noun has no plural."""
    return one.value <= 1 or (one.form[0] == "word" and _LOOSE.search(before) is not None)


def _falsifies(one: _Number, value: float, before: str, said: Iterable[float]) -> bool:
    """Whether the sentence is false with ``value``: "more than 100" is true of what is more than 300."""
    if value in said or value <= 1 or (one.form[0] == "share" and (value > 100) != (one.value > 100)):
        return False
    if _ABOVE.search(before):
        return value > one.value * APART
    if _BELOW.search(before):
        return value * APART < one.value
    if _ABOUT.search(before):
        return max(value / one.value, one.value / value) > APART
    return True


def _altered(one: _Number, chance: Random) -> Iterator[tuple[str, float]]:
    """The number with one digit changed, two exchanged, or another scale; a spelt number as another one."""
    if one.form[0] == "word":
        word = one.text.split()[0].lower()
        other = chance.choice([each for each in (_ONES if word in _ONES else _TENS) if each != word])
        now = _cased(other + one.text[len(word) :], one.text)
        yield now, _SPELT[other] * one.value / _SPELT[word]
        return
    places = [at for at, each in enumerate(one.text) if each.isdigit()]
    at = chance.choice([at for at in places if one.text[at] != "0"])
    digit = chance.choice([each for each in "123456789" if each != one.text[at]])
    yield from _read(one.text[:at] + digit + one.text[at + 1 :])
    scale = next((each for each in ("million", "billion") if each in one.text), "")
    if scale:
        yield from _read(one.text.replace(scale, "billion" if scale == "million" else "million"))
    left, right = places[0], places[-1]
    if len(places) > 1 and one.text[right] != "0" and one.text[left] != one.text[right]:
        middle = one.text[left + 1 : right]
        yield from _read(one.text[:left] + one.text[right] + middle + one.text[left] + one.text[right + 1 :])


def _read(text: str) -> Iterator[tuple[str, float]]:
    yield from ((one.text, one.value) for one in _numbers(text) if one.text == text)


def _cased(now: str, was: str) -> str:
    return now[0].upper() + now[1:] if was[0].isupper() else now[0].lower() + now[1:]
