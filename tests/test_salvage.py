"""A damaged file of conversations: kept aside whole, what can be read of it in a new one, other threads unharmed."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import pytest

from qa.archive import Archive
from qa.errors import ArchiveError, ConversationsDamaged
from qa.salvage import salvage
from qa.sessions import Sessions
from tests.test_sessions import ARTICLE, answer

NO_DATABASE = b"no database " * 1000
PAGE = 4096


def damage_one_turn(path: Path, question: str) -> None:
    """Overwrite a page of the turns' table that holds this question, and no other page."""
    sessions = Sessions(path)
    page = next(
        int(row[0])
        for row in sessions.all("SELECT pageno, payload FROM dbstat WHERE name = 'turns' AND pagetype = 'leaf'")
        if question.encode() in path.read_bytes()[(row[0] - 1) * PAGE : row[0] * PAGE]
    )
    sessions.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(b"\xa5" * PAGE)


def test_a_file_that_is_no_database_is_kept_aside_byte_by_byte(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    for number in (1, 2):
        path.write_bytes(NO_DATABASE)
        salvaged = salvage(path)
        assert salvaged is not None
        assert (salvaged.kept, salvaged.lost) == (0, 0)
        assert salvaged.aside == tmp_path / f"sessions.db.damaged-{number}"
        assert "No conversation could be brought over" in str(salvaged)
        assert Sessions(path).recent() == []
    assert (tmp_path / "sessions.db.damaged-1").read_bytes() == NO_DATABASE


def test_nothing_is_done_where_nothing_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    assert salvage(path) is None
    Sessions(path).append(answer("New?"))
    assert salvage(path) is None
    assert [each.name for each in tmp_path.iterdir() if "damaged" in each.name] == []


def test_a_file_that_has_lost_a_table_is_damaged_however_sound(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    with closing(Sessions(path)) as sessions:
        sessions.append(answer("Lost?"))
        with sessions.transaction() as db:
            db.execute("DROP TABLE said")
        with pytest.raises(ConversationsDamaged, match="no such table: said"):
            sessions.search("lost")
    salvaged = salvage(path)
    assert salvaged is not None
    assert (salvaged.kept, salvaged.lost) == (0, 1)
    assert salvaged.aside.exists()
    with closing(Sessions(path)) as sessions:
        assert sessions.search("lost") == []


def test_what_can_be_read_of_a_damaged_file_is_in_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    sessions = Sessions(path)
    long = "and on " * 300
    ids = [sessions.append(answer(f"Question {number}? {long}")) for number in range(9)]
    sessions.append(answer("And then?"), ids[0])
    sessions.close()
    damage_one_turn(path, "Question 4?")
    damaged = path.read_bytes()
    with Archive.open(tmp_path) as archive:
        with pytest.raises(ConversationsDamaged):
            archive.sessions.turns(ids[4])
        salvaged = archive.mend_sessions()
        assert salvaged is not None
        assert salvaged.aside.read_bytes() == damaged
        read = {each.id for each in archive.sessions.recent()}
        assert read <= {*ids} - {ids[4]}
        assert (salvaged.kept, salvaged.kept + salvaged.lost) == (len(read), len(ids))
        assert len(read) >= 6  # a page holds one turn and its neighbour at most
        assert [each.question for each in archive.sessions.turns(ids[0])][-1] == "And then?"
        assert archive.sessions.turns(ids[0])[0].citations[0].article == ARTICLE
        assert archive.sessions.append(answer("New?")) > max(ids)
        assert archive.mend_sessions() is None
    assert sorted(each.name for each in tmp_path.iterdir() if each.is_dir()) == []


def test_another_thread_meets_no_closed_file(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        for number in range(20):
            archive.sessions.append(answer(f"{number}"))
        errors: list[Exception] = []
        ended = threading.Event()

        def read() -> None:
            sessions = archive.sessions
            while not ended.is_set():
                try:
                    with sessions.snapshot():
                        assert len(sessions.recent()) == len(sessions.ids()) == 20
                except Exception as error:
                    errors.append(error)

        reader = threading.Thread(target=read)
        reader.start()
        try:
            for _ in range(20):
                assert archive.mend_sessions() is None
        finally:
            ended.set()
            reader.join()
        assert errors == []


def test_where_it_cannot_be_kept_aside_all_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 246)  # SQLite has room for its own files beside it, its name with .damaged-1 is too long
    path.write_bytes(NO_DATABASE)
    with pytest.raises(ArchiveError, match="is damaged and cannot be kept aside"):
        salvage(path)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == NO_DATABASE
