"""How rare an English word is, known without any archive.

all-MiniLM's tokenizer has BERT's uncased vocabulary, whose whole words stand about in the order of their frequency in
Wikipedia and books ("the" first). By Zipf's law the frequency of the word at rank r is about 1/r, so that log r is its
self-information up to a constant (Zipf, 1949). Invariant: a rarity lies in (0, ``RAREST``], and depends on nothing but
the word.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache

from qa import minilm

RAREST = math.log(60_000)
"""Rarity of a word that the vocabulary does not hold whole: most names, and words of a trade."""
INFLECTED = 0.3
"""What an inflected form that is not in the vocabulary is rarer than its base."""
COMMONEST = "the"
_ENDINGS = ("s", "es", "ed", "ly", "ing", "d")
LONGEST = 40
"""Letters beyond which nothing is a word."""


@lru_cache(maxsize=65_536)
def rarity(word: str) -> float:
    """The natural logarithm of a word's rank, in (0, ``RAREST``]; ``word`` in small letters, without accents.

    Raises ModelNotInstalled where the package with the vocabulary is missing.
    """
    ranks = _ranks()
    if word in ranks:
        return ranks[word]
    if len(word) <= LONGEST:
        bases = (word[: -len(ending)] for ending in _ENDINGS if word.endswith(ending))
        known = [ranks[base] for base in bases if len(base) > 2 and base in ranks]
        if known:
            return min(known) + INFLECTED
    return RAREST


@lru_cache(maxsize=1)
def _ranks() -> Mapping[str, float]:
    """By word its rarity."""
    whole = (word for word in _vocabulary() if not word.startswith(("##", "[")))
    return {word: of_piece(_vocabulary()[word]) for word in whole}


def of_piece(place: int) -> float:
    """The rarity of a word piece by its place in the vocabulary; signs are as common as "the"."""
    return math.log(max(place - _first(), 0) + 2)


@lru_cache(maxsize=1)
def _first() -> int:
    """The place of the commonest word, before which signs and single letters stand."""
    return _vocabulary()[COMMONEST]


@lru_cache(maxsize=1)
def _vocabulary() -> Mapping[str, int]:
    """The places of all word pieces."""
    tokenizer = json.loads(minilm.locate(*minilm.TOKENIZER).read_text("utf-8"))
    places: dict[str, int] = tokenizer["model"]["vocab"]
    return places
