"""Web pages: the article's text by trafilatura, what the page says about it by ``page_metadata``.

A page is hostile until shown otherwise. What would keep the parsers busy for minutes (a tag with a hundred thousand
attributes, hundreds of thousands of elements) is refused beforehand; what is only damaged is read as browsers read it.
"""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, ClassVar

from qa.articles import Article, make_article, one_line
from qa.errors import SourceError
from qa.readers.decoding import decode, is_wide
from qa.readers.documents import HEAD, Document
from qa.readers.page_metadata import page_metadata
from qa.readers.parsed_page import ParsedPage, parsed_page

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

__all__ = ["HtmlReader", "NoArticle", "article_from_html", "is_html", "text_from_html"]

MOST_ELEMENTS = 50_000
"""Elements of a page above which extracting its text takes minutes."""
MOST_ATTRIBUTES = 10_000
"""Attributes of one tag above which libxml2 takes minutes to compare their names."""
FEWEST_WORDS = 50
"""Words of an article in a crawl; less is a teaser, a picture, a poll."""

_CROWDED_TAG = re.compile(
    rb"""<[a-z][^\s/<>]*+(?=[\s/])
    (?:
        [\s/]*+[^\s/>][^\s/>=]*+                                                    # a name
        (?:\s*+=\s*+(?:"[^"]*+(?:"|\Z) | '[^']*+(?:'|\Z) | [^\s>"'][^\s>]*+)?+)?+   # a value
    ){%d}"""
    % MOST_ATTRIBUTES,
    re.IGNORECASE | re.VERBOSE,
)
"""A tag with too many attributes, cut into attributes as the HTML standard does (section 13.2.5)."""
_PAGE_START = re.compile(
    r"\A(?>\s*<\?xml[^>]*>)?+(?>\s*<!--.*?-->)*+\s*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_SAVED_FROM = re.compile(
    r"<!--[^>]{0,200}?(?:saved from url=\(\d+\)|saved with SingleFile\s+url:\s*)(https?://[^\s>]+)"
)
_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
"""Letters of scripts that put no space between words."""


class NoArticle(SourceError):
    """The page holds no article; it is nothing that went wrong."""


class HtmlReader:
    """Reads one article from a web page."""

    name: ClassVar[str] = "HTML"
    extensions: ClassVar[tuple[str, ...]] = (".html", ".htm", ".xhtml")

    def recognises(self, document: Document) -> bool:
        """Whether the document was sent as HTML, or begins as a page does."""
        kind = document.content_type.partition(";")[0].strip().lower()
        return kind in ("text/html", "application/xhtml+xml") or is_html(document.head)

    def read(self, document: Document) -> Iterator[Article | SourceError]:
        """The page's article."""
        yield article_from_html(
            document.bytes(), source=document.source, url=document.url, content_type=document.content_type
        )


def is_html(head: bytes) -> bool:
    """Whether a document that begins with ``head`` is a web page."""
    if is_wide(head):
        encoding = "utf-16-be" if head[:1] == b"\x00" or head.startswith(codecs.BOM_UTF16_BE) else "utf-16-le"
        text = head.decode(encoding, "replace")
    else:
        text = head.decode("utf-8", "replace")
    return bool(_PAGE_START.match(text.lstrip("\ufeff")))


def article_from_html(
    data: bytes, *, source: str, url: str = "", content_type: str = "", only_articles: bool = False
) -> Article:
    """The article of a page that came from ``url``. Raises SourceError, NoArticle where the page holds none.

    With ``only_articles``, for crawls that hold front pages too, only a page that says itself that it is an article
    (by JSON-LD, og:type or a date of publication), with at least ``FEWEST_WORDS`` words, is one.
    """
    markup, notes = _decoded(data, source, content_type)
    tree = _tree(markup, source, notes)
    page = parsed_page(tree, url=url or _saved_from(markup))
    if only_articles and not page.is_article:
        raise NoArticle(f"{source}: not an article by the page's own word.")
    text, origin = _text(page, source)
    if not text.strip():
        raise NoArticle(f"{source}: no article text found{''.join(f' ({note})' for note in notes)}.")
    if only_articles and _words(text) < FEWEST_WORDS:
        raise NoArticle(f"{source}: fewer than {FEWEST_WORDS} words.")
    found = page_metadata(page, text)
    return make_article(
        title=found.title,
        text=_without_title(text, found.title),
        source=source,
        outlet=found.outlet,
        authors=found.authors,
        published=found.published,
        updated=found.updated,
        language=found.language,
        url=found.url,
        place=found.place,
        section=found.section,
        origins=(*found.origins, ("text", origin)),
        aliases=found.aliases,
        notes=(*notes, *found.notes),
    )


def text_from_html(data: bytes, *, source: str, content_type: str = "") -> str:
    """The readable text of HTML that is no web page, such as a newsletter's, "" where there is none.

    Its tables are taken for layout. Raises SourceError.
    """
    markup, notes = _decoded(data, source, content_type)
    tree = _tree(markup, source, notes)
    for element in tree.iter("table", "tbody", "tr", "td", "th"):
        element.tag = "div"
    return _body(tree, source)


# --- bytes to tree


def _decoded(data: bytes, source: str, content_type: str) -> tuple[str, list[str]]:
    """A page's markup. Unlike a file, a page with a few damaged bytes is read all the same, and that is noted."""
    if not is_wide(data[:HEAD]):
        data = data.replace(b"\x00", b"")
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd") - data.count("\ufffd".encode())
    if 0 < damaged < sum(len(run) for run in re.findall("[^\x00-\x7f]+", text)) - damaged:
        return text, [f"{damaged:,} bytes of the page are damaged"]
    found = _META_CHARSET.search(data[:HEAD])
    declared = [content_type] if "charset" in content_type.lower() else []
    declared += [f"charset={found[1].decode('ascii', 'replace')}"] if found else []
    for each in declared:
        try:
            return decode(data, source, each), []
        except SourceError:
            continue
    return decode(data, source), []


def _tree(markup: str, source: str, notes: list[str]) -> HtmlElement:
    """The parsed page. Raises SourceError for what would take minutes to read."""
    from lxml import etree, html

    data = markup.encode("utf-8", "replace")
    if len(data) > 2 * MOST_ATTRIBUTES and _CROWDED_TAG.search(data):
        raise SourceError(f"{source}: a tag with more than {MOST_ATTRIBUTES:,} attributes; no page that can be read.")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree: HtmlElement = html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise NoArticle(f"{source}: no article text found (the page is empty).") from error
    if sum(1 for _ in tree.iter()) > MOST_ELEMENTS:
        raise SourceError(f"{source}: more than {MOST_ELEMENTS:,} elements; no page that can be read.")
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        notes.append("nested deeper than 256 elements, or more than 10 MB; what follows was not read")
    return tree


def _saved_from(markup: str) -> str:
    """The address that a browser wrote into a page that it saved."""
    found = _SAVED_FROM.search(markup[:HEAD])
    return found[1] if found else ""


# --- tree to text


def _text(page: ParsedPage, source: str) -> tuple[str, str]:
    """The text of an article and where it was found."""
    text = _body(page.tree, source)
    if text:
        return text, "page"
    body = page.node.get("articleBody")
    return (body, "json-ld") if isinstance(body, str) else ("", "")


def _body(tree: HtmlElement, source: str) -> str:
    """The body that trafilatura finds: first the sure one, else the likely one."""
    for precise in (True, False):
        try:
            found = _trafilatura().bare_extraction(
                tree, favor_precision=precise, include_comments=False, include_tables=False, with_metadata=False
            )
        except Exception as error:  # whatever a page brings up in there
            raise SourceError(
                f"{source}: the page cannot be made sense of ({type(error).__name__}: {error})."
            ) from error
        blocks = list(_blocks(found.body)) if found is not None and found.body is not None else []
        while blocks and blocks[-1].startswith("## "):
            del blocks[-1]
        if blocks:
            return "\n\n".join(blocks)
    return ""


@cache
def _trafilatura() -> ModuleType:
    import trafilatura

    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # else its warnings go to the terminal
    return trafilatura


_CONTAINERS = frozenset({"body", "list", "quote", "div", "main"})


def _blocks(element: _Element) -> Iterator[str]:
    """The paragraphs of an extracted body, headings as ``## ...``."""
    for child in element:
        if child.tag in _CONTAINERS and any(below.tag in ("p", "item", "head", *_CONTAINERS) for below in child):
            yield from filter(None, [_inline(child.text)])
            yield from _blocks(child)
        else:
            text = _paragraph(child)
            if text:
                yield f"## {one_line(text)}" if child.tag == "head" else text
        yield from filter(None, [_inline(child.tail)])


def _paragraph(element: _Element) -> str:
    """A block's text; a ``<br>`` is a line end, white space of the source none."""
    pieces = [_inline_part(element.text)]
    for each in element.iterdescendants():
        if each.tag == "lb":
            pieces.append("\n")
        elif each.tag in ("p", "item", "quote"):
            pieces.append("\n\n")
        pieces += [_inline_part(each.text), _inline_part(each.tail)]
    return "\n".join(line.strip() for line in "".join(pieces).split("\n")).strip()


def _inline(text: str | None) -> str:
    return _inline_part(text).strip()


def _inline_part(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _without_title(text: str, title: str) -> str:
    """The text without the headline, where it opens with it."""
    opening, _, rest = text.partition("\n\n")
    same = _letters(opening) == _letters(title)
    return rest if rest and title and same else text


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def _words(text: str) -> int:
    return len(text.split()) + len(_WITHOUT_SPACES.findall(text)) // 2
