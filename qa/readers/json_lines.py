"""JSON Lines: one article a line.

The file is read line by line, so that one of any length takes the memory of one line, and a line that is no article
costs only itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from qa.articles import Article
from qa.articles.fields import articles_from_entries
from qa.errors import SourceError
from qa.readers.decoding import check_kind, decode, is_wide
from qa.readers.documents import Document
from qa.readers.json_values import check_keys, opens_object, parse_json

__all__ = ["JsonLinesReader"]


class JsonLinesReader:
    """Reads JSON Lines (jsonlines.org), also called NDJSON."""

    name: ClassVar[str] = "JSON Lines"
    extensions: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson")

    def recognises(self, document: Document) -> bool:
        """Whether the first line is a whole object and another follows."""
        first, end, rest = document.head.partition(b"\n")
        return bool(end) and opens_object(rest) and is_whole_object(first, document)

    def read(self, document: Document) -> Iterator[Article | SourceError]:
        """The article of every line."""
        check_kind(document.head, document.source)
        for found in articles_from_entries(_entries(document), document.source):
            yield found
            document.restart_time()


def is_whole_object(line: bytes, document: Document) -> bool:
    """Whether ``line`` is a JSON object from beginning to end."""
    if not opens_object(line) or not line.rstrip().endswith(b"}"):
        return False
    try:
        return isinstance(parse_json(_text(line, document.source), document.source, depth=document.limits.depth), dict)
    except SourceError:
        return False


def _entries(document: Document) -> Iterator[tuple[str, Any]]:
    empty = True
    for number, line in _lines(document):
        if isinstance(line, SourceError) or line.strip():
            empty = False
            yield f"line {number}", _entry(line, f"{document.source}, line {number}", document.limits.depth)
    if empty:
        raise SourceError(f"{document.source}: empty.")


def _entry(line: bytes | SourceError, source: str, depth: int) -> Any:
    if isinstance(line, SourceError):
        return line
    try:
        value = parse_json(_text(line, source), source, depth=depth, one_line=True)
        check_keys(value, source)
    except SourceError as error:
        return error
    return value


def _lines(document: Document) -> Iterator[tuple[int, bytes | SourceError]]:
    if not is_wide(document.head):
        return document.lines()
    text = document.text()  # a line of UTF-16 does not end at a byte
    return ((number, line.encode("utf-8", "replace")) for number, line in enumerate(text.split("\n"), 1))


def _text(line: bytes, source: str) -> str:
    try:
        return line.decode("utf-8-sig").rstrip("\r\n")  # or an error at the end would count as on the next line
    except UnicodeDecodeError:
        return decode(line, source)
