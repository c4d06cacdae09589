"""Types of the verifier (the lead's placeholder until helper V's file comes)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Label = Literal["supported", "partly supported", "unsupported", "contradicted"]
Kind = Literal["number", "money", "share", "date", "name", "quotation", "negation", "speaker", "words"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing of a claim that was looked for in its evidence."""

    kind: Kind
    text: str
    start: int
    end: int
    status: Literal["found", "missing", "differs"]
    said: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdict."""

    label: Label
    score: float
    reasons: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited text within what stands around it."""

    text: str
    start: int = 0
    end: int | None = None
    title: str = ""
    outlet: str = ""
    published: date | None = None
