"""One process writes to an archive at a time; whoever comes second waits a moment, and is told who holds it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import ArchiveBusy, ArchiveError, IndexUnavailable

WRITER_WAIT = 3.0
"""Seconds that a second writer waits for the first."""


@contextmanager
def writing(folder: Path, what: str) -> Iterator[None]:
    """Hold the archive in ``folder`` for doing ``what``. Raises ArchiveBusy, which names the holder, ArchiveError."""
    from filelock import FileLock, Timeout

    note = folder / "writer"
    try:
        with FileLock(folder / "writer.lock", timeout=WRITER_WAIT):
            note.write_text(f"newsdesk {what}, process {os.getpid()}", encoding="utf-8")
            try:
                yield
            finally:
                note.unlink(missing_ok=True)
    except Timeout as error:
        told = f"{folder}: {holder(folder)} is writing to this archive. Try again when it is done."
        raise ArchiveBusy(told) from error
    except OSError as error:
        raise ArchiveError(f"{folder}: cannot be written to ({error.strerror or error}).") from error


def check_writable(folder: Path, error: Exception) -> None:
    """Raise IndexUnavailable where an index met an ``error`` since its folder is read-only: it writes to be read."""
    if not os.access(folder if folder.exists() else folder.parent, os.W_OK):
        told = f"{folder}: cannot be written to, which an index needs even to be read"
        raise IndexUnavailable(f"{told}. Copy the archive to where you can write, or get the right to.") from error


def holder(folder: Path) -> str:
    """Who holds the archive, in words."""
    try:
        return (folder / "writer").read_text(encoding="utf-8")
    except OSError:
        return "another process"
