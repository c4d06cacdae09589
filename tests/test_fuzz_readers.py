"""Whatever bytes come: articles whose text is clean and errors that name the source, and nothing else.

``benchmarks/fuzz_readers.py`` looks for more of the same, for as long as it is let.
"""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.articles import Article, clean_text
from qa.config import LimitsSection
from qa.errors import SourceError
from qa.readers import Reader, choose, read, readers
from qa.readers.documents import Document, open_stream
from tests.bad_inputs import GOOD, MIXED

SAMPLES = tuple(
    content for content in (*GOOD.values(), *(mixed.content for mixed in MIXED.values())) if isinstance(content, bytes)
)
NAMES = ("a.txt", "a.md", "a.json", "a.jsonl", "a.csv", "a.xml", "a.html", "a.eml", "a.warc", "a.pdf", "a.rss", "a")
TOKENS = (
    *(b'"', b"'", b"{", b"}", b"[", b"]", b"<", b">", b"&", b";", b",", b"\t", b"|", b"\n", b"\r", b"\n\n", b"---\n"),
    *(b"\x00", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xe9", b"\xc3\xa9", b"\xed\xa0\x80", b"\\ud800", b"\x1b"),
    *(b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?", b"?>", b"<p>", b"</p>", b"&eacute;", b"&#xd800;", b"&#0;"),
    *(b"9999999999", b"-1", b"1e999", b"NaN", b"null", b"2998-01-01", b"0001-01-01", b"https://[", b"http://\xe9/"),
    *(b"Content-Length: 5\r\n", b"boundary=b", b"=?utf-8?q?=ff?=", b"xmlns:x='y'", b"*a", b"&a", b"!!set", b"~", b": "),
)
FUZZ = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good document that was cut, doubled, or had something put into it, a few times."""
    data = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        put = draw(st.one_of(st.sampled_from(TOKENS), st.binary(max_size=4), st.just(data[start:end] * 2)))
        data = data[:start] + put + data[end:]
    return data


def of(data: bytes, name: str) -> Document:
    return open_stream(io.BytesIO(data), name, name, LimitsSection())


def check(found: Article | SourceError, name: str) -> None:
    if isinstance(found, SourceError):
        assert str(found).startswith(name)
        assert "\n" not in str(found)
        str(found).encode("utf-8")
        return
    assert isinstance(found, Article)
    assert found.text
    assert found.title
    assert clean_text(found.text) == found.text
    assert clean_text(found.title) == found.title
    assert "\n" not in found.title
    assert found.source.startswith(name) or found.url
    assert len(found.digest) == 64
    "".join((found.source, found.url, *found.notes, *found.aliases)).encode("utf-8")


@pytest.mark.parametrize("reader", readers(), ids=lambda reader: reader.name)
@given(data=st.one_of(mutated(), mutated(), st.binary(max_size=200)), name=st.sampled_from(NAMES))
@FUZZ
def test_a_reader_gives_articles_and_source_errors_alone(reader: Reader, data: bytes, name: str) -> None:
    try:
        document = of(data, name)
        for found in reader.read(document):
            check(found, name)
    except SourceError as error:
        check(error, name)


@given(data=mutated(), name=st.sampled_from(NAMES))
@FUZZ
def test_a_reader_is_chosen_without_a_trace_in_the_document(data: bytes, name: str) -> None:
    try:
        document = of(data, name)
        choose(document)
    except SourceError as error:
        check(error, name)
        return
    if not data.startswith(b"\x1f\x8b"):
        assert document.bytes() == data


@given(data=mutated(), name=st.sampled_from(NAMES))
@FUZZ
def test_reading_raises_nothing(data: bytes, name: str) -> None:
    for found in read(of(data, name) if not data.startswith(b"\x1f\x8b") else of(b"", name)):
        check(found, name)
