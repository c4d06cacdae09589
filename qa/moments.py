"""The names of days, weeks, months and years in a text, to days of the calendar.

The most recent day or month of a name is meant, counted from today; one without a year counts from the newest article
where the archive ends earlier. What may lie in the future says so, and what is no moment (a "Black Friday", the verb
"may", "the 2023 Golden Globes", a year before any archive) is not found.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

OLDEST_YEAR = 1990
"""Years before it are history: no archive of news on the web reaches back."""
SOON = 60
"""A date without a year that comes again within so many days may as well be meant to come."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of days, both ends included; None is open. ``may_come``: the words fit the future as well."""

    first: date | None
    last: date | None
    may_come: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """``text[start:end]`` names these days."""

    start: int
    end: int
    days: Days


@dataclass(frozen=True, slots=True)
class Clock:
    """The day of asking and the day of the newest article."""

    today: date
    newest: date


_MONTHS = "January February March April May June July August September October November December".split()
_SHORT = [rf"{name[:3]}\.?" for name in _MONTHS if name != "May"]
_MONTH = "(?P<month>" + "|".join([*_MONTHS, *_SHORT, r"Sept\.?"]) + r")(?!\w)"
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_NUMBERS = {
    name: n for n, name in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
_NUMBERS |= {"couple of": 2, "few": 4, "several": 5}
_COUNT = r"(?P<count>\d{1,3}|(?:a )?couple of|(?:a )?few|several|an?|" + "|".join(_NUMBERS) + ")"
_UNIT_DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365, "decade": 3650}
_UNIT = "(?P<unit>hour|day|week|fortnight|month|year|decade)s?"
_YEAR = r"(?:19|20)\d\d"
_ONE_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_DAY_OR_TWO = rf"(?P<day>{_ONE_DAY})(?:st|nd|rd|th)?(?:(?: (?:and|to) |[-–])(?P<to>{_ONE_DAY})(?:st|nd|rd|th)?)?"

Reader = Callable[[re.Match[str], Clock], Days | None]


def _month(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


def _of_month(year: int, month: int) -> Days:
    return Days(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _full_date(found: re.Match[str], clock: Clock) -> Days | None:
    """A day of a month, or two days of one, with or without the year."""
    month, year = _month(found["month"]), int(found["year"] or clock.newest.year)
    days = _days_of(year, month, found)
    if found["year"] or days is None:
        return days and _past(days, clock)
    if days.first and days.first > clock.newest:
        days = _days_of(year - 1, month, found)
    comes_again = days and days.first and days.first + timedelta(days=365) - clock.newest
    return replace(days, may_come=True) if days and comes_again and comes_again.days >= SOON else None


def _days_of(year: int, month: int, found: re.Match[str]) -> Days | None:
    try:
        return Days(date(year, month, int(found["day"])), date(year, month, int(found["to"] or found["day"])))
    except ValueError:
        return None


def _iso_date(found: re.Match[str], clock: Clock) -> Days | None:
    try:
        day = date.fromisoformat(found[0])
    except ValueError:
        return None
    return _past(Days(day, day), clock)


def _named_month(found: re.Match[str], clock: Clock) -> Days | None:
    month, told = _month(found["month"]), found["year"] or ""
    if told.isdigit():
        return _past(_of_month(int(told), month), clock)
    if told.startswith("last"):
        return _of_month(clock.today.year - 1, month)
    year = clock.newest.year if month <= clock.newest.month else clock.newest.year - 1
    return replace(_of_month(year, month), may_come=not told and (month - clock.newest.month) % 12 <= SOON // 30)


def _whole_year(found: re.Match[str], clock: Clock) -> Days | None:
    year = int(found["year"])
    return _past(Days(date(year, 1, 1), date(year, 12, 31)), clock)


def _past(days: Days, clock: Clock) -> Days | None:
    """The days if they have begun and are of a year that archives hold."""
    return days if days.first and days.first.year >= OLDEST_YEAR and days.first <= clock.today else None


def _calendar_unit(found: re.Match[str], clock: Clock) -> Days | None:
    """A unit of the calendar: "this week", "last month", "the past weekend"."""
    which, unit, today = found["which"].lower(), found["unit"].lower(), clock.today
    if unit == "weekend":
        return _weekend(which, today)
    if which.endswith("past"):  # it runs up to today, unlike the calendar's last one
        return Days(_back(today, _UNIT_DAYS[unit]), today)
    if unit == "week":
        return _week(which, today)
    if unit == "month":
        before = today.replace(day=1) - DAY
        return _of_month(*((today.year, today.month) if which == "this" else (before.year, before.month)))
    year = today.year if which == "this" else today.year - 1
    return Days(date(year, 1, 1), date(year, 12, 31), may_come=which == "this")


def _week(which: str, today: date) -> Days:
    monday = today - timedelta(days=today.weekday())
    if which != "this":
        return Days(monday - 7 * DAY, monday - DAY)
    # Early in a week, people say it of the one that they have just had, and at any time of the last seven days: with
    # these, six points more of the articles that answer RealTimeQA's questions are inside, seven on a held-out half.
    begun = monday if today.weekday() > 1 else monday - 7 * DAY
    return Days(min(begun, today - 6 * DAY), today)


def _weekend(which: str, today: date) -> Days | None:
    """The one that runs on Saturday and Sunday; on Monday and Tuesday the one just over; else it may be to come."""
    begun = today - timedelta(days=(today.weekday() - 5) % 7)
    if which == "this":
        return Days(begun, begun + DAY, may_come=True) if today.weekday() in (5, 6, 0, 1) else None
    if today.weekday() in (5, 6):
        begun -= 7 * DAY
    return Days(begun, begun + DAY)


def _rolling(found: re.Match[str], clock: Clock) -> Days | None:
    return _past(Days(_back(clock.today, _count(found) * _UNIT_DAYS[found["unit"].lower()]), clock.today), clock)


def _ago(found: re.Match[str], clock: Clock) -> Days | None:
    """So long ago, give or take half of its unit: "two weeks ago" is that week."""
    length = _UNIT_DAYS[found["unit"].lower()]
    if "few" in found["count"] or "several" in found["count"] or length > 365:
        return None
    middle, slack = _back(clock.today, _count(found) * length), timedelta(days=int(length / 2))
    return _past(Days(middle - slack, min(middle + slack, clock.today)), clock)


def _back(today: date, days: float) -> date:
    return date.fromordinal(max(today.toordinal() - ceil(days), 400))


def _count(found: re.Match[str]) -> int:
    words = re.sub("^an? (?=.)", "", found["count"].lower())
    return int(words) if words.isdigit() else _NUMBERS.get(words, 1)


def _near_day(found: re.Match[str], clock: Clock) -> Days | None:
    words, today = found[0].lower(), clock.today
    if "before" in words:
        return Days(today - 2 * DAY, today - 2 * DAY)
    if words in ("yesterday", "last night", "overnight"):
        return Days(today - DAY, today - DAY if words == "yesterday" else today)
    return Days(today, today, may_come=True)


def _weekday(found: re.Match[str], clock: Clock) -> Days | None:
    """The most recent one; on that very weekday it may be today or the one a week ago, so both are inside."""
    back = (clock.today.weekday() - _WEEKDAYS.index(found["weekday"])) % 7
    day, before = clock.today - timedelta(days=back), re.match("(?i)last |past |this past ", found[0])
    if back:
        return Days(day, day, may_come=not before)
    return Days(day - 7 * DAY, day - 7 * DAY) if before else Days(day - 7 * DAY, day, may_come=True)


_AFTER_YEAR = (
    r"(?=[?,.;:)]|\s*$|\s(?:and|or|to|by|with|when|while|for|at|as|compared|than|on|from|after|before|did|was|were|is"
    r"|are|has|had|have|the|a|about|according|says?|said|reported|published|that|which|who)\b)"
)
_NEAR = "yesterday|last night|overnight|today|this morning|this afternoon|this evening"
_NEAR_FIRST = "|".join(words.capitalize() for words in _NEAR.split("|"))
_WEEKDAY = "|".join(_WEEKDAYS)
_TIME_OF_DAY = r"(?: (?:morning|afternoon|evening|night)\b)?"
_PATTERNS: tuple[tuple[str, Reader], ...] = (
    (r"\b\d{4}-\d\d-\d\d\b", _iso_date),
    (rf"\b{_MONTH} {_DAY_OR_TWO}(?![\d:.]\d|\w)(?:,? (?P<year>\d{{4}})\b)?", _full_date),
    (rf"\b{_DAY_OR_TWO}(?: of)? {_MONTH}(?:,? (?P<year>\d{{4}})\b)?", _full_date),
    (
        rf"(?:\b(?i:early|mid|late|last)[ -])?\b{_MONTH}(?: (?:of )?(?P<year>{_YEAR}|last year|this year)\b)?",
        _named_month,
    ),
    (rf"\b(?P<year>{_YEAR}){_AFTER_YEAR}", _whole_year),
    (
        r"\b(?P<which>(?i:this past|this|last|the past|past|previous)) (?P<unit>week|weekend|month|year)\b",
        _calendar_unit,
    ),
    (rf"\b(?i:past|last|previous) {_COUNT} {_UNIT}\b", _rolling),
    (rf"(?<![\d,.-])\b{_COUNT} {_UNIT} ago\b", _ago),
    (rf"\b[Tt]he day before yesterday\b|\b(?:{_NEAR})\b|^(?:{_NEAR_FIRST})\b", _near_day),
    (rf"(?:\b(?i:this past|past|last) )?\b(?P<weekday>{_WEEKDAY})\b{_TIME_OF_DAY}", _weekday),
)
_READERS = tuple((re.compile(pattern), reader) for pattern, reader in _PATTERNS)
_LEADS = re.compile(r"(?:^|[\s(“\"])(?P<lead>[\w’'-]+)\s+(?:the )?$")
_NO_LEADS = frozenset("next by until till every each coming upcoming following than except not nor or fiscal".split())
_TAKES_NAMED = frozenset(
    """in since before after during until of last early mid late throughout from between and through over for on within
    around to""".split()
)
_NAME_BEHIND = re.compile(r"s\b| [A-Z]")


def moments(text: str, clock: Clock) -> Iterator[Moment]:
    """Every name of a moment in ``text``, in their order, the longest where several overlap."""
    taken: list[tuple[int, int, Days | None]] = []
    for pattern, reader in _READERS:
        for found in pattern.finditer(text):
            if all(found.end() <= start or end <= found.start() for start, end, _ in taken):
                taken.append((*found.span(), reader(found, clock) if _fits(text, found, reader) else None))
    yield from (Moment(start, end, days) for start, end, days in sorted(taken, key=lambda each: each[0]) if days)


def _fits(text: str, found: re.Match[str], reader: Reader) -> bool:
    """Whether the words around a name leave it a moment: no "Black Friday", no "next March", no verb "may"."""
    left, right = text[: found.start()], text[found.end() :]
    before = _LEADS.search(left)
    lead = before["lead"] if before else ""
    if lead.lower() in _NO_LEADS:
        return False
    if reader is _weekday:
        name = lead[:1].isupper() and lead.lower() not in ("on", "last", "since", "after", "before")
        return bool(lead) and lead != "this" and not name and not _NAME_BEHIND.match(right)
    if reader is _full_date:
        return not (left.endswith("the ") and found[0][0].isalpha())  # "the January 6 attack" is a name
    if reader is _whole_year or (reader is _named_month and not found["year"]):
        named = bool(re.match("early |mid |late |last ", found[0].lower())) or lead.lower() in _TAKES_NAMED
        return named and not left.endswith("the ") and not re.match(r" Fool|[’']s [A-Z]", right)
    return True
