"""Documents: the same bytes however they come, within the limits, and text only where they are text."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path
from typing import Any

import pytest

from qa.config import LimitsSection
from qa.errors import SourceError
from qa.readers.decoding import decode, is_wide
from qa.readers.documents import FREE_EXPANSION, HEAD, MIB, Document, open_file, open_stream, source_of


class Dribble(io.RawIOBase):
    """A pipe: no seeking, and a few bytes at a time."""

    def __init__(self, data: bytes, step: int = 7) -> None:
        self._data = io.BytesIO(data)
        self._step = step

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._data.read(min(self._step, len(buffer)))
        buffer[: len(data)] = data
        return len(data)


def of(data: bytes, *, name: str = "a.txt", clock: Any = lambda: 0.0, **limits: float) -> Document:
    document = open_stream(io.BytesIO(data), name, name, LimitsSection(**limits))
    document.clock = clock
    return document


def bomb() -> bytes:
    """A gigabyte of zeros."""
    return gzip.compress(bytes(64 * MIB)) * 16


def test_a_file_a_gzip_of_it_and_a_pipe_give_the_same_document(tmp_path: Path) -> None:
    data = bytes(range(256)) * 40
    (tmp_path / "a.json").write_bytes(data)
    (tmp_path / "b.json.GZ").write_bytes(gzip.compress(data))
    opened = [open_file(tmp_path / name, name, LimitsSection()) for name in ("a.json", "b.json.GZ")]
    opened += [
        open_stream(Dribble(each), "in", "c.json", LimitsSection())  # type: ignore[arg-type]
        for each in (data, gzip.compress(data))
    ]
    for document in opened:
        assert (document.head, document.suffix) == (data[:HEAD], ".json")
        assert document.bytes() == data
        document.stream.close()


def test_gzip_is_known_by_its_content_and_not_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(gzip.compress(b"packed"))
    (tmp_path / "b.txt.gz").write_bytes(b"plain")
    for name, expected in (("a.txt", b"packed"), ("b.txt.gz", b"plain")):
        document = open_file(tmp_path / name, name, LimitsSection())
        assert (document.name, document.bytes()) == (name.removesuffix(".gz"), expected)
        document.stream.close()


def test_members_of_a_gzip_that_was_appended_to_are_all_read() -> None:
    assert of(gzip.compress(b"one ") + gzip.compress(b"two")).bytes() == b"one two"


@pytest.mark.parametrize("cut", [-1, -9, 20])
def test_a_gzip_that_breaks_off_is_an_error(cut: int) -> None:
    data = gzip.compress(os.urandom(20_000))
    with pytest.raises(SourceError, match=r"^a\.txt: damaged gzip \("):
        of(data[:cut]).bytes()


def test_a_gzip_bomb_ends_at_the_bound_whether_its_size_is_known_or_not(tmp_path: Path) -> None:
    packed = bomb()
    (tmp_path / "a.txt").write_bytes(packed)
    told = "a.txt: expands to more than 2 times its size ([limits] expansion)."
    for document in (
        open_file(tmp_path / "a.txt", "a.txt", LimitsSection(expansion=2, document_mb=4096)),
        of(packed, expansion=2, document_mb=4096),
    ):
        taken: list[int] = []
        with document.stream, pytest.raises(SourceError) as caught:
            taken.extend(map(len, iter(lambda: document.stream.read(MIB), b"")))  # noqa: B023 - used at once
        assert str(caught.value) == told
        assert FREE_EXPANSION - MIB <= sum(taken) <= FREE_EXPANSION


def test_a_document_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert len(of(bytes(MIB), document_mb=1).bytes()) == MIB
    with pytest.raises(SourceError) as caught:
        of(bytes(MIB + 1), document_mb=1).bytes()
    assert str(caught.value) == ("a.txt: larger than 1 MB, the most that one document may hold ([limits] document_mb).")


def test_a_line_beyond_the_limit_costs_only_itself() -> None:
    long = b"x" * (2 * MIB)
    lines = list(of(b"one\n" + long + b"\n\nthree", line_mb=1).lines())
    assert [each for each in lines if not isinstance(each[1], SourceError)] == [
        (1, b"one\n"),
        (3, b"\n"),
        (4, b"three"),
    ]
    assert str(lines[1][1]) == "a.txt, line 2: longer than 1 MB ([limits] line_mb)."
    assert [type(line) for _, line in of(b"x" * MIB + b"\n" + long, line_mb=1).lines()] == [bytes, SourceError]


def test_lines_that_were_looked_at_are_still_in_the_document() -> None:
    document = of(b"one\ntwo\nthree")
    assert document.peek_lines(2) == [b"one\n", b"two\n"]
    assert document.peek_lines(9) == [b"one\n", b"two\n", b"three"] + [b""] * 6
    assert document.bytes() == b"one\ntwo\nthree"
    assert document.peek_lines(1) == [b""]


def test_a_document_that_takes_too_long_is_given_up_and_each_article_has_its_own_time() -> None:
    moments = iter((0.0, 59.0, 60.0, 120.0, 181.0))
    document = Document("a", "a", io.BytesIO(), b"", LimitsSection(seconds=60), clock=lambda: next(moments))
    document.check_time()
    document.restart_time()
    document.check_time()
    with pytest.raises(SourceError) as caught:
        document.check_time()
    assert str(caught.value) == "a: took longer than 60 s to read ([limits] seconds)."


def test_what_stands_inside_a_document_has_its_limits_and_clock() -> None:
    outer = of(b"", line_mb=3, clock=lambda: 5.0)
    inner = outer.within("a#1", "b.html", b"x" * 5000, url="https://post.example/", content_type="text/html")
    assert (inner.source, inner.suffix, inner.head, inner.bytes()) == ("a#1", ".html", b"x" * HEAD, b"x" * 5000)
    assert (inner.limits, inner.clock, inner.url) == (outer.limits, outer.clock, "https://post.example/")


def test_a_pipe_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(SourceError, match=r"^s: not a regular file"):
        open_file(tmp_path / "pipe.txt", "s", LimitsSection())


def test_a_folder_and_what_is_missing_are_errors_of_the_system(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.txt"):
        with pytest.raises(OSError, match="directory"):
            open_file(path, "s", LimitsSection())


def test_a_file_has_one_name(tmp_path: Path) -> None:
    assert source_of(tmp_path / "x" / ".." / "a.txt") == f"{tmp_path}/a.txt"
    assert source_of(Path(os.fsdecode(b"/caf\xe9.txt"))) == "/caf\\xe9.txt"


# --- text


NEWS = "Le café ferme à midi – “trop cher”, dit-on."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1252"]
)
def test_text_in_every_usual_encoding_is_the_same_text(encoding: str) -> None:
    assert decode(NEWS.encode(encoding), "a") == NEWS


OLD = {
    "cp1251": "Министры встретились в понедельник. Они договорились о новых правилах для порта, сообщил представитель.",
    "koi8-r": "Министры встретились в понедельник. Они договорились о новых правилах для порта, сообщил представитель.",
    "cp1253": "Οι υπουργοί συναντήθηκαν τη Δευτέρα. Συμφώνησαν για νέους κανόνες στο λιμάνι, δήλωσε ο εκπρόσωπος.",
    "cp932": "大臣は月曜日に会談した。港の新しい規則について合意したと政府の報道官が述べた。",
    "iso2022_jp": "大臣は月曜日に会談した。港の新しい規則について合意したと政府の報道官が述べた。",
    "cp949": "장관들은 월요일 만났다. 정부 대변인은 항구의 새 규정에 합의했다고 말했다.",
}


@pytest.mark.parametrize("encoding", OLD)
def test_an_old_encoding_is_taken_where_letters_and_language_leave_no_doubt(encoding: str) -> None:
    assert decode(OLD[encoding].encode(encoding), "a") == OLD[encoding]


def test_an_old_encoding_is_refused_in_doubt() -> None:
    polish = "Ministrowie spotkali się w poniedziałek. Uzgodnili nowe zasady, powiedział rzecznik rządu w piątek."
    czech = "Ministři se sešli v pondělí. Řekl to mluvčí při dveřích, věří; příští týden přijde dřív, věděl."
    for text in (polish, czech):
        with pytest.raises(SourceError, match=r"^a: text in an encoding of Central Europe or Turkey; save it as UTF-8"):
            decode(text.encode("cp1250"), "a")
    with pytest.raises(SourceError, match=r"if it is text in another encoding, save it as UTF-8"):
        decode(bytes(range(128, 256)) * 4, "a")


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("text/html; charset=iso-8859-2", "iso8859-2"),
        ('text/html; CHARSET="windows-1250"', "cp1250"),
        ("text/plain; charset=utf-16", "utf-16-le"),
        ("text/plain; charset=utf-8", "cp1252"),
        ("text/plain; charset=iso-8859-1", "cp1252"),
        ("text/plain; charset=iso-8859-2", "utf-8"),
        ("text/plain; charset=unicode_escape", "utf-8"),
        ("text/plain; charset=nonsense", "utf-8"),
    ],
)
def test_what_the_bytes_prove_beats_what_is_declared_and_that_beats_a_guess(declared: str, encoding: str) -> None:
    text = "Ministr řekl: příští týden." if "125" not in encoding or encoding == "cp1250" else NEWS
    assert decode(text.encode(encoding), "a", declared) == text


def test_bytes_that_are_not_what_is_declared_are_refused() -> None:
    with pytest.raises(SourceError) as caught:
        decode(b"caf\xe9 \xff\xff", "a", "text/html; charset=shift_jis")
    assert str(caught.value) == ("a: declared as cp932, which its bytes are not (at byte 3); save it again as UTF-8.")


def test_damaged_utf8_is_never_read_as_something_else() -> None:
    with pytest.raises(SourceError) as caught:
        decode("Où ça? Là-bas.".encode() + b"\xe2\x80", "a")
    assert str(caught.value) == "a: damaged UTF-8 (at byte 17); save it again as UTF-8."


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty."),
        (b" \r\n\t", "empty."),
        (" \n".encode("utf-16"), "empty."),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a text file (a PNG picture)."),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "not a text file (a JPEG picture)."),
        (b"GIF89a\x01\x00\x01\x00", "not a text file (a GIF picture)."),
        (b"PK\x03\x04\x14\x00", "not a text file (a ZIP archive, or an office document)."),
        (b"\x7fELF\x02\x01\x01", "not a text file (a program)."),
        (b"SQLite format 3\x00\x10", "not a text file (a SQLite database)."),
        (gzip.compress(b"x", mtime=0), "not a text file (a gzip file inside another)."),
        (b"%PDF-1.7\n", "not a text file (a PDF)."),
        (b"{\\rtf1\\ansi", "not a text file (an RTF document)."),
        (b"abc\x00def", "not a text file (it holds zero bytes)."),
        ("Half a character".encode("utf-16")[:-1], "damaged UTF-16 (at byte 32); save it again as UTF-8."),
        ("Half a character".encode("utf-16-le")[:-1], "damaged UTF-16 (at byte 30); save it again as UTF-8."),
        (b"\xff\xfe" + b"\x01\x00\x02\x00" * 50, "not a text file (its bytes are no text in utf-16)."),
    ],
)
def test_what_is_no_text_is_refused_with_the_name_of_what_it_is(data: bytes, told: str) -> None:
    with pytest.raises(SourceError) as caught:
        of(data).text() if not data.startswith(b"\x1f\x8b") else decode(data, "a.txt")
    assert str(caught.value) == f"a.txt: {told}"


def test_a_headline_about_a_format_is_text() -> None:
    for text in ("GIF89a turns forty\n\nIt does.", "MZ wins\n\nYes.", "PK plays on\n\nYes."):
        assert decode(text.encode(), "a") == text


@pytest.mark.parametrize(
    ("head", "wide"),
    [(b"abc", False), (b"\xef\xbb\xbfabc", False), ("abc".encode("utf-16"), True), ("abc".encode("utf-16-be"), True)],
)
def test_wide_text_is_known_by_its_mark_or_its_zeros(head: bytes, wide: bool) -> None:
    assert is_wide(head) is wide
