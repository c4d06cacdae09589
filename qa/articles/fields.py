"""Articles from named fields, under the names that people use: JSON, JSON Lines, tables, front matter."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qa.articles import Article, Published, make_article, one_line
from qa.articles.dates import UnclearDate, parse_date
from qa.errors import SourceError

__all__ = ["NAMES", "Repeats", "article_from_fields", "articles_from_entries", "folded", "kind_of"]

NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline", "name"),
    "text": ("text", "body", "content", "articlebody", "maintext", "fulltext"),
    "url": ("url", "link", "canonicalurl", "sourceurl"),
    "outlet": ("outlet", "source", "publisher", "sitename", "publication"),
    "authors": ("authors", "author", "byline", "creator"),
    "published": ("published", "publishedat", "datepublished", "publishdate", "publicationdate", "pubdate", "date"),
    "updated": ("updated", "updatedat", "datemodified", "modified", "lastmodified"),
    "language": ("language", "lang", "inlanguage"),
    "place": ("place", "location", "dateline"),
    "section": ("section", "articlesection", "category"),
    "id": ("id", "guid", "uuid"),
}
"""What each field may be called, best name first; case, ``_``, ``-`` and blanks do not matter."""


def folded(name: str) -> str:
    """A field's name as ``NAMES`` has it."""
    return re.sub(r"[_\-\s]", "", name).lower()


def article_from_fields(fields: Mapping[str, Any], source: str, *, notes: tuple[str, ...] = ()) -> Article:
    """One article from a mapping. A date that is not understood is noted, not guessed. Raises SourceError."""
    given = {folded(str(name)): value for name, value in fields.items() if not _absent(value)}

    def field(name: str) -> Any:
        return next((given[alias] for alias in NAMES[name] if alias in given), None)

    text = _string(field("text"))
    if not text.strip():
        known = ", ".join(NAMES["text"][:3])
        raise SourceError(f"{source}: no text; expected a field named {known}.")
    noted = list(notes)
    return make_article(
        title=_string(field("title")),
        text=text,
        source=source,
        outlet=_string(field("outlet")),
        authors=_authors(field("authors")),
        published=_date(field("published"), "published", noted),
        updated=_date(field("updated"), "updated", noted),
        language=_string(field("language")),
        url=_url(field("url"), noted),
        place=_string(field("place")),
        section=_string(field("section")),
        notes=tuple(noted),
    )


def articles_from_entries(entries: Iterable[tuple[str, Any]], source: str) -> Iterator[Article | SourceError]:
    """The articles of a file that holds many. ``entries`` pairs the place of each ("line 3") with its fields.

    An error in the place of the fields is passed on. An article's source is the file's with ``#`` and a key of its
    own, so that it stays itself when the order of the file changes.
    """
    repeats = Repeats()
    for where, entry in entries:
        if isinstance(entry, SourceError):
            yield entry
        elif not isinstance(entry, Mapping):
            yield SourceError(f"{source}, {where}: expected an article (an object), got {kind_of(entry)}.")
        else:
            fragment = repeats.told_apart(_key(entry))
            try:
                yield article_from_fields(entry, f"{source}#{fragment}")
            except SourceError as error:
                yield SourceError(str(error).replace(f"{source}#{fragment}", f"{source}, {where}", 1))


class Repeats:
    """Numbers the articles of one file that have the same key.

    Of a key only a hash is kept, about 100 bytes an article, so that a file of any length can be read.
    """

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._counts: dict[int, int] = {}

    def told_apart(self, key: str) -> str:
        """``key``, with ``~2`` and so on from the second time it comes."""
        mark = hash(key)
        if mark not in self._seen:
            self._seen.add(mark)
            return key
        self._counts[mark] = self._counts.get(mark, 1) + 1
        return f"{key}~{self._counts[mark]}"


def _key(entry: Mapping[str, Any]) -> str:
    """What tells an article from the others of its file: its id, else its title, else how its text begins."""
    given = {folded(str(name)): value for name, value in entry.items()}
    keys = (one_line(_string(given.get(name))[:1000])[:200] for part in ("id", "title", "text") for name in NAMES[part])
    return next(filter(None, keys), "")


def _absent(value: Any) -> bool:
    """Whether there is no value: null, an empty text, or the NaN that tables are exported with."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def _string(value: Any, depth: int = 4) -> str:
    """``value`` as text; what is nested deeper than ``depth`` is no text (and may be without an end, in YAML)."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):  # {"name": "The Post"}, as feeds and news APIs give an outlet
        return _string(value.get("name") or value.get("title"), depth - 1) if depth else ""
    if isinstance(value, (list, tuple)):
        return "\n\n".join(filter(None, (_string(each, depth - 1) for each in value))) if depth else ""
    return "" if _absent(value) or isinstance(value, bytes) else str(value)


def _authors(value: Any) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)):
        return tuple(filter(None, map(_string, value)))
    line = one_line(_string(value))  # of single blanks: the pattern would try every part of a long run of them
    names = re.split(r" ?[;,] ?| and ", re.sub(r"^by ", "", line, flags=re.IGNORECASE))
    return tuple(filter(None, names))


def _url(value: Any, notes: list[str]) -> str:
    url = one_line(_string(value))
    if url and not re.match(r"https?://\S+\Z", url):
        notes.append(f"URL {url[:80]!r} is not an http address; ignored")
        return ""
    return url


def _date(value: Any, name: str, notes: list[str]) -> Published | None:
    try:
        return parse_date(value)
    except UnclearDate as unclear:
        notes.append(f"{unclear} ({name}); stored without it")
        return None


def kind_of(value: Any) -> str:
    """What a value that is no article is, in words."""
    return {list: "a list", str: "a text", int: "a number", float: "a number", bool: "true or false"}.get(
        type(value), "null"
    )
