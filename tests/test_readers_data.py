"""Readers of data files: what each form gives, how forms are told apart, and what a bad entry costs."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from qa.articles import Article
from qa.config import LimitsSection
from qa.errors import SourceError
from qa.readers.csv_table import CsvReader
from qa.readers.documents import Document, open_stream
from qa.readers.json_file import JsonReader
from qa.readers.json_lines import JsonLinesReader
from qa.readers.json_values import parse_json
from qa.readers.markdown import MarkdownReader
from qa.readers.text import TextReader


def of(content: str | bytes, name: str, **limits: float) -> Document:
    data = content if isinstance(content, bytes) else content.encode()
    return open_stream(io.BytesIO(data), name, name, LimitsSection(**limits))


def outcome(reader: Any, content: str | bytes, name: str, **limits: float) -> list[str]:
    """The text of every article and the message of every error, in their order."""
    document = of(content, name, **limits)
    try:
        return [found.text if isinstance(found, Article) else str(found) for found in reader.read(document)]
    except SourceError as error:
        return [str(error)]


def articles(reader: Any, content: str | bytes, name: str, **limits: float) -> list[Article]:
    found = list(reader.read(of(content, name, **limits)))
    assert all(isinstance(each, Article) for each in found), found
    return found


# --- which form it is

LINES = '{"text": "One."}\n{"text": "Two."}\n'
LAID_OUT = '{\n  "text": "One."\n}\n'


@pytest.mark.parametrize(
    ("content", "name", "reader"),
    [
        (LINES, "a.jsonl", JsonLinesReader),
        (LINES, "a.json", JsonLinesReader),
        (LINES, "a", JsonLinesReader),
        (LAID_OUT, "a.json", JsonReader),
        (LAID_OUT, "a.jsonl", JsonReader),
        ('[{"text": "One."}]', "a.jsonl", JsonReader),
        ('\ufeff {"text": "One."}', "a", JsonReader),
        ('{"text": "One."}\n', "a.jsonl", None),
        ('{"text": broken\n{"text": "Two."}', "a.jsonl", None),
        ("[Update] Ministers met.", "a.json", None),
        ('["a", "b"]', "a.json", None),
        ("{braces} are text", "a.txt", None),
        ("title,text\nA,B\n", "a.csv", None),
        ("Any text.", "a.txt", None),
    ],
)
def test_json_is_known_by_its_content_and_the_rest_by_the_extension(content: str, name: str, reader: Any) -> None:
    readers = (JsonReader, JsonLinesReader, CsvReader, MarkdownReader, TextReader)
    assert [each for each in readers if each().recognises(of(content, name))] == ([reader] if reader else [])


def test_a_table_from_the_web_is_known_by_its_type() -> None:
    document = of("title,text\nA,B\n", "export")
    document.content_type = "Text/CSV; charset=utf-8"
    assert CsvReader().recognises(document)


def test_json_lines_too_long_to_be_seen_are_still_read_as_such() -> None:
    content = "\n".join(json.dumps({"text": letter * 6000}) for letter in "ab")
    document = of(content, "a.json")
    assert JsonReader().recognises(document)
    assert outcome(JsonReader(), content, "a.json") == ["a" * 6000, "b" * 6000]


def test_one_article_on_one_line_is_json() -> None:
    content = json.dumps({"articles": [{"id": n, "text": "x" * 3000} for n in (1, 2)]}) + "\n"
    assert [found.source for found in articles(JsonReader(), content, "a.json")] == ["a.json#1", "a.json#2"]


# --- JSON


@pytest.mark.parametrize("wrapper", ["articles", "results", "items", "data", "docs"])
@pytest.mark.parametrize("outer", [False, True])
def test_the_list_stands_under_the_names_that_news_apis_use(wrapper: str, outer: bool) -> None:
    value: Any = {"status": "ok", wrapper: [{"text": "One."}, {"text": "Two."}]}
    content = json.dumps({"response": value} if outer else value)
    assert outcome(JsonReader(), content, "a.json") == ["One.", "Two."]


def test_an_article_that_has_a_list_of_its_own_is_one_article() -> None:
    content = json.dumps({"text": "One.", "items": [{"text": "An advertisement."}]})
    assert outcome(JsonReader(), content, "a.json") == ["One."]


@pytest.mark.parametrize("content", ["[]", '{"articles": []}'])
def test_an_empty_list_is_said_to_be_empty(content: str) -> None:
    assert outcome(JsonReader(), content, "a.json") == ["a.json: an empty list of articles."]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "a.json: empty."),
        ('{"text": "x"} and more', "a.json: not valid JSON: Extra data at line 1, column 15."),
        ('{"text":\n "x"', "a.json: not valid JSON: Expecting ',' delimiter at line 2, column 5."),
        ("[" * 100_000, "a.json: nested more than 100 levels deep ([limits] depth)."),
        ('{"a":' * 100_000, "a.json: nested more than 100 levels deep ([limits] depth)."),
        ('{"title": "A", "title": "B", "text": "x"}', "a.json: the key 'title' stands twice, with different values; "),
        (b'{"text": "\xff\xfe\x00"}', "a.json: not a text file (it holds zero bytes)."),
    ],
)
def test_a_document_that_is_no_json_is_one_error(content: str | bytes, told: str) -> None:
    (message,) = outcome(JsonReader(), content, "a.json")
    assert message.startswith(told)


def test_the_depth_is_counted_in_values_and_not_in_brackets_of_a_text() -> None:
    assert parse_json(json.dumps(["[" * 500]), "a", depth=1) == ["[" * 500]
    assert parse_json("[[[]], [[]]]", "a", depth=3) == [[[]], [[]]]
    with pytest.raises(SourceError, match=r"^a: nested more than 2 levels deep"):
        parse_json("[[[]], [[]]]", "a", depth=2)


def test_a_key_that_stands_twice_costs_only_its_article_and_not_where_both_say_the_same() -> None:
    content = '[{"text": "A.", "text": "B."}, {"text": "C.", "text": "C."}, {"text": "D."}]'
    assert outcome(JsonReader(), content, "a.json") == [
        "a.json, entry 1: the key 'text' stands twice, with different values; remove one.",
        "C.",
        "D.",
    ]


def test_numbers_without_end_and_values_that_are_no_json_cost_nothing() -> None:
    content = '{"text": "x", "a": ' + "9" * 10_000 + ', "title": NaN, "place": Infinity, "b": -1e999}'
    (found,) = articles(JsonReader(), content, "a.json")
    assert (found.title, found.place, found.notes) == ("x", "", ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "windows-1252"])
def test_json_is_read_in_every_usual_encoding(encoding: str) -> None:
    content = json.dumps({"text": "Café à midi."}, ensure_ascii=False).encode(encoding)
    assert outcome(JsonReader(), content, "a.json") == ["Café à midi."]


# --- JSON Lines


def test_every_line_counts_for_itself() -> None:
    content = (
        b'\xef\xbb\xbf{"text": "One."}\r\n'
        b"\n  \r\n"
        b'{"text": "Two.", "title": \n'
        b'{"text": "Caf\xc3\xa9."}\n'
        b'{"text": "Caf\xe9."}\n'
        b'{"text": "a\x00b"}\n'
        b'{"text": "x"} {"text": "y"}\n'
        b'{"title": "A", "text": "x", "text": "y"}\n' + b"[" * 100_000 + b"\n"
        b'{"text": "\\ud800Last.'
    )
    assert outcome(JsonLinesReader(), content, "a.jsonl") == [
        "One.",
        "a.jsonl, line 4: not valid JSON: Expecting value at column 27.",
        "Café.",
        "Café.",
        "a.jsonl, line 7: not valid JSON: Invalid control character at column 12.",
        "a.jsonl, line 8: not valid JSON: Extra data at column 15.",
        "a.jsonl, line 9: the key 'text' stands twice, with different values; remove one.",
        "a.jsonl, line 10: nested more than 100 levels deep ([limits] depth).",
        "a.jsonl, line 11: not valid JSON: Unterminated string starting at column 10.",
    ]


def test_a_line_beyond_the_limit_is_skipped() -> None:
    content = '{"text": "One."}\n{"text": "' + "x" * (20 << 20) + '"}\n{"text": "Two."}\n'
    assert outcome(JsonLinesReader(), content, "a.jsonl", line_mb=1) == [
        "One.",
        "a.jsonl, line 2: longer than 1 MB ([limits] line_mb).",
        "Two.",
    ]


def test_json_lines_are_read_one_at_a_time() -> None:
    document = of(b'{"text": "A."}\n' * 100_000, "a.jsonl")
    found = JsonLinesReader().read(document)
    assert isinstance(next(found), Article)
    assert document.stream.tell() < 100_000


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_json_lines_in_wide_encodings_are_read(encoding: str) -> None:
    assert outcome(JsonLinesReader(), LINES.encode(encoding), "a.jsonl") == ["One.", "Two."]


@pytest.mark.parametrize("content", ["", "\n\n", " \r\n"])
def test_json_lines_without_a_line_are_empty(content: str) -> None:
    assert outcome(JsonLinesReader(), content, "a.jsonl") == ["a.jsonl: empty."]


# --- CSV

TABLE = 'Headline;Body;Date-Published;Site Name;AUTHOR\nTalks end;"One;\nsaid ""yes"".";2026-03-04;The Post;Ann Lee\n'


def test_a_table_fills_the_fields_that_its_header_names() -> None:
    (found,) = articles(CsvReader(), TABLE, "a.csv")
    assert (found.title, found.text) == ("Talks end", 'One;\nsaid "yes".')
    assert (found.published, found.outlet, found.authors) == (date(2026, 3, 4), "The Post", ("Ann Lee",))
    assert (found.source, found.notes) == ("a.csv#Talks end", ())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("opening", ["", "\ufeff", "\n\r\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_delimiter_is_the_one_that_finds_the_names(delimiter: str, opening: str, end: str) -> None:
    rows = (("title", "text", "url"), ("A", '"x, y; z | w"', "https://post.example/1"))
    content = opening + "".join(delimiter.join(row) + end for row in rows)
    (found,) = articles(CsvReader(), content, "a.csv")
    assert (found.title, found.text, found.url) == ("A", "x, y; z | w", "https://post.example/1")


@pytest.mark.parametrize("content", ["sep=;\ntitle;text\nA;B\n", "text\nB\n", "TEXT\tx\nB\t\n"])
def test_a_line_that_names_the_delimiter_and_a_single_column_are_understood(content: str) -> None:
    assert outcome(CsvReader(), content, "a.csv") == ["B"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1252"])
def test_tables_are_read_in_every_usual_encoding(encoding: str) -> None:
    assert outcome(CsvReader(), "title\ttext\nÉté\tCafé à midi.\n".encode(encoding), "a.tsv") == ["Café à midi."]


def test_a_bad_row_costs_only_itself_and_is_named_by_its_line() -> None:
    content = b'title,text\nA,One.\nB\n\nC,"Two\nlines."\nD,x,y\nE,"a"b\nF,\nG,caf\xe9\nH,\x00\x01\nI,Last.\n'
    assert outcome(CsvReader(), content, "a.csv") == [
        "One.",
        "a.csv, line 3: 1 fields, where the header has 2; is a quotation mark missing?",
        "Two\nlines.",
        "a.csv, line 7: 3 fields, where the header has 2; is a quotation mark missing?",
        "a.csv, line 8: not a row of a table (',' expected after '\"').",
        "a.csv, line 9: no text; expected a field named text, body, content.",
        "café",
        "a.csv, line 11: no text.",
        "Last.",
    ]


def test_a_quotation_mark_that_is_never_closed_is_bounded() -> None:
    content = 'title,text\nA,One.\nB,"open\n' + ("x" * 99 + "\n") * 30_000 + "C,Last.\n"
    found = outcome(CsvReader(), content, "a.csv", line_mb=1)
    assert found[:2] == ["One.", "a.csv, line 3: a row longer than 1 MB; is a quotation mark never closed?"]
    assert found[-1] == "Last."
    assert outcome(CsvReader(), 'text,title\n"open', "a.csv") == [
        "a.csv, line 2: not a row of a table (unexpected end of data)."
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "a.csv: empty."),
        ("\n\n", "a.csv: empty."),
        ("id;title\n1;A\n", "a.csv: no column named text, body, content; its header names 'id', 'title'."),
        ("text,title,Title\na,b,c\n", "a.csv: two columns are named 'title'; rename one."),
        (b"\x89PNG\r\n\x1a\n", "a.csv: not a text file (a PNG picture)."),
    ],
)
def test_a_table_that_holds_no_articles_is_refused(content: str | bytes, told: str) -> None:
    assert outcome(CsvReader(), content, "a.csv") == [told]


def test_a_table_is_read_one_row_at_a_time() -> None:
    document = of(b"title,text\n" + b"A,B\n" * 100_000, "a.csv")
    assert isinstance(next(CsvReader().read(document)), Article)
    assert document.stream.tell() < 100_000


# --- dates that no article can have


def test_a_date_in_the_future_is_noted_and_left_out_whatever_the_form() -> None:
    (found,) = articles(JsonReader(), '{"text": "x", "date": "2998-01-01", "updated": "2026-03-04T10:00Z"}', "a.json")
    assert (found.published, found.updated) == (None, datetime(2026, 3, 4, 10, tzinfo=UTC))
    assert found.notes == ("date '2998-01-01' lies in the future (published); stored without it",)
    (found,) = articles(MarkdownReader(), "---\ndate: 0001-01-01\n---\nText.", "a.md")
    assert found.notes == ("date 0001-01-01 lies before 1900 (published); stored without it",)
    (found,) = articles(TextReader(), "A headline\n\nPARIS, March 3, 2998 (AFP) - Text.", "a.txt")
    assert found.notes == ("date 'March 3, 2998' lies in the future (dateline); stored without a date",)
