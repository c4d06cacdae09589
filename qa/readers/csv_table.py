"""Tables of articles, as spreadsheets and databases export them: a header, then a row for each article.

The file is read row by row, so that one of any length takes the memory of one row, and a row that does not fit the
header costs only itself: its values would stand under the wrong names.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, ClassVar

from qa.articles import Article
from qa.articles.fields import NAMES, articles_from_entries, folded
from qa.errors import SourceError
from qa.readers.decoding import check_kind, decode, is_wide
from qa.readers.documents import MIB, Document

__all__ = ["CsvReader"]

DELIMITERS = (",", ";", "\t", "|")
_KNOWN = frozenset(name for names in NAMES.values() for name in names)
_Numbered = Iterator[tuple[int, str | SourceError]]


class CsvReader:
    """Reads CSV (RFC 4180) and what goes by that name with semicolons, tabs or bars."""

    name: ClassVar[str] = "CSV"
    extensions: ClassVar[tuple[str, ...]] = (".csv", ".tsv")

    def recognises(self, document: Document) -> bool:
        """Whether it came from the web as a table; in a file, a line with commas may be anything."""
        kind = document.content_type.partition(";")[0].strip().lower()
        return kind in ("text/csv", "text/tab-separated-values")

    def read(self, document: Document) -> Iterator[Article | SourceError]:
        """The article of every row."""
        csv.field_size_limit(max(csv.field_size_limit(), int(document.limits.line_mb * MIB)))
        check_kind(document.head, document.source)
        for found in articles_from_entries(_entries(document), document.source):
            yield found
            document.restart_time()


def _entries(document: Document) -> Iterator[tuple[str, Any]]:
    rows = _rows(document)
    header = next((row for _, row in rows), None)
    if header is None:
        raise SourceError(f"{document.source}: empty.")
    if isinstance(header, SourceError):
        raise header
    _check_header(header, document.source)
    for number, row in rows:
        where = f"line {number}"
        if isinstance(row, SourceError):
            yield where, row
        elif len(row) != len(header):
            problem = f"{len(row)} fields, where the header has {len(header)}; is a quotation mark missing?"
            yield where, SourceError(f"{document.source}, {where}: {problem}")
        else:
            yield where, dict(zip(header, row, strict=True))


def _check_header(header: list[str], source: str) -> None:
    names = [folded(name) for name in header]
    if not set(NAMES["text"]) & set(names):
        found = ", ".join(repr(name.strip()[:40]) for name in header[:20])
        raise SourceError(f"{source}: no column named {', '.join(NAMES['text'][:3])}; its header names {found}.")
    twice = next((name for name in names if name in _KNOWN and names.count(name) > 1), None)
    if twice:
        raise SourceError(f"{source}: two columns are named {twice!r}; rename one.")


def _rows(document: Document) -> Iterator[tuple[int, list[str] | SourceError]]:
    """Every row that is not blank, the header first, with the number of the line in which it begins."""
    numbered, delimiter = _opened(_lines(document))
    lines = _Lines(numbered, document)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin_row()
        row: list[str] | SourceError
        try:
            row = next(reader)
        except StopIteration:
            return
        except SourceError as error:
            row = error
        except csv.Error as error:
            row = SourceError(f"{document.source}, line {lines.row}: not a row of a table ({error}).")
        if isinstance(row, SourceError) or any(row):
            yield lines.row, row


def _lines(document: Document) -> _Numbered:
    if is_wide(document.head):
        yield from enumerate(document.text().splitlines(keepends=True), 1)
        return
    for number, line in document.lines():
        if isinstance(line, SourceError) or not line.strip():
            yield number, line if isinstance(line, SourceError) else "\n"
            continue
        try:
            yield number, line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            yield number, _old(line, f"{document.source}, line {number}", document.content_type)


def _old(line: bytes, source: str, content_type: str) -> str | SourceError:
    try:
        return decode(line, source, content_type)
    except SourceError as error:
        return error


def _opened(numbered: _Numbered) -> tuple[_Numbered, str]:
    """The lines from the header on, and the delimiter: what a line ``sep=;`` names, else what finds most names."""
    for number, line in numbered:
        if isinstance(line, SourceError):
            raise line
        named = re.fullmatch(r"sep=(.)\s*", line)
        if named:
            return numbered, named[1]
        if line.strip():
            delimiter = max(DELIMITERS, key=lambda each: (_known(line, each), line.count(each)))
            return chain([(number, line)], numbered), delimiter
    return numbered, ","


def _known(header: str, delimiter: str) -> int:
    return sum(folded(name.strip("\"' \r\n")) in _KNOWN for name in header.split(delimiter))


class _Lines:
    """Hands the parser its lines and bounds what one row takes: a quotation mark may never be closed."""

    def __init__(self, numbered: _Numbered, document: Document) -> None:
        self.row = 0
        """The line in which the row begins."""
        self._numbered = numbered
        self._document = document
        self._taken = 0

    def begin_row(self) -> None:
        self.row = self._taken = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        number, line = next(self._numbered)
        self.row = self.row or number
        if isinstance(line, SourceError):
            raise line
        self._taken += len(line)
        most = self._document.limits.line_mb
        if self._taken > most * MIB:
            where = f"{self._document.source}, line {self.row}"
            raise SourceError(f"{where}: a row longer than {most:g} MB; is a quotation mark never closed?")
        self._document.check_time()
        return line
