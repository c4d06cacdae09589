"""Where articles were read: files, pages and feeds, what they were like then, and what has vanished from them.

An article is gone when no place that it was read from has it any more. It is marked, never deleted, and the mark goes
when it is seen again. Only a place that was read or listed completely is a witness: a folder that cannot be read, or a
page that fails, says nothing about what it holds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from qa.catalog import Catalog


@dataclass(frozen=True, slots=True)
class FileState:
    """A file that was taken in whole, as it was then, and how many articles it held."""

    path: str
    mtime_ns: int
    size: int
    articles: int


@dataclass(frozen=True, slots=True)
class Synced:
    """When a configured source was last brought in step (UTC), and how many articles that changed."""

    source: str
    ended: datetime
    added: int
    updated: int
    gone: int
    failed: int


class Places:
    """The places of one catalog. ``source`` is the name of a configured source, empty for what was added by hand."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    # --- what was read

    def articles_read(self, path: str, mtime_ns: int, size: int) -> int | None:
        """How many articles a file held that was taken in whole in exactly this state; None if it was not."""
        sql = "SELECT articles FROM files WHERE path = ? AND mtime_ns = ? AND size = ?"
        rows = self.catalog.all(sql, path, mtime_ns, size)
        return int(rows[0]["articles"]) if rows else None

    def seen(self, sightings: Iterable[tuple[str, str, str, int]]) -> None:
        """Record that articles stand at places: place, article id, source, run."""
        rows = list(sightings)
        with self.catalog.transaction() as db:
            sql = """INSERT INTO locations VALUES (?, ?, ?, ?) ON CONFLICT (place, article_id) DO UPDATE SET
                     run = excluded.run, source = CASE excluded.source WHEN '' THEN source ELSE excluded.source END"""
            db.executemany(sql, rows)
            sql = "UPDATE articles SET gone = NULL WHERE id = ? AND gone IS NOT NULL"
            db.executemany(sql, [(article_id,) for _, article_id, _, _ in rows])

    def set_read(self, files: Iterable[FileState]) -> None:
        """Record files as taken in whole."""
        with self.catalog.transaction() as db:
            rows = [(file.path, file.mtime_ns, file.size, file.articles) for file in files]
            db.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", rows)

    # --- what vanished

    def claim(self, places: Iterable[str], source: str) -> None:
        """Record that files which were not read again, since they had not changed, belong to a source."""
        with self.catalog.transaction() as db:
            sql = "UPDATE locations SET source = ? WHERE place = ? AND source <> ?"
            db.executemany(sql, [(source, place, source) for place in places])

    def sweep(self, source: str, listed: set[str]) -> int:
        """Mark what stood in files of a source that are no longer there; gives the number of articles gone since.

        A file that is there but was not listed, such as one that is excluded now, is left alone.
        """
        sql = "SELECT DISTINCT place FROM locations WHERE source = ?"
        known = [row["place"] for row in self.catalog.all(sql, source)]
        lost = [place for place in known if place not in listed and is_path(place) and is_lost(place)]
        return sum(self.vanished(place) for place in lost)

    def dropped(self, place: str, run: int) -> int:
        """Mark what a place held before ``run`` and no longer does, now that it was read whole; how many are gone."""
        return self._vanish("place = ? AND run < ?", place, run)

    def vanished(self, place: str) -> int:
        """Mark what stood at a place that is no longer there."""
        with self.catalog.transaction() as db:
            db.execute("DELETE FROM files WHERE path = ?", (place,))
            db.execute("DELETE FROM pages WHERE url = ?", (place,))  # it may come back as it was
        return self._vanish("place = ?", place)

    def _vanish(self, where: str, *values: object) -> int:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self.catalog.transaction() as db:
            rows = db.execute(f"DELETE FROM locations WHERE {where} RETURNING article_id", values).fetchall()
            sql = """UPDATE articles SET gone = ? WHERE gone IS NULL AND id IN (SELECT value FROM json_each(?))
                     AND NOT EXISTS (SELECT 1 FROM locations WHERE article_id = articles.id)"""
            return db.execute(sql, (now, json.dumps([row["article_id"] for row in rows]))).rowcount

    def at(self, places: Iterable[str]) -> list[str]:
        """Ids of the articles that stand at these places, or below them where they are folders."""
        found: dict[str, None] = {}
        for place in places:
            below = place.rstrip("/") + "/"
            sql = "SELECT article_id FROM locations WHERE place = ? OR (place >= ? AND place < ?)"
            rows = self.catalog.all(sql, place, below, below[:-1] + "0")  # "0" follows "/"
            found.update((row["article_id"], None) for row in rows)
        return list(found)

    # --- pages

    def validators(self, url: str) -> tuple[str, str]:
        """The ETag and the Last-Modified of a page as it was last taken in whole, empty where there are none."""
        rows = self.catalog.all("SELECT etag, last_modified FROM pages WHERE url = ?", url)
        return (rows[0]["etag"], rows[0]["last_modified"]) if rows else ("", "")

    def set_validators(self, pages: Iterable[tuple[str, str, str]]) -> None:
        """Record pages as taken in whole: address, ETag, Last-Modified."""
        with self.catalog.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", pages)

    def is_known(self, key: str, updated: float | None) -> bool:
        """Whether the whole article under a canonical address was read after ``updated`` (seconds since the epoch)."""
        sql = """SELECT max(run) AS run FROM keys JOIN articles ON articles.id = keys.article_id
                 JOIN locations ON locations.article_id = articles.id WHERE key = ? AND NOT partial"""
        run = self.catalog.all(sql, key)[0]["run"]
        return run is not None and (updated is None or run / 1e9 >= updated)

    def was_removed(self, key: str) -> bool:
        """Whether somebody removed the article under a canonical address."""
        return bool(self.catalog.all("SELECT 1 FROM removed WHERE key = ?", key))

    # --- sources

    def record(self, synced: Synced) -> None:
        """Keep what came of a source's last sync."""
        fields = asdict(synced)
        ended = fields.pop("ended").isoformat(timespec="seconds")
        with self.catalog.transaction() as db:
            row = (fields.pop("source"), ended, json.dumps(fields))
            db.execute("INSERT OR REPLACE INTO syncs VALUES (?, ?, ?)", row)

    def held(self) -> dict[str, int]:
        """How many articles stand in the places of each source; of the source of no name: what was added by hand."""
        sql = "SELECT source, count(DISTINCT article_id) FROM locations GROUP BY source"
        return {row[0]: row[1] for row in self.catalog.all(sql)}

    def synced(self) -> list[Synced]:
        """What came of the last sync of each source, by name."""
        rows = self.catalog.all("SELECT * FROM syncs ORDER BY source")
        return [
            Synced(row["source"], datetime.fromisoformat(row["ended"]), **json.loads(row["report"])) for row in rows
        ]


def is_lost(path: str) -> bool:
    """Whether a file is surely not there; in a folder that is closed it may be."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def is_path(place: str) -> bool:
    """Whether a place is a file, not an address."""
    return os.path.isabs(place)  # noqa: PTH117 - it may be no path at all
