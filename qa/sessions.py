"""Conversations in SQLite, beside the archive.

Invariants: a citation opens the words that it quoted, whatever has become of the article since, so every article that a
turn cites or shows is kept with it, once for each of its versions; nothing that was deleted is gone before the one who
deleted it has left (``Deleted``).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa.answers import Answer
from qa.catalog import article_from_row, article_row
from qa.database import Database
from qa.errors import ArchiveError, ConversationsDamaged, IndexUnavailable, UsageError
from qa.kept_turns import key_of, turn_fields, turn_from_fields
from qa.kept_words import around, folded, said, said_in
from qa.questions import Turn

TITLE_CHARACTERS = 80
REMEMBERED = 1000
"""Turns that a question is given to lean on; a model is shown a summary of the older ones."""
SAID = 600
"""Characters of a model's answer that the next question may lean on."""

MIGRATIONS = (
    (
        "CREATE TABLE sessions (id INTEGER PRIMARY KEY, title TEXT NOT NULL, updated TEXT NOT NULL)",
        """CREATE TABLE turns (
            id INTEGER PRIMARY KEY, session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            asked TEXT NOT NULL, answer TEXT NOT NULL)""",
        "CREATE INDEX turns_by_session ON turns (session_id, id)",
        "CREATE TABLE articles (digest TEXT PRIMARY KEY, fields TEXT NOT NULL)",
    ),
    (
        # which articles (the column ``digest`` holds ``key_of``) a turn cites or shows
        """CREATE TABLE shown (
            turn_id INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE, digest TEXT NOT NULL,
            PRIMARY KEY (turn_id, digest)) WITHOUT ROWID""",
        "CREATE INDEX shown_by_digest ON shown (digest)",
        """INSERT OR IGNORE INTO shown SELECT turns.id, each.value ->> 'article'
            FROM turns, json_each(turns.answer, '$.citations') AS each""",
        """INSERT OR IGNORE INTO shown SELECT turns.id, each.value ->> 'article'
            FROM turns, json_each(turns.answer, '$.passages') AS each""",
        # the words of a turn, as they are and as they are sought
        """CREATE TABLE said (
            turn_id INTEGER PRIMARY KEY REFERENCES turns (id) ON DELETE CASCADE, text TEXT NOT NULL,
            folded TEXT NOT NULL)""",
        """INSERT INTO said SELECT id, text, folded(text) FROM (SELECT turns.id, said_in(answer, (
            SELECT json_group_array(substr(
                fields ->> 'text', (each.value ->> 'start') + 1, (each.value ->> 'end') - (each.value ->> 'start')))
            FROM json_each(answer, '$.citations') AS each JOIN articles ON digest = each.value ->> 'article')) AS text
            FROM turns)""",
    ),
    (
        # The last id that a conversation was given: none is given twice, whoever still has a deleted one open. Of what
        # was deleted before, nothing is known any more; it can only be open in a process of the format before.
        "CREATE TABLE numbers (last INTEGER NOT NULL)",
        "INSERT INTO numbers SELECT coalesce(max(id), 0) FROM sessions",
    ),
)
"""See ``qa.database``: the statements of each format after the last. ``said_in`` and ``folded`` are lent to SQLite."""


@dataclass(frozen=True, slots=True)
class Session:
    """A conversation, by what a list shows of it.

    ``title``: the first question, or what it was renamed to. ``updated``: when it was last added to (UTC). ``answer``:
    what its first answer says. ``found``: in a search, the words around what was found.
    """

    id: int
    title: str
    updated: datetime
    turns: int
    answer: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Deleted:
    """A conversation whole, with the articles that it shows, so that ``restore`` can bring it back."""

    title: str
    tables: dict[str, list[tuple[Any, ...]]]


class Sessions(Database):
    """The conversations in one file. Safe to share between threads and processes."""

    wait = 5.0  # every change is a short one, and somebody looks on
    damaged = ConversationsDamaged
    mend = "'newsdesk doctor --repair' keeps it aside and brings over what can be read of it."

    def __init__(self, path: Path) -> None:
        super().__init__(path, MIGRATIONS, functions={"said_in": said_in, "folded": folded})

    # --- what is there

    def ids(self) -> list[int]:
        """Every conversation's id."""
        return [row[0] for row in self.all("SELECT id FROM sessions ORDER BY id")]

    def recent(self, *, limit: int = 100) -> list[Session]:
        """Conversations, the one added to last first."""
        rows = self.all(f"{_listed()} GROUP BY sessions.id ORDER BY max(turns.id) DESC LIMIT ?", limit)
        return [_session(row) for row in rows]

    def title(self, session_id: int) -> str:
        """What a conversation is called; empty where it is gone."""
        rows = self.all("SELECT title FROM sessions WHERE id = ?", session_id)
        return str(rows[0][0]) if rows else ""

    def search(self, text: str, *, limit: int = 100) -> list[Session]:
        """Conversations with every word of ``text`` in one turn (question, answer or quotes), or in their title.

        Case and accents do not matter. ``found`` shows the words where they stand in the latest such turn.
        """
        words = folded(text).split()
        if not words:
            return self.recent(limit=limit)
        hits = f"""(SELECT session_id, max(turn_id) AS turn_id FROM (
            SELECT session_id, turn_id FROM said JOIN turns ON turns.id = turn_id WHERE {_holds("folded", words)}
            UNION ALL SELECT id, NULL FROM sessions WHERE {_holds("folded(title)", words)}) GROUP BY session_id)"""
        sql = f"""{_listed("hit.turn_id")} JOIN {hits} AS hit ON hit.session_id = sessions.id
            GROUP BY sessions.id ORDER BY max(turns.id) DESC LIMIT ?"""
        with self.snapshot():
            rows = self.all(sql, *words, *words, limit)
            found = json.dumps([row[5] for row in rows])
            texts = self.all(f"SELECT turn_id, text, folded FROM said WHERE turn_id IN {_THESE}", found)
        shown = {row[0]: around(row[1], row[2], words) for row in texts}
        return [_session(row, shown.get(row[5], "")) for row in rows]

    def turns(self, session_id: int, *, last: int | None = None) -> list[Answer]:
        """The answers of a conversation in their order, each with its question; only the ``last`` ones if given.

        Raises ArchiveError for a turn that cannot be read.
        """
        held_sql = "SELECT digest, fields FROM articles WHERE digest IN (SELECT value FROM json_each(?))"
        sql = "SELECT answer FROM turns WHERE session_id = ? ORDER BY id DESC LIMIT ?"
        with self._readable(session_id), self.snapshot():
            rows = self.all(sql, session_id, -1 if last is None else last)
            stored = [json.loads(row["answer"]) for row in reversed(rows)]
            digests = {each["article"] for turn in stored for each in (*turn["citations"], *turn["passages"])}
            held = {
                row["digest"]: article_from_row(json.loads(row["fields"]))
                for row in self.all(held_sql, json.dumps(list(digests)))
            }
            return [turn_from_fields(turn, held) for turn in stored]

    @contextmanager
    def _readable(self, session_id: int) -> Iterator[None]:
        try:
            yield
        except (KeyError, TypeError, ValueError) as error:
            told = f"{self.path}: conversation {session_id} holds a turn that cannot be read ({error!r})."
            raise ArchiveError(f"{told} The other conversations are not affected.") from error

    def unreadable(self) -> list[str]:
        """What is wrong with each conversation that cannot be read; empty if nothing."""
        found = []
        for session_id in self.ids():
            try:
                self.turns(session_id)
            except IndexUnavailable:
                raise
            except ArchiveError as error:
                found.append(str(error))
        return found

    def questions(self, *, limit: int = 200) -> list[str]:
        """The questions that were asked last, in all conversations, the latest first, each once."""
        sql = "SELECT answer ->> 'question' FROM turns WHERE json_valid(answer) ORDER BY id DESC LIMIT ?"
        rows = self.all(sql, 2 * limit)
        return [*dict.fromkeys(str(row[0]) for row in rows)][:limit]

    # --- what changes

    def append(self, answer: Answer, session_id: int | None = None, *, after: Sequence[Answer] = ()) -> int:
        """Keep a turn at the end of a conversation, ``after`` others that were not kept; gives the conversation's id.

        None, or one that another process has deleted, begins a new one.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        answers = (*after, answer)
        with self.transaction() as db:
            known = db.execute("UPDATE sessions SET updated = ? WHERE id = ?", (now, session_id)).rowcount
            if session_id is None or not known:
                session_id = _begin(db, answers[0].question[:TITLE_CHARACTERS], now)
            for each in answers:
                _add(db, session_id, each, now)
            return session_id

    def rename(self, session_id: int, title: str) -> None:
        """Give a conversation another title. Raises UsageError for an empty one, or where the conversation is gone."""
        title = " ".join(title.split())[:TITLE_CHARACTERS]
        if not title:
            raise UsageError("A conversation needs a title of at least one character.")
        with self.transaction() as db:
            if not db.execute("UPDATE sessions SET title = ? WHERE id = ?", (title, session_id)).rowcount:
                raise UsageError("This conversation was deleted meanwhile.")

    def branch(self, session_id: int, turns: int) -> int:
        """A new conversation with the first ``turns`` of another one; gives its id. The other one stays.

        Raises UsageError where there are none.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self.transaction() as db:
            sql = "SELECT id FROM turns WHERE session_id = ? ORDER BY id LIMIT ?"
            chosen = [row["id"] for row in db.execute(sql, (session_id, turns))]
            if not chosen:
                raise UsageError("There is nothing to branch from: this conversation holds no turn, or was deleted.")
            title = db.execute("SELECT title FROM sessions WHERE id = ?", (session_id,)).fetchone()["title"]
            new = _begin(db, f"{title[: TITLE_CHARACTERS - 9]} (branch)", now)
            for turn in chosen:
                sql = "INSERT INTO turns (session_id, asked, answer) SELECT ?, asked, answer FROM turns WHERE id = ?"
                copy = db.execute(sql, (new, turn)).lastrowid
                db.execute("INSERT INTO shown SELECT ?, digest FROM shown WHERE turn_id = ?", (copy, turn))
                db.execute("INSERT INTO said SELECT ?, text, folded FROM said WHERE turn_id = ?", (copy, turn))
            return new

    def delete(self, session_id: int) -> Deleted | None:
        """Delete a conversation with its turns, and the articles that no other turn shows; None if it is gone already.

        What it gives brings everything back by ``restore``.
        """
        turns = "(SELECT id FROM turns WHERE session_id = ?)"
        orphaned = f"""SELECT digest FROM shown WHERE turn_id IN {turns}
                       EXCEPT SELECT digest FROM shown WHERE turn_id NOT IN {turns}"""
        with self.transaction() as db:
            if db.execute("SELECT 1 FROM sessions WHERE id = ?", (session_id,)).fetchone() is None:
                return None
            deleted = self.whole(session_id)
            gone = [each["digest"] for each in db.execute(orphaned, (session_id, session_id))]
            db.execute("DELETE FROM sessions WHERE id = ?", (session_id,))
            db.execute(f"DELETE FROM articles WHERE digest IN {_THESE}", (json.dumps(gone),))
            return deleted

    def whole(self, session_id: int) -> Deleted:
        """Everything that is stored of a conversation, as ``restore`` takes it."""
        turns = "(SELECT id FROM turns WHERE session_id = ?)"
        shown = f"SELECT digest FROM shown WHERE turn_id IN {turns}"
        with self.snapshot():
            tables = {
                "sessions": self.all("SELECT * FROM sessions WHERE id = ?", session_id),
                "articles": self.all(f"SELECT * FROM articles WHERE digest IN ({shown})", session_id),
                "turns": self.all("SELECT * FROM turns WHERE session_id = ? ORDER BY id", session_id),
                "shown": self.all(f"SELECT * FROM shown WHERE turn_id IN {turns}", session_id),
                "said": self.all(f"SELECT * FROM said WHERE turn_id IN {turns}", session_id),
            }
        return Deleted(
            tables["sessions"][0]["title"], {name: [tuple(each) for each in rows] for name, rows in tables.items()}
        )

    def restore(self, deleted: Deleted) -> int:
        """Bring a deleted conversation back as it was; gives its id, another one if it is back already."""
        (session,), turns = deleted.tables["sessions"], deleted.tables["turns"]
        with self.transaction() as db:
            there = db.execute("SELECT 1 FROM sessions WHERE id = ?", (session[0],)).fetchone() is not None
            session_id = _next(db) if there else session[0]
            new = _free(db, turns)
            db.execute("INSERT INTO sessions VALUES (?, ?, ?)", (session_id, *session[1:]))
            db.executemany("INSERT OR IGNORE INTO articles VALUES (?, ?)", deleted.tables["articles"])
            db.executemany("INSERT INTO turns VALUES (?, ?, ?, ?)", [(new[t[0]], session_id, *t[2:]) for t in turns])
            db.executemany("INSERT INTO shown VALUES (?, ?)", [(new[t], key) for t, key in deleted.tables["shown"]])
            db.executemany("INSERT INTO said VALUES (?, ?, ?)", [(new[t[0]], *t[1:]) for t in deleted.tables["said"]])
            return session_id


_THESE = "(SELECT value FROM json_each(?))"


def _holds(column: str, words: Sequence[str]) -> str:
    return " AND ".join(f"instr({column}, ?) > 0" for _ in words)


def _listed(more: str = "''") -> str:
    """A query for what ``_session`` reads, and ``more`` columns; a turn that cannot be read has no first answer."""
    return f"""SELECT sessions.id, title, updated, count(turns.id),
        (SELECT CASE WHEN json_valid(answer) THEN coalesce(
            nullif(answer ->> 'short', ''), answer ->> '$.sentences[0][0]', answer ->> 'reason', '') ELSE '' END
         FROM turns WHERE turns.session_id = sessions.id ORDER BY id LIMIT 1), {more}
        FROM sessions LEFT JOIN turns ON turns.session_id = sessions.id"""


def _session(row: sqlite3.Row, found: str = "") -> Session:
    return Session(row[0], row[1], datetime.fromisoformat(row[2]), row[3], row[4] or "", found)


def _begin(db: sqlite3.Connection, title: str, now: str) -> int:
    session_id = _next(db)
    db.execute("INSERT INTO sessions VALUES (?, ?, ?)", (session_id, title, now))
    return session_id


def _add(db: sqlite3.Connection, session_id: int, answer: Answer, now: str) -> None:
    articles = {*(each.article for each in answer.citations), *(each.article for each in answer.passages)}
    db.executemany(
        "INSERT OR IGNORE INTO articles VALUES (?, ?)",
        [(key_of(article), json.dumps(article_row(article))) for article in articles],
    )
    fields = turn_fields(answer)
    sql = "INSERT INTO turns (session_id, asked, answer) VALUES (?, ?, ?)"
    turn = db.execute(sql, (session_id, now, json.dumps(fields))).lastrowid
    db.executemany("INSERT INTO shown VALUES (?, ?)", [(turn, key_of(article)) for article in articles])
    text = said(fields, [each.quote for each in answer.citations])
    db.execute("INSERT INTO said VALUES (?, ?, ?)", (turn, text, folded(text)))


def _next(db: sqlite3.Connection) -> int:
    """An id that no conversation had; a process of the format before takes some without counting them."""
    sql = "UPDATE numbers SET last = max(last, (SELECT coalesce(max(id), 0) FROM sessions)) + 1 RETURNING last"
    return int(db.execute(sql).fetchone()[0])


def _free(db: sqlite3.Connection, turns: Sequence[tuple[Any, ...]]) -> dict[int, int]:
    """The ids to store turns under: their own, or new ones for all where one of them is taken."""
    ids = [row[0] for row in turns]
    if db.execute(f"SELECT 1 FROM turns WHERE id IN {_THESE} LIMIT 1", (json.dumps(ids),)).fetchone() is None:
        return {each: each for each in ids}
    first = int(db.execute("SELECT max(id) + 1 FROM turns").fetchone()[0])
    return {each: first + number for number, each in enumerate(ids)}


def turns_of(answers: Sequence[Answer]) -> tuple[Turn, ...]:
    """The end of a conversation as the next question leans on it.

    A question that leant on others itself goes in as the words that stand alone, so that chains resolve; any other
    as it was typed, so that its dates and outlets hold for what follows.
    """
    return tuple(_turn(answer) for answer in answers[-REMEMBERED:])


def _turn(answer: Answer) -> Turn:
    asked = answer.asked
    leant = asked is not None and any(each.what == "follow-up" for each in asked.inferences)
    said = answer.short or (answer.sentences[0].text if answer.sentences else "")
    if answer.mode == "generated":
        said = " ".join(each.text for each in answer.sentences)[:SAID]
    return Turn(asked.standalone if asked is not None and leant else answer.question, said)
