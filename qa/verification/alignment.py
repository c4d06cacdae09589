"""A claim laid beside a sentence of its evidence, word by word.

What a model changes in a sentence shows as a place where the words differ and their neighbours do not: the evidence's
words there are what the claim has in their stead. Matching blocks are difflib's (Ratcliff and Obershelp).
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from qa.verification.parsed import Parsed

LONGEST = 160
"""Words of either side that are laid side by side: the search is quadratic."""
BESIDE = 3
"""Neighbours on either side of a place that tell whether it is aligned."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """``pairs[i]`` is the word of ``evidence`` beside word ``i`` of ``claim``, or -1. Both rise together."""

    claim: Parsed
    evidence: Parsed
    pairs: tuple[int, ...]

    @property
    def share(self) -> float:
        """The share of the claim's words that have one beside them."""
        return sum(at >= 0 for at in self.pairs) / len(self.pairs) if self.pairs else 0.0

    def facing(self, first: int, last: int) -> tuple[int, int]:
        """The words of the evidence that stand in the place of ``claim.words[first:last]``, as a half-open range."""
        left = max((at for at in self.pairs[:first] if at >= 0), default=-1)
        right = min((at for at in self.pairs[last:] if at >= 0), default=len(self.evidence.words))
        return left + 1, right

    def beside(self, first: int, last: int) -> float:
        """The share of the neighbours of ``claim.words[first:last]`` that have a word beside them, close by."""
        left, right = self.facing(first, last)
        near = [at for at in self.pairs[max(0, first - BESIDE) : first] if at >= 0 and left - at <= 2 * BESIDE]
        near += [at for at in self.pairs[last : last + BESIDE] if at >= 0 and at - right < 2 * BESIDE]
        there = min(first, BESIDE) + min(len(self.pairs) - last, BESIDE)
        return len(near) / there if there else 0.0

    @property
    def reach(self) -> tuple[int, int]:
        """The words of the evidence from the first that is matched to the last, as a half-open range."""
        matched = [at for at in self.pairs if at >= 0]
        return (matched[0], matched[-1] + 1) if matched else (0, 0)

    @property
    def free(self) -> list[int]:
        """The words of the claim that have none beside them."""
        return [at for at, pair in enumerate(self.pairs) if pair < 0]

    @property
    def unmatched(self) -> list[int]:
        """The words of the evidence within ``reach`` that have none of the claim beside them."""
        matched = set(self.pairs)
        first, last = self.reach
        return [at for at in range(first, last) if at not in matched]


def align(claim: Parsed, evidence: Parsed) -> Alignment:
    """The claim beside a sentence, in the first ``LONGEST`` words of both."""
    ours = [word.stem for word in claim.words[:LONGEST]]
    theirs = [word.stem for word in evidence.words[:LONGEST]]
    pairs = [-1] * len(claim.words)
    for block in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            pairs[block.a + step] = block.b + step
    return Alignment(claim, evidence, tuple(pairs))
