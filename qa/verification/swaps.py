"""Words of a claim that stand in the place of others, where the claim otherwise repeats its evidence.

A model that copies a sentence and puts another verb or noun into it ("opened the bridge", "praised the bridge") leaves
its neighbours as they are. So only where a claim lies along a sentence word for word is a word held against what it
faces, and only if the two are unlike by themselves: "killed" may stand for "died".
"""

from __future__ import annotations

from collections.abc import Iterator

from qa.verification.checks import Compared
from qa.verification.slots import ALIGNED, WORD_FOR_WORD, Match
from qa.verification.words import Word

UNLIKE = 0.4
"""Likeness of two words by themselves, or of a word and a phrase, below which the one does not stand for the other. Of
200 sentences of the news with their one verb in -ed replaced by another's, 82% show such a word; of 31 faithful
rewordings none, of 267 attributable claims of AttributionBench one."""
FACING = 3
"""Words that a word may stand in the place of."""


def match_words(compared: Compared) -> Iterator[Match]:
    """Each word that stands in the place of unlike ones."""
    claim = compared.claim
    stems = frozenset().union(*(each.cited.stems for each in compared.cited))
    for each in sorted(compared.alignments, key=lambda each: -each.share)[:1]:
        for at, word in enumerate(claim.words if each.share >= WORD_FOR_WORD else ()):
            if each.pairs[at] >= 0 or not _says(word) or word.capital or word.stem in stems:
                continue
            left, right = each.facing(at, at + 1)
            faced = [other for other in each.evidence.words[left:right] if _says(other)]
            ahead = zip(claim.words[:at], each.pairs[:at], strict=True)
            begins = not any(other.counts and beside >= 0 for other, beside in ahead)  # who acts may be put otherwise
            if 1 <= len(faced) <= FACING and each.beside(at, at + 1) >= ALIGNED and not begins:
                phrase = each.evidence.text[faced[0].start : faced[-1].end]
                others = (*(other.folded for other in faced), phrase.lower())
                like = max(compared.likeness(word.folded, other) for other in others)
                if like < UNLIKE:
                    yield Match("words", word.start, word.end, "missing", phrase, 1 - like)


def _says(word: Word) -> bool:
    """Whether a word says what a sentence is about, and is no figure."""
    return word.counts and not word.stem[:1].isdigit()
