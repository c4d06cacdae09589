"""A text as words with their places, written one way: small, without accents, with their stems.

Invariant: ``text[word.start:word.end]`` is the word as it stands, whatever the text holds. "didn't" is two words,
"did" and "not", so that a negation is one however it is written; a hyphen parts words; a possessive s is none.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from qa.stop_words import STOP_WORDS

LONGEST = 20_000
"""Characters of a text that are looked at: beyond it nobody means one sentence or one passage."""

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:[’'][^\W\d_]+)?|[%$£€¥]")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff\ud800-\udfff]")
_MARKER = re.compile(r"\[\^?\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]|【\d{1,3}[^】]{0,20}】|^\s*\d{1,2}[.)]\s", re.MULTILINE)
"""A citation, or the number of a line in a list."""
_ENDING = re.compile(r"[’'](?:s|re|ve|ll|d|m|t)?\Z", re.IGNORECASE)
_NOT = re.compile(r"n[’']t\Z", re.IGNORECASE)
_WHOLE = {"ca": "can", "wo": "will", "sha": "shall"}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Word:
    """``text[start:end]`` as ``folded`` (small, no accents) and as ``stem``; ``capital``: it begins with one."""

    start: int
    end: int
    folded: str
    stem: str
    capital: bool

    @property
    def counts(self) -> bool:
        """Whether it says what a sentence is about, rather than holding it together."""
        return is_content(self.stem)


def readable(text: str) -> str:
    """``text`` in its first ``LONGEST`` characters, with blanks for what cannot be read; offsets stay."""
    return _UNREADABLE.sub(" ", text[:LONGEST])


def unmarked(text: str) -> str:
    """``text`` with blanks for the citations in it, the numbers of its lines and the signs of Markdown."""
    return _MARKER.sub(lambda found: " " * len(found[0]), text).replace("**", "  ").replace("`", " ")


def words(text: str) -> tuple[Word, ...]:
    """The words of a readable ``text``, in their order."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        start, end, word = match.start(), match.end(), match[0]
        if ("’" in word or "'" in word) and _NOT.search(word):
            base = fold(word[:-3])
            base = _WHOLE.get(base, base)
            found.append(Word(start, end - 3, base, stem(base), word[0].isupper()))
            found.append(Word(end - 3, end, "not", "not", capital=False))
            continue
        if "’" in word or "'" in word:
            word = _ENDING.sub("", word)
            end = start + len(word)
        folded = fold(word)
        if folded == "cannot":
            found.append(Word(start, start + 3, "can", "can", capital=False))
            folded, start = "not", start + 3
        if folded:
            found.append(Word(start, end, folded, stem(folded), word[0].isupper()))
    return tuple(found)


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """``word`` small and without accents and apostrophes."""
    if not word.isascii():
        parts = unicodedata.normalize("NFKD", word)
        word = "".join(each for each in parts if not unicodedata.combining(each))
    return word.casefold().replace("’", "").replace("'", "")


@lru_cache(maxsize=65_536)
def stem(folded: str) -> str:
    """The stem of a folded word; a figure is its own, without the commas that group it."""
    if folded[:1].isdigit():
        return re.sub(r",(?=\d{3}(?!\d))", "", folded)
    with _lock:  # a stemmer keeps state
        return str(_stemmer().stemWord(folded))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


_SAYS_NOTHING = STOP_WORDS | frozenset(
    """a abl across almost alreadi although alway am amid among around away back can cannot come could done even ever
    get go goe gone got however includ involv let may meanwhil might must never onto per rather sinc still thus toward
    un upon via way went were within without would yet accord whether while not is are be been being it""".split()
)


def is_content(stemmed: str) -> bool:
    """Whether a stem says what a sentence is about."""
    return (len(stemmed) > 1 and stemmed not in _SAYS_NOTHING) or stemmed.isdigit()


_ENGLISH = frozenset(
    "the of and to in is was that for on with by at from it has have are were be an as he his not will".split()
)
_FOREIGN = frozenset(
    """de la le les des du et en que est une un dans pour au aux par sur qui il elle ne pas son sa ses ont der die das
    und ist von zu mit den dem ein eine nicht auf fur im sich wurde hat el los las del se por con una para su fue han
    che di per non sono della nel stato het een van op te dat voor met zijn em uma nao os foi""".split()
)


def is_english(text: str, found: Sequence[Word]) -> bool:
    """Whether a text may be English: not where another language's little words and accents outnumber its own words."""
    own = sum(word.folded in _ENGLISH for word in found)
    other = sum(
        word.folded in _FOREIGN or not (word.capital or text[word.start : word.end].replace("’", "").isascii())
        for word in found
    )
    return other < 2 or other <= own


def stems(text: str) -> list[str]:
    """The stems of a text, in order, with doubles: what ``facts.negated`` takes as terms."""
    return [each.stem for each in words(text)]


def content(found: Sequence[Word]) -> frozenset[str]:
    """The stems that say what words are about."""
    return frozenset(each.stem for each in found if each.counts)
