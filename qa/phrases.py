"""What a question puts in quotation marks, and what it leaves out of the answer ("other than France").

Quoted words are meant word for word where they are a title, a name or words that somebody said. A single quoted word
in lower case is rather the asker's irony, and a quoted outlet is a source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.stop_words import content_words

MOST_WORDS = 12
"""Words of the longest quotation that is looked for as it stands: longer ones were seldom typed as they were said."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """``text[start:end]`` with its cue or marks; ``words`` is what it is about."""

    start: int
    end: int
    words: str


_QUOTED = re.compile(
    r"“([^“”]+)”|\"([^\"]+)\"|(?<!\w)‘([^‘’]+(?:’\w[^‘’]*)*)’(?!\w)|(?<!\w)'([^']+(?:'\w[^']*)*)'(?!\w)"
)

_HEADLINE = re.compile(
    r"\b(?:article|report|story|piece|review|column)s?\s(?:on|about|titled|entitled|headlined|called)\s$", re.IGNORECASE
)
"""What is quoted behind it names an article as the asker remembers it."""


def unquoted(text: str) -> str:
    """``text`` with what is quoted struck out, every other character in its place."""
    return _QUOTED.sub(lambda found: "\x00" * len(found[0]), text)


def quoted(text: str) -> list[Phrase]:
    """The quotations in ``text`` that are meant word for word."""
    found = []
    for match in _QUOTED.finditer(text):
        words = next(group for group in match.groups() if group).strip(" ,.;:?!…")
        count = len(words.split())
        title = count == 1 and len(words) > 2 and words[0].isupper()
        headline = _HEADLINE.search(text[: match.start()])
        meant = not headline and (title or (1 < count <= MOST_WORDS and content_words(words)))
        if meant and len(match[0]) < len(text) - 1:
            found.append(Phrase(match.start(), match.end(), words))
    return found


_NAME = r"(?:[A-ZÀ-Þ][\w.’'&-]*(?:\s(?:of|de|del|la|the|and\sthe|van|von|bin)(?=\s[A-ZÀ-Þ])|(?=\s[A-ZÀ-Þ])|)\s?)+"
_THING = r"(?:(?:the|a|an|its|his|her|their|any)\s)?[\w’'-]+(?:\s[\w’'-]+){0,3}?"
_CUE = (
    r"\b(?:[Ee]xcept(?:\sfor)?|[Oo]ther\sthan|[Aa]part\sfrom|[Aa]side\sfrom|[Bb]esides|[Ee]xcluding|[Nn]ot\scounting"
    r"|[Ww]ith\sthe\sexception\sof)\s"
)
_NOT = r"(?:,\s|\(|\bbut\s|\band\s|\bor\s)not\s"
_LIST = rf"(?P<first>{_NAME})(?:,\s(?P<second>{_NAME}))?(?:,?\s?(?:and|or)\s(?:the\s)?(?P<third>{_NAME}))?"
_NAMES_LEFT_OUT = re.compile(rf"(?:{_CUE}|{_NOT})(?:(?:in|on|from|by)\s)?(?:the\s)?{_LIST}")
_THING_LEFT_OUT = re.compile(rf"{_CUE}(?P<first>{_THING})(?=[,.;:?!)]|$)")
_NO_THING = re.compile(
    r"(?:that|when|where|if|by|to|for|as|on|at|being|having|what|who|how|\w+ing)\b|.*\b(?:is|are|was|were|has|had)\b"
)


def left_out(text: str) -> list[Phrase]:
    """What ``text`` says is not the answer. "Who did not attend?" and "not only" leave nothing out."""
    return list(_left_out(text))


def _left_out(text: str) -> Iterator[Phrase]:
    taken: set[int] = set()
    for match in _NAMES_LEFT_OUT.finditer(text):
        taken.add(match.start())
        for group in ("first", "second", "third"):
            if name := (match[group] or "").strip(" .,’'"):
                yield Phrase(match.start(), match.end(), re.sub(r"[’']s$", "", name))
    for match in _THING_LEFT_OUT.finditer(text):
        if match.start() not in taken and not _NO_THING.match(match["first"]):
            yield Phrase(match.start(), match.end(), re.sub(r"^(?:the|an?|any) ", "", match["first"]))
