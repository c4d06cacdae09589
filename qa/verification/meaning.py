"""About how probable it is that sentences say what a claim says, by words weighed by rarity and by embedding."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from qa.verification.rarity import rarity
from qa.verification.words import Word, readable, words

Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]

REMEMBERED = 4096
SENTENCES = 200


class Meaning:
    """First usable version."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    def prepare(self, sentences: Sequence[str]) -> None:
        """Embed sentences ahead."""
        self._of([readable(each) for each in sentences])

    def support(self, claim: str, sentences: Sequence[str], *, around: Sequence[str] = ()) -> float:
        """About the probability, in [0, 1], that the sentences say what the claim says."""
        claim, texts = readable(claim), [readable(each) for each in sentences if each.strip()][:SENTENCES]
        needed = {each.stem: rarity(each.folded) for each in words(claim) if each.counts}
        if not needed or not texts:
            return 0.0
        found = [words(text) for text in texts]
        near = frozenset(each.stem for text in around for each in words(readable(text)))
        cover = max(_share(needed, [*found[at], *found[min(at + 1, len(found) - 1)]], near) for at in range(len(found)))
        vectors = self._of([claim, *texts])
        own, theirs = vectors[0], vectors[1:]
        pairs = theirs[:-1] + theirs[1:]
        pairs /= np.maximum(np.linalg.norm(pairs, axis=1, keepdims=True), 1e-9)
        cosine = float(np.concatenate([theirs, pairs]).dot(own).max())
        return 1 / (1 + math.exp(-(4.0 * cover + 6.4 * cosine - 7.2)))

    def _of(self, texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            self._vectors.update(zip(new, self._embed(new), strict=True))
        rows = np.stack([self._vectors[text] for text in texts])
        while len(self._vectors) > REMEMBERED:
            self._vectors.popitem(last=False)
        return rows


def _share(needed: dict[str, float], there: Sequence[Word], near: frozenset[str]) -> float:
    held = {each.stem for each in there} | near
    return sum(weight for stem, weight in needed.items() if stem in held) / sum(needed.values())
