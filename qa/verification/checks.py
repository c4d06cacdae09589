"""Names and quotations of a claim against its evidence.

Each check gives what it found, what is missing and what the evidence has in its stead; what it does not understand it
leaves alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qa.verification import names, quotations
from qa.verification.alignment import Alignment
from qa.verification.evidence import Evidence
from qa.verification.facts import Name
from qa.verification.parsed import Parsed
from qa.verification.results import Status
from qa.verification.slots import ALIGNED, WORD_FOR_WORD, Match, in_order
from qa.verification.words import Word, fold

ALONG = 0.6
"""Share of a claim's words beside those of a sentence from which another name in a name's place is held against it."""
_PRONOUNS = frozenset("he she they it him her them his their its i we".split())


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
            yield Match("name", name.start, name.end, "found", _pronoun(compared, name))
        else:
            yield Match("name", name.start, name.end, "missing", _namesake(name, there))


def _pronoun(compared: Compared, name: Name) -> str:
    """The pronoun that the evidence has in the place of a name which stands around it; else nothing."""
    first, last = compared.claim.between(name.start, name.end)
    for each in in_order(compared.alignments, first, last)[:1]:
        left, right = each.facing(first, last)
        there = [word for word in each.evidence.words[left:right][:3] if word.folded in _PRONOUNS]
        if there and each.beside(first, last) >= ALIGNED and each.share >= ALIGNED:
            return each.evidence.text[there[0].start : there[0].end]
    return ""


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
        if proper and (each.share >= WORD_FOR_WORD or all(_is_new(claim, other) for other in proper)):
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
