"""The catalog: articles, their chunks and what is indexed, in SQLite. The indexes can be rebuilt from it.

Every change is one transaction. A chunk is stored with the two indexes still to come (``words`` and ``vectors``
are 0) and leaves by way of ``discarded``, which is emptied once both indexes have let it go. So a process that is
killed at any point leaves work to do, never a hole or a double.

``published_at`` is seconds since the epoch, for filters and age; UNDATED stands for an article without a date.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from qa.articles import Article, Published, instant, stable_id
from qa.articles.urls import canonical_url
from qa.chunks import Chunk
from qa.database import Database
from qa.schema import MIGRATIONS, UNDATED

Index = Literal["words", "vectors"]
INDEXES: tuple[Index, ...] = ("words", "vectors")
Change = Literal["added", "updated", "moved", "unchanged"]


@dataclass(frozen=True, slots=True)
class Indexed:
    """A chunk with its article, as an index wants it."""

    chunk: Chunk
    article: Article

    @property
    def text(self) -> str:
        """The chunk's own words."""
        return self.article.text[self.chunk.start : self.chunk.end]

    @property
    def in_context(self) -> str:
        """What is embedded: title, outlet and date in front of the words."""
        article = self.article
        published = article.published.isoformat()[:10] if article.published else ""
        origin = ", ".join(filter(None, (article.outlet, published)))
        return "\n".join(filter(None, (article.title, origin, self.text)))

    @property
    def published_at(self) -> float:
        """Seconds since the epoch, or UNDATED."""
        return published_at(self.article)


@dataclass(frozen=True, slots=True)
class Fact:
    """What filters and ranking need of a chunk. ``published_at`` is seconds since the epoch, or UNDATED."""

    article_id: str
    ordinal: int
    published_at: float
    outlet: str
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """One of the near-copies of an article, by what a list shows of it."""

    id: str
    title: str
    outlet: str
    published: Published | None
    url: str


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier version of an article, and when (UTC) another took its place."""

    replaced: datetime
    article: Article


def published_at(article: Article) -> float:
    """When the article was published, in seconds since the epoch, or UNDATED."""
    return UNDATED if article.published is None else instant(article.published)


def _inside(
    earliest: float | None,
    latest: float | None,
    outlets: Sequence[str],
    authors: Sequence[str],
    articles: Sequence[str],
) -> tuple[str, dict[str, Any]]:
    """A condition on articles, with only what is asked, so that SQLite can use its indexes."""
    wrote = (
        "EXISTS (SELECT 1 FROM json_each(authors) AS one JOIN json_each(:authors) AS other ON one.value = other.value)"
    )
    conditions = {
        "published_at >= :earliest": earliest,
        "published_at <= :latest": latest,
        "outlet IN (SELECT value FROM json_each(:outlets))": json.dumps(list(outlets)) if outlets else None,
        wrote: json.dumps(list(authors)) if authors else None,
        "articles.id IN (SELECT value FROM json_each(:articles))": json.dumps(list(articles)) if articles else None,
    }
    names = ("earliest", "latest", "outlets", "authors", "articles")
    inside = " AND ".join(condition for condition, value in conditions.items() if value is not None)
    return inside or "true", dict(zip(names, conditions.values(), strict=True))


_COLUMNS = (
    *("id", "title", "outlet", "authors", "published", "published_at", "updated", "language", "url", "place"),
    *("source", "digest", "text", "section", "partial", "origins"),
)
_STORE_ARTICLE = f"""INSERT INTO articles ({", ".join(_COLUMNS)}) VALUES ({", ".join(f":{name}" for name in _COLUMNS)})
    ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = :{name}" for name in _COLUMNS[1:])}"""


class Catalog(Database):
    """One open catalog file. Safe to share between threads of one process."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, MIGRATIONS, functions={"key_of": _key_of, "file_of": file_of})

    # --- what is there

    def get_meta(self, key: str) -> str | None:
        """A fact about the archive as a whole, such as the model that made its vectors."""
        rows = self.all("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0]["value"]) if rows else None

    def set_meta(self, key: str, value: str) -> None:
        """Record a fact about the archive as a whole."""
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def generation(self, index: Index) -> int:
        """A number that grows whenever an index changes."""
        return int(self.get_meta(f"generation of {index}") or 0)

    def counts(self) -> tuple[int, int]:
        """How many articles and how many chunks."""
        row = self.all("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM chunks)")[0]
        return int(row[0]), int(row[1])

    def article(self, article_id: str) -> Article | None:
        """The article with this id."""
        rows = self.all("SELECT * FROM articles WHERE id = ?", article_id)
        return article_from_row(rows[0]) if rows else None

    def articles(self, *, limit: int = -1, offset: int = 0, copies: bool = True) -> list[Article]:
        """Articles, newest first, undated ones last; without ``copies``, one of each cluster: its earliest."""
        some = "" if copies else "WHERE cluster IN ('', id)"
        order = "ORDER BY published_at DESC, title, id LIMIT ? OFFSET ?"
        return [article_from_row(row) for row in self.all(f"SELECT * FROM articles {some} {order}", limit, offset)]

    def ids_of(self, name: str) -> list[str]:
        """The id of the article that goes by an id or an address; empty if none does."""
        sql = "SELECT id FROM articles WHERE id = ? UNION SELECT article_id FROM keys WHERE key = ?"
        return [row["id"] for row in self.all(sql, name, canonical_url(name) or name)]

    def chosen(self, ids: Sequence[str] | None, *, outlet: str | None, before: float | None) -> list[Article]:
        """Articles that meet all that is given, newest first; ``before`` in seconds since the epoch."""
        sql = """SELECT * FROM articles WHERE (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))
                 AND (:outlet IS NULL OR outlet = :outlet COLLATE NOCASE)
                 AND (:before IS NULL OR (published IS NOT NULL AND published_at < :before))
                 ORDER BY published_at DESC, title, id"""
        given = {"ids": None if ids is None else json.dumps(list(ids)), "outlet": outlet, "before": before}
        return [article_from_row(row) for row in self.named(sql, given)]

    def copies(self, ids: Collection[str]) -> dict[str, tuple[Copy, ...]]:
        """The near-copies of each of these articles, itself included, the earliest first; only where there are any."""
        sql = f"""SELECT mine.id AS of, other.id, other.title, other.outlet, other.published, other.url
                  FROM articles AS mine JOIN articles AS other ON other.cluster = mine.cluster
                  WHERE mine.cluster <> '' AND mine.id IN (SELECT value FROM json_each(?))
                  ORDER BY other.published_at = {UNDATED}, other.published_at, other.id"""
        found: dict[str, list[Copy]] = {}
        for row in self.all(sql, json.dumps(list(ids))):
            found.setdefault(row["of"], []).append(copy_from_row(row))
        return {name: tuple(copies) for name, copies in found.items()}

    def representatives(self, ids: Sequence[str]) -> list[Article]:
        """These articles in their order, of several near-copies only the first."""
        sql = "SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        rows = {row["id"]: row for row in self.all(sql, json.dumps(list(ids)))}
        clusters: dict[str, str] = {}
        for name in ids:
            if name in rows:
                clusters.setdefault(rows[name]["cluster"] or name, name)
        return [article_from_row(rows[name]) for name in clusters.values()]

    def gone_since(self, article_id: str) -> datetime | None:
        """When the article was first seen to be gone from its source (UTC); None if it is there."""
        rows = self.all("SELECT gone FROM articles WHERE id = ? AND gone IS NOT NULL", article_id)
        return datetime.fromisoformat(rows[0]["gone"]) if rows else None

    def gone(self, ids: Collection[str]) -> dict[str, datetime]:
        """The same of many articles: only those that are gone are in the result."""
        sql = "SELECT id, gone FROM articles WHERE gone IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
        return {row["id"]: datetime.fromisoformat(row["gone"]) for row in self.all(sql, json.dumps(list(ids)))}

    def revisions(self, article_id: str) -> list[Revision]:
        """The earlier texts of an article, the latest first."""
        sql = "SELECT replaced, fields FROM revisions WHERE article_id = ? ORDER BY replaced DESC, rowid DESC"
        return [
            Revision(datetime.fromisoformat(row["replaced"]), article_from_row(json.loads(row["fields"])))
            for row in self.all(sql, article_id)
        ]

    def outlets(self) -> list[str]:
        """The outlets by name."""
        rows = self.all("SELECT DISTINCT outlet FROM articles WHERE outlet <> '' ORDER BY outlet")
        return [str(row["outlet"]) for row in rows]

    def indexed(self, ids: Collection[str]) -> dict[str, Indexed]:
        """The chunks with these ids, each with its article; an id that is gone is not in the result."""
        chunk_sql = (
            "SELECT id, article_id, ordinal, start, end FROM chunks WHERE id IN (SELECT value FROM json_each(?))"
        )
        article_sql = "SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        with self.snapshot():
            chunks = [Chunk(*row) for row in self.all(chunk_sql, json.dumps(list(ids)))]
            found = self.all(article_sql, json.dumps(list({chunk.article_id for chunk in chunks})))
        articles = {row["id"]: article_from_row(row) for row in found}
        return {chunk.id: Indexed(chunk, articles[chunk.article_id]) for chunk in chunks}

    def facts(self, ids: Collection[str]) -> dict[str, Fact]:
        """What filters and ranking need of these chunks; an id that is gone is not in the result."""
        sql = """SELECT chunks.id, article_id, ordinal, published_at, outlet, authors FROM chunks
                 JOIN articles ON articles.id = article_id WHERE chunks.id IN (SELECT value FROM json_each(?))"""
        return {
            row[0]: Fact(row[1], row[2], float(row[3]), row[4], tuple(json.loads(row[5])))
            for row in self.all(sql, json.dumps(list(ids)))
        }

    def count_inside(
        self,
        earliest: float | None = None,
        latest: float | None = None,
        outlets: Sequence[str] = (),
        authors: Sequence[str] = (),
        articles: Sequence[str] = (),
    ) -> int:
        """How many articles were published from ``earliest`` to ``latest``, by one of ``outlets`` and ``authors``.

        ``articles``: of these ids only.
        """
        inside, given = _inside(earliest, latest, outlets, authors, articles)
        return int(self.named(f"SELECT count(*) FROM articles WHERE {inside}", given)[0][0])

    def ids_inside(
        self,
        limit: int,
        earliest: float | None = None,
        latest: float | None = None,
        outlets: Sequence[str] = (),
        authors: Sequence[str] = (),
        articles: Sequence[str] = (),
    ) -> list[str]:
        """The ids of their chunks, those of the newest articles first, at most ``limit``."""
        inside, given = _inside(earliest, latest, outlets, authors, articles)
        sql = f"""SELECT chunks.id FROM articles JOIN chunks ON article_id = articles.id WHERE {inside}
                  ORDER BY published_at DESC LIMIT :limit"""
        return [row["id"] for row in self.named(sql, {**given, "limit": limit})]

    # --- what changes

    def store(self, articles: Sequence[tuple[Article, Sequence[Chunk]]]) -> None:
        """Add or replace articles with their chunks, in one transaction. What was replaced stays as a revision.

        A chunk that comes back under an id that still waits to be discarded is both: the indexes let go first.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self.transaction() as db:
            for article, chunks in articles:
                _discard(db, article.id)
                _keep_revision(db, article, now)
                db.execute(_STORE_ARTICLE, article_row(article))
                db.executemany("INSERT OR REPLACE INTO keys VALUES (?, ?)", [(key, article.id) for key in article.keys])
                db.executemany("DELETE FROM removed WHERE key = ?", [(key,) for key in article.keys])
                db.executemany(
                    "INSERT INTO chunks (id, article_id, ordinal, start, end, content) VALUES (?, ?, ?, ?, ?, ?)",
                    [(c.id, c.article_id, c.ordinal, c.start, c.end, _content(article, c)) for c in chunks],
                )

    def identify(self, article: Article) -> Article:
        """The article under the id and address that it is known by here, if it is: by any address, else its source.

        A file that was moved is known by its content, where its old place is empty.
        """
        sql = """SELECT id, url FROM keys JOIN articles ON articles.id = article_id
                 WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key = ? DESC LIMIT 1"""
        rows = self.all(sql, json.dumps(article.keys), article.keys[0])
        if rows:
            known = rows[0]
            aliases = tuple(dict.fromkeys(filter(None, (*article.aliases, article.url))))
            return replace(article, id=known["id"], url=known["url"] or article.url, aliases=aliases)
        if not article.url:
            for row in self.all("SELECT id FROM articles WHERE digest = ? AND url = ''", article.digest):
                if not self._stands(row["id"]):
                    return replace(article, id=row["id"])
        if self.all("SELECT 1 FROM articles WHERE id = ?", article.id):  # another one, which has moved away from here
            return replace(article, id=stable_id(f"{article.source} {article.digest}"))
        return article

    def change(self, article: Article) -> Change:
        """What storing this article would be. Its ``id`` must be the one that ``identify`` gave.

        A feed's extract does not replace the whole text, nor does an earlier version that another place still has.
        """
        rows = self.all("SELECT digest, partial, source FROM articles WHERE id = ?", article.id)
        if not rows:
            return "added"
        known = rows[0]
        if article.partial and not known["partial"]:
            return "unchanged"
        elsewhere = known["source"] != article.source
        if known["digest"] == article.digest:
            moved = elsewhere and not self._stands(article.id)
            return "moved" if moved or known["partial"] > article.partial else "unchanged"
        sql = "SELECT 1 FROM revisions WHERE article_id = ? AND digest = ?"
        return "unchanged" if elsewhere and self.all(sql, article.id, article.digest) else "updated"

    def know(self, articles: Sequence[Article]) -> None:
        """Record by what else articles are known."""
        with self.transaction() as db:
            rows = [(key, each.id) for each in articles for key in each.keys]
            db.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", rows)

    def _stands(self, article_id: str) -> bool:
        """Whether a place that the article was read from is still there; an address is taken to be."""
        places = [row["place"] for row in self.all("SELECT place FROM locations WHERE article_id = ?", article_id)]
        return any(not os.path.isabs(place) or os.path.lexists(place) for place in places)  # noqa: PTH117

    def relocate(self, articles: Sequence[Article]) -> None:
        """Record where articles are read from now, and by what else they are known; their words are as they were."""
        with self.transaction() as db:
            for each in articles:
                gone = "DELETE FROM keys WHERE key = (SELECT source FROM articles WHERE id = ?)"
                db.execute(gone, (each.id,))
                sql = "UPDATE articles SET source = ?, partial = ? WHERE id = ?"
                db.execute(sql, (each.source, int(each.partial), each.id))
                db.executemany("INSERT OR REPLACE INTO keys VALUES (?, ?)", [(key, each.id) for key in each.keys])

    def was_removed(self, article: Article) -> bool:
        """Whether somebody removed this article."""
        sql = "SELECT 1 FROM removed WHERE key IN (SELECT value FROM json_each(?)) LIMIT 1"
        return bool(self.all(sql, json.dumps(article.keys)))

    def remove(self, ids: Sequence[str]) -> None:
        """Delete articles with their chunks, revisions and signatures; a sync will not bring them back."""
        chosen = json.dumps(list(ids))
        these = "IN (SELECT value FROM json_each(?))"
        with self.transaction() as db:
            db.execute(f"INSERT OR REPLACE INTO removed SELECT key FROM keys WHERE article_id {these}", (chosen,))
            sql = f"""UPDATE articles SET cluster = '', compared = 0 WHERE cluster <> ''
                      AND cluster IN (SELECT cluster FROM articles WHERE id {these})"""
            db.execute(sql, (chosen,))
            for name in ids:
                _discard(db, name)
            db.execute(f"DELETE FROM articles WHERE id {these}", (chosen,))

    def pending(self, index: Index, limit: int) -> list[Indexed]:
        """Chunks that an index does not hold yet, oldest first."""
        with self.snapshot():
            rows = self.all(f"SELECT id FROM chunks WHERE {index} = 0 ORDER BY rowid LIMIT ?", limit)
            found = self.indexed([row["id"] for row in rows])
        return [found[row["id"]] for row in rows]

    def pending_ids(self, index: Index) -> list[str]:
        """Ids of the chunks that an index does not hold yet, those of the newest articles first."""
        sql = f"""SELECT chunks.id FROM chunks JOIN articles ON articles.id = article_id WHERE {index} = 0
                  ORDER BY published_at DESC, article_id, ordinal"""
        return [row["id"] for row in self.all(sql)]

    def twins(self, ids: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
        """Chunks that may share a vector: those of near-copies with the same words.

        Gives the group of each chunk, and for a group of which a chunk is embedded already, the id of that chunk.
        """
        chosen = json.dumps(list(ids))
        sql = """SELECT chunks.id, cluster, content FROM chunks JOIN articles ON articles.id = article_id
                 WHERE cluster <> '' AND content IS NOT NULL AND chunks.id IN (SELECT value FROM json_each(?))"""
        groups = {row["id"]: f"{row['cluster']} {row['content']}" for row in self.all(sql, chosen)}
        sql = """SELECT mine.id, min(other.id) AS other FROM chunks AS mine
                 JOIN articles AS a ON a.id = mine.article_id
                 JOIN chunks AS other ON other.content = mine.content AND other.vectors = 1
                 JOIN articles AS b ON b.id = other.article_id AND b.cluster = a.cluster
                 WHERE a.cluster <> '' AND mine.id IN (SELECT value FROM json_each(?)) GROUP BY mine.id"""
        embedded = {groups[row["id"]]: str(row["other"]) for row in self.all(sql, chosen)}
        return {name: groups.get(name, name) for name in ids}, embedded

    def count_pending(self, index: Index) -> int:
        """How many chunks an index does not hold yet."""
        return int(self.all(f"SELECT count(*) FROM chunks WHERE {index} = 0")[0][0])

    def discarded(self, index: Index, limit: int) -> list[str]:
        """Ids that an index still has to let go."""
        return [row["id"] for row in self.all(f"SELECT id FROM discarded WHERE {index} = 0 LIMIT ?", limit)]

    def count_discarded(self) -> int:
        """How many chunks an index still has to let go."""
        return int(self.all("SELECT count(*) FROM discarded")[0][0])

    def held(self, index: Index) -> tuple[set[str], set[str]]:
        """Ids of the chunks that an index must hold, and of those that it may hold: in work, or still to be let go."""
        must = {row["id"] for row in self.all(f"SELECT id FROM chunks WHERE {index} = 1")}
        sql = f"SELECT id FROM chunks WHERE {index} = 0 UNION SELECT id FROM discarded WHERE {index} = 0"
        return must, {row["id"] for row in self.all(sql)}

    def chunks_astray(self) -> int:
        """How many chunks do not lie within their article."""
        sql = """SELECT count(*) FROM chunks LEFT JOIN articles ON articles.id = article_id
                 WHERE articles.id IS NULL OR start < 0 OR start >= "end" OR "end" > length(text)"""
        return int(self.all(sql)[0][0])

    def unsettle(self, index: Index, ids: Sequence[str]) -> None:
        """Record that an index does not hold these chunks."""
        with self.transaction() as db:
            db.executemany(f"UPDATE chunks SET {index} = 0 WHERE id = ?", [(name,) for name in ids])

    def forget_index(self, index: Index) -> None:
        """Record that an index is empty."""
        with self.transaction() as db:
            db.execute(f"UPDATE chunks SET {index} = 0")
            db.execute(f"UPDATE discarded SET {index} = 1")

    def settle(self, index: Index, *, added: Sequence[str] = (), removed: Sequence[str] = ()) -> None:
        """Record that an index now holds ``added`` and no longer holds ``removed``."""
        with self.transaction() as db:
            db.executemany(f"UPDATE chunks SET {index} = 1 WHERE id = ?", [(name,) for name in added])
            db.executemany(f"UPDATE discarded SET {index} = 1 WHERE id = ?", [(name,) for name in removed])
            db.execute("DELETE FROM discarded WHERE words = 1 AND vectors = 1")
            sql = "INSERT INTO meta VALUES (?, '1') ON CONFLICT (key) DO UPDATE SET value = value + 1"
            db.execute(sql, (f"generation of {index}",))


def _discard(db: sqlite3.Connection, article_id: str) -> None:
    db.execute("INSERT OR REPLACE INTO discarded SELECT id, 0, 0 FROM chunks WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM chunks WHERE article_id = ?", (article_id,))


def _keep_revision(db: sqlite3.Connection, article: Article, now: str) -> None:
    """Keep the version that ``article`` replaces, if it is another, and part it from its copies till it is compared."""
    row = db.execute("SELECT * FROM articles WHERE id = ?", (article.id,)).fetchone()
    if row is None or row["digest"] == article.digest:
        return
    fields = json.dumps({name: row[name] for name in _COLUMNS})
    db.execute("INSERT OR REPLACE INTO revisions VALUES (?, ?, ?, ?)", (article.id, row["digest"], now, fields))
    db.execute("DELETE FROM signatures WHERE article_id = ?", (article.id,))
    sql = "UPDATE articles SET cluster = '', compared = 0 WHERE id = ? OR (cluster <> '' AND cluster = ?)"
    db.execute(sql, (article.id, row["cluster"]))


def _content(article: Article, chunk: Chunk) -> int:
    """A hash of a passage's words, as SQLite's signed 64-bit integer."""
    words = article.text[chunk.start : chunk.end].encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(words, digest_size=8).digest(), "little", signed=True)


_SEVERAL = re.compile(r"(.*?\.(?:jsonl?|ndjson|csv|tsv|warc|rss|atom|xml|opml)(?:\.gz)?)#", re.IGNORECASE | re.DOTALL)


def file_of(source: str) -> str:
    """The file or address that an article's ``source`` stands in, without the place within it."""
    found = _SEVERAL.match(source)
    return found[1] if found else source


def _key_of(url: str, source: str) -> str:
    return canonical_url(url) or source


def article_row(article: Article) -> dict[str, Any]:
    """An article as flat values that SQLite and JSON can hold; ``article_from_row`` reads it back."""
    return {
        "id": article.id,
        "title": article.title,
        "outlet": article.outlet,
        "authors": json.dumps(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "published_at": published_at(article),
        "updated": article.updated.isoformat() if article.updated else None,
        "language": article.language,
        "url": article.url,
        "place": article.place,
        "source": article.source,
        "digest": article.digest,
        "text": article.text,
        "section": article.section,
        "partial": int(article.partial),
        "origins": json.dumps(article.origins),
    }


def article_from_row(row: Mapping[str, Any] | sqlite3.Row) -> Article:
    """The Article that ``article_row`` made the row of."""
    same = {name: row[name] for name in ("id", "title", "text", "outlet", "language", "url", "place", "source")}
    later = {name: row[name] for name in ("section", "partial", "origins") if name in row.keys()}  # noqa: SIM118 - a Row
    return Article(
        **same,
        section=later.get("section", ""),
        partial=bool(later.get("partial", 0)),
        origins=tuple((field, origin) for field, origin in json.loads(later.get("origins", "[]"))),
        authors=tuple(json.loads(row["authors"])),
        published=_moment(row["published"]),
        updated=_moment(row["updated"]),
    )


def copy_row(copy: Copy) -> dict[str, Any]:
    """A copy as flat values; ``copy_from_row`` reads it back."""
    published = copy.published.isoformat() if copy.published else None
    return {"id": copy.id, "title": copy.title, "outlet": copy.outlet, "published": published, "url": copy.url}


def copy_from_row(row: Mapping[str, Any] | sqlite3.Row) -> Copy:
    """The Copy that ``copy_row``, or a query for the same columns, made the row of."""
    return Copy(row["id"], row["title"], row["outlet"], _moment(row["published"]), row["url"])


def _moment(text: str | None) -> Published | None:
    if not text:
        return None
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
