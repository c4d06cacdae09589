"""One SQLite file: opened, migrated, shared between threads, its errors told in Newsdesk's words.

Readers and a writer of several processes share it (WAL). Every change is one transaction. Migrations are ordered;
how many have run is recorded in the file (``PRAGMA user_version``).
"""

from __future__ import annotations

import inspect
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from qa.errors import ArchiveError, IndexUnavailable

Migration = Sequence[str]
"""The statements that lead from one format of the file to the next."""
_MADE = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
_LOST = re.compile("no such (?:table|column)")


class Database:
    """One open file. Safe to share between the threads of a process."""

    wait = 30.0
    """Seconds that a statement waits for another process's lock."""
    damaged: type[IndexUnavailable] = IndexUnavailable
    """What is raised where the file is no longer what SQLite wrote."""
    mend = "Restore it from a backup, or fill another archive from the sources."
    """What to do then, as a sentence."""

    def __init__(
        self,
        path: Path,
        migrations: Sequence[Migration],
        *,
        functions: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        """``functions`` are lent to SQLite by name, for the migrations."""
        self.path = path
        self._lock = threading.RLock()
        self._migrations = migrations
        self._functions = functions or {}
        self._open()

    def _open(self) -> None:
        with self._wrapped():
            self._db = sqlite3.connect(self.path, timeout=self.wait, isolation_level=None, check_same_thread=False)
        try:
            with self._wrapped():
                self._db.row_factory = sqlite3.Row
                self._share()
                self._db.execute("PRAGMA synchronous = NORMAL")
                self._db.execute("PRAGMA foreign_keys = ON")
                self._lend(self._db)
            self._migrate(self._migrations)
        except BaseException:
            self._db.close()
            raise

    def _lend(self, db: sqlite3.Connection) -> None:
        for name, function in self._functions.items():
            db.create_function(name, len(inspect.signature(function).parameters), function, deterministic=True)

    def _share(self) -> None:
        """Switch to WAL; SQLite itself does not wait where two processes switch at once."""
        deadline = time.monotonic() + self.wait
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def _migrate(self, migrations: Sequence[Migration]) -> None:
        with self.snapshot():
            version = self._version()
        if version == len(migrations):
            return
        with self.transaction() as db:
            version = self._version()  # another process may have migrated meanwhile
            if version > len(migrations):
                raise ArchiveError(f"{self.path}: written by a newer Newsdesk (format {version}). Update Newsdesk.")
            for number, statements in enumerate(migrations[version:], version + 1):
                for statement in statements:
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {number}")

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def close(self) -> None:
        """Close the file; whatever was written stays."""
        with self._lock:
            self._db.close()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Leave the file to somebody else for a while, then open what is there; the other threads wait."""
        with self._lock:
            self._db.close()
            try:
                yield
            finally:
                self._open()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. Holds the file's write lock."""
        with self._wrapped():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                if self._db.in_transaction:  # SQLite itself has rolled back where the disk is full
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Several reads of one state, whoever writes meanwhile."""
        with self._wrapped():
            outermost = not self._db.in_transaction
            if outermost:
                self._db.execute("BEGIN")
            try:
                yield
            finally:
                if outermost:
                    self._db.execute("COMMIT")

    def all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Every row of a query."""
        with self._wrapped():
            return self._db.execute(sql, values).fetchall()

    def named(self, sql: str, values: Mapping[str, Any]) -> list[sqlite3.Row]:
        """Every row of a query with named parameters."""
        with self._wrapped():
            return self._db.execute(sql, values).fetchall()

    def problems(self) -> list[str]:
        """What SQLite finds wrong with the file, and what it has lost of what migrations made; empty if nothing."""
        found = [str(row[0]) for row in self.all("PRAGMA quick_check")]
        if lost := self._made() - {row[0] for row in self.all(_MADE)}:
            return [f"{', '.join(sorted(lost))} missing", *(line for line in found if line != "ok")]
        broken = len(self.all("PRAGMA foreign_key_check"))
        return [line for line in found if line != "ok"] + ([f"{broken:,} rows refer to nothing"] if broken else [])

    def _made(self) -> set[str]:
        """The tables and indexes that the migrations leave behind."""
        with closing(sqlite3.connect(":memory:")) as fresh:
            self._lend(fresh)
            for statement in chain.from_iterable(self._migrations):
                fresh.execute(statement)
            return {row[0] for row in fresh.execute(_MADE)}

    @contextmanager
    def _wrapped(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except sqlite3.Error as error:
            told = f"{self.path}: SQLite: {error}."
            if _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise self.damaged(f"{told} The file is damaged. {self.mend}") from error
            if _LOST.match(str(error)):
                raise self.damaged(f"{told} The file has lost a part of what is kept in it. {self.mend}") from error
            if _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise IndexUnavailable(f"{told} Another process is writing to it; try again.") from error
            if _code(error) == sqlite3.SQLITE_FULL:
                raise IndexUnavailable(f"{told} Free some space on the disk.") from error
            raise IndexUnavailable(f"{told} Check the disk and the file's permissions.") from error


def _code(error: sqlite3.Error) -> int:
    """SQLite's own number for an error, without what extends it; 0 for one of the Python module."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
