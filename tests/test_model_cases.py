"""The cases of the scripted model are what they say: of seeds/, complete, and consistent in themselves."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.model_cases import CASES, ModelCase, beginnings, evidence_sentences, place, rendered, sample_articles

LEAST = {
    "well": 8,
    "badly": 10,
    "unmarked": 6,
    "wrong markers": 6,
    "garbled markers": 10,
    "equal in meaning": 6,
    "language": 2,
    "hostile": 1,
    "invented": 1,
}
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.group}: {case.name}")


def test_there_are_enough_of_every_group() -> None:
    assert len(sample_articles()) == 50
    assert len({(case.group, case.name) for case in CASES}) == len(CASES) >= 40
    counts = Counter[str](case.group for case in CASES)
    assert counts.keys() == LEAST.keys()
    assert all(counts[group] >= least for group, least in LEAST.items())


@each_case
def test_each_beginning_is_of_one_sentence_of_the_evidence(case: ModelCase) -> None:
    quotes = evidence_sentences(case.articles())
    assert [each for each in beginnings(case) if not 0 <= place(each, quotes) < len(quotes)] == []


@each_case
def test_what_is_expected_is_what_is_written_without_its_markers(case: ModelCase) -> None:
    plain = re.sub(r"\[\[[^\[\]]+\]\]|\[(?:999|0)\](?!`)", "", case.writes).replace("\n- ", " ").removeprefix("- ")
    plain = re.sub(r" +(?=[.,]|$)", "", " ".join(plain.split()))
    assert plain == " ".join(each.text for each in case.expected)
    for each in case.expected:
        assert all(word in each.text for word in each.names)
        assert each.verdicts
        if each.corrected:
            assert each.verdicts == ("supported",)
            assert each.cites


@each_case
def test_what_is_corrected_is_not_what_the_model_cited(case: ModelCase) -> None:
    cited = set(re.findall(r"\[\[([^\[\]]+)\]\]", case.writes))
    for each in case.expected:
        if each.corrected:
            assert not cited & set(each.cites)


def test_markers_are_written_in_the_style_of_the_case() -> None:
    quotes = ["One fish.", "Two fish.", "Red fish."]
    assert rendered("It is red [[Red]].", "[{n}]", quotes) == "It is red [3]."
    assert rendered("All [[*]].", "【{n}】", quotes) == "All 【1】【2】【3】."
    assert rendered("Both [[One|Red]].", "[{n}-{m}]", quotes) == "Both [1-3]."
    assert rendered("None [999] `x[0]`.", "({n})", quotes) == "None [999] `x[0]`."
    with pytest.raises(ValueError, match="0 sentences begin with 'Blue'"):
        rendered("It is blue [[Blue]].", "[{n}]", quotes)


def test_a_case_gives_what_is_sent_and_what_may_be_shown() -> None:
    case = next(each for each in CASES if each.name == "cut in the middle of a marker")
    quotes = evidence_sentences(case.articles())
    number = place("Petra Lindqvar, 67", quotes) + 1
    assert case.written(quotes).endswith(f"on the night of 6 April [{number}")
    text = case.expected[0].text
    assert case.shown(case.expected[0], quotes) == {text, f"{text} [{number}"}
