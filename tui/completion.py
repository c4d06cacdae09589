"""What could be meant by what is being typed: commands and their values, paths, outlets and articles."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from tui.display import byline, count
from tui.paths import entries
from tui.slash import matching, slashes
from tui.widgets.completions import Completion, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.archive import Archive
    from tui.command import Command

READ = 5
"""Articles with such words in their titles that are read for each one offered: words that begin so come first."""
PATHS = frozenset({"/add", "/export"})
"""Commands that take a path."""
ENTRIES = 50
"""Files and folders that are offered at a time."""


def at_once(wanted: Wanted, keys: Callable[[Command], str]) -> list[Completion] | None:
    """Commands, and values of which there are few; None for what is to be looked up. ``keys`` tells an action's."""
    if wanted.sign == "/":
        return [Completion("command", name, name, _about(name, keys)) for name in matching(wanted.typed, slashes())]
    if wanted.sign in ("@", "/outlet"):
        return None
    command = slashes().get(wanted.sign[1:])
    values = command.values if command is not None else ()
    offered = [Completion("value", each, each) for each in values if each.startswith(wanted.typed.casefold())]
    return offered if offered or wanted.sign not in PATHS else None


def _about(name: str, keys: Callable[[Command], str]) -> str:
    each = slashes()[name]
    key = keys(each.command) if each.command is not None else ""
    return f"{each.takes} · {each.help}" if each.takes else f"{each.help} ({key})" if key else each.help


def found(archive: Archive | None, wanted: Wanted, most: int) -> list[Completion]:
    """What is to be looked up: paths, or at most so many outlets and articles. It reads folders or the catalog."""
    if wanted.sign in PATHS:
        return paths(wanted)
    if archive is None:
        return []
    return names(archive, wanted.last, most) if wanted.sign == "@" else outlets(archive, wanted.last, most)


def fits(choice: Completion, wanted: Wanted) -> bool:
    """Whether a choice of before may be one of what is to be looked up now."""
    if wanted.sign in PATHS:
        return choice.kind == "path" and choice.value.startswith(wanted.typed)
    return choice.kind in ("outlet", "article") and begins(choice.text, wanted.last)


def paths(wanted: Wanted) -> list[Completion]:
    """Files and folders behind ``/add``, and behind ``/export`` with or without a form; it reads a folder."""
    first, space, rest = wanted.typed.partition(" ")
    form = f"{first}{space}" if wanted.sign == "/export" and space and first in slashes()["export"].values else ""
    typed = rest if form else wanted.typed
    if "://" in typed:
        return []
    return [Completion("path", form + each, each) for each in entries(typed, ENTRIES) if each != typed]


def names(archive: Archive, typed: str, most: int) -> list[Completion]:
    """Outlets and then articles, the newest first, of whose names words begin like what was typed.

    At most so many of each. It reads the catalog: call it in a worker's thread.
    """
    rows = archive.browse(title=typed).rows(0, READ * most)
    rows.sort(key=lambda row: not begins(row.title, typed))
    articles = [Completion("article", row.id, row.title, byline(row, ", ")) for row in rows[:most]]
    return outlets(archive, typed, most) + articles


def outlets(archive: Archive, typed: str, most: int) -> list[Completion]:
    """Outlets of whose names words begin like what was typed, the largest first. It reads the catalog."""
    found = [each for each in archive.browse().facet("outlet") if each[0] and begins(each[0], typed)]
    return [Completion("outlet", outlet, outlet, count(articles, "article")) for outlet, articles in found[:most]]


def begins(name: str, typed: str) -> bool:
    """Whether each word that was typed is the beginning of one of the name's, whatever its case and accents."""
    words = _folded(name).split()
    return all(any(word.startswith(part) for word in words) for part in _folded(typed).split())


def _folded(text: str) -> str:
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return "".join(each if each.isalnum() else " " for each in plain.casefold())
