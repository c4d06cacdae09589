"""XML to a tree, without what makes XML dangerous: no entity of its own, no DTD, nothing from disk or network.

A document that declares entities is refused: news needs none, and a few lines of them stand for gigabytes, or for a
file of this machine. A DOCTYPE that only names a DTD is let by; the DTD is never read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qa.errors import SourceError
from qa.readers.documents import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = [
    "LANGUAGE",
    "attribute",
    "child_text",
    "children",
    "local",
    "paragraphs",
    "parse_xml",
    "root_name",
    "text_of",
]

MOST_DECLARATIONS = 64 * 1024
"""Bytes in which a document that is not well formed is searched for the entities that make it so."""
_ENTITY = re.compile(rb"<!ENTITY\s", re.IGNORECASE)
_REFUSED = "declares XML entities of its own, which is not allowed: news needs none."
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
"""The attribute ``xml:lang``."""
_BLOCKS = frozenset(
    "p div section article header footer h1 h2 h3 h4 h5 h6 hl1 hl2 li dt dd ul ol dl blockquote bq block pre "
    "table tr caption figcaption address hr tagline fn".split()
)
"""Elements of XHTML and NITF that stand on lines of their own."""
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 hl1 hl2".split())
_SILENT = frozenset("script style media object audio video picture img head template".split())
"""Elements whose content is not the article's text."""
_BEFORE_ROOT = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"\s*<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")


def parse_xml(data: bytes, source: str) -> _Element:
    """The root of the tree. Raises SourceError for what is not well formed, or declares entities.

    Bytes that are valid UTF-8 are read as that, whatever the document declares.
    """
    from lxml import etree

    if not data.strip():
        raise SourceError(f"{source}: empty.")
    narrow = b"\x00" not in data
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        encoding="utf-8" if narrow and _is_utf8(data) else None,
    )
    try:
        root = etree.fromstring(data.lstrip() if narrow else data, parser)
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        if _ENTITY.search(data[:MOST_DECLARATIONS].replace(b"\x00", b"")):
            raise SourceError(f"{source}: {_REFUSED}") from error
        problem = (getattr(error, "msg", None) or str(error)).split("\n", 1)[0].rstrip(".")
        raise SourceError(f"{source}: not well-formed XML ({problem}).") from error
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and next(iter(declared.iterentities()), None) is not None:
        raise SourceError(f"{source}: {_REFUSED}")
    return root


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def root_name(document: Document) -> str:
    """The name of the first element in ``document.head``, without its prefix; "" where it is no XML."""
    head = document.head
    wide = head[:4].count(0) > 1 or head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = head.replace(b"\x00", b"").decode("latin-1") if wide else head.decode("latin-1")
    start = text.find("<")
    if start < 0 or text[:start].strip("\xef\xbb\xbf\xff\xfe \t\r\n"):
        return ""
    found = _ROOT.match(_BEFORE_ROOT.sub("", text[start:]))
    return found[1] if found else ""


def local(element: Any) -> str:
    """The name of an element without its namespace; "" for a comment and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: _Element | None, *path: str) -> Iterator[_Element]:
    """The elements that ``path`` leads to from ``element``, whatever their namespace."""
    if element is None:
        return
    for child in element:
        if local(child) == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from children(child, *path[1:])


def attribute(element: _Element | None, name: str, *path: str) -> str:
    """The first value of an attribute that is not empty, of ``element`` or of what ``path`` leads to."""
    found = children(element, *path) if path else iter(() if element is None else (element,))
    return next((value for each in found if (value := each.get(name, "").strip())), "")


def child_text(element: _Element | None, *path: str) -> str:
    """The first text that is not empty, of the elements that ``path`` leads to."""
    return next((text for each in children(element, *path) if (text := text_of(each))), "")


def text_of(element: _Element) -> str:
    """Everything that is written in an element, on one line."""
    return " ".join(" ".join(paragraphs(element, marked=False)).split())


def paragraphs(element: _Element, *, marked: bool = True) -> list[str]:
    """The text in an element of XHTML or NITF, block by block; headings open with ``## `` where ``marked``."""
    from lxml import etree

    gathered = _Paragraphs(marked)
    silent: _Element | None = None
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if event == "start" and silent is None:
            if local(node) in _SILENT and node is not element:
                silent = node
            else:
                gathered.open(node)
        elif event == "end" and silent is None:
            gathered.close(node)
        elif event == "end" and node is silent:
            silent = None
        if event != "start" and silent is None and node is not element:
            gathered.add(node.tail or "")
    gathered.end_block()
    return gathered.blocks


class _Paragraphs:
    """Text as it comes, cut where a block begins or ends."""

    def __init__(self, marked: bool) -> None:
        self.blocks: list[str] = []
        self._pieces: list[str] = []
        self._marked = marked
        self._heading = False

    def add(self, text: str) -> None:
        self._pieces.append(text)

    def open(self, node: Any) -> None:
        name = local(node)
        if name in _BLOCKS:
            self.end_block()
            self._heading = name in _HEADINGS
        if name in ("br", "td", "th"):
            self.add(" ")
        text = node.text or ""
        self.add(text if isinstance(node.tag, str) else html.unescape(text))  # an entity, such as &eacute;

    def close(self, node: Any) -> None:
        if local(node) in _BLOCKS:
            self.end_block()

    def end_block(self) -> None:
        text = " ".join("".join(self._pieces).split())
        if text:
            self.blocks.append(f"## {text}" if self._heading and self._marked else text)
        self._pieces.clear()
        self._heading = False
