"""The claims that the verification is measured on: the true ones word for word, the others changed in one place.

The articles are those of seeds/; the measure itself takes RealTimeQA's, which are not in the repository.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import pytest

from qa.chunks import sentences
from tests.conftest import ROOT
from tests.model_cases import sample_articles

KINDS = ("number", "name", "date", "negation", "attribution")


@pytest.fixture(scope="module")
def bench() -> Iterator[Any]:
    """benchmarks/perturbed.py, which finds its neighbours as a program does: beside itself."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        yield import_module("perturbed")
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))


@pytest.fixture(scope="module")
def stories(bench: Any) -> list[Any]:
    return [
        bench.Story(name, article.title, str(article.published or "")[:10], article.outlet, article.text)
        for name, article in sample_articles().items()
    ]


@pytest.fixture(scope="module")
def people(bench: Any, stories: list[Any]) -> Any:
    return bench.People.read([story.text for story in stories], bearers=1)


def drawn(bench: Any, stories: list[Any], people: Any, seed: int) -> list[Any]:
    return list(bench.drawn(stories, people, Random(seed), n=10))


@pytest.fixture(scope="module")
def items(bench: Any, stories: list[Any], people: Any) -> list[Any]:
    """Many draws, since a draw takes one claim from each of the fifty articles at most."""
    return [item for seed in range(12) for item in drawn(bench, stories, people, seed)]


def test_every_kind_is_drawn_changed_and_unchanged_as_often_as_wanted(
    bench: Any, stories: list[Any], people: Any, items: list[Any]
) -> None:
    one = drawn(bench, stories, people, 1)
    assert len({item.article for item in one}) == len(one)
    counts = {(kind, changed): 0 for kind in KINDS for changed in (True, False)}
    for item in one:
        counts[item.kind, item.changed] += 1
    assert set(counts.values()) == {2}
    assert {(item.kind, item.near) for item in items if item.changed} >= {
        *((kind, True) for kind in KINDS if kind != "negation"),
        *((kind, False) for kind in KINDS),
    }


def test_the_evidence_is_exact_and_made_of_whole_sentences(items: list[Any], bench: Any) -> None:
    articles = sample_articles()
    for item in items:
        text = articles[item.article].text
        at = text.index(item.passage)
        assert len(item.passage) <= 1200
        whole = [(span.start, span.end) for span in sentences(text)]
        assert (at + item.start, at + item.end) in whole
        assert at in {start for start, _ in whole}
        assert at + len(item.passage) in {end for _, end in whole}
        spans = bench.evidence(item)
        assert [item.passage[span.start : span.end] for span in spans].count(item.sentence) >= 1
        assert [(at + span.start, at + span.end) for span in spans] == [
            (start, end) for start, end in whole if at <= start and end <= at + len(item.passage)
        ]


def test_what_is_unchanged_is_the_sentence_word_for_word(items: list[Any]) -> None:
    unchanged = [item for item in items if not item.changed]
    assert unchanged
    for item in unchanged:
        assert item.claim == item.sentence
        assert (item.was, item.now, item.at, item.near) == ("", "", 0, False)


def test_what_is_changed_differs_from_the_sentence_in_one_place_outside_quotations(items: list[Any]) -> None:
    for item in items:
        if not item.changed:
            continue
        assert item.was != item.now
        assert item.sentence[item.at :].startswith(item.was)
        assert item.claim == item.sentence[: item.at] + item.now + item.sentence[item.at + len(item.was) :]
        assert item.sentence[: item.at].count('"') % 2 == 0
        if item.near:
            assert item.now.casefold() in item.passage.casefold() or item.kind in ("name", "attribution")


NUMERALS = (
    r"\d|(?i:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy)\b"
)


def test_each_kind_changes_what_it_says(items: list[Any]) -> None:
    weekdays = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
    seen = set()
    for item in (item for item in items if item.changed):
        seen.add(item.kind)
        if item.kind == "number":
            assert all(re.search(NUMERALS, each) for each in (item.was, item.now))
        elif item.kind == "date":
            assert (item.was in weekdays) == (item.now in weekdays)
        elif item.kind == "negation":
            negative = [
                bool(re.search(r"\bnot\b|n't\b|\bnever\b|\bno\b|cannot", each)) for each in (item.was, item.now)
            ]
            assert sorted(negative) == [False, True]
        elif item.kind in ("name", "attribution"):
            assert not set(item.was.split()) & set(item.now.split())
            assert item.now not in item.sentence
    assert seen == set(KINDS)


def test_a_seed_gives_the_same_claims_again_and_another_gives_others(
    bench: Any, stories: list[Any], people: Any
) -> None:
    once, again = (drawn(bench, stories, people, 5) for _ in range(2))
    assert once == again
    assert once != drawn(bench, stories, people, 6)


def altered(bench: Any, people: Any, kind: str, sentence: str, around: str = "") -> set[str]:
    """What the sentence can be changed to, over many draws."""
    alterations = import_module("alterations")
    setting = alterations.Setting(sentence, around, f"{sentence}\n{around}")
    return {one.applied(sentence) for seed in range(40) for one in bench.changes(kind, setting, people, Random(seed))}


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("number", "The police said that one of the officers had been seen there."),
        ("number", "The team of the Boeing 737 said that it had seen nothing at all."),
        ("number", 'The minister said that "the 14 ships" were all that he had seen.'),
        ("number", "She was born in 1935 and left the town for good in May 1953."),
        ("number", "It was closed between 2 and 3 in the morning, the police said there."),
        ("number", "About one in five of those who were asked said that they agreed."),
        ("date", "The committee of Jan. 6 has not yet said what it means to do."),
        ("date", "She hosts Saturday Night Live and says that she likes it very much."),
        ("negation", "He asked whether the ship was ready to sail in such a wind."),
        ("negation", 'They said that "the ship was ready to sail" in such a wind.'),
        ("negation", "It was not only the wind that made the captain turn back at last."),
        ("negation", "Nobody said that the ship was ready to sail in such a wind."),
        ("negation", "The road must be mended before the service can resume on that line."),
        ("name", "He studied at the University of California with his brother for years."),
        ("attribution", "The plan is a good one for all of us, and she said so herself."),
    ],
)
def test_what_cannot_be_changed_soundly_is_left(bench: Any, people: Any, kind: str, sentence: str) -> None:
    assert altered(bench, people, kind, sentence) == set()


def test_more_than_a_number_is_changed_to_more_and_up_to_a_number_to_less(bench: Any, people: Any) -> None:
    around = "There were 400 of them in the north, 30 in the south and 150 in the east."
    more = altered(bench, people, "number", "More than 200 people had come to the square by noon.", around)
    assert "More than 400 people had come to the square by noon." in more
    assert all(int(re.findall(r"\d+", claim)[0]) > 200 for claim in more)
    less = altered(bench, people, "number", "Up to 200 people had come to the square by noon.", around)
    assert "Up to 150 people had come to the square by noon." in less
    assert all(int(re.findall(r"\d+", claim)[0]) < 200 for claim in less)


def test_a_number_takes_the_place_of_one_of_its_form(bench: Any, people: Any) -> None:
    around = "It gave 12 people $3.5 million, 4 per cent of its budget, over seven years."
    claims = altered(bench, people, "number", "The city says the work will cost $2.1 million in all.", around)
    assert "The city says the work will cost $3.5 million in all." in claims
    assert all(re.search(r"cost \$\d\.\d (?:m|b)illion in all\.$", claim) for claim in claims)
    claims = altered(bench, people, "number", "The work on the bridge has taken three years so far.", around)
    assert "The work on the bridge has taken seven years so far." in claims


def test_a_negation_is_put_in_and_left_out_grammatically(bench: Any, people: Any) -> None:
    assert altered(bench, people, "negation", "The company will close two of its plants in the north.") == {
        "The company will not close two of its plants in the north.",
        "The company won't close two of its plants in the north.",
    }
    assert altered(bench, people, "negation", "The captain didn't answer the first call from the port.") == {
        "The captain did answer the first call from the port.",
    }
    assert altered(bench, people, "negation", "The police say they have no evidence of a second bomb.") == {
        "The police say they have evidence of a second bomb.",
    }


def test_a_and_an_still_go_with_what_is_put_in(bench: Any, people: Any) -> None:
    claims = altered(bench, people, "name", "It was the first of its kind to be shown in a London gallery.")
    assert "It was the first of its kind to be shown in a Tokyo gallery." in claims
    assert not [claim for claim in claims if re.search(r"\ba [AEIOU]", claim)]


def test_a_person_takes_a_persons_place_and_never_their_own(bench: Any) -> None:
    text = "Anna Brandt said it was late. Paul Okoro said it was not. Mia Brandt was there, too. Emil Lund said no."
    people = bench.People.read([text], bearers=1)
    assert set(people.named(text)) == {"Anna Brandt", "Paul Okoro", "Emil Lund"}
    claims = altered(bench, people, "attribution", "The bridge will be shut for a year, Okoro said.", text)
    assert claims == {
        "The bridge will be shut for a year, Brandt said.",
        "The bridge will be shut for a year, Lund said.",
    }
    assert altered(bench, people, "attribution", "It is her bridge and she likes it, Okoro said.", text) == set()


def test_the_measure_reads_its_file_and_skips_what_is_broken(bench: Any, tmp_path: Path) -> None:
    body = "Emil Lund said on Monday that 14 ships were waiting in the roads outside. " * 12
    lines = [
        {"id": "a", "url": "https://www.cnn.com/a", "title": "A", "published": "2023-01-05T10:00:00", "text": body},
        {"id": "b", "url": "https://www.example.org/b", "title": "B", "published": None, "text": body},
        {"id": "c", "url": "https://www.cnn.com/c", "title": "C", "published": None, "text": body + "100%2C000"},
        {"id": "d", "url": "https://www.cnn.com/d", "title": "D", "published": None, "text": "Too short."},
    ]
    file = tmp_path / "2023.articles.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    found = [asdict(story) for story in bench.stories(tmp_path)]
    assert [(each["id"], each["outlet"], each["published"]) for each in found] == [
        ("a", "CNN", "2023-01-05"),
        ("b", "example.org", ""),
    ]


@pytest.fixture
def verdicts(bench: Any) -> Any:
    return import_module("verdicts")


def test_what_is_true_is_said_otherwise(bench: Any, people: Any) -> None:
    reworded = import_module("rewordings").reworded
    for sentence, other in {
        "On January 14 the three teams won 8 percent, Lund said.": "On 14 January the 3 teams won 8%, said Lund.",
        "The 7 ships didn't come and cost $3 million.": "The seven ships did not come and cost 3 million dollars.",
        'He said "the 7 ships" won\'t come for 5% more.': 'He said "the 7 ships" will not come for 5 percent more.',
        "Helena Brock is not well.": "Brock isn't well.",
        "Nothing of this sentence can be said in another way.": "Nothing of this sentence can be said in another way.",
    }.items():
        assert reworded(sentence, people) == other


def test_what_is_said_otherwise_is_of_the_true_sentence(bench: Any, items: list[Any], people: Any) -> None:
    others = bench.said_otherwise(items, people)
    assert others
    for item in others:
        assert not item.changed
        assert item.claim != item.sentence
        assert item.passage[item.start : item.end] == item.sentence


def test_shares_have_wilsons_interval(verdicts: Any) -> None:
    figure = verdicts.share("caught", [True] * 9 + [False])
    assert figure.value == 0.9
    assert (round(figure.low, 4), round(figure.high, 4)) == (0.5958, 0.9821)
    assert verdicts.share("caught", [True] * 60).low == pytest.approx(0.9398, abs=1e-4)
    assert verdicts.share("caught", [True] * 60).high == 1.0


def test_the_rows_count_what_was_caught_and_what_was_accused(
    bench: Any, verdicts: Any, people: Any, items: list[Any]
) -> None:
    others = bench.said_otherwise(items, people)
    judged = [
        verdicts.Judged(
            item,
            {"sentence": "supported", "passage": "unsupported" if item.changed else "supported"},
            {"sentence": 1.0, "passage": 2.0},
        )
        for item in (*items, *others)
    ]
    by_sentence = {row.name: row.figures for row in verdicts.table_rows(judged, "sentence")}
    by_passage = {row.name: row.figures for row in verdicts.table_rows(judged, "passage")}
    changed = sum(item.changed for item in items)
    assert [(each.value, each.n) for each in by_sentence["all"]] == [
        (0, changed),
        (0, len(items) - changed),
        (0, len(others)),
    ]
    assert [(each.value, each.n) for each in by_passage["all"]] == [
        (1, changed),
        (0, len(items) - changed),
        (0, len(others)),
    ]
    assert sum(by_passage[kind][0].n for kind in KINDS) == changed
