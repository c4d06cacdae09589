"""Text as agencies send it: a headline, perhaps a dateline, paragraphs.

A dateline is taken only where its form leaves no doubt: what is left in the text does no harm, what is wrongly taken
out of it is lost to every quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from qa.articles import Article, Published, clean_text, make_article
from qa.articles.dates import UnclearDate, parse_date
from qa.errors import SourceError
from qa.readers.documents import Document

__all__ = ["TextReader"]

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DATE = rf"(?:{_MONTH}\s+\d{{1,2}}(?:,?\s+\d{{4}})?|\d{{1,2}}\s+{_MONTH}(?:,?\s+\d{{4}})?|\d{{4}}-\d\d-\d\d)"
_DASH = r"(?:--?|[–—])"
_DATELINE = re.compile(
    rf"(?P<place>[^\W\d_][^()\n]{{1,80}}?)??(?:,?\s*\b(?P<date>{_DATE}))?\s*\((?P<agency>[^\W\d_][^()\n]{{1,39}})\)"
    rf"\s*(?:(?P<dash>{_DASH})\s+(?![a-zß-ÿ])|$)"
)
_BARE_DATELINE = re.compile(
    rf"(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{{2,40}}?(?:,\s+(?!{_DATE})[A-ZÀ-Þ][\w.'’ -]{{1,30}}?)?)"
    rf"(?:,\s+(?P<date>{_DATE}))?"
    rf"\s+{_DASH}\s+(?![\sa-zß-ÿ])"
)
_SMALL_WORDS = frozenset("al am an and da de del der di do el la las le les los of on sur the upon".split())
"""Words that a place's name writes small."""


class TextReader:
    """Reads plain text. Any text might be one, so it recognises nothing: the extension alone leads here."""

    name: ClassVar[str] = "text"
    extensions: ClassVar[tuple[str, ...]] = (".txt",)

    def recognises(self, document: Document) -> bool:  # noqa: ARG002 - a member of Reader
        """False: nothing shows that bytes are an article in plain text."""
        return False

    def read(self, document: Document) -> Iterator[Article]:
        """One article: headline, perhaps a dateline (place, agency, perhaps a date), paragraphs."""
        source = document.source
        headline, _, body = clean_text(document.text()).partition("\n")
        body = body.lstrip("\n")
        if not body:
            raise SourceError(f"{source}: a headline without text; expected paragraphs below the first line.")
        place = agency = ""
        published: Published | None = None
        notes: tuple[str, ...] = ()
        found = _dateline(body.split("\n", 1)[0])
        if found:
            place, agency = found["place"] or "", found.groupdict().get("agency") or ""
            body = body[found.end() :].lstrip()
            try:
                published = parse_date(found["date"])
            except UnclearDate as unclear:
                notes = (f"{unclear} (dateline); stored without a date",)
        if not body:
            raise SourceError(f"{source}: a headline and a dateline without text.")
        yield make_article(
            title=headline, text=body, source=source, outlet=agency, place=place, published=published, notes=notes
        )


def _dateline(line: str) -> re.Match[str] | None:
    """The dateline that opens ``line``. A sentence with something in brackets is none: its words are small."""
    bare = _BARE_DATELINE.match(line)
    if bare:
        return bare
    found = _DATELINE.match(line)
    if not found or not (found["place"] or found["date"] or found["dash"]):
        return None
    words = [word for word in re.split(r"[\s,/-]+", found["place"] or "") if word not in _SMALL_WORDS]
    agency = found["agency"]
    named = not agency[0].islower() or (found["dash"] and " " not in agency)  # (AFP), (dpa) -, not (he said)
    return found if named and not any(word[:1].islower() for word in words) else None
