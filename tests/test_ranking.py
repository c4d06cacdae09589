"""Signals of a passage: what each says of a small case, and that all stay within their bounds."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa.articles import instant
from qa.config import RankingSection
from qa.questions import Question, Window, understand
from qa.ranking import (
    DAY,
    KIND,
    NEWS_CYCLE,
    RUN,
    WITNESSES,
    Signals,
    Weights,
    agreement,
    content,
    freshness,
    inside,
    newness,
    of_kind,
)
from qa.schema import UNDATED

FERRY = Weights({"ferri": 3.0, "mast": 1.0})
NAMES = tuple(Signals.__dataclass_fields__)
MARCH = instant(date(2031, 3, 1))


# --- the question's terms


def test_a_term_weighs_the_more_the_fewer_chunks_hold_it() -> None:
    weights = Weights.of(["ferri", "mast", "skarra"], 9, [1, 9, 0]).by_term
    assert weights == pytest.approx(
        {"ferri": math.log(1 + 10 / 1.5), "mast": math.log(1 + 10 / 9.5), "skarra": math.log(21)}
    )
    with pytest.raises(ValueError, match="zip"):
        Weights.of(["ferri", "mast"], 9, [1])


@pytest.mark.parametrize(
    ("terms", "share"),
    [([], 0.0), (["harbour"], 0.0), (["mast"], 0.25), (["ferri", "ferri", "harbour"], 0.75), (["mast", "ferri"], 1.0)],
)
def test_the_share_is_by_weight_and_counts_a_term_once(terms: list[str], share: float) -> None:
    assert FERRY.share(terms) == share


def test_a_question_without_terms_has_no_share() -> None:
    nothing = Weights.of([], 9, [])
    assert (nothing.share(["ferri"]), nothing.share_in_run(["ferri"])) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("between", "share"), [(0, 1.0), (RUN - 2, 1.0), (RUN - 1, 0.75), (5 * RUN, 0.75)], ids=lambda value: f"{value}"
)
def test_near_are_terms_within_a_run(between: int, share: float) -> None:
    apart = ["x"] * between
    assert RUN == 24
    for terms in (["ferri", *apart, "mast"], ["mast", *apart, "ferri"], ["x", "x", "ferri", *apart, "mast", "x"]):
        assert FERRY.share_in_run(terms) == share


def test_the_best_run_counts_wherever_it_stands() -> None:
    far = ["x"] * 3 * RUN
    assert FERRY.share_in_run(["mast", *far, "mast", "ferri", *far, "ferri"]) == 1.0
    assert FERRY.share_in_run([]) == FERRY.share_in_run(far) == 0.0


def test_what_a_question_is_about_are_its_terms_without_grammar_once_each() -> None:
    assert content(["who", "is", "the", "ferri", "master", "of", "the", "ferri"]) == ["ferri", "master"]
    assert content([]) == content(["what", "is", "it"]) == []


TERMS = st.lists(st.sampled_from("abcdefgh"), max_size=80)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 20)), TERMS)
def test_shares_are_within_0_and_1_and_a_run_holds_no_more_than_the_whole(
    by_term: dict[str, float], terms: list[str]
) -> None:
    weights = Weights(by_term)
    assert 0.0 <= weights.share_in_run(terms) <= weights.share(terms) + 1e-9 <= 1.0 + 2e-9
    assert weights.share_in_run(terms[:RUN]) == pytest.approx(weights.share(terms[:RUN]))


# --- time and limits


@pytest.mark.parametrize(
    ("age", "expected"), [(0.0, 1.0), (-3.0, 1.0), (60.0, math.exp(-1)), (120.0, math.exp(-2)), (6e6, 0.0)]
)
def test_freshness_falls_with_age_in_days(age: float, expected: float) -> None:
    assert freshness(MARCH - age * DAY, MARCH, 60.0) == pytest.approx(expected)


def test_what_has_no_date_is_not_fresh_even_beside_its_like() -> None:
    assert freshness(UNDATED, MARCH, 60.0) == freshness(UNDATED, UNDATED, 60.0) == newness(UNDATED, UNDATED) == 0.0


def test_newness_falls_from_the_newest_article_whatever_the_day_is() -> None:
    assert newness(MARCH, MARCH) == 1.0
    assert newness(MARCH - NEWS_CYCLE * DAY, MARCH) == pytest.approx(math.exp(-1))
    assert newness(UNDATED, MARCH) == 0.0


@pytest.mark.parametrize(
    ("window", "found"),
    [
        (Window(), True),
        (Window(MARCH, MARCH), True),
        (Window(earliest=MARCH + 1), False),
        (Window(latest=MARCH - 1), False),
        (Window(outlets=("Post", "Courier")), True),
        (Window(MARCH, MARCH, ("post",)), False),
        (Window(MARCH + 1, None, ("Post",)), False),
    ],
)
def test_inside_are_moments_from_the_first_to_the_last_and_outlets_by_name(window: Window, found: bool) -> None:
    assert inside(MARCH, "Post", window) is found


def test_what_has_no_date_is_before_every_beginning_and_outside_no_end() -> None:
    assert inside(UNDATED, "Post", Window(latest=MARCH))
    assert not inside(UNDATED, "Post", Window(earliest=instant(date.min)))


# --- agreement


def vectors(*rows: tuple[float, float]) -> np.ndarray:
    return np.array(rows, dtype=np.float32)


EAST, NORTH_EAST, NORTH, NONE = (1.0, 0.0), (0.8, 0.6), (0.0, 1.0), (0.0, 0.0)


def test_agreement_weighs_witnesses_by_their_match_and_is_scaled_to_the_most() -> None:
    said = agreement(vectors(EAST, NORTH_EAST, NORTH), ["a", "b", "c"], [1.0, 0.5, 0.25])
    # 0.3 x 0.5; 0.3 x 1 + 0.1 x 0.25; 0.1 x 0.5
    assert said.tolist() == pytest.approx([0.15 / 0.325, 1.0, 0.05 / 0.325], abs=1e-6)


@pytest.mark.parametrize("origins", [["a", "a", "a"], ["a", "a", "b"]])
def test_passages_of_one_origin_are_no_witnesses_of_each_other(origins: list[str]) -> None:
    said = agreement(vectors(EAST, EAST, NORTH), origins, [1.0, 0.9, 0.8])
    assert said.tolist() == [0.0, 0.0, 0.0]


def test_what_has_no_vector_yet_neither_agrees_nor_is_agreed_with() -> None:
    said = agreement(vectors(EAST, NONE, EAST), ["a", "b", "c"], [1.0, 0.5, 0.25])
    assert said.tolist() == pytest.approx([0.25, 0.0, 1.0])


def test_only_the_best_are_witnesses() -> None:
    rows = [EAST] * (WITNESSES - 1) + [NORTH] * 3
    origins = ["same"] * (WITNESSES - 1) + ["x", "y", "x"]
    said = agreement(vectors(*rows), origins, [1.0] * len(rows))
    assert said[WITNESSES - 1 :].tolist() == [0.0, 1.0, 0.0]  # x is a witness of y, y is none, x none of itself


@given(st.lists(st.tuples(st.floats(0, 2 * math.pi), st.sampled_from("abc"), st.floats(0, 1)), min_size=1, max_size=30))
def test_agreement_is_within_0_and_1(rows: list[tuple[float, str, float]]) -> None:
    pointed = vectors(*((math.cos(angle), math.sin(angle)) for angle, _, _ in rows))
    said = agreement(pointed, [origin for _, origin, _ in rows], [match for _, _, match in rows])
    assert said.shape == (len(rows),)
    assert float(said.min()) >= 0.0
    assert float(said.max()) <= 1.0


# --- the kind asked for


def asked(text: str) -> Question:
    return understand(text, now="2031-05-10")


@pytest.mark.parametrize(
    ("question", "text", "things"),
    [
        ("How many people died?", "Twelve people died on the coast.", 1),
        ("How many people died?", "Twelve died. Later, twelve more were missing.", 1),
        ("How many people died?", "In all 3, then 5, then 9, then 40, then 77 died.", 4),
        ("How many people died?", "A third of the fleet, 20 per cent, sank.", 2),
        ("How many of the 12 sailors died?", "Of the 12 sailors 7 died.", 1),
        ("How many sailors died in the storm of 2031?", "Of all sailors 20 died, and 3 dogs.", 2),
        ("How many people died?", "Nobody died.", 0),
        ("When did it sail?", "It sailed on 3 May 2031, not on Friday.", 2),
        ("How long was the strike?", "It went on for 16 days.", 1),
        ("How much did the mast cost?", "It cost $3 million, or 40 crowns.", 2),
        ("Who sailed?", "Ida Brandt sailed on 3 May 2031 with 7 others.", 0),
    ],
)
def test_things_of_the_kind_asked_for_count_once_each_and_not_the_questions_own(
    question: str, text: str, things: int
) -> None:
    assert KIND == 4
    assert of_kind(asked(question), text) == things / 4


# --- all together


def test_the_score_is_the_sum_of_the_signals_by_their_weights() -> None:
    weights = RankingSection(**dict.fromkeys(NAMES, 0.0) | {"match": 0.5, "lead": 0.25, "kind": 2.0})
    assert Signals(match=0.5, lead=1.0, kind=0.25, cover=1.0).score(weights) == 0.5 * 0.5 + 0.25 + 0.5
    assert Signals().score(RankingSection()) == 0.0


@pytest.mark.parametrize("name", NAMES)
def test_each_signal_counts_by_its_own_weight(name: str) -> None:
    alone = RankingSection(**dict.fromkeys(NAMES, 0.0) | {name: 0.7})
    assert Signals(**{name: 0.5}).score(alone) == 0.35
    assert Signals(**dict.fromkeys(NAMES, 1.0) | {name: 0.0}).score(alone) == 0.0


UNIT = st.lists(st.floats(0, 1), min_size=len(NAMES), max_size=len(NAMES))


@given(UNIT, UNIT)
def test_with_weights_that_add_up_to_1_the_score_is_within_0_and_1(values: list[float], parts: list[float]) -> None:
    whole = sum(parts)
    assume(whole > 0.01)
    weights = RankingSection(**dict(zip(NAMES, (part / whole for part in parts), strict=True)))
    assert 0.0 <= Signals(**dict(zip(NAMES, values, strict=True))).score(weights) <= 1.0 + 1e-9
