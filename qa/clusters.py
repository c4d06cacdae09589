"""Clusters of near-copies, kept in the catalog: one agency report in many papers is one origin.

An article joins the clusters of its copies, found through their signatures' bands and decided by their texts
(``qa.copies``), so a cluster grows link by link. It is named by its earliest article, which stands for it. An article
that changes or goes leaves the rest to be compared anew: what the catalog says is not compared yet is the work to do,
so an interruption costs nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from qa import breaks, copies
from qa.catalog import Catalog
from qa.schema import UNDATED

DAY = 86_400.0
MOST = 20
"""Likely copies outside the clusters found so far whose texts are compared; daily templates have thousands."""


class Clusters:
    """The clusters of one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def count_pending(self) -> int:
        """How many articles have not been compared with the others yet."""
        return int(self.catalog.all("SELECT count(*) FROM articles WHERE compared = 0")[0][0])

    def settle(self, limit: int) -> int:
        """Compare articles that were not compared yet, at most ``limit``, in one transaction; how many that was."""
        if self.catalog.get_meta("signatures") != copies.version():
            self.forget()
        rows = self.catalog.all("SELECT id, text FROM articles WHERE compared = 0 LIMIT ?", limit)
        signed = []
        for row in rows:
            breaks.take()
            signed.append((row["id"], copies.sign(row["text"])))
        with self.catalog.transaction() as db:
            for article_id, signature in signed:
                self._place(db, article_id, signature)
        return len(rows)

    def forget(self) -> None:
        """Have every article signed and compared again."""
        with self.catalog.transaction() as db:
            db.execute("DELETE FROM signatures")
            db.execute("UPDATE articles SET cluster = '', compared = 0")
            db.execute("INSERT OR REPLACE INTO meta VALUES ('signatures', ?)", (copies.version(),))

    def _place(self, db: sqlite3.Connection, article_id: str, signature: bytes) -> None:
        keys = copies.bands(signature)
        found = self._copies(db, article_id, signature, keys)
        db.execute("DELETE FROM signatures WHERE article_id = ?", (article_id,))
        sql = "INSERT INTO signatures (article_id, signature) VALUES (?, ?)"
        number = db.execute(sql, (article_id, signature)).lastrowid
        db.executemany("INSERT INTO bands VALUES (?, ?)", [(key, number) for key in sorted(keys)])
        db.execute("UPDATE articles SET compared = 1 WHERE id = ?", (article_id,))
        if found:
            _join(db, [article_id, *found])

    def _copies(self, db: sqlite3.Connection, article_id: str, signature: bytes, keys: Sequence[int]) -> list[str]:
        """One copy in each cluster that holds any, and the copies that are in none."""
        this = db.execute("SELECT text, published_at FROM articles WHERE id = ?", (article_id,)).fetchone()
        sql = """SELECT article_id, signature, cluster, published_at FROM signatures JOIN articles ON id = article_id
                 WHERE number IN (SELECT number FROM bands WHERE band IN (SELECT value FROM json_each(?)))
                 AND article_id <> ? AND (? = ? OR published_at = ? OR abs(published_at - ?) <= ?)"""
        at = this["published_at"]
        window = (at, UNDATED, UNDATED, at, copies.WITHIN_DAYS * DAY)
        likely = db.execute(sql, (json.dumps(keys), article_id, *window)).fetchall()
        if not likely:
            return []
        scores = copies.similarities(signature, [row["signature"] for row in likely])
        ranked = sorted(zip(scores.tolist(), likely, strict=True), key=lambda pair: (-pair[0], pair[1]["article_id"]))
        found: list[str] = []
        clusters: set[str] = set()
        compared = 0
        for score, row in ranked:
            if score < copies.LIKELY or compared == MOST:
                break
            if row["cluster"] in clusters:
                continue
            compared += 1
            breaks.take()
            other = db.execute("SELECT text FROM articles WHERE id = ?", (row["article_id"],)).fetchone()
            if copies.is_copy(this["text"], other["text"]):
                found.append(row["article_id"])
                clusters.update(filter(None, [row["cluster"]]))
        return found


def _join(db: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Make one cluster of these articles and of those that they are clustered with already."""
    these = json.dumps(list(ids))
    sql = f"""SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(:these)) OR cluster IN (
              SELECT cluster FROM articles WHERE cluster <> '' AND id IN (SELECT value FROM json_each(:these)))
              ORDER BY published_at = {UNDATED}, published_at, id"""
    members = [row["id"] for row in db.execute(sql, {"these": these})]
    sql = "UPDATE articles SET cluster = ? WHERE id IN (SELECT value FROM json_each(?))"
    db.execute(sql, (members[0], json.dumps(members)))
