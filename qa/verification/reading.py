"""The evidence of an answer, read once, and each of its sentences held to what it cites.

Invariant: a claim that stands word for word in what it cites is supported; one of which a fact differs from its
evidence, or is not there, is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from qa.verification import attribution, checks, denials, facts, hedges, roles, slots, swaps, verdict
from qa.verification.alignment import align
from qa.verification.checks import Compared
from qa.verification.evidence import Evidence, Reference, script_of, split
from qa.verification.meaning import Meaning
from qa.verification.parsed import Parsed
from qa.verification.rarity import rarity
from qa.verification.results import Verification
from qa.verification.words import readable, unmarked

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
Likeness = Callable[[str, str], float]

LAID = 4
"""Sentences that a claim is laid along: those that share most of its words."""
CLOSE = 12
"""Sentences of which the surroundings are read, where a claim cites more."""
TRIED = 6
"""References that are tried as the support of a claim."""
ADDS = 0.05
"""Score that a further reference adds at least."""
NEAREST = 2
"""References that are asked whether they say otherwise."""
ELSEWHERE = 0.3
"""The share of its score that a support loses where none of the claim's numbers stands in it."""
SHARES = 0.2
"""Share of a claim's words, weighed by rarity, from which a sentence may support it at all."""


class Verifier:
    """Holds sentences to the texts that they cite. ``embed`` gives unit vectors, float32 [n, dimensions]."""

    def __init__(self, embed: Embed) -> None:
        self._meaning = Meaning(embed)
        self._likeness = lru_cache(maxsize=4096)(partial(_cosine, embed))

    def read(self, references: Sequence[Reference]) -> Reading:
        """The evidence of an answer, by whose places in ``references`` its sentences cite."""
        return Reading(self._meaning, self._likeness, references)

    def verify(self, claim: str, references: str | Sequence[str | Reference]) -> Verification:
        """The verdict on a sentence that cites whole texts, or the spans of references."""
        given = [references] if isinstance(references, str) else references
        whole = [each for text in given for each in (split(Reference(text)) if isinstance(text, str) else _spans(text))]
        return self.read(whole).verify(claim, range(len(whole)))


def _cosine(embed: Embed, one: str, other: str) -> float:
    first, second = embed([one, other])
    return float(first @ second)


def _spans(reference: Reference) -> list[Reference]:
    """A reference as it is, or a whole text by its sentences."""
    whole = reference.start == 0 and reference.end is None
    return split(reference) if whole else [reference]


class Reading:
    """References read for the claims of one answer. One thread at a time."""

    def __init__(self, meaning: Meaning, likeness: Likeness, references: Sequence[Reference]) -> None:
        self._meaning = meaning
        self._likeness = likeness
        self._script = script_of(references)
        self._evidence = [Evidence(each, self._script) for each in references]

    def verify(self, claim: str, cited: Sequence[int], *, before: str = "") -> Verification:
        """The verdict on a claim that cites the references at these places.

        ``before``: the sentence of the answer before it. Raises IndexError for a place that is not there.
        """
        parsed = self._parse(claim)
        chosen = [self._evidence[at] for at in dict.fromkeys(cited)]
        chosen = [each for each in chosen if each.cited.words]
        return self._verdict(claim, parsed, chosen, self._parse(before))

    def prepare(self) -> None:
        """Read all the evidence ahead, which the first verifications otherwise do: worth it while a model thinks."""
        self._meaning.prepare([each.cited.text for each in self._evidence if each.cited.words])

    def support(self, claim: str, *, among: Sequence[int] | None = None, before: str = "") -> tuple[int, ...]:
        """The one to three references that support the claim best together, in order; none where nothing does."""
        parsed, earlier = self._parse(claim), self._parse(before)
        places = range(len(self._evidence)) if among is None else dict.fromkeys(among)
        shares = {at: self._share(parsed, self._evidence[at].cited) for at in places}
        tried = sorted((at for at in shares if shares[at] >= SHARES), key=lambda at: (-shares[at], at))[:TRIED]
        chosen: list[int] = []
        score = 0.0
        for _ in range(3):
            options = [
                (self._worth(claim, parsed, [self._evidence[each] for each in (*chosen, at)], earlier), -at)
                for at in tried
                if at not in chosen
            ]
            if not options or max(options)[0] < score + ADDS:
                break
            score, at = max(options)
            chosen.append(-at)
            if score >= verdict.SURE:
                break
        return tuple(sorted(chosen))

    def nearest(self, claim: str) -> tuple[int, ...]:
        """The references that share most of a claim's words, ``NEAREST`` at most: what may say otherwise."""
        parsed = self._parse(claim)
        shares = {at: self._share(parsed, each.cited) for at, each in enumerate(self._evidence)}
        best = sorted((at for at in shares if shares[at] >= SHARES), key=lambda at: (-shares[at], at))
        return tuple(best[:NEAREST])

    def _worth(self, text: str, claim: Parsed, chosen: Sequence[Evidence], before: Parsed) -> float:
        """The score of evidence for a claim, less for the claim's numbers that only stand around it."""
        wanted = facts.numbers(claim.text)
        lacking = wanted.difference(*(facts.numbers(each.cited.text) for each in chosen))
        share = len(lacking) / len(wanted) if wanted else 0.0
        return self._verdict(text, claim, chosen, before).score * (1 - ELSEWHERE * share)

    def _parse(self, text: str) -> Parsed:
        return Parsed(unmarked(readable(text)[: verdict.LONGEST]), self._script)

    def _share(self, claim: Parsed, sentence: Parsed) -> float:
        """The share of a claim's words, weighed by rarity, that a sentence has."""
        weights = {word.stem: rarity(word.folded) for word in claim.words if word.counts}
        whole = sum(weights.values())
        return sum(weights[stem] for stem in weights if stem in sentence.stems) / whole if whole else 0.0

    def _verdict(self, text: str, claim: Parsed, chosen: Sequence[Evidence], before: Parsed) -> Verification:
        if not claim.words or not chosen:
            return verdict.of_original(verdict.nothing(claim), text)
        if verdict.verbatim(claim, chosen):
            return Verification("supported", 1.0)
        shares = sorted(chosen, key=lambda each: -self._share(claim, each.cited))
        close = shares[:CLOSE]
        compared = Compared(claim, close, [align(claim, each.cited) for each in close[:LAID]], before, self._likeness)
        matches = [
            *slots.match_values(
                claim,
                compared.alignments,
                [each.cited for each in close],
                [part for each in close for part in each.around],
            ),
            *checks.match_names(compared),
            *checks.match_openings(compared),
            *checks.match_quotations(compared),
            *attribution.match_speakers(compared),
            *denials.match_negations(compared),
            *hedges.match_hedges(compared),
            *roles.match_roles(compared),
            *swaps.match_words(compared),
        ]
        near = [sentence for each in close[:3] for sentence in each.sentences_around]
        rest = verdict.in_words_of_evidence(claim, matches, close)
        meaning = self._meaning.support(rest, [each.cited.text for each in chosen], around=tuple(near))
        whole = len(text) <= verdict.LONGEST and claim.is_whole
        return verdict.of_original(verdict.combine(compared, matches, meaning, whole=whole), text)
