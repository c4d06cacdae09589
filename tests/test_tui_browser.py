"""Addresses are opened in a browser: those of the web alone, out of the terminal, and copied where there is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui_fixtures import build_archive, copy_archive, running, unset_key, until  # noqa: F401 - fixtures
from tui.browser import open_page, web_address

ADDRESS = "https://herald.example/a?b=c&d=%20e"


def _browser(path: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a script the browser of this user; the file that it writes."""
    opened = path.with_suffix(".opened")
    path.write_text(f"#!/bin/sh\n{script}\n".replace("OPENED", str(opened)))
    path.chmod(0o700)
    monkeypatch.setenv("BROWSER", str(path))
    for name in ("SSH_CONNECTION", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)
    return opened


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "http://[bad",
        "https://a.example/\u202egnp",
        "https://a.example/\x1b[2J",
        "https://a.example/a b",
        "-https://a.example",
    ],
)
def test_what_is_no_address_of_the_web_is_not_opened(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = _browser(tmp_path / "browser", "echo yes > OPENED", monkeypatch)
    assert web_address(url) == ""
    assert not open_page(url)
    assert not opened.exists()


def test_a_page_is_opened_and_the_browser_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    opened = _browser(tmp_path / "browser", 'echo noise; echo noise >&2; printf %s "$1" > OPENED', monkeypatch)
    assert open_page(ADDRESS)
    assert opened.read_text() == ADDRESS
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("name", "script"), [("browser", "exit 1"), ("w3m", "echo yes > OPENED")])
def test_a_browser_that_fails_or_draws_in_the_terminal_is_none(
    name: str, script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = _browser(tmp_path / name, script, monkeypatch)
    assert not open_page(ADDRESS)
    assert not opened.exists()


async def test_where_no_browser_opens_the_address_is_copied(
    archive_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _browser(tmp_path / "browser", "exit 1", monkeypatch)
    async with running(archive_path) as (app, pilot):
        app.browse(replace(app.opened_archive.articles()[0], url=ADDRESS))
        await until(pilot, lambda: app.clipboard == ADDRESS)
        assert any("no browser" in str(each.message) for each in app._notifications)


async def test_over_ssh_the_address_is_copied(archive_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_TTY", "/dev/pts/9")
    async with running(archive_path) as (app, _):
        app.browse(replace(app.opened_archive.articles()[0], url=ADDRESS))
        assert app.clipboard == ADDRESS
