"""What an action is: where it can be done, its keys, its name, its line of help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding

Place = Literal[
    "everywhere",
    "chat",
    "answer",
    "prompt",
    "filters",
    "evidence",
    "understood",
    "models",
    "reader",
    "articles",
    "timeline",
    "sources",
    "conversations",
    "settings",
    "themes",
    "export",
    "lists",
    "confirm",
    "help",
]

PLACES: dict[Place, str] = {
    "everywhere": "Everywhere",
    "chat": "In a conversation",
    "answer": "On an answer",
    "prompt": "At the prompt",
    "filters": "Among the filters",
    "evidence": "Among the evidence",
    "understood": "In the list of what was understood",
    "models": "Choosing who answers",
    "reader": "Reading an article",
    "articles": "In the list of articles",
    "timeline": "In the chart of counts over time",
    "sources": "In the list of sources",
    "conversations": "In the list of conversations",
    "settings": "In the settings",
    "themes": "Choosing a theme",
    "export": "Exporting",
    "lists": "In any list or page",
    "confirm": "Asked for a confirmation",
    "help": "In this help",
}


@dataclass(frozen=True, slots=True)
class Command:
    """An action of the app (``everywhere``) or of the screen for a place.

    ``keys`` are alternatives; where the action takes a number (``{n}``), the first key stands for the first number.
    ``label`` is the word in the footer, empty to stay out of it.
    """

    place: Place
    action: str
    keys: tuple[str, ...]
    name: str
    help: str
    label: str = ""
    shown: str = ""

    @property
    def id(self) -> str:
        """By which ``[keys]`` of config.toml calls it: ``chat.stop``, ``chat.select_the_answer_above``."""
        name = self.action if self.action.isidentifier() else re.sub(r"\W+", "_", self.name).casefold()
        return f"{self.place}.{name}"

    @property
    def can_be_mapped(self) -> bool:
        """Whether it may have other keys: digits are the numbers that they open."""
        return "{n}" not in self.action or len(self.keys) == 1

    @property
    def key_text(self) -> str:
        """The key as it is written for people."""
        return self.shown or " or ".join(self.keys)

    @property
    def default_action(self) -> str:
        """The action with the first number where it takes one."""
        return self.action.format(n=1)

    def bindings(self) -> Iterator[Binding]:
        """One binding a key; those of one action share an id, by which they are given other keys."""
        for number, key in enumerate(self.keys, 1):
            yield Binding(
                key,
                self.action.format(n=number),
                self.label or self.name,
                show=bool(self.label) and number == 1,
                priority=self.place == "everywhere",
                id=self.id if self.can_be_mapped else f"{self.id}.{number}",
                key_display=(self.shown or key).replace("ctrl+", "^") if number == 1 else None,
            )
