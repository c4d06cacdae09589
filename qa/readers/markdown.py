"""Markdown with front matter: rendered to the plain paragraphs that a reader of the page would see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from qa.articles import Article
from qa.articles.fields import article_from_fields
from qa.errors import SourceError
from qa.readers.documents import Document

__all__ = ["MarkdownReader"]

LONGEST_FRONT_MATTER = 100_000
"""Characters of front matter: reading YAML takes a hundred times as long as reading the text below it."""

LONGEST = 1_000_000
"""Characters of Markdown: what nests brackets on purpose takes minutes beyond that, and no article is as long."""

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?\n)??---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


class MarkdownReader:
    """Reads Markdown (commonmark.org). It may look like any other text, so the extension alone leads here."""

    name: ClassVar[str] = "Markdown"
    extensions: ClassVar[tuple[str, ...]] = (".md", ".markdown")

    def recognises(self, document: Document) -> bool:  # noqa: ARG002 - a member of Reader
        """False: nothing shows that bytes are Markdown."""
        return False

    def read(self, document: Document) -> Iterator[Article]:
        """One article: YAML front matter with the usual fields, Markdown below it."""
        text = document.text()
        if len(text) > LONGEST:
            raise SourceError(f"{document.source}: longer than {LONGEST:,} characters; split it, or save it as .txt.")
        fields, body = _front_matter(text, document.source)
        title, paragraphs = _render(body)
        if not paragraphs:
            raise SourceError(f"{document.source}: no text below the title and the front matter.")
        yield article_from_fields({"title": title, **fields, "text": "\n\n".join(paragraphs)}, document.source)


def _front_matter(text: str, source: str) -> tuple[dict[str, Any], str]:
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, text
    if len(found[0]) > LONGEST_FRONT_MATTER:
        raise SourceError(f"{source}: the front matter is longer than {LONGEST_FRONT_MATTER:,} characters.")
    import yaml

    try:
        _refuse_aliases(found[1] or "", source)
        fields = yaml.safe_load(found[1] or "{}")
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        problem = str(error).split("\n", 1)[0]
        raise SourceError(f"{source}: the front matter is not valid YAML ({problem}).") from error
    if not isinstance(fields, Mapping):
        raise SourceError(f"{source}: the front matter must be a table of fields such as 'title: ...'.")
    return {str(key): value for key, value in fields.items()}, text[found.end() :]


def _refuse_aliases(front_matter: str, source: str) -> None:
    """Raise where a value is used again by name: a few lines of that can stand for gigabytes of text."""
    import yaml

    if "*" in front_matter and any(isinstance(token, yaml.AliasToken) for token in yaml.scan(front_matter)):
        raise SourceError(f"{source}: the front matter uses a value again by its name (*name); write it out.")


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
