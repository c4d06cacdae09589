"""Crawls: the articles among the responses of a WARC file (ISO 28500).

A record costs no more than itself: one that is damaged is told of by its number, and reading goes on at the next line
that opens a record. Records are framed here and parsed by warcio, whose own iterator ends at the first damaged one.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from qa.articles import Article
from qa.errors import SourceError
from qa.readers.documents import HEAD, MIB, Document
from qa.readers.html import NoArticle, article_from_html, is_html

__all__ = ["WarcReader"]

LONGEST_LINE = 64 * 1024
"""Bytes of the longest line of a header."""
OPENING = b"WARC/"
PROTOCOLS = ("HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/2", "HTTP/3")
PAGE_TYPES = ("text/html", "application/xhtml+xml")
GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
KEPT_PART = "the crawl kept only the beginning of the page; its text may be cut short"


class WarcReader:
    """Reads every article of a crawl; what is none (front pages, redirects, pictures) is passed over."""

    name: ClassVar[str] = "WARC"
    extensions: ClassVar[tuple[str, ...]] = (".warc",)

    def recognises(self, document: Document) -> bool:
        """Whether the document begins as a record does."""
        return document.head.startswith(OPENING)

    def read(self, document: Document) -> Iterator[Article | SourceError]:
        """The articles, each named by the address that it was taken from."""
        if not document.head.strip():
            raise SourceError(f"{document.source}: empty.")
        for response in _responses(document):
            if isinstance(response, SourceError):
                yield response
                continue
            try:
                yield _article(response, document)
            except NoArticle:
                continue
            except SourceError as error:
                yield error


@dataclass(frozen=True, slots=True)
class _Response:
    """A page that was sent: decoded body, where it was taken from, whether the crawl cut it."""

    url: str
    body: bytes
    content_type: str
    cut: bool


class _Damaged(Exception):
    """A record is damaged; the message says how."""


class _Lines:
    """The document as warcio reads it, with lines of bounded length and one line that can be put back."""

    def __init__(self, document: Document) -> None:
        self._stream = document.stream
        self._kept = b""

    def readline(self, length: int | None = None) -> bytes:
        if self._kept:
            line, self._kept = self._kept, b""
            return line
        return self._stream.readline(LONGEST_LINE if length is None else min(length, LONGEST_LINE))

    def read(self, length: int) -> bytes:
        return self._stream.read(length)

    def tell(self) -> int:
        """Zero: only what is limited to a record needs to know its place."""
        return 0

    def put_back(self, line: bytes) -> None:
        self._kept = line

    def next_filled(self) -> bytes:
        """The next line that is not blank, empty at the end."""
        while (line := self.readline()) and not line.strip():
            pass
        return line

    def skip_to_record(self) -> None:
        """Go on to the next line that opens a record."""
        while (line := self.readline()) and not line.startswith(OPENING):
            pass
        self.put_back(line)


def _article(response: _Response, document: Document) -> Article:
    article = article_from_html(
        response.body,
        source=f"{document.source}#{response.url}",
        url=response.url,
        content_type=response.content_type,
        only_articles=True,
    )
    document.check_time()
    return replace(article, notes=(*article.notes, KEPT_PART)) if response.cut else article


def _responses(document: Document) -> Iterator[_Response | SourceError]:
    """Every page of the file. A damaged stretch is one error, with the number of the record that it begins in."""
    lines = _Lines(document)
    most = int(document.limits.document_mb * MIB)
    number = 0
    while line := lines.next_filled():
        number += 1
        document.restart_time()
        try:
            response = _response(lines, line, most)
        except _Damaged as damaged:
            yield SourceError(f"{document.source}, record {number}: {damaged}; left out.")
            lines.skip_to_record()
        else:
            if response:
                yield response


def _response(lines: _Lines, opening: bytes, most: int) -> _Response | None:
    """The page in the record that ``opening`` begins, None where it holds none. Reads to the record's end."""
    record = _record(lines, opening)
    page = _page(record, most) if record.rec_type == "response" else None
    while record.raw_stream.read(MIB):
        pass
    if record.raw_stream.limit:
        raise _Damaged("the file breaks off in it")
    after = lines.readline()
    if after.strip():
        lines.put_back(after)
        raise _Damaged("it does not end where its header says")
    return page


def _record(lines: _Lines, opening: bytes) -> Any:
    from warcio.recordloader import ArcWarcRecordLoader

    logging.getLogger("warcio").addHandler(logging.NullHandler())  # else its warnings go to the terminal
    if not opening.startswith(OPENING):
        raise _Damaged("it does not begin as a record does")
    try:
        record = ArcWarcRecordLoader().parse_record_stream(lines, opening, "warc", no_record_parse=True)
    except SourceError:
        raise
    except Exception as error:  # whatever a damaged header brings up in there
        raise _Damaged(f"its header is damaged ({type(error).__name__})") from error
    if record.length is None:
        raise _Damaged("its header gives no length")
    return record


def _page(record: Any, most: int) -> _Response | None:
    """The page in a response, None where it is something else."""
    from warcio.statusandheaders import StatusAndHeadersParser

    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if not record.length or not url.lower().startswith(("http:", "https:")):
        return None
    try:
        http = StatusAndHeadersParser(PROTOCOLS).parse(record.raw_stream)
    except SourceError:
        raise
    except Exception as error:  # as above
        raise _Damaged(f"its HTTP header is damaged ({type(error).__name__})") from error
    content_type = http.get_header("Content-Type") or ""
    if http.get_statuscode() != "200" or content_type.partition(";")[0].strip().lower() not in PAGE_TYPES:
        return None
    if record.length > most:
        raise _Damaged(f"larger than {most / MIB:g} MB, the most that one document may hold ([limits] document_mb)")
    body = _body(record, http, most)
    cut = record.rec_headers.get_header("WARC-Truncated") is not None
    return _Response(url, body, content_type, cut) if body.strip() else None


def _body(record: Any, http: Any, most: int) -> bytes:
    """What was sent, without the forms that it was sent in: chunks, compression."""
    from warcio.bufferedreaders import ChunkedDataReader

    def header(name: str) -> str:
        return (http.get_header(name) or "").strip().lower()

    stream = ChunkedDataReader(record.raw_stream) if header("Transfer-Encoding") == "chunked" else record.raw_stream
    body: bytes = stream.read(record.length)
    for encoding in reversed(header("Content-Encoding").split(",")):
        body = _decompressed(body, encoding.strip(), most)
    return body


def _decompressed(body: bytes, encoding: str, most: int) -> bytes:
    """``body`` without its compression. Crawlers often store it decompressed and leave the header as it was."""
    if encoding in ("gzip", "x-gzip", "deflate"):
        for form in (GZIP_OR_ZLIB, -zlib.MAX_WBITS):
            inflater = zlib.decompressobj(form)
            try:
                text = inflater.decompress(body, most + 1)
            except zlib.error:
                continue
            if len(text) > most:
                raise _Damaged(f"expands to more than {most / MIB:g} MB ([limits] document_mb)")
            if not inflater.eof:
                raise _Damaged("its compressed page breaks off")
            return text
    if encoding in ("", "identity") or is_html(body[:HEAD]):
        return body
    raise _Damaged(f"its page cannot be decompressed ({encoding})")
