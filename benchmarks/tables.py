"""Tables of figures: kept as JSON under ``benchmarks/results``, written into ``docs/evaluation.md`` between markers.

``<!-- retrieval -->`` and ``<!-- /retrieval -->`` enclose what comes from the newest results' ``retrieval``. The prose
around them is written by hand and stays.
"""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from qa.evaluation.figures import Figure

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results"
DOCS = ROOT / "docs" / "evaluation.md"


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured on one thing."""

    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the same figures, over one set of questions."""

    title: str
    rows: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        """The table for ``json.dumps``."""
        rows = [{"name": row.name, "figures": [each.as_json() for each in row.figures]} for row in self.rows]
        return {"title": self.title, "rows": rows}


def keep(section: str, command: str, tables: Sequence[Table]) -> Path:
    """Merge a section into today's results; gives their file."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{date.today().isoformat()}.json"
    results = json.loads(file.read_text("utf-8")) if file.is_file() else {"date": date.today().isoformat()}
    results.setdefault("machine", f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}")
    results[section] = {"command": command, "tables": [table.as_json() for table in tables]}
    file.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def newest() -> dict[str, Any]:
    """The sections of all results, the newest of each."""
    found: dict[str, Any] = {}
    for file in sorted(RESULTS.glob("????-??-??.json")):
        found |= json.loads(file.read_text("utf-8"))
    return found


def documented() -> str:
    """``docs/evaluation.md`` with its tables as the newest results have them."""
    results = newest()

    def filled(match: re.Match[str]) -> str:
        section = results.get(match["name"])
        if section is None:
            return match[0]
        return f"<!-- {match['name']} -->\n{markdown(section)}<!-- /{match['name']} -->"

    return re.sub(r"<!-- (?P<name>\w+) -->\n.*?<!-- /(?P=name) -->", filled, DOCS.read_text("utf-8"), flags=re.DOTALL)


def markdown(section: dict[str, Any]) -> str:
    """The tables of a section, and the command that made them."""
    parts = []
    for table in section["tables"]:
        names = list(dict.fromkeys(each["metric"] for row in table["rows"] for each in row["figures"]))
        lines = [f"**{table['title']}**", "", f"| | {' | '.join(names)} | n |", "|---" * (len(names) + 2) + "|"]
        lines += [_row(row, names) for row in table["rows"]]
        parts.append("\n".join(lines) + "\n")
    return "\n" + "\n".join(parts) + f"\n    {section['command']}\n\n"


def _row(row: dict[str, Any], names: Iterable[str]) -> str:
    """One n at the end where all figures share it, else one beside each figure."""
    figures = {each["metric"]: each for each in row["figures"]}
    sizes = {each["n"] for each in row["figures"]}
    cells = [_cell(figures[name], alone=len(sizes) > 1) if name in figures else "" for name in names]
    return f"| {row['name']} | {' | '.join(cells)} | {f'{sizes.pop():,}' if len(sizes) == 1 else ''} |"


def _cell(figure: dict[str, Any], *, alone: bool) -> str:
    """``.639 (.57 to .70)``; times in whole milliseconds."""
    value, (low, high) = figure["value"], figure["interval"]
    if figure["metric"].endswith(" ms"):
        text = f"{value:,.0f} ({low:,.0f} to {high:,.0f})"
    else:
        text = re.sub(r"(?<!\d)0\.", ".", f"{value:.3f} ({low:.2f} to {high:.2f})")
    return f"{text}, n = {figure['n']:,}" if alone else text
