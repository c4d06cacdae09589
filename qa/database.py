"""One SQLite file: opened, migrated, shared between threads, its errors told in Newsdesk's words.

Every change is one transaction. Migrations are ordered functions; how many have run is recorded in the file
(``PRAGMA user_version``).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qa.errors import ArchiveError, IndexUnavailable

Migration = Callable[[sqlite3.Connection], None]
BUSY_SECONDS = 30


class Database:
    """One open file. Safe to share between threads; other processes may have it open as well."""

    def __init__(self, path: Path, migrations: Sequence[Migration]) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._wrapped():
            self._connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._connection.row_factory = sqlite3.Row
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = NORMAL")
                self._connection.execute("PRAGMA foreign_keys = ON")
                self._migrate(migrations)
            except BaseException:
                self._connection.close()
                raise

    def _migrate(self, migrations: Sequence[Migration]) -> None:
        if self._version() == len(migrations):
            return
        with self.transaction() as db:
            version = self._version()
            if version > len(migrations):
                raise ArchiveError(f"{self.path}: written by a newer Newsdesk (format {version}). Update Newsdesk.")
            for number, migration in enumerate(migrations[version:], version + 1):
                migration(db)
                db.execute(f"PRAGMA user_version = {number}")

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def close(self) -> None:
        """Close the file; whatever was written stays."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. Holds the file's write lock."""
        with self._wrapped():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Every row of a query."""
        with self._wrapped():
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def _wrapped(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except sqlite3.Error as error:
            raise IndexUnavailable(f"{self.path}: SQLite: {error}. Check the disk and the file's permissions.") from error
