"""Newsletters: mail messages saved as files (RFC 5322).

The name of the sender is the outlet, the subject the title. Of the alternatives the one in HTML is read, since the
one in plain text is often only a link to it; attached files and messages are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parseaddr
from typing import ClassVar

from qa.articles import Article, Published, make_article, one_line
from qa.articles.dates import UnclearDate, parse_date
from qa.errors import SourceError
from qa.readers.decoding import decode
from qa.readers.documents import Document
from qa.readers.html import text_from_html

__all__ = ["MailReader"]

WRAPPED = 50
"""Characters that a line has at least where the paragraph goes on below it."""

_FIELD = re.compile(rb"(?P<name>[!-9;-~]+):(?P<value>[ \t].*|)\Z", re.DOTALL)
_ADDRESS = re.compile(rb"[^\s@<>]@[^\s@<>]")


class MailReader:
    """Reads one article from a mail message."""

    name: ClassVar[str] = "mail"
    extensions: ClassVar[tuple[str, ...]] = (".eml",)

    def recognises(self, document: Document) -> bool:
        """Whether the document opens with the header of a message, a sender's address and a subject or date in it."""
        fields: dict[bytes, bytes] = {}
        lines = document.head.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0].rstrip(b"\n").split(b"\n")
        name = b""
        for number, line in enumerate(lines, 1):
            found = _FIELD.match(line)
            if found:
                name = found["name"].lower()
                fields[name] = found["value"]
            elif name and line[:1] in (b" ", b"\t"):
                fields[name] += line
            elif not name or number < len(lines):  # the last line may be cut
                return False
        return bool(_ADDRESS.search(fields.get(b"from", b""))) and (b"subject" in fields or b"date" in fields)

    def read(self, document: Document) -> Iterator[Article | SourceError]:
        """The message as an article."""
        try:
            message = BytesParser(EmailMessage, policy=policy.default).parsebytes(document.bytes())
            yield _article(message, document.source)
        except RecursionError as error:
            raise SourceError(f"{document.source}: nested too deeply.") from error


def _article(message: EmailMessage, source: str) -> Article:
    key = _header(message, "Message-ID").strip("<>")
    notes: list[str] = []
    name, address = parseaddr(_header(message, "From"))
    text, origin = _text(message, source)
    return make_article(
        title=_header(message, "Subject"),
        text=text,
        source=f"{source}#{key}" if key else source,
        outlet=name or address.partition("@")[2],
        published=_date(_header(message, "Date"), notes),
        language=_header(message, "Content-Language").partition(",")[0],
        origins=(("text", origin),),
        notes=tuple(notes),
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header's decoded value, "" where there is none or it cannot be understood."""
    try:
        return one_line(str(message.get(name, "")))
    except Exception:  # the standard library stumbles over damaged headers in many ways
        raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
        return one_line(raw)


def _date(written: str, notes: list[str]) -> Published | None:
    try:
        return parse_date(written)
    except UnclearDate as unclear:
        notes.append(f"{unclear} (Date); stored without it")
        return None


def _text(message: EmailMessage, source: str) -> tuple[str, str]:
    """The text and the kind of part that it is from. Raises SourceError where no part holds any."""
    problem: SourceError | None = None
    for kind in ("html", "plain"):
        part = message.get_body(preferencelist=(kind,))
        data = _payload(part) if part is not None else b""
        if part is None or not data.strip():
            continue
        try:
            text = _readable(data, kind, part, source)
        except SourceError as error:
            problem = error
            continue
        if text.strip():
            return text, f"text/{kind}"
    raise problem or SourceError(f"{source}: no article text found.")


def _payload(part: MIMEPart) -> bytes:
    """A part's bytes. Where its base64 is damaged, what can be decoded."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _readable(data: bytes, kind: str, part: MIMEPart, source: str) -> str:
    charset = part.get_param("charset")
    declared = f"charset={charset}" if isinstance(charset, str) else ""
    if kind == "html":
        return text_from_html(data, source=source, content_type=declared)
    return _unwrapped(decode(data, source, declared))


def _unwrapped(text: str) -> str:
    """Plain text with the lines of each paragraph joined, where it was wrapped to the width of a mail."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return "\n\n".join(map(_joined, paragraphs))


def _joined(paragraph: str) -> str:
    lines = paragraph.split("\n")
    wrapped = all(len(line) >= WRAPPED for line in lines[:-1])
    return " ".join(line.strip() for line in lines) if wrapped else paragraph
