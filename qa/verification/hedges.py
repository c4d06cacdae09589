"""What the evidence leaves open and a claim states: "may have killed 50" is not "killed 50".

And negations next to the very word: "no concert", "not guilty"; and those that only the claim has. Only words that
stand directly before what both say are taken, since a sentence may leave open something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.verification import facts, polarity
from qa.verification.alignment import Alignment
from qa.verification.checks import Compared
from qa.verification.parsed import Parsed
from qa.verification.slots import Match
from qa.verification.words import Word

ALIKE = 0.3
"""Share of a claim's words beside those of a sentence from which what the sentence denies is the claim."""
BEFORE = 4
"""Words behind a hedge in which something that both say must stand."""
_OPEN = frozenset(
    """whether if considering considers considered suspicion alleged allegedly reportedly perhaps unclear wants wanted
    hopes hoped seeks seeking sought asked urged demanded requested""".split()
)
_MAYBE = frozenset("may might could possibly aims planning".split())
"""What is said to be so in the future is not stated any surer."""
_OPEN_BEFORE_TO = frozenset("plans planned proposed proposes threatened".split())
"""These leave open what they are about with "to" behind them: a planned strike may be spoken of as the strike."""
_FUTURE = frozenset("will would shall should expected expects likely due plan intends intend set can possible".split())
_STOPS = re.compile(r"[.;:!?()“”\"]|,\s")
_DENIED_HERE = frozenset("no not never without".split())


def match_hedges(compared: Compared) -> Iterator[Match]:
    """Where the evidence leaves open, or denies, what the claim states, and where the claim alone denies."""
    if not compared.alignments:
        return
    best = max(compared.alignments, key=lambda each: each.share)
    yield from _left_open(compared)
    if best.share < ALIKE:
        return
    denies = bool(polarity.negations(compared.claim.words)) or any(
        word.stem in polarity.DENIERS or (polarity.has_opposite(word) and word.stem in facts.LOSSES)
        for word in compared.claim.words
    )
    if not denies:
        yield from _denied(best)
    yield from _only_denied_here(compared)


def _left_open(compared: Compared) -> Iterator[Match]:
    """A word of the claim that the evidence has behind a hedge and nowhere else."""
    claim = compared.claim
    own = {word.folded for word in claim.words}
    if own & (_OPEN | _MAYBE) or any(_opens(claim.words, at, hedges=frozenset()) for at in range(len(claim.words))):
        return
    hedges = _OPEN if own & _FUTURE else _OPEN | _MAYBE
    free: set[str] = set()
    hedged: dict[str, str] = {}
    for text in (each.cited for each in compared.cited):
        governed = dict(_governed(text, hedges))
        for at, word in enumerate(text.words):
            if at in governed:
                hedged.setdefault(word.stem, governed[at])
            else:
                free.add(word.stem)
    for word in claim.words:
        if word.counts and not word.capital and word.stem in hedged and word.stem not in free:
            yield Match("words", word.start, word.end, "missing", hedged[word.stem], 0.5)
            return


def _governed(text: Parsed, hedges: frozenset[str]) -> Iterator[tuple[int, str]]:
    """By its place the first word with content behind each hedge, and the text from the one to the other."""
    words = text.words
    for at, word in enumerate(words):
        if not _opens(words, at, hedges=hedges):
            continue
        for other in range(at + 1, min(len(words), at + 1 + BEFORE)):
            if _STOPS.search(text.text, words[other - 1].end, words[other].start):
                break
            if words[other].counts and not words[other].capital:
                yield other, text.text[word.start : words[other].end]
                break


def _opens(words: Sequence[Word], at: int, *, hedges: frozenset[str]) -> bool:
    to = [each.folded for each in words[at + 1 : at + 2]] == ["to"]
    return words[at].folded in hedges or (to and words[at].folded in _OPEN_BEFORE_TO)


def _denied(best: Alignment) -> Iterator[Match]:
    """A negation right before a word that the claim has without one."""
    theirs = best.evidence.words
    for at, word in enumerate(theirs[:-1]):
        follows = theirs[at + 1]
        ours = next((each for each in best.claim.words if each.stem == follows.stem and each.counts), None)
        if word.folded in _DENIED_HERE and follows.counts and ours is not None and _means(best.evidence, at):
            said = best.evidence.text[word.start : follows.end]
            yield Match("negation", ours.start, ours.end, "differs", said, best.share)
            return


def _means(evidence: Parsed, at: int) -> bool:
    """Whether a negation denies: "not only" and "no fewer than" do not."""
    behind = [word.folded for word in evidence.words[at + 1 : at + 3]]
    return behind[:1] != ["only"] and behind[-1:] != ["than"]


def _only_denied_here(compared: Compared) -> Iterator[Match]:
    """A negation of the claim, where nothing of the evidence or around it denies, lacks or has an opposite."""
    claim = compared.claim
    places = polarity.negations(claim.words)
    if not places:
        return
    texts = [part for each in compared.cited for part in (each.cited, *each.around)]
    if not any(_may_deny(word) for text in texts for word in text.words):
        word = claim.words[places[0]]
        yield Match("negation", word.start, word.end, "missing", "", 0.5)


def _may_deny(word: Word) -> bool:
    return (
        word.folded in polarity.NEGATORS
        or word.stem in polarity.DENIERS
        or word.stem in facts.LOSSES
        or polarity.has_opposite(word)
    )
