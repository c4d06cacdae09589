"""Articles from named fields, under the names that people use: JSON, JSON Lines, front matter."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from qa.articles import Article, Published, make_article, one_line
from qa.articles.dates import UnclearDate, parse_date
from qa.errors import SourceError

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
    "id": ("id", "guid", "uuid"),
}
"""What each field may be called, best name first; case, ``_`` and ``-`` do not matter."""


def article_from_fields(fields: Mapping[str, Any], source: str) -> Article:
    """One article from a mapping. A date that is not understood is noted, not guessed. Raises SourceError."""
    given = {re.sub(r"[_\- ]", "", key).lower(): value for key, value in fields.items() if not _absent(value)}

    def field(name: str) -> Any:
        return next((given[alias] for alias in NAMES[name] if alias in given), None)

    text = _string(field("text"))
    if not text.strip():
        known = ", ".join(NAMES["text"][:3])
        raise SourceError(f"{source}: no text; expected a field named {known}.")
    notes: list[str] = []
    url = one_line(_string(field("url")))
    if url and not re.match(r"https?://\S+\Z", url):
        notes.append(f"URL {url[:80]!r} is not an http address; ignored")
        url = ""
    return make_article(
        title=_string(field("title")),
        text=text,
        source=source,
        outlet=_string(field("outlet")),
        authors=_authors(field("authors")),
        published=_date(field("published"), "published", notes),
        updated=_date(field("updated"), "updated", notes),
        language=_string(field("language")),
        url=url,
        place=_string(field("place")),
        notes=tuple(notes),
    )


def read_json(text: str, source: str) -> Iterator[Article | SourceError]:
    """One article, a list of them, or an object whose ``articles`` is that list."""
    value = _parse(text, source)
    if isinstance(value, dict) and isinstance(value.get("articles"), list):
        value = value["articles"]
    if isinstance(value, list):
        yield from _entries(((f"entry {n}", entry) for n, entry in enumerate(value, 1)), source)
    elif isinstance(value, dict):
        yield article_from_fields(value, source)
    else:
        raise SourceError(f"{source}: expected an article (an object) or a list of them, got {_kind(value)}.")


def read_json_lines(text: str, source: str) -> Iterator[Article | SourceError]:
    """One article a line; a line that is none costs only itself."""

    def entries() -> Iterator[tuple[str, Any]]:
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                where = f"line {number}"
                try:
                    yield where, _parse(line, f"{source}, {where}")
                except SourceError as error:
                    yield where, error

    yield from _entries(entries(), source)


def _entries(entries: Iterator[tuple[str, Any]], source: str) -> Iterator[Article | SourceError]:
    seen: dict[str, int] = {}
    for where, entry in entries:
        if isinstance(entry, SourceError):
            yield entry
        elif not isinstance(entry, dict):
            yield SourceError(f"{source}, {where}: expected an article (an object), got {_kind(entry)}.")
        else:
            key = _key_within(entry)
            seen[key] = seen.get(key, 0) + 1
            fragment = key if seen[key] == 1 else f"{key}~{seen[key]}"
            try:
                yield article_from_fields(entry, f"{source}#{fragment}")
            except SourceError as error:
                yield SourceError(str(error).replace(f"#{fragment}", f", {where}", 1))


def _key_within(entry: Mapping[str, Any]) -> str:
    """What tells an article from the others of its file, so that it stays itself when the file's order changes."""
    lowered = {key.lower(): value for key, value in entry.items()}
    keys = (one_line(_string(lowered.get(name)))[:200] for part in ("id", "title", "text") for name in NAMES[part])
    return next(filter(None, keys), "")


def _parse(text: str, source: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise SourceError(f"{source}: nested too deeply.") from error
    except ValueError as error:
        raise SourceError(f"{source}: not valid JSON: {error}.") from error


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
    return "" if _absent(value) else str(value)


def _authors(value: Any) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)):
        return tuple(filter(None, map(_string, value)))
    names = re.split(r"\s*[;,]\s*|\s+and\s+", re.sub(r"^by\s+", "", _string(value), flags=re.IGNORECASE))
    return tuple(filter(None, names))


def _date(value: Any, name: str, notes: list[str]) -> Published | None:
    try:
        return parse_date(value)
    except UnclearDate as unclear:
        notes.append(f"{unclear} ({name}); stored without it")
        return None


def _kind(value: Any) -> str:
    return {list: "a list", str: "a text", int: "a number", float: "a number", bool: "true or false"}.get(
        type(value), "null"
    )
