"""PDF files: one article each, its pages joined, through pypdf, which is an extra.

A PDF knows lines, not paragraphs: where one ends is seen from a line that stops short. What the file says of itself
is believed only where it says more than which program made it.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from qa.articles import Article, Published, make_article, one_line
from qa.articles.dates import UnclearDate, parse_date
from qa.errors import SourceError
from qa.readers.documents import Document
from qa.readers.page_metadata import split_names

if TYPE_CHECKING:
    from pypdf import DocumentInformation
    from pypdf import PdfReader as Pages

__all__ = ["PdfReader"]

SHORT = 0.8
"""Share of the usual width below which a line may be the last of its paragraph."""
LONGEST_TITLE = 200
"""Characters of a first paragraph that may be the headline."""
REPEATED = 3
"""On how many pages a first or last line stands that belongs to the pages, not to the text."""

_PAGE_NUMBER = re.compile(r"\W*(?:page|p\.|seite)?\s*\d{1,4}(?:\s*(?:/|of|von|sur|de)\s*\d{1,4})?\W*\Z", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"untitled|document\d*\Z|microsoft |\(anonymous\)|.*\.(?:docx?|odt|indd|pdf|qxp|qxd|tex|dvi|rtf|html?)\Z",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(r"(?:admin|user|unknown|anonym|owner|author\Z|root\Z|microsoft|\W*\Z)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?:…]['\"”’»)\]]*\Z")


class PdfReader:
    """Reads one article from a PDF file."""

    name: ClassVar[str] = "PDF"
    extensions: ClassVar[tuple[str, ...]] = (".pdf",)

    def recognises(self, document: Document) -> bool:
        """Whether the document begins as a PDF does."""
        return document.head.startswith(b"%PDF-")

    def read(self, document: Document) -> Iterator[Article | SourceError]:
        """The file's article. Raises SourceError where it holds no text, or pypdf is not installed."""
        source = document.source
        pages = _open(document)
        lines = _lines(list(_page_texts(pages, document)))
        paragraphs = list(_paragraphs(lines))
        if not paragraphs:
            raise SourceError(
                f"{source}: a PDF without text, only pictures; put it through text recognition (OCR) first."
            )
        yield _article(_information(pages), paragraphs, source)


def _open(document: Document) -> Pages:
    source = document.source
    try:
        import pypdf
    except ImportError as error:
        raise SourceError(f"{source}: PDF files need an extra; run: pip install 'newsdesk[pdf]'") from error
    logging.getLogger("pypdf").addHandler(logging.NullHandler())  # else its warnings go to the terminal
    try:
        pages = pypdf.PdfReader(io.BytesIO(document.bytes()))
        readable = not pages.is_encrypted or bool(pages.decrypt(""))
    except SourceError:
        raise
    except Exception as error:  # whatever a damaged or encrypted file brings up in there
        kind = type(error).__name__
        raise SourceError(f"{source}: not a PDF that can be read ({kind}: {one_line(str(error))[:200]}).") from error
    if not readable:
        raise SourceError(f"{source}: encrypted; save it without a password.")
    return pages


def _page_texts(pages: Pages, document: Document) -> Iterator[str]:
    try:
        for page in pages.pages:
            yield page.extract_text()
            document.check_time()
    except SourceError:
        raise
    except Exception as error:  # as above
        kind = type(error).__name__
        raise SourceError(
            f"{document.source}: a damaged page ({kind}: {one_line(str(error))[:200]}); save the PDF again."
        ) from error


# --- lines to paragraphs


def _lines(pages: list[str]) -> list[str]:
    """The lines of all pages, without page numbers and what stands at the head or foot of every page."""
    split = [[one_line(line) for line in page.strip().split("\n")] for page in pages]
    filled = [[line for line in page if line] for page in split]
    edges = Counter(edge for page in filled for edge in {*page[:1], *page[-1:]})
    furniture = {line for line, pages_with_it in edges.items() if pages_with_it >= REPEATED}
    return [line for page in split for line in _without_furniture(page, furniture)]


def _without_furniture(page: list[str], furniture: set[str]) -> list[str]:
    filled = [number for number, line in enumerate(page) if line]
    edges = {*filled[:1], *filled[-1:]}
    return [
        line
        for number, line in enumerate(page)
        if number not in edges or not (line in furniture or _PAGE_NUMBER.match(line))
    ]


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Lines joined to paragraphs, words that were divided at a line's end made whole."""
    lengths = sorted(len(line) for line in lines if line)
    width = lengths[len(lengths) * 9 // 10] if lengths else 0
    paragraph = ""
    for number, line in enumerate(lines):
        paragraph = _continued(paragraph, line)
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if paragraph and (not line or not below or _ends(line, below, width)):
            yield paragraph
            paragraph = ""


def _continued(paragraph: str, line: str) -> str:
    if re.search(r"[^\W\d_][-\u00ad]\Z", paragraph) and line[:1].islower():
        return paragraph[:-1] + line
    return f"{paragraph} {line}".strip()


def _ends(line: str, below: str, width: int) -> bool:
    """Whether a paragraph ends with ``line``: it stops short, and a sentence ends or something new begins below."""
    if len(line) >= width * SHORT:
        return False
    return bool(_SENTENCE_END.search(line)) or not below[0].islower()


# --- what the file says of itself


def _information(pages: Pages) -> DocumentInformation | None:
    try:
        return pages.metadata
    except Exception:  # a damaged entry costs only itself
        return None


def _article(information: DocumentInformation | None, paragraphs: list[str], source: str) -> Article:
    notes: list[str] = []
    title, author, made = (_entry(information, name) for name in ("title", "author", "creation_date"))
    origins = {"title": "document information"}
    if not isinstance(title, str) or len(title) < 4 or _NO_TITLE.match(title):
        title, origins["title"] = paragraphs[0], "text"
    if len(paragraphs) > 1 and one_line(title) == paragraphs[0] and len(title) <= LONGEST_TITLE:
        paragraphs = paragraphs[1:]
    authors = tuple(name for name in split_names(author or "") if not _NO_AUTHOR.match(name))
    if authors:
        origins["authors"] = "document information"
    published = _date(made, notes)
    if published:
        origins["published"] = "document information"
    return make_article(
        title=title if len(title) <= LONGEST_TITLE else "",
        text="\n\n".join(paragraphs),
        source=source,
        authors=authors,
        published=published,
        origins=tuple(origins.items()),
        notes=tuple(notes),
    )


def _entry(information: DocumentInformation | None, name: str) -> Any:
    try:
        value = getattr(information, name, None)
    except Exception:  # a damaged entry costs only itself
        return None
    return one_line(value) if isinstance(value, str) else value


def _date(made: Any, notes: list[str]) -> Published | None:
    try:
        return parse_date(made) if isinstance(made, date) else None
    except UnclearDate as unclear:
        notes.append(f"{unclear} (document information); stored without it")
        return None
