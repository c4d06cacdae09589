"""Time from a model's first token to the screen: from the bytes leaving the server to those arriving at the terminal.

All of it is real but the model: a process of Newsdesk on a pseudo-terminal of 100 by 40 over the sample articles, its
keyboard, and an HTTP server on the loopback that sends the first token once the request is read and the rest half a
second later. Server and terminal are this process, so that both moments are on one clock. A first question is not
counted: it loads the client. Run ``python benchmarks/first_token.py [questions]``; it prints JSON, times in
milliseconds.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from qa.archive import Archive
from qa.config import load

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "How many people are known to have died in the ferry accident?"
APP = """
import sys
from pathlib import Path
from qa.config import load
from tui.running import run_app
sys.exit(run_app(lambda: load(Path(sys.argv[1]))))
"""
CONFIG = """
[archive]
path = "archive"
[answer]
model = "scripted"
base_url = "http://127.0.0.1:{port}/v1"
repair = false
"""
REST = 0.5
"""Seconds between the first token and the rest."""
PATIENCE = 60.0
ENTER, NEW, LEAVE = b"\r", b"\x0e", b"\x11"


class Model(ThreadingHTTPServer):
    """Answers each request with a first token of its own; ``sent`` is when the last one was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked = 0
        self.sent = 0.0

    @property
    def token(self) -> str:
        """What the answer to the last request begins with."""
        return f"Token{self.asked}begins"


class _Handler(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.server.asked += 1
        self._write(_chunk({"role": "assistant", "content": ""}))
        first = _chunk({"content": self.server.token})
        self.server.sent = time.monotonic()
        self._write(first)
        time.sleep(REST)
        self._write(_chunk({"content": " what is known [1]."}), _chunk({}, "stop"))
        counted = {"prompt_tokens": 5000, "completion_tokens": 9, "total_tokens": 5009}
        self._write({**_chunk({}), "choices": [], "usage": counted}, "[DONE]")

    def _write(self, *events: dict[str, Any] | str) -> None:
        for each in events:
            self.wfile.write(f"data: {each if isinstance(each, str) else json.dumps(each)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


def _chunk(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [choice]}


class Terminal:
    """A process on a pseudo-terminal; what it paints is read as it comes."""

    def __init__(self, command: list[str]) -> None:
        self._leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT)}
        self._child = subprocess.Popen(
            command, stdin=follower, stdout=follower, stderr=follower, env=environ, start_new_session=True
        )
        os.close(follower)

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._leader, keys)

    def painted(self, words: str) -> float:
        """The moment at which words have arrived, in the clock's seconds. Raises SystemExit if they do not."""
        seen, until = b"", time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if select.select([self._leader], [], [], 0.1)[0]:
                seen = seen[-200:] + os.read(self._leader, 65536)
                if words.encode() in seen:
                    return time.monotonic()
        raise SystemExit(f"{words!r} was not painted in {PATIENCE:g} s; the last was: {seen[-2000:]!r}")

    def close(self) -> None:
        """Leave the app."""
        self.type(LEAVE)
        until = time.monotonic() + PATIENCE
        while self._child.poll() is None and time.monotonic() < until:
            if select.select([self._leader], [], [], 0.1)[0]:
                try:
                    os.read(self._leader, 65536)
                except OSError:  # the app has gone
                    break
        self._child.wait(PATIENCE)
        os.close(self._leader)


@contextmanager
def newsdesk(model: Model) -> Iterator[Terminal]:
    """The app over the sample articles, ready to be asked."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.toml")
        config.write_text(CONFIG.format(port=model.server_address[1]), encoding="utf-8")
        with Archive.open(config=load(config)) as archive:
            archive.ingest([ROOT / "seeds"])
        terminal = Terminal([sys.executable, "-c", APP, str(config)])
        try:
            terminal.painted("Palette")
            yield terminal
        finally:
            terminal.close()


def first_token(terminal: Terminal, model: Model) -> float:
    """Seconds from the first token's being sent to its being painted, for one question."""
    terminal.type(QUESTION.encode() + ENTER)
    painted = terminal.painted(f"Token{model.asked + 1}begins")
    terminal.painted("citation")
    terminal.type(NEW)
    terminal.painted("Ask the archive")
    return painted - model.sent


def main(questions: int) -> dict[str, object]:
    """The figures."""
    with Model() as model:
        threading.Thread(target=model.serve_forever, daemon=True).start()
        with newsdesk(model) as terminal:
            first_token(terminal, model)
            times = [1000 * first_token(terminal, model) for _ in range(questions)]
        model.shutdown()
    return {
        "questions": questions,
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
        "best_ms": round(min(times), 1),
        "worst_ms": round(max(times), 1),
        "load": round(os.getloadavg()[0], 1),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=int, nargs="?", default=40, help="questions asked, 2 or more")
    print(json.dumps(main(parser.parse_args().questions), indent=2))
