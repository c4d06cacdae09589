"""What was understood, how sure an answer is, why there is none, why a passage ranks: in words, for both front ends.

It decides nothing: it says what a ``Question``, an ``Answer`` and a ``Passage`` hold. Words of articles and questions
are passed on as they are; whoever shows them disarms them. Nothing of the core is imported, so that it costs a first
frame nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.answers import Answer, Sentence, Verdict
    from qa.config import RankingSection
    from qa.inferences import Inference, What
    from qa.models import Usage
    from qa.passages import Passage
    from qa.questions import Question
    from qa.verification import Finding

NAMES: Mapping[What, str] = {
    "window": "dates",
    "newest": "newest first",
    "outlet": "outlets",
    "author": "authors",
    "required": "exact words",
    "excluded": "what is left out",
    "parts": "parts",
    "follow-up": "the turns before",
}
"""The kinds of what can be read out of a question, for the reader."""

STRONG, FAIR = 0.8, 0.6
"""Probabilities from which evidence is called so."""
NEAREST = 3
"""Passages that are named where there is no answer."""
WORTH_SAYING = 0.5
"""Value from which a signal is a reason."""
REASONS = 3
"""Most reasons that are given for a passage."""


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(moment: date | None) -> str:
    """A day in eleven columns at most, ``19 Oct 2026``; the same in every locale."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}" if moment else "undated"


# --- what was understood


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything of one kind that was read out of a question, in words; it is removed as a whole."""

    what: What
    text: str


def readings(question: Question) -> list[Reading]:
    """What was read out of a question, one for each kind, in the order in which it was read."""
    kinds = dict.fromkeys(each.what for each in question.inferences)
    return [Reading(what, _read(what, question)) for what in kinds]


def understood(question: Question) -> str:
    """``understood: last week (2026-11-09 to 2026-11-15) · BBC``; empty where nothing was read out of it."""
    said = " · ".join(reading.text for reading in readings(question))
    return f"understood: {said}" if said else ""


def _read(what: What, question: Question) -> str:
    found = [each for each in question.inferences if each.what == what]
    if what == "follow-up":
        return f"follow-up: {question.standalone}"
    if what == "parts":
        return f"in {len(found)} parts: " + "; ".join(_part(each) for each in found)
    said = ", ".join(dict.fromkeys(_one(each) for each in found))
    return {"author": f"by {said}", "required": f"with the words “{said}”", "excluded": f"not {said}"}.get(what, said)


def _one(inference: Inference) -> str:
    dated = inference.what in ("window", "newest")
    return f"{inference.words} ({inference.meaning})" if dated else inference.meaning


def _part(inference: Inference) -> str:
    apart = inference.meaning == "searched for apart"
    return f"“{inference.words}”" + ("" if apart else f" ({inference.meaning})")


def found_for(passage: Passage, question: Question | None) -> str:
    """``for: ...``: the parts of the question that a passage was found for; empty for a question of one part."""
    searches = question.searches if question is not None and passage.parts else ()
    parts = [searches[number - 1] for number in passage.parts if number <= len(searches)]
    said = (each.text if question and each in question.parts else ", ".join(each.limits.outlets) for each in parts)
    return "for: " + "; ".join(said) if parts else ""


# --- how sure


def strength(probability: float) -> str:
    """A probability in one word."""
    return "strong" if probability >= STRONG else "fair" if probability >= FAIR else "thin"


def graded(probability: float) -> str:
    """``fair (0.71)``."""
    return f"{strength(probability)} ({probability:.2f})"


def hedged(answer: Answer) -> str:
    """``perhaps ``, before a short answer that is thin; else empty."""
    return "perhaps " if answer.short_confidence and strength(answer.short_confidence) == "thin" else ""


def evidence(answer: Answer) -> str:
    """``evidence: fair (0.71)``; empty where it was not weighed."""
    if not answer.confidence:
        return ""
    weak = f"too thin ({answer.confidence:.2f})"
    return f"evidence: {weak if answer.abstained else graded(answer.confidence)}"


def meant(sentence: Sentence) -> str:
    """``(He: Jorn Halvard)``: whom or what the pronoun of a quote means; empty where it stands alone."""
    if not sentence.means:
        return ""
    pronoun = _PRONOUN.search(sentence.text)
    return f"({pronoun[0]}: {sentence.means})" if pronoun else f"({sentence.means})"


def agreed(sentence: Sentence) -> str:
    """``said by 3 independent articles``; empty for one."""
    return f"said by {sentence.origins} independent articles" if sentence.origins > 1 else ""


_PRONOUN = re.compile(r"\b(?:he|she|it|they|him|her|them|his|hers|its|theirs?|this|that|these|those)\b", re.IGNORECASE)


# --- what was checked

SIGNS: Mapping[Verdict, str] = {
    "partly supported": "⚠",
    "unsupported": "✗",
    "contradicted": "✗",
    "no citation": "?",
}
"""Signs beside a sentence that is not simply supported; the verdict stands beside them in words."""


def fault(finding: Finding, sentence: str = "") -> str:
    """``“38” is not in the cited words``, ``“38”: the cited words have “28”``; of a whole ``sentence`` without it."""
    if finding.kind == "words" and finding.text.strip(" .") == sentence.strip(" ."):
        return "the cited words do not say it"
    if finding.kind == "speaker" and finding.said:
        return f"“{finding.text}” does not say it; “{finding.said}” does"
    if finding.kind == "quotation":
        near = f"; the nearest is “{finding.said}”" if finding.said else ""
        return f"“{finding.text}” is not quoted word for word{near}"
    if finding.said:
        return f"“{finding.text}”: the cited words have “{finding.said}”"
    return f"“{finding.text}” is not in the cited words"


def faults(sentence: Sentence) -> str:
    """All that is wrong with a sentence, and what was done about it; empty where nothing is or was."""
    said = [fault(each, sentence.text) for each in sentence.reasons]
    if sentence.corrected:
        said.append("citation corrected" if sentence.verdict == "supported" else "evidence found by the check")
    if sentence.written:
        said.append(f"mended from “{sentence.written}”")
    return "; ".join(said)


def spent(usage: Usage) -> str:
    """``1,240 tokens in (900 cached), 85 out · first word after 0.8 s · 0.0012 USD``."""
    parts = ["tokens not counted by the server"]
    if usage.known:
        cached = f" ({usage.cached:,} cached)" if usage.cached else ""
        parts = [f"{usage.tokens_in:,} tokens in{cached}, {usage.tokens_out:,} out"]
    if usage.calls > 1:
        parts.append(f"{usage.calls} requests")
    if usage.first_token is not None:
        parts.append(f"first word after {usage.first_token:.1f} s")
    if usage.cost is not None:
        parts.append(f"{usage.cost:.4f} {usage.currency}")
    return " · ".join(parts)


# --- why not


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something that one can do. ``what``: the kind of reading to ask again without; None where it is no reading."""

    text: str
    what: What | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """A passage that comes near, by its place in the answer's passages, and why it does not do, empty if unknown."""

    index: int
    passage: Passage
    why: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was searched, in sentences, the nearest articles' passages, and what one can do."""

    searched: tuple[str, ...]
    near: tuple[Near, ...]
    remedies: tuple[Remedy, ...]


def refusal(answer: Answer) -> Refusal:
    """Why there is no answer; of one that an earlier version kept, the nearest passages are known, no more."""
    known = answer.absence.near if answer.absence is not None else ()
    near: dict[str, Near] = {}
    for index, passage in enumerate(answer.passages):
        near.setdefault(passage.article.id, Near(index, passage, known[index] if index < len(known) else ""))
    nearest, asked = tuple(near.values())[:NEAREST], answer.asked
    if asked is None:
        return Refusal((), nearest, ())
    return Refusal(tuple(_searched(answer, asked)), nearest, tuple(_remedies(answer, asked)))


def _searched(answer: Answer, asked: Question) -> Iterator[str]:
    articles = "" if answer.absence is None else f" in {_counted(answer.absence.articles)}"
    limits = " · ".join(_limits(asked))
    yield f"Searched for “{asked.standalone}”{articles}" + (f": {limits}." if limits else ".")
    if asked.unknown_outlets:
        yield f"No article by {_either(asked.unknown_outlets)} in this archive."


def _limits(asked: Question) -> Iterator[str]:
    """What narrowed the search, the asker's limits and those read out of the words."""
    if asked.since is not None:
        yield f"from {asked.since.isoformat()[:10]}"
    if asked.until is not None:
        yield f"until {asked.until.isoformat()[:10]}"
    if asked.as_of:
        yield f"as of {asked.now.isoformat()[:10]}"
    if _is_dated(asked):
        times = (each.meaning for each in asked.inferences if each.what == "window")
        yield from (each for each in times if not each.startswith("around "))
    if asked.window.outlets:
        yield _either(asked.window.outlets)
    if asked.authors:
        yield f"by {_either(asked.authors)}"
    yield from (f"with the words “{words}”" for words in asked.required)


def _remedies(answer: Answer, asked: Question) -> Iterator[Remedy]:
    """Only what can change the outcome: lifting a limit that is in force."""
    if _is_dated(asked) or any(_is_dated(part) for part in asked.parts):
        yield Remedy("search all dates", "window")
    if asked.limits.outlets or any(part.limits.outlets for part in asked.parts):
        yield Remedy("search all outlets", "outlet")
    if asked.authors:
        yield Remedy("search all authors", "author")
    if asked.required:
        yield Remedy("do without the exact words", "required")
    if any(each.what == "follow-up" for each in asked.inferences):
        yield Remedy("ask it apart from the turns before", "follow-up")
    if asked.since is not None or asked.until is not None or asked.as_of:
        yield Remedy("set other dates")
    if asked.outlets:
        yield Remedy("set other outlets")
    if answer.absence is not None and not answer.absence.articles and not tuple(_limits(asked)):
        yield Remedy("add articles to the archive")


def _is_dated(asked: Question) -> bool:
    return (asked.limits.earliest, asked.limits.latest) != (None, None)


def _counted(articles: int) -> str:
    return f"{articles:,} article" + ("" if articles == 1 else "s")


def _either(names: Sequence[str]) -> str:
    """``A``, ``A or B``, ``A, B or C``."""
    *rest, last = names
    return f"{', '.join(rest)} or {last}" if rest else last


# --- why it ranks

_FAMILIES = (
    ("match",),
    ("cover", "near", "article"),
    ("kind",),
    ("agreement",),
    ("recent", "focus", "newest"),
    ("lead",),
)
"""Signals of one kind; the strongest of a family speaks for it."""


def why(passage: Passage, weights: RankingSection, now: datetime) -> str:
    """The strongest reasons for a passage's rank, up to ``REASONS``; empty where no signal was kept."""
    counts = contributions(passage, weights)
    values = asdict(passage.signals)
    best = [max(family, key=lambda name: counts[name]) for family in _FAMILIES]
    told = sorted((name for name in best if values[name] >= WORTH_SAYING), key=lambda name: -counts[name])
    return "; ".join(_reason(name, passage, now) for name in told[:REASONS])


def contributions(passage: Passage, weights: RankingSection) -> dict[str, float]:
    """What each signal adds to the score: its value times its weight."""
    return {name: value * getattr(weights, name) for name, value in asdict(passage.signals).items()}


def _reason(name: str, passage: Passage, now: datetime) -> str:
    if name == "match":
        matched = [kind for kind, score in (("words", passage.words), ("meaning", passage.meaning)) if score > 0]
        return f"matches the question’s {' and '.join(matched) or 'words'}"
    if name == "recent":
        return _age(passage, now)
    much = "all" if getattr(passage.signals, name) > 0.99 else "most"
    return {
        "cover": f"holds {much} of its words",
        "near": "holds its words close together",
        "article": f"its article holds {much} of its words",
        "kind": "holds what kind of thing is asked for",
        "agreement": "other articles agree",
        "focus": "from the days asked about",
        "newest": "among the newest found",
        "lead": "at the beginning of its article",
    }[name]


def _age(passage: Passage, now: datetime) -> str:
    published = passage.article.published
    assert published is not None, "what has no date is not recent"
    days = (now.date() - (published.date() if isinstance(published, datetime) else published)).days
    return "published the same day" if days <= 0 else f"published {days} day{'' if days == 1 else 's'} before"


def age(published: date | None, now: datetime) -> str:
    """``2 days before``, ``3 months before``, ``1 day after``: how far a day is from that of a question."""
    if published is None:
        return ""
    days = (now.date() - (published.date() if isinstance(published, datetime) else published)).days
    if not days:
        return "the same day"
    unit, length = ("year", 365.25) if abs(days) >= 730 else ("month", 30.44) if abs(days) >= 60 else ("day", 1)
    number = round(abs(days) / length)
    return f"{number} {unit}{'' if number == 1 else 's'} {'before' if days > 0 else 'after'}"
