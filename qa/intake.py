"""Articles into the archive: read, catalogued in one transaction a batch, indexed by words, compared, then embedded.

Each step only does what the catalog says is still to be done, and ids come from content, so a step that is
interrupted is simply done again. An article can be found by its words as soon as its batch is stored; embedding,
the slow part, comes last and may come later.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from qa import breaks
from qa.articles import Article
from qa.catalog import Catalog, Change, Indexed
from qa.chunks import Chunk, chunk
from qa.clusters import Clusters
from qa.config import Config
from qa.embedders import Embedder, Vectors
from qa.errors import NewsdeskError, SourceError
from qa.failures import Failures, Tried
from qa.places import Places, Synced
from qa.readers.documents import source_of
from qa.reading import Finished, Found, Reading, Sighting, Unchanged
from qa.sources import STANDARD_INPUT, Listing
from qa.vectors import VectorIndex
from qa.words import WordIndex

BATCH = 200
"""Articles a transaction and a commit of the word index."""
BATCH_SECONDS = 5.0
"""Seconds after which a batch is stored as it is, since the web is slow and people wait."""
EMBED_BATCH = 128
"""Chunks between two records of what is embedded: what an interruption costs at most."""
SETTLE_BATCH = 5000
"""Chunks a commit of the word index."""
TELL_EVERY = 0.1
"""Seconds between two tellings of how far it is."""


class Cancelled(Exception):
    """Raised by a ``progress`` callable to end a task at the next batch, with everything kept that was done."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A source and what was wrong with it. ``document``: the path or address that is read again to mend it."""

    source: str
    error: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What came of an ingest. Counts are articles; ``articles`` and ``chunks`` those of the archive afterwards.

    ``gone`` were found to have vanished from their source; they stay, marked. ``failed`` did not come in;
    ``warnings`` are about articles that came in with something left out, such as a date that was not understood.
    ``pending`` chunks can be found by words alone until they are embedded. ``cancelled``: it was ended before its end.
    """

    added: int
    updated: int
    unchanged: int
    gone: int
    failed: tuple[Failure, ...]
    warnings: tuple[Failure, ...]
    articles: int
    chunks: int
    pending: int
    seconds: float
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long task is.

    ``done`` of ``total`` documents (reading; the one being read counts by its part) or chunks (embedding).
    ``articles`` were read so far, ``seconds`` have passed since the stage began. ``detail`` names the document.
    """

    stage: Literal["reading", "embedding"]
    done: float
    total: int
    articles: int = 0
    seconds: float = 0.0
    detail: str = ""

    @property
    def rate(self) -> float:
        """Articles (reading) or chunks (embedding) a second so far."""
        return (self.articles if self.stage == "reading" else self.done) / max(self.seconds, 1e-3)

    @property
    def left(self) -> float | None:
        """Seconds left at the pace so far; None while it is too early to say."""
        if self.seconds < 1 or not self.done:
            return None
        return self.seconds * (self.total - self.done) / self.done

    @property
    def pace(self) -> str:
        """``2,812 articles, 410/s, 12 s left``, or the same of passages."""
        one, many = ("article", "articles") if self.stage == "reading" else ("passage", "passages")
        count = self.articles if self.stage == "reading" else int(self.done)
        total = "" if self.stage == "reading" else f" of {self.total:,}"
        parts = [f"{count:,}{total} {one if count == 1 and not total else many}", f"{self.rate:,.0f}/s"]
        if self.left is not None:
            parts.append(f"{_duration(self.left)} left")
        return ", ".join(parts)


def _place(document: Path | str) -> str:
    """Where a document is, wherever that is said: an address as it is, a path in full."""
    if isinstance(document, str) and (document == STANDARD_INPUT or "://" in document):
        return document
    return source_of(Path(document))


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"


OnProgress = Callable[[Progress], None]


class Parts(Protocol):
    """What an intake needs; the archive loads each part when it is first asked for."""

    @property
    def config(self) -> Config: ...
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
    progress: OnProgress | None = None
    counts: dict[Change, int] = field(default_factory=lambda: {"added": 0, "updated": 0, "moved": 0, "unchanged": 0})
    gone: int = 0
    failed: list[Failure] = field(default_factory=list)
    warnings: list[Failure] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    cancelled: bool = False

    def __post_init__(self) -> None:
        self.catalog = self.parts.catalog
        self.places = Places(self.catalog)
        self.tried = Tried(Failures(self.catalog))
        self.clusters = Clusters(self.catalog)
        self._batch: list[Article] = []
        self._keys: set[str] = set()
        self._moved: list[Article] = []
        self._unchanged: list[Article] = []
        self._seen: list[tuple[str, str, str, int]] = []
        self._finished: list[Finished] = []
        self._stored = self._told = time.monotonic()
        self._read = self._done = self._total = 0

    def run(self, listings: Sequence[Listing], *, embed: bool = True) -> IngestReport:
        """Take in what ``listings`` name, finish what an earlier run left, and report."""
        self._total = sum(len(listing.documents) for listing in listings)
        try:
            self._tell_reading("", 0.0, always=True)
            self.index()
            with closing(Reading(self.catalog, self.parts.config)) as reading:
                for listing in listings:
                    self._take(listing, reading)
            self._tell_reading("", 0.0, always=True)
            if embed:
                self.embed()
        except Cancelled:
            self.cancelled, self.progress = True, None
            self.store()
        except NewsdeskError as error:
            with suppress(NewsdeskError):  # the catalog may be what failed
                error.report = self.report()
            raise
        return self.report()

    def report(self) -> IngestReport:
        """What came of it so far."""
        articles, chunks = self.catalog.counts()
        return IngestReport(
            added=self.counts["added"],
            updated=self.counts["updated"],
            unchanged=self.counts["unchanged"] + self.counts["moved"],
            gone=self.gone,
            failed=tuple(self.failed),
            warnings=tuple(self.warnings),
            articles=articles,
            chunks=chunks,
            pending=self.catalog.count_pending("vectors"),
            seconds=time.monotonic() - self.started,
            cancelled=self.cancelled,
        )

    # --- reading

    def _take(self, listing: Listing, reading: Reading) -> None:
        before = self._tally()
        for document in listing.documents:
            if isinstance(document, SourceError):
                self._fail(document, listing)
            else:
                for found in reading.read(document, listing):
                    breaks.take()
                    self._tell_reading(str(document), reading.part())
                    self._sort(found, listing, str(document))
                self.tried.ended(_place(document))
            self._done += 1
            self._tell_reading(str(document), 0.0)
        self.tried.listed(listing.name, _place(listing.source.path) if listing.source.path is not None else "")
        self.store()
        if listing.synced:
            files = {source_of(document) for document in listing.documents if isinstance(document, Path)}
            self.places.claim(files, listing.name)
            if listing.complete:
                self.gone += self.places.sweep(listing.name, files)
            came = [after - then for after, then in zip(self._tally(), before, strict=True)]
            self.places.record(Synced(listing.name, datetime.now(UTC), *came))

    def _tally(self) -> tuple[int, int, int, int]:
        return self.counts["added"], self.counts["updated"], self.gone, len(self.failed)

    def _sort(self, found: Found, listing: Listing, document: str) -> None:
        if isinstance(found, Sighting):
            self._add(found)
        elif isinstance(found, Finished):
            self._finished.append(found)
        elif isinstance(found, Unchanged):
            self.counts["unchanged"] += found.articles
        else:
            self._fail(found, listing, document)

    def _add(self, sighting: Sighting) -> None:
        """Take one article in. What somebody removed comes back only by hand."""
        self._read += 1
        if not self._keys.isdisjoint(sighting.article.keys):
            self.store()  # the same article twice in one batch: the later one is an update of the earlier, if any
        article = self.catalog.identify(sighting.article)
        if sighting.listing.synced and self.catalog.was_removed(article):
            return
        self.warnings.extend(Failure(article.source, note) for note in article.notes)
        change = self.catalog.change(article)
        self.counts[change] += 1
        self._seen.append((sighting.place, article.id, sighting.listing.name, sighting.run))
        if change == "moved":
            self._moved.append(article)
        elif change == "unchanged":
            self._unchanged.append(article)
        else:
            self._batch.append(article)
            self._keys.update(article.keys)
        if len(self._batch) >= BATCH or time.monotonic() - self._stored > BATCH_SECONDS:
            self.store()

    def store(self) -> None:
        """Store the batch, make it findable, and only then record what was read to its end."""
        self.catalog.store([(article, self._chunk(article)) for article in self._batch])
        self.catalog.relocate(self._moved)
        self.catalog.know(self._unchanged)
        self.places.seen(self._seen)
        self.index()
        for place in self._finished:
            if place.vanished:
                self.gone += self.places.vanished(place.place)
            elif place.whole:
                self.gone += self.places.dropped(place.place, place.run)
        self.places.set_read([place.file for place in self._finished if place.file])
        pages = [page for place in self._finished for page in place.pages]
        self.places.set_validators([(page.url, page.etag, page.last_modified) for page in pages])
        self.tried.store()
        for done in (self._batch, self._keys, self._moved, self._unchanged, self._seen, self._finished):
            done.clear()
        self._stored = time.monotonic()

    def _chunk(self, article: Article) -> list[Chunk]:
        breaks.take()
        return chunk(article, self.parts.embedder.count, tokens=self.parts.config.chunks.tokens)

    def _fail(self, error: SourceError, listing: Listing, document: str = "") -> None:
        message = str(error)
        end = message.find(": ", len(document) if message.startswith(document) else 0)
        name, told = message[:end], message[end + 2 :]
        place = _place(document or name)
        self.failed.append(Failure(name, told, place))
        if place != STANDARD_INPUT:
            self.tried.failed(place, name, told, listing.name)

    # --- the indexes

    def rechunk(self) -> None:
        """Cut every article of the catalog again; everything is pending afterwards."""
        for offset in range(0, self.catalog.counts()[0], BATCH):
            articles = self.catalog.articles(limit=BATCH, offset=offset)
            self.catalog.store([(article, self._chunk(article)) for article in articles])

    def index(self) -> None:
        """Bring the word index and the clusters in step with the catalog."""
        catalog, words = self.catalog, self.parts.words
        while removed := catalog.discarded("words", SETTLE_BATCH):
            words.write([], removed)
            catalog.settle("words", removed=removed)
        while added := catalog.pending("words", SETTLE_BATCH):
            words.write(added)
            catalog.settle("words", added=[each.chunk.id for each in added])
        while self.clusters.settle(BATCH):
            self._tell_reading("", 0.0)

    def embed(self) -> None:
        """Bring the vectors in step with the catalog, the newest articles first."""
        catalog, vectors = self.catalog, self.parts.vectors
        while removed := catalog.discarded("vectors", SETTLE_BATCH):
            vectors.remove(removed)
            catalog.settle("vectors", removed=removed)
        pending = catalog.pending_ids("vectors")
        begun = time.monotonic()
        for start in range(0, len(pending), EMBED_BATCH):
            self._tell(Progress("embedding", start, len(pending), self._read, time.monotonic() - begun))
            added = list(catalog.indexed(pending[start : start + EMBED_BATCH]).values())
            vectors.add(added, self._vectors(added))
            catalog.settle("vectors", added=[each.chunk.id for each in added])
        if pending:
            self._tell(Progress("embedding", len(pending), len(pending), self._read, time.monotonic() - begun))

    def _vectors(self, added: Sequence[Indexed]) -> Vectors:
        """The vectors of chunks [n, dimensions]; copies share one where their words are the same."""
        groups, embedded = self.catalog.twins([each.chunk.id for each in added])
        known = self.parts.vectors.get(list(embedded.values()))
        found = {group: known[name] for group, name in embedded.items() if name in known}
        new = {group: each for each in added if (group := groups[each.chunk.id]) not in found}
        made = self.parts.embedder.embed([each.in_context for each in new.values()])
        found.update(zip(new, made, strict=True))
        return np.stack([found[groups[each.chunk.id]] for each in added])

    # --- telling

    def _tell_reading(self, detail: str, part: float, *, always: bool = False) -> None:
        now = time.monotonic()
        if self._total and (always or now - self._told >= TELL_EVERY):
            self._told = now
            done = min(self._done + part, self._total)
            self._tell(Progress("reading", done, self._total, self._read, now - self.started, detail))

    def _tell(self, progress: Progress) -> None:
        if self.progress:
            self.progress(progress)
