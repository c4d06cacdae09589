"""About how probable it is that sentences say what a claim says: bounds, order, and what it does with hostile texts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qa.chunks import sentences
from qa.embedders import LocalEmbedder
from qa.verification import meaning, phrases
from qa.verification.meaning import Meaning
from qa.verification.rarity import RAREST, rarity
from tests.conftest import SEEDS

SURGE = "The storm surge reached 2.94 metres above normal at Varnholm, the highest since 1987."
FLIGHTS = "Varnholm airport cancelled 96 flights and ferries to Skarra were suspended until Wednesday."
COMET = "A retired postwoman from the hill town of Mirefell has discovered a comet."
BANK = "Regulators took control of Tessau Mercantile Bank on Friday after customers withdrew 2.7 billion crowns."
REWORDED = [
    ("Ferry services to Skarra were halted until Wednesday and 96 flights were cancelled.", FLIGHTS),
    ("The comet was found by a former postwoman who lives in Mirefell.", COMET),
    ("Tessau Mercantile Bank was seized after clients had pulled out 2.7 billion crowns.", BANK),
    ("At Varnholm the water rose 2.94 metres above its normal level, more than at any time since 1987.", SURGE),
]


@pytest.fixture(scope="module")
def local() -> Meaning:
    return Meaning(LocalEmbedder("int8").embed)


@pytest.fixture(scope="module")
def other() -> Meaning:
    """Over a model that gives no vectors of word pieces."""
    model = LocalEmbedder("int8")

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        return model.embed(texts)

    return Meaning(embed)


@pytest.fixture(params=["local", "other"])
def judge(request: pytest.FixtureRequest) -> Meaning:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Meaning)
    return found


def _sentences(name: str) -> list[str]:
    text = (SEEDS / name).read_text("utf-8")
    return [text[each.start : each.end] for each in sentences(text)]


@pytest.mark.parametrize("sentence", [SURGE, FLIGHTS, COMET, BANK])
def test_a_sentence_supports_itself(judge: Meaning, sentence: str) -> None:
    assert judge.support(sentence, [sentence]) >= 0.95
    assert judge.support(sentence, [COMET, BANK, sentence]) >= 0.95


@pytest.mark.parametrize(("claim", "evidence"), REWORDED)
def test_other_words_for_the_same_are_supported(local: Meaning, claim: str, evidence: str) -> None:
    assert local.support(claim, [evidence]) >= 0.5


@pytest.mark.parametrize(
    ("claims", "evidence"),
    [
        ("meridian-heat-record.txt", "meridian-bank-taken-over.txt"),
        ("meridian-ferry-capsizes.txt", "meridian-measles-dravik.txt"),
        ("meridian-wildfire-mirefell.txt", "meridian-hospital-cyberattack.txt"),
    ],
)
def test_another_article_of_the_same_outlet_supports_nothing(judge: Meaning, claims: str, evidence: str) -> None:
    cited = _sentences(evidence)[2:7]
    scores = [judge.support(claim, cited) for claim in _sentences(claims)[2:10]]
    assert max(scores) < 0.2, scores


def test_the_claim_among_the_references_never_lowers_the_score(judge: Meaning) -> None:
    for claim, evidence in REWORDED:
        before = judge.support(claim, [evidence, COMET])
        assert judge.support(claim, [evidence, COMET, claim]) >= max(before, 0.95)


def test_more_evidence_never_lowers_the_score(local: Meaning) -> None:
    evidence = [SURGE, FLIGHTS, COMET, BANK, *_sentences("meridian-heat-record.txt")]
    for claim, _ in REWORDED:
        scores = [local.support(claim, evidence[:size]) for size in range(1, len(evidence))]
        assert all(later >= earlier - 1e-6 for earlier, later in pairwise(scores))


def test_a_number_that_is_not_there_counts_against_a_claim(judge: Meaning) -> None:
    wrong = FLIGHTS.replace("96", "250")
    assert judge.signals(wrong, [FLIGHTS])[1] == 1
    assert judge.support(wrong, [FLIGHTS]) < judge.support(FLIGHTS, [FLIGHTS]) - 0.1
    assert judge.signals("Varnholm airport cancelled ninety-six flights.", [FLIGHTS])[1] == 0
    assert judge.signals(wrong, [FLIGHTS], around=["In all, 250 were planned."])[1] == 0


def test_days_and_years_are_left_to_those_who_know_the_day_of_publication(judge: Meaning) -> None:
    assert judge.signals("On 19 October 2026 Varnholm airport cancelled 96 flights.", [FLIGHTS])[1] == 0


def test_marks_of_citations_are_no_part_of_a_claim(judge: Meaning) -> None:
    assert judge.signals(f"{FLIGHTS} [3]", [FLIGHTS])[1] == 0
    assert judge.support(f"{FLIGHTS} [3][12]", [FLIGHTS]) >= 0.95


def test_what_stands_around_helps_and_cannot_support_alone(judge: Meaning) -> None:
    claim = "The retired postwoman Petra Lindqvar delivered letters for 35 years."
    evidence = ['"I delivered letters for 35 years," she said.']
    around = ["Petra Lindqvar, a retired postwoman, spotted a faint smudge."]
    alone, helped = judge.support(claim, evidence), judge.support(claim, evidence, around=around)
    assert alone < helped
    assert judge.support(claim, [BANK], around=[claim]) < 0.5


@pytest.mark.parametrize(("claim", "evidence"), [("", [SURGE]), (SURGE, []), (SURGE, ["", " \n", "…"]), ("?!", ["?!"])])
def test_nothing_supports_nothing(judge: Meaning, claim: str, evidence: list[str]) -> None:
    assert judge.support(claim, evidence) == 0.0


@settings(max_examples=30, deadline=None)
@given(
    claim=st.text(max_size=80),
    evidence=st.lists(st.text(max_size=80), max_size=4),
    around=st.lists(st.text(max_size=30), max_size=2),
)
def test_any_text_gives_a_share(local: Meaning, claim: str, evidence: list[str], around: list[str]) -> None:
    assert 0.0 <= local.support(claim, evidence, around=around) <= 1.0


@pytest.mark.parametrize(
    "text",
    [
        "flood " * 10_000,
        "x" * 10_000_000,
        "\ud800 broken \udfff surrogates",
        "\x00\x01 \u202e control",
        "1 " * 5_000,
        "大雨が降った。" * 500,
        "[[[[" * 5_000 + "a",
        "a’" * 20_000,
    ],
    ids=["words", "letters", "surrogates", "controls", "numbers", "other script", "brackets", "apostrophes"],
)
def test_hostile_texts_are_read_within_bounds(local: Meaning, text: str) -> None:
    assert 0.0 <= local.support(text, [SURGE]) <= 1.0
    assert 0.0 <= local.support(SURGE, [text, SURGE], around=[text]) <= 1.0


def test_of_very_long_evidence_what_shares_words_is_embedded() -> None:
    model = _Counting()
    evidence = [f"Harvest report number {number} speaks of wheat." for number in range(2_000)]
    evidence[1_500] = FLIGHTS
    assert Meaning(model.embed).support(FLIGHTS, evidence) >= 0.95
    assert model.read < 100


def test_evidence_is_embedded_once() -> None:
    model = _Counting()
    judge = Meaning(model.embed)
    judge.prepare([SURGE, FLIGHTS, COMET])
    judge.prepare([])
    judge.support(SURGE, [SURGE, FLIGHTS])
    before = model.read
    judge.prepare([SURGE, FLIGHTS, COMET])
    judge.support(SURGE, [COMET, FLIGHTS])
    assert model.read == before


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "REMEMBERED", 2)
    reader = phrases.PhraseReader(LocalEmbedder("int8"))
    first = reader.read([SURGE, FLIGHTS, COMET])
    assert len(reader._kept) == 2
    again = reader.read([SURGE, FLIGHTS, COMET])
    for one, other in zip(first, again, strict=True):
        assert np.allclose(one.vectors, other.vectors, atol=0.1)


def test_the_same_texts_give_the_same_score(local: Meaning) -> None:
    fresh = Meaning(LocalEmbedder("int8").embed)
    for claim, evidence in REWORDED:
        first = local.support(claim, [evidence, BANK])
        assert local.support(claim, [evidence, BANK]) == first
        assert fresh.support(claim, [evidence, BANK]) == pytest.approx(first, abs=0.05)


def test_long_texts_are_cut_into_what_the_model_reads() -> None:
    text = "The surge came at night. " * 100
    cut = meaning._pieces([text, "…", "x" * 1_500])
    assert max(map(len, cut)) <= meaning.PIECE
    assert "".join(cut).replace(" ", "") == text.replace(" ", "") + "x" * 1_500


@pytest.mark.parametrize(
    ("common", "rare"), [("the", "said"), ("said", "ferry"), ("ferry", "eels"), ("eels", "qorvex")]
)
def test_the_rarer_word_weighs_more(common: str, rare: str) -> None:
    assert 0 < rarity(common) < rarity(rare) <= RAREST


def test_an_inflected_word_is_about_as_rare_as_its_base() -> None:
    assert rarity("amalgamates") <= RAREST
    assert rarity("ferries") <= RAREST
    assert rarity("x" * 1_000) == RAREST
    assert rarity("evacuations") < RAREST


class _Counting:
    """A model of letters, which knows how many texts it has read."""

    def __init__(self) -> None:
        self.read = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.read += len(texts)
        rows = [np.frombuffer(hashlib.sha256(text.encode("utf-8", "replace")).digest(), np.uint8) for text in texts]
        vectors = np.array(rows, dtype=np.float32) - 127.5
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
