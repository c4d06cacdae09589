"""Names, quotations, speakers and negations of a claim against its evidence.

Each check gives what it found, what is missing and what the evidence has in its stead; what it does not understand it
leaves alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qa.verification import facts, names, polarity, quotations
from qa.verification.alignment import Alignment
from qa.verification.evidence import Evidence
from qa.verification.facts import Name
from qa.verification.parsed import Parsed
from qa.verification.results import Status
from qa.verification.slots import ALIGNED, WORD_FOR_WORD, Match, in_order
from qa.verification.speakers import Saying
from qa.verification.words import Word, fold, stems

ALONG = 0.6
"""Share of a claim's words beside those of a sentence from which another name in a name's place is held against it."""
SAME_MATTER = 0.4
"""Share of a claim's words beside those of a sentence from which its speaker is held to that sentence."""
ONE_ROLE = 0.6
"""Cosine from which two words may name the same people: "officials" and "authorities" have .69, "police" and
"prosecutors" .52."""
NEAR = 0.6
"""Share of a claim's words beside those of a sentence from which negations can be compared word by word."""
_DENYING_VERBS = frozenset("denied denies rejected rejects disputed disputes refuted refutes".split())


@dataclass(frozen=True, slots=True)
class Compared:
    """A claim with what it cites, the best sentences laid along it, and the sentence of the answer before it."""

    claim: Parsed
    cited: Sequence[Evidence]
    alignments: Sequence[Alignment]
    before: Parsed
    likeness: Callable[[str, str], float]

    def forms(self) -> frozenset[str]:
        """The folded words of the evidence and around it."""
        return frozenset().union(*(each.forms for each in self.cited))


def match_names(compared: Compared) -> Iterator[Match]:
    """What becomes of each name."""
    forms = compared.forms()
    there = [name for each in compared.cited for part in (each.cited, *each.around) for name in part.names]
    cores = [names.core(name) for name in there]
    for name in compared.claim.names:
        if _taken(compared.claim, name):
            continue
        differs = _other_name(compared, name)
        if differs is not None:
            yield differs
        elif _is_known(name, forms, cores, compared):
            yield Match("name", name.start, name.end, "found")
        else:
            yield Match("name", name.start, name.end, "missing", _namesake(name, there))


def _taken(claim: Parsed, name: Name) -> bool:
    """Whether a name is part of a date or of a quotation, which are looked for as such."""
    spans = [(each.start, each.end) for each in claim.moments] + [(each.start, each.end) for each in claim.quotations]
    return any(start < name.end and name.start < end for start, end in spans)


def _is_known(name: Name, forms: frozenset[str], cores: Sequence[tuple[str, ...]], compared: Compared) -> bool:
    own = names.core(name)
    if names.known(name, forms) or _is_explained(compared.claim, name):
        return True
    for core in cores:
        further = set(own) - set(core)
        if names.same(own, core) and all(part in forms or names.is_land(part) for part in further if len(core) > 1):
            return len(own) <= len(core) or len(core) > 1
    return any(_in_full(own, each) for each in compared.cited)


def _is_explained(claim: Parsed, name: Name) -> bool:
    """Whether a name is the acronym in brackets of the words before it."""
    if claim.text[name.start - 1 : name.start] != "(" or len(name.words) > 1:
        return False
    first, _ = claim.between(name.start, name.end)
    initials = "".join(word.folded[0] for word in claim.words[max(0, first - len(name.words[0])) : first])
    return initials == fold(name.words[0])


def _in_full(own: Sequence[str], evidence: Evidence) -> bool:
    """Whether a text gives a name elsewhere."""
    return f" {' '.join(own)} " in evidence.line


def _namesake(name: Name, there: Sequence[Name]) -> str:
    """The evidence's name with the same surname and another first name."""
    own = names.core(name)
    if len(own) < 2:
        return ""
    same = (each for each in there if len(each.words) > 1 and names.core(each)[-1] == own[-1])
    return next((" ".join(each.words) for each in same), "")


def _other_name(compared: Compared, name: Name) -> Match | None:
    """Another name in the same place of the sentence that lies best along the claim there."""
    claim = compared.claim
    first, last = claim.between(name.start, name.end)
    own = names.core(name)
    for each in in_order(compared.alignments, first, last):
        if each.beside(first, last) < ALIGNED or each.share < ALONG:
            continue
        left, right = each.facing(first, last)
        if right <= left:
            continue
        words = each.evidence.words[left:right]
        facing = _capitalised(each.evidence, left, right)
        if any(names.same(own, names.core(other)) for other in facing) or _among(own, words):
            return None
        partly = any(at >= 0 for at in each.pairs[first:last])
        proper = facing if not partly else [other for other in facing if set(names.core(other)) & set(own)]
        if proper and all(_is_new(claim, other) for other in proper):
            said = each.evidence.text[proper[0].start : proper[0].end]
            return Match("name", name.start, name.end, "differs", said, each.beside(first, last))
    return None


def _capitalised(parsed: Parsed, left: int, right: int) -> list[Name]:
    """The names among some words, with the word that opens the sentence where it is not known to be written small."""
    start, end = parsed.words[left].start, parsed.words[right - 1].end
    found = [other for other in parsed.names if other.start < end and start < other.end]
    first = parsed.words[0]
    if not found and left == 0 and names.may_open(first, parsed.script.small):
        found = [Name(first.start, first.end, (parsed.text[first.start : first.end],))]
    return found


def match_openings(compared: Compared) -> Iterator[Match]:
    """Where the word that opens the claim may be a name, and the evidence opens with another and goes on alike."""
    claim = compared.claim
    first = claim.words[0]
    if not names.may_open(first, claim.script.small) or any(
        name.start <= first.start < name.end for name in claim.names
    ):
        return
    found = _other_name(compared, Name(first.start, first.end, (claim.text[first.start : first.end],)))
    if found is not None:
        yield found


def _among(own: Sequence[str], words: Sequence[Word]) -> bool:
    there = {word.folded for word in words}
    return all(any(names.alike(part, other) for other in there) for part in own)


def _is_new(claim: Parsed, other: Name) -> bool:
    """Whether a name of the evidence is not one that the claim gives elsewhere, too."""
    core = names.core(other)
    return not all(part in claim.folded for part in core)


def match_quotations(compared: Compared) -> Iterator[Match]:
    """What becomes of each quotation."""
    for quoted in compared.claim.quotations:
        text = compared.claim.text[quoted.start : quoted.end]
        parts = [part for each in compared.cited for part in (each.cited, *each.around)]
        if any(quotations.stands(text, part.words) for part in parts):
            yield Match("quotation", quoted.start, quoted.end, "found")
            continue
        said = next((close for part in parts if (close := quotations.closest(text, part.text, part.words))), "")
        if said and quotations.is_title(text):
            continue
        status: Status = "differs" if said and len(text.split()) > 2 else "missing"
        yield Match("quotation", quoted.start, quoted.end, status, said, ALIGNED if said else 0.0)


def match_speakers(compared: Compared) -> Iterator[Match]:
    """Of each speaker, whether the evidence lets another say the same."""
    if not compared.alignments:
        return
    best = max(compared.alignments, key=lambda each: each.share)
    for saying in compared.claim.sayings:
        if saying.core:
            found = _speaker(compared, best, saying)
        elif saying.pronoun:
            found = _meant(compared, best, saying)
        else:
            found = _role(compared, best, saying)
        if found is not None:
            yield found


def _speaker(compared: Compared, best: Alignment, saying: Saying) -> Match | None:
    """Where a sentence on the same matter has a speaker by another name."""
    theirs = best.evidence.sayings
    if best.share < SAME_MATTER or not theirs or any(names.same(saying.core, other.core) for other in theirs):
        return None
    if _mentions(best.evidence, saying.core):
        return None
    named = [other for other in theirs if other.core]
    if len(named) == len(theirs):
        said = best.evidence.text[named[0].start : named[0].end]
        return Match("speaker", saying.start, saying.end, "differs", said, best.share)
    near = next(each.forms for each in compared.cited if each.cited is best.evidence)
    if any(part in near for part in saying.core):
        return None
    said = best.evidence.text[theirs[0].start : theirs[0].end]
    return Match("speaker", saying.start, saying.end, "missing", said, best.share)


def _meant(compared: Compared, best: Alignment, saying: Saying) -> Match | None:
    """Where "he said" follows a sentence that names nobody by whom the evidence lets it be said."""
    meant = [names.core(name) for name in compared.before.names]
    theirs = best.evidence.sayings
    if not meant or best.share < SAME_MATTER or not theirs or not all(other.core for other in theirs):
        return None
    if any(names.same(core, other.core) for core in meant for other in theirs):
        return None
    said = best.evidence.text[theirs[0].start : theirs[0].end]
    return Match("speaker", saying.start, saying.end, "differs", said, best.share)


def _role(compared: Compared, best: Alignment, saying: Saying) -> Match | None:
    """Where "police said" stands for "prosecutors said" in a sentence repeated."""
    if saying.pronoun or best.share < WORD_FOR_WORD:
        return None
    first, last = compared.claim.between(saying.start, saying.end)
    changed = [at for at in range(first, last) if best.pairs[at] < 0 and compared.claim.words[at].counts]
    left, right = best.facing(changed[0], changed[-1] + 1) if changed else (0, 0)
    there = [word for word in best.evidence.words[left:right] if word.counts and not word.capital]
    if len(there) != 1:
        return None
    if compared.claim.words[changed[-1]].capital:
        return None
    ours, said = compared.claim.words[changed[-1]], best.evidence.text[there[0].start : there[0].end]
    if compared.likeness(ours.folded, there[0].folded) >= ONE_ROLE:
        return None
    return Match("speaker", ours.start, ours.end, "differs", said, best.beside(first, last))


def _mentions(parsed: Parsed, core: Sequence[str]) -> bool:
    return all(part in parsed.folded for part in core)


def match_negations(compared: Compared) -> Iterator[Match]:
    """Where the claim denies what the evidence affirms, or the other way round."""
    near = [each for each in compared.alignments if each.share >= NEAR]
    if near:
        flipped = _flipped(max(near, key=lambda each: each.share))
        if flipped is not None:
            yield flipped
        return
    yield from _scopes(compared)


def _flipped(alignment: Alignment) -> Match | None:
    """By the words that have none beside them: an odd number of negations and opposites turns the meaning round."""
    claim, evidence = alignment.claim.words, alignment.evidence.words
    ours = [at for at, pair in enumerate(alignment.pairs) if pair < 0]
    theirs = alignment.unmatched
    signs: list[tuple[int | None, int | None]] = []
    denied = [at for at in polarity.negations(claim) if at in set(ours)]
    there = [at for at in polarity.negations(evidence) if at in set(theirs)]
    if not (denied and there):
        signs += [(at, None) for at in denied if alignment.beside(at, at + 1) >= ALIGNED]
        signs += [(None, at) for at in there if _between(alignment, at)]
    signs += [
        (at, other)
        for at in ours
        if polarity.has_opposite(claim[at]) and claim[at].folded not in polarity.NEGATORS
        for other in theirs
        if evidence[other].folded not in polarity.NEGATORS and _facing(alignment, at, other)
        and polarity.opposite(claim[at], evidence[other])
    ]  # fmt: skip
    denying = [at for at in ours if _denies(claim[at])], [at for at in theirs if _denies(evidence[at])]
    if len(denying[0]) != len(denying[1]):
        taken = {sign[0] for sign in signs} | {None}
        extra = [(at, None) for at in denying[0] if at not in taken]
        signs += extra or [(None, at) for at in denying[1] if at not in {sign[1] for sign in signs}]
    if len(signs) % 2 == 0:
        return None
    at, other = signs[0]
    said = "" if other is None else _text(alignment.evidence, other)
    place = claim[at] if at is not None else claim[_opposite_place(alignment, other or 0)]
    return Match("negation", place.start, place.end, "differs", said, alignment.share)


def _between(alignment: Alignment, other: int) -> bool:
    """Whether words of the claim lie close on both sides of a word of the evidence, and close to one another."""
    left = max((at for at, pair in enumerate(alignment.pairs) if 0 <= pair < other), default=-9)
    right = min((at for at, pair in enumerate(alignment.pairs) if pair > other), default=99)
    near = (
        left >= 0 and alignment.pairs[left] >= other - 3 and alignment.pairs[right if right < 99 else left] <= other + 3
    )
    return near and right - left <= 3


def _denies(word: Word) -> bool:
    return word.stem in ("fail", "refus", "declin", "deni", "unlik")


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
    theirs = frozenset(scope for each in best for scope in facts.negated(each.text, stems))
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
