"""Whether those who are said to say something in a claim say it in its evidence.

A name is held against another name only where both sentences speak of the same matter; a role only against another
role in a sentence repeated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.verification import names
from qa.verification.alignment import Alignment
from qa.verification.checks import Compared
from qa.verification.parsed import Parsed
from qa.verification.slots import WORD_FOR_WORD, Match
from qa.verification.speakers import Saying

SAME_MATTER = 0.4
"""Share of a claim's words beside those of a sentence from which its speaker is held to that sentence."""
ONE_ROLE = 0.6
"""Cosine from which two words may name the same people: "officials" and "authorities" have .69, "police" and
"prosecutors" .52."""


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
    evidence = next(each for each in compared.cited if each.cited is best.evidence)
    if _mentions(best.evidence, saying.core) or _mentions(evidence.heading, saying.core):
        return None
    named = [other for other in theirs if other.core]
    if len(named) == len(theirs):
        said = best.evidence.text[named[0].start : named[0].end]
        return Match("speaker", saying.start, saying.end, "differs", said, best.share)
    if any(part in evidence.forms for part in saying.core):
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
    there = [word for word in best.evidence.words[left:right] if word.counts and (not word.capital or not left)]
    if len(there) != 1:
        return None
    if compared.claim.words[changed[-1]].capital and changed[-1]:
        return None
    ours, said = compared.claim.words[changed[-1]], best.evidence.text[there[0].start : there[0].end]
    if compared.likeness(ours.folded, there[0].folded) >= ONE_ROLE:
        return None
    return Match("speaker", ours.start, ours.end, "differs", said, best.beside(first, last))


_SPOKEN_OF = frozenset("with to about for against from of".split())
"""Behind these stands who is spoken with or of, not who speaks."""


def _mentions(parsed: Parsed, core: Sequence[str]) -> bool:
    """Whether a text names somebody who may be the one that speaks in it."""
    if not all(part in parsed.folded for part in core):
        return False
    places = [at for at, word in enumerate(parsed.words) if word.folded == core[0]]
    before = (parsed.words[at - 1].folded if at else "" for at in places)
    return not all(
        word in _SPOKEN_OF and (at < 2 or parsed.words[at - 2].folded != "according")
        for at, word in zip(places, before, strict=True)
    )
