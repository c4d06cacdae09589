"""What a claim cites: a sentence, what stands around it, and what is known of the text that it is from.

The facts of a claim may stand around the cited words (whose headquarters "its" are, which year it is); what the claim
says must stand in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from qa.chunks import sentences
from qa.verification.parsed import Parsed, Script
from qa.verification.words import LONGEST, fold, readable, words

BEFORE, AFTER = 700, 300
"""Characters before and behind the cited words that count as around them."""
READ, PIECE = 100_000, 4_000
"""Characters of a whole text that are read, and that are cut into sentences at once."""
MOST = 400
"""Sentences of a whole text that are read."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited text. The words cited are ``text[start:end]``; the rest of ``text`` is what stands around them.

    ``end``: None is the end of the text. ``published`` is what "Tuesday" counts from.
    """

    text: str
    start: int = 0
    end: int | None = None
    title: str = ""
    outlet: str = ""
    published: date | datetime | None = None


class Evidence:
    """One reference, read when it is first needed."""

    def __init__(self, reference: Reference, script: Script) -> None:
        self.reference = reference
        self.script = script
        moment = reference.published
        self.published = moment.date() if isinstance(moment, datetime) else moment
        self.start = min(max(0, reference.start), len(reference.text))
        end = len(reference.text) if reference.end is None else reference.end
        self.end = min(max(self.start, end), len(reference.text))

    @cached_property
    def cited(self) -> Parsed:
        """The cited words."""
        return Parsed(readable(self.reference.text[self.start : self.end]), self.script, self.published)

    @cached_property
    def before(self) -> Parsed:
        """What stands before them, from a whole sentence on where there is one."""
        text = readable(self.reference.text[max(0, self.start - BEFORE) : self.start])
        cut = text.find(". ") + 1 if self.start > BEFORE else 0
        return Parsed(text[cut:], self.script, self.published)

    @cached_property
    def after(self) -> Parsed:
        """What stands behind them."""
        return Parsed(readable(self.reference.text[self.end : self.end + AFTER]), self.script, self.published)

    @cached_property
    def heading(self) -> Parsed:
        """The title and the outlet."""
        return Parsed(readable(f"{self.reference.title}\n{self.reference.outlet}"), self.script, self.published)

    @property
    def around(self) -> tuple[Parsed, Parsed, Parsed]:
        """All that counts as around the cited words."""
        return self.before, self.after, self.heading

    @cached_property
    def forms(self) -> frozenset[str]:
        """The folded words of the cited words and of what is around them."""
        return self.cited.folded.union(*(each.folded for each in self.around))

    @cached_property
    def line(self) -> str:
        """All folded words of the text, with a blank around each."""
        return " " + " ".join(word.folded for word in words(readable(self.reference.text))) + " "

    @cached_property
    def sentences_around(self) -> tuple[str, ...]:
        """The title, the sentence before and the one behind, where they are there."""
        before = [self.before.text[span.start : span.end] for span in sentences(self.before.text)[-1:]]
        after = [self.after.text[span.start : span.end] for span in sentences(self.after.text)[:1]]
        title = [self.reference.title] if self.reference.title.strip() else []
        return (*title, *before, *after)


def split(reference: Reference) -> list[Reference]:
    """A whole text as one reference to each of its sentences, ``MOST`` at most."""
    found: list[Reference] = []
    end = len(reference.text) if reference.end is None else reference.end
    for start, piece in _pieces(reference.text[reference.start : min(end, reference.start + READ)]):
        for span in sentences(piece):
            first = reference.start + start + span.start
            found.append(replace(reference, start=first, end=first + span.end - span.start))
        if len(found) >= MOST:
            break
    return found[:MOST]


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """A readable text in pieces cut at a line, a sentence or a blank: finding sentences is quadratic in quotes."""
    start = 0
    while start < len(text):
        piece = readable(text[start : start + PIECE])
        if start + PIECE < len(text):
            cuts = (piece.rfind(mark) for mark in ("\n", ". ", " "))
            piece = piece[: next((cut + 1 for cut in cuts if cut > PIECE // 2), PIECE)]
        yield start, piece
        start += len(piece)


def script_of(references: Sequence[Reference]) -> Script:
    """How the texts of references write their words."""
    texts = dict.fromkeys(each.text[:LONGEST] if len(each.text) <= LONGEST else _window(each) for each in references)
    titles = dict.fromkeys(each.outlet for each in references)
    outlets = frozenset(fold(word) for outlet in titles for word in outlet.split())
    made = Script.of(*map(readable, list(texts)[:100]))
    return Script(made.capitals | outlets, made.small)


def _window(reference: Reference) -> str:
    middle = max(0, reference.start - LONGEST // 2)
    return reference.text[middle : middle + LONGEST]
