"""Search over small archives of the real parts: what limits limit, what only weighs, and what is never lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa import passages
from qa.articles import instant
from qa.config import AnswerSection, ChunksSection, RerankSection, SearchSection
from qa.passages import Passage, Searcher
from qa.questions import What, understand
from qa.ranking import Signals
from tests.newsroom import Newsroom, lines_file, reprint, settings, story
from tests.test_rerankers import write_graph, write_tokenizer

NOW = "2025-05-20"
Entry = dict[str, object]

FLOODS: list[Entry] = [
    {"title": "Dyke", "text": "The dyke of Olmburg broke.", "outlet": "Olm Courier", "published": "2025-05-06"},
    {
        "title": "Pumps",
        "text": "Pumps at the dyke of Olmburg failed.",
        "outlet": "Varn Post",
        "published": "2025-05-13",
    },
    {"title": "Repair", "text": "The dyke of Olmburg holds.", "outlet": "Olm Courier", "published": "2025-05-19"},
    {"title": "Undated", "text": "A dyke at Olmburg was planned.", "outlet": "Varn Post"},
    {"title": "Race", "text": "Horses ran in Skarra.", "outlet": "Varn Post", "published": "2025-05-13"},
]
BY_AUTHOR: list[Entry] = [
    {"title": "Hers", "text": "The dyke is old.", "authors": ["Ada Lund"], "published": "2025-05-01"},
    {
        "title": "Theirs",
        "text": "The dyke is old too.",
        "authors": ["Jon Brandt", "Ada Lund"],
        "published": "2025-05-01",
    },
    {"title": "His", "text": "The dyke is new.", "authors": ["Jon Brandt"], "published": "2025-05-01"},
]


@contextmanager
def holding(folder: Path, entries: Sequence[Entry], *, embed: bool = True, **sections: Any) -> Iterator[Newsroom]:
    """An archive of these articles."""
    with Newsroom.open(folder / "archive", config=settings(**sections)) as archive:
        assert isinstance(archive, Newsroom)
        if entries:
            archive.ingest([lines_file(folder / "news.jsonl", *entries)], embed=embed)
        yield archive


def named(found: Sequence[Passage]) -> list[str]:
    return [each.article.title for each in found]


def in_order(value: object) -> str:
    """The name of a case, the same in each process."""
    return str(sorted(value)) if isinstance(value, set) else str(value)


@pytest.fixture
def floods(tmp_path: Path) -> Iterator[Newsroom]:
    with holding(tmp_path, FLOODS) as archive:
        yield archive


@pytest.fixture(params=[1500, 0], ids=["few chunks are all compared", "many are filtered"])
def narrow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passages, "NARROW", request.param)


# --- limits


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ({}, {"Dyke", "Pumps", "Repair", "Undated", "Race"}),
        ({"now": NOW}, {"Dyke", "Pumps", "Repair", "Undated", "Race"}),
        ({"now": "2025-05-13"}, {"Dyke", "Pumps", "Undated", "Race"}),
        ({"since": "2025-05-13"}, {"Pumps", "Repair", "Race"}),
        ({"until": "2025-05-13"}, {"Dyke", "Pumps", "Race"}),
        ({"since": "2025-05-07", "until": "2025-05-12"}, set()),
        ({"outlets": ["Olm Courier"]}, {"Dyke", "Repair"}),
        ({"outlets": ["Varn Post"], "now": "2025-05-13"}, {"Pumps", "Undated", "Race"}),
    ],
    ids=in_order,
)
def test_only_what_the_limits_allow_is_found_and_all_of_it(
    floods: Newsroom, limits: dict[str, Any], found: set[str]
) -> None:
    assert set(named(floods.search("dyke of Olmburg", **limits))) == found


@pytest.mark.usefixtures("narrow")
def test_what_only_meaning_finds_is_found_inside_a_window_however_much_outside_is_nearer(tmp_path: Path) -> None:
    outside: list[Entry] = [
        {"title": f"Old {n}", "text": f"§§ §§ §§ olm{n}.", "published": "2025-04-01"} for n in range(40)
    ]
    inside: list[Entry] = [{"title": "New", "text": "§§ zeppelin mast moored.", "published": "2025-05-01"}]
    with holding(tmp_path, outside + inside, search=SearchSection(candidates=10, per_article=100)) as archive:
        assert named(archive.search("§§", since="2025-05-01")) == ["New"]
        assert "New" not in named(archive.search("§§"))
        assert [each.words for each in archive.search("§§", since="2025-05-01")] == [0.0]


def test_an_outlet_that_is_named_gives_twice_as_many_passages_of_an_article(tmp_path: Path) -> None:
    long: Entry = {
        "title": "Long",
        "text": f"{story(1, 80)} zeppelin",
        "outlet": "Olm Courier",
        "published": "2025-05-01",
    }
    sections: dict[str, Any] = {
        "chunks": ChunksSection(tokens=40),
        "search": SearchSection(per_article=2, characters=100),
    }
    with holding(tmp_path, [long, *FLOODS], **sections) as archive:
        free = archive.search("Where is the zeppelin?", limit=20)
        limited = archive.search("Where is the zeppelin, according to the Olm Courier?", limit=20)
        set_ = archive.search("Where is the zeppelin?", limit=20, outlets=["Olm Courier"])
    assert [named(each).count("Long") for each in (free, limited, set_)] == [2, 4, 2]
    assert {each.signals.lead for each in limited} == {0.0}
    assert max(each.signals.lead for each in free) == 1.0


# --- what is read out of the words


@pytest.mark.parametrize(
    ("infer", "found"),
    [
        (True, {"Hers", "Theirs"}),
        (("author",), {"Hers", "Theirs"}),
        (("outlet", "window"), {"Hers", "Theirs", "His"}),
        (False, {"Hers", "Theirs", "His"}),
    ],
    ids=in_order,
)
def test_an_authors_name_limits_to_what_they_wrote(
    tmp_path: Path, infer: tuple[What, ...] | bool, found: set[str]
) -> None:
    with holding(tmp_path, BY_AUTHOR) as archive:
        assert set(named(archive.search("What did Ada Lund write about the dyke?", infer=infer))) == found


QUOTES: list[Entry] = [
    {"title": "Said", "text": f"The mayor spoke of a “great flood” here. {story(1, 30)} He left the dyke."},
    {"title": "A Great Flood", "text": "The dyke was rebuilt by the mayor."},
    {"title": "Apart", "text": "A great wave made the mayor fear a flood at the dyke."},
    {"title": "Both", "text": "The mayor called it a great flood, not a spring tide, at the dyke."},
]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Which mayor spoke of a “great flood” at the dyke?", {"Said", "A Great Flood", "Both"}),
        ("Which mayor spoke of “Great Floods” at the dyke?", {"Said", "A Great Flood", "Both"}),
        ("Which mayor spoke of a “great flood” and a “spring tide”?", {"Both"}),
        ("Which mayor spoke of a “spring tide” and a “great flood”?", {"Both"}),
        ("Which mayor spoke of a “neap tide” at the dyke?", set()),
        ("Which mayor spoke of a “great flood” and a “neap tide”?", set()),
    ],
)
def test_quoted_words_stand_in_every_article_that_is_found(tmp_path: Path, question: str, found: set[str]) -> None:
    with holding(tmp_path, QUOTES, chunks=ChunksSection(tokens=40)) as archive:
        assert set(named(archive.search(question))) == found
        assert set(named(archive.search(question, infer=False))) == {each["title"] for each in QUOTES}


def test_an_article_that_holds_quoted_words_is_found_by_its_other_passages_too(tmp_path: Path) -> None:
    sections: dict[str, Any] = {"chunks": ChunksSection(tokens=40), "search": SearchSection(characters=100)}
    with holding(tmp_path, QUOTES[:1], **sections) as archive:
        found = archive.search("Which mayor, who spoke of a “great flood”, left the dyke?")
    assert any("great flood" in each.text for each in found)
    assert any(each.text.endswith("He left the dyke.") for each in found)


def test_what_is_left_out_may_be_found_but_does_not_lead(tmp_path: Path) -> None:
    towns: list[Entry] = [
        {"title": "Varn", "text": "Varn was flooded by the sea on Monday.", "published": "2025-05-18"},
        {"title": "Olmburg", "text": "Olmburg too was flooded by the river.", "published": "2025-05-01"},
    ]
    with holding(tmp_path, towns, answer=AnswerSection(provider="none", evidence=0.0)) as archive:
        plain = archive.ask("Which town was flooded by the sea on Monday?", now=NOW)
        without = archive.ask("Which town other than Varn was flooded by the sea on Monday?", now=NOW)
    assert plain.sentences[0].text == "Varn was flooded by the sea on Monday."
    assert without.sentences[0].text == "Olmburg too was flooded by the river."
    assert set(named(without.passages)) == {"Varn", "Olmburg"}


def test_days_of_what_is_asked_for_rank_and_lose_nothing(floods: Newsroom) -> None:
    asked = "What happened to the dyke of Olmburg last week?"
    found = floods.search(asked, now=NOW)
    focus = {each.article.title: each.signals.focus for each in found}
    assert focus == {"Dyke": 0.0, "Pumps": 1.0, "Repair": 1.0, "Undated": 0.0, "Race": 1.0}
    plain = {each.article.title: each.score for each in floods.search(asked, now=NOW, infer=["newest"])}
    assert set(plain) == set(focus)
    assert {each.signals.focus for each in floods.search(asked, now=NOW, infer=False)} == {0.0}


def test_of_those_alike_the_one_of_the_days_asked_for_comes_first(tmp_path: Path) -> None:
    entries: list[Entry] = [
        {"title": f"On {day}", "text": f"The dyke broke. {who} wept.", "published": f"2025-03-{day}"}
        for day, who in (("04", "Olmburg"), ("12", "Skarra"), ("20", "Varn"))
    ]
    with holding(tmp_path, entries) as archive:
        assert named(archive.search("Which dyke broke?", now=NOW))[0] == "On 20"
        found = archive.search("Which dyke broke between 2 March and 5 March?", now=NOW)
    assert [each.signals.focus for each in found] == [1.0, 0.0, 0.0]
    assert (found[0].article.title, set(named(found))) == ("On 04", {"On 04", "On 12", "On 20"})


def test_the_newest_counts_where_the_latest_is_asked_for(floods: Newsroom) -> None:
    found = floods.search("What is the latest on the dyke of Olmburg?", now=NOW)
    newest = {each.article.title: each.signals.newest for each in found}
    assert newest["Repair"] == 1.0
    assert newest["Undated"] == 0.0
    assert 0.0 < newest["Dyke"] < newest["Pumps"] < 1.0
    assert found[0].article.title == "Repair"
    plain = floods.search("What is the latest on the dyke of Olmburg?", now=NOW, infer=["window"])
    assert {each.signals.newest for each in plain} == {0.0}


PARTS = "Who ran in Skarra, and when did the pumps fail?"


def test_the_parts_of_a_question_are_searched_for_apart_and_take_turns(floods: Newsroom) -> None:
    found = floods.search(PARTS, now=NOW)
    assert named(found[:2]) == ["Race", "Pumps"]
    assert {each.article.title for each in found} == {"Race", "Dyke", "Pumps", "Repair", "Undated"}
    assert {each.parts for each in found} == {(1, 2)}  # few articles: each part finds all of them
    assert [each.parts for each in floods.search(PARTS, now=NOW, limit=2)] == [(1,), (2,)]
    assert {each.parts for each in floods.search(PARTS, now=NOW, infer=False)} == {()}


def test_each_of_several_outlets_is_searched_for_apart(floods: Newsroom) -> None:
    asked = floods.understand("What did the Olm Courier report and the Varn Post report on the dyke of Olmburg?")
    whole = floods.understand("According to the Olm Courier and the Varn Post, what about the dyke of Olmburg?")
    assert not whole.parts
    for question in (asked, whole):
        found = floods._searcher.search(question, 10)
        assert [each.article.outlet for each in found[:2]] == ["Olm Courier", "Varn Post"]
        assert {each.article.outlet for each in found} == {"Olm Courier", "Varn Post"}
    assert [each.parts for each in floods._searcher.search(whole, 10)[:2]] == [(1,), (2,)]


def test_reports_of_two_outlets_are_found_each_by_its_own(floods: Newsroom) -> None:
    asked = "Does the Olm Courier article on the dyke agree with the Varn Post article on the pumps?"
    found = floods.search(asked, now=NOW)
    assert {each.article.outlet for each in found if 1 in each.parts} == {"Olm Courier"}
    assert {each.article.outlet for each in found if 2 in each.parts} == {"Varn Post"}
    assert [each.article.outlet for each in found[:2]] == ["Olm Courier", "Varn Post"]


# --- archives and questions with little in them


@pytest.mark.parametrize("question", ["What is it?", "the", "?", "§", "🚢"])
def test_a_question_without_a_word_that_says_anything_is_no_error(floods: Newsroom, question: str) -> None:
    found = floods.search(question)
    assert {each.article.title for each in found} == {each["title"] for each in FLOODS}
    assert {(each.signals.cover, each.signals.near, each.signals.article) for each in found} == {(0.0, 0.0, 0.0)}


def test_an_empty_archive_has_nothing(tmp_path: Path) -> None:
    question = understand("Who broke the “great dyke” last week, and where is the latest race?", now=NOW)
    with holding(tmp_path, []) as archive:
        assert archive.search(question.text) == []
        searcher = Searcher(archive.catalog, archive.words, archive.vectors, archive.embedder, archive.config)
        assert searcher.search(question, 10) == []
        assert searcher.weights(question).share(["dyke"]) > 0


def test_an_archive_that_is_not_embedded_yet_is_searched_by_its_words(tmp_path: Path) -> None:
    with holding(tmp_path, FLOODS, embed=False) as archive:
        for since in (None, "2025-05-01"):
            found = archive.search("Pumps at the dyke", now=NOW, since=since)
            assert found[0].article.title == "Pumps"
            assert all(each.words > 0 for each in found)
            assert {(each.meaning, each.signals.agreement) for each in found} == {(0.0, 0.0)}
        assert archive.search("zeppelin", now=NOW) == []


def test_what_is_removed_is_found_no_more_and_what_copied_it_still_is(tmp_path: Path) -> None:
    report = f"{story(1)}\n\nThe zeppelin moored at the mast."
    prints: list[Entry] = [
        {"title": name, "text": reprint(report, name), "outlet": name, "published": f"2025-05-0{n}"}
        for n, name in enumerate(("First", "Second"), 1)
    ]
    with holding(tmp_path, [*prints, *FLOODS]) as archive:
        found = archive.search("zeppelin moored at the mast")
        assert (found[0].article.title, [copy.title for copy in found[0].copies]) == ("First", ["First", "Second"])
        archive.remove([found[0].article])
        found = archive.search("zeppelin moored at the mast")
        assert (found[0].article.title, found[0].copies) == ("Second", ())
        assert "First" not in named(found)
        archive.remove(archive.articles())
        assert archive.search("zeppelin moored at the mast") == []


# --- the score


def test_the_score_is_that_of_the_signals_which_are_each_within_0_and_1(floods: Newsroom) -> None:
    weights = floods.config.ranking
    found = floods.search("How many pumps of the latest kind failed at the dyke of Olmburg last week?", now=NOW)
    assert len(found) == 5
    for each in found:
        assert each.score == pytest.approx(each.signals.score(weights))
        assert all(0.0 <= getattr(each.signals, name) <= 1.0 + 1e-6 for name in Signals.__dataclass_fields__)
        assert each.article.text[each.start : each.end] == each.text


def test_the_signals_of_a_passage_say_how_it_holds_the_question(floods: Newsroom) -> None:
    found = {each.article.title: each for each in floods.search("Who planned the dyke?", now=NOW)}
    assert found["Undated"].signals.cover == found["Undated"].signals.article == 1.0
    assert (found["Race"].signals.cover, found["Race"].words) == (0.0, 0.0)
    assert 0.0 < found["Dyke"].signals.cover < 1.0
    assert found["Undated"].signals.recent == found["Undated"].freshness - 1 == 0.0
    age = (instant(date(2025, 5, 20), end=True) - instant(date(2025, 5, 19))) / 86_400
    assert found["Repair"].freshness == pytest.approx(1 + 2.718281828 ** (-age / 14), abs=1e-3)


def test_a_reranker_changes_the_order(tmp_path: Path) -> None:
    model = tmp_path / "overlap"
    model.mkdir()
    write_tokenizer(model)
    write_graph(model / "model.onnx")
    entries: list[Entry] = [
        {"title": "Sharp", "text": "Olm bridge open."},
        {"title": "Blunt", "text": "The sea, the sky, the land and the moon."},  # "the" alone is shared, and counts
    ]
    question = "When did the bridge over the Olm open?"
    with holding(tmp_path / "plain", entries) as archive:
        assert named(archive.search(question)) == ["Sharp", "Blunt"]
    rerank = RerankSection(provider="onnx", path=str(model), weight=1.0)
    with holding(tmp_path / "judged", entries, rerank=rerank) as archive:
        judged = archive.search(question)
    assert named(judged) == ["Blunt", "Sharp"]
    assert judged[0].signals.cover < judged[1].signals.cover
