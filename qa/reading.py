"""Listings to articles: opens each document, reads it, and says what it was when it had been read to its end.

A file that is as it was when it was last read whole is not opened. A page is asked for with the validators of its last
answer. What a source holds is taken for complete only when all of it could be read.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from qa.articles import Article
from qa.articles.urls import canonical_url
from qa.catalog import Catalog
from qa.config import Config
from qa.errors import SourceError
from qa.places import FileState, Places
from qa.readers import read
from qa.readers.documents import Document, Page, open_stream, source_of
from qa.sources import STANDARD_INPUT, Listing

if TYPE_CHECKING:
    from qa.web import Fetcher


@dataclass(frozen=True, slots=True)
class Sighting:
    """An article, read at a place that belongs to ``listing``, in the run that began at ``run`` (ns since 1970)."""

    article: Article
    place: str
    listing: Listing
    run: int


@dataclass(frozen=True, slots=True)
class Finished:
    """A place that was read to its end without an error: what it held before ``run`` and no longer does, is gone.

    ``whole`` is False for a feed, which forgets what is still there. ``file`` and ``pages`` are what to compare with
    next time. ``vanished``: the server says that the page is no more.
    """

    place: str
    run: int
    whole: bool = True
    file: FileState | None = None
    pages: tuple[Page, ...] = ()
    vanished: bool = False


@dataclass(frozen=True, slots=True)
class Unchanged:
    """So many articles that did not have to be read again."""

    articles: int


Found = Sighting | Finished | Unchanged | SourceError


@dataclass
class Reading:
    """Reads the documents of listings. ``part`` is how much of the current document was read, from 0 to 1."""

    catalog: Catalog
    config: Config
    places: Places = field(init=False)
    part: Callable[[], float] = field(default=lambda: 0.0, init=False)
    _fetcher: Fetcher | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.places = Places(self.catalog)

    @property
    def fetcher(self) -> Fetcher:
        """The way to the web, made when it is first needed."""
        if self._fetcher is None:
            from qa.web import Fetcher

            self._fetcher = Fetcher(self.config.web)
        return self._fetcher

    def close(self) -> None:
        """Let go of connections."""
        if self._fetcher is not None:
            self._fetcher.close()

    def read(self, document: Path | str, listing: Listing) -> Iterator[Found]:
        """What one document holds."""
        self.part = lambda: 0.0
        try:
            if isinstance(document, Path):
                yield from self._file(document, listing)
            elif document == STANDARD_INPUT:
                name = "(standard input)"
                opened = open_stream(
                    sys.stdin.buffer, name, f"{name}.jsonl", self.config.limits, web=self._web(listing)
                )
                yield from self._articles(opened, name, listing)
            else:
                yield from self._address(document, listing)
        except OSError as error:
            yield SourceError(f"{document}: cannot be read ({error.strerror or error}).")
        except SourceError as error:
            yield error

    def _file(self, path: Path, listing: Listing) -> Iterator[Found]:
        place, stat = source_of(path), path.stat()
        known = self.places.articles_read(place, stat.st_mtime_ns, stat.st_size)
        if known is not None and (listing.synced or known <= len(self.places.at([place]))):
            yield Unchanged(known)
            return  # by hand, a file is read again of which somebody removed an article: that brings it back
        with path.open("rb") as raw:
            self.part = lambda: _told(raw) / max(stat.st_size, 1)
            opened = open_stream(raw, place, path.name, self.config.limits, web=self._web(listing), size=stat.st_size)
            yield from self._articles(
                opened, place, listing, lambda count: FileState(place, stat.st_mtime_ns, stat.st_size, count)
            )

    def _address(self, url: str, listing: Listing) -> Iterator[Found]:
        from qa.web import GoneError

        web = self._web(listing)
        try:
            page = web.get_changed(url) if listing.synced else web.get(url)
        except GoneError as gone:
            if listing.synced:
                yield Finished(url, time.time_ns(), vanished=True)
            yield gone
            return
        if page is None:
            yield Unchanged(len(self.places.at([url])))
            return
        name = PurePosixPath(urlsplit(page.url).path).name
        opened = open_stream(io.BytesIO(page.body), url, name, self.config.limits, web=web)
        opened.url, opened.content_type = page.url, page.content_type
        yield from self._articles(opened, url, listing)

    def _articles(
        self, document: Document, place: str, listing: Listing, state: Callable[[int], FileState] | None = None
    ) -> Iterator[Found]:
        run, count, failed = time.time_ns(), 0, False
        web = document.web
        assert isinstance(web, Outside)
        for found in read(document):
            if isinstance(found, SourceError):
                failed = True
                yield found
            else:
                count += 1
                yield Sighting(_with_defaults(found, listing), place, listing, run)
            if web.known:
                yield Unchanged(web.known)
                web.known = 0
        if web.known:
            yield Unchanged(web.known)
        if not failed:
            file = None if state is None else state(count)
            yield Finished(place, run, whole=not document.rolling, file=file, pages=tuple(web.changed))

    def _web(self, listing: Listing) -> Outside:
        return Outside(self, listing.synced)


@dataclass
class Outside:
    """The way out for one document (``qa.readers.documents.Web``): what it fetched, and how much it need not fetch."""

    reading: Reading
    synced: bool
    changed: list[Page] = field(default_factory=list)
    known: int = 0

    def get(self, url: str) -> Page:
        """The page at ``url``."""
        page = self.reading.fetcher.get(url)
        assert page is not None
        return page

    def get_changed(self, url: str) -> Page | None:
        """The page at ``url``, None if it is as it was when it was last taken in whole."""
        etag, last_modified = self.reading.places.validators(url)
        page = self.reading.fetcher.get(url, etag=etag, last_modified=last_modified)
        if page is not None:
            self.changed.append(replace(page, url=url, body=b""))
        return page

    def is_known(self, url: str, updated: float | None) -> bool:
        """Whether the full article is there, read after ``updated``, or was removed, which a sync respects."""
        key = canonical_url(url)
        known = self.reading.places.is_known(key, updated) or (self.synced and self.reading.places.was_removed(key))
        self.known += known
        return known


def _told(raw: BinaryIO) -> int:
    return 0 if raw.closed else raw.tell()


def _with_defaults(article: Article, listing: Listing) -> Article:
    outlet, language = listing.source.outlet, listing.source.language
    if (article.outlet or not outlet) and (article.language or not language):
        return article
    return replace(article, outlet=article.outlet or outlet, language=article.language or language.lower())
