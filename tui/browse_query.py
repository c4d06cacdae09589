"""What is typed to filter the list of articles, as the arguments of ``Archive.browse``.

Words are of the title; ``text:`` takes words of the whole text, ``outlet:``, ``section:``, ``since:`` and ``until:``
what their names say, ``is:gone`` what its source no longer has. Values of several words stand in quotation marks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tui.filters import Filters, Named, any_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.archive import Archive

ASKED = 100
"""Articles that a question can be limited to by naming them."""
FIELDS = ("text", "outlet", "section", "since", "until", "is", "copies")
_PART = re.compile(r'(?:(?P<field>[a-z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>\S+))')


def parse(typed: str) -> dict[str, Any]:
    """The arguments. Raises UsageError for a field that is none, or a value that its field does not take."""
    from qa.errors import UsageError
    from qa.questions import parse_when

    given: dict[str, Any] = {}
    title: list[str] = []
    for found in _PART.finditer(typed):
        field = found["field"]
        value = found["quoted"] if found["quoted"] is not None else found["plain"]
        if field is None or "://" in found[0]:
            title.append(found[0].strip('"'))
        elif field in ("outlet", "section"):
            given.setdefault(f"{field}s", []).append(value)
        elif field in ("since", "until"):
            parse_when(value, field)
            given[field] = value
        elif field == "text":
            given["text"] = value
        elif field == "copies":
            given["copies_of"] = value
        elif field == "is" and value == "gone":
            given["gone"] = True
        else:
            raise UsageError(f"{found[0]}: there is text:, outlet:, section:, since:, until: and is:gone.")
    if title:
        given["title"] = " ".join(title)
    return given


def with_part(typed: str, field: str, value: str) -> str:
    """The same with another value for a field, or without it where that is empty."""
    rest = re.sub(rf'\s*\b{field}:(?:"[^"]*"?|\S+)', "", typed).strip()
    if not value:
        return rest
    return f'{rest} {field}:"{value}"'.strip() if re.search(r"\s", value) else f"{rest} {field}:{value}".strip()


def limits(archive: Archive, typed: str, rows: Sequence[str] = ()) -> Filters:
    """What limits questions to the articles in these rows (ids), else to all that what is typed leaves.

    Outlets and days stay what they are, for articles to come as well; anything else names the articles. Raises
    UsageError for a filter that is none, or leaves none or more than ``ASKED``.
    """
    from qa.errors import UsageError

    given = parse(typed)
    if not rows and given.keys() <= {"outlets", "since", "until"}:
        return Filters(tuple(given.get("outlets", ())), given.get("since", ""), given.get("until", ""))
    ids = tuple(archive.browse(**given).ids(rows or None))
    if not ids:
        raise UsageError("No article passes the filter.")
    if len(ids) > ASKED:
        raise UsageError(f"{len(ids):,} articles pass the filter; questions take {ASKED}. Narrow it, or mark some.")
    article = archive.article(ids[0]) if len(ids) == 1 else None
    called = article.title if article is not None else any_of(ids, "marked" if rows else typed)
    return Filters(article=Named(ids, called))
