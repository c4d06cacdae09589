"""How much of a claim evidence holds, for embedding models that give no vectors of word pieces.

Two things are averaged: the share of the claim's words, weighed by rarity, in the best ``RUN`` texts in a row, and the
best cosine of the claim to one text or two in a row. Models differ in the cosine of texts that have nothing in common:
it is measured on ``STRANGERS`` and put to all-MiniLM's. Over AttributionBench's development set (n = 1,198, all-MiniLM,
weights fitted) macro F1 is .705 over all and .725 as mean of the four sets, where phrases give .726 and .745.
Invariant: the result is in [0, 1], and 1 for a text and itself.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from qa.verification.rarity import rarity
from qa.verification.words import words

Matrix = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Matrix]

RUN = 4
"""Texts in a row whose words count together."""
COSINE = 0.5
"""Weight of the cosine; the rest is the words'."""
UNLIKE = 0.05
"""Cosine of texts that have nothing in common, as all-MiniLM has it."""
STRANGERS = (
    "The ferry reached the island an hour late.",
    "Her second novel is set in a mining town.",
    "Interest rates were left where they are.",
    "The goalkeeper saved two penalties.",
    "Beavers were released into the river in spring.",
    "A court adjourned the trial until March.",
)
REMEMBERED = 2_048
"""Texts whose vectors are kept."""


class CosineReader:
    """Reads texts with any model, the latest ``REMEMBERED`` of them once. May be shared between threads."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._kept: OrderedDict[str, Matrix] = OrderedDict()
        self._lock = Lock()

    @cached_property
    def unlike(self) -> float:
        """The mean cosine, by this model, of texts that have nothing in common."""
        vectors = np.asarray(self._embed(STRANGERS))
        return float((vectors @ vectors.T)[np.triu_indices(len(STRANGERS), 1)].mean())

    def read(self, texts: Sequence[str]) -> Matrix:
        """The unit vector of each text, [n, dimensions]."""
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
        new = list(dict.fromkeys(text for text in texts if text not in found))
        if new:
            found.update(zip(new, np.asarray(self._embed(new)), strict=True))
        with self._lock:
            for text in texts:
                self._kept[text] = found[text]
                self._kept.move_to_end(text)
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
        return np.stack([found[text] for text in texts])

    def recall(self, claim: Sequence[str], evidence: Sequence[str], near: Sequence[str]) -> tuple[float, float]:
        """How much of a claim, given in pieces, the evidence holds, in [0, 1]; then with the texts ``near`` as well.

        None of ``claim`` and ``evidence`` may be empty.
        """
        vectors = self.read([*claim, *evidence])
        own, rest = vectors[: len(claim)], vectors[len(claim) :]
        cosine = float(np.mean((_runs(rest) @ own.T).max(axis=0)))
        cosine = 1 - (1 - cosine) * (1 - UNLIKE) / max(1 - self.unlike, 1e-3)
        needed = {each.stem: rarity(each.folded) for text in claim for each in words(text) if each.counts}
        stems = [frozenset(each.stem for each in words(text)) for text in evidence]
        beside = frozenset(each.stem for text in near for each in words(text))
        alone, helped = (
            COSINE * cosine + (1 - COSINE) * _cover(needed, stems, extra) for extra in (frozenset[str](), beside)
        )
        return min(1.0, max(0.0, alone)), min(1.0, max(0.0, helped))


def _runs(vectors: Matrix) -> Matrix:
    """The vectors of single texts, and those of two in a row."""
    pairs = vectors[1:] + vectors[:-1]
    lengths = np.linalg.norm(pairs, axis=1, keepdims=True)
    return np.concatenate([vectors, pairs / np.maximum(lengths, 1e-9)])


def _cover(needed: Mapping[str, float], stems: Sequence[frozenset[str]], beside: frozenset[str]) -> float:
    """The share of what is needed in the best texts in a row; 1 for a claim of stop words."""
    total = sum(needed.values())
    best = max(
        sum(needed[stem] for stem in needed.keys() & beside.union(*stems[at : at + RUN]))
        for at in range(max(1, len(stems) - RUN + 1))
    )
    return best / total if total else 1.0
