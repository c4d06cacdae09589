"""Every way in which a model can fail, over the wire and through the command line, as docs/answers.md specifies it.

Of each: what is said, whether what had come stays, that the passages stay, and the exit status.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from qa.archive import Archive
from qa.config import Config
from tests.openai_server import (
    PATIENCE,
    Behaviour,
    OpenAIServer,
    Reply,
    Tell,
    begin,
    delta,
    end,
    error,
    event,
    says,
    usage,
)

SEEDS = Path(__file__).parents[1] / "seeds"
COMMAND = [sys.executable, "-m", "qa.cli"]
QUESTION = "How many people were aboard the Skarra Queen?"
QUICK = {"retries": 0, "repair": False}
KEY = "sk-test-0123456789abcdef"
ABOARD = "The inquiry heard that 221 people had been aboard [[Counsel to the inquiry]]. "
KEPT = "The inquiry heard that 221 people had been aboard. [1]"
CUT_CHARACTER = b"".join(step for step in begin(ABOARD, "café") if isinstance(step, bytes)).split("é".encode())[0]
CUT_CHARACTER += "é".encode()[:1]


@dataclass(frozen=True)
class Failure:
    """``said`` stands on standard error; ``kept``: the sentence that had come is printed with its verdict."""

    name: str
    behaviours: tuple[Behaviour, ...]
    said: tuple[str, ...]
    kept: bool = False
    settings: Mapping[str, object] = field(default_factory=dict)
    status: int = 1


BUSY = error(429, "Rate limit reached", {"Retry-After": "17"})
FAILURES = [
    Failure("wrong key", (error(401, f"Incorrect API key: {KEY}"),), ("refused the key (401", "api_key_env", "[key]")),
    Failure("no permission", (error(403, "Not for you"),), ("no permission", "403: Not for you", "another model")),
    Failure("unknown model", (error(404, "The model `m` does not exist"),), ("404", "Check model and base_url")),
    Failure("rate limit", (BUSY,), ("too many requests", "It asks to wait 17 s. Try again later")),
    Failure("overload", (error(503, "Overloaded"),), ("the server failed (503: Overloaded)", "Try again later")),
    Failure("server error", (error(500, "Internal"),), ("the server failed (500: Internal)",)),
    Failure(
        "context too long",
        (error(400, "This model's maximum context length is 4096 tokens.", code="context_length_exceeded"),),
        ("longer than the model's context", "Lower context_tokens"),
    ),
    Failure("FastAPI's errors", (Reply([b'{"detail": "No such key"}'], 401, {"Content-Type": "application/json"}),),
            ("401: No such key",)),
    Failure("timeout before the stream", (Reply(["stall"]),), ("did not answer in time (0.4 s)", "first_timeout"),
            settings={"first_timeout": 0.4}),
    Failure("hangs before the first word", (Reply([delta(role="assistant"), "stall"]),), ("did not answer in time",),
            settings={"first_timeout": 0.4}),
    Failure("timeout in the stream", (Reply([*begin(ABOARD), "stall"]),), ("stopped sending in the middle", "timeout"),
            kept=True, settings={"timeout": 0.4}),
    Failure("dropped", (Reply([*begin(ABOARD, "28 people"), "cut"]),), ("broke off in the middle", "Try again"),
            kept=True),
    Failure("dropped in a character", (Reply([CUT_CHARACTER, "cut"]),), ("broke off in the middle",), kept=True),
    Failure("ended without an end", (Reply(begin(ABOARD), chunked=False),), ("broke off in the middle",), kept=True),
    Failure("invalid JSON", (Reply([*begin(ABOARD), b"data: {oops\n\n", *end()]),), ("no answer",), kept=True),
    Failure("an error in the stream", (Reply([*begin(ABOARD), event({"error": {"message": "GPU on fire"}})]),),
            ("reported an error: GPU on fire",), kept=True),
    Failure("content filter", (says(ABOARD, finish="content_filter"),), ("content filter", "other words"), kept=True),
    Failure("an empty answer", (says(""),), ("answered nothing", "context_tokens")),
    Failure("a stream of nothing", (Reply([]),), ("answered nothing",)),
    Failure("refusal", (Reply([delta(refusal="I will not."), *end()]),), ("declined to answer: I will not",)),
    Failure("a web page", (Reply([b"<html>Welcome</html>"], headers={"Content-Type": "text/html"}),),
            ("sent a web page", "base_url")),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("desk")
    with Archive.open(path / "archive", config=Config()) as archive:
        archive.ingest([SEEDS / "courier-ferry-inquiry-opens.md", SEEDS / "meridian-ferry-charges.txt"])
    return path


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as running:
        yield running


def configured(folder: Path, server: OpenAIServer, **settings: object) -> list[str]:
    """The command with a configuration of its own."""
    values = {"base_url": server.url, "api_key_env": "OPENAI_API_KEY", "model": "m", **QUICK, **settings}
    lines = "\n".join(f"{name} = {json.dumps(value)}" for name, value in values.items())
    file = folder / "config.toml"
    file.write_text(f'[archive]\npath = "archive"\n[answer]\n{lines}\n', encoding="utf-8")
    return [*COMMAND, "--config", str(file)]


def environment() -> dict[str, str]:
    return {**os.environ, "OPENAI_API_KEY": KEY}


def run(command: list[str], *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*command, *more], capture_output=True, text=True, timeout=60, env=environment(), check=False)


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.name)
def test_each_failure_says_what_to_do_and_keeps_what_there_is(
    folder: Path, server: OpenAIServer, failure: Failure
) -> None:
    server.will(*failure.behaviours)
    done = run(configured(folder, server, **failure.settings), "ask", QUESTION)
    assert done.returncode == failure.status
    for part in failure.said:
        assert part in done.stderr
    assert "newsdesk ask --mode extractive" in done.stderr
    assert KEY not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert (KEPT in done.stdout) is failure.kept
    assert ("Nearest:" in done.stdout) is not failure.kept
    assert "Ferry carried more passengers" in done.stdout
    assert ("Broken off: m: " in done.stdout) is failure.kept


def test_no_server(folder: Path, server: OpenAIServer) -> None:
    with OpenAIServer() as gone:
        address = gone.url
    done = run(configured(folder, server, base_url=address), "ask", QUESTION)
    assert done.returncode == 1
    assert "no connection to" in done.stderr
    assert "Nearest:" in done.stdout


def test_a_rate_limit_is_waited_for(folder: Path, server: OpenAIServer) -> None:
    server.will(error(429, "Rate limit", {"Retry-After": "1", "retry-after-ms": "1"}), says(ABOARD))
    done = run(configured(folder, server, retries=1), "ask", QUESTION)
    assert done.returncode == 0
    assert KEPT in done.stdout
    assert len(server.requests) == 2


def test_quotes_in_its_place_only_where_configured(folder: Path, server: OpenAIServer) -> None:
    server.will(error(503, "Overloaded"))
    done = run(configured(folder, server, on_failure="extract"), "ask", QUESTION, "--json")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert answer["mode"] == "extractive"
    assert {each["verdict"] for each in answer["sentences"]} == {"quoted"}
    assert "Overloaded" in answer["reason"]
    assert "on_failure" in answer["reason"]


def test_an_answer_that_is_cut_off_says_so(folder: Path, server: OpenAIServer) -> None:
    server.will(says(ABOARD, "The ferry", finish="length"))
    done = run(configured(folder, server), "ask", QUESTION)
    assert done.returncode == 0
    assert KEPT in done.stdout
    assert "The answer is cut off: the model reached its limit of tokens." in done.stdout


def test_an_answer_without_end_is_ended(folder: Path, server: OpenAIServer) -> None:
    server.will(Reply([*begin(ABOARD, *["And so on. "] * 100), "hang up"]))
    done = run(configured(folder, server, answer_tokens=50), "ask", QUESTION)
    assert done.returncode == 0
    assert server.hung_up.wait(PATIENCE)
    assert "outgrown [answer] answer_tokens" in done.stdout


def test_a_server_that_reads_half_the_evidence_is_told_of(folder: Path, server: OpenAIServer) -> None:
    server.will(Reply([*begin(ABOARD), delta("stop"), usage(100), b"data: [DONE]\n\n"]))
    done = run(configured(folder, server), "ask", QUESTION)
    assert "The server read 100 of about" in done.stdout


def test_ctrl_c_keeps_what_had_come(folder: Path, server: OpenAIServer) -> None:
    sent = threading.Event()
    server.will(Reply([*begin(ABOARD, "And then"), Tell(sent), "hang up"]))
    command = [*configured(folder, server), "ask", QUESTION]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    ) as process:
        assert sent.wait(60)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, said
    assert KEPT in out
    assert "Stopped; what had come is kept." in out
    assert server.hung_up.wait(PATIENCE)


# Presses Ctrl+C on itself just before it is told of an event of the kind that its first argument names.
PRESSED = """
import signal, sys
from qa.archive import Archive
from qa.cli import main
kind, stream = sys.argv.pop(1), Archive.stream
def pressed(*arguments, **options):
    for event in stream(*arguments, **options):
        if type(event).__name__ == kind:
            signal.raise_signal(signal.SIGINT)
        yield event
Archive.stream = pressed
main()
"""


def press_at(kind: str, command: list[str], *more: str) -> subprocess.CompletedProcess[str]:
    return run([sys.executable, "-c", PRESSED, kind, *command[len(COMMAND) :]], *more)


def test_ctrl_c_ends_quotes_at_once(folder: Path, server: OpenAIServer) -> None:
    done = press_at("Found", configured(folder, server), "ask", QUESTION, "--mode", "extractive")
    assert (done.returncode, done.stdout) == (130, "")
    assert "interrupted" in done.stderr


def test_ctrl_c_that_comes_after_a_whole_answer_is_no_failure(folder: Path, server: OpenAIServer) -> None:
    server.will(says(ABOARD))
    done = press_at("Finished", configured(folder, server), "ask", QUESTION)
    assert done.returncode == 0, done.stderr
    assert KEPT in done.stdout


def test_the_sentences_of_a_failed_answer_are_kept_where_that_is_asked(folder: Path, server: OpenAIServer) -> None:
    server.will(error(503, "Overloaded"), Reply([*begin(ABOARD, "28 people"), "cut"]))
    command = configured(folder, server)
    assert run(command, "ask", QUESTION, "--keep").returncode == 1
    with Archive.open(folder / "archive", config=Config()) as archive:
        assert not archive.sessions.recent()
    assert run(command, "ask", QUESTION, "--keep").returncode == 1
    with Archive.open(folder / "archive", config=Config()) as archive:
        (session,) = archive.sessions.recent()
        (answer,) = archive.sessions.turns(session.id)
        archive.sessions.delete(session.id)
    assert answer.sentences[0].marked == KEPT
    assert answer.incomplete
    assert answer.reason.startswith("Broken off: m: ")


def test_a_key_in_the_file_is_warned_of_and_never_shown(folder: Path, server: OpenAIServer) -> None:
    server.will(error(401, "Incorrect API key: sk-plain-9876543210"))
    done = subprocess.run(
        [*configured(folder, server, api_key="sk-plain-9876543210", api_key_env="NO_SUCH_KEY"), "ask", QUESTION],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert server.requests[0].headers["authorization"] == "Bearer sk-plain-9876543210"
    assert "[answer] api_key is a key in plain text" in done.stderr
    assert "sk-plain" not in done.stdout + done.stderr
