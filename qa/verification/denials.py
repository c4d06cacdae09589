"""Where a claim denies what its evidence affirms, or the other way round.

Word by word where the claim lies along a sentence: an odd number of negations and opposites without a counterpart
turns the meaning round. Elsewhere by what stands behind each negation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.verification import facts, polarity
from qa.verification.alignment import Alignment
from qa.verification.checks import Compared
from qa.verification.parsed import Parsed
from qa.verification.slots import ALIGNED, WORD_FOR_WORD, Match
from qa.verification.words import Word, stems

NEAR = 0.5
"""Share of a claim's words beside those of a sentence from which negations can be compared word by word."""
DENIED_WITHIN = 7
"""Words before a clause in which it may be denied."""
CLAUSE = 0.9
"""Share of a claim's words in one clause from which what denies the clause denies the claim."""
_DENYING = frozenset("failed fails fail refused refuses refuse declined declines denied denies unlikely".split())
_DENYING_TO = frozenset("failed fails fail refused refuses refuse declined declines".split())
_UNTRUE = frozenset("false falsely untrue deny denies denied denying myth incorrect wrongly".split())


def match_negations(compared: Compared) -> Iterator[Match]:
    """Where the claim denies what the evidence affirms, or the other way round."""
    near = [each for each in compared.alignments if each.share >= NEAR]
    if near:
        best = max(near, key=lambda each: each.share)
        flipped = _flipped(best) or _denied_before(best)
        if flipped is not None and (best.share >= WORD_FOR_WORD or not _denied_elsewhere(compared, best)):
            yield flipped
        return
    yield from _scopes(compared)


def _denied_elsewhere(compared: Compared, best: Alignment) -> bool:
    """Whether another cited sentence denies what the claim denies."""
    ours = {stem for scope in facts.negated(compared.claim.text, stems) for stem in scope}
    others = (each.cited for each in compared.cited if each.cited is not best.evidence)
    return any(stem in ours for each in others for scope in facts.negated(each.text, stems) for stem in scope)


def _flipped(alignment: Alignment) -> Match | None:
    """By the words that have none beside them: an odd number of negations and opposites turns the meaning round."""
    claim = alignment.claim.words
    signs = [*_negations(alignment), *_opposites(alignment)]
    signs += _denying_words(alignment, signs)
    if len(signs) % 2 == 0:
        return None
    at, other = signs[0]
    said = "" if other is None else _text(alignment.evidence, other)
    place = claim[at] if at is not None else claim[_opposite_place(alignment, other or 0)]
    return Match("negation", place.start, place.end, "differs", said, alignment.share)


Sign = tuple[int | None, int | None]
"""A word of the claim, or of the evidence, or both, that turns a meaning round."""


def _negations(alignment: Alignment) -> Iterator[Sign]:
    """Negations on one side only, unless a word of loss on the other may stand for them ("left without", "lost")."""
    claim, evidence = alignment.claim.words, alignment.evidence.words
    ours, theirs = alignment.free, alignment.unmatched
    denied = [at for at in polarity.negations(claim) if at in set(ours)]
    there = [at for at in polarity.negations(evidence) if at in set(theirs)]
    if denied and there:
        return
    if not facts.LOSSES & {evidence[at].stem for at in theirs}:
        yield from ((at, None) for at in denied if alignment.beside(*_run(alignment, at)) >= ALIGNED)
    if not facts.LOSSES & {claim[at].stem for at in ours}:
        yield from ((None, at) for at in there if _between(alignment, at))


def _opposites(alignment: Alignment) -> Iterator[Sign]:
    """Words that face their opposites."""
    claim, evidence = alignment.claim.words, alignment.evidence.words
    for at in alignment.free:
        if polarity.has_opposite(claim[at]) and claim[at].folded not in polarity.NEGATORS:
            for other in alignment.unmatched:
                named = evidence[other].folded not in polarity.NEGATORS
                if named and _facing(alignment, at, other) and polarity.opposite(claim[at], evidence[other]):
                    yield at, other


def _denying_words(alignment: Alignment, signs: Sequence[Sign]) -> list[Sign]:
    """Words such as "failed" of which one side has more."""
    ours = [at for at in alignment.free if _denies(alignment.claim.words, at)]
    theirs = [at for at in alignment.unmatched if _denies(alignment.evidence.words, at)]
    if len(ours) == len(theirs):
        return []
    extra: list[Sign] = [(at, None) for at in ours if at not in {sign[0] for sign in signs}]
    return extra or [(None, at) for at in theirs if at not in {sign[1] for sign in signs}]


def _run(alignment: Alignment, at: int) -> tuple[int, int]:
    """The words around one of the claim that have none beside them, as it has none, as a half-open range."""
    first = last = at
    while first > 0 and alignment.pairs[first - 1] < 0:
        first -= 1
    while last < len(alignment.pairs) and alignment.pairs[last] < 0:
        last += 1
    return first, last


def _denied_before(alignment: Alignment) -> Match | None:
    """Where the evidence says of what the claim says that it is not so: "it is not true that"."""
    start, _ = alignment.reach
    before = [word.folded for word in alignment.evidence.words[max(0, start - DENIED_WITHIN) : start]]
    doubted = before[-1:] in (["if"], ["whether"], ["unless"])
    denied = before[-1:] == ["that"] and (polarity.NEGATORS | _UNTRUE) & set(before)
    if alignment.share < CLAUSE or alignment.pairs[0] < 0 or not (doubted or denied):
        return None
    word = alignment.claim.words[0]
    end = alignment.claim.words[-1].end
    first = alignment.evidence.words[max(0, start - DENIED_WITHIN)].start
    said = alignment.evidence.text[first : alignment.evidence.words[start].start].strip()
    return Match("negation", word.start, end, "differs", said, alignment.share)


def _between(alignment: Alignment, other: int) -> bool:
    """Whether words of the claim lie close on both sides of a word of the evidence, and close to one another."""
    left = max((at for at, pair in enumerate(alignment.pairs) if 0 <= pair < other), default=-9)
    right = min((at for at, pair in enumerate(alignment.pairs) if pair > other), default=99)
    near = (
        left >= 0 and alignment.pairs[left] >= other - 3 and alignment.pairs[right if right < 99 else left] <= other + 3
    )
    return near and right - left <= 3


def _denies(words: Sequence[Word], at: int) -> bool:
    """Whether a word denies what follows; "the failed bank" is none that did not do something."""
    word = words[at].folded
    return word in _DENYING and (word not in _DENYING_TO or [each.folded for each in words[at + 1 : at + 2]] == ["to"])


def _facing(alignment: Alignment, at: int, other: int) -> bool:
    left, right = alignment.facing(at, at + 1)
    return left - 2 <= other < right + 2


def _opposite_place(alignment: Alignment, other: int) -> int:
    """The claim's word behind the place where the evidence has one more."""
    behind = [at for at, pair in enumerate(alignment.pairs) if pair > other]
    return behind[0] if behind else 0


def _text(parsed: Parsed, at: int) -> str:
    return parsed.text[parsed.words[at].start : parsed.words[at].end]


def _scopes(compared: Compared) -> Iterator[Match]:
    """By what stands behind each negation, where the claim does not lie along a sentence."""
    claim = compared.claim
    ours = facts.negated(claim.text, stems)
    best = [each.evidence for each in compared.alignments if _overlap(claim, each.evidence) >= NEAR]
    if not best:
        return
    theirs = frozenset(scope for each in compared.cited for scope in facts.negated(each.cited.text, stems))
    affirmed = frozenset(stem for each in best for stem in each.stems)
    said, claimed = best[0].text, claim.stems
    inside = frozenset(stem for scope in theirs for stem in scope)
    own = frozenset(stem for scope in ours for stem in scope)
    flipped = _contradicts(ours, affirmed - inside, inside) and not polarity.DENIERS & affirmed
    flipped |= _contradicts(theirs, claimed - own - affirmed, own) and not polarity.DENIERS & claimed
    if not flipped:
        return
    places = polarity.negations(claim.words)
    word = claim.words[places[0]] if places else claim.words[0]
    yield Match("negation", word.start, word.end, "differs", said, ALIGNED)


def _contradicts(negated: frozenset[tuple[str, ...]], affirmed: frozenset[str], there: frozenset[str]) -> bool:
    """Whether what is negated here is affirmed there and not negated, too."""
    for scope in negated:
        term = next((each for each in scope[:2] if each in affirmed or each in there), None)
        if term is not None and term not in there:
            return True
    return False


def _overlap(claim: Parsed, evidence: Parsed) -> float:
    return len(claim.stems & evidence.stems) / len(claim.stems) if claim.stems else 0.0
