"""What a page says of its article in JSON-LD, in the vocabulary of schema.org.

A page describes many things there: itself, its site, its breadcrumbs, the stories that it links to. Only nodes that
stand for the page as a whole are looked at, so that a front page's list of headlines never passes for an article.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qa.articles import one_line
from qa.articles.urls import canonical_url

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["Node", "PageNodes", "page_nodes"]

Node = Mapping[str, Any]

MOST_NODES = 2_000
_NESTING = ("@graph", "mainEntity")
"""Under these a node holds what the page is about. Lists of other articles (itemListElement...) are left alone."""
_WRAPPING = re.compile(r"\A\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*\Z")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")


@dataclass(frozen=True, slots=True)
class PageNodes:
    """The nodes that stand for a page, those with an ``@id`` by it, and notes on what could not be read."""

    nodes: tuple[Node, ...]
    by_id: Mapping[str, Node] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def article(self, addresses: frozenset[str]) -> Node | None:
        """The article that the page is, None where it is none.

        ``addresses`` are the page's own, in canonical form. Among several articles the one at such an address is
        meant; if all are elsewhere, the page is a list of them.
        """
        articles = [node for node in self.nodes if _is_article(node)]
        if len(articles) <= 1:
            return articles[0] if articles else None
        own = [node for node in articles if _addresses(node) & addresses]
        unplaced = [node for node in articles if not _addresses(node)]
        return next(iter(own or unplaced), None) if addresses else articles[0]

    def text(self, value: Any) -> str:
        """A value as one line of text: a text, the name of a thing, the first of a list; "" for anything else."""
        for _ in range(4):
            if isinstance(value, list):
                value = value[0] if value else ""
            elif isinstance(value, dict):
                known = self._meant(value)
                value = known.get("name") or known.get("@value") or ""
            else:
                break
        return one_line(html.unescape(value)) if isinstance(value, str) else ""

    def names(self, value: Any) -> Iterator[tuple[str, bool]]:
        """The names of people and organisations, each with whether it is a plain text that may name several."""
        for each in value[:100] if isinstance(value, list) else [value]:
            named = self._meant(each).get("name") if isinstance(each, dict) else each
            for name in named[:100] if isinstance(named, list) else [named]:
                yield self.text(name), not isinstance(each, dict)

    def _meant(self, value: dict[str, Any]) -> Node:
        """The node that a reference such as ``{"@id": "#ann"}`` stands for."""
        key = value.get("@id")
        return self.by_id.get(key, value) if isinstance(key, str) and "name" not in value else value


def page_nodes(tree: HtmlElement) -> PageNodes:
    """The nodes of a page. JSON-LD that cannot be read is noted."""
    values, notes = [], []
    for number, script in enumerate(_scripts(tree), 1):
        try:
            values.append(_parse(script))
        except RecursionError:
            notes.append(f"JSON-LD {number} is nested too deeply; ignored")
        except ValueError as error:
            notes.append(f"JSON-LD {number} is not valid JSON ({error}); ignored")
    nodes = tuple(_nodes(values))
    return PageNodes(nodes, {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}, tuple(notes))


def _scripts(tree: HtmlElement) -> Iterator[str]:
    for script in tree.iter("script"):
        kind = (script.get("type") or "").strip().lower()
        if kind.startswith("application/ld+json") and (script.text or "").strip():
            yield script.text or ""


def _parse(text: str) -> Any:
    """JSON with the faults that pages have: wrapped as a comment, raw line ends in texts, a comma too many."""
    while (bare := _WRAPPING.sub("", text)) != text:
        text = bare
    try:
        return json.loads(text, strict=False)
    except ValueError:
        repaired = _TRAILING_COMMA.sub("", text)
        if repaired == text:
            raise
        return json.loads(repaired, strict=False)


def _nodes(values: list[Any]) -> Iterator[Node]:
    waiting, seen = list(reversed(values)), 0
    while waiting and seen < MOST_NODES:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            seen += 1
            yield value
            waiting.extend(value[key] for key in _NESTING if key in value)


def _is_article(node: Node) -> bool:
    kinds = node.get("@type")
    written = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]
    names = (re.split("[/#:]", kind)[-1] for kind in written)
    return any(name.endswith("Article") or name in ("BlogPosting", "LiveBlogPosting", "Report") for name in names)


def _addresses(node: Node) -> frozenset[str]:
    """Where a node says that it is, in canonical form."""
    whole = node.get("mainEntityOfPage")
    given = [node.get("url"), node.get("@id"), whole]
    if isinstance(whole, dict):
        given += [whole.get("@id"), whole.get("url")]
    return frozenset(filter(None, (canonical_url(each) for each in given if isinstance(each, str))))
