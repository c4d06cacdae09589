"""The catalog: articles, their chunks and what is indexed, in SQLite. The indexes can be rebuilt from it.

Every change is one transaction. A chunk is stored with the two indexes still to come (``words`` and ``vectors``
are 0) and leaves by way of ``discarded``, which is emptied once both indexes have let it go. So a process that is
killed at any point leaves work to do, never a hole or a double.

``published_at`` is seconds since the epoch, for filters and age; UNDATED stands for an article without a date.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from qa.articles import Article, Published, instant
from qa.chunks import Chunk
from qa.database import Database

UNDATED = -1e11
"""``published_at`` of an article without a date: before any date that an article can have."""

Index = Literal["words", "vectors"]
Change = Literal["added", "updated", "unchanged"]


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
class FileState:
    """A file that was taken in whole, as it was then, and how many articles it held."""

    path: str
    mtime_ns: int
    size: int
    articles: int


def published_at(article: Article) -> float:
    """When the article was published, in seconds since the epoch, or UNDATED."""
    return UNDATED if article.published is None else instant(article.published)


MIGRATIONS = (
    (
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TABLE articles (
            id TEXT PRIMARY KEY, title TEXT NOT NULL, outlet TEXT NOT NULL, authors TEXT NOT NULL, published TEXT,
            published_at REAL NOT NULL, updated TEXT, language TEXT NOT NULL, url TEXT NOT NULL, place TEXT NOT NULL,
            source TEXT NOT NULL, digest TEXT NOT NULL, text TEXT NOT NULL)""",
        "CREATE INDEX articles_by_date ON articles (published_at DESC)",
        """CREATE TABLE chunks (
            id TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
            words INTEGER NOT NULL DEFAULT 0, vectors INTEGER NOT NULL DEFAULT 0)""",
        "CREATE INDEX chunks_by_article ON chunks (article_id, ordinal)",
        "CREATE INDEX chunks_without_words ON chunks (id) WHERE words = 0",
        "CREATE INDEX chunks_without_vectors ON chunks (id) WHERE vectors = 0",
        "CREATE TABLE discarded (id TEXT PRIMARY KEY, words INTEGER NOT NULL, vectors INTEGER NOT NULL)",
        """CREATE TABLE files (
            path TEXT PRIMARY KEY, mtime_ns INTEGER NOT NULL, size INTEGER NOT NULL, articles INTEGER NOT NULL
            ) WITHOUT ROWID""",
    ),
)
"""See ``qa.database``: the statements of each format after the last."""


_INSERT_ARTICLE = """INSERT INTO articles VALUES (
    :id, :title, :outlet, :authors, :published, :published_at, :updated, :language, :url, :place, :source, :digest,
    :text)"""


class Catalog(Database):
    """One open catalog file. Safe to share between threads of one process."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, MIGRATIONS)

    # --- what is there

    def get_meta(self, key: str) -> str | None:
        """A fact about the archive as a whole, such as the model that made its vectors."""
        rows = self.all("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0]["value"]) if rows else None

    def set_meta(self, key: str, value: str) -> None:
        """Record a fact about the archive as a whole."""
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def generation(self) -> int:
        """A number that grows whenever the indexes change."""
        return int(self.get_meta("generation") or 0)

    def counts(self) -> tuple[int, int]:
        """How many articles and how many chunks."""
        row = self.all("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM chunks)")[0]
        return int(row[0]), int(row[1])

    def article(self, article_id: str) -> Article | None:
        """The article with this id."""
        rows = self.all("SELECT * FROM articles WHERE id = ?", article_id)
        return article_from_row(rows[0]) if rows else None

    def articles(self, *, limit: int = -1, offset: int = 0) -> list[Article]:
        """Articles, newest first; undated ones last."""
        order = "ORDER BY published_at DESC, title, id LIMIT ? OFFSET ?"
        return [article_from_row(row) for row in self.all(f"SELECT * FROM articles {order}", limit, offset)]

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

    # --- what changes

    def store(self, articles: Sequence[tuple[Article, Sequence[Chunk]]]) -> None:
        """Add or replace articles with their chunks, in one transaction.

        A chunk that comes back under an id that still waits to be discarded is both: the indexes let go first.
        """
        with self.transaction() as db:
            for article, chunks in articles:
                _discard(db, "article_id = ?", article.id)
                db.execute("DELETE FROM articles WHERE id = ?", (article.id,))
                db.execute(_INSERT_ARTICLE, article_row(article))
                db.executemany(
                    "INSERT INTO chunks (id, article_id, ordinal, start, end) VALUES (?, ?, ?, ?, ?)",
                    [(c.id, c.article_id, c.ordinal, c.start, c.end) for c in chunks],
                )

    def change(self, article: Article) -> Change:
        """What storing this article would be."""
        rows = self.all("SELECT digest FROM articles WHERE id = ?", article.id)
        if not rows:
            return "added"
        return "unchanged" if rows[0]["digest"] == article.digest else "updated"

    def pending(self, index: Index, limit: int) -> list[Indexed]:
        """Chunks that an index does not hold yet, oldest first."""
        with self.snapshot():
            rows = self.all(f"SELECT id FROM chunks WHERE {index} = 0 ORDER BY rowid LIMIT ?", limit)
            found = self.indexed([row["id"] for row in rows])
        return [found[row["id"]] for row in rows]

    def count_pending(self, index: Index) -> int:
        """How many chunks an index does not hold yet."""
        return int(self.all(f"SELECT count(*) FROM chunks WHERE {index} = 0")[0][0])

    def discarded(self, index: Index, limit: int) -> list[str]:
        """Ids that an index still has to let go."""
        return [row["id"] for row in self.all(f"SELECT id FROM discarded WHERE {index} = 0 LIMIT ?", limit)]

    def settle(self, index: Index, *, added: Sequence[str] = (), removed: Sequence[str] = ()) -> None:
        """Record that an index now holds ``added`` and no longer holds ``removed``."""
        with self.transaction() as db:
            db.executemany(f"UPDATE chunks SET {index} = 1 WHERE id = ?", [(name,) for name in added])
            db.executemany(f"UPDATE discarded SET {index} = 1 WHERE id = ?", [(name,) for name in removed])
            db.execute("DELETE FROM discarded WHERE words = 1 AND vectors = 1")
            generation = "SELECT 'generation', coalesce((SELECT value FROM meta WHERE key = 'generation'), 0) + 1"
            db.execute(f"INSERT OR REPLACE INTO meta {generation}")

    def forget_indexes(self) -> None:
        """Record that both indexes are empty: everything is pending, nothing is to be discarded."""
        with self.transaction() as db:
            db.execute("UPDATE chunks SET words = 0, vectors = 0")
            db.execute("DELETE FROM discarded")

    # --- files that were read

    def articles_read(self, path: str, mtime_ns: int, size: int) -> int | None:
        """How many articles a file held that was taken in whole in exactly this state; None if it was not."""
        sql = "SELECT articles FROM files WHERE path = ? AND mtime_ns = ? AND size = ?"
        rows = self.all(sql, path, mtime_ns, size)
        return int(rows[0]["articles"]) if rows else None

    def set_read(self, files: Sequence[FileState]) -> None:
        """Record files as taken in whole."""
        with self.transaction() as db:
            rows = [(file.path, file.mtime_ns, file.size, file.articles) for file in files]
            db.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", rows)


def _discard(db: sqlite3.Connection, where: str, value: str) -> None:
    db.execute(
        f"INSERT OR REPLACE INTO discarded SELECT id, 0, 0 FROM chunks WHERE {where}",
        (value,),
    )
    db.execute(f"DELETE FROM chunks WHERE {where}", (value,))


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
    }


def article_from_row(row: Mapping[str, Any] | sqlite3.Row) -> Article:
    """The Article that ``article_row`` made the row of."""
    same = {name: row[name] for name in ("id", "title", "text", "outlet", "language", "url", "place", "source")}
    return Article(
        **same,
        authors=tuple(json.loads(row["authors"])),
        published=_moment(row["published"]),
        updated=_moment(row["updated"]),
    )


def _moment(text: str | None) -> Published | None:
    if not text:
        return None
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
