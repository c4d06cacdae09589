"""The commands about models and drafts, as a user would run them, against a real server on the loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.archive import Archive
from qa.cli import main
from qa.config import Config
from qa.keys import remember
from tests.openai_server import OpenAIServer, Reply, begin, delta, error, says, usage

SEEDS = Path(__file__).parents[1] / "seeds"
COMMAND = [sys.executable, "-m", "qa.cli"]
QUESTION = "How many people were aboard the Skarra Queen?"
ABOARD = "The inquiry heard that 221 people had been aboard [[Counsel to the inquiry]]. "
WRONG = "The inquiry is expected to cost 41 million crowns [[The inquiry is expected to cost]]."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("desk")
    with Archive.open(path / "archive", config=Config()) as archive:
        archive.ingest([SEEDS / "courier-ferry-inquiry-opens.md", SEEDS / "meridian-ferry-charges.txt"])
    return path


@pytest.fixture
def server(folder: Path) -> Iterator[OpenAIServer]:
    with OpenAIServer() as running:
        (folder / "config.toml").write_text(
            f'[archive]\npath = "archive"\n[answer]\nbase_url = "{running.url}"\nmodel = "m"\nretries = 0\n'
            "repair = false\nprice_in = 2.0\nprice_out = 10.0\n",
            encoding="utf-8",
        )
        yield running


def run(folder: Path, *arguments: str, given: str | bytes | None = None) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "--config", str(folder / "config.toml"), *arguments]
    data = given.encode() if isinstance(given, str) else given
    done = subprocess.run(command, capture_output=True, input=data, timeout=60, check=False, cwd=folder)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_an_answer_says_where_it_was_asked_what_fails_and_what_it_took(folder: Path, server: OpenAIServer) -> None:
    server.will(Reply([*begin(ABOARD, WRONG), delta("stop"), usage(4000, 50, 3000), b"data: [DONE]\n\n"]))
    done = run(folder, "ask", QUESTION)
    assert done.returncode == 0
    host = server.url.split("/")[2]
    assert f"asking m at {host}" in done.stderr
    assert "The inquiry heard that 221 people had been aboard. [1]" in done.stdout
    assert "✗ contradicted: The inquiry is expected to cost 41 million crowns. (“" in done.stdout
    assert "4,000 tokens in (3,000 cached), 50 out · first word after" in done.stderr
    assert "· 0.0085 USD" in done.stderr


def test_the_json_has_verdicts_reasons_and_usage(folder: Path, server: OpenAIServer) -> None:
    server.will(says(ABOARD, WRONG))
    answer = json.loads(run(folder, "ask", QUESTION, "--json").stdout)
    first, second = answer["sentences"]
    assert (first["verdict"], first["reasons"], first["corrected"]) == ("supported", [], False)
    assert second["verdict"] == "contradicted"
    (reason,) = second["reasons"]
    assert second["text"][reason["start"] : reason["end"]] == reason["text"]
    assert "14 million" in reason["said"] or reason["said"] == "14"
    assert answer["model"]["server"] == server.url.split("/")[2]
    assert answer["model"]["usage"]["tokens_in"] == 5000
    assert answer["model"]["usage"]["cost"] == pytest.approx(0.0102)


def test_another_model_of_the_server(folder: Path, server: OpenAIServer) -> None:
    server.will(says(ABOARD))
    assert "asking other at" in run(folder, "ask", QUESTION, "--model", "other").stderr
    assert server.requests[0].body["model"] == "other"


def test_extractive_asks_nobody(folder: Path, server: OpenAIServer) -> None:
    done = run(folder, "ask", QUESTION, "--mode", "extractive")
    assert done.returncode == 0
    assert "asking" not in done.stderr
    assert not server.requests


def test_a_wish_rewrites_the_last_answer(folder: Path, server: OpenAIServer) -> None:
    server.will(says(ABOARD), says("221 were aboard [[Counsel to the inquiry]]."))
    assert run(folder, "ask", QUESTION, "--keep").returncode == 0
    done = run(folder, "ask", "shorter", "--continue", "--json")
    answer = json.loads(done.stdout)
    assert (answer["question"], answer["revision"]) == (QUESTION, "shorter")
    assert answer["sentences"][0]["text"] == "221 were aboard."
    assert "once more: shorter" in server.requests[1].body["messages"][-1]["content"]


def test_a_terminal_that_knows_few_letters_loses_no_answer(folder: Path, server: OpenAIServer) -> None:
    server.will(says("Seventy-one → seventy-two 🚢 were aboard. ", ABOARD))
    command = [*COMMAND, "--config", str(folder / "config.toml"), "ask", QUESTION]
    environ = {**os.environ, "PYTHONIOENCODING": "latin-1:strict"}
    done = subprocess.run(command, capture_output=True, timeout=60, check=False, cwd=folder, env=environ)
    assert done.returncode == 0, done.stderr
    assert b"The inquiry heard that 221 people had been aboard." in done.stdout


def test_models_are_listed(folder: Path, server: OpenAIServer) -> None:
    server.models = ["qwen3", "llama3.2"]
    assert run(folder, "models").stdout == "llama3.2\nqwen3\n"
    assert json.loads(run(folder, "models", "--json").stdout) == ["llama3.2", "qwen3"]


def test_options_before_the_command_are_for_the_ui(folder: Path, server: OpenAIServer) -> None:
    done = run(folder, "--model", "x", "ask", QUESTION)
    assert done.returncode == 2
    assert "stand behind the command" in done.stderr


DRAFT = "The inquiry heard that 221 people had been aboard the Skarra Queen.\n\nA baker from Tessau won the lottery.\n"


@pytest.mark.parametrize("source", ["file", "-"])
def test_a_draft_is_checked(folder: Path, server: OpenAIServer, source: str) -> None:
    (folder / "draft.txt").write_text(DRAFT, encoding="utf-8")
    done = run(folder, "check", "draft.txt" if source == "file" else "-", given=DRAFT)
    assert done.returncode == 1
    assert "✓ supported: The inquiry heard that 221 people had been aboard the Skarra Queen. [1]" in done.stdout
    assert "✗ unsupported: A baker from Tessau won the lottery.\n" in done.stdout
    assert "[1] Ferry carried more passengers" in done.stdout
    assert "2 sentences: 1 supported, 1 unsupported" in done.stderr
    assert not server.requests


def test_a_draft_that_holds_is_no_failure(folder: Path, server: OpenAIServer) -> None:
    done = run(folder, "check", "-", "--json", given=DRAFT.split("\n", maxsplit=1)[0])
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert [each["verdict"] for each in found["sentences"]] == ["supported"]
    assert found["citations"][0]["quote"]


@pytest.mark.parametrize("judge", ["none", "model"])
def test_that_no_model_judges_a_draft_is_said_once(folder: Path, server: OpenAIServer, judge: str) -> None:
    with (folder / "config.toml").open("a", encoding="utf-8") as file:
        file.write(f'[verification]\njudge = "{judge}"\n')
    done = run(folder, "check", "-", "--json", given=DRAFT)
    assert done.stderr.count("the code checks this text") == (1 if judge == "model" else 0)
    assert [each["verdict"] for each in json.loads(done.stdout)["sentences"]] == ["supported", "unsupported"]
    assert not server.requests


@pytest.mark.parametrize(
    ("given", "said"),
    [(b"", "no sentence to check"), (b"Who sank?", "no sentence to check"), (b"\xff\xfe\x00 text", "no text in UTF-8")],
)
def test_what_cannot_be_checked_is_told(folder: Path, server: OpenAIServer, given: bytes, said: str) -> None:
    done = run(folder, "check", "-", given=given)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_file_that_is_not_there_is_named(folder: Path, server: OpenAIServer) -> None:
    done = run(folder, "check", "nowhere.txt")
    assert done.returncode == 2
    assert "nowhere.txt: cannot be read" in done.stderr


def test_without_a_keyring_the_environment_is_named(folder: Path, server: OpenAIServer) -> None:
    done = run(folder, "key", "MY_KEY", given="sk-0123456789\n")
    assert done.returncode != 0
    assert "MY_KEY" in done.stderr
    assert "environment" in done.stderr
    assert "sk-0123456789" not in done.stdout + done.stderr


def test_a_key_is_in_no_traceback(folder: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "sk-traced-0123456789"
    monkeypatch.setenv("OPENAI_API_KEY", key)
    server.will(error(401, f"Incorrect API key provided: {key}."))
    with (folder / "config.toml").open("a", encoding="utf-8") as file:
        file.write('api_key_env = "OPENAI_API_KEY"\n')
    done = run(folder, "--debug", "ask", QUESTION)
    assert done.returncode == 1
    assert server.requests[0].headers["authorization"] == f"Bearer {key}"
    assert "openai.AuthenticationError: " in done.stderr
    assert "Incorrect API key provided: [key]." in done.stderr
    assert key not in done.stdout + done.stderr


@pytest.mark.parametrize("kind", [RuntimeError, OSError])
@pytest.mark.parametrize("debug", [False, True])
def test_a_key_is_in_no_error_that_nobody_foresaw(
    kind: type[Exception], debug: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**options: object) -> None:
        remember("sk-unforeseen-81")
        raise kind("broken by sk-unforeseen-81")

    monkeypatch.setattr("qa.cli.app", broken)
    monkeypatch.setattr("signal.signal", lambda *handler: None)
    monkeypatch.setattr("sys.argv", ["newsdesk", "--debug"] if debug else ["newsdesk"])
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr().err
    assert left.value.code == 1
    assert "broken by [key]" in said
    assert "sk-unforeseen-81" not in said
    assert ("Traceback" in said) is debug
