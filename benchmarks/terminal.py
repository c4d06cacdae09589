"""A process on a pseudo-terminal, for benchmarks that press its keys and time what it paints; invented news for it."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import random
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APP = "from qa.start import main; main()"
PATIENCE = 60.0
BLINK = 600
"""Bytes of a painting that is no more than the cursor's blinking."""
ENTER, UP, DOWN, PAGE_UP, LEAVE = b"\r", b"\x1b[A", b"\x1b[B", b"\x1b[5~", b"\x11"
CONVERSATIONS = b"\x1bOR"
"""F3."""
_CODES = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]")
PLACES = "Harsk Belmarin Castrel Olm Dravik Quill Tarn Vesley Orlen Mirow Kesten Lund".split()
_WHO = "the harbour office|the ministry|a witness|the mayor|counsel|the union|the operator|a court".split("|")
_DID = "reopened|denied|delayed|approved|inspected|rejected|welcomed|described|confirmed|repaired".split("|")
_WHAT = "the bridge|a budget|the ferry|the inquiry|new rules|the strike|a contract|the old mill|its accounts".split("|")


class Terminal:
    """The app on a pseudo-terminal; what it paints is read as it comes, by this thread alone."""

    def __init__(self, config: Path, *, columns: int = 120, rows: int = 40) -> None:
        self._leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT)}
        self._child = subprocess.Popen(
            [sys.executable, "-c", APP, "--config", str(config)],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env=environ,
            start_new_session=True,
        )
        os.close(follower)
        self._seen = b""

    def type(self, keys: bytes) -> float:
        """Press keys; the moment, in the clock's seconds. What was painted before does not count any more."""
        while self._read(0):
            pass
        self._seen = b""
        now = time.monotonic()
        os.write(self._leader, keys)
        return now

    def painted(self, words: str, patience: float = PATIENCE) -> float:
        """The moment at which words have arrived since the last keys. Raises SystemExit if they do not."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if words.encode() in _CODES.sub(b"", self._seen):
                return time.monotonic()
            self._read(0.1)
        raise SystemExit(f"{words!r} was not painted in {patience:g} s; the last was: {self._seen[-2000:]!r}")

    def still(self, seconds: float = 0.25) -> float:
        """The moment of the last painting, after which nothing was painted for so long."""
        last = time.monotonic()
        while time.monotonic() - last < seconds:
            before = len(self._seen)
            if self._read(0.01) and len(self._seen) - before > BLINK:
                last = time.monotonic()
        return last

    def repainted(self) -> float:
        """The moment of the first painting since the last keys that is more than a blinking."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if len(self._seen) > BLINK:
                return time.monotonic()
            self._read(0.1)
        raise SystemExit("nothing was painted")

    def shows(self, words: str) -> bool:
        """Whether words have been painted since the last keys."""
        return words.encode() in _CODES.sub(b"", self._seen)

    def wait(self, seconds: float) -> None:
        """Let the app go on, reading what it paints."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._read(left)

    def memory(self) -> float:
        """The most megabytes that the process has had."""
        status = Path(f"/proc/{self._child.pid}/status").read_text(encoding="utf-8")
        return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024

    def _read(self, seconds: float) -> bool:
        if not select.select([self._leader], [], [], seconds)[0]:
            return False
        self._seen = self._seen[-400_000:] + os.read(self._leader, 65536)
        return True

    def close(self) -> None:
        """Leave the app."""
        os.write(self._leader, LEAVE)
        until = time.monotonic() + PATIENCE
        while self._child.poll() is None and time.monotonic() < until:
            try:
                self._read(0.1)
            except OSError:  # the app has gone
                break
        self._child.wait(PATIENCE)
        os.close(self._leader)


def sentence(chance: random.Random) -> str:
    """A sentence of invented news, some twenty words long."""
    place, other = chance.sample(PLACES, 2)
    who, did, what = chance.choice(_WHO), chance.choice(_DID), chance.choice(_WHAT)
    day, count = chance.randint(1, 28), chance.randint(3, 900)
    return (
        f"In {place}, {who} {did} {what} on {day} March, and {chance.choice(_WHO)} said that {count} people from "
        f"{other} had {chance.choice(_DID)} {chance.choice(_WHAT)} before."
    )


def news_file(path: Path, articles: int, *, seed: int = 1, sentences: int = 24) -> Path:
    """A file of invented articles, each in paragraphs of four sentences."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        for number in range(articles):
            told = [sentence(chance) for _ in range(sentences)]
            text = "\n\n".join(" ".join(told[at : at + 4]) for at in range(0, sentences, 4))
            entry = {
                "title": f"{chance.choice(PLACES)} report {seed}-{number}",
                "text": text,
                "published": f"2026-03-{1 + number % 28:02}",
                "outlet": f"The {chance.choice(PLACES)} Courier",
                "url": f"https://news.example/{seed}/{number}",
            }
            file.write(json.dumps(entry) + "\n")
    return path
