"""What was typed, to a ``Question``: its window of time and outlets, its words, the kind of answer it wants.

No model reads it: a grammar of regular English does, and a question in another language passes as it is. What it
reads out of the words narrows what the asker set and never widens it, is listed in ``inferences``, and can be switched
off one by one (``infer``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import get_args

from qa.articles import Published, instant, one_line
from qa.errors import UsageError
from qa.follow_ups import Completed, Turn, complete
from qa.inferences import Inference, Said, What, read
from qa.kinds import Kind, kind_of, target_of
from qa.moments import Days
from qa.outlets import Known
from qa.parts import Part, split
from qa.stop_words import STOP_WORDS, content_words

__all__ = [
    "MAX_CHARACTERS",
    "STOP_WORDS",
    "Inference",
    "Kind",
    "Known",
    "Question",
    "Turn",
    "What",
    "When",
    "Window",
    "kind_of",
    "parse_when",
    "understand",
]

When = Published | str | None
"""A date, a datetime, or either as ISO 8601 text; None for none."""

MAX_CHARACTERS = 4000
MOST_OUTLETS = 4
"""Outlets that a question is searched for apart."""


@dataclass(frozen=True, slots=True)
class Window:
    """What a search may find. Seconds since the epoch, both ends included; None is open. No outlets: all."""

    earliest: float | None = None
    latest: float | None = None
    outlets: tuple[str, ...] = ()

    def within(self, other: Window) -> Window | None:
        """What both let through; None if that is nothing."""
        earliest = max((each for each in (self.earliest, other.earliest) if each is not None), default=None)
        latest = min((each for each in (self.latest, other.latest) if each is not None), default=None)
        outlets = tuple(name for name in self.outlets or other.outlets if not other.outlets or name in other.outlets)
        empty = earliest is not None and latest is not None and earliest > latest
        if empty or (not outlets and (self.outlets or other.outlets)):
            return None
        return Window(earliest, latest, outlets)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    ``text``: as typed. ``now``: the moment of asking, from which age counts; ``as_of`` says that it was set by the
    asker, then nothing published later is found. ``since``, ``until``, ``outlets``, ``articles`` (ids): the asker's
    limits. ``kind``: the kind of answer wanted, ``target`` the noun phrase that names it ("NFL team"), empty for a bare
    who, when or where.

    The rest is inferred. ``standalone``: the words to search for, completed from the turns before and without what
    became a limit or a weight. ``limits``: what the words allow beside the asker's limits. ``focus``: a weight, not a
    limit: when reports of what is asked for came out. ``newest``: the latest state of things is asked for.
    ``authors``: reporters named as sources. ``required``: quoted words. ``excluded``: what is not the answer, though
    passages that hold the answer may well name it. ``unknown_outlets``: sources named that the archive has nothing of.
    ``parts``: the questions that this one is made of, each with what was inferred from its words alone.
    """

    text: str
    now: datetime
    as_of: bool
    since: Published | None
    until: Published | None
    outlets: tuple[str, ...]
    kind: Kind
    target: str = ""
    standalone: str = ""
    inferences: tuple[Inference, ...] = ()
    limits: Window = Window()
    focus: Window | None = None
    newest: bool = False
    authors: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    unknown_outlets: tuple[str, ...] = ()
    parts: tuple[Question, ...] = ()
    articles: tuple[str, ...] = ()

    @property
    def asked_window(self) -> Window:
        """The limits that the asker set. An undated article passes unless ``since`` or ``until`` is set."""
        earliest = instant(self.since) if self.since is not None else None
        latest = instant(self.until, end=True) if self.until is not None else None
        if self.as_of:
            latest = min(self.now.timestamp(), latest) if latest is not None else self.now.timestamp()
        if self.until is not None and earliest is None:
            earliest = EPOCH_OF_NEWS
        return Window(earliest, latest, self.outlets)

    @property
    def window(self) -> Window:
        """The filter for the indexes: the asker's limits, narrowed by those of the words."""
        return self.asked_window.within(self.limits) or self.asked_window

    @property
    def limited(self) -> tuple[float | None, float | None, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Everything that limits which articles are searched, as the catalog counts them."""
        return (self.window.earliest, self.window.latest, self.window.outlets, self.authors, self.articles)

    @property
    def sought(self) -> str:
        """``standalone`` without the outlets that limit the search: what is found is theirs, and need not say so."""
        return _without(self.standalone, self.limits.outlets)

    @property
    def alone(self) -> bool:
        """Whether it stands alone as typed: nothing of the turns before is needed to understand it."""
        return all(each.what != "follow-up" for each in self.inferences)

    @property
    def searches(self) -> tuple[Question, ...]:
        """The questions to search for apart, the whole last.

        They are its parts, and the whole for each outlet among several that no part has to itself.
        """
        apart = {part.limits.outlets for part in self.parts}
        several = self.limits.outlets if len(self.limits.outlets) > 1 else ()
        alone = [(name,) for name in several if (name,) not in apart]
        by_outlet = (replace(self, limits=replace(self.limits, outlets=one), parts=()) for one in alone[:MOST_OUTLETS])
        return (*self.parts, *by_outlet, self)


EPOCH_OF_NEWS = instant(date.min)
"""Before any dated article, after every undated one."""


def understand(
    text: str,
    *,
    now: When = None,
    since: When = None,
    until: When = None,
    outlets: Sequence[str] = (),
    articles: Sequence[str] = (),
    known: Known | None = None,
    turns: Sequence[Turn] = (),
    infer: Collection[What] | bool = True,
    rewritten: str = "",
) -> Question:
    """The Question in ``text``.

    ``known``: the outlets and authors of the archive. ``turns``: the conversation so far, the oldest first.
    ``infer``: what may be read out of the words; True for everything, False for nothing. ``rewritten``: the question
    made to stand alone by somebody else, who then read the turns.
    Raises UsageError for an empty question, a date that is none, since > until, an ``infer`` that is none.
    """
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
        articles=tuple(dict.fromkeys(articles)),
        kind=kind_of(text),
        target=target_of(text),
        standalone=text,
    )
    window = question.window
    if window.earliest is not None and window.latest is not None and window.earliest > window.latest:
        raise UsageError(f"The window is empty: since {question.since} is after {question.until or question.now}.")
    if rewritten := one_line(rewritten):
        if rewritten != text:
            question = _standing_alone(question, Completed(rewritten, text, rewritten))
        turns = ()
    return _Reader(known or Known(), _allowed(infer)).read(question, turns)


def _aware(moment: Published) -> datetime:
    """A bare day means its end: whoever asks "as of the 20th" has read that day's papers."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 23, 59, 59)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_when(value: When, name: str) -> Published | None:
    """What a caller gave as a date, as one. Raises UsageError, which calls it ``name``."""
    if value is None or isinstance(value, date):
        return value
    for parse in (date.fromisoformat, datetime.fromisoformat):
        try:
            return parse(value)
        except ValueError:
            continue
    raise UsageError(f"{name} = {value!r} is no date; write 2026-11-22 or 2026-11-22T18:30:00+01:00 (ISO 8601).")


def _allowed(infer: Collection[What] | bool) -> frozenset[str]:
    everything = frozenset(get_args(What))
    if isinstance(infer, bool):
        return everything if infer else frozenset()
    wanted = frozenset((infer,) if isinstance(infer, str) else infer)
    if wanted - everything:
        there = ", ".join(sorted(everything))
        raise UsageError(f"infer = {', '.join(sorted(wanted - everything))}: any of {there}, or True or False.")
    return wanted


class _Reader:
    """Reads what is allowed out of the words of questions, for one archive."""

    def __init__(self, known: Known, allowed: frozenset[str]) -> None:
        self.known = known
        self.allowed = allowed

    def read(self, question: Question, turns: Sequence[Turn]) -> Question:
        """The question with everything that its words and the turns before say, and its parts."""
        if turns and "follow-up" in self.allowed:
            question = _completed(question, turns)
        words = question.standalone
        said = read(words, question.now.date(), self.known, self.allowed)
        parts = split(words, said.sources) if "parts" in self.allowed else ()
        return self._with_parts(_narrowed(question, said), parts)

    def _with_parts(self, whole: Question, parts: Sequence[Part]) -> Question:
        """Each part is read like a question. A date that a part has to itself limits that part alone."""
        if not parts:
            return whole
        each_read = tuple(self._part(whole, part, parts[0]) for part in parts)
        if any(_is_dated(part) for part in each_read):
            undated = tuple(each for each in whole.inferences if each.what != "window")
            whole = replace(whole, limits=Window(outlets=whole.limits.outlets), inferences=undated)
        shown = tuple(Inference("parts", part.text, _limits_shown(part)) for part in each_read)
        return replace(whole, parts=each_read, inferences=(*whole.inferences, *shown))

    def _part(self, whole: Question, part: Part, first: Part) -> Question:
        question = Question(
            text=part.text,
            now=whole.now,
            as_of=whole.as_of,
            since=whole.since,
            until=whole.until,
            outlets=whole.outlets,
            articles=whole.articles,
            kind=kind_of(part.text),
            target=target_of(part.text),
            standalone=part.text,
        )
        if part is not first and "follow-up" in self.allowed:
            question = _completed(question, (Turn(first.text),))
        said = read(question.standalone, whole.now.date(), self.known, self.allowed)
        if part.shares and not said.outlets and not said.unknown_outlets:
            said.outlets = whole.limits.outlets
        return _narrowed(question, said)


def _completed(question: Question, turns: Sequence[Turn]) -> Question:
    """The question made to stand alone; what a fragment asks for is told by the whole."""
    whole = complete(question.text, turns)
    return _standing_alone(question, whole) if whole.words else question


def _standing_alone(question: Question, whole: Completed) -> Question:
    added = Inference("follow-up", whole.words, whole.added)
    question = replace(question, standalone=whole.text, inferences=(*question.inferences, added))
    if question.kind == "other":
        question = replace(question, kind=kind_of(whole.text), target=target_of(whole.text))
    return question


def _narrowed(question: Question, said: Said) -> Question:
    """The question with what its words say. A limit that the asker's own rule out is not what was meant."""
    asked, limits = question.asked_window, Window()
    if said.outlets and asked.within(Window(outlets=said.outlets)):
        limits = Window(outlets=said.outlets)
    else:
        said.drop("outlet")
    if said.published:
        days = replace(_window(said.published, question.now), outlets=limits.outlets)
        if asked.within(days):
            limits = days
        else:
            said.drop("window")
    return replace(
        question,
        standalone=said.standalone,
        inferences=(*question.inferences, *said.inferences),
        limits=limits,
        focus=_window(said.events, question.now) if said.events else None,
        newest=said.newest,
        authors=said.authors,
        required=said.required,
        excluded=said.excluded,
        unknown_outlets=said.unknown_outlets,
    )


def _without(words: str, outlets: Sequence[str]) -> str:
    rest = words
    for name in outlets:
        rest = re.sub(rf"(?i)[“‘\"']?\b(?:the\s)?{re.escape(name)}\b(?:[’']s\b)?[”’\"']?", "", rest)
    rest = re.sub(r"\s+(?=[\s,?.!;:])", "", rest).strip(" ,")
    return rest if content_words(rest) else words


def _window(days: Days, now: datetime) -> Window:
    """Days as moments. A day is where the asker is as well as in UTC, in which a date without a time is kept."""
    first = datetime.combine(days.first, time.min, now.tzinfo) if days.first else None
    last = datetime.combine(days.last, time.max, now.tzinfo) if days.last else None
    return Window(
        min(instant(days.first), first.timestamp()) if days.first and first else EPOCH_OF_NEWS,
        max(instant(days.last, end=True), last.timestamp()) if days.last and last else None,
    )


def _is_dated(question: Question) -> bool:
    return (question.limits.earliest, question.limits.latest) != (None, None)


def _limits_shown(question: Question) -> str:
    """The limits of a part, for the reader."""
    shown = [*question.limits.outlets, *(f"{name}: no article of it here" for name in question.unknown_outlets)]
    shown += [each.meaning for each in question.inferences if each.what == "window"]
    return "; ".join(dict.fromkeys(shown)) or "searched for apart"
