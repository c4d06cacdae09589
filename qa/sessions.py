"""Conversations in SQLite, beside the archive.

Invariant: a citation opens the words that it quoted, whatever has become of the article since. So every article
that a turn cites or shows is kept with it, once for each of its versions. (The column ``digest`` holds ``_key``.)
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from dataclasses import fields as dataclass_fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa.answers import Absence, Answer, Citation, Disagreement, Sentence, Side
from qa.articles import Article
from qa.catalog import article_from_row, article_row, copy_from_row, copy_row
from qa.database import Database
from qa.models import Usage
from qa.passages import Passage
from qa.questions import Inference, Question, Turn, Window, parse_when
from qa.ranking import Signals
from qa.verification import Finding

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


# --- what is stored: what is not the default, so that a turn of an earlier version reads as one of today


def _to_fields(answer: Answer) -> dict[str, Any]:
    return {
        "question": answer.question,
        "mode": answer.mode,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "short": answer.short,
        "sentences": [_sentence_fields(each) for each in answer.sentences],
        "citations": [{"article": _key(c.article), "start": c.start, "end": c.end} for c in answer.citations],
        "passages": [_passage_fields(passage) for passage in answer.passages],
        "confidence": answer.confidence,
        "short_confidence": answer.short_confidence,
        "disagreements": [[d.about, [[side.said, side.citation] for side in d.sides]] for d in answer.disagreements],
        "absence": None if answer.absence is None else [answer.absence.articles, answer.absence.near],
        "asked": None if answer.asked is None else _question_fields(answer.asked),
        "model": answer.model,
        "timings": dict(answer.timings),
        **{name: value for name in _WRITTEN if (value := getattr(answer, name))},
        **({"usage": asdict(answer.usage)} if answer.usage is not None else {}),
    }


_WRITTEN = ("server", "prompts", "revision", "incomplete")
"""What only an answer of a model's has."""


def _sentence_fields(sentence: Sentence) -> list[Any]:
    """The fields in their order, as far as there are; what a model's sentence has beside them comes last."""
    fields = [getattr(sentence, name) for name in _SENTENCE]
    defaults = {each.name: each.default for each in dataclass_fields(Sentence)}
    more = {name: value for name in _CHECKED if (value := getattr(sentence, name)) != defaults[name]}
    if more.get("reasons"):
        more["reasons"] = [astuple(each) for each in sentence.reasons]
    return [*fields, more] if more else fields


def _sentence(fields: list[Any]) -> Sentence:
    *known, last = fields
    more = dict(last) if isinstance(last, dict) else {}
    values = dict(zip(_SENTENCE, known if more else fields, strict=False))
    values |= {name: tuple(values[name]) for name in ("citations", "unresolved")}
    if "reasons" in more:
        more["reasons"] = tuple(Finding(*each) for each in more["reasons"])
    return Sentence(**values, **more)


_SENTENCE = ("text", "citations", "verdict", "unresolved", "means", "origins")
_CHECKED = ("reasons", "score", "corrected", "written", "opening")


def _passage_fields(passage: Passage) -> dict[str, Any]:
    names = ("id", "start", "end", "score", "meaning", "words", "freshness")
    more = {
        "copies": [copy_row(copy) for copy in passage.copies],
        "signals": {name: value for name, value in asdict(passage.signals).items() if value},
        "parts": passage.parts,
    }
    return {
        "article": _key(passage.article),
        **{name: getattr(passage, name) for name in names},
        **{name: value for name, value in more.items() if value},
    }


def _question_fields(question: Question) -> dict[str, Any]:
    fields = {
        **{name: getattr(question, name) for name in ("text", "as_of", "kind", "target", "standalone", "newest")},
        **{name: getattr(question, name) for name in _TUPLES},
        "now": question.now.isoformat(),
        "since": question.since and question.since.isoformat(),
        "until": question.until and question.until.isoformat(),
        "inferences": [[each.what, each.words, each.meaning] for each in question.inferences],
        "limits": None if question.limits == Window() else astuple(question.limits),
        "focus": question.focus and astuple(question.focus),
        "parts": [_question_fields(part) for part in question.parts],
    }
    return {name: value for name, value in fields.items() if value}


_TUPLES = ("outlets", "authors", "required", "excluded", "unknown_outlets", "articles")


def _from_fields(fields: dict[str, Any], held: dict[str, Article]) -> Answer:
    citations = []
    for number, each in enumerate(fields.pop("citations"), 1):
        article = held[each["article"]]
        start, end = each["start"], each["end"]
        citations.append(Citation(number, article, start, end, article.text[start:end]))
    sentences = [_sentence(each) for each in fields.pop("sentences")]
    differing = [
        Disagreement(about, tuple(Side(said, citation) for said, citation in sides))
        for about, sides in fields.pop("disagreements", ())
    ]
    absence, asked = fields.pop("absence", None), fields.pop("asked", None)
    usage = fields.pop("usage", None)
    return Answer(
        sentences=tuple(sentences),
        citations=tuple(citations),
        passages=tuple(_passage(each, held) for each in fields.pop("passages")),
        disagreements=tuple(differing),
        absence=Absence(absence[0], tuple(absence[1])) if absence else None,
        asked=_question(asked) if asked else None,
        usage=Usage(**usage) if usage else None,
        **fields,
    )


def _passage(fields: dict[str, Any], held: dict[str, Article]) -> Passage:
    article = held[fields.pop("article")]
    return Passage(
        article=article,
        text=article.text[fields["start"] : fields["end"]],
        copies=tuple(copy_from_row(row) for row in fields.pop("copies", ())),
        signals=Signals(**fields.pop("signals", {})),
        parts=tuple(fields.pop("parts", ())),
        **fields,
    )


def _question(fields: dict[str, Any]) -> Question:
    return Question(
        text=fields["text"],
        now=datetime.fromisoformat(fields["now"]),
        as_of=fields.get("as_of", False),
        since=parse_when(fields.get("since"), "since"),
        until=parse_when(fields.get("until"), "until"),
        kind=fields["kind"],
        target=fields.get("target", ""),
        standalone=fields.get("standalone", ""),
        inferences=tuple(Inference(*each) for each in fields.get("inferences", ())),
        limits=_window(fields["limits"]) if "limits" in fields else Window(),
        focus=_window(fields["focus"]) if "focus" in fields else None,
        newest=fields.get("newest", False),
        parts=tuple(_question(part) for part in fields.get("parts", ())),
        **{name: tuple(fields.get(name, ())) for name in _TUPLES},
    )


def _window(fields: list[Any]) -> Window:
    earliest, latest, outlets = fields
    return Window(earliest, latest, tuple(outlets))
