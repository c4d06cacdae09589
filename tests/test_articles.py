"""Files to articles: what each format gives, what is refused, and who an article is."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.articles import Article, clean_text, instant
from qa.chunks import sentences
from qa.config import LimitsSection
from qa.errors import SourceError
from qa.readers.documents import open_file, source_of
from qa.readers.json_file import JsonReader
from qa.readers.markdown import MarkdownReader
from qa.readers.text import TextReader
from tests.conftest import SHARED

CEST = timezone(timedelta(hours=2))


READERS: dict[str, Any] = {".txt": TextReader, ".md": MarkdownReader, ".json": JsonReader}


def read_file(path: Path) -> list[Article | SourceError]:
    """What is in a file, by the reader of its extension."""
    source = source_of(path)
    document = open_file(path, source, LimitsSection())
    try:
        return list(READERS[path.suffix]().read(document))
    except SourceError as error:
        return [error]
    finally:
        document.stream.close()


def read(folder: Path, name: str, content: str | bytes) -> list[Article | SourceError]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return read_file(path)


def article(folder: Path, name: str, content: str | bytes) -> Article:
    found = read(folder, name, content)
    assert len(found) == 1
    assert isinstance(found[0], Article), found
    return found[0]


def problem(folder: Path, name: str, content: str | bytes) -> str:
    found = read(folder, name, content)
    assert len(found) == 1
    assert isinstance(found[0], SourceError), found
    assert str(found[0]).startswith(str(folder / name))
    return str(found[0])


def of_fields(folder: Path, **fields: Any) -> Article:
    return article(folder, "a.json", json.dumps({"text": "Body.", **fields}))


# --- text as agencies send it


@pytest.mark.parametrize(
    ("opening", "place", "outlet", "published"),
    [
        ("Paris (AFP)\n\n", "Paris", "AFP", None),
        ("Berlin (dpa) - ", "Berlin", "dpa", None),
        ("(Reuters) - ", "", "Reuters", None),
        ("LONDON (Reuters) – ", "LONDON", "Reuters", None),
        ("VARNHOLM, March 3, 2026 (Meridian Wire) - ", "VARNHOLM", "Meridian Wire", date(2026, 3, 3)),
        ("NEW YORK, 20 January 2016 (AP) — ", "NEW YORK", "AP", date(2016, 1, 20)),
        ("PARIS, 2026-03-03 (AFP) -- ", "PARIS", "AFP", date(2026, 3, 3)),
        ("St. John's, N.L. (CP) - ", "St. John's, N.L.", "CP", None),
        ("Rio de Janeiro (AFP) - ", "Rio de Janeiro", "AFP", None),
        ("MOSCOW/KYIV, March 3, 2026 (Reuters)\n\n", "MOSCOW/KYIV", "Reuters", date(2026, 3, 3)),
        ("WASHINGTON — ", "WASHINGTON", "", None),
        ("SÃO PAULO – ", "SÃO PAULO", "", None),
        ("WASHINGTON - ", "WASHINGTON", "", None),
        ("BEIRUT, Lebanon — ", "BEIRUT, Lebanon", "", None),
        ("WASHINGTON, March 3, 2026 — ", "WASHINGTON", "", date(2026, 3, 3)),
    ],
)
def test_a_dateline_gives_place_agency_and_date_and_leaves_the_text(
    tmp_path: Path, opening: str, place: str, outlet: str, published: date | None
) -> None:
    found = article(tmp_path, "a.txt", f"A headline\n\n{opening}Ministers met on Monday.\n\nThey agreed.\n")
    assert (found.title, found.place, found.outlet) == ("A headline", place, outlet)
    assert (found.published, found.notes) == (published, ())
    assert found.text == "Ministers met on Monday.\n\nThey agreed."


@pytest.mark.parametrize(
    "paragraph",
    [
        "The company (ABC) said it did.",
        "The army (it said) - which was big - left.",
        "He met Jones (CEO) — and left.",
        "The prime minister of Costavia (pop. 4 million) – Who else? – said so.",
        "Paris (AFP) said nothing.",
        "Tesla (TSLA) - the carmaker - fell.",
        "NASA - which flies - said so.",
        "Score (unofficial)",
    ],
)
def test_a_paragraph_with_brackets_or_dashes_is_no_dateline(tmp_path: Path, paragraph: str) -> None:
    found = article(tmp_path, "a.txt", f"A headline\n{paragraph}\n\nMore.")
    assert found.text == f"{paragraph}\n\nMore."
    assert (found.place, found.outlet, found.published, found.notes) == ("", "", None, ())


@pytest.mark.parametrize(
    ("opening", "place", "written"),
    [
        ("LONDON, Jan 20 (Reuters) -", "LONDON", "Jan 20"),
        ("Jan. 5 (Reuters) -", "", "Jan. 5"),
        ("PARIS, 20 January —", "PARIS", "20 January"),
    ],
)
def test_a_dateline_without_year_gives_no_date_and_a_note(
    tmp_path: Path, opening: str, place: str, written: str
) -> None:
    found = article(tmp_path, "a.txt", f"A headline\n\n{opening} Ministers met.")
    assert (found.place, found.published, found.text) == (place, None, "Ministers met.")
    assert found.notes == (f"date {written!r} is not understood (dateline); stored without a date",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("Only a headline\n", "a headline without text"),
        ("A headline\n\nParis (AFP)\n", "a headline and a dateline without text"),
        (" \n\n", "empty"),
        ("", "empty"),
        (b"\x00\x01\x02GIF", "not a text file"),
        (b"\xff\xfe\x41", "damaged UTF-16"),
    ],
)
def test_what_holds_no_text_is_refused_with_the_reason(tmp_path: Path, content: str | bytes, reason: str) -> None:
    assert reason in problem(tmp_path, "a.txt", content)


def test_the_example_comes_in_as_an_agency_article() -> None:
    files = sorted((SHARED / "seeds").glob("*.txt"))
    if not files:
        pytest.skip("the shared example is not on this machine")
    for file in files:
        (found,) = read_file(file)
        assert isinstance(found, Article)
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        assert (found.title, found.place, found.outlet) == (lines[0], "Paris", "AFP")
        assert (found.published, found.notes) == (None, ())
        assert found.text.startswith(lines[2])
        headings = [line for line in lines if line.startswith("- ") and line.endswith(" -")]
        assert len(headings) == 2
        quotes = [found.text[span.start : span.end] for span in sentences(found.text)]
        assert len(quotes) > 20
        assert not any(heading in quote for heading in headings for quote in quotes)


# --- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_all_give_the_same_article(tmp_path: Path, encoding: str, end: str) -> None:
    content = "Café closes\n\nLe “Café” costs 5 €.\n\n\n\nIt closed.  \n".replace("\n", end).encode(encoding)
    found = article(tmp_path, "a.txt", content)
    assert (found.title, found.text) == ("Café closes", "Le “Café” costs 5 €.\n\nIt closed.")


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\r\n\t\x0b\x0c\x85\u2028\ufeff\ud800 a"))))
def test_cleaned_text_is_clean_and_cleaning_it_again_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert once.encode("utf-8").decode("utf-8") == once
    assert once == once.strip()
    assert not any(bad in once for bad in ("\r", "\t", "\x00", "\x85", "\ufeff", "\n\n\n"))


def test_every_kind_of_line_end_separates_words() -> None:
    assert clean_text("a\x0cb\x0bc\x85d\u2028e\u2029f\x00g") == "a\nb\nc\nd\ne\n\nfg"


# --- Markdown

MARKDOWN = """---
outlet: The Post
author: [Ann Lee, Bo Day]
published: 2026-07-02T21:30:00+02:00
updated: 2026-07-03
lang: EN
---
# Talks *end*

First [linked](https://x.example) and **bold** text
goes on with `code`, ![a picture](p.png) and &amp; more.

## What comes next

- one
- two

```
x = 1
```
"""


def test_markdown_is_rendered_to_plain_paragraphs_with_its_front_matter(tmp_path: Path) -> None:
    found = article(tmp_path, "a.md", MARKDOWN)
    assert (found.title, found.outlet, found.authors) == ("Talks end", "The Post", ("Ann Lee", "Bo Day"))
    assert found.published == datetime(2026, 7, 2, 21, 30, tzinfo=CEST)
    assert (found.updated, type(found.updated), found.language) == (date(2026, 7, 3), date, "en")
    first = "First linked and bold text goes on with code, a picture and & more."
    assert found.text == f"{first}\n\n## What comes next\n\none\n\ntwo\n\nx = 1"
    assert [found.text[s.start : s.end] for s in sentences(found.text)] == [first, "one", "two", "x = 1"]


@pytest.mark.parametrize(
    ("content", "title", "text"),
    [
        ("# A title\n\nText.", "A title", "Text."),
        ("Text alone.\n\nMore.", "Text alone.", "Text alone.\n\nMore."),
        ("---\n---\n# T\n\nText.", "T", "Text."),
        ("---\r\ntitle: T\r\n---\r\nText.\r\n", "T", "Text."),
        ("Text.\n\n# Late\n\nMore.", "Text.", "Text.\n\n## Late\n\nMore."),
        ("T\n===\n\nText.\n\nSub  \nhead\n---\n\nMore.", "T", "Text.\n\n## Sub head\n\nMore."),
    ],
)
def test_markdown_with_and_without_front_matter_and_headings(
    tmp_path: Path, content: str, title: str, text: str
) -> None:
    found = article(tmp_path, "a.md", content)
    assert (found.title, found.text) == (title, text)
    assert found.notes == ()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("---\ntitle: [unclosed\n---\nText.", "not valid YAML"),
        ("---\ndate: 2026-13-45\n---\nText.", "not valid YAML"),
        ("---\njust words\n---\nText.", "must be a table of fields"),
        ("---\ntitle: T\n---\n# Heading\n", "no text below"),
        ("---\ntitle: T\n---\n", "no text below"),
    ],
)
def test_markdown_that_is_no_article_is_refused_with_the_reason(tmp_path: Path, content: str, reason: str) -> None:
    assert reason in problem(tmp_path, "a.md", content)


@pytest.mark.parametrize("authors", ["&a [Ann, *a]", "[&a [x, x], &b [*a, *a], [*b, *b]]"])
def test_front_matter_that_multiplies_itself_is_refused(tmp_path: Path, authors: str) -> None:
    reason = problem(tmp_path, "a.md", f"---\nauthors: {authors}\n---\nText.")
    assert reason.endswith("the front matter uses a value again by its name (*name); write it out.")


def test_front_matter_beyond_its_bound_is_refused_and_stars_in_it_are_not(tmp_path: Path) -> None:
    reason = problem(tmp_path, "a.md", f"---\ntitle: {'x' * 100_000}\n---\nText.")
    assert reason.endswith("the front matter is longer than 100,000 characters.")
    assert article(tmp_path, "b.md", "---\ntitle: Five * stars\n---\nText.").title == "Five * stars"


def test_markdown_beyond_its_bound_is_refused(tmp_path: Path) -> None:
    reason = problem(tmp_path, "a.md", "x" * 1_000_001)
    assert reason.endswith(": longer than 1,000,000 characters; split it, or save it as .txt.")
    assert len(article(tmp_path, "b.md", "x" * 1_000_000).text) == 1_000_000


# --- who an article is


def test_an_article_is_its_url_else_its_file(tmp_path: Path) -> None:
    url = "https://post.example/1"
    assert of_fields(tmp_path, url=url).id == article(tmp_path, "b.json", json.dumps({"body": "X", "link": url})).id
    first, other = article(tmp_path, "a.txt", "T\n\nText."), article(tmp_path, "b.txt", "T\n\nText.")
    assert first.id != other.id
    assert first.digest == other.digest
    edited = article(tmp_path, "a.txt", "T\n\nOther text.")
    assert edited.id == first.id
    assert edited.digest != first.digest


def test_a_file_has_one_name_however_it_is_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    direct = article(tmp_path, "a.txt", "T\n\nText.")
    monkeypatch.chdir(tmp_path / "sub")
    (around,) = read_file(Path("../sub/../a.txt"))
    assert around == direct


def test_a_file_name_that_is_no_unicode_is_named_in_unicode(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text("T\n\nText.")
    (found,) = read_file(path)
    assert isinstance(found, Article)
    assert found.source == f"{tmp_path}/caf\\xe9.txt"


@pytest.mark.parametrize(
    ("moment", "end", "expected"),
    [
        (date(1970, 1, 2), False, 86_400.0),
        (date(1970, 1, 1), True, 86_399.999999),
        (datetime(1970, 1, 1, 2, tzinfo=CEST), False, 0.0),
        (datetime(1970, 1, 1, 2), True, 7_200.0),
        (datetime(1970, 1, 1, 2, tzinfo=UTC), False, 7_200.0),
    ],
)
def test_an_instant_counts_bare_days_and_times_in_utc(moment: date, end: bool, expected: float) -> None:
    assert instant(moment, end=end) == pytest.approx(expected, abs=1e-6)
