"""A conversation of 500 turns: how long it takes to open it, to turn its pages up to the first turn and to ask.

All of it is real: a process of Newsdesk on a pseudo-terminal of 120 by 40, over an archive of invented articles and a
kept conversation of turns with five citations and ten passages each; its keys are pressed and what it paints is timed.
Run ``python benchmarks/long_conversation.py [turns] [runs]``; it prints JSON, medians of the runs in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

from terminal import CONVERSATIONS, DOWN, ENTER, PAGE_UP, Terminal, news_file, sentence

from qa.answers import Answer, Citations, Sentence
from qa.archive import Archive
from qa.articles import Article
from qa.config import load
from qa.passages import Passage

CONFIG = """
[archive]
path = "archive"
[ui]
resume = false
"""
ARTICLES = 300
TO_TOP = b"\x1b[1;5H"
"""Ctrl+Home."""
LAST = "What was the last word on"


def build(config: Path, turns: int) -> None:
    """An archive with a long conversation, and a short one that was added to later."""
    with Archive.open(config=load(config)) as archive:
        archive.ingest([news_file(config.parent / "news.jsonl", ARTICLES)])
        articles = archive.articles(limit=ARTICLES)
        chance = random.Random(2)
        session = None
        for number in range(turns):
            question = f"{LAST} the bridge?" if number == turns - 1 else f"Turn {number}: {sentence(chance)}"
            session = archive.sessions.append(turn(question, articles, chance), session)


def add_short(config: Path) -> None:
    """A conversation that was added to after the long one, so that it is the one resumed and listed first."""
    with Archive.open(config=load(config)) as archive:
        archive.sessions.append(turn("A short conversation?", archive.articles(limit=20), random.Random(3)))


def turn(question: str, articles: list[Article], chance: random.Random) -> Answer:
    """An answer of five quotes."""
    passages = tuple(passage(each, chance) for each in chance.sample(articles, 10))
    numbers = Citations()
    sentences = []
    for each in passages[:5]:
        quote = each.text.split(". ")[0]
        number = numbers.cite(each.article, each.start, each.start + len(quote))
        sentences.append(Sentence(quote, (number,), "quoted"))
    return Answer(
        question,
        "extractive",
        short="nine hundred people",
        sentences=tuple(sentences),
        citations=numbers.all(),
        passages=passages,
        confidence=0.8,
        short_confidence=0.7,
    )


def passage(article: Article, chance: random.Random) -> Passage:
    """One paragraph of an article, or two."""
    starts = [0, *(at + 2 for at in range(len(article.text)) if article.text.startswith("\n\n", at))]
    start = chance.choice(starts[:-1])
    end = min(start + 900, len(article.text))
    return Passage(f"{article.id}:{start}", article.text[start:end], start, end, 0.8, 0.6, 4.0, 0.9, article)


def run(config: Path) -> dict[str, float]:
    """Open, turn the pages, ask: milliseconds, and megabytes."""
    add_short(config)
    terminal = Terminal(config)
    try:
        terminal.painted("Palette")
        terminal.wait(4)
        before = terminal.memory()
        terminal.type(CONVERSATIONS)
        terminal.painted("A short conversation")
        terminal.still()
        terminal.type(DOWN)
        terminal.still()
        began = terminal.type(ENTER)
        opened = terminal.painted(LAST) - began
        settled = terminal.still(0.3) - began
        terminal.wait(3)
        pages = [page(terminal) for _ in range(25)]
        firsts, wholes = zip(*pages, strict=True)
        began = terminal.type(TO_TOP)
        top = terminal.painted("Turn 0:") - began
        terminal.still()
        began = terminal.type(b"How many people are from Harsk?" + ENTER)
        asked = terminal.painted("How many people are from Harsk?") - began
        answered = terminal.painted("searched") - began if terminal.shows("searched") else terminal.still(1) - began
        return {
            "open_ms": 1000 * opened,
            "open_still_ms": 1000 * settled,
            "page_median_ms": 1000 * statistics.median(firsts),
            "page_worst_ms": 1000 * max(firsts),
            "page_still_median_ms": 1000 * statistics.median(wholes),
            "page_still_worst_ms": 1000 * max(wholes),
            "top_ms": 1000 * top,
            "asked_ms": 1000 * asked,
            "answered_ms": 1000 * answered,
            "memory_before_mb": before,
            "memory_mb": terminal.memory(),
        }
    finally:
        terminal.close()


def page(terminal: Terminal) -> tuple[float, float]:
    """Seconds from a page key to the first painting that comes of it, and to the last."""
    began = terminal.type(PAGE_UP)
    return terminal.repainted() - began, terminal.still(0.2) - began


def main(turns: int, runs: int) -> dict[str, object]:
    """Medians of the runs."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.toml")
        config.write_text(CONFIG, encoding="utf-8")
        started = time.monotonic()
        build(config, turns)
        built = time.monotonic() - started
        found = [run(config) for _ in range(runs)]
    medians = {name: round(statistics.median(each[name] for each in found), 1) for name in found[0]}
    return {"turns": turns, "runs": runs, **medians, "built_s": round(built, 1), "load": round(os.getloadavg()[0], 1)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("turns", type=int, nargs="?", default=500, help="turns of the conversation")
    parser.add_argument("runs", type=int, nargs="?", default=3, help="starts of the app")
    arguments = parser.parse_args()
    print(json.dumps(main(arguments.turns, arguments.runs), indent=2))
