"""How taking articles in stands, for every screen that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.intake import IngestReport, Progress


@dataclass(frozen=True, slots=True)
class IntakeState:
    """``progress`` while articles are taken in, ``report`` or ``error`` once somebody's adding is over."""

    progress: Progress | None = None
    report: IngestReport | None = None
    error: str = ""


def progress_text(progress: Progress) -> str:
    """``embedding 120 of 640 passages``."""
    what = "files" if progress.stage == "reading" else "passages"
    return f"{progress.stage} {progress.done:,} of {progress.total:,} {what}"
