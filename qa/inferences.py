"""What the words of one question say beside its topic: when, by whom, which words must stand there, what is left out.

Everything read becomes an ``Inference``, which shows the reader the words and what was made of them. The words that
would only mislead a search go out of ``standalone``; the topic stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from qa.attributions import Attribution, attributions, authors
from qa.moments import Days
from qa.outlets import Known, mentions
from qa.phrases import left_out, quoted, unquoted
from qa.stop_words import content_words
from qa.windows import Expression, days_of_events, days_published, find

What = Literal["window", "newest", "outlet", "author", "required", "excluded", "parts", "follow-up"]
"""What can be read out of the words of a question."""


@dataclass(frozen=True, slots=True)
class Inference:
    """One thing read out of the words of a question, for the reader to check and to remove.

    ``words`` are those of the question that say so ("last week"), ``meaning`` is what was made of them ("2026-11-09 to
    2026-11-15").
    """

    what: What
    words: str
    meaning: str


@dataclass(slots=True)
class Said:
    """What the words say: the fields of a ``Question`` of the same names, with days where it has moments.

    ``published`` limits the days of publication, ``events`` are the days of what is asked for. ``sources`` are all
    that are named, whether or not the archive has them.
    """

    standalone: str
    sources: Sequence[Attribution] = ()
    inferences: list[Inference] = field(default_factory=list)
    published: Days | None = None
    events: Days | None = None
    newest: bool = False
    outlets: tuple[str, ...] = ()
    unknown_outlets: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def add(self, what: What, words: str, meaning: str) -> None:
        """Keep an inference, once."""
        inference = Inference(what, words.strip(" ,"), meaning)
        if inference not in self.inferences:
            self.inferences.append(inference)

    def drop(self, what: What) -> None:
        """Take back what was read of the times or the outlets that the archive has."""
        absent = {f"{name}: no article of it here" for name in self.unknown_outlets}
        self.inferences = [each for each in self.inferences if each.what != what or each.meaning in absent]
        if what == "window":
            self.published = self.events = None
        elif what == "outlet":
            self.outlets = ()


def read(words: str, today: date, known: Known, allowed: Collection[str]) -> Said:
    """What ``words`` say of what is ``allowed``. ``today``: the day of asking where it was asked."""
    said = Said(words)
    if not allowed:
        return said
    said.sources = attributions(words, known)
    spent: list[tuple[int, int]] = []
    if "outlet" in allowed:
        _read_outlets(said, words, known)
        spent += [(each.start, each.end) for each in said.sources if each.form == "aside"]
    if "author" in allowed:
        _read_authors(said, words, known)
    if "window" in allowed:
        ends = [each.end for each in said.sources if each.form != "name"]
        times = find(words, today, newest=known.newest, reports=ends)
        _read_times(said, words, times)
        spent += [(each.start, each.end) for each in times if _is_spent(words, each)]
    if "newest" in allowed and (found := _NEWEST.search(unquoted(words))):
        said.newest = True
        said.add("newest", found[0], "newer articles count more")
    if "required" in allowed:
        _read_required(said, words, known)
    if "excluded" in allowed:
        _read_excluded(said, words)
    rest = without(words, spent)
    said.standalone = rest if content_words(rest) else words
    return said


def _read_outlets(said: Said, words: str, known: Known) -> None:
    for source in said.sources:
        what = words[source.start : source.end]
        if source.known:
            said.outlets = tuple(dict.fromkeys((*said.outlets, *source.outlets)))
            said.add("outlet", what, ", ".join(source.outlets))
        elif not any(map(known.may_hold, source.outlets)):
            said.unknown_outlets = tuple(dict.fromkeys((*said.unknown_outlets, *source.outlets)))
            said.add("outlet", what, f"{', '.join(source.outlets)}: no article of it here")


def _read_authors(said: Said, words: str, known: Known) -> None:
    for start, end, name in authors(words, known):
        said.authors = tuple(dict.fromkeys((*said.authors, name)))
        said.add("author", words[start:end], name)


def _read_times(said: Said, words: str, times: Sequence[Expression]) -> None:
    said.published, said.events = days_published(times), days_of_events(times)
    for each in times:
        if said.published if each.published else said.events:
            shown = days_shown(each.days)
            said.add("window", words[each.start : each.end], shown if each.published else f"around {shown}")


def days_shown(days: Days) -> str:
    """Days for the reader."""
    if days.first and days.last:
        return f"{days.first}" if days.first == days.last else f"{days.first} to {days.last}"
    return f"from {days.first}" if days.first else f"until {days.last}"


def _read_required(said: Said, words: str, known: Known) -> None:
    named = [words[source.start : source.end] for source in said.sources]
    named += [words[mention.start : mention.end] for mention in mentions(words, known) if mention.known]
    for phrase in quoted(words):
        if not any(phrase.words in name for name in named):
            said.required = tuple(dict.fromkeys((*said.required, phrase.words)))
            said.add("required", words[phrase.start : phrase.end], phrase.words)


def _read_excluded(said: Said, words: str) -> None:
    for phrase in left_out(words):
        said.excluded = tuple(dict.fromkeys((*said.excluded, phrase.words)))
        said.add("excluded", words[phrase.start : phrase.end], phrase.words)


_NEWEST = re.compile(
    r"\b(?:(?<!at the )[Ll]atest|[Nn]ewest|(?<!the )[Mm]ost recently|[Mm]ost recent|[Uu]p[- ]to[- ]date|[Cc]urrently"
    r"|[Aa]s of now|[Aa]t the moment|[Nn]owadays|[Rr]ight now|so far(?! (?:as|away|from|apart|behind))|[Tt]oday[’']s"
    r"|(?:[Tt]he|[Ii]ts|[Hh]is|[Hh]er|their|whose|what|which|\w[’']s) current(?= [a-z])"
    r"|(?<!until )now(?!-| defunct| famous))\b"
)
_RELATIVE = re.compile(
    r"(?i)(?:(?:in|on|from|of|over|during|within|for|since|the)\s)*(?:earlier\s|later\s)?(?:this|last|past|previous"
    r"|yesterday|today|overnight|the day before yesterday|\w+ \w+ ago)\b[\w\s]*"
)


def _is_spent(words: str, time: Expression) -> bool:
    """Whether the words of a time say nothing to a search: relative ones, and those that only date the articles.

    Articles name the months and days of what they tell, so those stay, and so does what a "since" clause tells.
    """
    own = words[time.start : time.end]
    dating = re.sub(r"\b(?:[A-Z]\w+|\d\S*|published|dated|printed|written|at|[AaPp][Mm])\b", "", own)
    topic = content_words(dating)
    relative = bool(_RELATIVE.fullmatch(own)) and not re.match(r"[’']s", words[time.end :])
    return relative or (time.published and not topic)


_BETWEEN_SPENT = re.compile(r"[”\"’']?(?:,\s(?:and\s|or\s)?|\s(?:and|or|&)\s)(?:both\s)?(?:[Tt]he\s)?[“\"‘']?")


def without(words: str, spans: Sequence[tuple[int, int]]) -> str:
    """The words without those spans, and without what linked one span to the next."""
    if not spans:
        return words
    kept = words
    for start, end in sorted(_joined(words, spans), reverse=True):
        kept = kept[:start] + kept[end:]
    kept = re.sub(r"\s+(?=[,;:.?!)])", "", " ".join(kept.split()))
    kept = re.sub(r"(?:,\s*)+(?=[,;:.?!]|$)", "", kept)
    return re.sub(r"^[\s,;:.)]+|[\s,;:(]+$", "", kept)


def _joined(words: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    start = end = -1
    for each in sorted(spans):
        if start >= 0 and (each[0] <= end or _BETWEEN_SPENT.fullmatch(words[end : each[0]])):
            end = max(end, each[1])
        else:
            if start >= 0:
                yield start, end
            start, end = each
    if start >= 0:
        yield start, end
