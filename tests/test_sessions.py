"""Conversations: a turn comes back as it was, whatever has become of its articles since."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

import qa
from qa.answers import Absence, Answer, Citation, Disagreement, Sentence, Side
from qa.articles import Article, make_article
from qa.catalog import Catalog, Copy
from qa.chunks import Chunk
from qa.errors import ArchiveError, ConversationsDamaged, IndexUnavailable
from qa.passages import Passage
from qa.questions import Inference, Known, Question, Window, understand
from qa.ranking import Signals
from qa.sessions import REMEMBERED, TITLE_CHARACTERS, Sessions, turns_of
from tests.conftest import ROOT

ARTICLE = make_article(
    title="Café closes — “for good”",
    text="The café closed. Nobody came. 😀 It was over.",
    source="/news/a.json#7",
    outlet="The Post",
    authors=("Ann Lee", "Bo Day"),
    published=datetime(2026, 7, 2, 21, 30, tzinfo=timezone(timedelta(hours=2))),
    updated=date(2026, 7, 3),
    language="en",
    url="https://post.example/1",
    place="Paris",
)


def passage(article: Article, start: int, end: int) -> Passage:
    return Passage(f"{article.id}-{start}", article.text[start:end], start, end, 1.25, 0.5, 3.125, 1.9, article)


def answer(question: str = "What closed?", article: Article = ARTICLE, other: Article | None = None) -> Answer:
    second = other or article
    return Answer(
        question=question,
        mode="generated",
        abstained=False,
        reason="",
        short="The café",
        sentences=(
            Sentence("The café closed.", (1,), "quoted"),
            Sentence("It is over, and it rained.", (2, 1), "partly supported", ("9", "one")),
            Sentence("Nobody knows.", (), "unsupported", ("12",)),
        ),
        citations=(
            Citation(1, article, 0, 16, article.text[0:16]),
            Citation(2, second, 17, 29, second.text[17:29]),
        ),
        passages=(passage(second, 17, len(second.text)), passage(article, 0, 16)),
        confidence=0.75,
        model="gpt-test",
        timings={"search": 0.1, "answer": 1 / 3, "total": 0.4333},
    )


ASKED = understand(
    "Who closed the café according to the Post last week, and when did the inn open?",
    now="2026-07-10T12:00:00+02:00",
    since="2026-01-01",
    until=datetime(2026, 8, 1, 12, tzinfo=UTC),
    outlets=("The Post", "Radio"),
    known=Known(("The Post", "Radio")),
)
"""With limits set and read, and parts."""
EVERYTHING = replace(
    answer(),
    sentences=(Sentence("It closed.", (1,), "quoted", means="the café", origins=3),),
    passages=(
        replace(
            passage(ARTICLE, 0, 16),
            signals=Signals(match=1 / 3, lead=1.0),
            parts=(1, 2),
            copies=(Copy(ARTICLE.id, "Café", "The Post", date(2026, 7, 2), ""),),
        ),
    ),
    short_confidence=0.625,
    disagreements=(Disagreement("people came", (Side("nobody", 2), Side("two", 1))),),
    absence=Absence(12, ("it is about an inn",)),
    asked=replace(ASKED, focus=Window(1.5, None), authors=("Ann Lee",), required=("for good",), excluded=("inns",)),
)


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[Sessions]:
    opened = Sessions(tmp_path / "sessions.db")
    yield opened
    opened.close()


def again(sessions: Sessions, session_id: int) -> list[Answer]:
    """The turns as another connection reads them."""
    other = Sessions(sessions.path)
    try:
        return other.turns(session_id)
    finally:
        other.close()


UNDATED = replace(ARTICLE, id="0" * 16, published=None, updated=None, url="", authors=(), source="/b.txt")


@pytest.mark.parametrize(
    "turn",
    [
        answer(),
        answer(other=UNDATED),
        Answer(question="Who?", mode="extractive", abstained=True, reason="The articles do not say."),
        Answer(question="Who?", mode="extractive", passages=(passage(ARTICLE, 0, 16),)),
        answer("x\n" * 500),
        EVERYTHING,
        Answer(question="Who?", mode="extractive", abstained=True, absence=Absence(0), asked=understand("Who?")),
    ],
    ids=["cited", "two articles", "abstained", "only found", "long question", "everything", "nothing to search"],
)
def test_a_turn_comes_back_equal(sessions: Sessions, turn: Answer) -> None:
    number = sessions.append(turn)
    assert sessions.turns(number) == again(sessions, number) == [turn]
    assert again(sessions, number)[0].text == turn.text
    assert again(sessions, number)[0].as_json() == turn.as_json()


def test_the_question_of_these_tests_has_limits_and_parts() -> None:
    assert {each.what for each in ASKED.inferences} == {"outlet", "parts"}
    assert [part.limits.outlets for part in ASKED.parts] == [("The Post",), ()]
    assert ASKED.parts[0].limits.earliest is not None
    assert ASKED.as_of


def test_a_turn_that_an_earlier_version_kept_loads(sessions: Sessions) -> None:
    number = sessions.append(answer())
    kept = {
        "question": "What closed?",
        "mode": "generated",
        "abstained": False,
        "reason": "",
        "short": "The café",
        "sentences": [["The café closed.", [1], "quoted", []], ["Nobody knows.", [], "unsupported", ["12"]]],
        "citations": [{"article": f"{ARTICLE.id}-{ARTICLE.digest}", "start": 0, "end": 16}],
        "passages": [
            {
                "article": f"{ARTICLE.id}-{ARTICLE.digest}",
                "id": "c",
                "start": 0,
                "end": 16,
                "score": 1.25,
                "meaning": 0.5,
                "words": 3.0,
                "freshness": 1.9,
            }
        ],
        "confidence": 0.75,
        "model": "gpt-test",
        "timings": {"total": 0.4},
    }
    with sessions.transaction() as db:
        db.execute("UPDATE turns SET answer = ?", (json.dumps(kept),))
    assert again(sessions, number) == [
        Answer(
            question="What closed?",
            mode="generated",
            short="The café",
            sentences=(
                Sentence("The café closed.", (1,), "quoted"),
                Sentence("Nobody knows.", (), "unsupported", ("12",)),
            ),
            citations=(Citation(1, ARTICLE, 0, 16, "The café closed."),),
            passages=(Passage("c", "The café closed.", 0, 16, 1.25, 0.5, 3.0, 1.9, ARTICLE),),
            confidence=0.75,
            model="gpt-test",
            timings={"total": 0.4},
        )
    ]


def test_what_is_asked_next_leans_on_the_last_turns() -> None:
    def asked(text: str, **more: object) -> Question:
        return replace(understand(text), **more)  # type: ignore[arg-type]

    leant = asked("And in Tarn?", standalone="Who rules in Tarn?", inferences=(Inference("follow-up", "And", "Tarn"),))
    dated = asked("Who rules now?", standalone="Who rules?")
    quoted = (Sentence("Ida Brandt rules.", (1,), "quoted"), Sentence("She won.", (1,), "quoted"))
    turns = turns_of(
        [
            *[Answer("Before?", "extractive")] * REMEMBERED,
            Answer("And in Tarn?", "extractive", asked=leant, short="Ida Brandt", sentences=quoted),
            Answer("Who rules now?", "extractive", asked=dated, sentences=quoted),
            Answer("Why?", "extractive", abstained=True, reason="The articles do not say."),
        ]
    )
    assert len(turns) == REMEMBERED
    assert turns[-3:] == (
        qa.Turn("Who rules in Tarn?", "Ida Brandt"),
        qa.Turn("Who rules now?", "Ida Brandt rules."),
        qa.Turn("Why?", ""),
    )


def test_a_citation_opens_its_words_after_the_article_changed_and_vanished(sessions: Sessions, tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.db")
    catalog.store([(ARTICLE, [Chunk("c", ARTICLE.id, 0, 0, 16)])])
    first = answer("Before?")
    number = sessions.append(first)
    edited = replace(ARTICLE, title="Edited", text="Entirely other words, which say something else.")
    catalog.store([(edited, [])])
    second = answer("After?", edited)
    sessions.append(second, number)
    with catalog.transaction() as db:
        db.execute("DELETE FROM articles")
    catalog.close()
    found = again(sessions, number)
    assert found == [first, second]
    for turn in found:
        for each in turn.citations:
            assert each.article.text[each.start : each.end] == each.quote
        for shown in turn.passages:
            assert shown.article.text[shown.start : shown.end] == shown.text


def test_the_same_words_in_two_files_stay_two_articles(sessions: Sessions) -> None:
    twin = replace(ARTICLE, id="f" * 16, source="/news/b.json")
    assert twin.digest == ARTICLE.digest
    turn = answer(other=twin)
    (found,) = again(sessions, sessions.append(turn))
    assert [each.article.id for each in found.citations] == [ARTICLE.id, twin.id]
    assert found == turn


def test_an_article_is_kept_once_for_all_turns(sessions: Sessions) -> None:
    number = sessions.append(answer())
    sessions.append(answer("Again?"), number)
    db = sqlite3.connect(sessions.path)
    assert db.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    db.close()


def test_a_real_answer_comes_back_equal(sessions: Sessions, seeds_archive: qa.Archive) -> None:
    turn = seeds_archive.ask("How many people died when the ferry Skarra Queen capsized?", mode="extractive")
    assert turn.citations
    assert turn.passages
    assert again(sessions, sessions.append(turn)) == [turn]


# --- several conversations


def test_turns_stay_in_their_conversation_and_their_order(sessions: Sessions) -> None:
    one, other = sessions.append(answer("A?")), sessions.append(answer("B?"))
    sessions.append(answer("C?"), one)
    sessions.append(answer("D?"), other)
    sessions.append(answer("E?"), one)
    assert [turn.question for turn in sessions.turns(one)] == ["A?", "C?", "E?"]
    assert [turn.question for turn in sessions.turns(other)] == ["B?", "D?"]
    assert sessions.turns(999) == []


def test_the_conversation_added_to_last_comes_first_even_within_a_second(sessions: Sessions) -> None:
    numbers = [sessions.append(answer(name)) for name in ("A?", "B?", "C?")]
    sessions.append(answer("D?"), numbers[1])
    recent = sessions.recent()
    assert [(each.title, each.turns) for each in recent] == [("B?", 2), ("C?", 1), ("A?", 1)]
    assert [each.id for each in sessions.recent(limit=2)] == [numbers[1], numbers[2]]
    assert all(each.updated.utcoffset() == timedelta(0) for each in recent)
    assert abs(recent[0].updated - datetime.now(UTC)) < timedelta(hours=1)


def test_the_title_is_the_opening_of_the_first_question(sessions: Sessions) -> None:
    number = sessions.append(answer("y" * 500))
    sessions.append(answer("Short?"), number)
    assert [each.title for each in sessions.recent()] == ["y" * TITLE_CHARACTERS]
    assert sessions.title(number) == "y" * TITLE_CHARACTERS
    assert sessions.title(999) == ""


def test_a_deleted_conversation_takes_its_turns_along_and_leaves_the_others(sessions: Sessions) -> None:
    one, other = sessions.append(answer("A?")), sessions.append(answer("B?"))
    sessions.delete(one)
    sessions.delete(999)
    assert sessions.turns(one) == []
    assert [each.id for each in sessions.recent()] == [other]
    assert again(sessions, other) == [answer("B?")]


def test_a_turn_for_a_conversation_that_is_gone_begins_a_new_one(sessions: Sessions) -> None:
    number = sessions.append(answer("First?"))
    sessions.delete(number)
    other = sessions.append(answer("Second?"), number)
    assert [each.question for each in sessions.turns(other)] == ["Second?"]
    assert len(sessions.recent()) == 1


# --- several writers

APPEND = """
import sys
from pathlib import Path
from qa.answers import Answer
from qa.sessions import Sessions
print("ready", flush=True)
sys.stdin.readline()
sessions = Sessions(Path(sys.argv[1]))
number = None
for n in range(25):
    number = sessions.append(Answer(f"{sys.argv[2]} {n}", "extractive"), number)
sessions.close()
"""


def test_two_processes_open_one_fresh_file_and_append_at_once(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", APPEND, str(path), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for name in ("left", "right")
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in both:
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    sessions = Sessions(path)
    found = {each.title: [turn.question for turn in sessions.turns(each.id)] for each in sessions.recent()}
    sessions.close()
    assert found == {f"{name} 0": [f"{name} {n}" for n in range(25)] for name in ("left", "right")}


def test_threads_share_one_connection(sessions: Sessions) -> None:
    number = sessions.append(answer("first"))
    threads = [
        threading.Thread(target=lambda name=name: [sessions.append(answer(f"{name} {n}"), number) for n in range(10)])
        for name in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    questions = [turn.question for turn in sessions.turns(number)]
    assert sorted(questions) == sorted(["first", *(f"{name} {n}" for name in range(4) for n in range(10))])


# --- a damaged file


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    path.write_bytes(b"This is no database, whatever its name says. " * 100)
    with pytest.raises(ConversationsDamaged) as caught:
        Sessions(path)
    assert str(caught.value).startswith(f"{path}: SQLite: ")
    assert isinstance(caught.value.__cause__, sqlite3.Error)


def test_a_damaged_page_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    sessions = Sessions(path)
    for n in range(50):
        sessions.append(answer(f"{n}"))
    sessions.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    reopened = Sessions(path)
    with pytest.raises(ConversationsDamaged, match="newsdesk doctor --repair"):
        reopened.append(answer())
    reopened.close()


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="unable to open database file"):
        Sessions(tmp_path / "none" / "sessions.db")


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    Sessions(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(ArchiveError, match=r"written by a newer Newsdesk \(format 99\)"):
        Sessions(path)


def test_deleting_a_conversation_lets_go_of_the_articles_that_no_other_shows(
    sessions: Sessions, seeds_archive: qa.Archive
) -> None:
    first = sessions.append(seeds_archive.ask("Who painted The Eel Seller?", limit=1))
    second = sessions.append(seeds_archive.ask("How large is the comet's nucleus?", limit=1))

    def kept() -> int:
        db = sqlite3.connect(sessions.path)
        count = int(db.execute("SELECT count(*) FROM articles").fetchone()[0])
        db.close()
        return count

    both = kept()
    sessions.delete(first)
    assert 0 < kept() < both
    assert all(c.article.text[c.start : c.end] == c.quote for c in sessions.turns(second)[0].citations)
    sessions.delete(second)
    assert kept() == 0
