"""``newsdesk serve``: the real server on this machine, asked by plain requests and by a real browser."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import httpx
import pytest
from playwright.async_api import Page, WebSocket, async_playwright

from tests.tui_fixtures import QUESTION, build_archive, copy_archive  # noqa: F401 - fixtures
from tui.serving import is_loopback

CHROMIUM = shutil.which("chromium")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\\\)|.)")


@contextmanager
def served(archive: Path, *options: str) -> Iterator[str]:
    """The address of a server, which is stopped afterwards."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("NEWSDESK_", "TEXTUAL"))}
    command = [sys.executable, "-m", "qa.cli", "--archive", str(archive), "serve", "--port", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ, cwd=archive) as process:
        assert process.stderr is not None
        try:
            found = re.search(r"http://\S+", process.stderr.readline())
            assert found is not None
            yield found[0]
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            finally:
                process.kill()


def test_a_page_is_for_this_machine_and_its_own_origin(archive_path: Path) -> None:
    with served(archive_path) as address:
        page = httpx.get(address)
        assert page.status_code == 200
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert not re.search(r"https?://(?!127\.0\.0\.1)", page.text)
        port = address.rstrip("/").rsplit(":", 1)[1]
        assert httpx.get(address, headers={"Host": f"evil.example:{port}"}).status_code == 403
        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        upgrade |= {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
        foreign = httpx.get(f"{address}ws", headers={**upgrade, "Origin": "http://evil.example"})
        assert foreign.status_code == 403


def test_with_a_token_only_its_owner_is_let_in_and_the_address_forgets_it(archive_path: Path) -> None:
    with served(archive_path, "--token") as address:
        bare = address.split("?")[0]
        assert httpx.get(bare).status_code == 401
        assert httpx.get(f"{bare}?token=guess").status_code == 401
        assert httpx.get(f"{bare}static/js/textual.js").status_code == 401
        with httpx.Client(follow_redirects=True) as client:
            page = client.get(address)
            assert page.status_code == 200
            assert "token" not in str(page.url)
            assert client.get(bare).status_code == 200


def test_beyond_this_machine_there_is_always_a_token(archive_path: Path) -> None:
    with served(archive_path, "--host", "0.0.0.0") as address:
        assert "?token=" in address


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("::1", True), ("[::1]", True), ("localhost", True), ("0.0.0.0", False), ("desk", False)],
)
def test_what_is_this_machine(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
async def test_the_app_behind_a_page_ends_with_the_server(archive_path: Path, end: signal.Signals) -> None:
    with served(archive_path) as address:
        server = _children(os.getpid())[-1]
        async with aiohttp.ClientSession() as client, client.ws_connect(f"{address}ws") as page:
            await asyncio.wait_for(page.receive_bytes(), 30)
            apps = _children(server)
            assert len(apps) == 1
            os.kill(server, end)
            for _ in range(200):
                if not Path(f"/proc/{apps[0]}").exists() or _ended(apps[0]):
                    return
                await asyncio.sleep(0.1)
    raise AssertionError("the app goes on without its server")


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _ended(process: int) -> bool:
    return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_a_port_that_is_taken_is_said(archive_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "qa.cli", "--archive", str(archive_path), "serve", "--port", port]
        ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert f"127.0.0.1:{port}" in ended.stderr
    assert "--port" in ended.stderr
    assert "Traceback" not in ended.stderr


# --- in a browser


class Watched:
    """What a page's terminal was sent: all of it, since a terminal's picture cannot be read back."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requested: list[str] = []
        self._sent = b""
        page.on("request", lambda request: self.requested.append(request.url))
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        self.requested.append(socket.url)
        socket.on("framereceived", self._received)

    def _received(self, frame: bytes | str) -> None:
        self._sent += frame if isinstance(frame, bytes) else b""

    def forget(self) -> None:
        """Begin anew."""
        self._sent = b""

    async def until(self, *words: str) -> None:
        """Wait until all of these were written."""
        for _ in range(600):
            shown = _ESCAPES.sub("", self._sent.decode(errors="replace"))
            if all(word in shown for word in words):
                return
            await self.page.wait_for_timeout(100)
        raise AssertionError(f"{words} did not come; there was: {shown[-2000:]}")


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian's package chromium)")
async def test_in_a_browser_one_asks_and_opens_a_citation(archive_path: Path, tmp_path: Path) -> None:
    with served(archive_path, "--token") as address:
        async with async_playwright() as driver:
            browser = await driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            page = await browser.new_page(viewport={"width": 1400, "height": 900})
            watched = Watched(page)
            await page.goto(address)
            await watched.until("5 articles", "Palette")
            opened = await page.screenshot(path=tmp_path / "opened.png")
            await page.keyboard.type(QUESTION)
            await page.keyboard.press("Enter")
            await watched.until("[1]", "citation")
            answered = await page.screenshot(path=tmp_path / "answered.png")
            watched.forget()
            await page.keyboard.press("Tab")
            await page.keyboard.press("1")
            await watched.until("Meridian", "Back")
            read = await page.screenshot(path=tmp_path / "read.png")
            assert len({opened, answered, read}) == 3
            assert all(urlsplit(each).hostname in ("127.0.0.1", None) for each in watched.requested)
            assert any(each.startswith("ws://127.0.0.1") for each in watched.requested)
            watched.forget()
            await page.reload()
            await watched.until("5 articles", QUESTION)  # the conversation is resumed
            await browser.close()
