"""Completion of a path that is being typed."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from textual.suggester import Suggester

from tui.display import disarm


class PathSuggester(Suggester):
    """Suggests the first file or folder that begins like what was typed; ``~`` stays as it was typed."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The value completed, None where nothing fits. Folders are read in a thread: they may be slow."""
        return await asyncio.to_thread(complete, value)


def complete(value: str) -> str | None:
    """``value`` completed to an existing path, with a slash behind a folder."""
    head, name = os.path.split(value)
    if not value or value == "~":
        return None
    folder = Path(os.path.expanduser(head or "."))
    try:
        entries = sorted(entry.name for entry in os.scandir(folder) if entry.name.startswith(name))
    except OSError:
        return None
    shown = [each for each in entries if each == disarm(each) and (name.startswith(".") or not each.startswith("."))]
    if not shown:
        return None
    slash = "/" if (folder / shown[0]).is_dir() else ""
    return value[: len(value) - len(name)] + shown[0] + slash
