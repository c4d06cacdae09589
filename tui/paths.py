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
    found = entries(value, 1) if value not in ("", "~") else []
    return found[0] if found else None


def entries(value: str, most: int) -> list[str]:
    """The paths that begin like ``value``, sorted, with a slash behind folders; hidden ones where a dot was typed."""
    if value == "~":
        return ["~/"]
    head, name = os.path.split(value)
    folder = Path(os.path.expanduser(head or "."))
    try:
        found = sorted(entry.name for entry in os.scandir(folder) if entry.name.startswith(name))
    except OSError:
        return []
    shown = [each for each in found if each == disarm(each) and (name.startswith(".") or not each.startswith("."))]
    before = value[: len(value) - len(name)]
    return [f"{before}{each}/" if (folder / each).is_dir() else f"{before}{each}" for each in shown[:most]]
