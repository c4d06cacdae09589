"""What was typed, to a ``Question``: its window of time and outlets, its words, the kind of answer it wants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from qa.articles import Published, instant, one_line
from qa.errors import UsageError

Kind = Literal["person", "place", "country", "date", "number", "money", "duration", "yes or no", "reason", "other"]

When = Published | str | None
"""A date, a datetime, or either as ISO 8601 text; None for none."""

MAX_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class Window:
    """What a search may find. Seconds since the epoch, both ends included; None is open. No outlets: all."""

    earliest: float | None = None
    latest: float | None = None
    outlets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    ``now`` is the moment of asking: age counts from it. ``as_of`` says that it was set by the asker; then nothing
    published later is found.
    """

    text: str
    now: datetime
    as_of: bool
    since: Published | None
    until: Published | None
    outlets: tuple[str, ...]
    kind: Kind

    @property
    def window(self) -> Window:
        """The filter for the indexes. An undated article passes unless ``since`` or ``until`` is set."""
        earliest = instant(self.since) if self.since is not None else None
        latest = instant(self.until, end=True) if self.until is not None else None
        if self.as_of:
            latest = min(self.now.timestamp(), latest) if latest is not None else self.now.timestamp()
        if self.until is not None and earliest is None:
            earliest = EPOCH_OF_NEWS
        return Window(earliest, latest, self.outlets)


EPOCH_OF_NEWS = instant(date.min)
"""Before any dated article, after every undated one."""


def understand(
    text: str,
    *,
    now: When = None,
    since: When = None,
    until: When = None,
    outlets: Sequence[str] = (),
) -> Question:
    """The Question in ``text``. Raises UsageError for an empty one, for a date that is none, for since > until."""
    text = one_line(text)
    if not text:
        raise UsageError("The question is empty.")
    if len(text) > MAX_CHARACTERS:
        raise UsageError(f"The question has {len(text):,} characters; {MAX_CHARACTERS:,} are the most.")
    if isinstance(outlets, str):
        outlets = (outlets,)
    asked = parse_when(now, "now")
    question = Question(
        text=text,
        now=_aware(asked) if asked is not None else datetime.now(UTC),
        as_of=asked is not None,
        since=parse_when(since, "since"),
        until=parse_when(until, "until"),
        outlets=tuple(dict.fromkeys(outlets)),
        kind=kind_of(text),
    )
    window = question.window
    if window.earliest is not None and window.latest is not None and window.earliest > window.latest:
        raise UsageError(f"The window is empty: since {question.since} is after {question.until or question.now}.")
    return question


def _aware(moment: Published) -> datetime:
    """A bare day means its end: whoever asks "as of the 20th" has read that day's papers."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 23, 59, 59)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_when(value: When, name: str) -> Published | None:
    """What a caller gave as a date, as one. Raises UsageError, which calls it ``name``."""
    if value is None or isinstance(value, date):
        return value
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(value)
        except ValueError:
            continue
    raise UsageError(f"{name} = {value!r} is no date; write 2026-11-22 or 2026-11-22T18:30:00+01:00 (ISO 8601).")


_PEOPLE = (
    "person|man|woman|minister|president|actor|actress|singer|politician|player|leader|author|director|artist"
    "|celebrity|star"
)
_PLACES = "city|town|place|village|port|capital|island|river|continent"
_KINDS: tuple[tuple[Kind, str], ...] = (
    ("country", r"\b(?:which|what) (?:\w+ ){0,2}?(?:country|nation)\b"),
    ("duration", r"\bhow long\b|\bfor how many (?:days|weeks|months|years|hours|minutes)\b"),
    ("money", r"\bhow much (?:money|did|does|do|will|was|were|is|has|would)\b"),
    ("money", r"\b(?:what|which) (?:price|sum|amount|cost)\b"),
    ("number", r"\bhow (?:many|much|old|far|high|tall|large|big|fast|often)\b"),
    ("number", r"\bwhat (?:number|percentage|share)\b"),
    ("person", rf"\bwho(?:m|se)?\b|\b(?:which|what) (?:\w+ )?(?:{_PEOPLE})\b"),
    ("date", r"\bwhen\b|\b(?:what|which) (?:date|day|month|year|time)\b"),
    ("place", rf"\bwhere\b|\b(?:which|what) (?:\w+ ){{0,2}}?(?:{_PLACES})\b"),
    ("reason", r"\bwhy\b|\bhow come\b|\bwhat (?:caused|led to)\b"),
    ("yes or no", r"^(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might)\b"),
)


def kind_of(text: str) -> Kind:
    """The kind of answer that a question in English asks for: what its first asking word asks for."""
    lowered = text.lower()
    found = [(match.start(), kind) for kind, pattern in _KINDS if (match := re.search(pattern, lowered))]
    return min(found, key=lambda each: each[0])[1] if found else "other"


STOP_WORDS = frozenset(
    """a about after all also an and ani any anyon are as at be becaus been befor being between both but by can could
    did do doe does doing dure each ever few for from further had has hav have having he her here herself him himself
    his how i if in into is it itself its just like made make mani many me more most much my no nor not now of off on
    onc one only or other our out over own pleas pleas s said same say she should so some somebodi someon someth such
    t tell than that the their them then there these they thi this those through to too under until up us use veri
    was we were what when where which while who whom whose whi why will with would you your accord happen articl
    news report know""".split()
)
"""Stems that say nothing about what a question is about."""
