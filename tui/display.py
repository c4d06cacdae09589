"""Text from outside made fit for a terminal: the only place that decides what of it is shown.

Invariant: nothing that an article, a question, a path or a model supplies reaches the terminal as a control
character, reorders the line it stands in, or is taken for markup. ``disarm`` sees to the first two and is applied to
every such text. Texts are handed to Textual as ``Content``, which is never parsed; the one exception is a draft that a
model is writing, which is Markdown without links, images and HTML until it is settled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

    from qa.answers import Answer, Citation, Sentence
    from qa.articles import Article
    from qa.browsing import Row
    from qa.catalog import Copy
    from qa.passages import Passage

REPLACEMENT = "\ufffd"
OUTLETS = 3
"""Outlets of near-copies that are named; the others are counted."""

_BREAKS = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufff0-\ufffb\ufffe\uffff]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def disarm(text: str) -> str:
    """``text`` without what acts on a terminal instead of being read.

    Controls other than the line feed, and surrogates, become U+FFFD, so that what followed them stays visible as
    text; a tab becomes a blank; marks of direction and characters without a glyph vanish, so that a line reads in
    the order in which it is stored.
    """
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    return _INVISIBLE.sub("", _CONTROLS.sub(REPLACEMENT, text))


def one_line(text: str) -> str:
    """``text`` disarmed and on one line."""
    return " ".join(disarm(text).split())


_BLOCKS = ["table", "code", "fence", "blockquote", "hr", "list", "heading", "lheading"]
_INLINE = ["backticks", "strikethrough"]
_NEVER = ["reference", "html_block", "image", "autolink", "html_inline", "entity", "link"]


def make_draft_parser() -> MarkdownIt:
    """The parser for what a model writes: everything of Markdown but what leads or shows elsewhere."""
    from markdown_it import MarkdownIt

    return MarkdownIt("gfm-like", {"linkify": False, "html": False}).disable(_NEVER)


def make_parser() -> MarkdownIt:
    """The parser for quotes as they come: paragraphs and lines, all else is plain characters."""
    return make_draft_parser().disable([*_BLOCKS, *_INLINE, "emphasis"])


def draft_markdown(text: str) -> str:
    """A draft of a model's, or a piece of one."""
    return disarm(text)


def answer_plain(question: str, answer: Answer) -> str:
    """Question, what was understood, answer, what wrote it and sources as text for the clipboard."""
    from qa.explanations import hedged, understood

    cited = {each.number: each.article for each in answer.citations}
    lines = [disarm(question), ""]
    if answer.asked is not None and (said := understood(answer.asked)):
        lines[1:1] = [one_line(said)]
    if answer.short:
        lines += [f"{hedged(answer)}{disarm(answer.short)}", ""]
    for each in answer.disagreements:
        sides = (f"{side.said} [{side.citation}], {byline(cited[side.citation], ', ')}" for side in each.sides)
        lines += [one_line(f"The articles differ on {each.about}: {' · '.join(sides)}"), ""]
    lines.append(disarm("".join(map(_sentence_plain, answer.sentences)).strip() or answer.reason))
    if answer.sentences and answer.reason:
        lines += ["", one_line(answer.reason)]
    if answer.mode == "generated" and (said := took(answer)):
        lines += ["", f"Written by {said}"]
    if answer.citations:
        lines.append("")
    for citation in answer.citations:
        address = one_line(citation.article.url or citation.article.source)
        lines.append(f"[{citation.number}] {one_line(citation.article.title)}. {byline(citation.article)}. {address}")
    return "\n".join(lines)


def _sentence_plain(sentence: Sentence) -> str:
    """A sentence as it follows the one before, with its verdict in brackets where something is left to doubt."""
    from qa.explanations import SIGNS, faults

    verdict = f"{SIGNS[sentence.verdict]} {sentence.verdict}" if sentence.verdict in SIGNS else ""
    said = ": ".join(filter(None, (verdict, faults(sentence))))
    return sentence.opening + sentence.marked + (f" ({one_line(said)})" if said else "")


def took(answer: Answer) -> str:
    """``llama3 at localhost:11434 · 1,240 tokens in, 85 out``; empty where no model came to write."""
    from qa.explanations import spent

    usage = answer.usage
    if usage is None or not usage.calls or (not usage.known and usage.first_token is None):
        return ""
    return one_line(f"{answer.model or 'the model'} at {answer.server} · {spent(usage)}")


def day(moment: date | None) -> str:
    """A day as every front end writes it: ``19 Oct 2026``."""
    from qa.explanations import day as told

    return told(moment)


def minute(moment: date) -> str:
    """A day with its time where there is one: ``19 Oct 2026, 17:05``."""
    return f"{day(moment)}, {moment:%H:%M}" if isinstance(moment, datetime) else day(moment)


def byline(article: Article | Row | Copy, between: str = " · ") -> str:
    """Outlet and day."""
    return f"{one_line(article.outlet) or 'unknown outlet'}{between}{day(article.published)}"


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 passage``, ``2,140 passages``, ``3 copies``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"


def also_in(article: Article, copies: Sequence[Copy]) -> str:
    """``also in: The Herald, The Post (+2)``: who else printed it, and how many copies more; empty for none."""
    others = [copy for copy in copies if copy.id != article.id]
    outlets = dict.fromkeys(one_line(copy.outlet) for copy in others if copy.outlet != article.outlet)
    named = [outlet for outlet in outlets if outlet][:OUTLETS]
    more = len(others) - len(named)
    if not named:
        return count(more, "near-copy", "near-copies") if more else ""
    return f"also in: {', '.join(named)}" + (f" (+{more})" if more else "")


def origin(copies: Sequence[Copy]) -> str:
    """``+2 outlets, same report``: that what several printed is not said by several; empty for what is no copy."""
    outlets = len({one_line(copy.outlet) for copy in copies if copy.outlet})
    if outlets > 1:
        return f"+{count(outlets - 1, 'outlet')}, same report"
    more = len(copies) - 1
    return f"+{count(more, 'copy', 'copies')}" if more > 0 else ""


def holds(passage: Passage, citation: Citation) -> bool:
    """Whether the cited words stand in a passage."""
    return citation.article.id == passage.article.id and passage.start <= citation.start < passage.end


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters ``[start, end)`` of an article's text to be highlighted.

    ``chosen``: the ones that were asked for; ``number``: that of the citation; ``other``: another answer cites them,
    that of the ``turn`` with this number, None where it is not known.
    """

    start: int
    end: int
    chosen: bool = False
    number: int | None = None
    other: bool = False
    turn: int | None = None


def marks_for(article: Article, citations: Iterable[Citation], chosen: int | None = None) -> tuple[Mark, ...]:
    """The citations of one article as marks, in the order of the text."""
    marks = [
        Mark(each.start, each.end, each.number == chosen, each.number)
        for each in citations
        if each.article.id == article.id
    ]
    return tuple(sorted(marks, key=lambda mark: (mark.start, mark.end)))


def marks_in(text: str, marks: Iterable[Mark], cited: str) -> tuple[Mark, ...]:
    """The marks of the text ``cited`` whose words stand in another ``text``, where they first do."""
    found = [(text.find(cited[mark.start : mark.end]), mark) for mark in marks]
    moved = [replace(mark, start=at, end=at + mark.end - mark.start) for at, mark in found if at >= 0]
    return tuple(sorted(moved, key=lambda mark: (mark.start, mark.end)))


def home_short(path: Path) -> str:
    """A path with the home folder as ``~``, fit to be shown."""
    home = str(Path.home())
    shown = str(path)
    return one_line("~" + shown[len(home) :] if shown.startswith(home + "/") else shown)
