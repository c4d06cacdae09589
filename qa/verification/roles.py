"""Who does it to whom: "Apple sued Samsung" is not what "Samsung sued Apple" says, though every word is there.

Read by form alone: a word with a capital, a verb and another such word close behind one another; "by" before the second
one turns the roles round. What is mutual ("met", "married") has no roles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from qa.verification import names
from qa.verification.checks import Compared
from qa.verification.facts import Name
from qa.verification.parsed import Parsed
from qa.verification.slots import Match

BETWEEN = 5
"""Words between two names that are read as one doing something to the other."""
_PARTED = re.compile(
    r"[,;:.!?()“”\"–—]|[’']s?\b(?=\s)|\b(?:and|or|but|than|as|with|who|which|that|while|after|before)\b"
)
_MUTUAL = frozenset("met meet marri talk spoke speak merg divorc date share between join versus play face tie".split())


@dataclass(frozen=True, slots=True)
class Deed:
    """``actor`` does something to ``other``, by one of the words with the ``stems``."""

    actor: Name
    other: Name
    stems: frozenset[str]


def match_roles(compared: Compared) -> Iterator[Match]:
    """Where the evidence lets the other do it, and nowhere the one."""
    theirs = [deed for each in compared.cited for deed in deeds(each.cited)]
    for deed in deeds(compared.claim):
        alike = [each for each in theirs if each.stems & deed.stems]
        right = any(_same(each.actor, deed.actor) and _same(each.other, deed.other) for each in alike)
        turned = [each for each in alike if _same(each.actor, deed.other) and _same(each.other, deed.actor)]
        if turned and not right:
            said = " ".join(turned[0].actor.words)
            yield Match("name", deed.actor.start, deed.actor.end, "differs", said, 1.0)


def deeds(sentence: Parsed) -> Iterator[Deed]:
    """Every pair of names in a row with a verb between them."""
    for one, other in pairwise(_capitals(sentence)):
        between = sentence.text[one.end : other.start]
        first, last = sentence.between(one.end, other.start)
        words = sentence.words[first:last]
        stems = frozenset(word.stem for word in words if word.counts)
        if 0 < len(words) <= BETWEEN and stems and not stems & _MUTUAL and not _PARTED.search(between):
            passive = words[-1].folded == "by"
            yield Deed(other if passive else one, one if passive else other, stems)


def _capitals(sentence: Parsed) -> Iterator[Name]:
    """The runs of words with a capital, the first word of the sentence included: whoever acts often opens it."""
    for capital, run in groupby(enumerate(sentence.words), key=lambda each: each[1].capital and each[1].counts):
        found = [word for _, word in run]
        if capital:
            yield Name(found[0].start, found[-1].end, tuple(sentence.text[each.start : each.end] for each in found))


def _same(one: Name, other: Name) -> bool:
    return names.same(names.core(one), names.core(other))
