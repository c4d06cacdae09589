"""PDF files: lines to paragraphs, what the file says of itself, and files that hold no text."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from qa.articles import Article
from qa.config import LimitsSection
from qa.errors import SourceError
from qa.readers.documents import HEAD, Document
from qa.readers.pdf import PdfReader

PAGE_1 = (
    "Bridge closes in Varnholm",
    "The council of Varnholm voted on Tuesday to close the harbour bridge un-",
    "til the end of the year. Engineers had found cracks in its northern pier,",
    "which carries two thirds of the load.",
    "Ferries will run every ten minutes from March, and the detour over Old",
)
PAGE_2 = ("Lock adds twenty minutes.", "Nobody was hurt.")
TEXT = (
    "The council of Varnholm voted on Tuesday to close the harbour bridge until the end of the year. Engineers had "
    "found cracks in its northern pier, which carries two thirds of the load.\n\n"
    "Ferries will run every ten minutes from March, and the detour over Old Lock adds twenty minutes.\n\n"
    "Nobody was hurt."
)


def pdf(*pages: Sequence[str], password: str = "", **information: str) -> bytes:
    """A PDF whose pages show these lines one below the other."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        content = DecodedStreamObject()
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        content.set_data(f"BT /F1 11 Tf 14 TL 50 780 Td {shown} ET".encode("latin-1"))
        page[NameObject("/Contents")] = content
    if information:
        writer.add_metadata({f"/{name}": value for name, value in information.items()})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def document(data: bytes, limits: LimitsSection | None = None) -> Document:
    return Document("a.pdf", "a.pdf", io.BytesIO(data), data[:HEAD], limits or LimitsSection())


def read(data: bytes) -> Article:
    assert PdfReader().recognises(document(data))
    (found,) = PdfReader().read(document(data))
    assert isinstance(found, Article), found
    return found


def problem(data: bytes) -> str:
    with pytest.raises(SourceError) as raised:
        list(PdfReader().read(document(data)))
    return str(raised.value)


def test_pages_are_joined_to_paragraphs_below_the_first_line_as_title() -> None:
    found = read(pdf(PAGE_1, PAGE_2))
    assert (found.title, found.text) == ("Bridge closes in Varnholm", TEXT)
    assert (found.source, found.origins, found.authors) == ("a.pdf", (("title", "text"),), ())


def test_the_file_gives_title_authors_and_date() -> None:
    information = {
        "Title": "Bridge closes in Varnholm",
        "Author": "Ann Lee and Bo Day",
        "CreationDate": "D:20240317083000Z",
    }
    found = read(pdf(PAGE_1, PAGE_2, **information))
    assert (found.title, found.authors) == ("Bridge closes in Varnholm", ("Ann Lee", "Bo Day"))
    assert (found.published, found.text) == (datetime(2024, 3, 17, 8, 30, tzinfo=UTC), TEXT)
    assert found.origins == tuple((name, "document information") for name in ("title", "authors", "published"))


@pytest.mark.parametrize(
    "title", ["", "x", "Untitled", "Document1", "Microsoft Word - bridge.docx", "bridge_final.indd", "(anonymous)"]
)
@pytest.mark.parametrize("author", ["", "Administrator", "user", "unknown"])
def test_what_only_names_a_program_is_not_believed(title: str, author: str) -> None:
    found = read(pdf(PAGE_1, PAGE_2, Title=title, Author=author))
    assert (found.title, found.authors, found.text) == ("Bridge closes in Varnholm", (), TEXT)


@pytest.mark.parametrize(
    ("date", "notes"),
    [
        ("D:29990101000000Z", 1),
        ("D:18000101000000Z", 1),
        ("long ago", 0),
    ],
)
def test_a_date_that_cannot_be_is_left_out(date: str, notes: int) -> None:
    found = read(pdf(PAGE_1, PAGE_2, CreationDate=date))
    assert (found.published, len(found.notes)) == (None, notes)
    assert all(note.endswith("(document information); stored without it") for note in found.notes)


def test_page_numbers_and_what_stands_on_every_page_are_no_text() -> None:
    pages = [
        (
            "The Varnholm Post",
            f"Paragraph {name} tells at some length what was decided, and",
            "stands alone.",
            f"{n} / 3",
        )
        for n, name in enumerate("ABC")
    ]
    paragraphs = [f"Paragraph {name} tells at some length what was decided, and stands alone." for name in "ABC"]
    found = read(pdf(*pages))
    assert (found.title, found.text) == (paragraphs[0], "\n\n".join(paragraphs[1:]))


def test_a_compound_word_keeps_its_hyphen_where_the_second_part_is_a_name() -> None:
    lines = ("A title", "The meeting of the council on the planned extension of the Anglo-", "Norman line was put off.")
    assert read(pdf(lines)).text == (
        "The meeting of the council on the planned extension of the Anglo- Norman line was put off."
    )


def test_a_file_of_pictures_says_so() -> None:
    assert problem(pdf((), ())) == (
        "a.pdf: a PDF without text, only pictures; put it through text recognition (OCR) first."
    )


def test_an_encrypted_file_says_so_and_one_with_an_empty_password_is_read() -> None:
    assert problem(pdf(PAGE_1, password="secret")) == "a.pdf: encrypted; save it without a password."
    owned = PdfWriter(clone_from=io.BytesIO(pdf(PAGE_1, PAGE_2)))
    owned.encrypt("", "owner", algorithm="RC4-128")
    out = io.BytesIO()
    owned.write(out)
    assert read(out.getvalue()).text == TEXT


@pytest.mark.parametrize("keep", [8, 60, 400])
def test_a_damaged_file_is_refused_or_read_but_breaks_nothing(keep: int) -> None:
    whole = pdf(PAGE_1, PAGE_2)
    assert problem(whole[:keep]).startswith("a.pdf: ")


def test_without_the_extra_the_way_to_get_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    assert problem(b"%PDF-1.7") == "a.pdf: PDF files need an extra; run: pip install 'newsdesk[pdf]'"


def test_time_counts_for_each_page() -> None:
    data = pdf(PAGE_1, PAGE_2)
    ticks = iter(range(0, 1_000, 40))
    slow = Document(
        "a.pdf", "a.pdf", io.BytesIO(data), data[:HEAD], LimitsSection(seconds=60), clock=lambda: next(ticks)
    )
    with pytest.raises(SourceError, match="took longer than 60 s"):
        list(PdfReader().read(slow))


def test_only_a_pdf_is_recognised() -> None:
    assert not PdfReader().recognises(document(b"A headline\n\n%PDF-1.7"))
