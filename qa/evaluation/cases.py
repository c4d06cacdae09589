"""Questions with what is known of their answers, read from JSON Lines.

A mistake in the file stops everything, with its file and line: a figure over half the questions would mislead.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import UsageError
from qa.questions import parse_when


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what is known of its answer.

    ``answers``: any of them is right. ``articles``: ids, addresses, file names (with or without their ending) of the
    articles that answer it. ``evidence``: texts that the passages must hold, all of them. ``turns``: the questions of
    the conversation before it. ``kind`` is a group to report by. ``where`` is the file and line that it came from.
    """

    question: str
    answers: tuple[str, ...] = ()
    answerable: bool = True
    articles: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    now: str | None = None
    turns: tuple[str, ...] = ()
    kind: str = ""
    where: str = ""


_LISTS = ("answers", "articles", "evidence", "turns")
_TEXTS = ("question", "now", "kind", "label")
_FIELDS = (*_TEXTS, *_LISTS, "answerable")


def read_cases(path: Path) -> list[Case]:
    """The questions in a file of JSON Lines. Raises UsageError, which names the file and the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}). Name a file of JSON Lines.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8 (byte {error.start:,}). Save it as UTF-8.") from error
    cases = [_case(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]
    if not cases:
        raise UsageError(f'{path}: holds no question. Write one a line: {{"question": "...", "answers": ["..."]}}')
    return cases


def _case(line: str, where: str) -> Case:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{where}: is not JSON ({error}). Write one object a line.") from error
    if not isinstance(row, dict):
        raise UsageError(f'{where}: is not an object. Write {{"question": "...", "answers": ["..."]}}.')
    row = {name: value for name, value in row.items() if value is not None}
    _check(row, where)
    lists = {name: tuple(row.get(name, ())) for name in _LISTS}
    answerable = row.get("answerable", bool(lists["answers"] or lists["evidence"]))
    if answerable and not (lists["answers"] or lists["evidence"]):
        raise UsageError(f'{where}: nothing is known of the answer. Add "answers" or "evidence", or answerable: false.')
    kind = row.get("kind", row.get("label", ""))
    return Case(row["question"], answerable=answerable, now=row.get("now"), kind=kind, where=where, **lists)


def _check(row: Mapping[str, Any], where: str) -> None:
    """Raise UsageError for a field that is not what it should be, or looks misspelt; others are the writer's own."""
    for name in row:
        near = difflib.get_close_matches(name, _FIELDS, 1, cutoff=0.8)
        if near and near[0] != name:
            raise UsageError(f"{where}: {name!r} is no field; perhaps {near[0]!r}?")
    for name in _TEXTS:
        if not isinstance(row.get(name, ""), str):
            raise UsageError(f"{where}: {name!r} must be a text.")
    for name in _LISTS:
        value = row.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            raise UsageError(f'{where}: {name!r} must be a list of texts, none empty, such as ["29", "29 lives"].')
    if not isinstance(row.get("answerable", True), bool):
        raise UsageError(f"{where}: 'answerable' must be true or false.")
    if not str(row.get("question", "")).strip():
        raise UsageError(f"{where}: 'question' is missing.")
    try:
        parse_when(row.get("now"), "now")
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from error
