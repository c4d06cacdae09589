"""Documents that could not be read, kept until they are read without failing or are no longer there.

Invariant: a document stands here once, with what failed in it when it was last tried. Whoever dismisses it does not
hear of it again until something else fails in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from qa.catalog import Catalog
from qa.places import is_lost, is_path


@dataclass(frozen=True, slots=True)
class FailedDocument:
    """A ``document`` (a path or an address, as ``ingest`` takes it), and the first ``error`` in it.

    ``name``: the document, or what of it failed ("news.jsonl, line 3"). ``more``: how many errors there were beside
    that one. ``source``: the configured source that it is of, empty for what was added by hand. ``tried``: when (UTC).
    """

    document: str
    name: str
    error: str
    more: int
    source: str
    tried: datetime


class Failures:
    """The failed documents of one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def all(self) -> list[FailedDocument]:
        """Those that nobody dismissed, by source and name."""
        sql = """SELECT document, name, error, more, source, tried FROM failures
                 WHERE NOT dismissed ORDER BY source, document"""
        rows = self.catalog.all(sql)
        return [FailedDocument(**{**dict(row), "tried": datetime.fromisoformat(row["tried"])}) for row in rows]

    def sources(self) -> dict[str, str]:
        """The source of each document that failed, dismissed or not."""
        return {row["document"]: row["source"] for row in self.catalog.all("SELECT document, source FROM failures")}

    def settle(self, mended: Iterable[str], failed: Iterable[FailedDocument]) -> None:
        """Forget documents that were read, and keep those that failed."""
        with self.catalog.transaction() as db:
            db.executemany("DELETE FROM failures WHERE document = ?", [(document,) for document in mended])
            sql = """INSERT INTO failures VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (document) DO UPDATE SET
                     dismissed = dismissed AND name = excluded.name AND error = excluded.error AND more = excluded.more,
                     name = excluded.name, error = excluded.error, more = excluded.more, tried = excluded.tried,
                     source = CASE excluded.source WHEN '' THEN source ELSE excluded.source END"""
            rows = (
                (each.document, each.name, each.error, each.more, each.source, each.tried.isoformat(timespec="seconds"))
                for each in failed
            )
            db.executemany(sql, rows)

    def dismiss(self, documents: Sequence[str]) -> None:
        """Say no more of them, unless something else fails there."""
        with self.catalog.transaction() as db:
            db.executemany("UPDATE failures SET dismissed = 1 WHERE document = ?", [(each,) for each in documents])


class Tried:
    """What one run tried, until it is stored."""

    def __init__(self, failures: Failures) -> None:
        self._failures = failures
        self._known: dict[str, str] | None = None
        self._mended: set[str] = set()
        self._failed: dict[str, FailedDocument] = {}
        self._new: set[str] = set()

    @property
    def known(self) -> Mapping[str, str]:
        """Which documents had failed before this run, with their sources."""
        if self._known is None:
            self._known = self._failures.sources()
        return self._known

    def failed(self, document: str, name: str, error: str, source: str) -> None:
        """Something of a document could not be read."""
        first = self._failed.get(document)
        self._new.add(document)
        self._failed[document] = FailedDocument(
            document,
            first.name if first else name,
            first.error if first else error,
            first.more + 1 if first else 0,
            source,
            datetime.now(UTC),
        )

    def ended(self, document: str) -> None:
        """A document was read to its end."""
        if document in self.known and document not in self._failed:
            self._mended.add(document)

    def listed(self, source: str, folder: str) -> None:
        """A source, or what is below a path that was named by hand, was gone through: what is lost is no failure."""
        for document, its_source in self.known.items():
            inside = its_source == source if source else _is_below(document, folder)
            if inside and is_path(document) and (is_lost(document) or os.path.isdir(document)):  # noqa: PTH112
                self.ended(document)

    def store(self) -> None:
        """Keep it."""
        if self._mended or self._new:
            self._failures.settle(self._mended, [self._failed[document] for document in self._new])
        self._mended.clear()
        self._new.clear()


def _is_below(document: str, folder: str) -> bool:
    return bool(folder) and (document == folder or document.startswith(folder.rstrip("/") + "/"))
