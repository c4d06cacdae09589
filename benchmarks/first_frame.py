"""Time from process start to the first painted frame: an empty Textual app, Newsdesk, other programs.

Each start is a fresh Python process on a pseudo-terminal of 80 by 24, the kinds in turn, so that all see the same load
of the machine. The child stamps the monotonic clock, which all processes share, once the first refresh is over. Run
``python benchmarks/first_frame.py [starts] [--peer PYTHON=COMMAND]``: a peer is a Textual program, named by the Python
of the environment that it is installed in and the name of its command, such as ``peers/bin/python=elia``; it is stamped
after the first refresh that follows Textual's own word that it is ready. It prints JSON with medians in seconds.
"""

from __future__ import annotations

import argparse
import compileall
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
from collections.abc import Sequence
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
from tui import pauses
pauses.shorten()  # as the command does
from tui.app import NewsdeskApp
class Measured(NewsdeskApp):
    def on_mount(self):
        stamp(self)
    def _load(self):
        pass
Measured(config=lambda: None).run()
"""
PEER = """
import sys
from importlib.metadata import entry_points
from textual.app import App
ready = App._ready
async def stamped(self):
    await ready(self)
    stamp(self)
App._ready = stamped
command = entry_points(group="console_scripts")[sys.argv[2]]
sys.argv[1:], file = [], sys.argv[1]
def stamp(app, file=file):
    def painted():
        open(file, "w").write(repr(time.clock_gettime(time.CLOCK_MONOTONIC)))
        app.exit()
    app.call_after_refresh(painted)
command.load()()
"""


def first_frame(script: str, python: str = sys.executable, *arguments: str) -> float:
    """Seconds from the start of a process that runs ``script`` to its first frame."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "stamp")
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        if python == sys.executable:
            environ["PYTHONPATH"] = str(ROOT)
        else:  # a peer finds none of its user's settings, and keeps none
            environ |= {"HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder}
        started = time.clock_gettime(time.CLOCK_MONOTONIC)
        child = subprocess.Popen(
            [python, "-c", STAMP + script, str(file), *arguments],
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


def main(starts: int, peers: Sequence[str] = ()) -> dict[str, object]:
    """The medians, and Newsdesk's ratio to the empty app."""
    for package in ("qa", "tui"):  # as installing does
        compileall.compile_dir(ROOT / package, quiet=1)
    kinds = {"empty": (EMPTY,), "newsdesk": (NEWSDESK,)}
    for peer in peers:
        python, _, command = peer.rpartition("=")
        kinds[f"{command}_command"] = (PEER, python, command)
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    for start in range(starts + 1):
        for name, arguments in kinds.items():
            seconds = first_frame(*arguments)
            if start:  # the first of each fills the caches
                taken[name].append(seconds)
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    return {
        "starts": starts,
        **{f"{name}_s": round(median, 4) for name, median in medians.items()},
        "ratio": round(medians["newsdesk"] / medians["empty"], 3),
        "newsdesk_best_s": round(min(taken["newsdesk"]), 4),
        "newsdesk_worst_s": round(max(taken["newsdesk"]), 4),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("starts", type=int, nargs="?", default=15, help="starts of each program")
    parser.add_argument("--peer", action="append", default=[], metavar="PYTHON=COMMAND", help="another program")
    given = parser.parse_args()
    print(json.dumps(main(given.starts, given.peer), indent=2))
