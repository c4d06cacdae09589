"""JSON text to values, within limits, the same for whole files and for lines.

What JSON leaves open is settled so that no article comes in with a value that another program would not see: a key
that stands twice with two values makes its object unreadable, and ``NaN``, which is no JSON, is no value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from qa.errors import SourceError

__all__ = ["check_keys", "opens_object", "parse_json"]

MOST_DIGITS = 1000
"""Digits of a whole number; a longer one is kept as text, since turning it into a number takes too long."""
_OBJECT = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*(?:"|\})')


class _Ambiguous(dict[str, Any]):
    """An object in which ``key`` stands more than once, with different values."""

    key: str = ""


def opens_object(data: bytes) -> bool:
    """Whether ``data`` begins as a JSON object does."""
    return _OBJECT.match(data) is not None


def check_keys(value: Any, source: str) -> None:
    """Raise SourceError for an object in which a key stands twice and it cannot be told which value holds."""
    if isinstance(value, _Ambiguous):
        raise SourceError(f"{source}: the key {value.key[:60]!r} stands twice, with different values; remove one.")


def parse_json(text: str, source: str, *, depth: int, one_line: bool = False) -> Any:
    """The value that ``text`` holds; with ``one_line`` an error names the column alone. Raises SourceError."""
    too_deep = f"{source}: nested more than {depth} levels deep ([limits] depth)."
    try:
        value = _DECODER.decode(text)
    except RecursionError as error:
        raise SourceError(too_deep) from error
    except json.JSONDecodeError as error:
        column = f"column {error.colno:,}"
        place = column if one_line else f"line {error.lineno:,}, {column}"
        raise SourceError(f"{source}: not valid JSON: {error.msg.removesuffix(' at')} at {place}.") from error
    if text.count("[") + text.count("{") > depth and _depth_beyond(value, depth):
        raise SourceError(too_deep)
    return value


def _depth_beyond(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Iterator[Any]:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return (each for each in inner if isinstance(each, (dict, list)))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    first: dict[str, Any] = {}
    for key, value in pairs:
        if first.setdefault(key, value) != value:
            ambiguous = _Ambiguous(made)
            ambiguous.key = key
            return ambiguous
    return made


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) <= MOST_DIGITS else digits


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_number, parse_constant=lambda _: None)
