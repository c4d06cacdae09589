"""Newsletters: what a message gives, damaged ones, and what is no message."""

from __future__ import annotations

import base64
import io
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage

import pytest

from qa.articles import Article
from qa.config import LimitsSection
from qa.errors import SourceError
from qa.readers.documents import HEAD, Document
from qa.readers.mail import MailReader

FIRST = "The council of Varnholm voted on Tuesday to close the harbour bridge until the end of the year."
SECOND = "Engineers had found cracks in its northern pier, which carries two thirds of the load, officials said."
HTML = f"<html><body><table><tr><td><p>{FIRST}</p><p>{SECOND}</p></td></tr></table></body></html>"
HEADER = (
    "From: =?utf-8?q?Caf=C3=A9_Briefing?= <news@post.example>\r\n"
    "Subject: =?utf-8?b?QnLDvGNrZQ==?= closes:\r\n the morning\r\n"
    "Date: Tue, 02 Jul 2024 06:30:00 +0200\r\n"
    "Message-ID: <1.a@post.example>\r\n"
)


def document(data: bytes, name: str = "a.eml") -> Document:
    return Document(name, name, io.BytesIO(data), data[:HEAD], LimitsSection())


def read(data: bytes | str) -> Article:
    (found,) = MailReader().read(document(data if isinstance(data, bytes) else data.encode()))
    assert isinstance(found, Article), found
    return found


def message(**parts: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"], made["Date"] = "Post <news@post.example>", "Today", "Tue, 02 Jul 2024 06:30:00 +0200"
    made.set_content(parts.get("plain", "Read this in a browser: https://post.example/1"))
    if "html" in parts:
        made.add_alternative(parts["html"], subtype="html")
    return made


def test_a_message_gives_title_outlet_date_and_key() -> None:
    found = read(f"{HEADER}Content-Language: de, en\r\n\r\n{FIRST}\r\n\r\n{SECOND}\r\n")
    assert (found.title, found.outlet) == ("Brücke closes: the morning", "Café Briefing")
    assert found.published == datetime(2024, 7, 2, 6, 30, tzinfo=timezone(timedelta(hours=2)))
    assert (found.source, found.language, found.notes) == ("a.eml#1.a@post.example", "de", ())
    assert found.text == f"{FIRST}\n\n{SECOND}"
    assert found.origins == (("text", "text/plain"),)


def test_the_html_is_read_and_its_tables_are_layout() -> None:
    found = read(message(html=HTML).as_bytes())
    assert found.text == f"{FIRST}\n\n{SECOND}"
    assert (found.origins, found.source) == ((("text", "text/html"),), "a.eml")


def test_plain_text_stands_in_for_html_without_text() -> None:
    found = read(message(plain=FIRST, html="<html><body><img src='a.png'></body></html>").as_bytes())
    assert (found.text, found.origins) == (FIRST, (("text", "text/plain"),))


def test_attached_files_and_messages_are_left_alone() -> None:
    made = message(plain=FIRST)
    made.add_attachment(SECOND, filename="note.txt")
    made.add_attachment(message(plain="Forwarded.", html=HTML))
    assert read(made.as_bytes()).text == FIRST


def test_lines_wrapped_for_mail_are_joined_and_verses_are_not() -> None:
    wrapped = f"{FIRST[:60]}\n{FIRST[60:]}\n\nRoses are red\nViolets are blue\n"
    assert read(f"{HEADER}\n{wrapped}").text == f"{FIRST[:60]} {FIRST[60:]}\n\nRoses are red\nViolets are blue"


FRENCH = "Le café « Émile » a fermé à midi, et le maire Zoé Lefèvre s'est dit très déçu de la décision du conseil."


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("iso-8859-1", "windows-1252"),
        ("us-ascii", "utf-8"),
        ("utf-8", "windows-1252"),
        ("nonsense", "utf-8"),
        ("'quoted", "windows-1252"),
    ],
)
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_charsets_survive_however_they_are_declared(charset: str, encoding: str, kind: str) -> None:
    body = FRENCH if kind == "plain" else f"<html><body><p>{FRENCH}</p><p>{FIRST}</p></body></html>"
    header = f"{HEADER}Content-Type: text/{kind}; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    found = read(header.encode() + body.encode(encoding))
    assert found.text == (FRENCH if kind == "plain" else f"{FRENCH}\n\n{FIRST}")


def test_damaged_base64_gives_what_can_be_decoded() -> None:
    encoded = base64.b64encode(f"{FIRST}\n".encode()).decode()
    header = f"{HEADER}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    assert read(header + encoded[:40] + "!\n\n**" + encoded[40:]).text == FIRST


@pytest.mark.parametrize(
    ("header", "title", "outlet", "notes"),
    [
        (
            "From: news@post.example\nSubject: A\nDate: soon\n",
            "A",
            "post.example",
            ("date 'soon' is not understood (Date); stored without it",),
        ),
        ("From: <\nSubject: =?utf-8?b?broken\nDate:\n", "=?utf-8?b?broken", "", ()),
        ("From: Post <a@[b>\nSubject: =?x?q?A?=\nMessage-ID: <\n", "A", "Post", ()),
        ("From: Post <a@b.example>\nSubject: A\nDate: Tue, 99 Jul 2024 06:30:00 +9999\n", "A", "Post", None),
    ],
)
def test_damaged_headers_break_nothing(header: str, title: str, outlet: str, notes: tuple[str, ...] | None) -> None:
    found = read(f"{header}\n{FIRST}\n")
    assert (found.text, found.title, found.outlet, found.published) == (FIRST, title, outlet, None)
    assert found.notes == notes if notes is not None else len(found.notes) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (HEADER + "\n", "a.eml: no article text found."),
        (HEADER + "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0=\n", "no article text found"),
        (HEADER + "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n", "not a text file"),
    ],
)
def test_a_message_without_text_is_refused(data: str, reason: str) -> None:
    with pytest.raises(SourceError) as raised:
        list(MailReader().read(document(data.encode())))
    assert reason in str(raised.value)


def test_parts_nested_without_end_are_refused() -> None:
    nested = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(5_000))
    with pytest.raises(SourceError, match=r"^a\.eml: (?:nested too deeply|no article text found)\.$"):
        list(MailReader().read(document(f"{HEADER}{nested}\n{FIRST}".encode())))


@pytest.mark.parametrize(
    "head",
    [
        HEADER + "\r\nText.",
        HEADER.replace("\r\n", "\n") + "\nText.",
        "Received: by a.example\n id 1\nFrom: a@post.example\nDate: today\n\nText.",
        "DATE: x\nFROM:\n <a@post.example>\nX-Last: cut here and th",
    ],
)
def test_a_message_is_recognised_by_its_header(head: str) -> None:
    assert MailReader().recognises(document(head.encode(), "a"))


@pytest.mark.parametrize(
    "head",
    [
        "",
        "A headline\n\nFrom: a@post.example\nSubject: x\n",
        "From: the archive\nSubject: bridges\n\nText.",
        "From: a@post.example\n\nText.",
        "Subject: x\nDate: y\n\nText.",
        "From: a@post.example\nThe council voted.\nSubject: x\n\nText.",
        " From: a@post.example\nSubject: x\n",
        "---\nFrom: a@post.example\nSubject: x\n---\n",
        '{"From": "a@post.example", "Subject": "x"}',
        "https://post.example/a@b: From: Subject:",
        "From:a@post.example\nSubject:x\n",
    ],
)
def test_prose_is_no_message(head: str) -> None:
    assert not MailReader().recognises(document(head.encode(), "a"))
