"""Readers: each knows one form of news and turns a document of that form into articles.

A reader is one small class in one file. ``choose`` asks every reader whether it recognises a document by its
content, and only then goes by the extension. Others can be added from outside: a package that declares an entry
point in the group ``newsdesk.readers``, whose object is a class with the members of ``Reader``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import ClassVar, Protocol

from qa.articles import Article
from qa.errors import ConfigError, SourceError
from qa.readers.documents import Document

__all__ = ["Reader", "choose", "extensions", "read", "readers"]

GROUP = "newsdesk.readers"


class Reader(Protocol):
    """One form of news. Made without arguments; holds no state, so that any thread may use it."""

    name: ClassVar[str]
    """What the form is called, as in "HTML"."""
    extensions: ClassVar[tuple[str, ...]]
    """Extensions of its files, with the dot, in lower case."""

    def recognises(self, document: Document) -> bool:
        """Whether ``document.head`` is surely of this form. Reads nothing from the stream."""
        ...

    def read(self, document: Document) -> Iterator[Article | SourceError]:
        """The articles of the document; what is wrong with one of them is yielded in its place.

        An article's ``source`` is the document's, with ``#`` and a key where it holds several. Raises SourceError
        for what is wrong with the document as a whole.
        """
        ...


OWN = (
    "qa.readers.warc:WarcReader",
    "qa.readers.pdf:PdfReader",
    "qa.readers.newsml:NewsmlReader",
    "qa.readers.nitf:NitfReader",
    "qa.readers.opml:OpmlReader",
    "qa.readers.feed:FeedReader",
    "qa.readers.html:HtmlReader",
    "qa.readers.mail:MailReader",
    "qa.readers.json_file:JsonReader",
    "qa.readers.json_lines:JsonLinesReader",
    "qa.readers.csv_table:CsvReader",
    "qa.readers.markdown:MarkdownReader",
    "qa.readers.text:TextReader",
)
"""The readers that come with Newsdesk, in the order in which they are asked."""


@cache
def readers() -> tuple[Reader, ...]:
    """Every reader: first those from outside, then the own ones."""
    outside = [_made(point.name, point.load) for point in sorted(entry_points(group=GROUP), key=lambda p: p.name)]
    own = [_made(path, lambda path=path: _load(path)) for path in OWN]
    return (*outside, *own)


def extensions() -> tuple[str, ...]:
    """Every extension that some reader claims."""
    return tuple(dict.fromkeys(extension for reader in readers() for extension in reader.extensions))


def choose(document: Document) -> Reader:
    """The reader for a document: by its content, else by its extension. Raises SourceError where there is none."""
    for reader in readers():
        if reader.recognises(document):
            return reader
    for reader in readers():
        if document.suffix in reader.extensions:
            return reader
    raise SourceError(f"{document.source}: not a kind that can be read; these can: {', '.join(extensions())}.")


def read(document: Document) -> Iterator[Article | SourceError]:
    """The articles of a document. Whatever is wrong with it is yielded; nothing is raised."""
    try:
        yield from choose(document).read(document)
    except SourceError as error:
        yield error
    except OSError as error:
        yield SourceError(f"{document.source}: cannot be read ({error.strerror or error}).")
    except RecursionError:
        yield SourceError(f"{document.source}: nested too deeply.")


def _load(path: str) -> type[Reader]:
    module, _, name = path.partition(":")
    found: type[Reader] = getattr(import_module(module), name)
    return found


def _made(name: str, load: object) -> Reader:
    try:
        made: Reader = load()()  # type: ignore[operator]
    except Exception as error:  # whatever a package from outside raises
        raise ConfigError(f"The reader {name!r} cannot be loaded ({type(error).__name__}: {error}).") from error
    return made
