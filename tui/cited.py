"""What the answers of a conversation cite of one article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.display import Mark, marks_for

if TYPE_CHECKING:
    from qa.articles import Article
    from tui.turns import Turn


def in_the_conversation(marks: Sequence[Mark], others: Sequence[Mark]) -> tuple[Mark, ...]:
    """The marks of one answer among those that other answers cite, which are fainter, in the order of the text."""
    own = {(mark.start, mark.end) for mark in marks}
    faint = {(mark.start, mark.end): replace(mark, other=True, chosen=False) for mark in others}
    more = [mark for place, mark in faint.items() if place not in own]
    return tuple(sorted((*marks, *more), key=lambda mark: (mark.start, mark.end)))


def cited_by(turns: Sequence[Turn], article: Article, *, numbered: bool, but: Turn | None = None) -> list[Mark]:
    """What the turns cite of an article; ``numbered``: all turns are there, so that they can be counted."""
    return [
        replace(mark, turn=number if numbered else None)
        for number, turn in enumerate(turns, 1)
        if turn is not but
        for mark in marks_for(article, turn.citations)
    ]
