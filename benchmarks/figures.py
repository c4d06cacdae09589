"""The figures of docs/evaluation.md, one command each.

    python benchmarks/figures.py retrieval DATA     passages found, beside BM25 alone and plain LlamaIndex
    python benchmarks/figures.py answers DATA       sentences, short answers, refusals, every citation compared
    python benchmarks/figures.py several DATA       questions over several articles
    python benchmarks/figures.py refusal DATA       questions without an answer
    python benchmarks/figures.py rgb DATA           passages that hold the answer, and passages that do not
    python benchmarks/figures.py speed DATA         the time that a question takes in an archive of a year
    python benchmarks/figures.py attribution DATA   whether references support a claim, against annotators
    python benchmarks/figures.py perturbed DATA     sentences of the news with one thing changed, and left as they are
    python benchmarks/figures.py all DATA
    python benchmarks/figures.py docs [--check]     write the tables into docs/evaluation.md, or see that they are there

DATA holds the folders ``realtimeqa``, ``multihop``, ``rgb`` and ``attribution``; benchmarks/datasets.py says what is in
them. ``--from`` and ``--to`` choose other months of RealTimeQA; such figures are printed and not kept. Archives are
built once, under ``--archives``. Every figure comes with n and a 95% interval.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import tables
from attribution import attribution
from sections import SECTIONS as OF_SEARCH
from sections import Bench
from verdicts import perturbed

SECTIONS: dict[str, Callable[[Bench], Iterator[tables.Table]]] = {
    **OF_SEARCH,
    "attribution": lambda bench: attribution(bench.data / "attribution"),
    "perturbed": perturbed,
}


def measure(name: str, options: argparse.Namespace) -> None:
    """Measure a section, print its tables, and keep them unless the months are not the usual ones."""
    months = (options.first, options.last) if options.first else None
    found = tuple(SECTIONS[name](Bench(options.data, options.archives, months)))
    command = f"python benchmarks/figures.py {name} DATA" + (f" --from {months[0]} --to {months[1]}" if months else "")
    print(tables.markdown({"command": command, "tables": [each.as_json() for each in found]}))
    if months is None:
        print(f"kept in {tables.keep(name, command, found)}", file=sys.stderr)


def docs(*, check: bool) -> int:
    """Write the tables into docs/evaluation.md; with ``check``, only tell whether they differ, by the status 1."""
    text = tables.documented()
    if not check:
        tables.DOCS.write_text(text, encoding="utf-8")
    elif text != tables.DOCS.read_text("utf-8"):
        print(f"{tables.DOCS}: not the newest figures; run python benchmarks/figures.py docs", file=sys.stderr)
        return 1
    return 0


def main() -> int:
    """Run the command line; gives its status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="section", required=True)
    for name in (*SECTIONS, "all"):
        one = commands.add_parser(name)
        one.add_argument("data", type=Path)
        one.add_argument("--from", dest="first", metavar="YYYY-MM")
        one.add_argument("--to", dest="last", metavar="YYYY-MM")
        one.add_argument("--archives", type=Path, default=tables.ROOT / ".benchmarks")
    commands.add_parser("docs").add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.section == "docs":
        return docs(check=options.check)
    if bool(options.first) != bool(options.last):
        parser.error("--from and --to go together")
    for name in SECTIONS if options.section == "all" else [options.section]:
        measure(name, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
