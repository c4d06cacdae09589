"""Text in blocks that keep their form at any width: items and steps hang, code is filled, tables keep their columns.

A ``Laid`` draws them from ``Content``, so that it can be selected like any text, and nothing of it is parsed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

NARROWEST = 12
"""Columns that text has at least: where there are fewer, nothing hangs."""
GAP = 2
"""Columns between those of a table."""
COLUMN = 5
"""Columns that a column of a table has at least; where there is no room for them, rows are lines."""


class Block(Protocol):
    """Some lines of a text; ``apart``: an empty line stands before them."""

    @property
    def apart(self) -> bool:
        """Whether it is parted from what stands before it."""

    def lines(self, width: int) -> list[Content]:
        """Its lines at a width; 0: as wide as they are."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that wrap, behind ``first`` in their first line; the others hang below where the words begin."""

    body: Content
    first: Content = Content("")  # noqa: RUF009 - never changed
    apart: bool = True

    def lines(self, width: int) -> list[Content]:
        """Its lines at a width; 0: as wide as they are."""
        indent = self.first.cell_length
        hangs = not width or width - indent >= NARROWEST
        if not hangs:
            return (self.first + self.body).wrap(width)
        lines = self.body.wrap(width - indent) if width else self.body.split("\n", allow_blank=True)
        margin = Content(" " * indent)
        return [(margin if place else self.first) + line for place, line in enumerate(lines)] if indent else lines


@dataclass(frozen=True, slots=True)
class Code:
    """Lines as they stand; what is too long goes on in the next line. ``style`` fills the whole width."""

    text: str
    style: str
    apart: bool = True

    def lines(self, width: int) -> list[Content]:
        """Its lines at a width; 0: as wide as they are."""
        lines = [Content(line) for line in self.text.split("\n")]
        if not width:
            return lines
        room = max(width - 2, 2)
        folded = [part for line in lines for part in line.fold(room)]
        return [Content.styled(f" {part.plain}{' ' * (room - part.cell_length)} ", self.style) for part in folded]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; ``beside`` follows its cells, ``below`` stands in a line of its own."""

    cells: Sequence[str]
    beside: Content = Content("")  # noqa: RUF009
    below: Content = Content("")  # noqa: RUF009


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a head. ``right``: the places of the columns that are flush right."""

    head: Sequence[str]
    rows: Sequence[Row]
    right: frozenset[int] = frozenset()
    apart: bool = True

    def lines(self, width: int) -> list[Content]:
        """Its lines at a width; 0: as wide as they are."""
        widths = self._widths(width)
        if widths is None:
            return [line for row in (Row(self.head), *self.rows) for line in _in_a_line(row, width)]
        head = [line.stylize("bold") for line in self._drawn(Row(self.head), widths)]
        rule = Content.styled("  ".join("─" * each for each in widths), "$foreground-muted")
        rows = (line for row in self.rows for line in (*self._drawn(row, widths), *_below(row, width)))
        return [*head, rule, *rows]

    def _widths(self, width: int) -> list[int] | None:
        """The columns that each column has, the widest given less where there is no room; None where there is none."""
        cells = [self.head, *(row.cells for row in self.rows)]
        columns = max(map(len, cells), default=0)
        widths = [
            max((Content(row[n]).cell_length for row in cells if n < len(row)), default=0) for n in range(columns)
        ]
        beside = max((row.beside.cell_length + GAP for row in self.rows if row.beside), default=0)
        room = width - beside - GAP * (columns - 1)
        if not width or sum(widths) <= room:
            return widths or None
        if room < COLUMN * columns:
            return None
        widest = max(widths)
        while sum(min(each, widest) for each in widths) > room:
            widest -= 1
        return [min(each, widest) for each in widths]

    def _drawn(self, row: Row, widths: Sequence[int]) -> Iterator[Content]:
        columns = [Content(cell).wrap(each) if each else [] for cell, each in zip(row.cells, widths, strict=False)]
        for line in range(max(map(len, columns), default=0)):
            parts = [
                self._flush(n, columns[n][line] if n < len(columns) and line < len(columns[n]) else Content(""), each)
                for n, each in enumerate(widths)
            ]
            drawn = Content("  ").join(parts)
            yield drawn + Content("  ") + row.beside if row.beside and not line else drawn.rstrip()

    def _flush(self, column: int, cell: Content, width: int) -> Content:
        blank = Content(" " * (width - cell.cell_length))
        return blank + cell if column in self.right else cell + blank


def _in_a_line(row: Row, width: int) -> list[Content]:
    """A row where there is no room for columns."""
    words = Content(" · ".join(filter(None, row.cells)))
    told = words + Content(" ") + row.beside if row.beside else words
    return [*Paragraph(told).lines(width), *_below(row, width)]


def _below(row: Row, width: int) -> list[Content]:
    return Paragraph(row.below, Content("  ")).lines(width) if row.below else []


class Laid(Visual):
    """Blocks below each other."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks
        self._at: tuple[int, Content] | None = None

    def __str__(self) -> str:
        return self.at(0).plain

    def at(self, width: int) -> Content:
        """All of it in lines that fit into a width; 0: as wide as they are."""
        if self._at is None or self._at[0] != width:
            lines: list[Content] = []
            for block in self._blocks:
                lines += [Content(""), *block.lines(width)] if block.apart and lines else block.lines(width)
            self._at = width, Content("\n").join(lines)
        return self._at[1]

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Its lines, which are wrapped already."""
        rules: RulesMap = {"text_wrap": "nowrap"}
        wrapped = RenderOptions(
            options.get_style, rules, options.selection, options.selection_style, options.post_style
        )
        return self.at(width).render_strips(width, height, style, wrapped)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:  # noqa: ARG002 - Textual's
        """The width of its longest line."""
        return max(line.cell_length for line in self.at(0).split("\n", allow_blank=True))

    def get_height(self, rules: RulesMap, width: int) -> int:  # noqa: ARG002 - Textual's
        """How many lines it takes."""
        return self.height(width)

    def height(self, width: int) -> int:
        """How many lines it takes."""
        return self.at(width).plain.count("\n") + 1 if width else 0
