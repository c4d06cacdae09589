"""An ``Article`` and the ways to read one.

``text`` is final once an article exists: every offset in the system is a character position in it, half-open.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from qa.articles.urls import canonical_url, without_tracking
from qa.errors import SourceError

__all__ = ["Article", "Published", "clean_text", "instant", "make_article", "stable_id"]

Published = date
"""A ``datetime`` as the source gave it, with its time zone if it had one, or a ``date`` where it gave only the day."""


@dataclass(frozen=True, slots=True)
class Article:
    """One news article.

    ``id`` is derived from its address (else its source) and stays the same when the content changes.
    ``published`` and ``updated`` are as precise as the source: a ``date`` or a ``datetime``, else None.
    ``section`` is the newspaper's, such as ``world/europe``. ``partial`` says that the text is only what a feed
    gave of it. ``source`` is the file or address (and place in it) that the article was read from.
    ``origins`` pairs a field with what it was read from (``("published", "json-ld")``), where a reader has a choice.
    ``aliases`` are other addresses of the same article. ``notes`` tell what its reader could not make sense of;
    they are reported when it comes in. None of these three is part of what the article is.
    """

    id: str
    title: str
    text: str
    outlet: str = ""
    authors: tuple[str, ...] = ()
    published: Published | None = None
    updated: Published | None = None
    language: str = ""
    url: str = ""
    place: str = ""
    source: str = ""
    section: str = ""
    partial: bool = False
    origins: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    aliases: tuple[str, ...] = field(default=(), compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def keys(self) -> tuple[str, ...]:
        """What it is known by: its addresses in their canonical form, else where it was read."""
        found = tuple(dict.fromkeys(filter(None, map(canonical_url, (self.url, *self.aliases)))))
        return found or (self.source,)

    @property
    def digest(self) -> str:
        """SHA-256 over everything that is stored, cited or embedded, in hexadecimal."""
        parts = (
            *(self.title, self.text, self.outlet, *self.authors, self.language, self.url, self.place),
            *(moment.isoformat() if moment else "" for moment in (self.published, self.updated)),
            *filter(None, (self.section,)),
        )
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def make_article(
    *,
    title: str,
    text: str,
    source: str,
    outlet: str = "",
    authors: tuple[str, ...] = (),
    published: Published | None = None,
    updated: Published | None = None,
    language: str = "",
    url: str = "",
    place: str = "",
    section: str = "",
    partial: bool = False,
    origins: tuple[tuple[str, str], ...] = (),
    aliases: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Article:
    """An Article from what a reader found: text cleaned, id derived, a missing title taken from the text.

    Raises SourceError where nothing readable is left of the text.
    """
    body = clean_text(text)
    if not body:
        raise SourceError(f"{source}: no text.")
    return Article(
        id=stable_id(canonical_url(url) or source),
        title=one_line(title) or _opening(body),
        text=body,
        outlet=one_line(outlet),
        authors=tuple(name for name in map(one_line, authors) if name),
        published=published,
        updated=updated,
        language=one_line(language).lower(),
        url=without_tracking(url),
        place=one_line(place),
        source=source,
        section=one_line(section),
        partial=partial,
        origins=origins,
        aliases=aliases,
        notes=notes,
    )


def stable_id(identity: str) -> str:
    """Sixteen hexadecimal digits that stand for a URL or a file."""
    return hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:16]


_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")


def clean_text(text: str) -> str:
    r"""Text with ``\n`` line ends, no control characters, no trailing blanks, at most one empty line in a row."""
    text = _LINE_END.sub("\n", text).replace("\u2029", "\n\n")
    text = _CONTROL.sub("", text).replace("\t", " ")
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", unicodedata.normalize("NFC", text)).strip()


def one_line(text: str) -> str:
    """``text`` cleaned and on one line."""
    return " ".join(clean_text(text).split())


def instant(moment: Published, *, end: bool = False) -> float:
    """Seconds since the epoch of ``moment``; a bare date is its first second in UTC, or its last with ``end``."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.max if end else time.min)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp()


def _opening(text: str) -> str:
    first = text.split("\n", 1)[0]
    return first if len(first) <= 80 else first[:80].rsplit(" ", 1)[0] + " …"
