"""A folder of everything that a newsroom's disk may hold by mistake, and that an attacker may send on purpose.

``BAD`` holds documents that give no article, each with what its error must say. ``MIXED`` holds those of which a part
is good, ``GOOD`` a document of every form, so that a reader that refuses everything does not pass.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["BAD", "GOOD", "MIXED", "Mixed", "write_folder"]

Content = bytes | Callable[[], bytes]
MIB = 1024 * 1024
PARAGRAPH = (
    "The harbour council of Varnholm met on Monday and agreed on new rules for the ferry terminal, a spokeswoman for "
    "the port said. The strike will go on until Friday unless both sides sign the agreement before then. "
)


SECOND = (
    "Passengers to the islands found half of the boats at the quay, and those who had come by train waited in the hall "
    "of the old customs house. The mayor asked the council to open the second pier before the end of the month. "
)


@dataclass(frozen=True, slots=True)
class Mixed:
    """A document that is good in part: how many articles and errors it gives."""

    content: Content
    articles: int
    errors: int


@cache
def _bomb() -> bytes:
    """A gigabyte of zeros."""
    return gzip.compress(bytes(64 * MIB), mtime=0) * 16


def _doctype(declarations: str, root: str = "nitf", body: str = "&x;") -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE {root} [{declarations}]><{root}>{body}</{root}>'.encode()


def _laughs(root: str) -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return _doctype(f'<!ENTITY l0 "lol">{levels}', root, "&l9;")


def _page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def _mail(body: bytes, headers: bytes = b"") -> bytes:
    return b"From: desk@post.example\nSubject: Talks\nMIME-Version: 1.0\n" + headers + b"\n" + body


def _warc(body: bytes, length: int | None = None) -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        b"WARC-Date: 2026-03-04T10:00:00Z\r\nWARC-Target-URI: https://post.example/talks\r\n"
        b"Content-Type: application/http; msgtype=response\r\n"
        + f"Content-Length: {len(answer) if length is None else length}\r\n\r\n".encode()
        + answer
        + b"\r\n\r\n"
    )


def _item(content: str, guid: str = "g", meta: str = "") -> str:
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}"><itemMeta>{meta}</itemMeta><contentMeta>'
        f"<headline>Talks</headline></contentMeta><contentSet>{content}</contentSet></newsItem>"
    )


ARTICLE = _page(
    f"<article><h1>Talks end in Varnholm</h1><p>{PARAGRAPH}</p><p>{SECOND}</p></article>",
    '<title>Talks end in Varnholm</title><meta property="og:type" content="article">',
)
RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>The Post</title><link>https://post.example/</link><item>'
    f"<title>Talks end</title><link>https://post.example/talks</link><description>{PARAGRAPH}</description>"
    "</item></channel></rss>"
).encode()
ATOM = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>The Post</title><id>f</id>'
    "<updated>2026-03-04T10:00:00Z</updated><entry><title>Talks end</title><id>https://post.example/talks</id>"
    '<link href="https://post.example/talks"/><updated>2026-03-04T10:00:00Z</updated>'
    f'<content type="text">{PARAGRAPH}</content></entry></feed>'
).encode()
_NITF = f"<nitf><body><body.head/><body.content><p>{PARAGRAPH}</p></body.content></body></nitf>".encode()

GOOD: Mapping[str, Content] = {
    "good.txt": b"Talks end\n\nVARNHOLM (MW) - Ministers met.\n",
    "good.md": b"---\noutlet: The Post\n---\n# Talks end\n\nMinisters met.\n",
    "good.json": b'{"title": "Talks end", "text": "Ministers met."}',
    "good.jsonl": b'{"title": "Talks end", "text": "Ministers met."}\n',
    "good.csv": b"title,text\nTalks end,Ministers met.\n",
    "good.newsml.xml": _item("<inlineData>Ministers met.</inlineData>").encode(),
    "good.nitf": _NITF,
    "good.html": ARTICLE,
    "good.warc": _warc(ARTICLE),
    "good.eml": _mail(PARAGRAPH.encode(), b"Date: Wed, 4 Mar 2026 10:00:00 +0000\nContent-Type: text/plain\n"),
    "good.rss": RSS,
    "good.atom": ATOM,
    "good.txt.gz": lambda: gzip.compress(b"Talks end\n\nMinisters met.\n"),
}
"""One document of every form that can be read without the network; each gives one article."""

MIXED: Mapping[str, Mixed] = {
    "line-of-20-mb.jsonl": Mixed(
        lambda: b'{"text": "One."}\n{"text": "' + b"x" * (20 * MIB) + b'"}\n{"text": "Two."}\n', 2, 1
    ),
    "truncated-last-line.jsonl": Mixed(b'{"text": "One."}\n{"text": "Tw', 1, 1),
    "deep-line.jsonl": Mixed(b'{"text": "One."}\n' + b"[" * 100_000 + b"\n", 1, 1),
    "gzip-cut.jsonl.gz": Mixed(lambda: gzip.compress(_lines(5000))[:-100], 4000, 1),
    "other-values.jsonl": Mixed(b'{"text": "One."}\nnull\n5\n"x"\n[]\n{}\n', 1, 5),
    "key-twice.json": Mixed(b'[{"text": "A.", "text": "B."}, {"text": "One."}]', 1, 1),
    "other-values.json": Mixed(b'[{"text": "One."}, null, 5, "x", [[]], {"title": "T"}]', 1, 5),
    "bad-rows.csv": Mixed(b'title,text\nA,One.\nB\nC,x,y\n"D"d,x\nE,Two.\n', 2, 3),
    "open-quote.csv": Mixed(b'title,text\nA,One.\nB,"open\nC,x\n', 1, 1),
    "withheld-one.xml": Mixed(
        (
            '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>'
            + _item("<inlineData>One.</inlineData>", "g:1")
            + _item("<inlineData>No.</inlineData>", "g:2", '<pubStatus qcode="stat:withheld"/>')
            + "</itemSet></newsMessage>"
        ).encode(),
        1,
        1,
    ),
}
"""Documents of which the good part is read. The articles are the least that must come, the errors the exact number."""


def _lines(count: int) -> bytes:
    return b"".join(b'{"text": "%s"}\n' % base64.b64encode(os.urandom(30)) for _ in range(count))


_BINARY: Mapping[str, tuple[bytes, str]] = {
    "png": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01", "a PNG picture"),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "a JPEG picture"),
    "gif": (b"GIF89a\x01\x00\x01\x00\x80", "a GIF picture"),
    "zip": (b"PK\x03\x04\x14\x00\x00\x00\x08\x00", "a ZIP archive, or an office document"),
    "elf": (b"\x7fELF\x02\x01\x01\x00", "a program"),
    "exe": (b"MZ\x90\x00\x03\x00\x00\x00", "a program"),
    "sqlite": (b"SQLite format 3\x00\x10\x00\x01\x01", "a SQLite database"),
    "bzip2": (b"BZh91AY&SY\x00\x01", "a bzip2 file"),
    "xz": (b"\xfd7zXZ\x00\x00\x04", "an xz file"),
    "doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    "rtf": (b"{\\rtf1\\ansi Talks end.}", "an RTF document"),
    "mp4": (b"\x00\x00\x00\x18ftypmp42", "a sound or a film"),
}

_LOOP = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
    b"trailer<</Root 1 0 R>>"
)

BAD: Mapping[str, tuple[Content, str]] = {
    **{f"{kind}.txt": (data, f"not a text file ({told})") for kind, (data, told) in _BINARY.items()},
    # text and Markdown
    "empty.txt": (b"", "empty"),
    "white.txt": (b" \r\n\t\n", "empty"),
    "control.txt": (b"\x01\x02\x03\x04" * 50, ""),
    "zeros.txt": (bytes(5000), "not a text file"),
    "noise.txt": (bytes(range(256)) * 20, "not a text file"),
    "high-bytes.txt": (bytes(range(128, 256)) * 20, "not a text file"),
    "headline-alone.txt": (b"Talks end\n", "a headline without text"),
    "dateline-alone.txt": (b"Talks end\n\nParis (AFP)\n", "a headline and a dateline without text"),
    "utf16-odd.txt": ("Talks end\n\nMinisters met.".encode("utf-16")[:-1], "damaged UTF-16"),
    "utf16-surrogate.txt": (b"\xff\xfeT\x00\x00\xd8e\x00", "damaged UTF-16"),
    "utf16-unmarked-odd.txt": ("Talks end\n\nMinisters met.".encode("utf-16-le")[:-1], "damaged UTF-16"),
    "utf32-cut.txt": ("Talks end".encode("utf-32")[:-2], "damaged UTF-32"),
    "utf8-cut.txt": ("Où ça?\n\nLà-bas, à côté d’ici".encode() + b"\xe2\x80", "damaged UTF-8"),
    "utf8-mark-and-latin.txt": (b"\xef\xbb\xbfCaf\xe9\n\nText.", "damaged UTF-8"),
    "polish.txt": ("Rząd\n\nPowiedział, że spotkał się z rzecznikiem.".encode("cp1250") * 5, "Central Europe"),
    "empty.md": (b"", "empty"),
    "front-matter-alone.md": (b"---\ntitle: T\n---\n", "no text below"),
    "yaml-broken.md": (b"---\ntitle: [open\n---\nText.", "not valid YAML"),
    "yaml-list.md": (b"---\n- a\n- b\n---\nText.", "must be a table"),
    "yaml-bomb.md": (
        b"---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nauthor: [*b,*b,*b,*b,*b,*b]\n---\nText.",
        "by its name",
    ),
    "yaml-object.md": (b"---\ntitle: !!python/object/apply:os.system [ls]\n---\nText.", "not valid YAML"),
    "yaml-deep.md": (b"---\ntitle: " + b"[" * 20_000 + b"\n---\nText.", "not valid YAML"),
    "yaml-long.md": (b"---\ntitle: " + b"x" * 200_000 + b"\n---\nText.", "longer than"),
    # compressed
    "bomb.txt.gz": (_bomb, "larger than"),
    "bomb.jsonl.gz": (_bomb, "expands to more than"),
    "bomb.html.gz": (_bomb, "larger than"),
    "cut.txt.gz": (lambda: gzip.compress(os.urandom(5000))[:-50], "damaged gzip"),
    "header-alone.txt.gz": (b"\x1f\x8b", "damaged gzip"),
    "wrong-sum.txt.gz": (lambda: gzip.compress(b"Talks end\n\nText.")[:-8] + bytes(8), "damaged gzip"),
    "gzip-in-gzip.txt.gz": (lambda: gzip.compress(gzip.compress(b"Talks end")), "a gzip file inside another"),
    # JSON, JSON Lines, CSV
    "empty.json": (b"", "empty"),
    "cut.json": (b'{"title": "T", "text": "Minis', "not valid JSON"),
    "trailing.json": (b'{"text": "x"} and more', "not valid JSON"),
    "single-quotes.json": (b"{'text': 'x'}", "not valid JSON"),
    "deep.json": (b"[" * 100_000, "levels deep"),
    "deep-objects.json": (b'{"a":' * 100_000, "levels deep"),
    "deep-closed.json": (b'{"text":"x","a":' + b"[" * 200 + b"]" * 200 + b"}", "levels deep"),
    "number.json": (b"9" * 10_000, "expected an article"),
    "null.json": (b"null", "expected an article"),
    "empty-list.json": (b"[]", "an empty list"),
    "no-text.json": (b'{"title": "T", "text": "\\u0000\\ud800"}', "no text"),
    "html-text.json": (b'{"title": "T", "text": {"html": "x"}}', "no text"),
    "key-twice.json": (b'{"text": "A.", "text": "B."}', "stands twice"),
    "too-large.json": (lambda: json.dumps({"text": "x" * (5 * MIB)}).encode(), "larger than"),
    "empty.jsonl": (b"\n\n", "empty"),
    "binary.jsonl": (b"\x89PNG\r\n\x1a\n\x00\n\xff\xfe\n", "a PNG picture"),
    "empty.csv": (b"", "empty"),
    "no-text-column.csv": (b"id;title\n1;A\n", "no column named"),
    "two-columns.csv": (b"text,Text\na,b\n", "two columns are named"),
    "binary.tsv": (b"\x7fELF\x02\x01\x01\x00\n", "not a text file (a program)"),
    # XML
    "empty.xml": (b"", ""),
    "cut.xml": (_NITF[:-20], "not well-formed XML"),
    "laughs.xml": (_laughs("nitf"), "declares XML entities"),
    "laughs.newsml.xml": (_laughs("newsItem"), "declares XML entities"),
    "laughs.rss": (_laughs("rss"), ""),
    "laughs.atom": (_laughs("feed"), ""),
    "laughs.opml": (_laughs("opml"), ""),
    "file-entity.nitf": (_doctype('<!ENTITY x SYSTEM "file:///etc/passwd">'), "declares XML entities"),
    "file-entity.rss": (_doctype('<!ENTITY x SYSTEM "file:///etc/passwd">', "rss"), ""),
    "web-entity.nitf": (_doctype('<!ENTITY x SYSTEM "http://127.0.0.1:9/x">'), "declares XML entities"),
    "parameter-entity.nitf": (_doctype('<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;', body=""), "declares XML"),
    "deep.xml": (b"<nitf>" * 100_000, "not well-formed XML"),
    "deep.rss": (b"<rss>" * 100_000, ""),
    "wrong-encoding.xml": (b'<?xml version="1.0" encoding="utf-8"?><nitf>caf\xe9</nitf>', "not well-formed XML"),
    "unknown-encoding.xml": (b'<?xml version="1.0" encoding="nonsense"?><nitf>caf\xe9</nitf>', "not well-formed XML"),
    "utf16-odd.xml": ("<nitf>Half</nitf>".encode("utf-16")[:-1], "not well-formed XML"),
    "no-text.nitf": (b"<nitf><body><body.content/></body></nitf>", "no text"),
    "withheld.nitf": (
        _NITF.replace(b"<body>", b'<head><docdata management-status="withheld"/></head><body>', 1),
        "withheld",
    ),
    "withheld.newsml.xml": (
        _item("<inlineData>No.</inlineData>", meta='<pubStatus qcode="stat:withheld"/>').encode(),
        "withheld",
    ),
    "embargo.newsml.xml": (
        _item("<inlineData>No.</inlineData>", meta="<embargoed>2998-01-01T00:00:00Z</embargoed>").encode(),
        "under embargo",
    ),
    "newsml1.xml": (b'<NewsML Version="1.2"/>', "NewsML 1.2"),
    "other.xml": (b"<catalog><book/></catalog>", ""),
    "empty.rss": (b"", ""),
    "cut.opml": (b'<opml version="2.0"><body><outline', ""),
    "file-feeds.opml": (b'<opml version="2.0"><body><outline xmlUrl="file:///etc/passwd"/></body></opml>', ""),
    # pages, mail, crawls, PDF
    "empty.html": (b"", ""),
    "no-text.html": (_page("<script>let x = 1</script>"), ""),
    "deep.html": (b"<div>" * 100_000, ""),
    "binary.html": (bytes(range(256)) * 20, ""),
    "frameset.html": (b"<html><frameset><frame src='file:///etc/passwd'></frameset></html>", ""),
    "empty.eml": (b"", ""),
    "no-body.eml": (_mail(b""), ""),
    "picture.eml": (_mail(base64.b64encode(_BINARY["png"][0]), b"Content-Type: image/png\n"), ""),
    "deep.eml": (b"".join(_mail(b"", b"Content-Type: message/rfc822\n") for _ in range(2000)), ""),
    "open-parts.eml": (_mail(b"--b\n" * 1000, b"Content-Type: multipart/mixed; boundary=b\n"), ""),
    "empty.warc": (b"", ""),
    "cut.warc": (_warc(ARTICLE)[:200], ""),
    "long.warc": (_warc(b"", length=10**15), ""),
    "negative.warc": (_warc(b"", length=-5), ""),
    "binary.warc": (b"WARC/1.0\r\n" + bytes(range(256)), ""),
    "empty.pdf": (b"", ""),
    "cut.pdf": (b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R", ""),
    "loop.pdf": (_LOOP, ""),
    "not.pdf": (b"Talks end", ""),
    # kinds that are not read
    "archive.tar": (b"x" * 257 + b"ustar", "not a kind that can be read"),
    "no-extension": (b"Talks end\n\nMinisters met.", "not a kind that can be read"),
}
"""Documents that give no article, with what the error says ("" where any reason will do)."""


def write_folder(folder: Path) -> None:
    """Write ``good``, ``mixed`` and ``bad`` below ``folder``, one file for each kind."""
    kinds: dict[str, dict[str, Content]] = {
        "good": dict(GOOD),
        "mixed": {name: mixed.content for name, mixed in MIXED.items()},
        "bad": {name: content for name, (content, _) in BAD.items()},
    }
    for kind, contents in kinds.items():
        (folder / kind).mkdir(parents=True)
        for name, content in contents.items():
            (folder / kind / name).write_bytes(content if isinstance(content, bytes) else content())
