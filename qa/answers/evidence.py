"""The evidence of a generated answer: the sentences of its passages, numbered as the model is shown them.

Invariants: the numbers run from 1 through all passages without a gap; ``article.text[span.start:span.end]`` is the
sentence; a passage is there with all its sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from qa.chunks import Span, sentences
from qa.passages import Passage
from qa.verification import Reference


@dataclass(frozen=True, slots=True)
class Numbered:
    """A sentence of a passage under its number."""

    number: int
    passage: Passage
    span: Span

    @property
    def text(self) -> str:
        """Its words."""
        return self.passage.article.text[self.span.start : self.span.end]

    @property
    def reference(self) -> Reference:
        """The sentence within its passage, as it is checked against."""
        article, passage = self.passage.article, self.passage
        return Reference(
            text=passage.text,
            start=self.span.start - passage.start,
            end=self.span.end - passage.start,
            title=article.title,
            outlet=article.outlet,
            published=article.published,
        )


@dataclass(frozen=True)
class Evidence:
    """What a model may cite. ``sentences[n - 1]`` has the number n."""

    passages: tuple[Passage, ...]
    sentences: tuple[Numbered, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sentences", tuple(_numbered(self.passages)))

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """All sentences, as they are checked against."""
        return tuple(each.reference for each in self.sentences)

    def by_passage(self) -> Iterator[tuple[Passage, list[Numbered]]]:
        """Each passage with its sentences."""
        for passage, own in groupby(self.sentences, key=lambda each: each.passage):
            yield passage, list(own)

    def number_of(self, article_id: str, start: int) -> int | None:
        """The number of the sentence of an article that holds the character ``start``; None if none does."""
        for each in self.sentences:
            if each.passage.article.id == article_id and each.span.start <= start < each.span.end:
                return each.number
        return None


def _numbered(passages: Sequence[Passage]) -> Iterator[Numbered]:
    number = 0
    for passage in passages:
        for span in sentences(passage.text):
            number += 1
            yield Numbered(number, passage, Span(passage.start + span.start, passage.start + span.end))
