"""What is wrong with an archive, and mending it: catalog, word index and vectors compared id by id.

The catalog is the truth. What it says an index holds must be there once, and nothing else; what it says is still to be
done is work, not damage, but worth a word. Every finding names the command that mends it.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from qa.archive import REBUILDING, Archive
from qa.catalog import INDEXES, Index
from qa.config import unknown_variables
from qa.database import Database
from qa.errors import NewsdeskError
from qa.intake import IngestReport, Intake, OnProgress

REPAIR = "newsdesk doctor --repair"
REINDEX = "newsdesk reindex"
RESTORE = "restore the file from a backup, or fill another archive from the sources"
LEAST_FREE = 500_000_000
"""Bytes free on the archive's disk below which the next ingest may fail."""

Part = Literal[
    "configuration",
    "disk",
    "catalog",
    "word index",
    "vectors",
    "model",
    "language model",
    "sources",
    "conversations",
]

_PARTS: dict[Index, Part] = {"words": "word index", "vectors": "vectors"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: where, what, and the command that mends it (or what to do by hand)."""

    part: Part
    problem: str
    mend: str


def examine(archive: Archive) -> list[Finding]:
    """Everything that is wrong with an archive. Raises ArchiveBusy while another process writes to it."""
    with archive.writing("doctor"):
        return list(_examine(archive))


def repair(archive: Archive, *, progress: OnProgress | None = None) -> IngestReport:
    """Mend what can be mended from the catalog: index again what is missing or doubled, drop what is orphaned.

    An index that cannot be read is built anew. Raises ArchiveBusy, IndexUnavailable, ModelError.
    """
    with archive.writing("doctor"):
        for compared in (_Compared("words", archive), _Compared("vectors", archive)):
            compared.mend()
        return Intake(archive, progress).run([])


def _examine(archive: Archive) -> Iterator[Finding]:
    yield from _configuration(archive)
    yield from _disk(archive.path)
    yield from _database(archive.catalog, "catalog")
    yield from _catalog(archive)
    for compared in (_Compared("words", archive), _Compared("vectors", archive)):
        yield from _guarded(compared.part, compared.findings, REPAIR)
    yield from _model(archive)
    yield from _guarded("language model", lambda: _language_model(archive), "docs/model-servers.md")
    yield from _sources(archive)
    if (archive.path / "sessions.db").exists():
        yield from _guarded("conversations", lambda: _conversations(archive), REPAIR)


def _guarded(part: Part, check: Callable[[], Iterable[Finding]], mend: str) -> Iterator[Finding]:
    try:
        yield from check()
    except NewsdeskError as error:
        yield Finding(part, str(error), mend or RESTORE)


def _configuration(archive: Archive) -> Iterator[Finding]:
    for warning in archive.config.warnings:
        yield Finding("configuration", warning, "newsdesk key")
    for name, nearest in unknown_variables(os.environ):
        yield Finding("configuration", f"The environment sets {name}, which is no setting.", f"perhaps {nearest}")


def _disk(folder: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        yield Finding("disk", f"{folder}: {free / 1e6:,.0f} MB are free.", f"free {LEAST_FREE / 1e6:,.0f} MB")


def _database(database: Database, part: Part, mend: str = RESTORE) -> Iterator[Finding]:
    for problem in database.problems():
        yield Finding(part, f"{database.path}: {problem}.", mend)


def _conversations(archive: Archive) -> Iterator[Finding]:
    yield from _database(archive.sessions, "conversations", REPAIR)
    for problem in archive.sessions.unreadable():
        yield Finding("conversations", problem, "delete it in the terminal UI, in the list of conversations")


def _catalog(archive: Archive) -> Iterator[Finding]:
    catalog = archive.catalog
    astray = catalog.chunks_astray()
    if astray:
        yield Finding("catalog", f"Holds {_passages(astray)} outside an article.", REINDEX)
    for index in INDEXES:
        if pending := catalog.count_pending(index):
            yield Finding(_PARTS[index], f"Still to come: {_passages(pending)}.", "newsdesk sync")
    if waiting := catalog.count_discarded():
        yield Finding("catalog", f"Still to leave an index: {_passages(waiting)}.", "newsdesk sync")


def _passages(count: int) -> str:
    return f"{count:,} passage" + ("" if count == 1 else "s")


def _model(archive: Archive) -> Iterator[Finding]:
    if archive.catalog.get_meta("model") == REBUILDING:
        yield Finding("model", "A reindex was interrupted.", REINDEX)
        return
    try:
        archive.check_model()
        archive.embedder.embed_query("doctor")
    except NewsdeskError as error:
        yield Finding("model", str(error), "see [embedding] in config.toml")


def _language_model(archive: Archive) -> Iterator[Finding]:
    """Whether the model that is configured can be asked; only for the list of names, where one is."""
    choice = archive.chosen()
    if choice is None:
        return
    offered = archive.models()
    names = {choice.model} if ":" in choice.model else {choice.model, f"{choice.model}:latest"}  # Ollama's default tag
    if choice.model and not names & set(offered):
        there = ", ".join(offered[:20])
        yield Finding("language model", f"{choice.server} offers no {choice.model}, but {there}.", "newsdesk models")


def _sources(archive: Archive) -> Iterator[Finding]:
    from qa.sources import list_source

    try:
        for source in archive.config.sources:
            for problem in list_source(source).errors:
                yield Finding("sources", f"{source.label}: {problem}", "correct [[sources]] in config.toml")
    except NewsdeskError as error:
        yield Finding("sources", str(error), "remove or mend the package that brings the reader")


class _Compared:
    """One index beside what the catalog says that it holds."""

    def __init__(self, index: Index, archive: Archive) -> None:
        self.index: Index = index
        self.part = _PARTS[index]
        self.archive = archive

    def findings(self) -> Iterator[Finding]:
        """What is missing, doubled or orphaned."""
        missing, doubled, orphaned = self._differences()
        for ids, what in ((missing, "Lacks"), (doubled, "Holds twice"), (orphaned, "Holds of no article")):
            if ids:
                yield Finding(self.part, f"{what}: {_passages(len(ids))}, such as {min(ids)}.", REPAIR)

    def mend(self) -> None:
        """Have what is missing or doubled indexed again, and drop what is too much."""
        try:
            missing, doubled, orphaned = self._differences()
        except NewsdeskError:
            self.archive.empty_index(self.index)
            return
        wrong = sorted(doubled | orphaned)
        if self.index == "words":
            self.archive.words.write([], wrong)
        else:
            self.archive.vectors.remove(wrong)
        self.archive.catalog.unsettle(self.index, sorted(missing | doubled))

    def _differences(self) -> tuple[set[str], set[str], set[str]]:
        held = Counter(self.archive.words.ids() if self.index == "words" else self.archive.vectors.ids())
        expected, leaving = self.archive.catalog.held(self.index)
        doubled = {name for name, times in held.items() if times > 1}
        return expected - held.keys(), doubled, held.keys() - expected - leaving
