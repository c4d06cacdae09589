"""Time from a key to its letter on the screen, while an answer streams at 200 tokens a second and articles come in.

All of it is real but the model: a process of Newsdesk on a pseudo-terminal of 120 by 40, its keyboard, an HTTP server
on the loopback in a process of its own that streams sentences with citations, and a source of invented articles that
is read and embedded meanwhile. Letters are typed at a person's pace into the prompt; each is timed until its line has
arrived at the terminal. Run ``python benchmarks/keystrokes.py [letters] [runs]``; it prints JSON in milliseconds: for
each run, and the medians of all runs, with the load of the machine.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import statistics
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from terminal import ENTER, PLACES, Terminal, news_file

from qa.archive import Archive
from qa.config import load

CONFIG = """
[archive]
path = "archive"
[ui]
resume = false
[answer]
model = "scripted"
base_url = "http://127.0.0.1:{port}/v1"
repair = false
{sources}
"""
SOURCES = """
[[sources]]
path = "incoming.jsonl"
"""
INCOMING = 600
"""Articles that are read and embedded while the letters are typed."""
PER_SECOND = 200
ANSWER = 900
"""Tokens of an answer; the next question waits for its end, so that there is always one that streams."""
QUESTION = "What did the operator say about the bridge in {place}?"
SECONDS = 3.0
"""The least that a question and its answer take."""
PAUSE = 0.06, 0.18
"""Seconds between two letters."""
LINE = 50
TYPED = "qxzjvkwy"
ERASE = b"\x7f"
SENTENCE = "The operator said that people from Harsk had inspected the bridge before it was reopened in March [{n}]. "


def sentence(number: int) -> str:
    """One of the answer's; four make a paragraph."""
    return SENTENCE.format(n=1 + number % 9) + ("\n\n" if number % 4 == 3 else "")


class _Model(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Stream sentences, a token at a time."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        began, sent = time.monotonic(), 0
        words = (word for n in range(10**6) for word in sentence(n).split(" "))
        try:
            while sent < ANSWER:
                due = int((time.monotonic() - began) * PER_SECOND)
                for _ in range(due - sent):
                    self.wfile.write(_chunk({"content": next(words) + " "}))
                    self.wfile.flush()
                sent = due
                time.sleep(1 / PER_SECOND)
            self.wfile.write(_chunk({}, "stop") + b"data: [DONE]\n\n")
        except (BrokenPipeError, ConnectionResetError):  # whoever asked has left
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


def _chunk(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    told = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [choice]}
    return f"data: {json.dumps(told)}\n\n".encode()


def serve(port: Connection) -> None:
    """The model, until its process ends; tells where it listens."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Model) as server:
        port.send(server.server_address[1])
        server.serve_forever()


def run(port: int, letters: int, *, busy: bool) -> list[float]:
    """Milliseconds for each letter, in an archive of its own; not ``busy``: no answer, nothing that comes in."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.toml")
        config.write_text(CONFIG.format(port=port, sources=""), encoding="utf-8")
        with Archive.open(config=load(config)) as archive:
            archive.ingest([news_file(Path(folder, "news.jsonl"), 100)])
        if busy:
            news_file(Path(folder, "incoming.jsonl"), INCOMING, seed=7)
            config.write_text(CONFIG.format(port=port, sources=SOURCES), encoding="utf-8")
        terminal = Terminal(config)
        try:
            terminal.painted("Palette")
            terminal.painted("articles")
            if busy:
                for number in range(round(letters * statistics.mean(PAUSE) / SECONDS) + 2):
                    terminal.type(QUESTION.format(place=PLACES[number % len(PLACES)]).encode() + ENTER)
                    terminal.wait(0.1)
                terminal.painted("operator said that people")
                terminal.wait(1)
            else:
                terminal.wait(4)
            return type_letters(terminal, letters)
        finally:
            terminal.close()


def type_letters(terminal: Terminal, letters: int) -> list[float]:
    """Lines of letters, each erased again."""
    chance = random.Random(4)
    times: list[float] = []
    while len(times) < letters:
        line = "".join(chance.choices(TYPED, k=LINE))
        for end in range(1, LINE + 1):
            terminal.wait(chance.uniform(*PAUSE))
            began = terminal.type(line[end - 1].encode())
            times.append(1000 * (terminal.painted(line[:end], 10) - began))
        for _ in range(LINE):
            terminal.type(ERASE)
        terminal.wait(0.5)
    return times


def main(letters: int, runs: int, *, busy: bool) -> dict[str, object]:
    """The figures."""
    ours, its = multiprocessing.Pipe()
    model = multiprocessing.get_context("spawn").Process(target=serve, args=(its,), daemon=True)
    model.start()
    port = ours.recv()
    found = []
    for _ in range(runs):
        load_before = os.getloadavg()[0]
        times = run(port, letters, busy=busy)
        found.append(
            {
                "median_ms": round(statistics.median(times), 1),
                "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
                "worst_ms": round(max(times), 1),
                "load": [round(load_before, 1), round(os.getloadavg()[0], 1)],
            }
        )
    model.terminate()
    medians = {name: statistics.median(each[name] for each in found) for name in ("median_ms", "p95_ms", "worst_ms")}
    return {"letters": letters, "busy": busy, **medians, "runs": found}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("letters", type=int, nargs="?", default=150, help="letters typed in each run")
    parser.add_argument("runs", type=int, nargs="?", default=3, help="starts of the app")
    parser.add_argument("--idle", action="store_true", help="with no answer and nothing coming in")
    arguments = parser.parse_args()
    print(json.dumps(main(arguments.letters, arguments.runs, busy=not arguments.idle), indent=2))
