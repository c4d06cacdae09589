"""What a person has limited questions to: the arguments of ``Archive.stream`` beside the words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
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
class Filters:
    """``since``, ``until`` and ``now`` are days or moments in ISO 8601, empty for none; ``article``: id and title."""

    outlets: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    now: str = ""
    article: tuple[str, str] | None = None

    def __bool__(self) -> bool:
        return self != Filters()

    @classmethod
    def of(cls, answer: Answer) -> Filters:
        """What a kept answer's question was limited to."""
        asked = answer.asked
        if asked is None:
            return NONE
        found = [*(each.article for each in answer.citations), *(each.article for each in answer.passages)]
        named = [article for article in found if article.id in asked.articles]
        return cls(
            asked.outlets,
            asked.since.isoformat() if asked.since else "",
            asked.until.isoformat() if asked.until else "",
            asked.now.isoformat() if asked.as_of else "",
            (asked.articles[0], named[0].title if named else asked.articles[0]) if asked.articles else None,
        )

    def arguments(self) -> dict[str, Any]:
        """The arguments of ``Archive.stream`` that are set."""
        named = {"outlets": self.outlets, "since": self.since, "until": self.until, "now": self.now}
        if self.article is not None:
            named["articles"] = (self.article[0],)
        return {name: value for name, value in named.items() if value}

    def shown(self) -> dict[Name, str]:
        """What is set, in words."""
        words: dict[Name, str] = {
            "outlets": ", ".join(self.outlets),
            "since": self.since,
            "until": self.until,
            "now": self.now,
            "article": self.article[1] if self.article is not None else "",
        }
        return {name: text for name, text in words.items() if text}

    def without(self, name: Name) -> Filters:
        """The same but for one."""
        return replace(self, **{name: getattr(NONE, name)})

    def checked(self, name: Name, text: str) -> Filters:
        """The same with a filter as somebody typed it. Raises UsageError for a date that is none."""
        from qa.questions import parse_when

        text = " ".join(text.split())
        if name in ("since", "until", "now"):
            parse_when(text or None, LABELS[name])
        value: Any = tuple(dict.fromkeys(filter(None, map(str.strip, text.split(","))))) if name == "outlets" else text
        return replace(self, **{name: value})


NONE = Filters()
