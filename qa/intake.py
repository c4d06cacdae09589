"""Articles into the archive: read, catalogued in one transaction a batch, indexed by words, then embedded.

Each step only does what the catalog says is still to be done, and ids come from content, so a step that is
interrupted is simply done again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from qa.articles import Article
from qa.articles.files import read_file, source_of
from qa.catalog import Catalog, Change, FileState
from qa.chunks import Chunk, chunk
from qa.embedders import Embedder
from qa.errors import SourceError
from qa.vectors import VectorIndex
from qa.words import WordIndex

READ_BATCH = 200
"""Articles a transaction and a commit of the word index."""
EMBED_BATCH = 256
"""Chunks between two records of what is embedded: what an interruption costs at most."""
SETTLE_BATCH = 5000
"""Chunks a commit of the word index."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A source and what was wrong with it."""

    source: str
    error: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What came of an ingest. Counts are articles, ``articles`` and ``chunks`` those of the archive afterwards.

    ``failed`` did not come in; ``warnings`` are about articles that came in with something left out, such as a
    date that was not understood.
    """

    added: int
    updated: int
    unchanged: int
    failed: tuple[Failure, ...]
    warnings: tuple[Failure, ...]
    articles: int
    chunks: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long task is: ``done`` of ``total`` files (reading) or chunks (embedding)."""

    stage: Literal["reading", "embedding"]
    done: int
    total: int
    detail: str = ""


OnProgress = Callable[[Progress], None]


class Parts(Protocol):
    """What an intake needs; the archive loads each part when it is first asked for."""

    @property
    def catalog(self) -> Catalog: ...
    @property
    def words(self) -> WordIndex: ...
    @property
    def vectors(self) -> VectorIndex: ...
    @property
    def embedder(self) -> Embedder: ...


@dataclass
class Intake:
    """One run of taking articles in. The caller holds the archive for writing."""

    parts: Parts
    tokens: int
    on_progress: OnProgress | None = None
    counts: dict[Change, int] = field(default_factory=lambda: {"added": 0, "updated": 0, "unchanged": 0})
    failed: list[Failure] = field(default_factory=list)
    warnings: list[Failure] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    _batch: dict[str, Article] = field(default_factory=dict)
    _read: list[FileState] = field(default_factory=list)

    def run(self, files: Sequence[Path | SourceError]) -> IngestReport:
        """Take ``files`` in, finish what an earlier run left, and report."""
        for number, file in enumerate(files):
            self._tell("reading", number, len(files), str(file))
            if isinstance(file, SourceError):
                self._fail(file)
            else:
                self._take(file)
        self._store()
        self._tell("reading", len(files), len(files))
        self.settle()
        return self.report()

    def report(self) -> IngestReport:
        """What came of it so far."""
        articles, chunks = self.parts.catalog.counts()
        return IngestReport(
            **self.counts,
            failed=tuple(self.failed),
            warnings=tuple(self.warnings),
            articles=articles,
            chunks=chunks,
            seconds=time.monotonic() - self.started,
        )

    def rechunk(self) -> None:
        """Cut every article of the catalog again; everything is pending afterwards."""
        catalog = self.parts.catalog
        for offset in range(0, catalog.counts()[0], READ_BATCH):
            articles = catalog.articles(limit=READ_BATCH, offset=offset)
            catalog.store([(article, self._chunk(article)) for article in articles])

    def settle(self) -> None:
        """Bring both indexes in step with the catalog: words first, which is fast, then vectors."""
        catalog, words, vectors = self.parts.catalog, self.parts.words, self.parts.vectors
        while removed := catalog.discarded("words", SETTLE_BATCH):
            words.write([], removed)
            catalog.settle("words", removed=removed)
        while added := catalog.pending("words", SETTLE_BATCH):
            words.write(added)
            catalog.settle("words", added=[each.chunk.id for each in added])
        while removed := catalog.discarded("vectors", SETTLE_BATCH):
            vectors.remove(removed)
            catalog.settle("vectors", removed=removed)
        self._embed(catalog, vectors)

    def _embed(self, catalog: Catalog, vectors: VectorIndex) -> None:
        total, done = catalog.count_pending("vectors"), 0
        while added := catalog.pending("vectors", EMBED_BATCH):
            self._tell("embedding", done, total)
            vectors.add(added, self.parts.embedder.embed([each.in_context for each in added]))
            catalog.settle("vectors", added=[each.chunk.id for each in added])
            done += len(added)
        if total:
            self._tell("embedding", total, total)

    def _take(self, file: Path) -> None:
        try:
            stat = file.stat()
        except OSError as error:
            self._fail(SourceError(f"{file}: cannot be read ({error.strerror})."), str(file))
            return
        path = source_of(file)
        known = self.parts.catalog.articles_read(path, stat.st_mtime_ns, stat.st_size)
        if known is not None:
            self.counts["unchanged"] += known
            return
        articles, failures = 0, len(self.failed)
        for found in read_file(file):
            if isinstance(found, SourceError):
                self._fail(found, path)
            else:
                articles += 1
                self._add(found)
        if len(self.failed) == failures:
            self._read.append(FileState(path, stat.st_mtime_ns, stat.st_size, articles))

    def _add(self, article: Article) -> None:
        self.warnings.extend(Failure(article.source, note) for note in article.notes)
        if article.id in self._batch:
            self._store()  # the same article twice in one batch: the later one is an update of the earlier, if any
        change = self.parts.catalog.change(article)
        self.counts[change] += 1
        if change != "unchanged":
            self._batch[article.id] = article
        if len(self._batch) >= READ_BATCH:
            self._store()

    def _store(self) -> None:
        catalog = self.parts.catalog
        if self._batch:
            catalog.store([(article, self._chunk(article)) for article in self._batch.values()])
            self._batch.clear()
        if self._read:
            catalog.set_read(self._read)
            self._read.clear()

    def _chunk(self, article: Article) -> list[Chunk]:
        return chunk(article, self.parts.embedder.count, tokens=self.tokens)

    def _fail(self, error: SourceError, path: str = "") -> None:
        message = str(error)
        end = message.find(": ", len(path) if message.startswith(path) else 0)
        self.failed.append(Failure(message[:end], message[end + 2 :]))

    def _tell(self, stage: Literal["reading", "embedding"], done: int, total: int, detail: str = "") -> None:
        if self.on_progress:
            self.on_progress(Progress(stage, done, total, detail))
