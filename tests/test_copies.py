"""Near-copies: which pairs are one report, and that signatures stay what they are wherever they are made."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import copies
from qa.copies import bands, is_copy, overlap, shingles, sign, similarities, similarity

REPORT = """\
The harbour of Varnholm was closed to all ships on Tuesday after a crane fell across the main channel, the port \
authority said.

Nobody was hurt when the crane, 74 metres high and built in 1988, toppled in a gust shortly after 6:40 in the morning. \
Eleven freighters are waiting outside the breakwater, among them two that carry grain from Estrava.

"We heard it groan for a minute or so, and then it simply lay down," said Ilse Marrand, who runs a bakery on the quay. \
"My windows shook, but not one of them broke."

Engineers plan to cut the wreck into nine pieces and to lift them out with a floating crane that left the shipyard of \
Tollmund at noon. It is expected on Thursday, and the work may take 12 days.

The port handles 3.2 million tonnes a year, a fifth of the country's grain. Traders in the capital said that stores \
would last for six weeks and that they saw no reason for prices to rise.

The crane had passed its last inspection in March. Transport minister Odo Fenn promised an inquiry and said that the \
four other cranes of that make would stand still until it was finished.
"""
PARAGRAPHS = REPORT.strip().split("\n\n")
OTHER = """\
Grain dealers kept calm after the accident at Varnholm, where a crane of the port has blocked the way to sea since \
Tuesday morning.

Futures for delivery in autumn closed at 211 crowns, one crown below the day before. Dealers pointed to full silos and \
to the railway, which can take half of what the ships would have carried, though at twice the cost of freight.

Transport minister Odo Fenn promised an inquiry and said that the four other cranes of that make would stand still \
until it was finished.

Farmers in the south were less at ease. Their association asked for the reserve of the state to be opened, since mills \
near the coast would be the first to run short, and smaller ones could not pay for trucks.

A spokeswoman of the ministry answered that there was no need for that now. The railway said that it would run three \
more trains a night from Sunday, and that wagons had been found in Estrava and in Holm.
"""
CHINESE = (
    "瓦恩霍尔姆港周二因一台起重机倒塌横在主航道上而对所有船只关闭。港务局表示,这台高七十四米的起重机在清晨的一阵"
    "大风中倒下,没有人员受伤。十一艘货轮正在防波堤外等候,其中两艘载有来自邻国的粮食。工程师计划把残骸切成九块,"
    "再用一艘浮吊把它们吊出水面,工作可能持续十二天。交通部长承诺展开调查,并表示同型号的其他四台起重机将停止使用。"
)
PINNED_SIGNATURE = "d39dae20a7dc5b066da18c2a3de6012d"
PINNED_BANDS = [-5683959265810577304, 6488798103498083911, 7030599546791044154]
BRIEF = "The harbour of Varnholm is closed after a crane fell across the main channel. More soon."
DRAW = """\
The numbers of Wednesday's draw of the Estravan state lottery are {}. The jackpot stood at {} million crowns, and {} \
tickets had five right numbers, which pays {} crowns each. Tickets cost {} crowns and are sold at kiosks, post offices \
and petrol stations until one hour before the draw, which is held on Wednesdays and Saturdays in the town hall of \
Tollmund and shown on the first channel. Prizes must be claimed within {} weeks. The odds of the first prize are one \
in {} million. Whoever plays should know that help for gamblers is free of charge, day and night, on the number {}."""


def edited(text: str) -> str:
    """``text`` as another paper prints it: own headline, two edits, a paragraph cut, a tail."""
    paragraphs = text.strip().split("\n\n")
    paragraphs[1] = paragraphs[1].replace("toppled in a gust", "was blown over by a strong gust")
    paragraphs[5] = paragraphs[5].replace("promised an inquiry and said", "announced an investigation, adding")
    del paragraphs[2]
    return "\n\n".join(["Crane blocks port", *paragraphs, "(Meridian Wire; editing by the night desk)"])


def test_a_report_with_a_new_headline_edits_and_a_paragraph_cut_is_a_copy() -> None:
    assert is_copy(REPORT, edited(REPORT))


def test_the_overlap_is_that_of_the_sets_of_three_words() -> None:
    def trigrams(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        return set(zip(words, words[1:], words[2:], strict=False))

    a, b = trigrams(REPORT), trigrams(edited(REPORT))
    found = overlap(shingles(REPORT), shingles(edited(REPORT)))
    assert found == copies.Overlap(len(a & b) / len(a | b), len(a & b) / min(len(a), len(b)))
    assert (round(found.jaccard, 3), round(found.containment, 3)) == (0.677, 0.856)


def test_the_first_half_of_a_report_is_a_copy() -> None:
    half = "\n\n".join(PARAGRAPHS[:3])
    assert overlap(shingles(REPORT), shingles(half)).containment == 1.0
    assert overlap(shingles(REPORT), shingles(half)).jaccard < 0.5
    assert is_copy(REPORT, half)
    assert is_copy(half, REPORT)


def test_a_brief_within_a_feature_of_five_times_its_length_is_none() -> None:
    brief = " ".join(PARAGRAPHS[:1] + PARAGRAPHS[1:2])
    feature = brief + "\n\n" + " ".join(f"Sentence {chr(97 + n % 26)}{n} of another matter." for n in range(60))
    assert overlap(shingles(brief), shingles(feature)).containment == 1.0
    assert not is_copy(brief, feature)


def test_two_reports_of_one_event_that_share_a_quote_are_none() -> None:
    assert overlap(shingles(REPORT), shingles(OTHER)).jaccard > 0.05
    assert not is_copy(REPORT, OTHER)


def test_a_daily_text_filled_in_anew_is_none_though_its_words_are_the_same() -> None:
    first = DRAW.format("4, 8, 15, 16, 23, 42", 12, 31, 4400, 3, 13, 14, 2277)
    second = DRAW.format("1, 9, 17, 20, 33, 48", 15, 26, 5150, 3, 13, 14, 2277)
    assert overlap(shingles(first), shingles(second)).jaccard > 0.5
    assert not is_copy(first, second)
    assert is_copy(first, first.replace("Whoever plays should", "All who play should"))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("THE HARBOUR of Varnholm — is “closed”.", "the harbour of Varnholm is closed"),
        ("The co\u00adoperative\u200b met.", "The cooperative met"),
        ("Ｖａｒｎｈｏｌｍ", "varnholm"),
        ("cafe\u0301", "café"),
        ("a\n\nb\tc", "a b c"),
        ("", "   "),
    ],
)
def test_case_punctuation_blanks_and_invisible_characters_do_not_matter(a: str, b: str) -> None:
    assert sign(a) == sign(b)
    assert is_copy(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (BRIEF, BRIEF.replace("More soon.", "More to come.")),
        ("Closed.", "Open."),
        ("12.5 %", "12.6 %"),
        ("!!!", "???"),
        ("🚢🚢", "🚢"),
        (BRIEF, REPORT),
        (CHINESE[:60], CHINESE[:61]),
    ],
)
def test_a_short_text_matches_only_itself(a: str, b: str) -> None:
    assert not is_copy(a, b)
    assert similarity(sign(a), sign(b)) == 0.0
    assert not set(bands(sign(a))) & set(bands(sign(b)))
    assert is_copy(a, a)


def test_texts_from_forty_words_on_are_compared_by_their_shingles() -> None:
    words = [f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(40)]
    assert len(shingles(" ".join(words))) == 38
    assert len(shingles(" ".join(words[:39]))) == 1


def test_chinese_is_compared_by_its_characters() -> None:
    assert len(shingles(CHINESE)) == sum(map(str.isalpha, CHINESE)) - 5 == 147
    assert is_copy(CHINESE, CHINESE.replace("交通部长", "运输部长").replace("清晨", "早上"))
    assert not is_copy(CHINESE, CHINESE[:40] + "港口附近的面包店老板说她听见一声巨响" * 5)


def test_marks_within_a_word_of_hindi_or_arabic_do_not_part_it() -> None:
    assert len(shingles("नमस्ते दुनिया " * 40)) == 2
    assert len(shingles("مَدِينَة قَدِيمَة " * 40)) == 2


def test_the_captions_of_a_gallery_do_not_make_two_articles_one() -> None:
    captions = " ".join(f"Picture {n}: the quay of Varnholm, seen by Jonna Reel." for n in range(60))
    first, second = (f"{text.strip()}\n\n{captions}" for text in (REPORT, OTHER))
    assert not is_copy(first, second)
    assert is_copy(first, REPORT)
    assert is_copy(f"Pictures\n\n{captions}", captions)


def test_a_text_without_paragraphs_counts_as_a_whole() -> None:
    text = " ".join(f"{REPORT} {OTHER}".split()).replace("crane", "derrick")
    assert len(text.split()) > 350
    assert overlap(shingles(f"{text} {text}"), shingles(text)).containment == 1.0


def test_a_signature_is_the_same_in_every_process_on_every_platform() -> None:
    made = sign(REPORT)
    assert len(made) == 4 * copies.PERMUTATIONS == 504
    assert made[:16].hex() == PINNED_SIGNATURE
    assert bands(made)[:3] == PINNED_BANDS
    assert copies.version() == "1, rensa 2"  # raise it with the figures above
    code = f"from qa.copies import sign; print(sign({REPORT!r}).hex())"
    other = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == made.hex()


def test_bands_are_distinct_keys_that_sqlite_can_hold() -> None:
    keys = bands(sign(REPORT))
    assert len(set(keys)) == copies.BANDS == 42
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert len(set(bands(bytes(4 * copies.PERMUTATIONS)))) == copies.BANDS  # equal rows, yet other bands


def test_a_copy_shares_a_band_and_another_article_none() -> None:
    keys = set(bands(sign(REPORT)))
    assert len(keys & set(bands(sign(edited(REPORT))))) > 5
    assert keys.isdisjoint(bands(sign(OTHER)))


def test_the_estimate_is_near_the_exact_similarity() -> None:
    text = [f"{'ABCDEFGHIJ'[n % 10]}x{n}" for n in range(1200)]
    whole = sign(" ".join(text))
    errors = []
    for words in range(300, 1200, 100):
        part = " ".join(text[:words])
        exact = overlap(shingles(" ".join(text)), shingles(part)).jaccard
        errors.append(similarity(whole, sign(part)) - exact)
    assert float(np.abs(errors).max()) < 3 * 0.045


def test_similarities_are_those_of_each_pair() -> None:
    others = [sign(edited(REPORT)), sign(OTHER), sign(REPORT)]
    found = similarities(sign(REPORT), others)
    assert found.tolist() == [similarity(sign(REPORT), other) for other in others]
    assert found[2] == 1.0
    assert similarities(sign(REPORT), []).tolist() == []


def test_a_text_of_more_shingles_than_are_taken_at_once_is_signed_as_one() -> None:
    text = " ".join(f"w{n}" for n in range(5000))
    parts = [np.frombuffer(copies.minima(part), "<u4") for part in np.array_split(shingles(text), 7)]
    assert sign(text) == np.minimum.reduce(parts).tobytes()


def test_a_run_longer_than_any_word_is_cut() -> None:
    assert len(shingles("x" * 64 * 39)) == 1
    assert len(shingles("".join(f"{n:064d}" for n in range(40)))) == 38


@given(st.text())
def test_any_text_is_a_copy_of_itself(text: str) -> None:
    made = sign(text)
    assert similarity(made, sign(text)) == 1.0
    assert bands(made) == bands(sign(text))
    assert is_copy(text, text)


@given(st.lists(st.sampled_from(["crane", "port", "grain", "7", "3,5", "港", "—", "\n"]), max_size=300), st.text())
def test_any_two_texts_are_judged_the_same_both_ways(words: list[str], other: str) -> None:
    text = " ".join(words)
    assert is_copy(text, other) == is_copy(other, text)
    found = overlap(shingles(text), shingles(other))
    assert 0 <= found.jaccard <= found.containment <= 1
