"""The blocks of an answer that a model wrote: paragraphs, items, code and tables, each sentence where it stood.

What parts a sentence from the one before (``Sentence.opening``) holds code and heads of tables; a row is a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from tui.display import disarm, one_line
from tui.widgets.blocks import Block, Code, Paragraph, Row, Table

if TYPE_CHECKING:
    from qa.answers import Sentence

CODE = "on $panel"
_FENCE = re.compile(r"[ \t]*(```+|~~~+)")
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*")
_CELLS = re.compile(r"(?<!\\)\|")
_BULLET = re.compile(r"[-–—*+•]")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sentence as it is drawn: its words, what stands ``beside`` them, and what is to be said of it at length."""

    words: Content
    beside: Content
    told: Content

    @property
    def whole(self) -> Content:
        """All of it, one behind the other."""
        return Content(" ").join(filter(None, (self.words, self.beside, self.told)))


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table, and which of its columns are flush right."""

    cells: Sequence[str]
    right: frozenset[int]


def written(sentences: Sequence[Sentence], draw: Callable[[Sentence], Drawn]) -> Iterator[Block]:
    """The blocks of a model's sentences, in their order; ``draw`` is called once for each, in that order."""
    pen = _Pen()
    for each in sentences:
        opening, kinds = opened(each.opening)
        yield from pen.put(kinds)
        words, inside = opened(each.text)
        drawn = draw(each)
        if inside and not words.strip():  # code or the head of a table, with which the answer ends: it says nothing
            yield from pen.put(inside)
        elif pen.is_row(each, opening):
            pen.row(each, drawn)
        else:
            yield from pen.write("\n\n" if kinds and not opening.strip() else opening, drawn)
    yield from pen.lift()


class _Pen:
    """What is being written, until something else begins."""

    def __init__(self) -> None:
        self._sentences: list[Content] = []
        self._item = ""
        self._after_item = False
        self._head: Head | None = None
        self._rows: list[Row] = []

    def put(self, kinds: Sequence[Head | str]) -> Iterator[Block]:
        """Blocks that are no sentences."""
        for kind in kinds:
            yield from self.lift()
            if isinstance(kind, Head):
                self._head = kind
            else:
                yield Code(disarm(kind), CODE)

    def is_row(self, sentence: Sentence, opening: str) -> bool:
        """Whether a sentence goes on with a table."""
        apart = bool(opening.strip()) or opening.count("\n") > 1
        return self._head is not None and not apart and sentence.text.lstrip().startswith("|")

    def row(self, sentence: Sentence, drawn: Drawn) -> None:
        """A row of the table."""
        self._rows.append(Row(cells(sentence.text), drawn.beside, drawn.told))

    def write(self, opening: str, drawn: Drawn) -> Iterator[Block]:
        """A sentence of text."""
        item = opening.strip()
        if self._head is not None or item or "\n" in opening:
            yield from self.lift()
            self._item = "•" if _BULLET.fullmatch(item) else one_line(item)
        self._sentences.append(drawn.whole)

    def lift(self) -> Iterator[Block]:
        """What was being written is done."""
        if self._head is not None:
            yield Table(self._head.cells, tuple(self._rows), self._head.right)
        elif self._sentences:
            sign = Content(f"{self._item} " if self._item else "")
            yield Paragraph(Content(" ").join(self._sentences), sign, not (self._item and self._after_item))
        self._after_item = bool(self._item) and self._head is None
        self._sentences, self._item, self._head, self._rows = [], "", None, []


def opened(text: str) -> tuple[str, list[Head | str]]:
    """What is left of an opening without its blocks, and those: heads of tables, and code without its fences."""
    kinds: list[Head | str] = []
    if "|" not in text and "```" not in text and "~~~" not in text:
        return text, kinds
    lines, at = text.split("\n"), 0
    rest: list[str] = []
    while at < len(lines):
        if fence := _FENCE.match(lines[at]):
            end = next((n for n in range(at + 1, len(lines)) if _ends(lines[n], fence[1])), len(lines))
            kinds.append("\n".join(lines[at + 1 : end]))
            rest, at = [], end
        elif at + 1 < len(lines) and "|" in lines[at] and _RULE.fullmatch(lines[at + 1]):
            rule = cells(lines[at + 1])
            kinds.append(Head(cells(lines[at]), frozenset(n for n, each in enumerate(rule) if each.endswith("-:"))))
            rest, at = [], at + 1
        else:
            rest.append(lines[at])
        at += 1
    return "\n".join(rest), kinds


def _ends(line: str, fence: str) -> bool:
    return line.strip().startswith(fence) and not line.strip("`~ \t")


def cells(row: str) -> tuple[str, ...]:
    """The cells of a row of a table, disarmed."""
    inner = row.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return tuple(one_line(each.replace("\\|", "|")) for each in _CELLS.split(inner))
