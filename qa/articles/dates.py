"""Dates as news gives them. Nothing is guessed: a date without a year, or that reads two ways, is no date."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from qa.articles import Published

_DAY_ONLY = re.compile(r"\d{4}-\d\d-\d\d|\d{8}")
_CLOCK = re.compile(r"\d:\d\d|\d\s*[ap]\.?m\b|\d\s*h\s*\d\d", re.IGNORECASE)
_NUMERIC = re.compile(r"\D*(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})\b.*")


class UnclearDate(ValueError):
    """The text names no single day; the message says why."""


def parse_date(value: Any) -> Published | None:
    """``value`` (text, a number of seconds or milliseconds since the epoch, a date) as a date, None if empty.

    A ``datetime`` keeps the offset that was written, and none where none was. Raises UnclearDate.
    """
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_epoch(float(value))
    text = str(value).strip()
    if not text:
        return None
    found = _iso(text) or _rfc822(text) or _written(text)
    if found is None:
        raise UnclearDate(f"date {text[:60]!r} is not understood")
    return found


def _from_epoch(seconds: float) -> datetime:
    seconds = seconds / 1000 if seconds > 1e11 else seconds
    if not 1e8 < seconds < 1e10:
        raise UnclearDate(f"date {seconds:g} is not a time since 1970")
    return datetime.fromtimestamp(seconds, UTC)


def _iso(text: str) -> Published | None:
    try:
        return date.fromisoformat(text) if _DAY_ONLY.fullmatch(text) else datetime.fromisoformat(text)
    except ValueError:
        return None


def _rfc822(text: str) -> Published | None:
    try:
        return parsedate_to_datetime(text) if _CLOCK.search(text) else None
    except ValueError:
        return None


def _written(text: str) -> Published | None:
    numeric = _NUMERIC.fullmatch(text)
    if numeric:
        first, second, _ = (int(part) for part in numeric.groups())
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
