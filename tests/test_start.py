"""What the command does before the command line is read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qa.start import alone


@pytest.mark.parametrize(
    ("arguments", "file", "archive", "debug"),
    [
        ([], None, None, False),
        (["--config", "a.toml"], "a.toml", None, False),
        (["--archive=news", "--debug"], None, "news", True),
        (["--debug", "--archive", "news", "--config=b.toml"], "b.toml", "news", True),
    ],
)
def test_the_ui_is_opened_without_the_command_line(
    arguments: list[str], file: str | None, archive: str | None, debug: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEWSDESK_CONFIG", raising=False)
    settings = alone(arguments)
    assert settings is not None
    named = str(settings.file) if settings.file else None
    assert (named, settings.archive, settings.debug) == (file, archive, debug)


def test_the_environment_names_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSDESK_CONFIG", "mine.toml")
    settings = alone([])
    assert settings is not None
    assert settings.file == Path("mine.toml")


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "Who?"],
        ["--help"],
        ["--config"],
        ["--config="],
        ["--archive", "--debug"],
        ["--mode", "auto"],
        ["--debug=1"],
    ],
)
def test_all_else_is_for_the_command_line(arguments: list[str]) -> None:
    assert alone(arguments) is None


@pytest.mark.parametrize("arguments", [["--debug"], ["ask", "--no-such-option"], ["--config"]])
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    script = "import sys; from qa.start import main; main()"
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr
