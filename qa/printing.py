"""What the command line prints: data to standard output, everything said about it to standard error, disarmed."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qa.explanations import (
    SIGNS,
    agreed,
    contributions,
    evidence,
    faults,
    found_for,
    graded,
    hedged,
    meant,
    refusal,
    spent,
    understood,
    why,
)

if TYPE_CHECKING:
    from qa.answers import Answer, Citation, Disagreement, FactCheck, Sentence
    from qa.articles import Article
    from qa.catalog import Copy
    from qa.config import RankingSection
    from qa.evaluation import Evaluation, Figure, Outcome
    from qa.intake import IngestReport
    from qa.passages import Passage
    from qa.questions import Question

NEAREST_CHARACTERS = 160
"""Characters of a passage that are printed where there is no answer."""


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


def say_understood(question: Question) -> None:
    """What was read out of a question, in a line; nothing where nothing was."""
    if said := understood(question):
        say(said)


def print_answer(answer: Answer, *, as_json: bool) -> None:
    """An answer with its citations, to read or as JSON; how sure it is and what it took go to standard error."""
    if as_json:
        print_json(answer.as_json())
        return
    print_lines(_answer_lines(answer))
    sure = [evidence(answer)]
    if answer.short and answer.short_confidence:
        sure.append(f"short answer: {graded(answer.short_confidence)}")
    if answer.usage is not None:
        sure.append(spent(answer.usage))
    if said := "; ".join(filter(None, sure)):
        say(said)


def _answer_lines(answer: Answer) -> Iterator[str]:
    if answer.short:
        yield f"{hedged(answer)}{answer.short}\n"
    yield from (_differing(answer, each) for each in answer.disagreements)
    if answer.mode == "extractive" and answer.sentences:
        yield from (_sentence(each) for each in answer.sentences)
    else:
        yield answer.text
    if answer.sentences and answer.reason:
        yield f"\n{answer.reason}"
    if answer.mode == "generated":
        yield from _verdict_lines(answer.sentences)
    yield ""
    yield from _citation_lines(answer.citations, answer.sentences, answer)
    if not answer.sentences:
        yield from _refusal_lines(answer)


def _verdict_lines(sentences: Sequence[Sentence]) -> Iterator[str]:
    """``✗ contradicted: 38 people died. (“38”: the cited words have “28”)``, for what is not simply supported."""
    for each in sentences:
        why = faults(each)
        if each.verdict in SIGNS or why:
            sign = f"{SIGNS.get(each.verdict, '✓')} {each.verdict}"
            yield f"  {sign}: {each.text}" + (f" ({why})" if why else "")


def _citation_lines(
    citations: Sequence[Citation], sentences: Sequence[Sentence], answer: Answer | None = None
) -> Iterator[str]:
    for each in citations:
        copies = answer.copies(each) if answer is not None else ()
        yield f"[{each.number}] {origin(each.article)}{and_copies(each.article, copies)}"
        if not any(each.quote == sentence.text for sentence in sentences):
            yield f"    “{each.quote}”"


def print_check(checked: FactCheck, *, as_json: bool) -> None:
    """A text held against the archive: each sentence with its verdict, then what they are held against."""
    if as_json:
        from qa.answers.fields import check_fields

        print_json(check_fields(checked))
        return
    for each in checked.sentences:
        print_lines([f"{SIGNS.get(each.verdict, '✓')} {each.verdict}: {each.marked}"])
        print_lines(f"    {why}" for why in [faults(each)] if why)
    print_lines(["", *_citation_lines(checked.citations, checked.sentences)])
    counts = Counter(each.verdict for each in checked.sentences)
    say(f"{counted(len(checked.sentences), 'sentence')}: " + ", ".join(f"{n:,} {name}" for name, n in counts.items()))


def _sentence(sentence: Sentence) -> str:
    """``He resigned. [1] (He: Jorn Halvard) (said by 3 independent articles)``."""
    origins = f"({said})" if (said := agreed(sentence)) else ""
    return " ".join(filter(None, (sentence.marked, meant(sentence), origins)))


def _differing(answer: Answer, disagreement: Disagreement) -> str:
    """``The articles differ on people died: 29 [1], Meridian Wire, 2026-10-31 · 28 [2], Radio, 2026-04-12``."""
    cited = {each.number: each.article for each in answer.citations}
    sides = (
        f"{side.said} [{side.citation}]"
        + "".join(f", {part}" for part in (cited[side.citation].outlet, _day(cited[side.citation])) if part)
        for side in disagreement.sides
    )
    return f"The articles differ on {disagreement.about}: {' · '.join(sides)}\n"


def _refusal_lines(answer: Answer) -> Iterator[str]:
    why_not = refusal(answer)
    yield from why_not.searched
    if why_not.near:
        yield "Nearest:"
    for near in why_not.near:
        text = " ".join(near.passage.text.split())
        opening = text[:NEAREST_CHARACTERS] + ("…" if len(text) > NEAREST_CHARACTERS else "")
        yield f"  - {origin(near.passage.article)}: {opening}"
        if near.why:
            yield f"    {near.why}"
    if why_not.remedies:
        yield "You can: " + "; ".join(
            each.text + (f" (--without {each.what})" if each.what else "") for each in why_not.remedies
        )


def print_passages(
    question: Question, passages: Sequence[Passage], weights: RankingSection, *, explained: bool, as_json: bool
) -> None:
    """What a search found, best first; ``explained``: with every signal of the rank and its weight."""
    if as_json:
        from qa.answers.fields import search_fields

        print_json(search_fields(question, passages, weights))
        return
    for rank, each in enumerate(passages, 1):
        where = origin(each.article) + and_copies(each.article, each.copies)
        print_lines([f"{rank:>2}  {each.score:.3f}  {where}", f"    {each.text}"])
        if found_by := found_for(each, question):
            print_lines([f"    {found_by}"])
        if explained:
            print_lines(_signal_lines(question, each, weights))
        print_lines([""])
    if not passages:
        say("No passage matches.")


def _signal_lines(question: Question, passage: Passage, weights: RankingSection) -> Iterator[str]:
    if reasons := why(passage, weights, question.now):
        yield f"    {reasons}"
    counts = contributions(passage, weights)
    for name in sorted(counts, key=lambda name: -counts[name]):
        value, weight = getattr(passage.signals, name), getattr(weights, name)
        yield f"      {name:<10}{value:5.2f} × {weight:5.3f} = {counts[name]:5.3f}"


def print_evaluation(evaluation: Evaluation, *, as_json: bool, failed: bool = True) -> None:
    """What came of many questions: every figure, then (``failed``) those that went wrong, with what was found."""
    if as_json:
        print_json(
            {
                "questions": len(evaluation.outcomes),
                "figures": [each.as_json() for each in evaluation.figures],
                "kinds": {kind: [each.as_json() for each in some] for kind, some in evaluation.kinds.items()},
                "failed": [_failure_fields(each) for each in evaluation.failed],
            }
        )
    else:
        print_lines(_evaluation_lines(evaluation))
        print_lines(line for each in evaluation.failed if failed for line in _failure_lines(each))


def _evaluation_lines(evaluation: Evaluation) -> Iterator[str]:
    yield f"{'':<36}{'figure':>8}{'95% interval':>18}{'n':>7}"
    for each in evaluation.figures:
        yield f"{each.name:<36}{_number(each, each.value):>8}{_interval(each):>18}{each.n:>7,}"
    if evaluation.kinds:
        columns = ("hit@10", "all evidence@10", "sentence@1", "sentence@3", "false refusals", "false answers")
        yield ""
        yield f"{'kind':<16}" + "".join(f"{name:>16}" for name in columns) + f"{'n':>6}"
        for kind, figures in evaluation.kinds.items():
            by_name = {each.name: each for each in figures}
            cells = (_number(by_name[name], by_name[name].value) if name in by_name else "" for name in columns)
            asked = sum(by_name[name].n for name in ("false refusals", "false answers") if name in by_name)
            yield f"{kind:<16.16}" + "".join(f"{cell:>16}" for cell in cells) + f"{asked:>6,}"


def _number(figure: Figure, value: float) -> str:
    """Shares as ``.681``, milliseconds as whole numbers."""
    return f"{value:,.0f}" if figure.name.endswith(" ms") else f"{value:.3f}".removeprefix("0")


def _interval(figure: Figure) -> str:
    return f"{_number(figure, figure.low)} to {_number(figure, figure.high)}"


def _failure_lines(outcome: Outcome) -> Iterator[str]:
    case, answer = outcome.case, outcome.answer
    yield f"\n{case.question}"
    yield f"  {outcome.failure}{f' ({case.where})' if case.where else ''}"
    for name, texts in (("expected", case.answers), ("missing", outcome.missing), ("not found", outcome.unfound)):
        if texts:
            yield f"  {name}: {' | '.join(texts)}"
    articles = {each.number: each.article for each in answer.citations}
    for sentence in answer.sentences:
        cited = "; ".join(origin(articles[number]) for number in sentence.citations)
        yield f"  said: {sentence.text} [{cited}]"
    if answer.abstained:
        yield f"  confidence: {answer.confidence:.2f}"
    if outcome.rank:
        yield f"  passage {outcome.rank}: {origin(outcome.passages[outcome.rank - 1].article)}"


def _failure_fields(outcome: Outcome) -> dict[str, Any]:
    return {
        "where": outcome.case.where,
        "question": outcome.case.question,
        "failure": outcome.failure,
        "expected": list(outcome.case.answers),
        "missing_evidence": list(outcome.missing),
        "articles_not_found": list(outcome.unfound),
        "rank": outcome.rank,
        "confidence": round(outcome.answer.confidence, 4),
        "answer": outcome.answer.as_json(),
    }


def origin(article: Article) -> str:
    """Title, outlet, day and address."""
    return ", ".join(filter(None, (f"{article.title}", article.outlet, _day(article), article.url)))


def _day(article: Article) -> str:
    return article.published.isoformat()[:10] if article.published else "undated"


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
