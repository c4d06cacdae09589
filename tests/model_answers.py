"""What a scripted model writes, and what is to become of it: the forms of the cases in ``model_cases``.

Invariant: a case says beforehand, from its articles alone, what each sentence of the answer deserves; nothing here
knows how a sentence is verified. The verdicts are those of the first draft: where sentences are repaired, the model of
a case writes the same again.

A marker is written as ``[[the beginning of an evidence sentence]]`` and stands for that sentence's number in the
prompt, in the case's own style: ``[{n}]``, or garbled. Two beginnings, parted by ``|``, are ``{n}`` and ``{m}`` of it;
``[[*]]`` is every sentence of the evidence, each in the style. Anything else in brackets is what the model wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from qa.articles import Article
from qa.chunks import sentences
from qa.config import LimitsSection
from qa.readers import read
from qa.readers.documents import open_file

Verdict = Literal["quoted", "supported", "partly supported", "unsupported", "contradicted", "no citation"]
Group = Literal[
    "well",
    "badly",
    "unmarked",
    "wrong markers",
    "garbled markers",
    "equal in meaning",
    "language",
    "hostile",
    "invented",
]

SEEDS = Path(__file__).parent.parent / "seeds"
_MARKER = re.compile(r"\[\[([^\[\]]+)\]\]")


@dataclass(frozen=True, slots=True)
class Expected:
    """A sentence of the finished answer.

    ``text``: as shown, without markers; markers inside code stay in it, and are written as in the case. ``left``: what
    may stand behind it besides. ``verdicts``: any of them is right, where honest people would differ; mostly one.
    ``cites``: how the sentences begin that must be among its citations, if the verdict is not "unsupported" or
    "no citation"; others may be there. ``unresolved``: its markers that lead nowhere, without brackets. ``corrected``:
    whether another sentence is cited than the model cited; None where both would do. ``names``: words of the sentence
    that stand in one of the reasons at least, each.
    """

    text: str
    verdicts: tuple[Verdict, ...]
    cites: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    corrected: bool | None = False
    names: tuple[str, ...] = ()
    left: str = ""


@dataclass(frozen=True, slots=True)
class ModelCase:
    """An answer of a model over articles of seeds/, by the names that ``sample_articles`` gives them.

    ``writes`` is what it sends, ``style`` how it writes its markers, ``made`` articles that are no file of seeds/.
    """

    name: str
    group: Group
    question: str
    evidence: tuple[str, ...]
    writes: str
    expected: tuple[Expected, ...]
    style: str = "[{n}]"
    made: tuple[Article, ...] = field(default=())

    def articles(self) -> tuple[Article, ...]:
        """The articles that are its evidence, in their order."""
        return (*(sample_articles()[name] for name in self.evidence), *self.made)

    def written(self, quotes: Sequence[str]) -> str:
        """What the model sends where ``quotes`` are the sentences of the prompt, the first one numbered 1."""
        return rendered(self.writes, self.style, quotes)

    def shown(self, expected: Expected, quotes: Sequence[str]) -> frozenset[str]:
        """The texts that the sentence may have in the finished answer."""
        text = rendered(expected.text, self.style, quotes)
        return frozenset({text, text + rendered(expected.left, self.style, quotes)})


def rendered(text: str, style: str, quotes: Sequence[str]) -> str:
    """``text`` with its markers in a style, by the numbers of ``quotes``. Raises ValueError as ``place`` does."""

    def marker(match: re.Match[str]) -> str:
        if match[1] == "*":
            return "".join(style.format(n=number) for number in range(1, len(quotes) + 1))
        numbers = [place(beginning, quotes) + 1 for beginning in match[1].split("|")]
        return style.format(**dict(zip("nm", numbers, strict=False)))

    return _MARKER.sub(marker, text)


def place(beginning: str, quotes: Sequence[str]) -> int:
    """The index of the only quote that begins so. Raises ValueError where none does, or several do."""
    found = [at for at, quote in enumerate(quotes) if quote.startswith(beginning)]
    if len(found) != 1:
        raise ValueError(f"{len(found)} sentences begin with {beginning!r}")
    return found[0]


def beginnings(case: ModelCase) -> Iterator[str]:
    """Every beginning of an evidence sentence that a case names."""
    texts = [case.writes, *(each.text for each in case.expected)]
    found = [part for text in texts for match in _MARKER.finditer(text) for part in match[1].split("|")]
    yield from (part for part in found if part != "*")
    yield from (beginning for each in case.expected for beginning in each.cites)


def evidence_sentences(articles: Sequence[Article]) -> list[str]:
    """All sentences of the articles in order, as the prompt numbers them where it holds the articles whole."""
    return [each.text[span.start : span.end] for each in articles for span in sentences(each.text)]


@cache
def sample_articles() -> dict[str, Article]:
    """The articles of seeds/ by the name of their file; in a file of several, by the last part of their address."""
    found: dict[str, Article] = {}
    for file in sorted(SEEDS.iterdir()):
        document = open_file(file, str(file), LimitsSection())
        try:
            articles = [each for each in read(document) if isinstance(each, Article)]
        finally:
            document.stream.close()
        of_several: Callable[[Article], str] = lambda each: each.url.rpartition("/")[2]  # noqa: E731
        found |= {file.name if len(articles) == 1 else of_several(each): each for each in articles}
    return found
