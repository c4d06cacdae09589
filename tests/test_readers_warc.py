"""Crawls: which records are articles, how their pages are decoded, what a damaged record costs."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from qa.articles import Article
from qa.config import LimitsSection
from qa.errors import SourceError
from qa.readers.documents import HEAD, Document, open_file
from qa.readers.warc import WarcReader

pytestmark = [  # warcio's writer leaves its temporary files to the garbage collector
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

FIRST = "The council of Varnholm voted on Tuesday to close the harbour bridge until the end of the year."
SECOND = "Engineers had found cracks in its northern pier, which carries two thirds of the load, officials said."
THIRD = "Ferries will run every ten minutes from March, and the detour over Old Lock adds twenty minutes."
TEXT = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
HEADERS = {"Content-Type": "text/html; charset=utf-8"}


def page(title: str, kind: str = "article") -> bytes:
    paragraphs = "".join(f"<p>{text}</p>" for text in (FIRST, SECOND, THIRD))
    return (
        f'<!doctype html><html><head><title>{title}</title><meta property="og:type" content="{kind}"></head>'
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


def url(name: str) -> str:
    return f"https://post.example/{name}"


class Crawl:
    """A WARC file being written."""

    def __init__(self, *, compressed: bool = False) -> None:
        self.out = io.BytesIO()
        self.writer = WARCWriter(self.out, gzip=compressed)

    def add(
        self,
        name: str,
        body: bytes = b"",
        headers: dict[str, str] = HEADERS,
        *,
        status: str = "200 OK",
        kind: str = "response",
        warc_headers: dict[str, str] | None = None,
    ) -> Crawl:
        protocol = "" if kind == "request" else "HTTP/1.1"
        http = StatusAndHeaders(status, list(headers.items()), protocol, is_http_request=kind == "request")
        record = self.writer.create_warc_record(
            url(name), kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=warc_headers
        )
        self.writer.write_record(record)
        return self

    def article(self, name: str) -> Crawl:
        return self.add(name, page(name))

    def junk(self, data: bytes) -> Crawl:
        self.out.write(data)
        return self

    @property
    def data(self) -> bytes:
        return self.out.getvalue()


def read(data: bytes, limits: LimitsSection | None = None) -> list[Article | SourceError]:
    document = Document("c.warc", "c.warc", io.BytesIO(data), data[:HEAD], limits or LimitsSection())
    assert WarcReader().recognises(document)
    return list(WarcReader().read(document))


def titles(found: list[Article | SourceError]) -> list[str]:
    return [str(each) if isinstance(each, SourceError) else each.title for each in found]


def test_articles_are_named_by_the_file_and_their_address() -> None:
    (found,) = read(Crawl().article("one").data)
    assert isinstance(found, Article)
    assert (found.source, found.url, found.title) == (f"c.warc#{url('one')}", url("one"), "one")
    assert (found.text, found.notes) == (TEXT, ())


def test_compressed_file_gives_the_same(tmp_path: Path) -> None:
    path = tmp_path / "c.warc.gz"
    path.write_bytes(Crawl(compressed=True).article("one").article("two").data)
    document = open_file(path, "c.warc", LimitsSection())
    with document.stream:
        assert document.suffix == ".warc"
        assert titles(list(WarcReader().read(document))) == ["one", "two"]


def test_what_is_no_article_is_passed_over() -> None:
    crawl = Crawl()
    crawl.writer.write_record(crawl.writer.create_warcinfo_record("c.warc", {"software": "test"}))
    crawl.add("one", page("request"), {"Host": "post.example"}, status="GET /one HTTP/1.1", kind="request")
    crawl.add("one", page("one"), status="301 Moved Permanently")
    crawl.add("gone", page("gone"), status="404 Not Found")
    crawl.add("front", page("front", "website"))
    crawl.add("short", page("short").replace(SECOND.encode(), b"").replace(THIRD.encode(), b""))
    crawl.add("a.png", b"\x89PNG\r\n", {"Content-Type": "image/png"})
    crawl.add("bare", page("bare"), {})
    crawl.add("empty", b"")
    crawl.writer.write_record(
        crawl.writer.create_revisit_record(url("one"), "sha1:B6QJ", url("one"), "2024-03-17T00:00:00Z")
    )
    assert titles(read(crawl.article("two").data)) == ["two"]


def chunked(body: bytes) -> bytes:
    half = len(body) // 2
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:], b""))


def raw_deflate(body: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(body) + compressor.flush()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (chunked(page("one")), {"Transfer-Encoding": "chunked"}),
        (page("one"), {"Transfer-Encoding": "chunked"}),
        (gzip.compress(page("one")), {"Content-Encoding": "gzip"}),
        (page("one"), {"Content-Encoding": "gzip"}),
        (zlib.compress(page("one")), {"Content-Encoding": "deflate"}),
        (raw_deflate(page("one")), {"Content-Encoding": "Deflate"}),
        (chunked(gzip.compress(page("one"))), {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}),
        (page("one"), {"Content-Encoding": "br"}),
        (page("one"), {"Content-Encoding": "UTF-8"}),
    ],
    ids="chunked not-chunked gzip not-gzip zlib deflate chunked-gzip not-br no-encoding".split(),
)
def test_a_page_is_decoded_from_how_it_was_sent(body: bytes, headers: dict[str, str]) -> None:
    (found,) = read(Crawl().add("one", body, {**HEADERS, **headers}).data)
    assert isinstance(found, Article), found
    assert (found.title, found.text) == ("one", TEXT)


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (gzip.compress(page("one"))[:-20], "gzip", "its compressed page breaks off"),
        (b"\x1f\x8b\x08\x00" + b"\xff" * 30, "gzip", "its page cannot be decompressed (gzip)"),
        (b"\x0b\x02\x80", "br", "its page cannot be decompressed (br)"),
        (gzip.compress(b" " * 2_000_000), "gzip", "expands to more than 1 MB ([limits] document_mb)"),
        (b" " * 2_000_000, "identity", "larger than 1 MB, the most that one document may hold ([limits] document_mb)"),
    ],
    ids="breaks-off damaged brotli bomb large".split(),
)
def test_a_page_that_cannot_be_decoded_costs_only_itself(body: bytes, encoding: str, reason: str) -> None:
    crawl = Crawl().article("one").add("two", body, {**HEADERS, "Content-Encoding": encoding}).article("three")
    found = read(crawl.data, LimitsSection(document_mb=1))
    assert titles(found) == ["one", f"c.warc, record 2: {reason}; left out.", "three"]


def test_garbage_between_records_costs_only_itself() -> None:
    crawl = Crawl().article("one").junk(b"\x00garbage\r\nmore\n\r\n").article("two")
    assert titles(read(crawl.data)) == [
        "one",
        "c.warc, record 2: it does not begin as a record does; left out.",
        "two",
    ]


def test_a_record_whose_length_is_wrong_costs_only_itself() -> None:
    whole = Crawl().article("one").data
    at = whole.index(b"Content-Length: ") + len(b"Content-Length: ")
    length = int(whole[at:].split(b"\r\n", 1)[0])
    short = whole[:at] + b"%d" % (length - 40) + whole[at + len(str(length)) :]
    found = titles(read(short + Crawl().article("two").data))
    assert found == ["c.warc, record 1: it does not end where its header says; left out.", "two"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"HTTP/1.1 200 OK", b"HTTP?", "its HTTP header is damaged (StatusAndHeadersParserException)"),
        (b"WARC/1.0", b"WARC/9.9", "its header is damaged (ArchiveLoadFailed)"),
        (b"Content-Length", b"Content-Other", "its header gives no length"),
    ],
)
def test_a_damaged_header_costs_only_its_record(old: bytes, new: bytes, reason: str) -> None:
    crawl = Crawl().article("one").data.replace(old, new, 1) + Crawl().article("two").data
    assert titles(read(crawl)) == [f"c.warc, record 1: {reason}; left out.", "two"]


@pytest.mark.parametrize("cut", [20, 400, 700])
def test_a_file_that_breaks_off_gives_what_came_before(cut: int) -> None:
    whole = Crawl().article("one").data
    found = titles(read(whole + Crawl().article("two").data[:-cut]))
    assert found[0] == "one"
    assert len(found) == 2
    assert found[1].startswith("c.warc, record 2: ")


def test_a_compressed_file_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "c.warc.gz"
    picture = Crawl(compressed=True).article("one").add("a.png", bytes(1_000_000), {"Content-Type": "image/png"})
    path.write_bytes(picture.data[:-30])
    document = open_file(path, "c.warc", LimitsSection())
    found: list[Article | SourceError] = []
    with document.stream, pytest.raises(SourceError, match=r"^c\.warc: damaged gzip"):
        found.extend(WarcReader().read(document))
    assert titles(found) == ["one"]


def test_a_page_that_the_crawl_cut_is_noted() -> None:
    (found,) = read(Crawl().add("one", page("one"), warc_headers={"WARC-Truncated": "length"}).data)
    assert isinstance(found, Article)
    assert found.notes == ("the crawl kept only the beginning of the page; its text may be cut short",)


def test_a_page_that_cannot_be_read_is_an_error_in_its_place() -> None:
    bad = page("bad").replace(b"</article>", b"<br>" * 50_001)
    found = titles(read(Crawl().add("bad", bad).article("two").data))
    assert found == [f"c.warc#{url('bad')}: more than 50,000 elements; no page that can be read.", "two"]


def test_time_counts_for_each_record_anew() -> None:
    data = Crawl().article("one").article("two").article("three").data
    ticks = iter(range(0, 1_000, 40))
    document = Document(
        "c.warc", "c.warc", io.BytesIO(data), data[:HEAD], LimitsSection(seconds=60), clock=lambda: next(ticks)
    )
    assert titles(list(WarcReader().read(document))) == ["one", "two", "three"]
