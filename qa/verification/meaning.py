"""About how probable it is that sentences say what a claim says, by their words and their embedding.

Two signals, each of which has a reason on any text: ``match``, how much of the claim's phrases the evidence holds
(``phrases.py``; ``cosines.py`` where the model gives no vectors of word pieces), and ``missing``, the numbers of the
claim that the evidence does not have. Days and years are left out: they may be meant by "yesterday" or known from the
day of publication, which is not known here.

Invariants: the result is in [0, 1] and depends on nothing but the texts. What only stands around the evidence adds
``AROUND`` to the match at most: it says who "he" is, not what he did.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from qa.embedders import LocalEmbedder
from qa.verification import facts
from qa.verification.cosines import CosineReader
from qa.verification.phrases import PhraseReader
from qa.verification.rarity import rarity
from qa.verification.words import readable, unmarked, words

Embed = Callable[[Sequence[str]], NDArray[np.float32]]

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d(?:s\b|\b)")

MATCH, MISSING, BIAS = 12.0, -2.3, -8.04
"""Weights of the two signals and the bias: without a number missing, a match of .67 supports.

Fitted by logistic regression on AttributionBench's development set (n = 1,198), the weights are 7.8, -1.6 and -5.2: the
same threshold, with a flat slope, since on one of its sets (ExpertQA) the signals tell little. The slope was raised so
that a sentence of the news against itself comes out at .98 and against five sentences of the nearest other article
(RealTimeQA, n = 150, match .31 at the median, .51 at the 95th percentile) at .13 at most in 95%. Macro F1 over all and
mean over the four sets, weights fitted: .726 and .745 in sample, .725 and .743 in five folds by question, ten times,
.707 and .726 with each set left out in turn; .731 and .751 in sample with the weights as they stand. The signals were
chosen among some hundred on the same claims, so that all of these flatter.
"""
AROUND = 0.1
"""What the words around the evidence add to the match at most."""

CLAIM = 4_000
"""Characters of a claim that are looked at."""
PIECE = 600
"""Characters that are embedded as one: the model reads no more than 256 word pieces of a text."""
READ = 200_000
"""Characters of evidence that are looked at."""
EMBEDDED = 48
"""Pieces of evidence that are embedded for a claim: those that share most of its words."""
NEAR = 8
"""Pieces that are looked at of what stands around it."""
PREPARED = 512
"""Pieces that are embedded ahead: no more than are remembered."""


class Meaning:
    """Weighs claims against evidence.

    ``embed`` gives unit vectors, float32 [n, dimensions]; of a ``LocalEmbedder``, whose method it is, the word pieces
    are read. What was read is remembered, within bounds. May be shared between threads; errors are the model's.
    """

    def __init__(self, embed: Embed) -> None:
        model = getattr(embed, "__self__", None)
        self._reader: PhraseReader | CosineReader
        self._reader = PhraseReader(model) if isinstance(model, LocalEmbedder) else CosineReader(embed)

    def prepare(self, sentences: Sequence[str]) -> None:
        """Embed evidence ahead, in batches."""
        pieces = _pieces(sentences)[:PREPARED]
        if pieces:
            self._reader.read(pieces)

    def support(self, claim: str, sentences: Sequence[str], *, around: Sequence[str] = ()) -> float:
        """About the probability, in [0, 1], that the sentences say what the claim says; from 0.5 they do.

        ``around``: the sentences and the title around them. 0 for a claim or evidence without words.
        """
        match, missing = self.signals(claim, sentences, around=around)
        return 1 / (1 + math.exp(-(MATCH * match + MISSING * missing + BIAS))) if match else 0.0

    def signals(self, claim: str, sentences: Sequence[str], *, around: Sequence[str] = ()) -> tuple[float, int]:
        """What ``support`` weighs: the match, in [0, 1], and how many numbers are missing, two at most."""
        claim = unmarked(readable(claim))[:CLAIM]
        own, pieces, near = _pieces([claim]), _pieces(sentences), _pieces(around)[:NEAR]
        if not own or not pieces:
            return 0.0, 0
        wanted = _values([_undated(claim)])
        missing = len(wanted - _values([*pieces, *near])) if wanted else 0
        alone, helped = self._reader.recall(own, _nearest(claim, pieces), near)
        return alone + min(AROUND, helped - alone), min(2, missing)


def _pieces(texts: Iterable[str]) -> list[str]:
    """Readable texts that hold words, cut at blanks where they are too long to be embedded as one."""
    found: list[str] = []
    left = READ
    for each in texts:
        text = readable(each[:left])
        left -= len(text)
        while text := text.strip():
            cut = len(text) if len(text) <= PIECE else text.rfind(" ", 1, PIECE)
            cut = cut if cut > 0 else PIECE
            if any(map(str.isalnum, text[:cut])):
                found.append(text[:cut])
            text = text[cut:]
        if left <= 0:
            break
    return found


def _values(texts: Iterable[str]) -> frozenset[float]:
    return frozenset(value for text in texts for value, _ in facts.numbers(text))


def _undated(text: str) -> str:
    return _YEAR.sub(" ", facts.without_dates(text))


def _nearest(claim: str, pieces: list[str]) -> list[str]:
    """The pieces that share most of a claim's words, weighed by rarity, in their order."""
    if len(pieces) <= EMBEDDED:
        return pieces
    needed = {each.stem: rarity(each.folded) for each in words(claim) if each.counts}
    shared = [sum(needed[stem] for stem in needed.keys() & {each.stem for each in words(text)}) for text in pieces]
    best = sorted(range(len(pieces)), key=lambda at: (-shared[at], at))[:EMBEDDED]
    return [pieces[at] for at in sorted(best)]
