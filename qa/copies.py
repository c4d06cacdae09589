"""Near-copies: which articles are one report, printed by several papers with small changes.

One agency report in ten papers is one source, not ten. A copy has another headline, some sentences edited, a
paragraph cut or added, or is only the first half of the report. Two articles on one event that share a quote or a
paragraph of background are no copies, nor is a daily text (a draw, a market's close) that was filled in anew.

An article is the set of its shingles, the runs of three words (Broder, "On the resemblance and containment of
documents", 1997). ``sign`` samples the set as a MinHash signature, in which two articles agree at as many places as
their sets overlap; ``bands`` groups its places into keys, so that copies share a key almost surely and others almost
never (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4); ``is_copy`` decides a pair exactly. A text
cannot tell a reprint from last year's text of the same holiday: the dates do (``WITHIN_DAYS``).

Nothing here reads or writes. Signatures and keys are made to be stored, so that no start makes them again and no crash
parts them from their articles: they depend on the text and ``version()`` alone, never on the process or the platform.
rensa signs (its own index lives in memory, so it is not used).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BANDS",
    "LIKELY",
    "PERMUTATIONS",
    "SIGNATURE_VERSION",
    "WITHIN_DAYS",
    "Overlap",
    "Shingles",
    "bands",
    "is_copy",
    "minima",
    "overlap",
    "shingles",
    "sign",
    "similarities",
    "similarity",
    "version",
]

Shingles = NDArray[np.uint64]
"""The hashes of an article's shingles, ascending, each once."""

SIGNATURE_VERSION = 1
"""Raised when shingles or bands of the same text become others; what is stored must then be made anew."""
SEED = 1

ROWS, BANDS = 3, 42
PERMUTATIONS = ROWS * BANDS
"""Places of a signature. Articles whose sets overlap by j share a band with probability 1 - (1 - j³)⁴²: .999 at
j = .54, .94 at .4, .29 at .2, .04 at .1, 10⁻⁶ at the .003 of unrelated news."""
LIKELY = 0.2
"""The estimated similarity below which ``is_copy`` need not be asked: the least that it takes, .3, less 2.5 errors."""
WITHIN_DAYS = 5
"""Days between two prints of one report. A week later a weekly text has been filled in anew."""

_SAME = 0.5
"""Jaccard similarity from which two texts are one report. Of the pairs of prints that each changed 15 % of the
sentences and cut a paragraph, 97 % are above it; most updates of the next day, half of them new, are below."""
_PART, _LEAST = 0.72, 0.3
"""Containment from which the shorter text is a part of the longer, and the Jaccard similarity that this takes, which
half a report has: a brief that went whole into a feature of four times its length is not the feature."""
_MANY_NUMBERS, _SAME_NUMBERS = 8, 0.75
"""From so many numbers on, this share of those of one text must stand in the other: papers edit words, not figures,
whereas a daily text that is filled in anew keeps its words and changes its figures."""
_ENOUGH = 150
"""Words of prose from which paragraphs that are none do not count."""


@dataclass(frozen=True, slots=True)
class _Measure:
    """What is counted in words, or in characters where no blanks set words apart.

    ``shingle``: fewer meet by chance, more lose too much to one edited word. ``short``: below it an article is one
    shingle, all of it, and matches only itself, for most of it may be a stock phrase. ``long``: beyond it a paragraph
    is no prose but the captions of a gallery or a table, which a paper puts into many articles.
    """

    shingle: int
    short: int
    long: int


_WORDS = _Measure(shingle=3, short=40, long=400)
_CHARACTERS = _Measure(shingle=6, short=80, long=800)

_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
)
"""Scripts that set no blanks between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff"
"""Marks that belong to the word they stand in, which ``\\w`` leaves out."""
_TOKEN = re.compile(rf"[{_SPACELESS}]|(?:[^\W_{_SPACELESS}]|[{_MARKS}]){{1,64}}")
"""A character of such a script, or a word; what is longer than any word is cut, so that it fills no memory."""
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def _constants(name: str, count: int) -> NDArray[np.uint64]:
    """Odd 64-bit numbers without a pattern, the same everywhere for the same name."""
    stream = b"".join(blake2b(f"{name} {i}".encode(), digest_size=8).digest() for i in range(count))
    return np.frombuffer(stream, dtype="<u8").astype(np.uint64) | np.uint64(1)


_POSITIONS = _constants("position", max(_WORDS.shingle, _CHARACTERS.shingle))
_BAND_NUMBERS = _constants("band", BANDS)


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much two sets of shingles share: of both together, and of the smaller one. From 0 to 1."""

    jaccard: float
    containment: float


def shingles(text: str) -> Shingles:
    """The hashes of the shingles of ``text``: case, punctuation and blanks do not matter. Never empty."""
    paragraphs = [_TOKEN.findall(line) for line in _normal(text).split("\n")]
    measure = _measure(paragraphs)
    tokens = _prose(paragraphs, measure)
    if len(tokens) < measure.short:
        return np.array([_digest("\n".join(tokens or _normal(text).split()))], dtype=np.uint64)
    hashes = np.fromiter(map(_hashed, tokens), dtype=np.uint64, count=len(tokens))
    runs = np.zeros(len(tokens) - measure.shingle + 1, dtype=np.uint64)
    for position in range(measure.shingle):
        runs += hashes[position : position + len(runs)] * _POSITIONS[position]
    return np.unique(_mixed(runs))


def sign(text: str) -> bytes:
    """The MinHash signature of ``text``: ``PERMUTATIONS`` unsigned numbers of 32 bits, little-endian."""
    return minima(shingles(text))


def minima(found: Shingles) -> bytes:
    """``sign`` of a text whose shingles are known: under each permutation of all numbers, the least of them."""
    from rensa import RMinHash

    rows = RMinHash.digest_matrix_from_token_hash_sets([found], PERMUTATIONS, SEED).to_rows()
    return np.asarray(rows[0], dtype="<u4").tobytes()


def version() -> str:
    """Of what signatures are made: those of another version say nothing about these."""
    from rensa import RMinHash

    return f"{SIGNATURE_VERSION}, rensa {RMinHash.ALGORITHM_VERSION}"


def bands(signature: bytes) -> list[int]:
    """The keys under which a signature is found, as signed 64-bit integers; each says which band it is of."""
    rows = np.frombuffer(signature, dtype="<u4").astype(np.uint64).reshape(BANDS, ROWS)
    keys = _BAND_NUMBERS.copy()
    for row in range(ROWS):
        keys = _mixed(keys ^ rows[:, row])
    found: list[int] = keys.view(np.int64).tolist()
    return found


def similarity(a: bytes, b: bytes) -> float:
    """The estimated Jaccard similarity of two signed texts, with a standard error of at most .045."""
    return float(similarities(a, [b])[0])


def similarities(signature: bytes, many: list[bytes]) -> NDArray[np.float64]:
    """The estimated Jaccard similarity of one signed text to each of many."""
    others = np.frombuffer(b"".join(many), dtype="<u4").reshape(len(many), PERMUTATIONS)
    agree: NDArray[np.float64] = (others == np.frombuffer(signature, dtype="<u4")).mean(axis=1, dtype=np.float64)
    return agree


def overlap(a: Shingles, b: Shingles) -> Overlap:
    """What two sets of shingles share, exactly."""
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return Overlap(shared / (len(a) + len(b) - shared), shared / min(len(a), len(b)))


def is_copy(a: str, b: str) -> bool:
    """Whether two texts are one report."""
    found = overlap(shingles(a), shingles(b))
    alike = found.jaccard >= _SAME or (found.containment >= _PART and found.jaccard >= _LEAST)
    return alike and _same_numbers(a, b)


def _same_numbers(a: str, b: str) -> bool:
    fewer, more = sorted((_numbers(a), _numbers(b)), key=len)
    return len(fewer) < _MANY_NUMBERS or len(fewer & more) >= _SAME_NUMBERS * len(fewer)


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(_normal(text)))


def _normal(text: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold())


def _measure(paragraphs: list[list[str]]) -> _Measure:
    single = sum(len(word) == 1 and word >= "\u0e00" for words in paragraphs for word in words)
    return _CHARACTERS if 2 * single > sum(map(len, paragraphs)) else _WORDS


def _prose(paragraphs: list[list[str]], measure: _Measure) -> list[str]:
    """The words of all paragraphs, without those that are too long to be prose if enough words remain."""
    prose = [word for words in paragraphs if len(words) <= measure.long for word in words]
    return prose if len(prose) >= _ENOUGH else [word for words in paragraphs for word in words]


@lru_cache(maxsize=1 << 16)
def _hashed(word: str) -> int:
    return _digest(word)


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each number's bits spread over all of its bits (the finaliser of SplitMix64; Steele, Lea, Flood, 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
