"""Text as agencies send it, and Markdown with front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from qa.articles import Article, Published, clean_text, make_article
from qa.articles.dates import UnclearDate, parse_date
from qa.articles.fields import article_from_fields
from qa.errors import SourceError

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


def read_text(text: str, source: str) -> Iterator[Article]:
    """One article: headline, perhaps a dateline (place, agency, perhaps a date), paragraphs."""
    headline, _, body = clean_text(text).partition("\n")
    body = body.lstrip("\n")
    if not body:
        raise SourceError(f"{source}: a headline without text; expected paragraphs below the first line.")
    line = body.split("\n", 1)[0]
    place = agency = ""
    published: Published | None = None
    notes: tuple[str, ...] = ()
    found = _dateline(line)
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


_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?\n)??---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


def read_markdown(text: str, source: str) -> Iterator[Article]:
    """One article: YAML front matter with the usual fields, Markdown below it, rendered to plain paragraphs."""
    fields, body = _front_matter(text, source)
    title, paragraphs = _render(body)
    if not paragraphs:
        raise SourceError(f"{source}: no text below the title and the front matter.")
    fields = {"title": title, **fields, "text": "\n\n".join(paragraphs)}
    yield article_from_fields(fields, source)


def _front_matter(text: str, source: str) -> tuple[dict[str, Any], str]:
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, text
    import yaml

    try:
        fields = yaml.safe_load(found[1] or "{}")
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        problem = str(error).split("\n", 1)[0]
        raise SourceError(f"{source}: the front matter is not valid YAML ({problem}).") from error
    if not isinstance(fields, Mapping):
        raise SourceError(f"{source}: the front matter must be a table of fields such as 'title: ...'.")
    return {str(key): value for key, value in fields.items()}, text[found.end() :]


def _render(markdown: str) -> tuple[str, list[str]]:
    """The level-one heading that opens the text, and the paragraphs, with lower headings as ``## ...`` lines."""
    from markdown_it import MarkdownIt

    title, paragraphs, level = "", list[str](), 0
    for token in MarkdownIt("commonmark").parse(markdown):
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "inline":
            content = _inline_text(token.children or [])
            if level == 1 and not title and not paragraphs:
                title = content
            elif content:
                paragraphs.append(f"## {' '.join(content.split())}" if level else content)
        elif token.type in ("fence", "code_block") and token.content.strip():
            paragraphs.append(token.content.strip())
    return title, paragraphs


def _inline_text(tokens: list[Any]) -> str:
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(
        breaks.get(token.type) or (token.content if token.type in ("text", "code_inline", "image") else "")
        for token in tokens
    ).strip()
