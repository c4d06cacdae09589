"""What a conversation does to a question: a follow-up is made to stand alone, a wish about the last answer is known.

The model rewrites a follow-up where there is one. What it is told is bounded: the latest turns as they were, as far as
``memory_tokens`` go, and a summary of those before them, which is made once and remembered.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Generator, Sequence

from qa.answers import Working
from qa.answers.asking import completed
from qa.answers.markers import without_markers
from qa.answers.prompts import REWRITE, SUMMARISE, conversation, rewrite_prompt
from qa.articles import one_line
from qa.models import Message, Usage
from qa.models.language_model import LanguageModel
from qa.questions import MAX_CHARACTERS, Turn

CHARACTERS_A_TOKEN = 3
ANSWER_CHARACTERS = 600
"""Characters of an answer that later questions may lean on."""
SUMMARIES = 32
"""Summaries that are remembered."""

Summaries = dict[tuple[Turn, ...], str]
"""By the turns that it sums up, the first ones of a conversation."""


def standalone(
    model: LanguageModel, question: str, turns: Sequence[Turn], summaries: Summaries, stop: threading.Event
) -> Generator[Working, None, tuple[str, Usage]]:
    """The question as it can be understood without the turns before, and what that took. Raises Stopped, ModelError."""
    turns = [Turn(each.question, each.answer[:ANSWER_CHARACTERS]) for each in turns]
    room = model.settings.memory_tokens * CHARACTERS_A_TOKEN
    known = _known(turns, summaries)
    recent = list(turns[len(known) :])
    usage = Usage()
    if _size(recent) > (2 if known else 1) * room:  # with a summary, twice as much is shown before the next one is made
        recent = _recent(recent, room)
        known, usage = yield from _summed_up(model, turns[: len(turns) - len(recent)], known, summaries, stop)
    messages: list[Message] = [
        {"role": "system", "content": REWRITE},
        {"role": "user", "content": rewrite_prompt(question, recent, summaries.get(known, ""))},
    ]
    text, more = yield from completed(model, messages, stop, "rewriting")
    return _one_question(text, question), usage + more


def _known(turns: Sequence[Turn], summaries: Summaries) -> tuple[Turn, ...]:
    """The longest beginning of a conversation that was summed up before."""
    return next((found for count in range(len(turns), 0, -1) if (found := tuple(turns[:count])) in summaries), ())


def _size(turns: Sequence[Turn]) -> int:
    return sum(len(each.question) + len(each.answer) for each in turns)


def _recent(turns: Sequence[Turn], room: int) -> list[Turn]:
    """The last turns that fit, the very last in any case."""
    kept: list[Turn] = []
    for turn in reversed(turns):
        room -= len(turn.question) + len(turn.answer)
        if room < 0 and kept:
            break
        kept.append(turn)
    return kept[::-1]


def _summed_up(
    model: LanguageModel, turns: Sequence[Turn], known: tuple[Turn, ...], summaries: Summaries, stop: threading.Event
) -> Generator[Working, None, tuple[tuple[Turn, ...], Usage]]:
    """Sum up the beginning of a conversation; of what was ``known`` already, only its summary is read again."""
    room = model.settings.context_tokens * CHARACTERS_A_TOKEN // 2
    told = conversation(_recent(turns[len(known) :], room), summaries.get(known, ""))
    messages: list[Message] = [{"role": "system", "content": SUMMARISE}, {"role": "user", "content": told}]
    text, usage = yield from completed(model, messages, stop, "rewriting")
    while len(summaries) >= SUMMARIES:
        del summaries[next(iter(summaries))]
    summaries[tuple(turns)] = one_line(text)[: 2 * ANSWER_CHARACTERS]
    return tuple(turns), usage


_LABEL = re.compile(r"^\**(?:standalone |rewritten |last )?question\**\s*:\s*\**\s*", re.IGNORECASE)


def _one_question(text: str, question: str) -> str:
    """The model's question without what models put around it; the asker's where there is not just one line of it."""
    lines = [_LABEL.sub("", without_markers(line)).strip("\"“”'`* ") for line in map(one_line, text.splitlines())]
    lines = [line for line in lines if line and not line.endswith(":")]
    asking = [line for line in lines if line.endswith("?")]
    found = asking[0] if asking else lines[0] if len(lines) == 1 else ""
    return found if 0 < len(found) <= MAX_CHARACTERS else question


# --- wishes about the last answer

_LANGUAGE = "|".join(
    """Arabic Bengali Bulgarian Catalan Chinese Croatian Czech Danish Dutch English Estonian Farsi Finnish French German
    Greek Hebrew Hindi Hungarian Indonesian Italian Japanese Korean Latvian Lithuanian Malay Norwegian Persian Polish
    Portuguese Romanian Russian Serbian Slovak Slovenian Spanish Swahili Swedish Tamil Thai Turkish Ukrainian Urdu
    Vietnamese""".split()
)
_POLITE = r"(?:please[, ]+)?(?:can you |could you )?"
_THIS = r"(?:it|that|this|the answer|your answer)"
_A_BIT = rf"(?:make {_THIS} |a (?:bit|little) |much )?"
_PUT = rf"(?:translate|put|say) {_THIS}"
_HOW = {
    rf"{_A_BIT}(?:shorter|briefer)|shorten {_THIS}|be brief(?:er)?": "shorter",
    rf"{_A_BIT}longer|(?:in )?more details?|elaborate": "in more detail",
    rf"{_A_BIT}simpler|more simply|(?:{_PUT} )?in (?:simple|plain) (?:words|language)": "in simpler words",
    r"in (?:a|one) (?:single )?sentence": "in one sentence",
    r"(?:as|in) (?:a (?:bulleted )?list|bullet points?|bullets)": "as a list, one item a line, each item cited",
    rf"again|once more|try again|re-?generate(?: {_THIS})?|re-?(?:write|phrase) {_THIS}": "from the beginning",
    rf"(?:(?:now )?in(?:to)?|{_PUT} (?:in|to|into)) (?P<language>{_LANGUAGE})": "in {}",
}
_WISHES = {
    re.compile(rf"{_POLITE}(?:{pattern})(?:,? please)?[.!?]?", re.IGNORECASE): how for pattern, how in _HOW.items()
}


def wish(text: str) -> str:
    """How the last answer is to be written anew ("shorter", "in French"); empty where a text wishes nothing of it."""
    text = one_line(text)
    for pattern, how in _WISHES.items():
        if found := pattern.fullmatch(text):
            return how.format(found["language"].capitalize()) if "language" in pattern.groupindex else how
    return ""
