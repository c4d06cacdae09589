"""Time from process start to the first painted frame: an empty Textual app against Newsdesk.

Each start is a fresh Python process on a pseudo-terminal of 80 by 24, the two kinds in turn, so that both see the
same load of the machine. The child stamps the monotonic clock, which all processes share, once the first refresh is
over. Run ``python benchmarks/first_frame.py [starts]``; it prints JSON with medians in seconds.
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
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAMP = """
import sys, time
def stamp(app):
    def painted():
        open(sys.argv[1], "w").write(repr(time.clock_gettime(time.CLOCK_MONOTONIC)))
        app.exit()
    app.call_after_refresh(painted)
"""
EMPTY = """
from textual.app import App
class Measured(App):
    def on_mount(self):
        stamp(self)
Measured().run()
"""
NEWSDESK = """
from tui.app import NewsdeskApp
class Measured(NewsdeskApp):
    def _load(self):
        stamp(self)
Measured(config=lambda: None).run()
"""


def first_frame(script: str) -> float:
    """Seconds from the start of a process that runs ``script`` to its first frame."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "stamp")
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT)}
        started = time.clock_gettime(time.CLOCK_MONOTONIC)
        child = subprocess.Popen(
            [sys.executable, "-c", STAMP + script, str(file)],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env=environ,
            start_new_session=True,
        )
        os.close(follower)
        shown = _drain(leader, child)
        os.close(leader)
        if not file.is_file():
            raise SystemExit(shown.decode(errors="replace"))
        return float(file.read_text()) - started


def _drain(leader: int, child: subprocess.Popen[bytes]) -> bytes:
    """Read what the terminal is sent until the process ends: a full buffer would hold it."""
    shown = b""
    while child.poll() is None:
        if select.select([leader], [], [], 0.02)[0]:
            try:
                shown += os.read(leader, 65536)
            except OSError:
                break
    child.wait()
    return shown


def main(starts: int) -> dict[str, object]:
    """Both medians and their ratio."""
    first_frame(EMPTY), first_frame(NEWSDESK)  # bytecode and file caches
    empty, newsdesk = [], []
    for _ in range(starts):
        empty.append(first_frame(EMPTY))
        newsdesk.append(first_frame(NEWSDESK))
    medians = statistics.median(empty), statistics.median(newsdesk)
    return {
        "starts": starts,
        "empty_s": round(medians[0], 4),
        "newsdesk_s": round(medians[1], 4),
        "ratio": round(medians[1] / medians[0], 3),
        "newsdesk_best_s": round(min(newsdesk), 4),
        "newsdesk_worst_s": round(max(newsdesk), 4),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("starts", type=int, nargs="?", default=15, help="starts of each program")
    print(json.dumps(main(parser.parse_args().starts), indent=2))
