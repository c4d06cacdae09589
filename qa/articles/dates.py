"""Dates as news gives them. Nothing is guessed: a date without a year, or that reads two ways, is no date.

Nor is one that no article can have: before 1900, or more than a day ahead of the clock. A day ahead is left, since
a bare date may be that of a place where it is tomorrow already.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from qa.articles import Published, instant

_CLOCK = re.compile(r"\d:\d\d|\d\s*[ap]\.?m\b|\d\s*h\s*\d\d", re.IGNORECASE)
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})\b")
_WEEK = re.compile(r"\d{4}-?W\d\d(?!-?\d)")
MOST_AHEAD = 24 * 3600
"""Seconds that a date may lie ahead of the clock."""
LONGEST = 200
"""Characters that a date may be written in."""
_MERIDIEM = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)


class UnclearDate(ValueError):
    """The text names no single day; the message says why."""


def parse_date(value: Any, *, now: float | None = None) -> Published | None:
    """``value`` (text, a number of seconds or milliseconds since the epoch, a date) as a date, None if empty.

    A ``datetime`` keeps the offset that was written, and none where none was. ``now`` (seconds since the epoch) is
    the clock's unless given. Raises UnclearDate.
    """
    found = _understood(value)
    if found is None:
        return None
    if found.year < 1900:
        raise UnclearDate(f"date {_shown(value)} lies before 1900")
    if instant(found) > (time.time() if now is None else now) + MOST_AHEAD:
        raise UnclearDate(f"date {_shown(value)} lies in the future")
    return found


def _understood(value: Any) -> Published | None:
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_epoch(value)
    if not isinstance(value, str):
        raise UnclearDate(f"date of type {type(value).__name__} is not understood")
    text = value.strip()
    if not text:
        return None
    found = None if len(text) > LONGEST else _iso(text) or _rfc822(text) or _written(text)
    if found is None:
        raise UnclearDate(f"date {_shown(text)} is not understood")
    return found


def _shown(value: Any) -> str:
    return repr(value.strip()[:60]) if isinstance(value, str) else str(value)[:60]


def _from_epoch(number: float) -> datetime:
    if 1e8 < number < 1e10:
        return datetime.fromtimestamp(number, UTC)
    if 1e11 < number < 1e13:
        return datetime.fromtimestamp(number / 1000, UTC)
    raise UnclearDate(f"date {str(number)[:60]} is not a time since 1970")


def _iso(text: str) -> Published | None:
    if _WEEK.match(text):
        return None
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    return None


def _rfc822(text: str) -> Published | None:
    if not _CLOCK.search(text) or _MERIDIEM.search(text):  # the parser would read past a "p.m."
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None


def _written(text: str) -> Published | None:
    numeric = _NUMERIC.search(text)
    if numeric:
        first, second = int(numeric[1]), int(numeric[2])
        if first <= 12 and second <= 12 and first != second:
            raise UnclearDate(f"date {text[:60]!r} reads two ways (day and month)")
    import dateparser

    found = dateparser.parse(
        text,
        settings={
            "STRICT_PARSING": True,
            "REQUIRE_PARTS": ["day", "month", "year"],
            "PARSERS": ["absolute-time"],
        },
    )
    if found is None:
        return None
    return found if _CLOCK.search(text) else found.date()
