"""Feeds: RSS 0.9x to 2.0, Atom and JSON Feed, and the articles that they lead to.

An entry announces an article. Where there is a way to the web, the article itself is fetched and the entry fills what
its page does not say; else, or where that fails, what the feed gives of it is stored and marked partial. An entry is
never lost without a word, and costs no other entry.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from urllib.parse import urljoin

from qa.articles import Article, Published, clean_text, instant, make_article, one_line
from qa.articles.dates import UnclearDate, parse_date
from qa.articles.urls import canonical_url
from qa.errors import SourceError
from qa.readers.documents import MIB, Document, Page
from qa.readers.xml_tree import paragraphs, root_name

__all__ = ["FeedReader"]

MOST_ENTRIES = 10_000
"""Entries of one feed that are read."""
MOST_HTML = MIB
"""Characters of HTML in one entry, above which libxml2 can be kept busy for minutes."""

_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version\\?/1')

_MARKS: Mapping[str, tuple[bytes, ...]] = {
    "rss": (b"",),
    "feed": (b"http://www.w3.org/2005/Atom", b"http://purl.org/atom/ns#"),
    "rdf": (b"http://purl.org/rss/1.0/", b"netscape.com/rdf/simple/0.9/"),
}
"""What stands near the beginning of a feed, by the name of its root element."""


class FeedReader:
    """Reads a feed."""

    name: ClassVar[str] = "feed"
    extensions: ClassVar[tuple[str, ...]] = (".rss", ".atom", ".rdf")

    def recognises(self, document: Document) -> bool:
        head = document.head.replace(b"\0", b"")  # UTF-16 is ASCII with zeros, as far as names go
        if _looks_like_json(head):
            return bool(_JSON_FEED.search(head))
        marks = _MARKS.get(root_name(document).lower(), ())
        return any(mark in head for mark in marks)

    def read(self, document: Document) -> Iterator[Article | SourceError]:
        document.rolling = True
        data = document.bytes()
        entries = _json_entries(document, data) if _looks_like_json(data) else _xml_entries(document, data)
        seen: set[str] = set()
        keys: Counter[str] = Counter()
        for number, entry in enumerate(entries, 1):
            if number > MOST_ENTRIES:
                yield SourceError(f"{document.source}: more than {MOST_ENTRIES:,} entries; the others were not read.")
                return
            document.check_time()
            document.restart_time()
            where = f"{document.source}, entry {number}"
            if isinstance(entry, SourceError):
                yield SourceError(f"{where}: {entry}")
            elif entry.identity not in seen:  # the newest stands first
                seen.add(entry.identity)
                keys[entry.key] += 1
                twin = f"~{keys[entry.key]}" if keys[entry.key] > 1 else ""
                yield from _articles(entry, document, f"{document.source}#{entry.key}{twin}", where)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a feed says of one article. ``content`` claims to be all of its text, ``summary`` does not.

    ``fields`` are make_article's; ``unclear`` are the notes on dates among them, by name.
    """

    key: str
    link: str
    content: str
    summary: str
    fields: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    unclear: Mapping[str, str] = field(default_factory=dict)

    @property
    def identity(self) -> str:
        return canonical_url(self.link) or self.key

    @property
    def text(self) -> str:
        return max(self.content, self.summary, key=len)

    @property
    def updated(self) -> float | None:
        """When the feed says that the article last changed, in seconds since the epoch."""
        moment: Published | None = self.fields["updated"]
        return None if moment is None else instant(moment)


def _articles(entry: _Entry, document: Document, source: str, where: str) -> Iterator[Article | SourceError]:
    """The one article of an entry; none where the archive has it in whole."""
    reason = ""
    if document.web and entry.link:
        try:
            if document.web.is_known(entry.link, entry.updated):
                return
            article = _whole_article(entry, document.web.get(entry.link), source)
        except SourceError as error:
            reason = str(error).rstrip(".")
        else:
            yield article
            return
    if not entry.text:
        called = (entry.link or entry.key or "without a link")[:200]
        yield SourceError(f"{where} ({called}): {'; '.join(filter(None, (*entry.notes, reason))) or 'no text'}.")
        return
    notes = (*entry.notes, *entry.unclear.values(), *([f"only what the feed gave of it ({reason})"] if reason else []))
    yield make_article(
        **entry.fields,
        text=entry.text,
        source=source,
        url=entry.link,
        partial=True,
        origins=tuple((name, "feed") for name, value in entry.fields.items() if value),
        notes=notes,
    )


def _whole_article(entry: _Entry, page: Page, source: str) -> Article:
    """The article of the entry's page, with what that does not say filled in from the feed. Raises SourceError."""
    from qa.readers.html import article_from_html

    article = article_from_html(page.body, source=source, url=page.url, content_type=page.content_type)
    text = max(article.text, clean_text(entry.content), key=len)
    untitled = article.text.startswith(article.title.removesuffix(" …"))  # make_article's stopgap
    filled = {
        name: value
        for name, value in entry.fields.items()
        if value and (not getattr(article, name) or (name == "title" and untitled))
    }
    missed = tuple(note for name, note in entry.unclear.items() if not getattr(article, name))
    alias = (entry.link,) if canonical_url(entry.link) not in article.keys else ()
    if text != article.text:
        filled["text"] = text
    return replace(
        article,
        **filled,
        origins=tuple({**dict(article.origins), **dict.fromkeys(filled, "feed")}.items()),
        aliases=(*article.aliases, *alias),
        notes=(*article.notes, *missed),
    )


def _entry(
    *, base: str, guid: str, link: str, content: str, summary: str, published: Any, updated: Any, **fields: Any
) -> _Entry:
    """An entry from what either form of feed says, cleaned."""
    notes: list[str] = []
    unclear: dict[str, str] = {}
    for name, value in (("published", published), ("updated", updated)):
        try:
            fields[name] = parse_date(value)
        except UnclearDate as problem:
            fields[name] = None
            unclear[name] = f"{problem} ({name}); stored without it"
    address = _address(base, link)
    if link and not address:
        notes.append(f"link {one_line(link)[:80]!r} is not an http address; ignored")
    fields["authors"] = tuple(dict.fromkeys(filter(None, map(one_line, fields["authors"]))))
    fields["language"] = one_line(fields["language"]).lower()
    for name in ("title", "outlet", "section"):
        fields[name] = one_line(fields[name])
    content, summary = clean_text(content), clean_text(summary)
    key = one_line(guid)[:1000] or address or fields["title"][:200] or one_line((content or summary)[:200])
    return _Entry(key, address, content, summary, fields, tuple(notes), unclear)


def _not_understood(error: Exception) -> SourceError:
    return SourceError(f"not understood ({one_line(str(error))}).")


def _address(base: str, link: str) -> str:
    """``link`` as an absolute http address, "" where it is none."""
    try:
        found = urljoin(base, one_line(link)) if link else ""
    except ValueError:
        return ""
    return found if re.match(r"https?://[^\s/]\S*\Z", found, re.IGNORECASE) else ""


# --- RSS and Atom


def _xml_entries(document: Document, data: bytes) -> Iterator[_Entry | SourceError]:
    _check_doctype(data, document.source)
    import feedparser

    headers = {"content-location": document.url, "content-type": document.content_type or "application/xml"}
    try:  # a stream: what is given as a text or bytes, feedparser may take for an address or a file's name
        parsed = feedparser.parse(
            io.BytesIO(data), response_headers=headers, sanitize_html=True, resolve_relative_uris=False
        )
    except Exception as error:  # whatever it stumbles over in a broken feed
        raise SourceError(f"{document.source}: not a feed that can be read ({type(error).__name__}).") from error
    if not parsed.entries and (not parsed.get("version") or _is_malformed(parsed)):
        reason = one_line(str(parsed.get("bozo_exception") or "its root is none that feeds have"))
        raise SourceError(f"{document.source}: not a feed ({reason}); check what stands there.")
    return _parsed_entries(document.url, parsed)


def _is_malformed(parsed: Any) -> bool:
    from xml.sax import SAXException

    return isinstance(parsed.get("bozo_exception"), SAXException)


def _parsed_entries(url: str, parsed: Any) -> Iterator[_Entry | SourceError]:
    feed = parsed.feed
    for entry in parsed.entries:
        try:
            yield _parsed_entry(url or feed.get("link", ""), feed, entry)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            yield _not_understood(error)


def _parsed_entry(base: str, feed: Any, entry: Any) -> _Entry:
    origin = entry.get("source") or {}
    detail = entry.get("title_detail") or {}
    contents = [_rendered(each) for each in entry.get("content") or ()]
    tags = [tag.get("label") or tag.get("term") or "" for tag in entry.get("tags") or ()]
    return _entry(
        base=base,
        guid=entry.get("id") or "",
        link=entry.get("link") or "",
        content=max(contents, key=len, default=""),
        summary=_rendered(entry.get("summary_detail") or {}),
        published=dict.get(entry, "published"),
        updated=dict.get(entry, "updated"),  # its own get falls back on ``published``
        title=_rendered(detail),
        authors=[_author(each.get("name") or "") for each in entry.get("authors") or ()],
        section=next(filter(None, tags), ""),
        outlet=_rendered(origin.get("title_detail") or {})
        or origin.get("title")
        or _rendered(feed.get("title_detail")),
        language=feed.get("language") or detail.get("language") or "",
    )


def _rendered(detail: Mapping[str, Any] | None) -> str:
    """A text construct of feedparser as plain text."""
    value = (detail or {}).get("value") or ""
    return value if (detail or {}).get("type") == "text/plain" else _plain_text(value)


def _author(name: str) -> str:
    """A name without the mail address beside it, which feedparser cuts out wrongly where its domain is long."""
    if name.count("(") > name.count(")"):
        name = name.rpartition("(")[2]
    return "" if "@" in name else name


# --- JSON Feed


def _json_entries(document: Document, data: bytes) -> Iterator[_Entry | SourceError]:
    try:
        feed = json.loads(data)
    except RecursionError as error:
        raise SourceError(f"{document.source}: nested too deeply.") from error
    except ValueError as error:
        raise SourceError(f"{document.source}: not valid JSON: {error}.") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise SourceError(f"{document.source}: not a JSON Feed; expected an object whose 'items' is a list.")
    base = document.url or _text(feed, "feed_url", "home_page_url")
    return _json_parsed(base, feed)


def _json_parsed(base: str, feed: Mapping[str, Any]) -> Iterator[_Entry | SourceError]:
    for item in feed["items"]:
        try:
            yield _json_entry(base, feed, item) if isinstance(item, dict) else SourceError("expected an object.")
        except ValueError as error:
            yield _not_understood(error)


def _json_entry(base: str, feed: Mapping[str, Any], item: Mapping[str, Any]) -> _Entry:
    authors = [item.get("authors"), [item.get("author")], feed.get("authors"), [feed.get("author")]]
    names = (
        [_text(one, "name") for one in some if isinstance(one, dict)] for some in authors if isinstance(some, list)
    )
    tags = item.get("tags")
    return _entry(
        base=base,
        guid=_text(item, "id"),
        link=_text(item, "url", "external_url"),
        content=max(_plain_text(_text(item, "content_html")), _text(item, "content_text"), key=len),
        summary=_text(item, "summary"),
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        title=_text(item, "title"),
        authors=next((found for found in names if any(found)), []),
        section=next((tag for tag in tags if isinstance(tag, str)), "") if isinstance(tags, list) else "",
        outlet=_text(feed, "title"),
        language=_text(item, "language") or _text(feed, "language"),
    )


def _text(item: Mapping[str, Any], *names: str) -> str:
    """The first of the named members that is a text or a number, "" where none is."""
    values = (item.get(name) for name in names)
    return next((str(value) for value in values if value and isinstance(value, (str, int, float))), "")


def _looks_like_json(data: bytes) -> bool:
    return data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


# --- what feeds are made of

_INTERNAL_SUBSET = re.compile(
    rb"(?:<\?.*?\?>|<!--.*?-->|[^<])*+<!DOCTYPE(?:[^\[>\"']|\"[^\"]*\"|'[^']*')*+\[", re.DOTALL | re.IGNORECASE
)


def _check_doctype(data: bytes, source: str) -> None:
    """Raise SourceError where a feed declares entities: a few lines of them stand for gigabytes.

    Looked for where XML has them, and where feedparser looks, which takes whatever stands before the first element
    for declarations.
    """
    flat = data.replace(b"\0", b"")
    first = re.search(rb"<\w", flat)
    before = flat[: first.start()] if first else flat
    if _INTERNAL_SUBSET.match(flat) or b"<!entity" in before.lower():
        raise SourceError(f"{source}: declares XML entities of its own, which is not allowed: news needs none.")


_UNSEEN = ("button", "iframe", "noscript", "object", "svg", "textarea", "title")
"""Elements of HTML whose content is not the article's text, beside those that XHTML has too."""


def _plain_text(html: str) -> str:
    """A piece of HTML as paragraphs of plain text. Raises ValueError for one that is too large."""
    if "<" not in html and "&" not in html:
        return html
    if len(html) > MOST_HTML:
        raise ValueError("more than 1 MB of HTML")
    from lxml import etree
    from lxml.html import document_fromstring

    html = re.sub(r"(?:<br\s*/?>\s*){2,}", "<p>", clean_text(html), flags=re.IGNORECASE)
    root = document_fromstring(f"<div>{html}</div>")
    etree.strip_elements(root, *_UNSEEN, with_tail=False)
    return "\n\n".join(paragraphs(root))
