"""The days, months, years and times of day that a sentence names, and whether two of them may be the same.

"Tuesday" and "yesterday" mean days only from the day on which a text was published, so a moment keeps its words and is
resolved against that day when it is compared. A claim may be coarser than its evidence ("in May" for "on 5 May"), not
finer.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Relation = Literal["same", "other", "finer", "unlike"]
"""How a claim's value stands to one of the evidence: "finer" says more than the evidence does, "unlike" values have
nothing to do with each other."""

_MONTHS = "January February March April May June July August September October November December".split()
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTH = "(?:" + "|".join([*_MONTHS, *(rf"{name[:3]}\b\.?" for name in _MONTHS if name != "May"), r"Sept\b\.?"]) + r")"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_DATED = re.compile(
    rf"\b(?P<iso>\d{{4}}-\d\d-\d\d)\b"
    rf"|\b(?P<day>{_DAY})(?:\sof)?\s(?P<month>{_MONTH})(?!\w)(?:,?\s(?P<year>{_YEAR})\b)?"
    rf"|\b(?P<month2>{_MONTH})\s(?:the\s)?(?P<day2>{_DAY})(?![\w:]|[.,]\d)(?:,?\s(?P<year2>{_YEAR})\b)?"
    rf"|\b(?P<month3>{_MONTH})(?:,?\s|\sof\s)(?P<year3>{_YEAR})\b"
    rf"|(?<!\w)(?P<month4>{'|'.join(name for name in _MONTHS if name not in ('March', 'May'))})\b"
    rf"|(?<=\b[Ii]n\s)(?P<month5>March|May)\b|(?<=\b(?:of)\s)(?P<month6>March|May)\b"
    rf"|(?<=\b(?:ast|his|ext|nce|til|rly|ate|mid)[\s-])(?P<month7>March|May)\b"
)
_DECADE = re.compile(rf"\b(?P<decade>{_YEAR[:-2]}0)[’']?s\b")
_LONE_YEAR = re.compile(rf"(?<![\w.,$£€¥:/-])(?P<year>{_YEAR})(?![\w%]|[.,:]\d|-\d\d-)")
_COUNTED = re.compile(
    r"(?:-[a-z]|\s(?:people|men|women|children|others|more|of\s(?:the|them)|miles?|feet|metres|meters|kilomet\w+|tonnes|tons|pounds|dollars"
    r"|euros|crowns|times|percent|per\scent|points|years|days|hours|jobs|homes|votes|employees|workers|troops|soldiers)\b)"
)
_WEEKDAY = re.compile(rf"\b(?P<weekday>{'|'.join(_WEEKDAYS)})s?\b")
_RELATIVE = re.compile(
    r"\b(?P<relative>yesterday|today|tomorrow|tonight|last\snight|this\s(?:morning|afternoon|evening|week|month|year)"
    r"|(?:last|next)\s(?:week|month|year))\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\w.,:$£€])(?:(?P<hour>[01]?\d|2[0-3])(?:[.:](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?"
    r"|(?P<hour2>[01]?\d|2[0-3]):(?P<minute2>[0-5]\d)(?![\w:])"
    r"|(?P<spelt>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d\d?)\so[’']clock"
    r"|(?P<noon>noon|midday|midnight)\b)",
    re.IGNORECASE,
)
_HOURS = {name: n for n, name in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)}
_DAYS_FROM = {
    "yesterday": (-1, -1), "today": (0, 0), "tomorrow": (1, 1), "tonight": (0, 0), "last night": (-1, 0),
    "this morning": (0, 0), "this afternoon": (0, 0), "this evening": (0, 0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """``text[start:end]`` names a day, a stretch of days or a time of day.

    Of ``year``, ``month``, ``day`` and ``weekday`` (Monday is 0) what the words say. ``decade``: ``year`` begins one.
    ``relative``: words such as "last week". ``minutes``: of the day, with ``half`` a day of twelve hours ("a", "p", or
    "" where the words leave it open).
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    decade: bool = False
    relative: str = ""
    minutes: int | None = None
    half: str = ""

    @property
    def grain(self) -> Literal["day", "month", "year", "time"]:
        """What the words narrow it down to."""
        if self.minutes is not None:
            return "time"
        if self.relative:
            return "year" if "year" in self.relative else "month" if "month" in self.relative else "day"
        if self.day is not None or self.weekday is not None:
            return "day"
        return "month" if self.month is not None else "year"


def moments(text: str) -> list[Moment]:
    """What a text names, in its order; no two overlap."""
    found: list[Moment] = []
    for each in (*_dated(text), *_others(text)):
        if all(each.end <= other.start or other.end <= each.start for other in found):
            found.append(each)
    return sorted(found, key=lambda each: each.start)


def _dated(text: str) -> Iterator[Moment]:
    for found in _DATED.finditer(text):
        if found["iso"]:
            year, month, day = map(int, found["iso"].split("-"))
            if 1 <= month <= 12 and 1 <= day <= 31:
                yield Moment(found.start(), found.end(), year, month, day)
            continue
        month_name = next(found[f"month{n}"] for n in ("", 2, 3, 4, 5, 6, 7) if found[f"month{n}"])
        named_day, named_year = found["day"] or found["day2"], found["year"] or found["year2"] or found["year3"]
        yield Moment(
            found.start(),
            found.end(),
            int(named_year) if named_year else None,
            next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(month_name[:3])),
            int(re.sub(r"\D", "", named_day)) if named_day else None,
        )


def _others(text: str) -> Iterator[Moment]:
    for found in _CLOCK.finditer(text):
        yield _clock(found)
    for found in _WEEKDAY.finditer(text):
        yield Moment(found.start(), found.end(), weekday=_WEEKDAYS.index(found["weekday"]))
    for found in _RELATIVE.finditer(text):
        yield Moment(found.start(), found.end(), relative=re.sub(r"\s", " ", found[0].lower()))
    for found in _DECADE.finditer(text):
        yield Moment(found.start(), found.end(), int(found["decade"]), decade=True)
    for found in _LONE_YEAR.finditer(text):
        if not _COUNTED.match(text, found.end()):
            yield Moment(found.start(), found.end(), int(found["year"]))


def _clock(found: re.Match[str]) -> Moment:
    if found["noon"]:
        half, minutes = ("a", 0) if found["noon"].lower() == "midnight" else ("p", 0)
        return Moment(found.start(), found.end(), minutes=minutes, half=half)
    spelt = found["spelt"]
    hour = int(found["hour"] or found["hour2"] or 0) if not spelt else _HOURS.get(spelt.lower(), 0) or _whole(spelt)
    half = (found["half"] or "").lower() or (
        "p" if hour > 12 else "a" if (found["hour2"] or "").startswith("0") else ""
    )
    return Moment(
        found.start(), found.end(), minutes=hour % 12 * 60 + int(found["minute"] or found["minute2"] or 0), half=half
    )


def _whole(figures: str) -> int:
    return int(figures) if figures.isdigit() else 0


def compare(claim: Moment, said: Moment, published: date | None) -> Relation:
    """How a claim's moment stands to one of a text that was published on a day."""
    if "time" in (claim.grain, said.grain):
        return _compare_times(claim, said)
    if claim.weekday is not None and said.weekday is not None:
        return "same" if claim.weekday == said.weekday else "other"
    if claim.relative and claim.relative == said.relative:
        return "same"
    ours, theirs = days(claim, published), days(said, published)
    if not ours or not theirs:
        return _compare_parts(claim, said)
    return _compare_days(ours, theirs) or _apart(claim, said)


def _compare_days(ours: list[tuple[int, int]], theirs: list[tuple[int, int]]) -> Relation | None:
    """By the stretches of days; None where no two of them have a day in common."""
    pairs = [(one, other) for one in ours for other in theirs if one[0] <= other[1] and other[0] <= one[1]]
    if not pairs:
        return None
    inside = any(one[0] <= other[0] and other[1] <= one[1] for one, other in pairs)
    around = any(other[0] <= one[0] and one[1] <= other[1] for one, other in pairs)
    return "finer" if around and not inside else "same"


def _apart(claim: Moment, said: Moment) -> Relation:
    """What two moments without a day in common are: others of one kind, or of no one kind."""
    alike = claim.grain == said.grain or (claim.day and said.day) or (claim.relative and said.relative)
    return "other" if alike else "unlike"


def _compare_times(claim: Moment, said: Moment) -> Relation:
    if claim.grain != said.grain:
        return "unlike"
    same = claim.minutes == said.minutes and (claim.half == said.half or not claim.half or not said.half)
    return "same" if same else "other"


def _compare_parts(claim: Moment, said: Moment) -> Relation:
    """By what the words say alone, where no day is known to count from."""
    if claim.relative or said.relative or (claim.weekday is None) != (said.weekday is None):
        return "unlike"
    pairs = ((claim.year, said.year), (claim.month, said.month), (claim.day, said.day))
    known = [(ours, theirs) for ours, theirs in pairs if ours is not None and theirs is not None]
    if not known:
        return "unlike"
    if any(ours != theirs for ours, theirs in known):
        return "other"
    return "same" if claim.grain in (said.grain, "year") or said.day else "finer"


def days(moment: Moment, published: date | None) -> list[tuple[int, int]]:
    """The stretches of days, as ordinals with both ends, that a moment may mean; empty where that is not known."""
    if moment.relative:
        return [_relative(moment.relative, published)] if published else []
    if moment.weekday is not None:
        if published is None:
            return []
        today = published.toordinal()
        back = (published.weekday() - moment.weekday) % 7
        return [(today - back, today - back), (today - back + 7, today - back + 7)]
    if moment.year is not None:
        return _of_year(moment.year, moment)
    if published is None:
        return []
    around = [each for year in (-1, 0, 1) for each in _of_year(published.year + year, moment)]
    around.sort(key=lambda each: abs(each[0] - published.toordinal()))
    return around[: 1 if moment.day else 2]


def _of_year(year: int, moment: Moment) -> list[tuple[int, int]]:
    if moment.decade:
        return [(date(year, 1, 1).toordinal(), date(year + 9, 12, 31).toordinal())]
    if moment.month is None:
        return [(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal())]
    last = calendar.monthrange(year, moment.month)[1]
    if moment.day is None:
        return [(date(year, moment.month, 1).toordinal(), date(year, moment.month, last).toordinal())]
    if not 1 <= moment.day <= last:
        return []
    day = date(year, moment.month, moment.day).toordinal()
    return [(day, day)]


def _relative(words: str, published: date) -> tuple[int, int]:
    today = published.toordinal()
    if words in _DAYS_FROM:
        first, last = _DAYS_FROM[words]
        return today + first, today + last
    step = {"this": 0, "last": -1, "next": 1}[words.split(maxsplit=1)[0]]
    if words.endswith("week"):
        monday = today - published.weekday() + 7 * step
        return monday, monday + 6
    if words.endswith("year"):
        return _of_year(published.year + step, Moment(0, 0, published.year + step))[0]
    middle = published.replace(day=15) + timedelta(days=31 * step)
    return _of_year(middle.year, Moment(0, 0, middle.year, middle.month))[0]


def within(moment: Moment, published: date) -> bool:
    """Whether a moment is the day on which a text was published, or a month or year around it."""
    day = published.toordinal()
    return any(first <= day <= last for first, last in days(moment, published)) and moment.weekday is None
