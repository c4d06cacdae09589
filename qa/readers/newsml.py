"""NewsML-G2, in which agencies send their wires (iptc.org/std/NewsML-G2/specification).

An item is known by its ``guid`` through all its versions; of several in one message the latest counts. What its
provider withholds does not come in (``qa.readers.release``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from qa.articles import Article, one_line
from qa.articles.fields import Repeats, article_from_fields
from qa.errors import SourceError
from qa.readers.documents import Document
from qa.readers.nitf import nitf_fields
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

__all__ = ["NewsmlReader"]

_ROOTS = ("newsItem", "newsMessage", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "NewsML")


class NewsmlReader:
    """Reads NewsML-G2: one item, or a message with several."""

    name: ClassVar[str] = "NewsML-G2"
    extensions: ClassVar[tuple[str, ...]] = (".xml",)

    def recognises(self, document: Document) -> bool:
        """Whether the first element is one of NewsML's."""
        return root_name(document) in _ROOTS

    def read(self, document: Document) -> Iterator[Article | SourceError]:
        """The article of every news item. Packages, which only list items, hold none."""
        root = parse_xml(document.bytes(), document.source)
        name = local(root)
        if name == "NewsML":
            version = root.get("Version", "1")[:20]
            raise SourceError(f"{document.source}: NewsML {version}, which cannot be read; ask for NewsML-G2 or NITF.")
        items = [root] if name == "newsItem" else list(children(root, "itemSet", "newsItem"))
        if not items:
            raise SourceError(f"{document.source}: no news item in it (<{name[:40]}>).")
        repeats = Repeats()
        for item, replaced in _latest(items):
            try:
                yield _article(item, f"{document.source}#{repeats.told_apart(_key(item))}", replaced)
            except SourceError as error:
                yield error
            document.check_time()


def _latest(items: list[_Element]) -> Iterator[tuple[_Element, list[str]]]:
    """The latest version of every item, with the versions that it takes the place of."""
    versions: dict[str, list[_Element]] = {}
    for number, item in enumerate(items):
        versions.setdefault(item.get("guid", "") or f"\x00{number}", []).append(item)
    for same in versions.values():
        latest = max(same, key=_version)
        yield latest, [each.get("version", "1")[:20] for each in same if each is not latest]


def _version(item: _Element) -> int:
    written = item.get("version", "")
    return int(written) if re.fullmatch(r"[0-9]{1,18}", written) else 0


def _key(item: _Element) -> str:
    meta = next(children(item, "itemMeta"), None)
    return one_line(item.get("guid", ""))[:200] or _headline(item, meta)[:200]


def _article(item: _Element, source: str, replaced: list[str]) -> Article:
    meta, about = (next(children(item, name), None) for name in ("itemMeta", "contentMeta"))
    embargo = next((text_of(each) for each in children(meta, "embargoed")), None)
    check_release(source, status=_term(next(children(meta, "pubStatus"), None)), embargo=embargo)
    within, text = _content(item, source)
    if not text:
        kind = _term(next(children(meta, "itemClass"), None)).rpartition(":")[2]
        raise SourceError(f"{source}: no text{f' (it is of the class {kind[:40]!r})' if kind else ''}.")
    fields = {**within, **{name: value for name, value in _fields(item, meta, about).items() if value}}
    title = fields.get("title", "")
    fields["text"] = text.removeprefix(f"## {title}\n\n") if title else text
    return article_from_fields(fields, source, notes=tuple(f"takes the place of version {each}" for each in replaced))


def _fields(item: _Element, meta: _Element | None, about: _Element | None) -> dict[str, Any]:
    first = child_text(about, "contentCreated") or child_text(meta, "firstCreated")
    latest = child_text(about, "contentModified") or child_text(meta, "versionCreated")
    return {
        "title": _headline(item, meta),
        "authors": _names(about, "creator") or child_text(about, "by"),
        "published": first or latest,
        "updated": latest if first and latest != first else "",
        "outlet": next(iter(_names(meta, "provider", codes=True) or _names(about, "infoSource")), ""),
        "place": next(iter(_names(about, "located")), "") or child_text(about, "dateline"),
        "section": next(iter(_names(about, "subject") or _names(about, "genre")), ""),
        "language": attribute(about, "tag", "language") or item.get(LANGUAGE, ""),
        "url": _address(item, meta),
    }


def _headline(item: _Element, meta: _Element | None) -> str:
    """The headline that is not marked as one of the others (a subheadline, a short one), else the item's title."""
    found = sorted(children(item, "contentMeta", "headline"), key=lambda each: bool(each.get("role")))
    return next(filter(None, map(text_of, found)), "") or child_text(meta, "title")


def _names(parent: _Element | None, name: str, *, codes: bool = False) -> list[str]:
    """What the elements ``name`` are called in words; with ``codes`` their codes, where there are no words."""
    found = []
    for each in children(parent, name):
        called = child_text(each, "name") or each.get("literal", "")
        found.append(called or (_term(each).rpartition(":")[2] if codes else ""))
    return list(filter(None, found))


def _term(element: _Element | None) -> str:
    return next(filter(None, (attribute(element, name) for name in ("qcode", "uri", "literal"))), "")


def _address(item: _Element, meta: _Element | None) -> str:
    guid = item.get("guid", "")
    if re.match(r"https?://", guid):
        return guid
    links = [each.get("href", "") for each in children(meta, "link") if "alternat" in each.get("rel", "").lower()]
    return next((each for each in links if re.match(r"https?://", each)), "")


def _content(item: _Element, source: str) -> tuple[dict[str, Any], str]:
    """The text of the first rendition that has any, with the fields that stand in it."""
    for part in children(item, "contentSet", "inlineXML"):
        for body in part:
            if local(body) == "nitf":
                fields = nitf_fields(body)
            else:
                fields = {"text": "\n\n".join(paragraphs(body))} if local(body) else {"text": ""}
                fields["language"] = body.get(LANGUAGE) or part.get(LANGUAGE, "")
            if fields["text"]:
                return fields, fields["text"]
    for part in children(item, "contentSet", "inlineData"):
        text = "\n\n".join(_of_data(part, source))
        if text:
            return {"language": part.get(LANGUAGE, "")}, text
    return {}, ""


def _of_data(part: _Element, source: str) -> list[str]:
    text = "".join(str(piece) for piece in part.itertext()).strip()
    if "html" not in part.get("contenttype", "") or not text:
        return [text] if text else []
    from lxml import etree, html

    try:
        return paragraphs(html.fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8", no_network=True)))
    except (etree.ParserError, ValueError) as error:
        raise SourceError(f"{source}: inlineData that is no HTML ({error}).") from error
