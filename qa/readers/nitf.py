"""NITF, the news industry's text format: one article a file (iptc.org/standards/nitf)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from qa.articles import Article
from qa.articles.fields import article_from_fields
from qa.errors import SourceError
from qa.readers.documents import Document
from qa.readers.release import check_release
from qa.readers.xml_tree import (
    LANGUAGE,
    attribute,
    child_text,
    children,
    local,
    paragraphs,
    parse_xml,
    root_name,
    text_of,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["NitfReader", "nitf_fields"]


class NitfReader:
    """Reads NITF 3, with and without its namespace."""

    name: ClassVar[str] = "NITF"
    extensions: ClassVar[tuple[str, ...]] = (".nitf", ".xml")

    def recognises(self, document: Document) -> bool:
        """Whether the first element is ``nitf``."""
        return root_name(document) == "nitf"

    def read(self, document: Document) -> Iterator[Article]:
        """The article."""
        root = parse_xml(document.bytes(), document.source)
        if local(root) != "nitf":
            raise SourceError(
                f"{document.source}: XML of a kind that cannot be read (<{local(root)[:40]}>); NewsML-G2, NITF, RSS, "
                "Atom and OPML can."
            )
        data = next(children(root, "head", "docdata"), None)
        release = attribute(data, "norm", "date.release") or None
        check_release(document.source, status=attribute(data, "management-status"), embargo=release)
        fields = nitf_fields(root)
        if not fields["text"]:
            raise SourceError(f"{document.source}: no text in its body.content.")
        yield article_from_fields(fields, document.source)


def nitf_fields(root: _Element) -> dict[str, Any]:
    """The fields of the article in an element ``nitf``, as ``article_from_fields`` takes them."""
    head = next(children(root, "head"), None)
    opening = next(children(root, "body", "body.head"), None)
    return {
        "title": child_text(opening, "hedline", "hl1") or child_text(head, "title"),
        "text": "\n\n".join(_deck(opening) + _body(root)),
        "authors": _byline(opening),
        "published": _first_date(head, opening),
        "outlet": attribute(head, "name", "pubdata")
        or child_text(opening, "distributor")
        or attribute(head, "holder", "docdata", "doc.copyright"),
        "place": child_text(opening, "dateline", "location") or child_text(opening, "dateline"),
        "section": attribute(head, "position.section", "pubdata")
        or attribute(head, "tobject.subject.type", "tobject", "tobject.subject"),
        "language": root.get(LANGUAGE) or attribute(root, LANGUAGE, "body"),
        "url": _address(head),
    }


def _deck(opening: _Element | None) -> list[str]:
    """The headings below the headline, as such."""
    return [f"## {text}" for each in children(opening, "hedline", "hl2") if (text := text_of(each))]


def _body(root: _Element) -> list[str]:
    """The paragraphs. Where blocks hold the whole text and its beginning once more, as in archives, the whole."""
    content = list(children(root, "body", "body.content"))
    whole = [block for each in content for block in children(each, "block") if block.get("class") == "full_text"]
    return [paragraph for each in whole or content for paragraph in paragraphs(each)]


def _byline(opening: _Element | None) -> str | list[str]:
    """The persons in the bylines, else the bylines as they are written."""
    persons = [text_of(each) for each in children(opening, "byline", "person")]
    if any(persons):
        return persons
    lines = [_without_title(each) for each in children(opening, "byline") if each.get("class") != "normalized_byline"]
    return "; ".join(filter(None, lines))


def _without_title(byline: _Element) -> str:
    title = child_text(byline, "byttl")
    return text_of(byline).replace(title, "", 1).rstrip(" ,") if title else text_of(byline)


def _first_date(head: _Element | None, opening: _Element | None) -> str:
    for name in ("date.issue", "date.release"):
        written = attribute(head, "norm", "docdata", name)
        if written:
            return written
    return attribute(opening, "norm", "dateline", "story.date") or attribute(head, "date.publication", "pubdata")


def _address(head: _Element | None) -> str:
    """The web address that the file gives, in either of the places where one may stand."""
    given = attribute(head, "ex-ref", "pubdata"), attribute(head, "id-string", "docdata", "doc-id")
    return next((each for each in given if re.match(r"https?://", each)), "")
