"""Several questions in one, each as words of its own to be searched for.

Three grammars: two questions joined ("Who won, and when is the next race?"), two events to order ("Which came first,
A or B?"), and one question over several reports, told apart by their sources ("Does the Post article on A agree with
the Herald report on B about C?"). Of the last, each part keeps its source, its date and its topic, and what is asked
of all of them (C) goes into every part. A question with one topic has no parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.attributions import Attribution
from qa.kinds import target_of
from qa.stop_words import content_words

MOST = 4
"""Parts of one question: more topics than that are a list of words."""

_VERB = (
    r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should"
    r"|won|led|said|killed|died|made|became|took)\b"
)
_ASKS = r"(?:who|what|when|where|why|how|which|whose|in which|at which)"
_JOINED = re.compile(
    rf"\?\s+(?:and\s+)?(?={_ASKS}\b)"
    rf"|(?:,\s*(?:and|but|or)\s+|\s+and\s+|;\s*)(?={_ASKS}\b(?:\s+\w+){{0,3}}?\s+{_VERB})",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"^\W*(?:which|what|who) (?:of (?:these|the two) )?(?:\w+ )?(?:came|happened|was|occurred|took place|started|began"
    r"|died|opened|launched)(?: \w+)? (?:first|earlier|last|later)\s*[,:–—-]\s*(?P<one>.+?),? or (?P<other>.+?)\W*$",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r",\s+(?=(?:and\s)?(?:was|is|were|are|did|does|do|has|have|had|which|what|who|whose|how|where|when|why|in which"
    r"|on which)\b)"
)
_ASKED = re.compile(r",\s+(?:in |on |at )?(?:which|what|who|whose|how|where|when|why)\b")
_CLAIM_OF_ALL = re.compile(
    r"\s(?:both|each|all|agree|differ|disagree|contradict each other|portray|result in)\s(?=\w)", re.IGNORECASE
)
_WORDS_BETWEEN = (
    "and|or|while|whereas|but|between|after|before|in|on|the|an?|does|do|did|has|to|than|with|as|from|both|another"
    "|compared|contrast|considering|information|based|given|Between|After|Before|Does|Do|Did|Has|Considering|Based|Given"
)
_LINK = re.compile(rf"^(?:[\s,;:.?–—-]|\b(?:{_WORDS_BETWEEN})\b)+|(?:[\s,;:.?–—-]|\b(?:{_WORDS_BETWEEN})\b)+$")
_CLAUSE = re.compile(
    r",?\s+(?:and|but|while)\s+(?=(?:is|was|were|are|has|have|had|also|whose|who|which|does|did|simultaneously|now|later"
    r"|recently|previously|allegedly|alleged|accused|convinced|associated|introduced)\b)"
    r"|,\s+(?=(?:is|was|were|are|has|have|had|convinced|also)\b)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """The words of one part. ``shares``: it takes the sources of the whole where it names none itself."""

    text: str
    shares: bool = False


def split(text: str, sources: Sequence[Attribution] = ()) -> tuple[Part, ...]:
    """The parts of the question, at most ``MOST``; empty if it has one topic only."""
    for texts, shares in (
        (_ordered(text), False),
        (_by_reports(text, sources), True),
        (_by_clauses(text, sources), True),
        (_joined(text), False),
    ):
        found = tuple(dict.fromkeys(part for part in texts if content_words(part)))
        if len(found) > 1:
            return tuple(Part(part, shares) for part in found[:MOST])
    return ()


def _ordered(text: str) -> tuple[str, ...]:
    found = _FIRST.match(text)
    return (found["one"].strip(), found["other"].strip()) if found else ()


def _joined(text: str) -> tuple[str, ...]:
    """Questions that stand one behind the other, each with a verb and a topic."""
    bounds = [0]
    for found in _JOINED.finditer(text):
        before, after = text[bounds[-1] : found.start()], text[found.end() :]
        apart = re.search(rf"\b{_ASKS}\b", before, re.IGNORECASE) and len(before.split()) > 2
        if apart and content_words(before) and len(after.split()) > 2:
            bounds.append(found.end())
    if len(bounds) < 2:
        return ()
    pieces = (text[start:end] for start, end in zip(bounds, [*bounds[1:], len(text)], strict=True))
    return tuple(
        _asked(re.sub(r"(?:,|;|\?)?\s*(?:\b(?:and|but|or)\s*)?$", "", piece, flags=re.IGNORECASE)) for piece in pieces
    )


def _asked(piece: str) -> str:
    return f"{piece[:1].upper()}{piece[1:].rstrip('? ')}?"


def _by_reports(text: str, sources: Sequence[Attribution]) -> tuple[str, ...]:
    """One part for each phrase that names an article by its source and says what it is on."""
    starts = [source.start for source in _apart(text, [each for each in sources if each.form == "article"])]
    asked = _ASKED.search(text, starts[0]) if starts else None
    starts = [start for start in starts if not asked or start < asked.start()]
    if len(starts) < 2:
        return ()
    frame = _FRAME.search(text, starts[-1]) or _CLAIM_OF_ALL.search(text, starts[-1])
    told = frame.start() if frame else len(text)
    shared = " ".join(
        piece for piece in (_bare(text[: starts[0]]), _bare(text[told:])) if len(content_words(piece)) > 1
    )
    pieces = (_bare(text[start:end]) for start, end in zip(starts, [*starts[1:], told], strict=True))
    return tuple(f"{piece}, {shared}" if shared else piece for piece in pieces if piece)


def _apart(text: str, sources: Sequence[Attribution]) -> list[Attribution]:
    """Sources without those that only continue a list: "articles from A and B" are one phrase."""
    found: list[Attribution] = []
    for source in sources:
        if not found or len(content_words(text[found[-1].end : source.start])) > 0:
            found.append(source)
    return found


def _by_clauses(text: str, sources: Sequence[Attribution]) -> tuple[str, ...]:
    """One part for each clause that says something more of the same unknown, where a source is named."""
    named = {outlet for source in sources for outlet in source.outlets}
    asking = re.match(r"(?:who|which|what)\b", text, re.IGNORECASE)
    if not named or not asking:
        return ()
    head = f"{asking[0]} {target_of(text)}".strip()
    bounds = [(0, 0), *((found.start(), found.end()) for found in _CLAUSE.finditer(text)), (len(text), len(text))]
    clauses = [text[after:start] for (_, after), (start, _) in pairwise(bounds)]
    clauses = _whole_clauses(clauses)
    if len(clauses) < 2:
        return ()
    return tuple(_asked(clause if n == 0 else f"{head} {clause}") for n, clause in enumerate(clauses))


def _whole_clauses(clauses: Sequence[str]) -> list[str]:
    """Clauses with a topic of their own; one that has none belongs to the one before."""
    found: list[str] = []
    for clause in clauses:
        if found and len(content_words(clause)) < 3:
            found[-1] += f" and {clause}"
        else:
            found.append(clause)
    return found


def _bare(piece: str) -> str:
    """A piece of a question without the words that linked it to the others."""
    return _LINK.sub("", piece).strip()
