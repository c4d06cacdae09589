"""Conversations found, renamed, branched, deleted and brought back; formats of before; several processes at once."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import ArchiveError, IndexUnavailable, UsageError
from qa.kept_words import AFTER, BEFORE, around, folded, places
from qa.sessions import MIGRATIONS, Sessions
from tests.test_sessions import ARTICLE, answer


@pytest.fixture(name="sessions")
def open_sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path / "sessions.db")


def _rows(path: Path, table: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as db:
        return db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()


def test_only_the_last_turns_are_read(sessions: Sessions) -> None:
    kept = sessions.append(answer("First?"))
    for number in range(4):
        sessions.append(answer(f"Then {number}?"), kept)
    assert [each.question for each in sessions.turns(kept, last=2)] == ["Then 2?", "Then 3?"]
    assert sessions.turns(kept, last=99) == sessions.turns(kept)


def test_conversations_are_found_by_questions_answers_and_quotes(sessions: Sessions) -> None:
    harbour = sessions.append(answer("What of the harbour?"))
    sessions.append(answer("And the CAFÉ, then?"), harbour)
    other = sessions.append(replace(answer("Who rowed?"), sentences=(), citations=(), short="", passages=()))
    assert [each.id for each in sessions.search("cafe then")] == [harbour]
    assert "CAFÉ" in sessions.search("cafe then")[0].found
    assert [each.id for each in sessions.search("nobody came")] == [harbour]  # a quote
    assert [each.id for each in sessions.search("rowed")] == [other]
    assert [each.id for each in sessions.search("rowed café")] == []  # not in one turn
    assert [each.id for each in sessions.search("  ")] == [other, harbour]
    assert sessions.search("100%_") == []
    sessions.rename(other, "Märchen von gestern")
    (found,) = sessions.search("marchen gestern")
    assert (found.id, found.found) == (other, "")


def test_what_was_found_is_shown_from_shortly_before_it_on() -> None:
    text = f"{'never ' * 30}the STRASSE of Tarn {'always ' * 60}\nanother line"
    shown = around(text, folded(text), ["tarn", "straße".casefold()])
    assert shown.startswith("…never never")
    assert shown.endswith("…")
    assert shown.index("STRASSE") < BEFORE
    assert len(shown) <= BEFORE + AFTER + 2
    assert around("Short.", "short.", ["zorgle"]) == "Short."


def test_places_of_words_lead_back_through_what_folding_changes() -> None:
    text = "ﬁne Straße, CAFÉ cafe\u0301!"
    found = [text[start:end] for start, end in places(text, [folded(each) for each in ("fine", "SS", "café")])]
    assert found == ["ﬁne", "ß", "CAFÉ", "cafe\u0301"[:4]]
    assert places("banana", ["an", "nan"]) == [(1, 5)]
    assert places("anything", []) == []


def test_a_title_can_be_changed_and_lasts(sessions: Sessions) -> None:
    kept = sessions.append(answer("What closed?"))
    sessions.rename(kept, "  The\ncafé  ")
    sessions.append(answer("And then?"), kept)
    assert sessions.recent()[0].title == "The café"
    with pytest.raises(UsageError, match="title"):
        sessions.rename(kept, " ")
    with pytest.raises(UsageError, match="deleted"):
        sessions.rename(kept + 1, "Nothing")


def test_a_branch_has_the_first_turns_and_lives_its_own_life(sessions: Sessions) -> None:
    kept = sessions.append(answer("First?"))
    sessions.append(answer("Second?"), kept)
    branch = sessions.branch(kept, 1)
    sessions.append(answer("Another second?"), branch)
    assert [each.question for each in sessions.turns(kept)] == ["First?", "Second?"]
    assert [each.question for each in sessions.turns(branch)] == ["First?", "Another second?"]
    assert {each.title for each in sessions.recent()} == {"First?", "First? (branch)"}
    sessions.delete(kept)
    assert sessions.turns(branch)[0].citations[0].article == ARTICLE
    assert [each.id for each in sessions.search("another second")] == [branch]
    with pytest.raises(UsageError, match="branch"):
        sessions.branch(kept, 1)


def test_what_was_deleted_comes_back_whole(sessions: Sessions) -> None:
    first = sessions.append(answer("First?"))
    sessions.append(answer("Second?", replace(ARTICLE, id="other", text=f"{ARTICLE.text} More.")), first)
    second = sessions.append(answer("Apart?"))
    before = {name: _rows(sessions.path, name) for name in ("sessions", "turns", "articles", "shown", "said")}
    deleted = sessions.delete(first)
    assert deleted is not None
    assert [each.id for each in sessions.recent()] == [second]
    assert len(_rows(sessions.path, "articles")) == 1  # the other conversation shows it, too
    assert sessions.delete(first) is None
    assert sessions.restore(deleted) == first
    assert {name: _rows(sessions.path, name) for name in before} == before
    assert [each.id for each in sessions.recent()] == [second, first]


def test_no_id_is_given_twice_and_it_comes_back_beside_what_came_since(sessions: Sessions) -> None:
    lost = sessions.append(answer("Lost?"))
    sessions.append(answer("Lost again?"), lost)
    deleted = sessions.delete(lost)
    assert deleted is not None
    new = sessions.append(answer("New?"), lost)  # the one who had it open goes on, and meets no stranger's
    assert new != lost
    assert sessions.restore(deleted) == lost
    again = sessions.restore(deleted)
    assert again not in (lost, new)
    for back in (lost, again):
        assert [each.question for each in sessions.turns(back)] == ["Lost?", "Lost again?"]
    assert [each.question for each in sessions.turns(new)] == ["New?"]


def test_ids_go_on_after_those_that_a_process_of_the_format_before_gives(sessions: Sessions) -> None:
    first = sessions.append(answer("First?"))
    with sessions.transaction() as db:  # the statement of that format
        old = db.execute("INSERT INTO sessions (title, updated) VALUES ('Old', '2026-05-01T00:00:00+00:00')").lastrowid
    assert sessions.append(answer("Next?")) not in (first, old)


def test_two_that_share_an_article_come_back_in_any_order(sessions: Sessions) -> None:
    first, second = sessions.append(answer("First?")), sessions.append(answer("Second?"))
    deleted = [sessions.delete(first), sessions.delete(second)]
    for each in deleted:  # the one that was deleted while the other still showed the article, first
        assert each is not None
        back = sessions.restore(each)
        assert sessions.turns(back)[0].citations[0].article == ARTICLE


def test_questions_of_before_come_latest_first_and_once(sessions: Sessions) -> None:
    for question in ("One?", "Two?", "One?", "Three?"):
        sessions.append(answer(question))
    assert sessions.questions() == ["Three?", "One?", "Two?"]
    assert sessions.questions(limit=1) == ["Three?"]


def test_a_file_of_the_first_format_is_found_and_deleted_like_a_new_one(tmp_path: Path, sessions: Sessions) -> None:
    sessions.append(answer("What closed?"))
    old = tmp_path / "old.db"
    with sqlite3.connect(old) as db:
        for statement in MIGRATIONS[0]:
            db.execute(statement)
        for table in ("sessions", "turns", "articles"):
            rows = _rows(sessions.path, table)
            db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        db.execute("PRAGMA user_version = 1")
    migrated = Sessions(old)
    for table in ("shown", "said"):
        assert _rows(old, table) == _rows(sessions.path, table)
    assert [each.id for each in migrated.search("nobody came")] == [1]
    migrated.delete(1)
    assert _rows(old, "articles") == []


def test_another_process_may_rename_append_and_delete_meanwhile(tmp_path: Path, sessions: Sessions) -> None:
    kept = sessions.append(answer("Here?"))
    other = Sessions(sessions.path)
    other.rename(kept, "There")
    other.append(answer("There?"), kept)
    assert [each.question for each in sessions.turns(kept)] == ["Here?", "There?"]
    assert sessions.recent()[0].title == "There"
    other.delete(kept)
    again = sessions.append(answer("Again?"), kept)
    assert again in {each.id for each in other.recent()}
    assert [each.question for each in sessions.turns(again)] == ["Again?"]


# --- what is damaged, locked or unreadable


def test_a_turn_that_cannot_be_read_leaves_the_others_alone(sessions: Sessions) -> None:
    good = sessions.append(answer("Good?"))
    bad = sessions.append(answer("Bad?"))
    for stored in ("no JSON", "{}", '{"citations": [{"article": "none"}], "passages": []}'):
        with sessions.transaction() as db:
            db.execute("UPDATE turns SET answer = ? WHERE session_id = ?", (stored, bad))
        with pytest.raises(ArchiveError, match=f"conversation {bad} holds a turn that cannot be read"):
            sessions.turns(bad)
        assert [each.title for each in sessions.recent()] == ["Bad?", "Good?"]
        assert "Good?" in sessions.questions()
        assert len(sessions.search("closed")) == 2
        assert len(sessions.turns(good)) == 1
        (problem,) = sessions.unreadable()
        assert f"conversation {bad}" in problem
    deleted = sessions.delete(bad)
    assert sessions.unreadable() == []
    assert deleted is not None
    assert sessions.restore(deleted) == bad  # as unreadable as it was


def test_a_locked_file_says_that_somebody_writes_and_is_readable(sessions: Sessions) -> None:
    kept = sessions.append(answer("What?"))
    sessions.all("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(sessions.path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(IndexUnavailable, match="Another process is writing to it; try again"):
        sessions.rename(kept, "Other")
    assert [each.title for each in sessions.recent()] == ["What?"]
    other.rollback()
    other.close()
    sessions.rename(kept, "Other")


def test_what_another_process_deletes_while_it_is_read_is_whole_or_gone(sessions: Sessions) -> None:
    kept = sessions.append(answer("Here?"))
    other = Sessions(sessions.path)
    with sessions.snapshot():
        assert len(sessions.turns(kept)) == 1
        other.delete(kept)
        (whole,) = sessions.turns(kept)  # with its articles
        assert whole.citations[0].article == ARTICLE
    assert sessions.turns(kept) == []
    assert sessions.delete(kept) is None
    with pytest.raises(UsageError, match="deleted meanwhile"):
        sessions.rename(kept, "Gone")
