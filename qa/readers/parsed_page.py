"""A parsed web page: its address, its meta tags, its JSON-LD, and what is noted while it is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from qa.articles import one_line
from qa.articles.urls import canonical_url, on_amp_cache, same_site
from qa.readers.json_ld import Node, PageNodes, page_nodes

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["PUBLISHED", "ParsedPage", "parsed_page"]

PUBLISHED = tuple(
    "article:published_time article:published og:article:published_time datepublished parsely-pub-date sailthru.date "
    "dcterms.issued dc.date.issued dcterms.created dc.date.created dcterms.date dc.date cxenseparse:recs:publishtime "
    "article.published publication_date publish-date publishdate pubdate date".split()
)
"""Meta tags that tell when the page was published, best first."""
BARE_DATES = frozenset({"dcterms.date", "dc.date", "date"})
"""Those among them that front pages carry as well."""
MOST_VALUES = 8
"""How many values of one meta tag are looked at."""


@dataclass
class ParsedPage:
    """``url`` is where the page came from, ``address`` what the article is known by, ``aliases`` other addresses.

    ``meta`` holds the values of each meta tag by its name in lower case, ``node`` what JSON-LD says of the article.
    """

    tree: HtmlElement
    url: str
    meta: dict[str, list[str]]
    things: PageNodes
    address: str = ""
    aliases: tuple[str, ...] = ()
    node: Node = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def is_article(self) -> bool:
        """Whether the page says itself that it is an article."""
        og_type = "article" in map(str.lower, self.meta.get("og:type", ()))
        return bool(self.node) or og_type or any(name in self.meta for name in PUBLISHED if name not in BARE_DATES)

    def tags(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The values of the meta tags of these names, each with its origin."""
        for name in names:
            for value in self.meta.get(name, ()):
                yield value, f"meta {name}"

    def first(self, name: str, candidates: Iterable[tuple[str, str]]) -> str:
        """The first candidate that is not empty; its origin is kept as that of the field ``name``."""
        for value, origin in candidates:
            if value:
                self.origins[name] = origin
                return value
        return ""


def parsed_page(tree: HtmlElement, *, url: str = "") -> ParsedPage:
    """A page that came from ``url`` ("" where that is not known)."""
    things = page_nodes(tree)
    page = ParsedPage(tree, url, _meta(tree), things, notes=list(things.notes))
    page.address, page.aliases = _addresses(page)
    known = frozenset(filter(None, map(canonical_url, (url, page.address, *page.aliases))))
    page.node = things.article(known) or {}
    return page


def _meta(tree: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        value = one_line(element.get("content") or "")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = re.sub(r"\A(dc|dcterms):", r"\1.", (element.get(attribute) or "").strip().lower())
            values = found.setdefault(name, []) if name and value else None
            if values is not None and len(values) < MOST_VALUES:
                values.append(value)
    return found


def _addresses(page: ParsedPage) -> tuple[str, tuple[str, ...]]:
    """The article's address and its others. What a page says of itself is believed within its own site alone."""
    believed: list[tuple[str, str]] = []
    for written, origin in _written_addresses(page):
        address = _absolute(written, page.url)
        problem = _problem(address, page.url)
        if problem:
            page.notes.append(f"{origin} {written[:80]!r} {problem}; ignored")
        else:
            believed.append((address, origin))
    believed.append((page.url, "address"))
    url = page.first("url", believed)
    others = {canonical_url(each): each for each, _ in reversed(believed) if canonical_url(each)}
    others.pop(canonical_url(url), None)
    return url, tuple(reversed(others.values()))


def _written_addresses(page: ParsedPage) -> Iterator[tuple[str, str]]:
    for link in page.tree.iter("link"):
        href = one_line(link.get("href") or "")
        if href and "canonical" in (link.get("rel") or "").lower().split():
            yield href, "rel=canonical"
            break
    yield from list(page.tags(["og:url"]))[:1]


def _absolute(written: str, base: str) -> str:
    try:
        return urljoin(base, written).partition("#")[0]
    except ValueError:
        return ""


def _problem(address: str, page_url: str) -> str:
    """Why an address that a page gives is not to be believed, "" if it is."""
    own, page = canonical_url(address), canonical_url(page_url)
    if not own:
        return "is not an http address"
    if not page:
        return ""
    if not same_site(own, page) and not on_amp_cache(page_url):
        return "is of another site than the page"
    front = urlsplit(own).path == "/" and not urlsplit(own).query
    return "is the front page" if front and own != page else ""
