"""An ingest killed at random moments, and searches beside an ingest: what is lost, doubled or wrong.

    python benchmarks/crashes.py DATA [--kills 50] [--searches 1000] [--seed 1]

Kills: 300 articles of RealTimeQA (of 100 to 250 words) are taken in by ``newsdesk ingest`` in a process that is killed
(SIGKILL) at a random moment, and again, five times an archive; then the ingest is run to its end. Afterwards the
archive must hold the 300, each of their passages once in each index, and ``newsdesk doctor`` must find nothing.

Searches: while one process takes 2,500 articles in, another asks 1,000 questions of the archive, from the moment that
it holds one. None may fail, and every passage must be its article's words. JSON on standard output.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import qa

ARTICLES, SEARCHED = 300, 2500
KILLS_AN_ARCHIVE = 5
PAUSE = 0.15
"""Seconds between two searches, so that they meet the whole of an ingest."""
NEWSDESK = (sys.executable, "-m", "qa.cli")


def choose(data: Path) -> list[str]:
    """Lines of so many articles of moderate length."""
    with (data / "2023.articles.jsonl").open(encoding="utf-8") as lines:
        moderate = (line for line in lines if 100 <= len(json.loads(line)["text"].split()) <= 250)
        return list(islice(moderate, ARTICLES))


def start(archive: Path, file: Path) -> subprocess.Popen[bytes]:
    """An ingest in a process of its own."""
    command = [*NEWSDESK, "--archive", str(archive), "ingest", str(file)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kills(file: Path, folder: Path, times: int, chance: random.Random) -> dict[str, Any]:
    """Kill, run again, compare; a run that ends before it is killed ends its archive."""
    begun = time.perf_counter()
    start(folder / "measured", file).wait()
    whole = time.perf_counter() - begun
    result = {"kills": 0, "archives": 0, "lost": 0, "doubled": 0, "orphaned": 0, "findings": 0}
    while result["kills"] < times:
        archive = folder / f"archive-{result['archives']}"
        for _ in range(KILLS_AN_ARCHIVE):
            process = start(archive, file)
            try:
                process.wait(chance.uniform(0.2, whole))
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                result["kills"] += 1
        start(archive, file).wait()
        compare(archive, result)
        result["archives"] += 1
        print(json.dumps(result), file=sys.stderr)
    return {**result, "seconds_uninterrupted": round(whole, 1)}


def compare(path: Path, result: dict[str, Any]) -> None:
    """Count what differs from one article each, one passage each."""
    with qa.Archive.open(path) as archive:
        articles = archive.articles()
        result["lost"] += ARTICLES - len({article.id for article in articles})
        result["doubled"] += len(articles) - len({article.url for article in articles})
        chunks = {row["id"] for row in archive.catalog.all("SELECT id FROM chunks")}
        for held in (archive.words.ids(), list(archive.vectors.ids())):
            result["lost"] += len(chunks - set(held))
            result["orphaned"] += len(set(held) - chunks)
            result["doubled"] += len(held) - len(set(held))
    command = [*NEWSDESK, "--archive", str(path), "doctor", "--json"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    result["findings"] += len(json.loads(found.stdout))


def searches(file: Path, folder: Path, times: int, chance: random.Random) -> dict[str, Any]:
    """Ask while another process takes articles in."""
    titles = [json.loads(line)["title"] for line in file.read_text("utf-8").splitlines()]
    errors, took, wrong, passages, grown, asked = list[str](), list[float](), 0, 0, 0, 0
    with qa.Archive.open(folder / "searched", create=True) as archive:
        process = start(archive.path, file)
        while not archive.catalog.counts()[0] and process.poll() is None:
            time.sleep(0.05)
        before = archive.catalog.generation("words") + archive.catalog.generation("vectors")
        while asked < times and process.poll() is None:
            asked += 1
            time.sleep(PAUSE)
            begun = time.perf_counter()
            try:
                found = archive.search(chance.choice(titles))
            except qa.NewsdeskError as error:
                errors.append(str(error))
                continue
            took.append(time.perf_counter() - begun)
            passages += len(found)
            wrong += sum(each.article.text[each.start : each.end] != each.text for each in found)
        grown = archive.catalog.generation("words") + archive.catalog.generation("vectors") - before
        process.kill()
        process.wait()
    return {
        "searches": asked,
        "median_ms": round(1000 * median(took), 1),
        "commits_meanwhile": grown,
        "passages": passages,
        "errors": len(errors),
        "wrong_offsets": wrong,
        "first_error": errors[0] if errors else "",
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--searches", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chosen = choose(options.data)
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "articles.jsonl"
        file.write_text("".join(chosen), "utf-8")
        result: dict[str, Any] = {"seed": options.seed}
        if options.kills:
            result["killed"] = kills(file, folder, options.kills, chance)
        if options.searches:
            many = folder / "many.jsonl"
            with (options.data / "2023.articles.jsonl").open(encoding="utf-8") as lines:
                many.write_text("".join(islice(lines, SEARCHED)), "utf-8")
            result["beside"] = searches(many, folder, options.searches, chance)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
