"""JSON: one article, or a list of them, bare or under the name that news APIs give it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from qa.articles import Article
from qa.articles.fields import NAMES, article_from_fields, articles_from_entries, folded, kind_of
from qa.errors import SourceError
from qa.readers.documents import Document
from qa.readers.json_lines import JsonLinesReader, is_whole_object
from qa.readers.json_values import check_keys, opens_object, parse_json

__all__ = ["JsonReader"]

LISTS = ("articles", "results", "items", "data", "docs")
"""Keys under which an object that is no article itself may hold a list of them."""
_LIST = re.compile(rb'(?:\xef\xbb\xbf)?\s*\[\s*\{\s*(?:"|\})')


class JsonReader:
    """Reads JSON. What turns out to be JSON Lines under another name is read as that."""

    name: ClassVar[str] = "JSON"
    extensions: ClassVar[tuple[str, ...]] = (".json",)

    def recognises(self, document: Document) -> bool:
        """Whether it begins as an object or a list of objects does, and not as JSON Lines do."""
        head = document.head
        if _LIST.match(head):
            return True
        if not opens_object(head) or JsonLinesReader().recognises(document):
            return False
        laid_out = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{\n", b"{\r"))
        return laid_out or document.suffix not in JsonLinesReader.extensions

    def read(self, document: Document) -> Iterator[Article | SourceError]:
        """The article, or the articles of the list. A bad one costs only itself."""
        first, second = document.peek_lines(2)
        if opens_object(second) and is_whole_object(first, document):
            yield from JsonLinesReader().read(document)
            return
        value = parse_json(document.text(), document.source, depth=document.limits.depth)
        entries = _list_in(value)
        if entries is not None:
            yield from _from_list(entries, document)
        elif isinstance(value, dict):
            check_keys(value, document.source)
            yield article_from_fields(value, document.source)
        else:
            raise SourceError(
                f"{document.source}: expected an article (an object) or a list of them, got {kind_of(value)}."
            )


def _list_in(value: Any) -> list[Any] | None:
    """The list of articles that ``value`` is, or holds where it is no article itself."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or any(folded(key) in NAMES["text"] for key in value):
        return None
    inner = [value[key] for key in LISTS if isinstance(value.get(key), list)]
    if not inner and isinstance(value.get("response"), dict):
        inner = [value["response"][key] for key in LISTS if isinstance(value["response"].get(key), list)]
    return inner[0] if inner else None


def _from_list(entries: list[Any], document: Document) -> Iterator[Article | SourceError]:
    if not entries:
        raise SourceError(f"{document.source}: an empty list of articles.")
    named = ((f"entry {number}", entry) for number, entry in enumerate(entries, 1))
    for found in articles_from_entries(_checked(named, document.source), document.source):
        yield found
        document.check_time()


def _checked(entries: Iterator[tuple[str, Any]], source: str) -> Iterator[tuple[str, Any]]:
    for where, entry in entries:
        try:
            check_keys(entry, f"{source}, {where}")
        except SourceError as error:
            yield where, error
        else:
            yield where, entry
