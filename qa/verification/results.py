"""What is said about a claim: its verdict, and what of it was looked for and not found.

Invariants: ``label == "supported"`` exactly where ``score >= SUPPORTED``; every finding stands word for word in the
claim; what is found is no reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Label = Literal["supported", "partly supported", "unsupported", "contradicted"]
Kind = Literal["number", "money", "share", "date", "name", "quotation", "negation", "speaker", "words"]
"""What is looked for. A "date" is a day, a month, a year or a time of day, a "share" a percentage or a fraction, a
"speaker" whoever is said to say something, "words" any other part of a claim."""
Status = Literal["found", "missing", "differs"]

SUPPORTED = 0.5
"""Score from which a claim is supported."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing of a claim that was looked for in its evidence.

    ``claim[start:end] == text``. ``said``: what the evidence has in its place, word for word; empty if nothing.
    """

    kind: Kind
    text: str
    start: int
    end: int
    status: Status
    said: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdict on one claim. ``score``: in [0, 1]. ``reasons``: what is missing or differs, in the claim's order."""

    label: Label
    score: float
    reasons: tuple[Finding, ...] = ()
