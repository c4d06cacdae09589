"""Judges of entailment. (The lead's first version; helper J replaces it whole.)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Judgement:
    """How far evidence entails and contradicts a claim, each in [0, 1]."""

    entailment: float
    contradiction: float


class Judge(Protocol):
    """What judges."""

    @property
    def name(self) -> str:
        """What judged, as it is shown."""

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Judgement]:
        """The verdicts on pairs of evidence and claim."""


def make_judge(section: object) -> Judge | None:
    """The configured judge."""
    return None
