"""When a page says that its article was published and changed.

The places are asked in one order: JSON-LD, meta tags, ``<time>``, the address, the text. A date that cannot be one
is noted, and the next place is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from qa.articles import Published, instant, one_line
from qa.articles.dates import UnclearDate, parse_date
from qa.articles.urls import canonical_url
from qa.readers.parsed_page import PUBLISHED, ParsedPage

__all__ = ["published_date", "updated_date"]

UPDATED = tuple(
    "article:modified_time og:updated_time datemodified dcterms.modified dc.date.modified article.updated "
    "last-modified lastmod".split()
)
_MOST_MARKED = 5_000
"""How many elements are looked at for a date in the text."""

_MONTH = r"[^\W\d_]{3,12}\.?"
_WRITTEN = (
    rf"(?:\d{{4}}-\d\d-\d\d|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{1,2}}\.?\s+{_MONTH},?\s+\d{{4}}"
    r"|\d{1,2}[./]\d{1,2}[./]\d{4})"
)
_DATE = re.compile(rf"\b{_WRITTEN}\b")
_DATELINE = re.compile(rf"[A-ZÀ-Þ][^\n()]{{1,60}}?,\s+(?P<date>{_WRITTEN})\s*(?:\(|--|[-–—])")
_DATE_IN_ADDRESS = re.compile(r"/(\d{4})([/-]?)(\d\d|[a-z]{3}(?=/))\2(\d{1,2})(?!\d)", re.IGNORECASE)
_MARKED = re.compile(
    r"by-?line|author|dateline|pub-?date|publish|timestamp|(?:article|post|entry)[-_]?date", re.IGNORECASE
)
_BESIDE = frozenset({"aside", "nav", "footer"})


def published_date(page: ParsedPage, text: str) -> Published | None:
    """When the article was published, None where the page does not say; ``text`` is the article's."""
    return _first(page, "published", _published(page, text))


def updated_date(page: ParsedPage, published: Published | None) -> Published | None:
    """When the article was changed; None where that is when it was published, or before."""
    written = [(_plain(page.node.get("dateModified")), "json-ld"), *page.tags(UPDATED), *_times(page, "dateModified")]
    found = _first(page, "updated", written)
    if found and published and instant(found, end=True) <= instant(published):
        found = None
    if found is None or found == published:
        page.origins.pop("updated", None)
        return None
    return found


def _published(page: ParsedPage, text: str) -> Iterator[tuple[Any, str]]:
    yield _plain(page.node.get("datePublished")), "json-ld"
    yield from page.tags(PUBLISHED)
    yield from _times(page, "datePublished")
    found = _DATE_IN_ADDRESS.search(urlsplit(canonical_url(page.address)).path)
    if found:
        separator = "-" if found[3].isdigit() else " "
        yield separator.join((found[1], found[3], found[4].zfill(2))), "address"
    yield from ((written, "text") for written in _dates_in_text(page, text))


def _plain(value: Any) -> Any:
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _times(page: ParsedPage, itemprop: str) -> Iterator[tuple[str, str]]:
    """What ``<time>`` elements say: those that are marked, then the first that stands beside no other story."""
    times = [element for element in page.tree.iter("time") if (element.get("datetime") or "").strip()][:100]
    chosen = [element for element in times if element.get("itemprop") == itemprop]
    if itemprop == "datePublished":
        unmarked = [element for element in times if not element.get("itemprop")]
        chosen += [each for each in unmarked if not any(above.tag in _BESIDE for above in each.iterancestors())][:1]
    for element in chosen:
        yield one_line(element.get("datetime") or ""), "<time>"


def _dates_in_text(page: ParsedPage, text: str) -> Iterator[str]:
    """Days written in what is marked as byline or date, and in a dateline."""
    for element in page.tree.xpath("//*[@class or @id]")[:_MOST_MARKED]:
        if _MARKED.search(f"{element.get('class', '')} {element.get('id', '')}") and len(element) < 20:
            written = one_line("".join(element.itertext()))
            found = _DATE.search(written) if len(written) <= 200 else None
            if found:
                yield found[0]
    dateline = _DATELINE.match(text)
    if dateline:
        yield dateline["date"]


def _first(page: ParsedPage, name: str, candidates: Iterable[tuple[Any, str]]) -> Published | None:
    """The first date that can be one, its origin kept."""
    for written, origin in candidates:
        try:
            found = parse_date(written)
        except UnclearDate as unclear:
            note = f"{unclear} ({name}, {origin}); ignored"
            if note not in page.notes:
                page.notes.append(note)
            continue
        if found:
            page.origins[name] = origin
            return found
    return None
