"""The keys of ``[keys]`` in config.toml, held against the registry.

What cannot be is left out and said; the rest holds. Footer, help and palette show the keys in force.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Mapping

from textual.keys import KEY_ALIASES, Keys

from tui.command import Command
from tui.commands import COMMANDS

SWALLOWED = {"ctrl+i": "Tab", "ctrl+m": "Enter", "ctrl+h": "Backspace", "ctrl+left_square_bracket": "Esc"}
"""Keys that terminals send for others."""
NO_KEY = "ctrl+shift+f24"
"""Stands for none: a key that no keyboard has, since Textual takes an empty one for the default."""
_MODIFIERS = {"ctrl", "alt", "shift", "super", "meta", "hyper"}
_NAMES = {str(key.value).rsplit("+", 1)[-1] for key in Keys} | {*KEY_ALIASES} | {f"f{n}" for n in range(1, 25)}


class Keymap:
    """``keys`` by the ids of bindings, for ``App.set_keymap``; ``problems``: what is wrong with the others."""

    def __init__(self, wanted: Mapping[str, str]) -> None:
        self.problems: list[str] = []
        self.keys: dict[str, str] = {}
        known = {command.id: command for command in COMMANDS if command.can_be_mapped}
        for name, value in wanted.items():
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1, cutoff=0)
                self.problems.append(f"[keys] {name!r} is no action; the nearest is {near[0]!r}")
                continue
            keys = [_normal(key) for key in value.split(",") if key.strip()]
            wrong = [told for key in keys if (told := fault(key))]
            self.problems += [f"[keys] {name} = {value!r}: {told}" for told in wrong]
            if not wrong:
                self.keys[name] = ",".join(keys) or NO_KEY
        self.problems += [*self._doubled()]

    def _doubled(self) -> Iterator[str]:
        """Two actions on one key: in one place, or in one and everywhere."""
        held: dict[tuple[str, str], Command] = {}
        for command in COMMANDS:
            for key in self.of(command):
                other = held.get((command.place, key)) or held.get(("everywhere", key))
                held.setdefault((command.place, key), command)
                if other is not None and {command.id, other.id} & self.keys.keys():
                    yield f"[keys] {key} is both {other.id} and {command.id}"

    def of(self, command: Command) -> tuple[str, ...]:
        """The keys of a command that are in force."""
        if command.id not in self.keys:
            return command.keys
        return () if self.keys[command.id] == NO_KEY else tuple(self.keys[command.id].split(","))

    def text(self, command: Command) -> str:
        """Its keys, as people write them; empty for none."""
        return command.key_text if command.id not in self.keys else " or ".join(self.of(command))


def _normal(key: str) -> str:
    *modifiers, name = key.strip().split("+") if key.strip() != "+" else ["+"]
    if len(name) == 1 and not name.isalnum():
        name = unicodedata.name(name, name).lower().replace(" ", "_").replace("-", "_")
        name = {"solidus": "slash", "reverse_solidus": "backslash", "low_line": "underscore"}.get(name, name)
    return "+".join([*(each.lower() for each in modifiers), name if len(name) == 1 else name.lower()])


def fault(key: str) -> str:
    """What is wrong with a key; empty for nothing."""
    if key in SWALLOWED:
        return f"terminals send {SWALLOWED[key]} for {key}"
    *modifiers, name = key.split("+")
    if {*modifiers} <= _MODIFIERS and (len(name) == 1 or name in _NAMES or _is_character(name)):
        return ""
    return f"{key!r} is no key; write f5, ctrl+k, alt+left, slash"


def _is_character(name: str) -> bool:
    try:
        unicodedata.lookup({"slash": "solidus"}.get(name, name).replace("_", " "))
    except KeyError:
        return False
    return True
