"""What the command line prints: data to standard output, everything said about it to standard error, disarmed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.answers import Answer
    from qa.articles import Article
    from qa.catalog import Copy
    from qa.intake import IngestReport


def report_fields(report: IngestReport) -> dict[str, Any]:
    """An IngestReport as JSON."""
    failed, warnings = (
        [{"source": each.source, "error": each.error} for each in entries]
        for entries in (report.failed, report.warnings)
    )
    counts = {name: getattr(report, name) for name in ("added", "updated", "unchanged", "gone")}
    sizes = {name: getattr(report, name) for name in ("articles", "chunks", "pending")}
    rest = {"seconds": round(report.seconds, 3), "cancelled": report.cancelled}
    return {**counts, "failed": failed, "warnings": warnings, **sizes, **rest}


def say_report(report: IngestReport) -> None:
    """What came of an ingest, each failure and warning first."""
    for each in report.warnings:
        say(f"note: {each.source}: {each.error}")
    for each in report.failed:
        say(f"failed: {each.source}: {each.error}")
    counts = f"{report.added:,} added, {report.updated:,} updated, {report.unchanged:,} unchanged"
    if report.gone:
        counts += f", {report.gone:,} gone from their source"
    sizes = f"{counted(report.articles, 'article')}, {counted(report.chunks, 'passage')}"
    say(f"{counts}, {len(report.failed):,} failed; {sizes}, {report.seconds:.1f} s")
    if report.cancelled:
        say("Interrupted: what was stored stays, and the next ingest or sync goes on from there.")
    elif report.pending:
        pending = counted(report.pending, "passage")
        say(f"{pending} can be found by words only until embedded; 'newsdesk sync' goes on.")


def counted(number: int, noun: str) -> str:
    """``1 article``, ``2,000 articles``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def and_copies(article: Article, copies: Sequence[Copy]) -> str:
    """``, +2 copies (The Post, The Herald)``."""
    others = [copy for copy in copies if copy.id != article.id]
    if not others:
        return ""
    outlets = ", ".join(dict.fromkeys(copy.outlet for copy in others if copy.outlet))
    return f", +{len(others)} {'copy' if len(others) == 1 else 'copies'}" + (f" ({outlets})" if outlets else "")


def print_answer(answer: Answer, *, as_json: bool) -> None:
    """An answer with its citations, to read or as JSON."""
    if as_json:
        print_json(answer.as_json())
    else:
        print_lines(_answer_lines(answer))


def _answer_lines(answer: Answer) -> Iterator[str]:
    if answer.short:
        yield f"{answer.short}\n"
    yield answer.text
    for sentence in answer.sentences:
        if sentence.verdict not in ("quoted", "supported"):
            yield f"  ({sentence.verdict}: {sentence.text})"
    yield ""
    for citation in answer.citations:
        yield f"[{citation.number}] {origin(citation.article)}{and_copies(citation.article, answer.copies(citation))}"
        if not any(citation.quote == sentence.text for sentence in answer.sentences):
            yield f"    “{citation.quote}”"
    if not answer.sentences and answer.passages:
        yield "Nearest:"
        for passage in answer.passages[:3]:
            text = " ".join(passage.text.split())
            yield f"  - {origin(passage.article)}: {text[:160]}{'…' if len(text) > 160 else ''}"


def origin(article: Article) -> str:
    """Title, outlet, day and address."""
    published = article.published.isoformat()[:10] if article.published else "undated"
    return ", ".join(filter(None, (f"{article.title}", article.outlet, published, article.url)))


def print_lines(lines: Iterable[str]) -> None:
    """Lines of data, one at a time, so that a pager sees the first at once."""
    for line in lines:
        print(_disarmed(line))


def print_json(value: Any) -> None:
    """A value as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def say(text: str) -> None:
    """A line about the work."""
    print(_disarmed(text), file=sys.stderr)


def _disarmed(text: str) -> str:
    """Text without what a terminal would obey: control characters and direction overrides."""
    return "".join(c for c in text if c == "\n" or c.isprintable() or c == "\u00a0")
