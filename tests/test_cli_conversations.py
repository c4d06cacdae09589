"""``newsdesk conversations`` and ``newsdesk export``: data on standard output, files whole, statuses as promised."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.archive import Archive
from tests.test_cli import folder, run  # noqa: F401 - a fixture
from tests.test_sessions import answer

QUESTION = "How much did the bridge over the Olm cost?"


@pytest.fixture(name="kept")
def keep_two(folder: Path) -> Path:  # noqa: F811 - the fixture
    with Archive.open(folder / "archive") as archive:
        if not archive.sessions.recent():
            archive.sessions.append(answer("What closed?"))
            second = archive.sessions.append(answer("Who rowed?"))
            archive.sessions.append(answer("And then?"), second)
    return folder


def test_conversations_are_listed_latest_first(kept: Path) -> None:
    listed = run(kept, "conversations")
    assert listed.returncode == 0
    assert [line.split("  ")[-1] for line in listed.stdout.splitlines()] == ["Who rowed?", "What closed?"]
    assert "2 answers" in listed.stdout
    found = json.loads(run(kept, "conversations", "--search", "rowed", "--json").stdout)
    assert [(each["title"], each["turns"]) for each in found] == [("Who rowed?", 2)]
    nothing = run(kept, "conversations", "--search", "zorgle")
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "No conversation" in nothing.stderr


def test_the_last_one_is_exported_to_standard_output(kept: Path) -> None:
    done = run(kept, "export")
    assert done.returncode == 0
    assert done.stdout.startswith('---\ntitle: "Who rowed?"\n')
    assert "## And then?" in done.stdout
    assert done.stderr == ""
    one = run(kept, "export", "1", "--format", "json", "--turn", "1")
    assert [each["question"] for each in json.loads(one.stdout)["turns"]] == ["What closed?"]


def test_a_file_tells_its_format_and_is_not_overwritten(kept: Path) -> None:
    done = run(kept, "export", "last", "-o", "talk.html")
    assert done.returncode == 0
    assert done.stdout == ""
    assert (kept / "talk.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    again = run(kept, "export", "last", "-o", "talk.html")
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert run(kept, "export", "last", "-o", "talk.html", "--force").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("export", "99"), 2, "'99'"),
        (("export", "last", "--format", "docx"), 2, "markdown, json, html"),
        (("export", "last", "--turn", "7"), 2, "2 answers"),
        (("export", "last", "-o", "nowhere/talk.md"), 1, "cannot be written"),
    ],
)
def test_what_cannot_be_is_said(kept: Path, arguments: tuple[str, ...], status: int, told: str) -> None:
    done = run(kept, *arguments)
    assert done.returncode == status
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_question_goes_on_with_the_conversation_that_was_kept_last(kept: Path) -> None:
    before = json.loads(run(kept, "conversations", "--json").stdout)
    assert run(kept, "ask", QUESTION, "--continue").returncode == 0
    after = json.loads(run(kept, "conversations", "--json").stdout)
    assert [each["turns"] for each in after] == [before[0]["turns"] + 1, *(each["turns"] for each in before[1:])]
    assert after[0]["id"] == before[0]["id"]


def test_a_damaged_file_is_told_and_mended(folder: Path) -> None:  # noqa: F811 - the fixture
    database = folder / "archive" / "sessions.db"
    for end in ("-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)
    database.write_bytes(b"no database " * 1000)
    for command in (["conversations"], ["ask", QUESTION, "--continue"], ["export"]):
        told = run(folder, *command)
        assert (told.returncode, told.stdout) == (1, "")
        assert "The file is damaged. 'newsdesk doctor --repair' keeps it aside" in told.stderr
        assert "Traceback" not in told.stderr
    asked = run(folder, "ask", QUESTION, "--keep")  # what was answered is printed, whether it can be kept or not
    assert asked.returncode == 1
    assert asked.stdout
    found = run(folder, "doctor")
    assert "conversations: " in found.stdout
    assert "newsdesk doctor --repair" in found.stdout
    mended = run(folder, "doctor", "--repair")
    assert "sessions.db.damaged-1" in mended.stderr
    assert "conversations: " not in mended.stdout
    assert database.with_name("sessions.db.damaged-1").read_bytes().startswith(b"no database")
    assert run(folder, "ask", QUESTION, "--continue").returncode == 0
    assert QUESTION in run(folder, "conversations").stdout
