"""Newsdesk: questions over news articles, answered with the words that the answers rest on.

    import qa

    with qa.Archive.open("my-archive") as archive:
        archive.ingest(["articles/"])
        answer = archive.ask("Who heads the opposition's negotiators?")
        print(answer.text, answer.citations[0].quote)

Names load when they are first used: ``import qa`` itself takes milliseconds.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Sequence

    from qa.answers import (
        Answer,
        Checked,
        Citation,
        Event,
        FactCheck,
        Failed,
        Finished,
        Found,
        Searching,
        Sentence,
        Text,
        Working,
    )
    from qa.archive import Archive, Status
    from qa.articles import Article
    from qa.catalog import Copy, Revision
    from qa.config import Config
    from qa.errors import (
        ArchiveBusy,
        ArchiveError,
        ArchiveMissing,
        ConfigError,
        ConversationsDamaged,
        IndexUnavailable,
        ModelBusy,
        ModelError,
        ModelInterrupted,
        ModelMismatch,
        ModelNotInstalled,
        ModelRefused,
        ModelUnreachable,
        NewsdeskError,
        SourceError,
        UsageError,
    )
    from qa.intake import Cancelled, Failure, IngestReport, Progress
    from qa.models import Usage
    from qa.passages import Passage
    from qa.questions import Inference, Known, Question, Turn, What, When, Window
    from qa.verification import Finding, Reference, Verification, verify

_HOMES = {
    "qa.answers": (
        *("Answer", "Checked", "Citation", "Event", "FactCheck", "Failed", "Finished", "Found", "Searching"),
        *("Sentence", "Text", "Working"),
    ),
    "qa.archive": ("Archive", "Status"),
    "qa.articles": ("Article",),
    "qa.catalog": ("Copy", "Revision"),
    "qa.config": ("Config",),
    "qa.errors": (
        *("ArchiveBusy", "ArchiveError", "ArchiveMissing", "ConfigError", "ConversationsDamaged", "IndexUnavailable"),
        *("ModelBusy", "ModelError", "ModelInterrupted", "ModelMismatch", "ModelNotInstalled", "ModelRefused"),
        *("ModelUnreachable", "NewsdeskError", "SourceError", "UsageError"),
    ),
    "qa.exports": ("export",),
    "qa.intake": ("Cancelled", "Failure", "IngestReport", "Progress"),
    "qa.models": ("Usage",),
    "qa.passages": ("Passage",),
    "qa.questions": ("Inference", "Known", "Question", "Turn", "Window"),
    "qa.verification": ("Finding", "Reference", "Verification", "verify"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Answer",
    "Archive",
    "ArchiveBusy",
    "ArchiveError",
    "ArchiveMissing",
    "Article",
    "Cancelled",
    "Checked",
    "Citation",
    "Config",
    "ConfigError",
    "ConversationsDamaged",
    "Copy",
    "Event",
    "FactCheck",
    "Failed",
    "Failure",
    "Finding",
    "Finished",
    "Found",
    "IndexUnavailable",
    "Inference",
    "IngestReport",
    "Known",
    "ModelBusy",
    "ModelError",
    "ModelInterrupted",
    "ModelMismatch",
    "ModelNotInstalled",
    "ModelRefused",
    "ModelUnreachable",
    "NewsdeskError",
    "Passage",
    "Progress",
    "Question",
    "Reference",
    "Revision",
    "Searching",
    "Sentence",
    "SourceError",
    "Status",
    "Text",
    "Turn",
    "Usage",
    "UsageError",
    "Verification",
    "Window",
    "Working",
    "ask",
    "export",
    "verify",
]


def ask(
    question: str,
    *,
    archive: str | os.PathLike[str] | None = None,
    config: Config | str | os.PathLike[str] | None = None,
    now: When = None,
    since: When = None,
    until: When = None,
    outlets: Sequence[str] = (),
    articles: Sequence[str] = (),
    turns: Sequence[Turn] = (),
    infer: Collection[What] | bool = True,
    mode: str = "auto",
    model: str | None = None,
) -> Answer:
    """Answer ``question`` from the archive in a folder (None: the configured one). See ``Archive.ask``.

    Raises ArchiveMissing where there is none, so that a mistyped path is no empty archive.
    """
    from qa.archive import Archive

    with Archive.open(archive, config=config, create=False) as opened:
        return opened.ask(
            question,
            now=now,
            since=since,
            until=until,
            outlets=outlets,
            articles=articles,
            turns=turns,
            infer=infer,
            mode=mode,
            model=model,
        )


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
