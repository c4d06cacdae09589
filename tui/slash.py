"""What a line that begins with a slash means: an action of the registry, or a filter with its value."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from tui.commands import Command, commands_for


@dataclass(frozen=True, slots=True)
class Slash:
    """A command of the prompt: its ``name``, what it takes (empty for nothing), what it does."""

    name: str
    takes: str
    help: str


WITH_VALUES: tuple[Slash, ...] = (
    Slash("outlet", "NAME, ...", "Ask only these outlets; without a name, all."),
    Slash("since", "DAY", "Only articles published from this day on; without a day, from ever."),
    Slash("until", "DAY", "Only articles published until this day; without a day, until now."),
    Slash("now", "DAY", "Ask as of this day; without a day, as of now."),
    Slash("clear", "", "Take all filters away."),
    Slash("model", "NAME", "Let this model of the configured server answer; without a name, the configured one."),
    Slash("quotes", "", "Answer with quotes only, no model."),
    Slash("add", "SOURCE", "Take in a file, a folder or an address."),
    Slash("export", "markdown, html or json", "Write the conversation to a file."),
    Slash("longer", "", "Let the model write the last answer longer; any such wish can be typed: in French."),
)
_OURS = {"export"}
"""Actions of the registry that take a value here."""


def slashes() -> dict[str, Slash | Command]:
    """Every command by its name, those with values first, then the actions that need none."""
    named: dict[str, Slash | Command] = {each.name: each for each in WITH_VALUES}
    for command in commands_for("everywhere", "chat"):
        if command.action.isidentifier():
            named.setdefault(command.action.replace("_", "-"), command)
    return named


def matching(typed: str, known: Mapping[str, Slash | Command]) -> list[str]:
    """The names that begin with what was typed, then those that hold it."""
    first = [name for name in known if name.startswith(typed)]
    return first + [name for name in known if typed in name and name not in first]


def parse(line: str) -> tuple[str, str] | None:
    """Name and value of a line; None for one that is no command. Two slashes begin a question with one."""
    if not line.startswith("/") or line.startswith("//"):
        return None
    name, _, value = line[1:].strip().partition(" ")
    return name.casefold(), value.strip()


def nearest(name: str) -> str:
    """What to say of a name that is none."""
    near = difflib.get_close_matches(name, slashes(), n=1, cutoff=0.4)
    hint = f"Did you mean /{near[0]}?" if near else "/help lists the keys."
    return f"There is no command /{name}. {hint} A question that begins with a slash is typed with two."
