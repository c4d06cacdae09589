"""Bytes to text. A wrong guess would garble an archive without a word, so what is not plain is refused.

What the bytes themselves prove comes first: a byte order mark, or being valid UTF-8. Then what was declared for
them, then UTF-16 without a mark, then Windows-1252, the old encoding of the West. Other old encodings are taken only
where the letters, and the language that they spell, leave no doubt.
"""

from __future__ import annotations

import codecs
import re

from qa.errors import SourceError

__all__ = ["check_kind", "decode", "is_wide"]

MOST_ODD = 0.005
"""Share of characters without a meaning in an encoding above which bytes are no text in it."""
MOST_WESTERN = 0.25
"""Share of bytes beyond ASCII above which a text is in none of the languages that Windows-1252 was made for."""
COHERENT = 0.2
"""How far the letters must be those of a language, from 0 to 1, for an encoding to be taken on that evidence."""
SAMPLE = 32 * 1024
"""Bytes that a guess looks at."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_SYMBOL_IN_WORD = re.compile("[a-zß-ÿ][¹³¿¼¾¯¶±¢£][a-zß-ÿ]")
_STRANGERS = (("ø", "ì"), ("ø", "ù"), ("þ", "ü"), ("þ", "ç"), ("ð", "ü"), ("ð", "ç"))
"""Letters that no language of the West has side by side: Czech or Turkish, read as Windows-1252."""
_KINDS = (
    (re.compile(rb"\x89PNG\r\n"), "a PNG picture"),
    (re.compile(rb"\xff\xd8\xff"), "a JPEG picture"),
    (re.compile(rb"GIF8[79]a[^\n]{0,6}[\x00-\x08\x80-\xff]"), "a GIF picture"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "a WebP picture"),
    (re.compile(rb"PK(\x03\x04|\x05\x06)"), "a ZIP archive, or an office document"),
    (re.compile(rb"\x1f\x8b"), "a gzip file inside another"),
    (re.compile(rb"BZh[1-9]1AY&SY"), "a bzip2 file"),
    (re.compile(rb"\xfd7zXZ\x00"), "an xz file"),
    (re.compile(rb"\x28\xb5\x2f\xfd"), "a Zstandard file"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), "a 7-Zip archive"),
    (re.compile(rb".{257}ustar", re.DOTALL), "a tar archive"),
    (re.compile(rb"\x7fELF|MZ.{0,200}\x00", re.DOTALL), "a program"),
    (re.compile(rb"SQLite format 3\x00"), "a SQLite database"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "an old office document"),
    (re.compile(rb"%PDF-"), "a PDF"),
    (re.compile(rb"\{\\rtf"), "an RTF document"),
    (re.compile(rb"ID3|OggS\x00|fLaC|.{4}ftyp", re.DOTALL), "a sound or a film"),
)
"""What the first bytes of a file that is no plain text show it to be."""

_WESTERN = frozenset("ascii iso8859-1 iso8859-15 cp1252 utf-8".split())
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874"} | {
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis",), "cp932"),
    **dict.fromkeys(("euc_kr",), "cp949"),
    **dict.fromkeys(("big5",), "cp950"),
}
"""The encoding that is meant where a narrower one is declared, as browsers take it (encoding.spec.whatwg.org)."""
_KNOWN = frozenset(
    [
        *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"),
        *("cp866", "cp874", "cp932", "cp949", "cp950", "gb18030", "euc_jp", "iso2022_jp", "johab", "tis-620"),
        *(f"cp{number}" for number in range(1250, 1259)),
        *(f"iso8859-{number}" for number in range(2, 17)),
    ]
)
"""The encodings that may be declared: Python knows others that turn bytes into text, such as escapes."""


def decode(data: bytes, source: str, content_type: str = "") -> str:
    """The text that ``data`` holds; ``content_type`` may declare its charset. Raises SourceError for what is none."""
    if not data.strip():
        raise SourceError(f"{source}: empty.")
    for mark, encoding, name in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, source, f"damaged {name}")
    check_kind(data, source)
    text = _decoded(data, source, content_type)
    if not text.strip():
        raise SourceError(f"{source}: empty.")
    return text


def check_kind(head: bytes, source: str) -> None:
    """Raise SourceError, naming what it is, for a document whose first bytes are those of no text."""
    for pattern, kind in _KINDS:
        if pattern.match(head):
            raise SourceError(f"{source}: not a text file ({kind}).")


def is_wide(head: bytes) -> bool:
    """Whether a document that begins with ``head`` is UTF-16 or UTF-32, so that its lines do not end at a byte."""
    marked = any(head.startswith(mark) and mark != codecs.BOM_UTF8 for mark, _, _ in _MARKS)
    return marked or bool(_without_mark(head))


def _decoded(data: bytes, source: str, content_type: str) -> str:
    declared = _declared(content_type)
    if b"\x00" in data:
        return _strict(data, _wide(data, declared, source), source, "damaged UTF-16")
    if b"\x1b$" in data and data.isascii():  # it shifts between alphabets in bytes that all look like ASCII
        return _strict(data, "iso2022_jp", source, "damaged ISO-2022-JP")
    proven = _as_utf8(data)
    if proven is not None:
        return proven
    if declared and declared not in _WESTERN and _WIDER.get(declared) != "cp1252":
        return _strict(data, declared, source, f"declared as {declared}, which its bytes are not")
    return _old(data, source)


def _as_utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _strict(data: bytes, encoding: str, source: str, problem: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(f"{source}: {problem} (at byte {error.start:,}); save it again as UTF-8.") from error
    if not text.strip():
        raise SourceError(f"{source}: empty.")
    if _odd(text) > MOST_ODD:
        raise SourceError(f"{source}: not a text file (its bytes are no text in {encoding}).")
    return text


def _declared(content_type: str) -> str:
    """Python's name of the charset that a content type declares; "" where it is none that is known."""
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type, re.IGNORECASE)
    try:
        name = codecs.lookup(found[1]).name if found else ""
    except LookupError:
        return ""
    name = _WIDER.get(name, name)
    return name if name in _KNOWN else ""


def _wide(data: bytes, declared: str, source: str) -> str:
    """The encoding of text with zero bytes and no mark."""
    if declared.startswith(("utf-16", "utf-32")):
        return {"utf-16": "utf-16-le"}.get(declared, declared)
    found = _without_mark(data)
    if not found:
        raise SourceError(f"{source}: not a text file (it holds zero bytes).")
    return found


def _without_mark(data: bytes) -> str:
    """UTF-16 without a mark: every other byte is zero, as in most Western text. "" where it is not that."""
    sample = data[:SAMPLE]
    even, odd = sample[::2], sample[1::2]
    for encoding, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros.count(0) * 2 > len(zeros) and not others.count(0):
            return encoding
    return ""


def _old(data: bytes, source: str) -> str:
    """Text that is neither UTF-8 nor declared: Windows-1252, or another old encoding where there is no doubt."""
    _refuse_damaged_utf8(data, source)
    western = data.decode("cp1252", "replace")
    if _odd(western) <= MOST_ODD and _beyond_ascii(data) <= MOST_WESTERN:
        if _is_misread(western):
            raise SourceError(f"{source}: text in an encoding of Central Europe or Turkey; save it as UTF-8.")
        return western
    encoding = _guessed(data)
    if not encoding:
        raise SourceError(
            f"{source}: not a text file (its bytes are no text in UTF-8 or Windows-1252); if it is text in another "
            "encoding, save it as UTF-8."
        )
    return _strict(data, encoding, source, f"looks like {encoding}, which not all of its bytes are")


def _refuse_damaged_utf8(data: bytes, source: str) -> None:
    """Raise where most of what is not ASCII is valid UTF-8: any other reading would garble it."""
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    whole = sum(character > "\x7f" for character in text) - damaged
    if whole > damaged:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise SourceError(f"{source}: damaged UTF-8 (at byte {error.start:,}); save it again as UTF-8.") from error


def _is_misread(western: str) -> bool:
    """Whether a reading as Windows-1252 has what Polish, Czech or Turkish in their own encodings turn into."""
    strange = any(min(western.count(one), western.count(other)) >= 3 for one, other in _STRANGERS)
    return strange or len(_SYMBOL_IN_WORD.findall(western)) >= 2


def _guessed(data: bytes) -> str:
    """The old encoding that the letters and their language show; "" in doubt."""
    from charset_normalizer import from_bytes

    sample = data[:SAMPLE]
    cut = sample.rfind(b"\n") if len(data) > SAMPLE else -1  # between lines, never inside a character
    best = from_bytes(sample[: cut if cut > 0 else None], cp_isolation=sorted(_KNOWN - _WESTERN)).best()
    if best is None or best.chaos > 0.02:
        return ""
    text = str(best)
    native = len(re.findall("[\u3040-\u30ff\uac00-\ud7a3]", text))  # letters that only Japanese or Korean has
    sure = best.coherence >= COHERENT or native * 5 > len(text)
    return best.encoding if sure and _odd(text) <= MOST_ODD else ""


def _odd(text: str) -> float:
    """The share of characters that mean nothing: replacements, and controls other than white space."""
    return len(re.findall("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]", text)) / len(text)


def _beyond_ascii(data: bytes) -> float:
    return len(re.findall(rb"[\x80-\xff]", data)) / len(data)
