"""Retrieval and quoted answers over RealTimeQA's news: hit@k, MRR@10, sentence@k, short answers.

    python benchmarks/realtimeqa.py DATA --from 2023-01 --to 2023-03

DATA is the folder that holds ``2023.articles.jsonl`` and ``2023.questions.jsonl``. The archive is every article
that the period's questions list; answerable questions are asked with ``now`` at the end of the third day after
their date. A passage or sentence is a hit if a normalised answer occurs in it as whole words. Built archives stay
in ``--archives``; the result goes to standard output as JSON.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import qa
from qa.config import load

CUTS = (1, 3, 5, 10)


def normalised(text: str) -> str:
    """Lower case, punctuation to blanks, no articles, single blanks; blanks at both ends."""
    words = re.sub(r"[^\w\s]|_", " ", text.lower()).split()
    return " " + " ".join(word for word in words if word not in ("a", "an", "the")) + " "


def holds(text: str, answers: list[str]) -> bool:
    """Whether one of the answers occurs in the text as whole words."""
    target = normalised(text)
    return any(normalised(answer) in target for answer in answers if answer.strip())


def token_f1(given: str, answers: list[str]) -> float:
    """Token F1 against the best of the answers, both normalised; 0 without a short answer."""
    best = 0.0
    for answer in answers:
        left, right = Counter(normalised(given).split()), Counter(normalised(answer).split())
        common = (left & right).total()
        best = max(best, 2 * common / (left.total() + right.total()) if common else 0.0)
    return best


def load_period(data: Path, first: str, last: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The questions from month ``first`` to month ``last``, and the lines of the articles that they list."""
    with (data / "2023.questions.jsonl").open(encoding="utf-8") as lines:
        questions = [row for row in map(json.loads, lines) if first <= row["date"][:7] <= last]
    wanted = {name for row in questions for name in row["articles"]}
    with (data / "2023.articles.jsonl").open(encoding="utf-8") as lines:
        articles = [line for line in lines if json.loads(line)["id"] in wanted]
    return questions, articles


def build(folder: Path, articles: list[str]) -> qa.Archive:
    """The archive of these articles, made once."""
    archive = qa.Archive.open(folder, config=load(None, environ={}))
    source = folder / "articles.jsonl"
    if not source.is_file():
        source.write_text("".join(articles), encoding="utf-8")
    report = archive.ingest([source])
    print(f"{folder}: {report.articles} articles, {report.chunks} chunks, {report.seconds:.0f} s", file=sys.stderr)
    return archive


def asked_on(question: dict[str, Any]) -> date:
    """The day as of which a question is asked."""
    return date.fromisoformat(question["date"]) + timedelta(days=3)


def measure(archive: qa.Archive, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """Every figure over the answerable questions."""
    hits = dict.fromkeys(CUTS, 0)
    sentence_hits = {1: 0, 3: 0}
    short = {"given": 0, "em": 0, "f1": 0.0}
    reciprocal, refused, exact, times = 0.0, 0, True, []
    for row in questions:
        passages = archive.search(row["question"], limit=10, now=asked_on(row))
        ranks = [rank for rank, p in enumerate(passages, 1) if holds(p.text[:1200], row["answers"])]
        for cut in CUTS:
            hits[cut] += bool(ranks and ranks[0] <= cut)
        reciprocal += 1 / ranks[0] if ranks else 0
        started = time.perf_counter()
        answer = archive.ask(row["question"], now=asked_on(row), mode="extractive")
        times.append(time.perf_counter() - started)
        refused += answer.abstained
        short["given"] += bool(answer.short)
        short["em"] += any(normalised(answer.short) == normalised(each) for each in row["answers"])
        short["f1"] += token_f1(answer.short, row["answers"])
        exact &= all(c.article.text[c.start : c.end] == c.quote for c in answer.citations)
        for cut in sentence_hits:
            sentence_hits[cut] += any(holds(sentence.text, row["answers"]) for sentence in answer.sentences[:cut])
    n = len(questions)
    times.sort()
    return {
        "n": n,
        **{f"hit@{cut}": round(hits[cut] / n, 3) for cut in CUTS},
        "mrr@10": round(reciprocal / n, 3),
        **{f"sentence@{cut}": round(count / n, 3) for cut, count in sentence_hits.items()},
        **{f"short_{name}": round(count / n, 3) for name, count in short.items()},
        "false_refusals": round(refused / n, 3),
        "every_citation_exact": exact,
        "ask_ms": {"median": round(times[n // 2] * 1e3, 1), "p95": round(times[int(n * 0.95)] * 1e3, 1)},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--from", dest="first", default="2023-01", metavar="YYYY-MM")
    parser.add_argument("--to", dest="last", default="2023-03", metavar="YYYY-MM")
    parser.add_argument("--archives", type=Path, default=Path(".benchmarks"))
    options = parser.parse_args()
    questions, articles = load_period(options.data, options.first, options.last)
    with build(options.archives / f"realtimeqa-{options.first}-{options.last}", articles) as archive:
        found = measure(archive, [row for row in questions if row["answerable"]])
        count, chunks = archive.catalog.counts()
    period = f"{options.first} to {options.last}"
    print(json.dumps({"dataset": "RealTimeQA 2023", "period": period, "articles": count, "chunks": chunks, **found}))


if __name__ == "__main__":
    main()
