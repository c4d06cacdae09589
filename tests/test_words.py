"""The word index: any text is words, never syntax; English stems, folded accents, filters, replacement."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.articles import instant, make_article
from qa.catalog import Indexed
from qa.chunks import Chunk
from qa.errors import IndexUnavailable
from qa.questions import Window
from qa.schema import UNDATED
from qa.words import MAX_TERMS, WordIndex


def piece(
    name: str,
    text: str = "Port workers went on strike.",
    *,
    title: str = "T",
    outlet: str = "",
    day: date | None = None,
) -> Indexed:
    article = make_article(title=title, text=text, source=name, outlet=outlet, published=day)
    return Indexed(Chunk(name, article.id, 0, 0, len(article.text)), article)


def found(
    index: WordIndex, text: str, window: Window | None = None, *, limit: int = 10, boost: float = 0.5
) -> list[str]:
    return [name for name, _ in index.search(text, limit, window or Window(), title_boost=boost)]


def holding(folder: Path, added: Sequence[Indexed]) -> WordIndex:
    index = WordIndex(folder / "words")
    index.write(added)
    return index


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> WordIndex:
    """Four chunks, for reading."""
    return holding(
        tmp_path_factory.mktemp("news"),
        [
            piece("strike", "Port workers went on strike.", outlet="The Post", day=date(2026, 3, 4)),
            piece("cafe", "The Café Über closed.", outlet="Harbour", day=date(2026, 3, 5)),
            piece("undated", "Undated workers rested.", outlet="the post"),
            piece("titled", "Nothing of note.", title="Workers", day=date(1450, 1, 1)),
        ],
    )


SYNTAX = [
    'title:strike AND (bar^2 OR "baz',
    "strike*",
    "\\strike\\",
    "[a TO strike]",
    "+strike -strike",
    "strike~2 && || !",
    "text:(strike",
    '"""strike',
    "🚢 strike 😀",
    "\x00strike\ud800",
    "<strike>",
    "outlet:IN [strike]",
]


@pytest.mark.parametrize("question", SYNTAX, ids=repr)
def test_query_syntax_is_read_as_words(news: WordIndex, question: str) -> None:
    assert found(news, question) == ["strike"]


@pytest.mark.parametrize("question", ["", " ", "*", "\\", '"', "()", "😀🎉", "\ud800", "id:", "a" * 100_000])
def test_a_text_without_known_words_finds_nothing(news: WordIndex, question: str) -> None:
    assert found(news, question) == []


def test_a_very_long_text_is_searched_for_its_first_terms(news: WordIndex) -> None:
    assert found(news, "strike " * 20_000) == ["strike"]
    others = " ".join(f"w{n}" for n in range(MAX_TERMS))
    assert found(news, f"strike {others} " * 500) == ["strike"]
    assert found(news, f"{others} strike") == []


@given(st.text(st.characters(), max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_text_raises_and_its_terms_are_stable(news: WordIndex, text: str) -> None:
    assert set(found(news, text)) <= {"strike", "cafe", "undated", "titled"}
    terms = news.terms(text)
    assert all(term == term.lower() and not term.isspace() for term in terms)
    assert len(news.frequencies(terms)[1]) == len(terms)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Striking workers STRIKE strikes", ["strike", "worker", "strike", "strike"]),
        ("Café Über naïve São", ["cafe", "uber", "naiv", "sao"]),
        ("R-Ariz., 3.5%", ["r", "ariz", "3", "5"]),
        ("x" * 61 + " short", ["short"]),
        ("...", []),
    ],
)
def test_terms_are_lower_case_folded_and_stemmed(news: WordIndex, text: str, terms: list[str]) -> None:
    assert news.terms(text) == terms


@pytest.mark.parametrize(
    ("question", "expected"), [("strikes", "strike"), ("STRIKING", "strike"), ("cafe", "cafe"), ("ÜBER cafés", "cafe")]
)
def test_a_word_is_found_in_its_other_forms(news: WordIndex, question: str, expected: str) -> None:
    assert found(news, question) == [expected]


def test_a_word_in_the_title_counts_as_much_as_asked(news: WordIndex) -> None:
    assert "titled" in found(news, "workers")
    assert "titled" not in found(news, "workers", boost=0)
    scores = [dict(news.search("workers", 10, Window(), title_boost=boost))["titled"] for boost in (0.5, 1.0)]
    assert scores[1] == pytest.approx(2 * scores[0])


def test_the_best_come_first_and_no_more_than_asked(news: WordIndex) -> None:
    ranked = news.search("port workers strike", 10, Window(), title_boost=0.5)
    assert ranked[0][0] == "strike"
    assert [score for _, score in ranked] == sorted((score for _, score in ranked), reverse=True)
    assert news.search("port workers strike", 1, Window(), title_boost=0.5) == ranked[:1]


MARCH_4 = instant(date(2026, 3, 4))


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window(), {"strike", "undated", "titled"}),
        (Window(earliest=MARCH_4), {"strike"}),
        (Window(earliest=MARCH_4 + 1), set()),
        (Window(latest=MARCH_4), {"strike", "undated", "titled"}),
        (Window(latest=MARCH_4 - 1), {"undated", "titled"}),
        (Window(earliest=instant(date.min), latest=MARCH_4 - 1), {"titled"}),
        (Window(earliest=MARCH_4, latest=MARCH_4), {"strike"}),
        (Window(earliest=UNDATED, latest=UNDATED), {"undated"}),
        (Window(outlets=("The Post",)), {"strike"}),
        (Window(outlets=("the post", "The Post")), {"strike", "undated"}),
        (Window(outlets=("Post",)), set()),
        (Window(latest=MARCH_4 - 1, outlets=("The Post", "the post")), {"undated"}),
    ],
)
def test_the_window_and_the_outlets_filter(news: WordIndex, window: Window, expected: set[str]) -> None:
    assert set(found(news, "workers", window)) == expected


def test_filters_do_not_change_the_scores(news: WordIndex) -> None:
    free = dict(news.search("workers", 10, Window(), title_boost=0.5))
    narrow = news.search("workers", 10, Window(MARCH_4, MARCH_4, ("The Post",)), title_boost=0.5)
    assert [name for name, _ in narrow] == ["strike"]
    assert narrow[0][1] == pytest.approx(free["strike"])


def test_a_moment_within_a_second_is_inside_its_day(tmp_path: Path) -> None:
    index = holding(tmp_path, [piece("late", day=datetime(2026, 3, 4, 23, 59, 59, 900_000, tzinfo=UTC))])
    assert found(index, "strike", Window(latest=instant(date(2026, 3, 4), end=True))) == ["late"]


def test_writing_an_id_again_replaces_it(tmp_path: Path) -> None:
    index = holding(tmp_path, [piece("a", "Old words."), piece("b", "Old words.")])
    index.write([piece("a", "New words.")])
    assert found(index, "old") == ["b"]
    assert found(index, "new") == ["a"]
    assert sorted(found(index, "words")) == ["a", "b"]
    index.write([piece("a", "New words.")])
    assert index.frequencies([])[0] == 2


def test_removed_ids_are_gone_and_unknown_ones_no_error(tmp_path: Path) -> None:
    index = holding(tmp_path, [piece("a"), piece("a-1"), piece("b")])
    index.write([], ["a", "never there"])
    assert sorted(found(index, "strike")) == ["a-1", "b"]
    index.write([piece("a")], ["b"])
    assert sorted(found(index, "strike")) == ["a", "a-1"]


def test_frequencies_count_chunks_and_never_exceed_them(tmp_path: Path) -> None:
    index = holding(tmp_path, [piece(str(n)) for n in range(4)] + [piece("x", "Rain, rain.", title="strike")])
    assert index.frequencies(["strike", "rain", "unknown"]) == (5, [4, 1, 0])
    index.write([], ["0", "1", "2"])
    total, counts = index.frequencies(["strike", "rain", "unknown"])
    assert total == 2
    assert all(count <= total for count in counts)
    assert (counts[1], counts[2]) == (1, 0)


def test_an_empty_index_finds_nothing_and_clear_empties_it(tmp_path: Path) -> None:
    index = WordIndex(tmp_path / "deep" / "words")
    assert found(index, "strike") == []
    assert index.frequencies(["strike"]) == (0, [0])
    index.write([piece("a")])
    assert found(index, "strike") == ["a"]
    index.clear()
    assert found(index, "strike") == []
    index.write([piece("b")])
    assert found(index, "strike") == ["b"]


def test_another_reader_sees_what_was_written_after_a_reload(tmp_path: Path) -> None:
    writer = WordIndex(tmp_path / "words")
    reader = WordIndex(tmp_path / "words")
    writer.write([piece("a")])
    reader.reload()
    assert found(reader, "strike") == ["a"]
    assert found(WordIndex(tmp_path / "words"), "strike") == ["a"]


def test_a_damaged_index_is_unavailable_and_says_how_to_build_it_again(tmp_path: Path) -> None:
    holding(tmp_path, [piece("a")])
    (tmp_path / "words" / "meta.json").write_text("{broken")
    with pytest.raises(IndexUnavailable, match="'newsdesk reindex' builds it again") as caught:
        WordIndex(tmp_path / "words")
    assert str(tmp_path / "words") in str(caught.value)
    assert caught.value.__cause__ is not None


def test_a_file_in_the_place_of_the_folder_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("")
    with pytest.raises(IndexUnavailable):
        WordIndex(tmp_path / "words")


# --- runs of words, and chunks by name


@pytest.fixture(scope="module")
def quotes(tmp_path_factory: pytest.TempPathFactory) -> WordIndex:
    """Four chunks that hold "great flood" in a row, apart, in the title and not at all."""
    return holding(
        tmp_path_factory.mktemp("quotes"),
        [
            piece("row", "They feared a great flood at the dyke.", day=date(2026, 3, 4)),
            piece("apart", "A great man saw the flood at the dyke."),
            piece("titled", "The dyke broke at noon.", title="The Great Flood"),
            piece("none", "The dyke of São Café holds."),
        ],
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("great flood", {"row", "titled"}),
        ("GREAT FLOODS!", {"row", "titled"}),
        ("great-flood", {"row", "titled"}),
        ("flood great", set()),
        ("a great flood", {"row"}),
        ("great", {"row", "apart", "titled"}),
        ("floods", {"row", "apart", "titled"}),
        ("sao cafés", {"none"}),
        ("great tide", set()),
        ("flood at the dyke", {"row", "apart"}),
        ('"great flood" OR dyke', set()),
        ("", set()),
        ("…?!", set()),
        ("🚢", set()),
        ("\ud800", set()),
    ],
)
def test_a_run_of_words_is_held_in_its_order_in_the_text_or_the_title(
    quotes: WordIndex, words: str, expected: set[str]
) -> None:
    assert set(quotes.holding(words, 10)) == expected
    found = quotes.search("dyke", 10, Window(), title_boost=0.5, required=[words])
    assert {name for name, _ in found} == expected


def test_so_many_that_hold_it_are_given(quotes: WordIndex) -> None:
    assert len(quotes.holding("dyke", 10)) == 4
    assert len(quotes.holding("dyke", 2)) == 2


def required(
    index: WordIndex, *words: str, among: Sequence[str] | None = None, window: Window | None = None
) -> set[str]:
    found = index.search("dyke", 10, window or Window(), title_boost=0.5, among=among, required=words)
    return {name for name, _ in found}


def test_every_run_that_is_required_is_held_by_the_chunk(quotes: WordIndex) -> None:
    assert required(quotes, "great", "flood") == {"row", "apart", "titled"}
    assert required(quotes, "great flood", "feared") == {"row"}
    assert required(quotes, "great flood", "noon") == {"titled"}
    assert required(quotes, "great flood", "") == set()


@pytest.mark.parametrize(
    ("among", "expected"),
    [
        (None, {"row", "apart", "titled", "none"}),
        ([], set()),
        (["row", "none", "none", "never there"], {"row", "none"}),
        ([""], set()),
    ],
)
def test_only_the_chunks_that_are_named_are_found(
    quotes: WordIndex, among: list[str] | None, expected: set[str]
) -> None:
    assert required(quotes, among=among) == expected


def test_names_runs_and_window_narrow_together_and_names_do_not_change_the_scores(quotes: WordIndex) -> None:
    day = Window(instant(date(2026, 3, 4)))
    assert required(quotes, "great flood", among=["titled", "row"], window=day) == {"row"}
    assert required(quotes, "great flood", among=["titled"], window=day) == set()
    free = dict(quotes.search("great dyke", 10, Window(), title_boost=0.5))
    named = dict(quotes.search("great dyke", 10, Window(), title_boost=0.5, among=["apart"]))
    assert named == {"apart": pytest.approx(free["apart"])}


def test_a_folder_that_cannot_be_written_to_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    holding(tmp_path, [piece("a")])
    lock = tmp_path / ".tantivy-meta.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()  # what a read-only disk does to root, too: the lock that a reader takes cannot be
    with pytest.raises(IndexUnavailable, match="newsdesk reindex"):
        WordIndex(tmp_path).reload()
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(IndexUnavailable, match="cannot be written to, which an index needs even to be read"):
        WordIndex(tmp_path).reload()
