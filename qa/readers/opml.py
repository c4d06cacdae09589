"""OPML: lists of feeds, as feed readers export them.

A list leads to feeds and no further: what it names that is no feed, another list above all, is refused, so that
reading has an end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urlsplit

from qa.articles import Article
from qa.errors import SourceError
from qa.readers.documents import Document, Page
from qa.readers.feed import FeedReader
from qa.readers.xml_tree import local, parse_xml, root_name

__all__ = ["OpmlReader"]


class OpmlReader:
    """Reads the feeds that a list names."""

    name: ClassVar[str] = "OPML"
    extensions: ClassVar[tuple[str, ...]] = (".opml",)

    def recognises(self, document: Document) -> bool:
        return root_name(document).lower() == "opml"

    def read(self, document: Document) -> Iterator[Article | SourceError]:
        document.rolling = True
        addresses = _feeds(document)
        if document.web is None:
            raise SourceError(
                f"{document.source}: a list of feeds, and nothing may be fetched here; give it to ingest or sync."
            )
        if not addresses:
            raise SourceError(f"{document.source}: names no feed; expected outlines with an xmlUrl.")
        for address in addresses:
            try:
                page = document.web.get_changed(address)
            except SourceError as error:
                yield error
            else:
                if page is not None:
                    yield from _articles(document, address, page)


def _articles(document: Document, address: str, page: Page) -> Iterator[Article | SourceError]:
    """The articles of one feed of the list."""
    from qa.readers import read

    name = urlsplit(page.url).path.rsplit("/", 1)[-1]
    feed = document.within(address, name, page.body, url=page.url, content_type=page.content_type)
    if FeedReader().recognises(feed):
        yield from read(feed)
    else:
        what = "another list of feeds" if OpmlReader().recognises(feed) else "not a feed"
        yield SourceError(f"{address}: {what}; correct the address in {document.source}, or take it out.")


def _feeds(document: Document) -> tuple[str, ...]:
    """The address of every feed in the list, each once, in order. Raises SourceError for what is no list."""
    root = parse_xml(document.bytes(), document.source)
    if local(root).lower() != "opml":
        raise SourceError(f"{document.source}: not OPML; its root is {local(root)!r}.")
    found = (
        str(value).strip()
        for element in root.iter()
        if local(element).lower() == "outline"
        for name, value in element.attrib.items()
        if str(name).lower() == "xmlurl"
    )
    return tuple(dict.fromkeys(filter(None, found)))
