"""Every answer of a scripted model, with what is to become of each of its sentences, written down beforehand.

The forms are explained in ``model_answers``.
"""

from __future__ import annotations

from tests.model_answers import (
    Expected,
    Group,
    ModelCase,
    Verdict,
    beginnings,
    evidence_sentences,
    place,
    rendered,
    sample_articles,
)
from tests.model_cases_faulty import FAULTY
from tests.model_cases_markers import MARKERS
from tests.model_cases_sound import SOUND

__all__ = [
    "CASES",
    "Expected",
    "Group",
    "ModelCase",
    "Verdict",
    "beginnings",
    "evidence_sentences",
    "place",
    "rendered",
    "sample_articles",
]

CASES: tuple[ModelCase, ...] = (*SOUND, *MARKERS, *FAULTY)
