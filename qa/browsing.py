"""Pages of the catalog as a list shows them: filtered, sorted, one row for near-copies; counts by day, outlet, section.

Invariant: only the rows of one page are read from the table of articles, which holds their texts. What is filtered,
sorted and counted stands in the covering indexes ``listed_by_...`` of ``qa.schema``, of which each order reads its own
from the nearer end, so that a page deep in 100,000 rows costs milliseconds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from qa.articles import Published
from qa.catalog import Catalog, copy_from_row
from qa.errors import UsageError
from qa.schema import UNDATED

Order = Literal["date", "outlet", "title"]
Facet = Literal["outlet", "section"]

ORDERS: dict[Order, tuple[tuple[str, bool], ...]] = {
    "date": (("published_at", True), ("title", False), ("id", False)),
    "outlet": (("outlet", False), ("published_at", True), ("title", False), ("id", False)),
    "title": (("title COLLATE NOCASE", False), ("id", False)),
}
"""What each order compares, in turn, and whether the greater comes first; as the index of its name has it."""
LOOKED_UP = 2000
"""Passages at most that are looked up for words in the texts."""
_FIRST_DAY = date.min.toordinal()
_BEFORE_1970 = (date(1970, 1, 1) - date.min).days * 86_400
_EARLIER = f"(o.published_at = {UNDATED}, o.published_at, o.id) < (a.published_at = {UNDATED}, a.published_at, a.id)"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which articles are listed; what is left empty does not narrow.

    ``title``: words, or parts of words, that all stand in the title. ``passages``: only articles that one of these
    passages is of. ``earliest``, ``latest``: seconds since the epoch, both included. ``copies_of``: the near-copies of
    the article with this id, itself among them. ``gone``: only what its source no longer has, or only what it has.
    """

    title: tuple[str, ...] = ()
    passages: tuple[str, ...] | None = None
    outlets: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    earliest: float | None = None
    latest: float | None = None
    copies_of: str = ""
    gone: bool | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row: an article, and how many near-copies of it stand behind the row. ``gone``: since when (UTC)."""

    id: str
    title: str
    outlet: str
    section: str
    published: Published | None
    gone: datetime | None
    copies: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many ``articles`` are listed in how many ``rows``, of how many in ``all``; how many of them have no date."""

    articles: int
    rows: int
    undated: int
    all: int


class Browsing:
    """A list of the catalog's articles. It holds none of them: each call reads the catalog as it is then.

    With ``fold``, of near-copies that are all chosen only the earliest has a row. ``reverse``: the order the other
    way round. ``capped``: there may be more passages with the words than were looked up.
    """

    def __init__(
        self,
        catalog: Catalog,
        chosen: Chosen,
        *,
        order: Order = "date",
        reverse: bool = False,
        fold: bool = True,
        capped: bool = False,
    ) -> None:
        if order not in ORDERS:
            raise UsageError(f"order = {order!r}: one of {', '.join(ORDERS)}.")
        self.chosen = chosen
        self.capped = capped
        self._catalog = catalog
        self._order = order
        self._reverse = reverse
        self._fold = fold and not chosen.copies_of
        self._values = _values(chosen)
        self._listed = " AND ".join(filter(None, (self._inside("a"), self._first_of_copies()))) or "true"

    # --- conditions

    def _inside(self, table: str, leave: Facet | None = None) -> str:
        """What an article meets that is chosen; without the choice of one facet, for counting what else there is."""
        chosen, values = self.chosen, self._values
        conditions = [f"({_any_of(table, word)})" for word in _words(values)]
        for facet, names in (("outlet", chosen.outlets), ("section", chosen.sections)):
            if names and facet != leave:
                conditions.append(f"{table}.{facet} IN (SELECT value FROM json_each(:{facet}))")
        if chosen.passages is not None:
            held = "SELECT article_id FROM chunks WHERE chunks.id IN (SELECT value FROM json_each(:passages))"
            conditions.append(f"{table}.id IN ({held})")
        if chosen.earliest is not None:
            conditions.append(f"{table}.published_at >= :earliest")
        if chosen.latest is not None:
            conditions.append(f"{table}.published_at BETWEEN {UNDATED} + 1 AND :latest")
        if chosen.copies_of:
            same = "SELECT cluster FROM articles WHERE id = :copies_of"
            conditions.append(f"{table}.cluster <> '' AND {table}.cluster = ({same})")
        if chosen.gone is not None:
            conditions.append(f"{table}.gone IS {'NOT ' if chosen.gone else ''}NULL")
        return " AND ".join(conditions)

    def _first_of_copies(self) -> str:
        """That an article has a row: it is alone, or the first of its near-copies that are chosen."""
        if not self._fold:
            return ""
        inside = self._inside("o")
        if not inside:
            return "a.cluster IN ('', a.id)"
        others = f"o.cluster <> '' AND o.cluster = a.cluster AND {inside} AND {_EARLIER}"
        return f"(a.cluster IN ('', a.id) OR NOT EXISTS (SELECT 1 FROM articles AS o WHERE {others}))"

    def _sorted(self, *, reverse: bool) -> str:
        return ", ".join(f"{column} {'DESC' if down != reverse else 'ASC'}" for column, down in ORDERS[self._order])

    # --- what is listed

    def counts(self) -> Counts:
        """How much is listed."""
        rows = self._first_of_copies() or "true"
        sql = f"""SELECT count(*), coalesce(sum({rows}), 0), coalesce(sum(a.published_at = {UNDATED}), 0),
                  (SELECT count(*) FROM articles) FROM articles AS a WHERE {self._inside("a") or "true"}"""
        return Counts(*map(int, self._catalog.named(sql, self._values)[0]))

    def rows(self, offset: int, limit: int, *, of: int | None = None) -> list[Row]:
        """A page of rows. With ``of``, how many rows there are, one in the second half is counted from the end."""
        backwards = of is not None and offset > of // 2
        if backwards:
            assert of is not None
            limit = max(min(limit, of - offset), 0)
            offset = of - offset - limit
        reverse = self._reverse != backwards
        behind = "0"
        if self._fold:
            inside = self._inside("o") or "true"
            behind = (
                f"(SELECT count(*) FROM articles AS o WHERE o.cluster <> '' AND o.cluster = a.cluster AND {inside}) - 1"
            )
        page = f"""SELECT rowid AS number FROM articles AS a INDEXED BY listed_by_{self._order}
                   WHERE {self._listed} ORDER BY {self._sorted(reverse=reverse)} LIMIT :limit OFFSET :offset"""
        sql = f"""SELECT a.id, title, outlet, section, published, url, gone,
                  CASE a.cluster WHEN '' THEN 0 ELSE {behind} END AS copies
                  FROM ({page}) JOIN articles AS a ON a.rowid = number ORDER BY {self._sorted(reverse=reverse)}"""
        found = [_row(row) for row in self._catalog.named(sql, {**self._values, "limit": limit, "offset": offset})]
        return found[::-1] if backwards else found

    def place(self, article_id: str) -> int | None:
        """In which row, from 0, an article stands; None if it has none."""
        columns = ORDERS[self._order]
        wanted = ", ".join(f"{column.split()[0]} AS v{n}" for n, (column, _) in enumerate(columns))
        with self._catalog.snapshot():
            sql = f"SELECT {wanted} FROM articles AS a WHERE a.id = :id AND {self._listed}"
            found = self._catalog.named(sql, {**self._values, "id": article_id})
            if not found:
                return None
            sql = f"SELECT count(*) FROM articles AS a WHERE {self._listed} AND ({self._before(0)})"
            values = {f"v{n}": found[0][n] for n in range(len(columns))}
            return int(self._catalog.named(sql, {**self._values, **values})[0][0])

    def _before(self, at: int) -> str:
        """That an article stands before the one whose columns are ``:v0`` and so on, compared from column ``at`` on."""
        column, down = ORDERS[self._order][at]
        sooner = f"a.{column} {'>' if down != self._reverse else '<'} :v{at}"
        if at + 1 == len(ORDERS[self._order]):
            return sooner
        return f"{sooner} OR (a.{column} = :v{at} AND ({self._before(at + 1)}))"

    def ids(self, rows: Sequence[str] | None = None) -> list[str]:
        """The ids of all that is listed, or of what stands in the rows of these articles: them and their copies."""
        inside = self._inside("a") or "true"
        if rows is None:
            return [
                row["id"] for row in self._catalog.named(f"SELECT id FROM articles AS a WHERE {inside}", self._values)
            ]
        these = "SELECT value FROM json_each(:rows)"
        behind = f"a.id IN ({these})"
        if self._fold:
            same = f"SELECT cluster FROM articles WHERE id IN ({these}) AND cluster <> ''"
            behind = f"({behind} OR (a.cluster <> '' AND a.cluster IN ({same})))"
        sql = f"SELECT id FROM articles AS a WHERE {inside} AND {behind}"
        return [row["id"] for row in self._catalog.named(sql, {**self._values, "rows": json.dumps(list(rows))})]

    # --- how much there is of what

    def days(self) -> list[tuple[date, int]]:
        """How many of the articles were published on each day (UTC) that has any, the earliest first."""
        sql = f"""SELECT CAST((a.published_at + {_BEFORE_1970}) / 86400 AS INTEGER) AS day, count(*)
                  FROM articles AS a WHERE a.published_at > {UNDATED} AND {self._inside("a") or "true"}
                  GROUP BY day ORDER BY day"""
        return [(date.fromordinal(row[0] + _FIRST_DAY), row[1]) for row in self._catalog.named(sql, self._values)]

    def facet(self, name: Facet) -> list[tuple[str, int]]:
        """The outlets or sections, and how many articles each has whatever is chosen of them; the largest first."""
        sql = f"""SELECT {name}, count(*) FROM articles AS a WHERE {self._inside("a", leave=name) or "true"}
                  GROUP BY {name} ORDER BY count(*) DESC, {name}"""
        return [(row[0], row[1]) for row in self._catalog.named(sql, self._values)]


def _values(chosen: Chosen) -> dict[str, Any]:
    values: dict[str, Any] = {
        "outlet": json.dumps(list(chosen.outlets)),
        "section": json.dumps(list(chosen.sections)),
        "earliest": chosen.earliest,
        "latest": chosen.latest,
        "copies_of": chosen.copies_of,
    }
    if chosen.passages is not None:
        values["passages"] = json.dumps(list(chosen.passages))
    for number, word in enumerate(chosen.title):
        for variant, text in enumerate(_cases(word)):
            values[f"word{number}_{variant}"] = f"%{_escaped(text)}%"
    return values


def _words(values: dict[str, Any]) -> list[list[str]]:
    """The names of the parameters that hold each word's variants."""
    found: dict[str, list[str]] = {}
    for name in values:
        if name.startswith("word"):
            found.setdefault(name.split("_")[0], []).append(name)
    return list(found.values())


def _any_of(table: str, variants: Sequence[str]) -> str:
    return " OR ".join(rf"{table}.title LIKE :{name} ESCAPE '\'" for name in variants)


def _cases(word: str) -> list[str]:
    """The word as titles may have it: SQLite compares letters beyond ASCII as they are."""
    return [word] if word.isascii() else list(dict.fromkeys((word, word.lower(), word.upper(), word.capitalize())))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _row(row: Any) -> Row:
    gone = datetime.fromisoformat(row["gone"]) if row["gone"] else None
    return Row(
        row["id"], row["title"], row["outlet"], row["section"], copy_from_row(row).published, gone, int(row["copies"])
    )
