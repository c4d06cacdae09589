"""How much of a claim's phrases evidence holds, by the vectors of their word pieces.

A phrase is ``PHRASE`` word pieces in a row, its vector the sum of theirs as all-MiniLM has them in their sentence. Each
phrase of a claim is compared with all of the evidence, and its best cosine counts by how rare its words are. It is the
recall of BERTScore (Zhang and others, 2020) over phrases instead of single pieces: words must stand in like company,
not only occur. Invariant: a text compared with itself gives 1.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import starmap
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from qa.embedders import LocalEmbedder
from qa.verification.rarity import of_piece

Matrix = NDArray[np.float32]

PHRASE = 3
"""Word pieces of a phrase. Over AttributionBench's development set two to six do equally well, one and ten worse."""
TOGETHER = 5
"""Pieces of evidence in a row that may support a claim together: what does so stands close together."""
REMEMBERED = 1_024
"""Texts whose phrases are kept, about 24 kB each."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of a text: ``vectors`` [n, 384], float16, of length 1; ``weights`` [n], their rarity."""

    vectors: NDArray[np.float16]
    weights: Matrix


class PhraseReader:
    """Reads texts with the local model, the latest ``REMEMBERED`` of them once. May be shared between threads."""

    def __init__(self, model: LocalEmbedder) -> None:
        self._model = model
        self._kept: OrderedDict[str, Phrases] = OrderedDict()
        self._lock = Lock()

    def read(self, texts: Sequence[str]) -> list[Phrases]:
        """The phrases of each text, in order; of a text, its first 256 word pieces are read."""
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
        new = list(dict.fromkeys(text for text in texts if text not in found))
        found.update(zip(new, starmap(_phrases, self._model.embed_pieces(new)), strict=True))
        with self._lock:
            for text in texts:
                self._kept[text] = found[text]
                self._kept.move_to_end(text)
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
        return [found[text] for text in texts]

    def recall(self, claim: Sequence[str], evidence: Sequence[str], near: Sequence[str]) -> tuple[float, float]:
        """How much of a claim, given in pieces, is in the best ``TOGETHER`` texts in a row, in [0, 1].

        Then the same with the texts ``near`` counted in. None of ``claim`` and ``evidence`` may be empty.
        """
        read = self.read([*claim, *evidence, *near])
        own, rest = read[: len(claim)], read[len(claim) :]
        vectors = np.concatenate([each.vectors for each in own]).astype(np.float32)
        weights = np.concatenate([each.weights for each in own])
        best = _best(vectors, rest)
        there, beside = best[:, : len(evidence)], best[:, len(evidence) :]
        runs = [there[:, at : at + TOGETHER].max(axis=1) for at in range(max(1, there.shape[1] - TOGETHER + 1))]
        alone = max(float(weights @ each) for each in runs)
        helped = max(float(weights @ np.maximum(each, beside.max(axis=1, initial=-1.0))) for each in runs)
        total = float(weights.sum())
        return _share(alone / total), _share(helped / total)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))


def _best(vectors: Matrix, texts: Sequence[Phrases]) -> Matrix:
    """The best cosine of each phrase, [n], to each text, [m]: [n, m].

    Text by text: products so small are computed by this thread alone, where one over all texts wakes others for it.
    """
    return np.stack([(vectors @ each.vectors.T.astype(np.float32)).max(axis=1) for each in texts], axis=1)


def _phrases(places: Sequence[int], hidden: Matrix) -> Phrases:
    rare = np.array([of_piece(place) for place in places], dtype=np.float32)
    size = min(PHRASE, len(places))
    vectors = sum(hidden[at : len(hidden) - size + 1 + at] for at in range(size))
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    weights = np.convolve(rare, np.ones(size, dtype=np.float32), "valid")
    return Phrases((vectors / np.maximum(lengths, 1e-9)).astype(np.float16), weights.astype(np.float32))
