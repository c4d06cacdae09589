"""Conversations out of a damaged file: it is kept aside as it is, and what can be read of it is in a new one.

Invariant: whatever goes wrong on the way, the damaged file is whole, where it was or where it is told to be.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from qa.errors import ArchiveError, ConversationsDamaged, IndexUnavailable
from qa.sessions import Sessions

ENDS = ("-wal", "-shm", "")
"""What stands beside a file of SQLite's; the file itself last: a log without it would be taken for the next file's."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What became of a damaged file: where it is ``aside``, how many conversations are ``kept``, how many ``lost``.

    ``lost`` are those of which something can be read, but not all; a list that cannot be read is no number.
    """

    path: Path
    aside: Path
    kept: int
    lost: int

    def __str__(self) -> str:
        kept = "No conversation" if not self.kept else f"{self.kept:,} conversation{'s' * (self.kept > 1)}"
        lost = f", {self.lost:,} could not be read" if self.lost else ""
        return (
            f"{self.path} was damaged. {kept} could be brought over into a new file{lost}; "
            f"the damaged one is kept as {self.aside.name}."
        )


def salvage(path: Path) -> Salvaged | None:
    """Put a new file in the place of a damaged one; None where nothing is wrong with it.

    Nobody may have it open in this process. Raises ArchiveError, and then all is as it was.
    """
    if not path.exists() or _sound(path):
        return None
    try:
        aside = next(free for n in count(1) if not (free := path.with_name(f"{path.name}.damaged-{n}")).exists())
        with TemporaryDirectory(dir=path.parent, prefix=f"{path.name}.") as folder:
            copy, new = Path(folder) / "copy.db", Path(folder) / "new.db"
            _each(path, copy, shutil.copyfile)  # reading a file of SQLite's may change it
            kept, lost = _brought_over(copy, new)
            _each(path, aside, Path.rename)
            new.rename(path)
    except OSError as error:
        raise ArchiveError(f"{path}: is damaged and cannot be kept aside ({error.strerror}).") from error
    return Salvaged(path, aside, kept, lost)


def _sound(path: Path) -> bool:
    try:
        with closing(Sessions(path)) as opened:
            return not opened.problems()
    except ConversationsDamaged:
        return False


def _brought_over(copy: Path, new: Path) -> tuple[int, int]:
    """Write to ``new`` every conversation that can be read whole; gives how many, and how many could not."""
    kept = lost = 0
    with closing(Sessions(new)) as sound, suppress(ConversationsDamaged), closing(Sessions(copy)) as damaged:
        for session_id in damaged.ids():
            try:
                whole = damaged.whole(session_id)
            except IndexUnavailable:
                lost += 1
            else:
                sound.restore(whole)
                kept += 1
    return kept, lost


def _each(path: Path, other: Path, do: Callable[[Path, Path], object]) -> None:
    for end in ENDS:
        if (part := path.with_name(path.name + end)).exists():
            do(part, other.with_name(other.name + end))
