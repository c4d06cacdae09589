"""What a page says about its article: title, outlet, authors, dates, language, section, place.

Pages say it in several places, which often disagree. For every field they are asked in one order: JSON-LD, meta tags,
the markup, the address, the text; the first that gives something plausible is believed, and ``origins`` keeps which
it was. What was implausible on the way is told in ``notes``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qa.articles import Published, one_line
from qa.readers.page_dates import published_date, updated_date
from qa.readers.parsed_page import ParsedPage

__all__ = ["PageMetadata", "page_metadata", "split_names"]

TITLE = ("og:title", "twitter:title", "headline", "dcterms.title", "dc.title", "parsely-title", "sailthru.title")
OUTLET = ("og:site_name", "dcterms.publisher", "dc.publisher", "application-name")
AUTHORS = ("author", "article:author", "dcterms.creator", "dc.creator", "parsely-author", "sailthru.author", "byl")
SECTION = ("article:section", "articlesection", "parsely-section", "section")
LANGUAGE = ("content-language", "dcterms.language", "dc.language", "og:locale")

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_BY = re.compile(r"\A(?:by|von|por|par|di|door|av)\s*:?\s+", re.IGNORECASE)
_BYLINES = "//*[@rel='author' or @itemprop='author' or contains(@class, 'byline')]"
_BETWEEN_NAMES = re.compile(r"\s*[;,|]\s*(?:(?:and|und|et|y)\s+)?|\s+(?:and|und|et|y)\s+")
_AFTER_NAMES = re.compile(r"\s*[|·•–—]|\s*,?\s*\d")
_NO_NAME = re.compile(r"://|@|\d{3}|\b(?:correspondent|editor|reporter|writer)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What was found; "" or None where nothing was."""

    title: str
    outlet: str
    authors: tuple[str, ...]
    published: Published | None
    updated: Published | None
    language: str
    section: str
    place: str
    url: str
    origins: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]
    notes: tuple[str, ...]


def page_metadata(page: ParsedPage, text: str) -> PageMetadata:
    """The metadata of a page whose article's text is ``text``."""
    said, node = page.things.text, page.node
    outlet = page.first("outlet", _outlets(page))
    title = _without_outlet(page.first("title", _titles(page)), outlet)
    authors = _authors(page, outlet)
    published = published_date(page, text)
    updated = updated_date(page, published)
    language = page.first("language", _languages(page))
    section = page.first("section", [(said(node.get("articleSection")), "json-ld"), *page.tags(SECTION)])
    place = page.first("place", [(said(node.get("dateline")), "json-ld")])
    if str(node.get("isAccessibleForFree")).lower() == "false":
        page.notes.append("the page says that it is for subscribers; its text may be only the beginning")
    return PageMetadata(
        title=title,
        outlet=outlet,
        authors=authors,
        published=published,
        updated=updated,
        language=language,
        section=section,
        place=place,
        url=page.address,
        origins=tuple(page.origins.items()),
        aliases=page.aliases,
        notes=tuple(page.notes),
    )


def _titles(page: ParsedPage) -> Iterator[tuple[str, str]]:
    yield page.things.text(page.node.get("headline") or page.node.get("name")), "json-ld"
    yield from page.tags(TITLE)
    for tag in ("h1", "title"):
        for element in page.tree.iter(tag):
            yield one_line("".join(element.itertext())), f"<{tag}>"


def _outlets(page: ParsedPage) -> Iterator[tuple[str, str]]:
    for name in ("publisher", "sourceOrganization"):
        yield page.things.text(page.node.get(name)), "json-ld"
    yield from page.tags(OUTLET)


def _without_outlet(title: str, outlet: str) -> str:
    """``Bridge closes | The Post`` without its tail."""
    name = re.sub(r"\Athe\s+", "", outlet, flags=re.IGNORECASE)
    if not name:
        return title
    tail = rf"(?<=\S)\s*(?:\s[-–—:·•»]|\|)\s+(?:the\s+)?{re.escape(name)}\s*\Z"
    return re.sub(tail, "", title, flags=re.IGNORECASE)


def _languages(page: ParsedPage) -> Iterator[tuple[str, str]]:
    root = page.tree.getroottree().getroot()
    written = [
        (page.things.text(page.node.get("inLanguage")), "json-ld"),
        (root.get("lang") or root.get("xml:lang") or "", "<html lang>"),
        *page.tags(LANGUAGE),
    ]
    for value, origin in written:
        tag = value.strip().replace("_", "-")
        yield tag if _LANGUAGE.fullmatch(tag) else "", origin


# --- authors


def split_names(text: str) -> list[str]:
    """The names in a byline: ``By Ann Lee and Bo Day``."""
    return _BETWEEN_NAMES.split(_BY.sub("", text))


def _authors(page: ParsedPage, outlet: str) -> tuple[str, ...]:
    for names, origin in _written_authors(page):
        found = tuple(dict.fromkeys(name for name in names if _is_name(name) and name.lower() != outlet.lower()))
        if found:
            page.origins["authors"] = origin
            return found
    return ()


def _written_authors(page: ParsedPage) -> Iterator[tuple[Iterable[str], str]]:
    yield _json_ld_authors(page), "json-ld"
    for tag in AUTHORS:
        yield (name for value in page.meta.get(tag, ()) for name in split_names(value)), f"meta {tag}"
    yield (name for value in _bylines(page) for name in split_names(value)), "text"


def _json_ld_authors(page: ParsedPage) -> Iterator[str]:
    for key in ("author", "creator"):
        for name, several in page.things.names(page.node.get(key)):
            yield from split_names(name) if several else [_BY.sub("", name)]


def _bylines(page: ParsedPage) -> Iterator[str]:
    """What the markup marks as the author's name, or as a byline that begins with "By"."""
    for element in page.tree.xpath(_BYLINES)[:20]:
        text = one_line("".join(element.itertext()))
        marked = element.get("rel") == "author" or element.get("itemprop") == "author"
        if len(text) <= 100 and (marked or _BY.match(text)):
            yield _AFTER_NAMES.split(text, maxsplit=1)[0]


def _is_name(text: str) -> bool:
    return 1 < len(text) <= 100 and not _NO_NAME.search(text) and any(map(str.isalpha, text))
