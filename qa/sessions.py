"""Conversations in SQLite, beside the archive.

Invariant: a citation opens the words that it quoted, whatever has become of the article since. So every article
that a turn cites or shows is kept with it, once for each of its versions. (The column ``digest`` holds ``_key``.)
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa.answers import Answer, Citation, Sentence
from qa.articles import Article
from qa.catalog import article_from_row, article_row, copy_from_row, copy_row
from qa.database import Database
from qa.passages import Passage

TITLE_CHARACTERS = 80

MIGRATIONS = (
    (
        "CREATE TABLE sessions (id INTEGER PRIMARY KEY, title TEXT NOT NULL, updated TEXT NOT NULL)",
        """CREATE TABLE turns (
            id INTEGER PRIMARY KEY, session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            asked TEXT NOT NULL, answer TEXT NOT NULL)""",
        "CREATE INDEX turns_by_session ON turns (session_id, id)",
        "CREATE TABLE articles (digest TEXT PRIMARY KEY, fields TEXT NOT NULL)",
    ),
)
"""See ``qa.database``: the statements of each format after the last."""


@dataclass(frozen=True, slots=True)
class Session:
    """A conversation: its title (the first question), when it was last added to (UTC), how many turns it has."""

    id: int
    title: str
    updated: datetime
    turns: int


class Sessions(Database):
    """The conversations in one file. Safe to share between threads and processes."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, MIGRATIONS)

    def append(self, answer: Answer, session_id: int | None = None) -> int:
        """Keep a turn at the end of a conversation; gives the conversation's id.

        None, or one that another process has deleted, begins a new one.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self.transaction() as db:
            known = db.execute("UPDATE sessions SET updated = ? WHERE id = ?", (now, session_id)).rowcount
            if session_id is None or not known:
                title = answer.question[:TITLE_CHARACTERS]
                session_id = db.execute("INSERT INTO sessions (title, updated) VALUES (?, ?)", (title, now)).lastrowid
                assert session_id is not None
            articles = {*(each.article for each in answer.citations), *(each.article for each in answer.passages)}
            db.executemany(
                "INSERT OR IGNORE INTO articles VALUES (?, ?)",
                [(_key(article), json.dumps(article_row(article))) for article in articles],
            )
            turn = json.dumps(_to_fields(answer))
            db.execute("INSERT INTO turns (session_id, asked, answer) VALUES (?, ?, ?)", (session_id, now, turn))
            return session_id

    def recent(self, *, limit: int = 100) -> list[Session]:
        """Conversations, the one added to last first."""
        sql = """SELECT sessions.id, title, updated, count(turns.id)
                 FROM sessions LEFT JOIN turns ON session_id = sessions.id
                 GROUP BY sessions.id ORDER BY max(turns.id) DESC LIMIT ?"""
        rows = self.all(sql, limit)
        return [Session(row[0], row[1], datetime.fromisoformat(row[2]), row[3]) for row in rows]

    def turns(self, session_id: int) -> list[Answer]:
        """The answers of a conversation in their order, each with its question."""
        held_sql = "SELECT digest, fields FROM articles WHERE digest IN (SELECT value FROM json_each(?))"
        with self.snapshot():
            rows = self.all("SELECT answer FROM turns WHERE session_id = ? ORDER BY id", session_id)
            stored = [json.loads(row["answer"]) for row in rows]
            digests = {each["article"] for turn in stored for each in (*turn["citations"], *turn["passages"])}
            found = self.all(held_sql, json.dumps(list(digests)))
        held = {row["digest"]: article_from_row(json.loads(row["fields"])) for row in found}
        return [_from_fields(turn, held) for turn in stored]

    def delete(self, session_id: int) -> None:
        """Delete a conversation with its turns, and the articles that no other turn shows."""
        shown = " UNION ".join(
            f"SELECT each.value ->> 'article' FROM turns, json_each(turns.answer, '$.{part}') AS each"
            for part in ("citations", "passages")
        )
        with self.transaction() as db:
            db.execute("DELETE FROM sessions WHERE id = ?", (session_id,))
            db.execute(f"DELETE FROM articles WHERE digest NOT IN ({shown})")


def _key(article: Article) -> str:
    """Tells a version of an article from its others, and from the same words in another file."""
    return f"{article.id}-{article.digest}"


def _to_fields(answer: Answer) -> dict[str, Any]:
    return {
        "question": answer.question,
        "mode": answer.mode,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "short": answer.short,
        "sentences": [[s.text, s.citations, s.verdict, s.unresolved] for s in answer.sentences],
        "citations": [{"article": _key(c.article), "start": c.start, "end": c.end} for c in answer.citations],
        "passages": [
            {
                "article": _key(p.article),
                **{name: getattr(p, name) for name in ("id", "start", "end", "score", "meaning", "words", "freshness")},
                **({"copies": [copy_row(copy) for copy in p.copies]} if p.copies else {}),
            }
            for p in answer.passages
        ],
        "confidence": answer.confidence,
        "model": answer.model,
        "timings": dict(answer.timings),
    }


def _from_fields(fields: dict[str, Any], held: dict[str, Article]) -> Answer:
    citations = []
    for number, each in enumerate(fields.pop("citations"), 1):
        article = held[each["article"]]
        start, end = each["start"], each["end"]
        citations.append(Citation(number, article, start, end, article.text[start:end]))
    passages = []
    for each in fields.pop("passages"):
        article = held[each.pop("article")]
        each["copies"] = tuple(copy_from_row(row) for row in each.pop("copies", ()))
        passages.append(Passage(text=article.text[each["start"] : each["end"]], article=article, **each))
    sentences = [
        Sentence(text, tuple(numbers), verdict, tuple(unresolved))
        for text, numbers, verdict, unresolved in fields.pop("sentences")
    ]
    return Answer(**fields, sentences=tuple(sentences), citations=tuple(citations), passages=tuple(passages))
