"""A sentence read once: its words and its facts, each found when it is first asked for.

A claim and the sentences of its evidence are read the same way, so that what is equal in both is found alike.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from qa.verification import figures, names, quotations, speakers, times
from qa.verification.facts import Name
from qa.verification.figures import Figure
from qa.verification.quotations import Quotation
from qa.verification.speakers import Saying
from qa.verification.times import Moment
from qa.verification.words import Word, content, words

MOST = 50
"""Facts of a kind that are looked at in one sentence: nobody writes more, and each is compared with each."""


@dataclass(frozen=True)
class Script:
    """How words are written in the texts at hand: folded, with a capital inside a sentence, and small."""

    capitals: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()

    @classmethod
    def of(cls, *texts: str) -> Script:
        """As these readable texts write them."""
        small = frozenset(word.folded for text in texts for word in words(text) if not word.capital)
        return cls(frozenset().union(*map(names.capitals, texts)), small)


@dataclass(frozen=True, eq=False)
class Parsed:
    """One readable sentence, with the day on which its text was published where that is known."""

    text: str
    script: Script = field(default_factory=Script)
    published: date | None = None

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Its words, in order."""
        return words(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems that say what it is about."""
        return content(self.words)

    @cached_property
    def folded(self) -> frozenset[str]:
        """All its words, folded, with those of its names without points, and the acronyms of the longer ones."""
        named = frozenset(part for name in self.names for part in names.core(name))
        return frozenset(word.folded for word in self.words) | named | names.acronyms(self.names)

    @cached_property
    def moments(self) -> list[Moment]:
        """The days, months, years and times that it names."""
        return times.moments(self.text)[:MOST]

    @cached_property
    def figures(self) -> list[Figure]:
        """Its numbers, sums and shares."""
        return figures.figures(self.text, self.words, self.moments)[:MOST]

    @cached_property
    def names(self) -> list[Name]:
        """Its names."""
        return names.names(self.text, self.script.capitals, self.script.small)[:MOST]

    @cached_property
    def quotations(self) -> list[Quotation]:
        """What stands in quotation marks."""
        return quotations.quotations(self.text)[:MOST]

    @cached_property
    def sayings(self) -> list[Saying]:
        """Who is said to say something in it."""
        return speakers.sayings(self.text, self.words, self.names)[:MOST]

    @property
    def is_whole(self) -> bool:
        """Whether all its facts are looked at."""
        return all(len(each) < MOST for each in (self.moments, self.figures, self.names, self.quotations))

    def between(self, start: int, end: int) -> tuple[int, int]:
        """The first word of ``text[start:end]`` and the one behind its last."""
        first = bisect_right(self.words, start, key=lambda word: word.end)
        last = bisect_left(self.words, end, key=lambda word: word.start)
        return (first, last) if first < last else (0, 0)
