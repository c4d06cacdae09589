"""What a person has limited questions to: the arguments of ``Archive.stream`` beside the words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.answers import Answer

Name = Literal["outlets", "since", "until", "now", "article"]

LABELS: dict[Name, str] = {
    "outlets": "outlet",
    "since": "since",
    "until": "until",
    "now": "as of",
    "article": "article",
}
"""What each filter is called on the screen, in the order in which they stand there."""


@dataclass(frozen=True, slots=True)
class Named:
    """Articles by their ids, and what they are called: the title of one, else what they have in common."""

    ids: tuple[str, ...]
    called: str


@dataclass(frozen=True, slots=True)
class Filters:
    """``since``, ``until`` and ``now`` are days or moments in ISO 8601, empty for none; ``article``: one of these."""

    outlets: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    now: str = ""
    article: Named | None = None

    def __bool__(self) -> bool:
        return self != Filters()

    @classmethod
    def of(cls, answer: Answer) -> Filters:
        """What a kept answer's question was limited to."""
        asked = answer.asked
        if asked is None:
            return NONE
        found = [*(each.article for each in answer.citations), *(each.article for each in answer.passages)]
        titles = {article.id: article.title for article in found}
        one = len(asked.articles) == 1
        called = titles.get(asked.articles[0], asked.articles[0]) if one else any_of(asked.articles)
        return cls(
            asked.outlets,
            asked.since.isoformat() if asked.since else "",
            asked.until.isoformat() if asked.until else "",
            asked.now.isoformat() if asked.as_of else "",
            Named(asked.articles, called) if asked.articles else None,
        )

    def arguments(self) -> dict[str, Any]:
        """The arguments of ``Archive.stream`` that are set."""
        named = {"outlets": self.outlets, "since": self.since, "until": self.until, "now": self.now}
        if self.article is not None:
            named["articles"] = self.article.ids
        return {name: value for name, value in named.items() if value}

    def shown(self) -> Iterator[tuple[Name, str]]:
        """What is set, in words, each outlet by itself."""
        yield from (("outlets", outlet) for outlet in self.outlets)
        for name in ("since", "until", "now"):
            if value := getattr(self, name):
                yield name, value
        if self.article is not None:
            yield "article", self.article.called

    def without(self, name: Name, value: str = "") -> Filters:
        """The same but for one; ``value``: of several outlets, this one."""
        if name == "outlets" and value:
            return replace(self, outlets=tuple(outlet for outlet in self.outlets if outlet != value))
        return replace(self, **{name: getattr(NONE, name)})

    def changed(self, name: Name, value: str, typed: str) -> Filters:
        """The same with ``typed`` in the place of a ``value``. Raises UsageError for a date that is none."""
        if name != "outlets":
            return self.checked(name, typed)
        if typed.strip() == value:
            return self
        place = self.outlets.index(value) if value in self.outlets else len(self.outlets)
        outlets = (*self.outlets[:place], *self.checked(name, typed).outlets, *self.outlets[place + 1 :])
        return replace(self, outlets=tuple(dict.fromkeys(outlets)))

    def checked(self, name: Name, text: str) -> Filters:
        """The same with a filter as somebody typed it. Raises UsageError for a date that is none."""
        from qa.questions import parse_when

        text = " ".join(text.split())
        if name in ("since", "until", "now"):
            parse_when(text or None, LABELS[name])
        value: Any = tuple(dict.fromkeys(filter(None, map(str.strip, text.split(","))))) if name == "outlets" else text
        return replace(self, **{name: value})


def any_of(ids: Sequence[str], what: str = "") -> str:
    """What several articles are called."""
    return f"any of {len(ids)}{f' ({what})' if what else ''}"


NONE = Filters()
