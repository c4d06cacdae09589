"""From what was found of a claim to its verdict.

The meaning alone says how probable it is that the evidence says the same; facts can only take away from it. A fact
that differs where the rest lies along the evidence contradicts; one that is not there leaves the claim partly
supported at best.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from qa.verification import polarity
from qa.verification.checks import Compared
from qa.verification.evidence import Evidence
from qa.verification.parsed import Parsed
from qa.verification.results import SUPPORTED, Finding, Label, Verification
from qa.verification.slots import Match
from qa.verification.words import is_english, words

LONGEST = 4000
"""Characters of a claim that are checked; a longer one is partly supported at best."""
SURE = 0.8
"""Score from which nothing more is looked for."""
PARTLY = 0.25
"""Meaning from which a claim with a fact missing is partly supported."""
CONTRADICTS = 0.5
"""Meaning of the rest, or share of its words in one sentence, from which a fact that differs contradicts."""
BELOW = 0.45
"""Score at most of a claim of which a part is missing."""
_TURNED = frozenset(
    "if whether unless deny denied denies false falsely untrue incorrect myth rumour rumor claim claims".split()
)


def nothing(claim: Parsed) -> Verification:
    """The verdict where there is no claim, or nothing to hold it to."""
    text = claim.text.strip()
    start = claim.text.find(text)
    reasons = (Finding("words", text, start, start + len(text), "missing"),) if text else ()
    return Verification("unsupported", 0.0, reasons)


def verbatim(claim: Parsed, cited: Sequence[Evidence]) -> bool:
    """Whether the claim's words stand in the cited ones in one run, and nothing before them turns them round."""
    wanted = [word.folded for word in claim.words]
    line: list[str] = []
    for each in cited:
        line += [word.folded for word in each.cited.words]
    size = len(wanted)
    for at in (at for at, word in enumerate(line[: len(line) - size + 1]) if word == wanted[0]):
        if line[at : at + size] == wanted:
            before = line[max(0, at - 8) : at]
            begins = at == 0 or _begins(cited, at)
            if begins or not (polarity.NEGATORS | _TURNED) & set(before):
                return size > 2 or begins
    return False


def _begins(cited: Sequence[Evidence], at: int) -> bool:
    """Whether the word at this place of all cited words is the first of a sentence."""
    for each in cited:
        words = each.cited.words
        if at < len(words):
            before = each.cited.text[: words[at].start].rstrip(" “\"'‘(")
            return not before or before[-1] in ".!?\n"
        at -= len(words)
    return False


def in_words_of_evidence(claim: Parsed, matches: Sequence[Match], cited: Sequence[Evidence]) -> str:
    """The claim with the evidence's words for each fact, also for those that differ: what is left to be weighed.

    A name that only stands around the evidence is left out: that it is meant has been found.
    """
    text, last = "", 0
    there = frozenset().union(*(each.cited.folded for each in cited))
    for each in sorted(matches, key=lambda each: (each.start, each.end)):
        around = each.kind == "name" and each.status == "found" and not each.said
        around = around and not there & {word.folded for word in words(claim.text[each.start : each.end])}
        said = each.said and each.kind not in ("negation", "quotation", "speaker")
        if each.start >= last and (said or around):
            text += claim.text[last : each.start] + each.said
            last = each.end
    return text + claim.text[last:]


def combine(compared: Compared, matches: Sequence[Match], meaning: float, *, whole: bool) -> Verification:
    """The verdict on a claim from its facts and its meaning. ``whole``: all of it was looked at."""
    claim = compared.claim
    if not is_english(claim.text, claim.words) and all(
        is_english(each.cited.text, each.cited.words) for each in compared.cited
    ):
        return _across_languages(claim, matches)
    wrong = _reasons(matches)
    share = max((each.share for each in compared.alignments), default=0.0)
    against = any(each.status == "differs" for each in wrong)
    found = sum(each.status == "found" for each in matches)
    reasons = [_finding(claim, each) for each in wrong]
    if not whole:
        end = len(claim.text)
        reasons.append(Finding("words", claim.text[max(0, end - 80) :], max(0, end - 80), end, "missing"))
    if against and max(meaning, share) >= CONTRADICTS:
        return Verification("contradicted", round(0.2 * meaning, 4), tuple(reasons))
    if reasons:
        score = min(BELOW, meaning * (0.9 - 0.15 * min(4, len(reasons))))
        partly = meaning >= PARTLY or (found and meaning >= PARTLY / 2)
        return Verification("partly supported" if partly else "unsupported", round(score, 4), tuple(reasons))
    if meaning >= SUPPORTED:
        return Verification("supported", round(min(1.0, meaning), 4))
    lacking = _lacking(compared)
    label: Label = "partly supported" if meaning >= PARTLY else "unsupported"
    return Verification(label, round(min(meaning, 0.4999), 4), (lacking,) if lacking else ())


def _across_languages(claim: Parsed, matches: Sequence[Match]) -> Verification:
    """The verdict on a claim in another language than its evidence: only figures and names can be compared.

    They alone support nothing, and as words mean other things there, nothing contradicts.
    """
    compared = [each for each in matches if each.kind in ("number", "money", "share", "name")]
    found = sum(each.status == "found" for each in compared)
    text = claim.text.strip()
    start = claim.text.find(text)
    reasons = tuple(
        Finding(each.kind, claim.text[each.start : each.end], each.start, each.end, "missing")
        for each in compared
        if each.status != "found" and each.kind != "name"
    )
    label: Label = "partly supported" if found and not reasons else "unsupported"
    score = BELOW * found / (len(compared) + 1) if not reasons else 0.0
    return Verification(label, round(score, 4), (*reasons, Finding("words", text, start, start + len(text), "missing")))


def of_original(verification: Verification, claim: str) -> Verification:
    """The same with the reasons in the words of the claim as it was given, signs and all."""
    reasons = tuple(replace(each, text=claim[each.start : each.end]) for each in verification.reasons)
    return replace(verification, reasons=reasons)


def _reasons(matches: Sequence[Match]) -> list[Match]:
    """What is not found, in the claim's order; of two about the same words the surer."""
    kept: list[Match] = []
    wrong = [each for each in matches if each.status != "found"]
    for each in sorted(wrong, key=lambda each: (each.kind not in ("speaker", "quotation"), -each.strength)):
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)


def _finding(claim: Parsed, match: Match) -> Finding:
    return Finding(match.kind, claim.text[match.start : match.end], match.start, match.end, match.status, match.said)


_CLAUSE = re.compile(r"[,;:]\s|\s[–—-]\s|\s(?=(?:and|but|while|which|who|because|although|after|before|when)\s)")


def _lacking(compared: Compared) -> Finding | None:
    """The clause of the claim of which the evidence has least."""
    claim = compared.claim
    there = frozenset().union(*(each.cited.stems for each in compared.cited))
    bounds = [0, *(found.end() for found in _CLAUSE.finditer(claim.text)), len(claim.text)]
    best: tuple[float, int, int] | None = None
    for start, end in pairwise(bounds):
        words = [word for word in claim.words if start <= word.start < end and word.counts]
        if len(words) < 2 and len(bounds) > 2:
            continue
        share = sum(word.stem in there for word in words) / max(1, len(words))
        if best is None or share < best[0]:
            best = (share, start, end)
    if best is None:
        best = (0.0, 0, len(claim.text))
    text = claim.text[best[1] : best[2]].strip(" ,;:–—-")
    start = claim.text.find(text, best[1])
    return Finding("words", text, start, start + len(text), "missing") if text else None
