"""What a line that begins with a slash means: an action of the registry, or one with a value that only a line gives."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from tui.command import Command
from tui.commands import commands_for


@dataclass(frozen=True, slots=True)
class Slash:
    """A command of the prompt: its ``name``, what it ``takes`` (empty for nothing), what it does.

    ``values``: those that are offered for it. ``command``: the action of the registry that it is, None for one of ours.
    """

    name: str
    takes: str
    help: str
    values: tuple[str, ...] = ()
    command: Command | None = None


OURS: tuple[Slash, ...] = (
    Slash("outlet", "NAME, …", "Ask only these outlets; without a name, all."),
    Slash("since", "DAY", "Only from this day on; without a day, from ever."),
    Slash("until", "DAY", "Only up to this day; without a day, until now."),
    Slash("now", "DAY", "Answer as of this day; without a day, as of now."),
    Slash("clear", "", "Take all filters away."),
    Slash("mode", "auto, quotes, model", "Answer as configured, by quotes, …", ("auto", "quotes", "model")),
    Slash("model", "NAME", "Another model; without a name, the configured one."),
    Slash("add", "SOURCE", "Take in a file, a folder or an address."),
    Slash("export", "FORMAT FILE", "Write the conversation to a file.", ("markdown", "html", "json")),
    Slash("shorter", "", "Write the selected answer anew, shorter."),
    Slash("longer", "", "Write the selected answer anew, in more detail."),
    Slash("rewrite", "HOW", "Write the selected answer anew: simpler, in French.", ("simpler", "as a list")),
)
REGISTERED = {
    "help": "help",
    "articles": "articles",
    "conversations": "conversations",
    "new_conversation": "new",
    "copy": "copy",
    "edit": "edit",
    "retry": "retry",
    "stop": "stop",
    "branch": "branch",
    "understood": "understood",
    "toggle_evidence": "evidence",
    "go_to_filters": "filters",
    "choose_model": "models",
    "settings": "settings",
    "choose_theme": "theme",
    "sync": "sync",
    "stop_intake": "stop-adding",
    "command_palette": "palette",
    "quit": "quit",
}
"""Actions of the registry that make sense as a line, by the names that they have there."""
ALIASES = {"quotes": "mode quotes", "exit": "quit", "history": "conversations", "from": "since", "to": "until"}
"""Other names under which commands are looked for."""


def slashes() -> dict[str, Slash]:
    """Every command by its name: those that only a line gives, then the actions of the registry."""
    named = {each.name: each for each in OURS}
    actions = {command.action: command for command in commands_for("everywhere", "chat")}
    for action, name in REGISTERED.items():
        named[name] = Slash(name, "", actions[action].help, command=actions[action])
    return named


def matching(typed: str, known: Mapping[str, Slash]) -> list[str]:
    """The names that begin with what was typed, then those that hold it."""
    typed = typed.casefold()
    first = [name for name in known if name.startswith(typed)]
    return first + [name for name in known if typed in name and name not in first]


def parse(line: str) -> tuple[str, str] | None:
    """Name and value of a line; None for one that is no command. Two slashes begin a question with one."""
    if not line.startswith("/") or line.startswith("//"):
        return None
    name, _, value = line[1:].strip().partition(" ")
    name, _, given = ALIASES.get(name.casefold(), name.casefold()).partition(" ")
    return name, given or value.strip()


def nearest(name: str) -> str:
    """What to say of a name that is none."""
    near = difflib.get_close_matches(name, [*slashes(), *ALIASES], n=1, cutoff=0.4)
    hint = f"Did you mean /{near[0]}?" if near else "/help lists the keys."
    return f"There is no command /{name}. {hint} A question that begins with a slash is typed with two."
