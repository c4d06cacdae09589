"""What can be checked in a sentence by its form alone: its numbers, dates, names and negations.

Sound rather than complete: two ways of writing the same number or date are equal ("1,000", "one thousand";
"7 May", "May 7"), and what is not understood is not held against a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from qa.articles import Published
from qa.stop_words import STOP_WORDS

Number = tuple[float, bool]
"""A value, and whether it is a percentage."""
Day = tuple[int, int]
"""Month and day of the month."""

_UNITS = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: float(value) for value, word in enumerate(_UNITS.split(), 1)}
_SMALL |= {word: float(value * 10) for value, word in enumerate(_TENS.split(), 2)}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12}
_STEMS = "twenti thirti forti fifti sixti seventi eighti nineti hundr percent per cent"
_NUMBER_STEMS = frozenset((*_SMALL, *_SCALES, *_STEMS.split()))
_TOKEN = re.compile(
    r"(?P<figure>\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.:]\d+)?)"
    r"|(?P<percent>%|per\s?cent\b|percentage)|(?P<word>[^\W\d_]+)|(?P<other>[^\s-])",
    re.IGNORECASE,
)

_MONTHS = "January February March April May June July August September October November December".split()
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTH = rf"({'|'.join(_MONTHS)}|{'|'.join(month[:3] for month in _MONTHS)}|Sept)\b\.?"
_DATE = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}|\b{_MONTH}\s(\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d)"
)
_ISO = re.compile(r"\b\d{4}-(\d\d)-(\d\d)\b")

_NAME_WORD = re.compile(r"[^\W\d_][\w’'&-]*(?:\.(?=\w))?[\w’'&-]*")
_OPENING = frozenset(
    """the a an in on at but and he she it they we i you this that these those there here when while after before as
    if for from with by of to some many most all both each no not yes its his her their our my since until during
    under over also still now then even only once what who where why how which according despite however although
    meanwhile earlier later instead last next nearly about more less another other several few none neither
    nevertheless moreover additionally furthermore overall thus therefore together reports articles""".split()
)

_LIKE_WORDS = frozenset(("A", "WHO"))
"""Written so, these are names or initials."""

_MARKS = " \n\t“‘\"'(•*#–—-0123456789.)"
_ENDED = re.compile(r"[a-z)\d]{2}[.!?][”\"’)]?\s+\Z")

_VERBS = frozenset("happen know mani more most report said say tell".split())
"""Stop words that a negation ends at: "does not know how many people" denies no people."""
_NEGATIONS = frozenset("not no never nor neither nobody none noth without cannot declin refus fail deni reject".split())
_PASSED = (STOP_WORDS - _VERBS) | _NEGATIONS | frozenset("ani even longer much quit yet".split())
LOSSES = frozenset("avoid ban bar cancel dismiss exclud halt lose lost prevent rule stop suspend".split())
"""Stems that negate without a negation ("redundancies are ruled out"), so that polarity cannot be compared."""
_NO_NEGATION = re.compile(
    r"\bnot (?:only|just|merely|simply)\b|\bno (?:fewer|less|more|later|sooner) than\b|\bnot least\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"[,;:.!?()“”\"—]|\b(?:but|and|or|because|although|while|which|who)\b")


def numbers(text: str) -> frozenset[Number]:
    """The numbers of ``text``, in figures or in English words; a lone "one" is none."""
    found = numbers_at(text)
    return frozenset((round(each.value, 6), each.percent) for each in found if each.form != "one")


@dataclass(frozen=True, slots=True)
class Numeral:
    """``text[start:end]`` is a number, without its percent sign; ``form`` tells how it is written."""

    start: int
    end: int
    value: float
    percent: bool
    form: Literal["figure", "words", "one"]


def numbers_at(text: str) -> Iterator[Numeral]:
    """The numbers of ``text`` where they stand; a lone "one" is of its own form, since it is rarely a number."""
    total, part, kind, before = 0.0, 0.0, "", ""
    start = end = 0
    for found in _TOKEN.finditer(text):
        word, value = found[0].casefold(), _value(found)
        if kind and kind != "figure" and value is not None and not found["figure"] and _continues(part, value):
            part, kind, end = part + value, "words", found.end()
        elif word in _SCALES and (kind or before == "a"):
            start = start if kind else found.start()
            part = (part or 1.0) * _SCALES[word]
            if word != "hundred":
                total, part = total + part, 0.0
            kind, end = "words", found.end()
        elif not (word == "and" and kind == "words" and part % 100 == 0):
            if kind:
                yield _numeral(start, end, total + part, kind, percent=bool(found["percent"]))
            kind = "" if value is None else "figure" if found["figure"] else "unit"
            total, part, start, end = 0.0, value or 0.0, found.start(), found.end()
        before = word
    if kind:
        yield _numeral(start, end, total + part, kind, percent=False)


def _numeral(start: int, end: int, value: float, kind: str, *, percent: bool) -> Numeral:
    one = kind == "unit" and value == 1.0
    return Numeral(start, end, value, percent, "one" if one else "figure" if kind == "figure" else "words")


def _value(found: re.Match[str]) -> float | None:
    if found["figure"]:
        return float(re.sub(r"[,\u00a0\u202f]", "", found[0]).replace(":", "."))
    return _SMALL.get(found[0].casefold())


def _continues(part: float, value: float) -> bool:
    """Whether "twenty" goes on with "eight", "two hundred" with "forty"."""
    return part % 100 == 0 or (part % 100 >= 20 and part % 10 == 0 and value < 10)


def is_number_word(term: str) -> bool:
    """Whether a stemmed term is a part of a number rather than of what is said about it."""
    return term[:1].isdigit() or term in _NUMBER_STEMS


def dates(text: str) -> frozenset[Day]:
    """The days that ``text`` names by month and day."""
    named = {
        (_month(found[2] or found[3]), int(found[1] or found[4])) for found in _DATE.finditer(text)
    }  # fmt: skip
    return frozenset(named | {(int(month), int(day)) for month, day in _ISO.findall(text)})


def without_dates(text: str) -> str:
    """``text`` without the months and days that ``dates`` finds; years stay."""
    return _ISO.sub(" ", _DATE.sub(" ", text))


def implied_dates(text: str, published: Published | None) -> frozenset[Day]:
    """The days that ``text`` means by "yesterday" or "on Saturday", and the day of publication itself."""
    if published is None:
        return frozenset()
    days = {0}
    days |= {-1} if re.search(r"\byesterday\b|\blast night\b", text, re.IGNORECASE) else set()
    days |= {1} if re.search(r"\btomorrow\b", text, re.IGNORECASE) else set()
    days |= {
        -((published.weekday() - place) % 7) for place, weekday in enumerate(_WEEKDAYS) if weekday in text
    }  # fmt: skip
    moments = [published + timedelta(days=day) for day in days]
    return frozenset((moment.month, moment.day) for moment in moments)


def month_and_year(published: Published | None) -> str:
    """``May 2026``, as a text to check a claim against."""
    return f"{_MONTHS[published.month - 1]} {published.year}" if published else ""


def _month(name: str) -> int:
    return next(number for number, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


@dataclass(frozen=True, slots=True)
class Name:
    """``text[start:end]`` is a run of words with capitals; ``words`` are they, without a possessive s."""

    start: int
    end: int
    words: tuple[str, ...]


def names(text: str, is_name: Callable[[str], bool]) -> list[tuple[str, ...]]:
    """The names of a sentence, each the words written with a capital one behind the other.

    ``is_name`` decides on the word that opens the sentence or a quotation, where a capital says nothing.
    """
    return [each.words for each in names_at(text, is_name)]


def names_at(text: str, is_name: Callable[[str], bool]) -> list[Name]:
    """What ``names`` finds, where it stands."""
    found: list[Name] = []
    last = -2
    for match in _NAME_WORD.finditer(text):
        word = bare(match[0])
        if not word[:1].isupper() or (word.casefold() in _OPENING and word not in _LIKE_WORDS) or word == "I":
            continue
        start, end = match.start(), match.start() + len(word)
        opens = _opens(text, start)
        if opens and not is_name(word) and not _followed(text, match.end()):
            continue
        if found and text[last:start].strip() == "" and text[last - 2 : last] not in ("'s", "’s"):
            found[-1] = Name(found[-1].start, end, (*found[-1].words, word))
        else:
            found.append(Name(start, end, (word,)))
        last = match.end()
    return found


def _opens(text: str, start: int) -> bool:
    """Whether a word begins a sentence, a quotation or a line, where a capital says nothing."""
    before = text[max(0, start - 12) : start]
    if not before.strip(_MARKS):
        return start < 12 or "\n" in before
    return before[-1:] == '"' or before.rstrip()[-1:] in "“:" or bool(_ENDED.search(before))


def _followed(text: str, end: int) -> bool:
    return text[end : end + 1].isspace() and text[end + 1 : end + 2].isupper()


def capitals(text: str) -> frozenset[str]:
    """Words that stand inside ``text`` with a capital and nowhere without one."""
    inside = {bare(found[0]) for found in re.finditer(r"(?<=[\w,] )[^\W\d_][\w’'&-]*", text)}
    lower = {word for word in re.findall(r"[\w’'&-]+", text) if word[:1].islower()}
    return frozenset(word for word in inside if word[:1].isupper() and word.casefold() not in lower)


def word_set(text: str) -> frozenset[str]:
    """The words of ``text`` in lower case, without a possessive s; parts of a compound count too."""
    words = {bare(found[0]).casefold() for found in _NAME_WORD.finditer(text)}
    return frozenset(words | {part for word in words for part in word.split("-")})


def bare(word: str) -> str:
    """``word`` without a possessive s or an apostrophe at its end."""
    return re.sub(r"[’'](?:s)?$", "", word)


def negated(text: str, terms: Callable[[str], list[str]]) -> frozenset[tuple[str, ...]]:
    """What ``text`` negates: behind each negation the next two words with a meaning, within its clause."""
    text = _NO_NEGATION.sub(" ", re.sub(r"(?:can)?n[’']t\b", " not", text))
    found: set[tuple[str, ...]] = set()
    for clause in _CLAUSE.split(text):
        words = terms(clause)
        for place, word in enumerate(words):
            if word in _NEGATIONS:
                meant = [other for other in words[place + 1 :] if other not in _PASSED][:2]
                found.add(tuple(meant[:1] if meant and meant[0] in _VERBS else meant))
    return frozenset(found)


def counts(term: str) -> bool:
    """Whether a term is a content word."""
    return term not in STOP_WORDS
