"""JSON and JSON Lines: every name a field may have, every wrong type, and lines that cost only themselves."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.articles import Article
from qa.articles.fields import NAMES, article_from_fields
from qa.config import LimitsSection
from qa.errors import SourceError
from qa.readers.documents import Document, open_stream
from qa.readers.json_file import JsonReader
from qa.readers.json_lines import JsonLinesReader


def document(content: str, name: str) -> Document:
    return open_stream(io.BytesIO(content.encode()), name, name, LimitsSection())


def read_json(content: str, name: str) -> Iterator[Article | SourceError]:
    return JsonReader().read(document(content, name))


def of_fields(**fields: Any) -> Article:
    """One article by way of JSON, as a file gives it."""
    (found,) = read_json(json.dumps({"text": "Body.", **fields}), "a.json")
    assert isinstance(found, Article), found
    return found


def of_lines(*lines: str) -> list[Article | SourceError]:
    return list(JsonLinesReader().read(document("\n".join(lines), "a.jsonl")))


SAMPLES: dict[str, tuple[Any, Any]] = {
    "title": ("A title", "A title"),
    "text": ("A text.", "A text."),
    "url": ("https://post.example/1", "https://post.example/1"),
    "outlet": ("The Post", "The Post"),
    "authors": (["Ann Lee", "Bo Day"], ("Ann Lee", "Bo Day")),
    "published": ("2026-03-04", date(2026, 3, 4)),
    "updated": ("2026-03-05T10:00:00Z", datetime(2026, 3, 5, 10, tzinfo=UTC)),
    "language": ("EN", "en"),
    "place": ("Paris", "Paris"),
    "section": ("World", "World"),
}


@pytest.mark.parametrize(("field", "alias"), [(field, alias) for field in SAMPLES for alias in NAMES[field]], ids=str)
@pytest.mark.parametrize("spelling", [str.lower, str.upper, lambda name: f"{name[:3]}_{name[3:]}", str.title])
def test_every_alias_in_every_spelling_fills_its_field(field: str, alias: str, spelling: Any) -> None:
    given_value, expected = SAMPLES[field]
    text = {} if field == "text" else {"text": "Body."}
    found = article_from_fields({**text, spelling(alias): given_value}, "a.json")
    assert getattr(found, field) == expected
    assert found.notes == ()


def test_the_best_name_wins_and_an_empty_one_gives_way() -> None:
    assert of_fields(headline="B", title="A").title == "A"
    assert of_fields(headline="B", title="").title == "B"
    assert of_fields(headline="B", title=None).title == "B"
    assert of_fields(headline="B", title=float("nan")).title == "B"


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("By Ann Lee", ("Ann Lee",)),
        ("Ann Lee, Bo Day and Cy Orr; Di Poe", ("Ann Lee", "Bo Day", "Cy Orr", "Di Poe")),
        (["Ann Lee", "", None, {"name": "Bo Day"}, 5], ("Ann Lee", "Bo Day", "5")),
        ({"name": "Ann Lee"}, ("Ann Lee",)),
        ("Ann" + " " * 100_000 + "Lee", ("Ann Lee",)),  # in no time, where a careless pattern takes minutes
        ({"email": "a@b.example"}, ()),
        ([["Ann Lee"]], ("Ann Lee",)),
        (7, ("7",)),
    ],
)
def test_authors_come_as_text_list_or_objects(authors: Any, expected: tuple[str, ...]) -> None:
    assert of_fields(authors=authors).authors == expected


@pytest.mark.parametrize(
    ("outlet", "expected"),
    [
        ({"id": None, "name": "The Post"}, "The Post"),
        ({"title": "The\nPost"}, "The Post"),
        ({"id": 5}, ""),
        ("  The \t Post ", "The Post"),
        (5, "5"),
    ],
)
def test_an_outlet_comes_as_text_or_object(outlet: Any, expected: str) -> None:
    assert of_fields(source=outlet).outlet == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (1453311000, datetime(2016, 1, 20, 17, 30, tzinfo=UTC)),
        (1453311000000, datetime(2016, 1, 20, 17, 30, tzinfo=UTC)),
        ("2016-01-20", date(2016, 1, 20)),
        (float("nan"), None),
        ("", None),
    ],
)
def test_dates_come_as_text_or_epoch_numbers(moment: Any, expected: Any) -> None:
    found = of_fields(published=moment)
    assert (found.published, found.notes) == (expected, ())


@pytest.mark.parametrize(
    "moment", ["yesterday", "03/04/2026", 12, 10**300, True, [], {"$date": "2026-01-01"}, [["x"]], "\ud800"], ids=repr
)
def test_a_date_that_is_none_is_noted_and_costs_only_itself(moment: Any) -> None:
    found = of_fields(published=moment, updated="2026-01-02")
    assert (found.published, found.updated, found.text) == (None, date(2026, 1, 2), "Body.")
    assert len(found.notes) == 1
    assert found.notes[0].endswith("(published); stored without it")


@pytest.mark.parametrize("url", ["ftp://x.example/", "post.example/1", "https://a b", "javascript:alert(1)", "/1"])
def test_a_url_that_is_no_web_address_is_noted_and_left_out(url: str) -> None:
    found = of_fields(url=url)
    assert (found.url, found.notes) == ("", (f"URL {url!r} is not an http address; ignored",))


@pytest.mark.parametrize("text", [None, "", "  \n", [], {}, {"html": "x"}, float("nan"), [None, ""]])
def test_without_text_it_is_no_article(text: Any) -> None:
    with pytest.raises(SourceError, match=r"a\.json: no text; expected a field named text, body, content"):
        of_fields(text=text)


def test_paragraphs_come_as_a_list() -> None:
    assert of_fields(text=["One.", None, "Two."]).text == "One.\n\nTwo."


def test_control_characters_and_lone_surrogates_reach_no_field() -> None:
    bad = "a\ud800b\x00c\x1b[31m"
    clean = "abc[31m"
    (found,) = read_json(
        json.dumps([dict.fromkeys(("id", "title", "text", "outlet", "place", "language"), bad)]), "a.json"
    )
    assert isinstance(found, Article)
    assert (found.title, found.text, found.outlet, found.place) == (clean, clean, clean, clean)
    assert found.source == f"a.json#{clean}"
    assert of_fields(url="https://x.example/\ud800").url == "https://x.example/"
    assert len(found.digest) == 64


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(), max_size=12)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["name", "title", "x"]), inner, max_size=2)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([alias for names in NAMES.values() for alias in names]), json_values))
def test_any_values_give_an_article_that_can_be_stored_or_an_error(fields: dict[str, Any]) -> None:
    for found in read_json(json.dumps([fields]), "a.json"):
        if isinstance(found, Article):
            assert found.text
            assert found.title
            assert all(part.encode("utf-8") for part in (found.source, found.digest, *found.authors))
        else:
            assert str(found).startswith("a.json, entry 1: ")


# --- whole files


@pytest.mark.parametrize(
    "content",
    [
        '[{"id": 1, "text": "One."}, {"id": 2, "text": "Two."}]',
        '{"status": "ok", "articles": [{"id": 1, "text": "One."}, {"id": 2, "text": "Two."}]}',
    ],
)
def test_json_holds_a_list_of_articles_or_an_object_with_that_list(content: str) -> None:
    found = list(read_json(content, "a.json"))
    assert [(each.text, each.source) for each in found if isinstance(each, Article)] == [
        ("One.", "a.json#1"),
        ("Two.", "a.json#2"),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "a.json: not valid JSON: "),
        ("[" * 100_000, "a.json: nested more than 100 levels deep ([limits] depth)."),
        ("5", "a.json: expected an article (an object) or a list of them, got a number."),
        ('"x"', "got a text."),
        ("null", "got null."),
        ("true", "got true or false."),
    ],
    ids=lambda each: each[:20],
)
def test_json_that_is_no_article_is_refused_with_the_reason(content: str, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        list(read_json(content, "a.json"))
    assert reason in str(caught.value)


def test_nesting_inside_a_field_costs_only_the_field() -> None:
    deep = json.loads("[" * 90 + "]" * 90)
    found = of_fields(authors=deep, published=deep, outlet=deep)
    assert (found.authors, found.published, found.outlet, found.text) == ((), None, "", "Body.")


def test_a_bad_entry_of_a_list_costs_only_itself_and_is_named_by_its_place() -> None:
    entries: list[Any] = [{"text": "One."}, None, {"title": "No text"}, "x", {"text": "Two."}]
    found = list(read_json(json.dumps(entries), "a.json"))
    assert [each.text for each in found if isinstance(each, Article)] == ["One.", "Two."]
    assert [str(each) for each in found if isinstance(each, SourceError)] == [
        "a.json, entry 2: expected an article (an object), got null.",
        "a.json, entry 3: no text; expected a field named text, body, content.",
        "a.json, entry 4: expected an article (an object), got a text.",
    ]


def test_a_bad_line_costs_only_itself_and_is_named_by_its_number() -> None:
    found = of_lines('{"text": "One."}', "", "{broken", "[1]", "[" * 100_000, '{"text": "Two."}\r', '{"title": "x"}')
    assert [each.text for each in found if isinstance(each, Article)] == ["One.", "Two."]
    errors = [str(each) for each in found if isinstance(each, SourceError)]
    assert [error.split(": ")[0] for error in errors] == [f"a.jsonl, line {n}" for n in (3, 4, 5, 7)]


LINES = (
    '{"url": "https://post.example/1", "title": "Same", "text": "One."}',
    '{"id": 7, "title": "Same", "text": "Two."}',
    '{"guid": "g", "text": "Three."}',
    '{"headline": "Own", "text": "Four."}',
    '{"text": "Five."}',
    '{"text": "Six."}',
)


@given(st.permutations(LINES), st.sets(st.sampled_from(LINES), max_size=3))
def test_an_article_stays_itself_when_lines_move_or_leave(order: list[str], gone: set[str]) -> None:
    def identities(lines: list[str]) -> dict[str, str]:
        return {each.text: each.id for each in of_lines(*lines) if isinstance(each, Article)}

    before, after = identities(list(LINES)), identities([line for line in order if line not in gone])
    assert len(set(before.values())) == len(LINES)
    assert after == {text: before[text] for text in after}


def test_two_articles_under_one_title_are_two() -> None:
    first, second = of_lines('{"title": "Same", "text": "One."}', '{"title": "Same", "text": "Two."}')
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.source, second.source) == ("a.jsonl#Same", "a.jsonl#Same~2")
    assert first.id != second.id


def test_a_missing_title_is_the_opening_of_the_text(tmp_path: Path) -> None:
    assert of_fields(text="Short opening.\nMore.").title == "Short opening."
    title = of_fields(text="word " * 40).title
    assert title.endswith("word …")
    assert len(title) <= 82
