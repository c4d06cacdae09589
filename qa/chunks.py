"""Sentences and chunks of an article, as exact offsets into its text.

Invariant: ``article.text[chunk.start:chunk.end]`` is the chunk, whole sentences of one section in their order.
A sentence is cut only where it alone is longer than a chunk. Headings belong to no sentence and no chunk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.articles import Article

Count = Callable[[Sequence[str]], list[int]]
"""Tokens of each text, by the embedding model's own tokenizer."""

WINDOW = 20_000
"""Characters of a paragraph that are split into sentences at once."""
MAX_SENTENCE = 2000
"""Characters after which a run without a full stop is cut at a blank, so that nobody's quotation fills a screen."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters of an article's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of an article: what is searched and embedded. ``id`` changes with the article's content."""

    id: str
    article_id: str
    ordinal: int
    start: int
    end: int


_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]+)*")
_HEADING = re.compile(r"#{1,6}\s+\S.*|[-–—*]{1,3}\s+\S.{0,118}\s+[-–—*]{1,3}|={3,}|-{3,}|\*{3,}|_{3,}")
_CLOCK_END = re.compile(r"\b[ap]\.m\.\s*\Z", re.IGNORECASE)
_CLOCK_GOES_ON = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+\d"
    r"|[A-Z]{2,4}\b|(?:Eastern|Pacific|Central|Mountain|Greenwich)\b"
)


def sections(text: str) -> Iterator[list[Span]]:
    """The sentences of ``text``, section by section; a heading (``- 'Retreating' -``, ``## ...``) ends a section."""
    section: list[Span] = []
    for paragraph in _PARAGRAPH.finditer(text):
        if "\n" not in paragraph[0] and _HEADING.fullmatch(paragraph[0].strip()):
            if section:
                yield section
            section = []
        else:
            section.extend(_split(text, paragraph.start(), paragraph.end()))
    if section:
        yield section


def sentences(text: str) -> list[Span]:
    """Every sentence of ``text`` in order, headings left out, no blanks at either end."""
    return [sentence for section in sections(text) for sentence in section]


def _split(text: str, start: int, end: int) -> Iterator[Span]:
    begin = start
    bounds = list(_bounds(text, start, end))
    for position, bound in enumerate(bounds):
        last = position == len(bounds) - 1
        if not last and _CLOCK_END.search(text, begin, bound) and _CLOCK_GOES_ON.match(text, bound):
            continue  # "at 5 p.m. Tuesday" is one sentence
        yield from _trim(text, begin, end if last else bound)
        begin = bound


def _bounds(text: str, start: int, end: int) -> Iterator[int]:
    """Where the sentences end. A long paragraph is read by ``WINDOW``: sentencex takes the square of its quotes."""
    import sentencex

    while start < end:
        stop = end if end - start <= WINDOW else max(text.rfind(" ", start, start + WINDOW) + 1, start + WINDOW // 2)
        found = [start + each["end_index"] for each in sentencex.get_sentence_boundaries("en", text[start:stop])]
        if stop < end and len(found) > 1:
            found.pop()  # that sentence may go on behind the window
        yield from found
        start = found[-1]


def _trim(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end:
        piece = _cut(text, start, end, MAX_SENTENCE)
        if any(character.isalnum() for character in text[piece.start : piece.end]):
            yield piece
        start = piece.end
        while start < end and text[start].isspace():
            start += 1


def _cut(text: str, start: int, end: int, width: int) -> Span:
    """The first ``width`` characters of a span that begins and ends without blanks, cut at its last blank."""
    if end - start <= width:
        return Span(start, end)
    cut = next((at for at in range(start + width, start, -1) if text[at].isspace()), start + width)
    while text[cut - 1].isspace():
        cut -= 1
    return Span(start, cut)


def chunk(article: Article, count: Count, *, tokens: int) -> list[Chunk]:
    """``article`` cut into chunks of at most ``tokens`` tokens each, balanced within a section.

    A section of n tokens gives ceil(n / tokens) chunks of about equal length, not full ones and a stub.
    """
    whole = list(sections(article.text))
    flat = [span for section in whole for span in section]
    flat += [Span(one.end, other.start) for section in whole for one, other in pairwise(section)]
    sizes = dict(zip(flat, count([article.text[span.start : span.end] for span in flat]), strict=True))
    spans = [
        piece
        for section in whole
        for group in _pack(section, sizes, tokens)
        for piece in _fit(article.text, group, count, tokens)
    ]
    version = article.digest[:12]
    return [
        Chunk(f"{article.id}-{version}-{ordinal}", article.id, ordinal, span.start, span.end)
        for ordinal, span in enumerate(spans)
    ]


def _pack(section: list[Span], sizes: dict[Span, int], tokens: int) -> Iterator[list[Span]]:
    total = sum(sizes[span] for span in section)
    aim = total / max(1, -(-total // tokens))
    group: list[Span] = []
    filled = 0
    for span in section:
        size = sizes[span]
        gap = sizes[Span(group[-1].end, span.start)] if group else 0  # what is no sentence, such as "* * *"
        if group and (filled + gap + size > tokens or filled + gap + size / 2 > aim):
            yield group
            group, filled, gap = [], 0, 0
        group.append(span)
        filled += gap + size
    if group:
        yield group


def _fit(text: str, group: list[Span], count: Count, tokens: int) -> Iterator[Span]:
    """The group as one span; a single sentence longer than a chunk in pieces cut at blanks."""
    start, end = group[0].start, group[-1].end
    if len(group) > 1:
        yield Span(start, end)
        return
    while start < end:
        size = count([text[start:end]])[0]
        piece = _cut(text, start, end, max(1, -(-(end - start) // -(-size // tokens))))
        while piece.end - start > 1 and count([text[start : piece.end]])[0] > tokens:
            piece = _cut(text, start, piece.end, (piece.end - start) * 3 // 4)
        yield piece
        start = piece.end
        while start < end and text[start].isspace():
            start += 1
