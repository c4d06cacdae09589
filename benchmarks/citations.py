"""Every citation of many questions, compared with its article; and how the sample questions fare.

    python benchmarks/citations.py DATA

asks the questions of RealTimeQA's January 2023 (113, answerable or not) over their articles, and those of
``tests/data/seed_questions.jsonl`` over the sample articles, and compares every citation and passage with
``article.text[start:end]``. DATA is as in realtimeqa.py. JSON on standard output.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from realtimeqa import asked_on, build, holds, load_period

import qa
from qa.config import load

ROOT = Path(__file__).parent.parent


class Tally:
    """Counts citations and passages that are, and are not, their article's words."""

    def __init__(self) -> None:
        self.questions = self.citations = self.passages = self.wrong = 0

    def add(self, answer: qa.Answer) -> None:
        """Count one answer."""
        self.questions += 1
        self.citations += len(answer.citations)
        self.passages += len(answer.passages)
        self.wrong += sum(c.article.text[c.start : c.end] != c.quote for c in answer.citations)
        self.wrong += sum(p.article.text[p.start : p.end] != p.text for p in answer.passages)


def samples(folder: Path, tally: Tally) -> dict[str, Any]:
    """Ask the sample questions; the shares of answers found and of refusals."""
    rows = [json.loads(line) for line in (ROOT / "tests/data/seed_questions.jsonl").read_text("utf-8").splitlines()]
    first = three = refused = 0
    kept: dict[str, list[bool]] = {"near": [], "far": []}
    with qa.Archive.open(folder, config=load(ROOT / "config.toml", environ={})) as archive:
        archive.sync()
        for row in rows:
            answer = archive.ask(row["question"], now=row["now"], mode="extractive")
            tally.add(answer)
            if row["answerable"]:
                hits = [holds(sentence.text, row["answers"]) for sentence in answer.sentences]
                first += bool(hits and hits[0])
                three += any(hits[:3])
                refused += answer.abstained
            else:
                kept[row["topic"]].append(not answer.abstained)
    n = sum(row["answerable"] for row in rows)
    return {
        "n": n,
        "sentence@1": round(first / n, 3),
        "sentence@3": round(three / n, 3),
        "false_refusals": round(refused / n, 3),
        **{f"false_answers_{topic}": f"{sum(found)} of {len(found)}" for topic, found in kept.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--archives", type=Path, default=Path(".benchmarks"))
    options = parser.parse_args()
    tally = Tally()
    questions, articles = load_period(options.data, "2023-01", "2023-01")
    with build(options.archives / "realtimeqa-2023-01-2023-01", articles) as archive:
        for row in questions:
            tally.add(archive.ask(row["question"], now=asked_on(row), mode="extractive"))
    found = samples(options.archives / "samples", tally)
    print(json.dumps({**vars(tally), "samples": found}))


if __name__ == "__main__":
    main()
