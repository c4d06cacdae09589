"""The text of a model to claims: its sentences, each with the markers that it wrote to it.

Invariant: every marker outside code belongs to exactly one claim, and no other character of a sentence is lost but
Markdown's signs of headings and bold; bullets become the claim's opening, and a heading is a claim like any other line.
So is each row of a table; its head, and blocks of code, are no claims and open the one that follows. A list of sources
at the end is left out: the citations are one.
What is no marker ("[in May 2024]", "[sic]", "[2024]", "[1,000]") stays text. A number in round brackets is one where no
square ones came before it, and where it stands as markers do: at the end of a clause or behind a small word ("Ida
Brandt (35) said" gives an age).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from qa.answers import unique
from qa.chunks import sentences

WIDEST = 10
"""Numbers that a range such as [1-3] may stand for; a wider one is kept as it was written, unresolved."""
LONGEST = 32
"""Characters after which an open bracket at the end of a stream is no marker in the making."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker at ``[start, end)`` of a text. ``names`` are the numbers that it stands for, or a range too wide."""

    start: int
    end: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence without its markers, their names in order, without doubles, and what parts it from the one before."""

    text: str
    markers: tuple[str, ...]
    opening: str = " "


_NUMBER = r"(?:0|[1-9]\d{0,2})"
_LABEL = r"(?:evidence|sources?|passages?|articles?|documents?|references?|refs?|citations?)\.?\s{0,3}[:#]?\s{0,3}"
_ANY_LABEL = rf"(?:{_LABEL}|[#^])?"
_JOINED = rf"(?:\s*(?:,(?!\d{{3}}\b)|;|&|\band\b|[-–—]|\bto\b)\s*{_ANY_LABEL}{_NUMBER})*"
_NUMBERS = rf"{_ANY_LABEL}{_NUMBER}{_JOINED}"
_MARKER = re.compile(
    rf"\[{{1,2}}\s*({_NUMBERS})\s*(?:†[^\]\n]{{0,40}})?\]{{1,2}}(?:\((?:https?:|#)[^)\s]*\))?"
    rf"|【\s*({_NUMBERS})(?::\d{{1,3}})?\s*(?:†[^】\n]{{0,40}})?】|［\s*({_NUMBERS})\s*］"
    rf"|\(\s*({_LABEL}{_NUMBER}{_JOINED})\s*\)|\(\s*(?P<bare>[1-9]\d{{0,2}}{_JOINED})\s*\)",
    re.IGNORECASE,
)
_BARE = rf"\([\d\s,;&–—-]{{1,{LONGEST}}}\)\s*"
_UNFINISHED = re.compile(rf"\s*(?:(?:\[{{1,2}}|【|［|\()[\w\s,;:&#^.†–—-]{{0,{LONGEST}}}|{_BARE})\Z")
_ENDS_CLAUSE = re.compile(r"\s*(?:[.,;:!?)\[(【\n]|\Z)")
_SMALL_WORD = re.compile(r"(?<![\w’'-])[a-zß-öø-ÿ][\w’'-]*\s*\Z")
_BROKEN = re.compile(r"(?<!\s)\s*(?:\[{1,2}|【)[\d\s,;–-]*\Z")
"""A marker that broke off at the end of a text: which one it was to be is not known."""
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)
_BLOCK = re.compile(
    r"^[ \t]*(?P<fence>```+|~~~+)[^\n]*\n(?:.*?^[ \t]*(?P=fence)[`~]*[ \t]*(?:\n|\Z)|.*\Z)"
    r"|^[ \t]*\|[^\n]*\n[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+(?:[ \t]*:?-{2,}:?)?[ \t]*(?:\n|\Z)"
    r"(?:[ \t]*\|[^\n]*(?:\n|\Z))*",
    re.MULTILINE | re.DOTALL,
)
"""A fenced block of code, to its fence or the end; a table with its head, the rule below it, its rows."""
_SOURCES = re.compile(
    r"(?:\A|\n)[ \t]*(?:#{1,6}[ \t]*)?(?:\*\*|__)?(?:sources?|references|citations)[ \t]*:?(?:\*\*|__)?[ \t]*:?"
    r"(?:\s*(?:[-*•][ \t]*)?(?:\[\^?\d{1,3}\]|【\d{1,3}】|\d{1,3}[.)][ \t])[^\n]*)+\s*\Z",
    re.IGNORECASE,
)
"""A list of sources with which a text ends: the word, then nothing but numbered entries."""
_BOLD = re.compile(r"\*\*|(?<!\w)__|__(?!\w)")
_WRAPPED = re.compile(r"(?<=[\w,])[ \t]*\n(?=[a-z])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SIGNS = r"(?:[-–—*+•>#=]{1,6}\s++)*+"
_BULLETS = re.compile(rf"\s*+({_SIGNS}(?:(\d{{1,2}}[.)])\s++(?=\S))?+{_SIGNS})")
"""All that stands before the words of a line; what is left of it is no heading to ``qa.chunks``, which drops those."""


def find_markers(text: str, *, squared: bool = False) -> Iterator[Marker]:
    """Every marker of ``text`` outside code, in order. ``squared``: square brackets came before the text."""
    code = [found.span() for found in _CODE.finditer(text)] if "`" in text else []
    for found in _MARKER.finditer(text):
        if any(start <= found.start() < end for start, end in code):
            continue
        if found["bare"] and (squared or not _stands_as_marker(text, *found.span())):
            continue
        squared = squared or not found["bare"]
        yield Marker(*found.span(), _names(next(group for group in found.groups() if group)))


def _stands_as_marker(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 40) : start]
    if not before.rpartition("\n")[2].strip():
        return False  # "(1) First, ..." counts
    return _ENDS_CLAUSE.match(text, end) is not None or _SMALL_WORD.search(before) is not None


def readable(text: str) -> str:
    """``text`` without what could move a terminal's cursor; surrogates joined to their character, or replaced.

    A server may send a character beyond U+FFFF as two escapes of JSON, even in two events.
    """
    text = _CONTROL.sub("", text)
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def unfinished(text: str) -> int:
    """Characters at the end of ``text`` that may become a marker, with the blank before them."""
    found = _UNFINISHED.search(text, max(0, len(text) - LONGEST - 8))
    return len(text) - found.start() if found else 0


def disarmed(text: str) -> str:
    """``text`` with nothing in it that reads as a number of the evidence: {1} for [1]. Round brackets stay."""

    def braced(found: re.Match[str]) -> str:
        return found[0] if found["bare"] else f"{{{next(group for group in found.groups() if group)}}}"

    return _MARKER.sub(braced, text)


def is_block(text: str) -> bool:
    """Whether the text of a claim is code, or a table's head alone: it ends an answer and says nothing."""
    return "\n" in text or text.startswith(("```", "~~~"))


def without_markers(text: str) -> str:
    """``text`` without its markers and the blanks before them."""
    last, kept = 0, ""
    for marker in find_markers(text):
        kept, last = kept + text[last : marker.start].rstrip(), marker.end
    return kept + text[last:]


def parse(text: str, *, squared: bool = False) -> list[Claim]:
    """The claims of a model's text in order. A marker belongs to the sentence that it ends or follows.

    In a line that begins with one and does not end with one, each belongs to the sentence behind it; alone on a line,
    to the one before. ``squared``: square
    brackets came before the text.
    """
    claims: list[_Begun] = []
    opening = ""
    for kind, block in _blocks(_SOURCES.sub("", readable(text))):
        known = len(claims)
        if kind == "code":
            opening += f"\n\n{block.strip()}\n\n"
            continue
        if kind == "table":
            opening += _take_table(block, claims, squared=squared)
        else:
            _take_prose(block, claims, squared=squared)
        if opening and len(claims) > known:
            claims[known].opening = opening + claims[known].opening.lstrip("\n")
            opening = ""
        squared = squared or any(block[each.start : each.end].strip()[0] in "[【［" for each in find_markers(block))
    if opening.strip():
        claims.append(_Begun(opening.strip(), [], "\n\n"))
    return [Claim(each.text, unique(each.names), each.opening) for each in claims]


@dataclass(slots=True)
class _Begun:
    """A claim whose markers may still come."""

    text: str
    names: list[str]
    opening: str


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Code, tables and what stands between them, in order."""
    last = 0
    for found in _BLOCK.finditer(text) if "```" in text or "~~~" in text or "|" in text else ():
        yield "prose", text[last : found.start()]
        yield ("code" if found["fence"] else "table"), found[0]
        last = found.end()
    yield "prose", text[last:]


def _take_prose(text: str, claims: list[_Begun], *, squared: bool) -> None:
    for line, markers in _lines(text, squared=squared):
        bullets = _BULLETS.match(line)
        assert bullets is not None, "it may be empty"
        plain = " " * bullets.end() + line[bullets.end() :]
        spans = sentences(plain)
        first, opening = len(claims), _opening(bullets[1], bullets[2] or "")
        for place, span in enumerate(spans):
            claims.append(_Begun(" ".join(plain[span.start : span.end].split()), [], " " if place else opening))
        leading = spans and markers and not line[: markers[0][0]].strip() and markers[-1][0] <= spans[-1].start
        for position, names in markers:
            before = sum(span.start < position for span in spans)
            owner = first + max(before - (not leading), 0) if spans else first - 1
            if owner >= 0:
                claims[owner].names.extend(names)


def _take_table(text: str, claims: list[_Begun], *, squared: bool) -> str:
    """The rows of a table to claims; gives its head, which opens the first."""
    head, rule, *rows = text.strip("\n").split("\n")
    for place, row in enumerate(rows):
        names = [name for marker in find_markers(row, squared=squared) for name in marker.names]
        claims.append(_Begun(" ".join(without_markers(row).split()), names, "\n" if place else ""))
    return f"\n\n{head.strip()}\n{rule.strip()}\n"


def _opening(bullets: str, number: str) -> str:
    """What parts a new line from the one before: a paragraph, with its number or a dash where it is an item."""
    dash = "-" if set(bullets) & set("-–—*+•") else ""
    return f"\n\n{number or dash} " if number or dash else "\n\n"


def _lines(text: str, *, squared: bool) -> Iterator[tuple[str, list[tuple[int, tuple[str, ...]]]]]:
    """Each line without its markers, and where in it they stood."""
    text = _BROKEN.sub("", _WRAPPED.sub(" ", _BOLD.sub("", text)))
    line, markers, last = "", list[tuple[int, tuple[str, ...]]](), 0
    for marker in (*find_markers(text, squared=squared), Marker(len(text), len(text), ())):
        *whole, rest = text[last : marker.start].split("\n")
        for part in whole:
            yield line + part, markers
            line, markers = "", []
        line = (line + rest).rstrip()
        if marker.names:
            markers.append((len(line), marker.names))
        if line and text[marker.end : marker.end + 1].isalnum():
            line += " "
        last = marker.end
    yield line, markers


@lru_cache(1024)
def _names(written: str) -> tuple[str, ...]:
    names: list[str] = []
    parts = re.findall(rf"{_NUMBER}|[-–—]|\bto\b", written, re.IGNORECASE)
    for place, part in enumerate(parts):
        if part.isdigit():
            low = int(parts[place - 2]) if place >= 2 and not parts[place - 1].isdigit() else int(part)
            if 0 <= int(part) - low < WIDEST:
                names += [str(number) for number in range(low, int(part) + 1)]
            else:
                names[-1:] = [f"{low}-{part}"]
    return unique(names)
