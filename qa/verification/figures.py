"""The figures of a sentence: numbers, sums of money and shares, each with its unit, and whether two are the same.

However a figure is written ("1.2m", "1.2 million", "one thousand", "two-thirds"), it is one value. A rough word
before it is part of what it says: "nearly 300" is no "more than 300". What reads as a day or a year is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor
from typing import Literal

from qa.verification import facts
from qa.verification.times import Moment, Relation
from qa.verification.units import CURRENCY_NAMES, CURRENCY_SIGNS, MEASURES, TOLERANCE
from qa.verification.words import Word

Hedge = Literal["", "about", "near", "beyond", "over", "least", "under", "most", "exactly"]
"""What stands before a figure: "near" is just below it, "beyond" just above, "over" above, "least" not below."""


@dataclass(frozen=True, slots=True)
class Figure:
    """``text[start:end]`` is a figure with its currency or unit.

    ``values``: what it may mean ("5m" is five metres or five million). ``unit``: of money the currency, of a share "%"
    or "point", of a number a measure, "ordinal" or nothing. ``head``: the stem of the noun behind it. ``grain``: the
    size of its last digit that is not zero. ``scaled``: written with "million" or its like. ``weak``: a word such as
    "one" or "first", which is a figure only beside another.
    """

    kind: Literal["number", "money", "share"]
    start: int
    end: int
    values: tuple[float, ...]
    unit: str = ""
    hedge: Hedge = ""
    head: str = ""
    grain: float = 1.0
    scaled: bool = False
    weak: bool = False


LARGEST = 1e18
"""From here on a run of digits is a key or a joke."""

_FRACTION = re.compile(
    r"\b(?:(?P<count>an?|one|two|three|four)[\s-](?P<part>half|halves|thirds?|quarters?|fifths?|tenths?)(?!\s(?:of\s\d{4}|term|place|quarter|time|year|day))"
    r"|(?P<half>half)(?=\s(?:of|the|its|his|her|their|all|a\s(?:million|billion|dozen)|an\s)))\b",
    re.IGNORECASE,
)
_PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_HALF_A = re.compile(r"\bhalf\sa\s(million|billion|dozen)\b", re.IGNORECASE)
_DOZEN = re.compile(r"\b(?:(?P<count>an?|one|two|three|four|half\sa)\s)?dozen\b(?!s)", re.IGNORECASE)
_ORDINALS = {
    name: n
    for n, name in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 1
    )
}
_ORDINAL = re.compile(r"\b(?:" + "|".join(_ORDINALS) + r")\b", re.IGNORECASE)
_SCALE_LETTER = re.compile(r"\s?(?P<letter>bn|m|tn)(?!\w)|(?P<close>k|b)(?!\w)", re.IGNORECASE)
_LETTERS = {"bn": 1e9, "b": 1e9, "m": 1e6, "k": 1e3, "tn": 1e12}
_BEFORE_MONEY = re.compile(r"(?:\b(?:US|A|C|NZ|HK|S|Rs))?(?P<sign>[$£€¥])\s?\Z")
_UNIT_BEHIND = re.compile(r"[\s-]{1,2}(?:US\s|square\s|cubic\s|nautical\s|metric\s)?(?P<unit>[A-Za-z]{1,12})(?!\w)")
_SHORT_UNIT = re.compile(r"\s?(?P<unit>km|kg|cm|mm|mph|kph|mw|gw|m|g|ft|lb|°|º)(?!\w)", re.IGNORECASE)
_SHARE_BEHIND = re.compile(r"[\s-]?(?:%|per\s?cent(?:age)?\b)", re.IGNORECASE)
_POINTS = re.compile(r"[\s-](?:(?:percentage|basis)\s)?points?\b", re.IGNORECASE)
_NAMED_BY = re.compile(r"[^\W\d_]\Z|[A-Z]-\Z")
_NTH = re.compile(r"(?:st|nd|rd|th)(?!\w)")
_HEDGES: tuple[tuple[Hedge, str], ...] = (
    ("least", r"at least|no (?:fewer|less) than|not less than|a minimum of|upwards of"),
    ("most", r"at most|up to|no more than|not more than|a maximum of|as (?:many|much) as"),
    ("beyond", r"just (?:over|above|more than)|slightly (?:over|above|more than)|a little (?:over|more than)"),
    ("near", r"nearly|almost|just (?:under|below|short of)|close to|approaching|slightly (?:under|below|less than)"),
    ("over", r"more than|over|above|exceeding|in excess of|greater than"),
    ("under", r"(?:less|fewer) than|under|below"),
    ("exactly", r"exactly|precisely"),
    ("about", r"about|around|some|roughly|approximately|an estimated|approx\.?|circa|or so|~"),
)
_HEDGE = re.compile(
    "(?:"
    + "|".join(rf"\b(?P<{name}>{words})" for name, words in _HEDGES).replace(r"\b(?P<about>", "(?P<about>")
    + r")\s?\Z",
    re.IGNORECASE,
)
_OR_MORE = re.compile(r"\s?\+|\sor\s(?:more|so)\b|\splus\b")
_ALONE = frozenset(("hundred", "thousand", "million", "billion"))


def figures(text: str, words: Sequence[Word], taken: Sequence[Moment]) -> list[Figure]:
    """The figures of a text outside the moments that it names, in its order."""
    blank = list(text)
    for each in taken:
        blank[each.start : each.end] = " " * (each.end - each.start)
    rest = "".join(blank)
    found: list[Figure] = []
    for figure in (*_fractions(rest), *_plain(rest, words)):
        if all(figure.end <= other.start or other.end <= figure.start for other in found):
            found.append(figure)
    return sorted(found, key=lambda each: each.start)


def _fractions(text: str) -> Iterator[Figure]:
    for found in _HALF_A.finditer(text):
        size = {"million": 5e5, "billion": 5e8, "dozen": 6.0}[found[1].lower()]
        unit = _currency_behind(text, found.end())
        yield Figure(
            "money" if unit else "number",
            found.start(),
            found.end(),
            (size,),
            unit,
            _hedge(text, found.start(), found.end()),
        )
    for found in _DOZEN.finditer(text):
        count = _COUNTS.get((found["count"] or "a").lower(), 1)
        yield Figure(
            "number", found.start(), found.end(), (12.0 * count,), hedge=_hedge(text, found.start(), found.end())
        )
    for found in _FRACTION.finditer(text):
        part = (found["part"] or "half").lower().rstrip("s")
        share = 100 * _COUNTS[(found["count"] or "a").lower()] / _PARTS[part]
        yield Figure(
            "share", found.start(), found.end(), (share,), "%", _hedge(text, found.start(), found.end()), grain=1.0
        )
    for found in _ORDINAL.finditer(text):
        if found[0].lower() != "second" or not re.match(r"s\b", text[found.end() :]):
            yield Figure(
                "number", found.start(), found.end(), (float(_ORDINALS[found[0].lower()]),), "ordinal", weak=True
            )


def _plain(text: str, words: Sequence[Word]) -> Iterator[Figure]:
    for each in facts.numbers_at(text):
        if each.value >= LARGEST:
            continue
        if each.form == "figure" and _NAMED_BY.search(text, max(0, each.start - 2), each.start):
            continue  # COVID-19, A320
        yield _figure(text, words, each)


def _figure(text: str, words: Sequence[Word], number: facts.Numeral) -> Figure:
    start, end, value = number.start, number.end, number.value
    values: tuple[float, ...] = (value,)
    money = _BEFORE_MONEY.search(text, max(0, start - 5), start)
    letter = _SCALE_LETTER.match(text, end) if number.form == "figure" else None
    scaled = bool(letter) or any(scale in text[start:end].lower() for scale in _ALONE)
    if letter:
        scale = (letter["letter"] or letter["close"]).lower()
        values = (value * _LETTERS[scale], *(() if money or scale != "m" else (value,)))
        end = letter.end()
    grain = _grain(values[0])
    hedge = _hedge(text, money.start() if money else start, end)
    if money:
        return Figure("money", money.start(), end, values, CURRENCY_SIGNS[money["sign"]], hedge, "", grain, scaled)
    if share := _SHARE_BEHIND.match(text, end):
        unit = "point" if re.match(r"\spoint", text[share.end() : share.end() + 6]) else "%"
        return Figure("share", start, share.end(), values, unit, hedge, "", grain, scaled)
    if (points := _POINTS.match(text, end)) and "percent" in points[0]:
        return Figure("share", start, points.end(), values, "point", hedge, "", grain, scaled)
    if currency := _currency_behind(text, end):
        behind = _UNIT_BEHIND.match(text, end)
        return Figure("money", start, behind.end() if behind else end, values, currency, hedge, "", grain, scaled)
    weak = number.form == "one"
    if nth := _NTH.match(text, end):
        return Figure("number", start, nth.end(), values, "ordinal", hedge, "", grain, scaled, weak)
    unit, close = _measure(text, end)
    if hedge == "over" and MEASURES.get(unit, ("", 0))[0] == "time":
        hedge = ""  # "over two years" is during them
    return Figure("number", start, close, values, unit, hedge, _head(text, words, end), grain, scaled, weak)


def _currency_behind(text: str, end: int) -> str:
    behind = _UNIT_BEHIND.match(text, end)
    return "" if not behind else CURRENCY_NAMES.get(behind["unit"].lower().removesuffix("s"), "")


def _measure(text: str, end: int) -> tuple[str, int]:
    """The measure behind a figure and where it ends; nothing, and where the figure ends."""
    for pattern in (_UNIT_BEHIND, _SHORT_UNIT):
        behind = pattern.match(text, end)
        if behind:
            unit = behind["unit"].lower()
            unit = {"m": "metre", "g": "gram", "ft": "foot", "lb": "pound", "°": "degree", "º": "degree"}.get(
                unit, unit
            )
            unit = unit if unit in MEASURES else unit.removesuffix("s")
            if unit in MEASURES:
                return unit, behind.end()
    return "", end


def _hedge(text: str, start: int, end: int) -> Hedge:
    behind = _OR_MORE.match(text, end)
    if behind:
        return "about" if "so" in behind[0] else "least"
    found = _HEDGE.search(text, max(0, start - 30), start)
    return next((name for name, _ in _HEDGES if found[name]), "") if found else ""


def _grain(value: float) -> float:
    """The size of the last digit that is not zero: 100 of 12,500, 0.1 of 6.5."""
    if value == 0 or value != floor(value):
        return 10.0 ** -min(6, len(f"{value:.6f}".rstrip("0").split(".")[1])) if value else 1.0
    grain = 1.0
    while value % (grain * 10) == 0 and grain < 1e15:
        grain *= 10
    return grain


def _head(text: str, words: Sequence[Word], end: int) -> str:
    """The stem of the first word with a meaning behind a figure, before a mark and within three words."""
    from bisect import bisect_left

    at = bisect_left(words, end, key=lambda each: each.start)
    for word in words[at : at + 3]:
        if re.search(r"[,;:.!?()“”\"]", text[end : word.start]):
            return ""
        if word.counts and not word.folded[0].isdigit():
            return word.stem
    return ""


def compare(claim: Figure, said: Figure) -> Relation:
    """How a claim's figure stands to one of the evidence."""
    if claim.kind != said.kind:
        plain = "number" in (claim.kind, said.kind) and not (claim.unit and said.unit)
        return "same" if plain and _equal(claim, said, claim.values, said.values) else "unlike"
    ours, theirs = claim.values, said.values
    if claim.unit != said.unit:
        one, other = MEASURES.get(claim.unit), MEASURES.get(said.unit)
        if one and other and one[0] == other[0]:
            ours = tuple(value * one[1] for value in ours)
            theirs = tuple(value * other[1] for value in theirs)
            close = any(abs(a - b) <= TOLERANCE * abs(b) for a in ours for b in theirs)
            return "same" if close and _hedges_agree(claim.hedge, said.hedge) else "other"
        if claim.kind == "number" and (not claim.unit or not said.unit) and "ordinal" not in (claim.unit, said.unit):
            return "same" if _equal(claim, said, ours, theirs) else "unlike"
        return "other" if claim.kind != "number" else "unlike"
    return "same" if _equal(claim, said, ours, theirs) else "other"


def _equal(claim: Figure, said: Figure, ours: Sequence[float], theirs: Sequence[float]) -> bool:
    return any(_holds(claim, said, one, other) for one in ours for other in theirs)


def _holds(claim: Figure, said: Figure, value: float, given: float) -> bool:
    """Whether what a claim says of a value holds of the one that is given."""
    if abs(value - given) <= 1e-6 * max(1.0, abs(given)):
        return _hedges_agree(claim.hedge, said.hedge)
    if claim.unit == "ordinal" or claim.hedge == "exactly":
        return False
    below, above = given / value - 1 if value else 0.0, said.hedge in ("over", "least", "beyond")
    near = abs(value - given) <= 0.06 * abs(given) and claim.grain > said.grain
    match claim.hedge:
        case "over" | "least" | "beyond":
            holds = 0 < below <= (0.1 if claim.hedge == "beyond" else 0.5) and said.hedge not in (
                "under",
                "near",
                "most",
            )
        case "under" | "most" | "near":
            holds = (-0.08 if claim.hedge == "near" else -0.4) <= below < 0 and not above
        case "about":
            holds = near or abs(value - given) <= 0.02 * abs(given)
        case _:
            half = 0.5 * (min(claim.grain, said.grain) if claim.unit == "%" else claim.grain)
            holds = abs(value - given) <= half and (claim.unit == "%" or (near and claim.scaled))
    return holds


_LOOSE = {("over", ""), ("under", ""), ("beyond", ""), ("exactly", "about"), ("exactly", "near"), ("exactly", "over"),
          ("exactly", "beyond"), ("exactly", "under"), ("exactly", "least"), ("exactly", "most"), ("over", "near"),
          ("over", "under"), ("over", "most"), ("over", "about"), ("beyond", "near"), ("beyond", "under"),
          ("least", "near"), ("least", "under"), ("least", "most"), ("under", "over"), ("under", "beyond"),
          ("under", "least"), ("under", "about"), ("near", "over"), ("near", "beyond"), ("near", "least"),
          ("most", "over"), ("most", "beyond"), ("most", "least"), ("beyond", "about")}  # fmt: skip
"""Of a claim and its evidence, what does not agree about one value."""


def _hedges_agree(claim: Hedge, said: Hedge) -> bool:
    return (claim, said) not in _LOOSE
