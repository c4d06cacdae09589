"""Expressions of time in a question: what they limit, or what they weigh.

Words that speak of publication ("articles from last week", "since 8 November", "published on ...") limit what may be
found. Words that speak of events ("who resigned in March?") only say around when the reports were written, which is a
weight. Where the grammar is not sure there is no reading at all, since a wrong limit hides the answer: none of the
future ("by Friday"), of what went on for years, of a title in quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qa.moments import DAY, Clock, Days, Moment, moments
from qa.phrases import unquoted

LAG = 4
"""Days after an event in which it is still reported: the news itself is out within two, its weekend papers and
follow-ups within four. A longer event is reported for as long as it took, since what a month or a year amounted to is
told after its end."""
LONGEST_LAG = 92
"""The same of a year: its figures are out within a quarter."""
LONGEST_EVENT = 370
"""Days; what went on for years ("over the past three years") says nothing of when it was reported."""


@dataclass(frozen=True, slots=True)
class Expression:
    """``text[start:end]`` means ``days``; ``published`` says of what: of the articles, else of what they tell."""

    start: int
    end: int
    days: Days
    published: bool


_SINCE = re.compile(r"\b[Ss]ince (?:[^,.;:?!]{1,60} (?:in|on|of|from|began|started) )?(?:the )?$")
_AFTER = re.compile(r"\b(?:[Aa]fter|[Ll]ater than) (?:the )?$")
_BEFORE = re.compile(r"\b(?:[Bb]efore|[Pp]rior to|[Ee]arlier than) (?:the )?$")
_FROM = re.compile(r"\b(?:between|Between|from|From) (?:the )?$")
_TO = re.compile(r" (?:and|to|until|through) ")
_MOVED_TO = re.compile(r"\bto (?:the )?$")
_AT = re.compile(r"\b(?:in|on|from|of|over|during|within|for|between)(?: the)? $", re.IGNORECASE)
_RECORD = re.compile(r"\b(?:first|last|only|record|most|worst|best|\w{3,}est)\b[^.?;]*$")
_COMING = re.compile(
    r"\b(?:will|won[’']t|shall|[’']ll|upcoming|due|must|should|deadline|going to|be held|take effect|expires?|planned"
    r"|(?:set|scheduled|expected|planning|plans?|projected|headed|slated|supposed) (?:to|for))\b"
)
_HISTORY = re.compile(r"\b(?:born|birthday|anniversary|holiday|fiscal|tax returns?|all[- ]time|ever)\b")
_ARTICLES = (
    r"(?:articles?|stories|coverage|headlines|news|pieces|editorials|columns|reporting|(?:news|press|media) reports)"
)
_LEADING = (
    r"(?:(?:in|on|from|of|over|during|within|for|since|before|after|between|prior to|earlier than|later than)\s)?"
    r"(?:the\s)?$"
)
_TIME_OF_DAY = r"(?:at \d[\d:]*(?: ?[AaPp]\.?[Mm]\.?)?,? )?"
_PUBLISHED = re.compile(
    rf"(?:\b(?i:{_ARTICLES})\s(?:(?:that|which) (?:were|was|are) )?(?:published |written |posted |printed )?"
    rf"|\b(?i:{_ARTICLES})\s[^.;:?!]{{0,80}}?\b(?:from|published|dated|printed|written)\s"
    rf"|\b(?:report|review|piece|story|column|analysis|editorial)s?\s[^.;:?!]{{0,80}}?\bpublished\s{_TIME_OF_DAY}"
    r"|\b(?i:what|who|which \w+)\s(?:was|were|is|has been|have been)\sreported\s"
    rf"|\bas\s(?:reported|published|covered)\s){_LEADING}"
)
_OF_ARTICLES = re.compile(rf"[’']s?\s(?:\w+\s)?(?:(?i:{_ARTICLES})|papers|newspapers)\b")
_DATED = re.compile(rf"\b(?:published|dated|printed|written) {_TIME_OF_DAY}$")


def find(text: str, today: date, *, newest: date | None = None, reports: Sequence[int] = ()) -> list[Expression]:
    """The expressions of time in ``text``, in their order, none overlapping.

    ``today``: the day of asking where it was asked. ``newest``: the day of the newest article. ``reports``: where in
    the text phrases end that name articles by their outlet ("the Post report"): a date behind one is its own.
    """
    masked = unquoted(text)
    named = list(moments(masked, Clock(today, min(newest or today, today))))
    found: list[Expression] = []
    for at, moment in enumerate(named):
        if not found or moment.start >= found[-1].end:
            whole = _range(masked, moment, named[at + 1 :])
            if expression := _expression(masked, whole or moment, reports, is_range=whole is not None):
                found.append(expression)
    return found


def _range(text: str, moment: Moment, later: Sequence[Moment]) -> Moment | None:
    """The stretch from this moment to the next one ("from 3 May to 9 June"), if the words say so."""
    if not later or not _TO.fullmatch(text[moment.end : later[0].start]) or not _FROM.search(text[: moment.start]):
        return None
    return Moment(moment.start, later[0].end, Days(moment.days.first, later[0].days.last, moment.days.may_come))


def _expression(text: str, moment: Moment, reports: Sequence[int], *, is_range: bool) -> Expression | None:
    bounded = _in_range(text, moment) if is_range else _bounded(text, moment)
    if bounded is None:
        return None
    start, days, limits = bounded
    published = limits or _is_published(text, start, moment, reports)
    if published:
        dated = _DATED.search(text[:start])
        return Expression(dated.start() if dated else start, moment.end, days, published=True)
    return Expression(start, moment.end, days, published=False) if _is_event(text, days) else None


def _in_range(text: str, moment: Moment) -> tuple[int, Days, bool]:
    between = _FROM.search(text[: moment.start])
    return (between.start() if between else moment.start), moment.days, False


def _bounded(text: str, moment: Moment) -> tuple[int, Days, bool] | None:
    """Where the expression begins with its preposition, its days, and whether the preposition makes it a limit."""
    left, days = text[: moment.start], moment.days
    if since := _SINCE.search(left):
        record = _RECORD.search(left, 0, since.start())  # "the first since 2019" compares
        return None if record else (since.start(), Days(days.first, None), True)
    if after := _AFTER.search(left):
        return (after.start(), Days(days.last + DAY, None), True) if days.last and not _is_long(days) else None
    if before := _BEFORE.search(left):
        limits = not _COMING.search(text)
        return (before.start(), Days(None, days.first - DAY), limits) if days.first and not _is_long(days) else None
    if _MOVED_TO.search(left):
        return None
    at = None if re.match(r"[’']s", text[moment.end :]) else _AT.search(left)
    return (at.start() if at else moment.start), days, False


def _is_long(days: Days) -> bool:
    """A year or more, of which "before" and "after" tell history rather than news."""
    return bool(days.first and days.last) and (days.last or date.max) - (days.first or date.min) > timedelta(days=300)


def _is_published(text: str, start: int, moment: Moment, reports: Sequence[int]) -> bool:
    if _PUBLISHED.search(text[: moment.start]) or _OF_ARTICLES.match(text, moment.end):
        return True
    behind = (text[at:start] for at in reports if at <= start)
    return any(re.fullmatch(rf",? ?{_TIME_OF_DAY}(?:published |dated )?", words) for words in behind)


def _is_event(text: str, days: Days) -> bool:
    """Whether the days can be those of one event in the past: not of the future, of history, of years on end."""
    if not (days.first and days.last) or _HISTORY.search(text):
        return False
    return (days.last - days.first).days < LONGEST_EVENT and not (days.may_come and _COMING.search(text))


def days_published(expressions: Sequence[Expression]) -> Days | None:
    """The days that all expressions of publication leave; None where there are none, or they leave none."""
    days = [each.days for each in expressions if each.published]
    first = max((each.first for each in days if each.first), default=None)
    last = min((each.last for each in days if each.last), default=None)
    if not (first or last) or (first and last and first > last):
        return None
    return Days(first, last)


def days_of_events(expressions: Sequence[Expression]) -> Days | None:
    """The days from the first event until the last one is reported; None without events."""
    days = [(each.days.first, each.days.last) for each in expressions if not each.published]
    closed = [(first, last) for first, last in days if first and last]
    if not closed:
        return None
    return Days(min(first for first, _ in closed), max(last + lag(first, last) for first, last in closed))


def lag(first: date, last: date) -> timedelta:
    """How long after an event of these days it is still reported: as long as it took, within bounds."""
    return timedelta(days=min(max((last - first).days + 1, LAG), LONGEST_LAG))
