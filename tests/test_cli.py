"""The command line: JSON pinned, data and narration apart, exit statuses, nothing that a terminal would obey."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SEEDS
from tests.newsroom import article_file, reprint, story

COMMAND = [sys.executable, "-m", "qa.cli"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with an archive of two articles, and no configuration."""
    folder = tmp_path_factory.mktemp("cli")
    articles = folder / "articles"
    articles.mkdir()
    bridge = {
        "title": "Bridge opens",
        "outlet": "The Post",
        "published": "2026-03-06T09:30:00+02:00",
        "url": "https://post.example/bridge",
        "text": "The bridge over the Olm opened on Friday. It cost 14 million crowns.",
    }
    (articles / "bridge.json").write_text(json.dumps(bridge), encoding="utf-8")
    (articles / "ferry.txt").write_text("Ferry sinks\n\nSkarra (Wire)\n\nSix people died off Skarra.", encoding="utf-8")
    done = run(folder, "ingest", "articles")
    assert done.returncode == 0, done.stderr
    return folder


def run(folder: Path, *arguments: str, archive: str = "archive") -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, in ``folder``, with nothing of the user's own around it."""
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("NEWSDESK_", "OPENAI_", "XDG_CONFIG"))
    }
    environ["XDG_CONFIG_HOME"] = str(folder / "no-config")
    return subprocess.run(
        [*COMMAND, "--archive", archive, *arguments],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


RUBBED = ("seconds", "score", "timings", "id", "now", "weights", "signals", "confidence", "short_confidence")


def golden(text: str) -> Any:
    """JSON with what differs from run to run, and scores, replaced by their type."""
    value = json.loads(text)

    def rub(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: "*" if key in RUBBED else rub(each) for key, each in part.items()}
        return [rub(each) for each in part] if isinstance(part, list) else part

    return rub(value)


BRIDGE = {
    "id": "*",
    "title": "Bridge opens",
    "outlet": "The Post",
    "published": "2026-03-06T09:30:00+02:00",
    "url": "https://post.example/bridge",
}


def test_ingest_json_is_pinned(folder: Path) -> None:
    (folder / "bad.json").write_text("{", encoding="utf-8")
    done = run(folder, "ingest", "articles", "bad.json", "--json")
    assert done.returncode == 1
    found = golden(done.stdout)
    failed = found.pop("failed")
    assert found == {
        "added": 0,
        "updated": 0,
        "unchanged": 2,
        "gone": 0,
        "warnings": [],
        "articles": 2,
        "chunks": 2,
        "pending": 0,
        "seconds": "*",
        "cancelled": False,
    }
    assert list(json.loads(done.stdout)) == [
        *("added", "updated", "unchanged", "gone", "failed", "warnings"),
        *("articles", "chunks", "pending", "seconds", "cancelled"),
    ]
    assert [Path(each["source"]).name for each in failed] == ["bad.json"]
    assert "not valid JSON" in failed[0]["error"]
    assert "bad.json" in done.stderr


SIGNALS = ("match", "cover", "near", "article", "lead", "recent", "agreement", "focus", "newest", "kind")
"""What a passage's rank is made of, in their order."""


def asked(text: str, **more: Any) -> dict[str, Any]:
    """A question of which only the words are known."""
    window: dict[str, Any] = {"earliest": None, "latest": None, "outlets": []}
    return {
        "text": text,
        "standalone": text,
        "kind": "other",
        "target": "",
        "now": "*",
        "window": window,
        "focus": None,
        "newest": False,
        **{name: [] for name in ("authors", "required", "excluded", "unknown_outlets", "inferences")},
        **{name: [] for name in ("parts", "searches")},
        **more,
    }


def test_search_json_is_pinned(folder: Path) -> None:
    done = run(folder, "search", "what did the  bridge cost", "--json", "--limit", "1")
    found = json.loads(done.stdout)
    assert tuple(found["weights"]) == tuple(found["passages"][0]["signals"]) == SIGNALS
    weighed = sum(value * found["weights"][name] for name, value in found["passages"][0]["signals"].items())
    assert abs(weighed - found["passages"][0]["score"]) < 0.001
    assert golden(done.stdout) == {
        "question": "what did the bridge cost",
        "asked": asked("what did the bridge cost"),
        "weights": "*",
        "passages": [
            {
                "rank": 1,
                "score": "*",
                "text": "The bridge over the Olm opened on Friday. It cost 14 million crowns.",
                "start": 0,
                "end": 68,
                "signals": "*",
                "parts": [],
                "article": BRIDGE,
                "copies": [],
            }
        ],
    }
    assert done.stderr == ""


def test_ask_json_is_pinned(folder: Path) -> None:
    done = run(folder, "ask", "How much did the bridge over the Olm cost?", "--json")
    found = golden(done.stdout)
    assert found == {
        "question": "How much did the bridge over the Olm cost?",
        "mode": "extractive",
        "abstained": False,
        "reason": "",
        "absence": None,
        "short": found["short"],
        "short_confidence": "*",
        "confidence": "*",
        "evidence": found["evidence"],
        "text": found["text"],
        "sentences": found["sentences"],
        "disagreements": [],
        "citations": found["citations"],
        "passages": found["passages"],
        "asked": found["asked"],
        "timings": "*",
        "incomplete": False,
        "model": None,
        "revision": "",
    }
    assert found["evidence"] in ("thin", "fair", "strong")
    sentence, citation = found["sentences"][0], found["citations"][0]
    checked = ["score", "reasons", "unresolved", "corrected", "written"]
    assert list(sentence) == ["text", "citations", "verdict", *checked, "means", "origins"]
    assert sentence["text"].endswith("It cost 14 million crowns.")
    assert (sentence["citations"], sentence["verdict"], sentence["origins"]) == ([1], "quoted", 1)
    start = citation["start"]
    quote = "The bridge over the Olm opened on Friday. It cost 14 million crowns."[start:]
    assert citation == {"number": 1, "quote": quote, "start": start, "end": 68, "article": BRIDGE, "copies": []}
    assert [each["rank"] for each in found["passages"]] == list(range(1, len(found["passages"]) + 1))


def test_what_was_understood_is_said_and_can_be_left_out(folder: Path) -> None:
    question = "What did the Post report about the bridge in March 2026?"
    whole = "understood: The Post · in March 2026 (around 2026-03-01 to 2026-03-31)\n"
    assert run(folder, "search", question).stderr == whole
    assert run(folder, "ask", question).stderr.startswith(whole)
    assert run(folder, "search", question, "--without", "window").stderr == "understood: The Post\n"
    assert run(folder, "search", question, "--without", "window", "--without", "outlet").stderr == ""
    assert run(folder, "search", question, "--no-infer").stderr == ""
    assert "understood" not in run(folder, "ask", question, "--no-infer").stderr
    told = json.loads(run(folder, "search", question, "--json").stdout)["asked"]
    assert told["standalone"] == "What did the Post report about the bridge in March 2026?"
    assert told["window"]["outlets"] == ["The Post"]
    assert told["focus"]["earliest"] == "2026-03-01T00:00:00+00:00"
    assert told["inferences"][0] == {"what": "outlet", "words": "the Post report", "meaning": "The Post"}


def test_a_passage_is_explained_by_its_signals(folder: Path) -> None:
    done = run(folder, "search", "how much did the bridge cost", "--limit", "1", "--explain")
    lines = done.stdout.splitlines()
    assert lines[2].startswith("    matches the question’s words and meaning; ")
    shown = {line.split()[0]: line.split() for line in lines[3:-1]}
    assert set(shown) == set(SIGNALS)
    for _, value, times, weight, equals, product in shown.values():
        assert (times, equals) == ("×", "=")
        assert abs(float(value) * float(weight) - float(product)) < 0.005
    plain = run(folder, "search", "how much did the bridge cost", "--limit", "1")
    assert plain.stdout.splitlines() == [*lines[:2], ""]


def test_a_conversation_is_kept_and_gone_on_with(folder: Path) -> None:
    def follow_up(*options: str) -> str:
        return run(folder, "ask", "And when did it open?", *options).stderr

    assert "follow-up" not in follow_up("--continue")  # nothing was kept before it
    assert run(folder, "ask", "How much did the bridge over the Olm cost?", "--keep").returncode == 0
    assert "follow-up" not in follow_up()
    said = follow_up("--continue")
    assert said.startswith("understood: follow-up: And when did it open")
    assert "bridge" in said.splitlines()[0]


def test_an_answer_says_how_sure_it_is_on_standard_error(folder: Path) -> None:
    done = run(folder, "ask", "How many people died off Skarra?")
    assert re.search(r"^evidence: (?:thin|fair|strong) \(\d\.\d\d\)", done.stderr, re.MULTILINE)
    refused = run(folder, "ask", "How do I cook lentil soup?")
    assert re.search(r"^evidence: too thin \(\d\.\d\d\)$", refused.stderr, re.MULTILINE)


def test_an_answer_in_words_names_its_sources(folder: Path) -> None:
    done = run(folder, "ask", "How many people died off Skarra?")
    assert done.returncode == 0
    assert "Six people died off Skarra. [1]" in done.stdout
    assert "[1] Ferry sinks, Wire, undated" in done.stdout


def test_no_answer_is_said_plainly_with_the_nearest_and_is_no_failure(folder: Path) -> None:
    done = run(folder, "ask", "How do I cook lentil soup?")
    assert done.returncode == 0
    assert done.stdout.startswith("The articles do not say.")
    assert "Nearest:" in done.stdout


def test_articles_are_listed_newest_first(folder: Path) -> None:
    done = run(folder, "articles", "--json")
    listed = golden(done.stdout)
    assert listed == [BRIDGE, {"id": "*", "title": "Ferry sinks", "outlet": "Wire", "published": None, "url": None}]


def test_reindex_reports(folder: Path) -> None:
    done = run(folder, "reindex", "--json")
    assert done.returncode == 0
    assert golden(done.stdout)["chunks"] == 2


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["ask", ""], 2, "question is empty"),
        (["ask", "x", "--now", "soon"], 2, "ISO 8601"),
        (["ask", "x", "--limit", "1000"], 2, "limit"),
        (["ask", "x", "--outlet", "Moon"], 2, "Moon"),
        (["ask", "x", "--mode", "magic"], 2, "mode"),
        (["ask", "x", "--without", "moon"], 2, "--without moon: any of window, newest, outlet, author, required,"),
        (["search", "x", "--without", "moon"], 2, "any of window"),
        (["ask"], 2, "Missing argument"),
        (["frobnicate"], 2, "No such command"),
        (["ask", "x", "--frob"], 2, "No such option"),
        (["ingest", "nowhere.txt"], 1, "no such file"),
        (["sync", "wire"], 2, "No source is called wire. Configured are: none."),
        (["remove"], 2, "Nothing to remove: name articles, an outlet or a date."),
        (["remove", "nowhere.txt"], 2, "No article goes by 'nowhere.txt'"),
        (["remove", "--before", "soon"], 2, "before"),
        (["ask", "x", "--mode", "generated"], 2, "No model is configured"),
        (["ask", "x", "--model", "gpt-4o"], 2, "OPENAI_API_KEY"),
        ([], 2, "needs a terminal"),
    ],
)
def test_what_is_wrong_is_said_on_standard_error(folder: Path, arguments: list[str], status: int, says: str) -> None:
    done = run(folder, *arguments)
    assert done.returncode == status, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command", [["ask", "x"], ["search", "x"], ["articles"], ["reindex"], ["remove", "x"], ["sync"]]
)
def test_reading_a_missing_archive_fails_and_makes_none(folder: Path, command: list[str]) -> None:
    done = run(folder, *command, archive="missing")
    assert done.returncode == 1
    assert "no archive there" in done.stderr
    assert not (folder / "missing").exists()


def test_the_version_is_that_of_the_package(folder: Path) -> None:
    done = run(folder, "--version")
    assert (done.returncode, done.stdout) == (0, f"newsdesk {version('newsdesk')}\n")


def test_debug_shows_where_it_failed(folder: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "--debug", "--archive", "missing", "articles"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_a_configuration_with_a_typing_error_names_file_and_key(folder: Path) -> None:
    (folder / "typo.toml").write_text("[answer]\nsentnces = 2\n", encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, "--config", "typo.toml", "articles"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "typo.toml" in done.stderr
    assert "sentences" in done.stderr


def test_sources_fill_the_archive_on_the_first_question(tmp_path: Path) -> None:
    source = str(SEEDS / "meridian-ferry-capsizes.txt")
    (tmp_path / "config.toml").write_text(f'[[sources]]\npath = "{source}"\n', encoding="utf-8")
    done = run(tmp_path, "ask", "How long is the Skarra Queen?")
    assert done.returncode == 0
    assert "62-metre" in done.stdout
    assert "1 added" in done.stderr


def test_the_sources_of_one_archive_do_not_fill_another(desk: Path) -> None:
    named = (desk / "config.toml").read_text(encoding="utf-8")
    (desk / "config.toml").write_text(f'[archive]\npath = "own"\n\n{named}', encoding="utf-8")
    assert json.loads(run(desk, "articles", "--json", archive="own").stdout) != []
    assert run(desk, "articles", archive="other").returncode == 1
    assert not (desk / "other").exists()
    article_file(desk / "mine.json", "The mast fell.", title="Mast")
    assert run(desk, "ingest", "mine.json", archive="other").returncode == 0
    assert [each["title"] for each in json.loads(run(desk, "articles", "--json", archive="other").stdout)] == ["Mast"]
    assert "3 added" in run(desk, "sync", archive="other").stderr  # asked for by name, it is done


def test_doctor_exits_with_1_until_what_it_found_is_mended(desk: Path) -> None:
    run(desk, "sync", "--no-embed")
    sick = run(desk, "doctor")
    assert (sick.returncode, sick.stdout) == (1, "vectors: Still to come: 5 passages.\n  newsdesk sync\n")
    mended = run(desk, "doctor", "--repair", "--json")
    assert (mended.returncode, json.loads(mended.stdout)) == (0, [])


def test_hostile_text_reaches_no_terminal(tmp_path: Path) -> None:
    hostile = "\x1b]0;owned\x07\x1b[31mRed\x1b[0m \u202egnirts\u202c bridge [bold]x[/bold]"
    article = {"title": f"Title {hostile}", "outlet": hostile, "text": f"The bridge {hostile} opened. " * 3}
    (tmp_path / "a.json").write_text(json.dumps(article), encoding="utf-8")
    assert run(tmp_path, "ingest", "a.json").returncode == 0
    for command in (["ask", f"bridge opened {hostile}"], ["search", "bridge opened"], ["articles"]):
        done = run(tmp_path, *command)
        assert done.returncode == 0
        assert not set("\x1b\x07\u202e\u202c") & set(done.stdout + done.stderr)


def test_an_unreachable_model_keeps_the_passages_and_fails(folder: Path) -> None:
    config = '[answer]\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "any"\nretries = 0\n'
    (folder / "dead.toml").write_text(config, encoding="utf-8")
    done = run(folder, "--config", "dead.toml", "ask", "How much did the bridge over the Olm cost?")
    assert done.returncode == 1
    assert "no connection" in done.stderr
    assert "Nearest:" in done.stdout
    assert "14 million crowns" in done.stdout


@pytest.mark.parametrize("arguments", [["ingest", ""], ["--archive", "", "articles"], ["ingest", "articles", ""]])
def test_an_empty_path_is_not_the_working_folder(folder: Path, arguments: list[str]) -> None:
    done = run(folder, *arguments)
    assert done.returncode == 2
    assert "empty" in done.stderr


def test_ctrl_c_says_that_nothing_is_lost(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": n, "title": f"Story {n}", "text": "Bridges opened on Friday. " * 60}) for n in range(300)
    ]
    (tmp_path / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    command = [*COMMAND, "--archive", "archive", "ingest", "many.jsonl"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        while not (tmp_path / "archive" / "chroma").exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130
    assert "what was stored stays" in said
    again = run(tmp_path, "ingest", "many.jsonl", "--json")
    assert json.loads(again.stdout)["articles"] == 300


def test_nothing_is_sent_or_kept_by_the_runtime_of_the_model(folder: Path) -> None:
    home = folder / "home"
    home.mkdir()
    environ = {**os.environ, "HOME": str(home)}
    environ.pop("XDG_CACHE_HOME", None)
    environ.pop("ORT_DISABLE_TELEMETRY", None)
    command = [*COMMAND, "--archive", "fresh", "ingest", "articles"]
    subprocess.run(command, cwd=folder, env=environ, capture_output=True, check=True)
    kept = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    assert all("newsdesk" in name for name in kept), kept


# --- sync, remove, articles


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A working folder whose configuration names two prints of one report and an article of its own."""
    news = tmp_path / "news"
    report = story(1)
    article_file(news / "first.json", report, title="Ferry sinks", outlet="The Post", published="2026-03-01")
    article_file(news / "second.json", reprint(report), title="Ferry lost", outlet="Radio", published="2026-03-02")
    article_file(news / "tram.json", "The tram stopped.", title="Tram", outlet="Radio", published="2026-03-03")
    (tmp_path / "config.toml").write_text('[[sources]]\nname = "news"\npath = "news"\n', encoding="utf-8")
    return tmp_path


def test_a_sync_says_what_is_new_what_is_gone_and_what_is_not_embedded_yet(desk: Path) -> None:
    first = run(desk, "sync", "--no-embed")
    assert first.returncode == 0, first.stderr
    assert "3 added, 0 updated, 0 unchanged, 0 failed; 3 articles" in first.stderr
    assert "can be found by words only until embedded; 'newsdesk sync' goes on." in first.stderr
    (desk / "news" / "tram.json").unlink()
    second = run(desk, "sync", "news", "--json")
    assert "0 added, 0 updated, 2 unchanged, 1 gone from their source, 0 failed; 3 articles" in second.stderr
    found = json.loads(second.stdout)
    assert (found["unchanged"], found["gone"], found["pending"], found["failed"]) == (2, 1, 0, [])


def test_articles_are_listed_once_for_all_their_copies(desk: Path) -> None:
    listed = run(desk, "articles")
    lines = [line.split("  ", 1)[1] for line in listed.stdout.splitlines()]
    assert lines == ["Tram, Radio, 2026-03-03", "Ferry sinks, The Post, 2026-03-01, +1 copy (Radio)"]
    assert "3 articles, 1 of them near-copies of others" in listed.stderr
    every = json.loads(run(desk, "articles", "--all", "--json").stdout)
    assert [each["title"] for each in every] == ["Tram", "Ferry lost", "Ferry sinks"]
    once = json.loads(run(desk, "articles", "--json").stdout)
    assert [each["title"] for each in once] == ["Tram", "Ferry sinks"]


def answered(folder: Path, answer: str, *arguments: str) -> tuple[int, str]:
    """Run the command with a terminal for its input, on which somebody types ``answer``; exit status and stderr."""
    ours, theirs = pty.openpty()
    environ = {**os.environ, "XDG_CONFIG_HOME": str(folder / "no-config")}
    command = [*COMMAND, "--archive", "archive", *arguments]
    os.write(ours, answer.encode())
    with subprocess.Popen(command, cwd=folder, env=environ, stdin=theirs, stdout=-1, stderr=-1, text=True) as process:
        os.close(theirs)
        _, said = process.communicate()
    os.close(ours)
    return process.returncode, said


def test_removing_names_the_articles_and_asks_first(desk: Path) -> None:
    run(desk, "sync", "--no-embed")
    nothing = run(desk, "remove", "--outlet", "The Moon Gazette", "--yes")
    assert (nothing.returncode, nothing.stderr) == (0, "Nothing to remove: no article matches.\n")
    unasked = run(desk, "remove", "--outlet", "Radio")
    assert unasked.returncode == 2
    assert "Tram, Radio, 2026-03-03" in unasked.stderr
    assert "2 articles would be removed. Add --yes" in unasked.stderr
    status, said = answered(desk, "n\n", "remove", "news/tram.json")
    assert status == 0
    assert "Remove 1 article for good?" in said
    assert "Nothing was removed." in said
    assert "3 articles" in run(desk, "articles", "--all").stderr
    status, said = answered(desk, "y\n", "remove", "news/tram.json")
    assert (status, said.endswith("1 removed\n")) == (0, True)
    assert run(desk, "remove", "--before", "2026-03-02", "--yes").stderr.splitlines()[-1] == "1 removed"
    assert [each["title"] for each in json.loads(run(desk, "articles", "--json").stdout)] == ["Ferry lost"]
    again = run(desk, "ingest", "news", "--no-embed", "--json")
    assert json.loads(again.stdout)["added"] == 2


def test_an_ingest_fills_in_what_articles_do_not_say(tmp_path: Path) -> None:
    article_file(tmp_path / "a.json", "The tram stopped.")
    typed = json.dumps({"title": "b", "text": "The ferry sank.", "outlet": "Radio"})
    done = subprocess.run(
        [*COMMAND, "--archive", "archive", "ingest", "a.json", "-", "--outlet", "The Post", "--no-embed"],
        cwd=tmp_path,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    listed = json.loads(run(tmp_path, "articles", "--json").stdout)
    assert {(each["title"], each["outlet"]) for each in listed} == {("a", "The Post"), ("b", "Radio")}
