"""Short answers: what a candidate is, what a question wants, and which candidate the evidence speaks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pytest

from qa.answers.short import Evidence, Short, find_answers, holds_kind
from qa.answers.wanted import wanted
from qa.mentions import Form, mentions
from qa.questions import understand

COMMON = frozenset("the a of in to and this its after said new won ferry people company city week".split())
NOW = date(2031, 5, 10)


def terms(text: str) -> list[str]:
    """Words in lower case without a plural's ending."""
    return [word.lower().removesuffix("s") or "s" for word in re.findall(r"\w+", text)]


def rarity(given: Sequence[str]) -> dict[str, float]:
    """Words that news is full of are worth little."""
    return {term: 0.1 if term in COMMON else 0.8 for term in given}


def short(question: str, *sentences: str | Evidence) -> Short | None:
    """The short answer over sentences of articles of their own, each answering a little worse than the one before."""
    evidence = [
        each if isinstance(each, Evidence) else Evidence(each, 0.8 - 0.05 * at, origin=str(at))
        for at, each in enumerate(sentences)
    ]
    return find_answers(understand(question, now=NOW), evidence, terms=terms, rarity=rarity).best


def found(sentence: str, *forms: Form) -> list[str]:
    return [each.text for each in mentions(sentence, forms, COMMON | {"ferries", "critics"})]


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("The mayor of Varnholm, Ida Brandt, resigned.", ["Varnholm", "Ida Brandt"]),
        ("Ferries stopped in Skarholm.", ["Skarholm"]),
        ("Skarholm Rep. Ida Brandt lost to President Otto Lind.", ["Ida Brandt", "Skarholm", "Otto Lind"]),
        ("Brandt’s lawyer wrote to St. Olav Church.", ["Brandt", "St. Olav Church"]),
        ("He studied at the University of Skarholm.", ["University of Skarholm", "University", "Skarholm"]),
        ("It’s late, and that’s that.", []),
        ("He saw Title 42 end.", ["Title 42"]),
        ("Lind met Brandt and Falk in June.", ["Lind", "Brandt and Falk", "Brandt", "Falk"]),
    ],
)
def test_names_are_runs_of_capitals(sentence: str, names: list[str]) -> None:
    assert sorted(set(found(sentence, "name"))) == sorted(names)


@pytest.mark.parametrize(
    ("form", "sentence", "figures"),
    [
        ("number", "On May 12, 41 ships and three tugs left 2 ports in 2029.", ["41", "three", "2"]),
        ("number", "It grew 4% to 2.5 million at $3.", ["2.5 million"]),
        ("share", "Some 46 percent, or 4.5%, and a third of them.", ["46 percent", "4.5%", "a third"]),
        ("money", "They paid $2.5 billion, £40m and 300 crowns.", ["$2.5 billion", "£40m", "300 crowns"]),
        ("date", "From Monday, Feb. 3 to 4 March 2030.", ["Monday, Feb. 3", "4 March 2030"]),
        ("date", "Rents rose within six years.", []),
        ("duration", "After three weeks a 40-year-old waited 2 hours.", ["three weeks", "2 hours"]),
        ("quoted", "He sang “The Grey Pier,” and said “we are done here”.", ["The Grey Pier"]),
    ],
)
def test_figures_and_titles_are_told_by_how_they_are_written(form: Form, sentence: str, figures: list[str]) -> None:
    assert found(sentence, form) == figures


def test_noun_phrases_are_runs_of_words_that_are_no_grammar() -> None:
    sentence = "The agency recalled frozen sesame buns in several shops."
    phrases = [(each.text, each.whole) for each in mentions(sentence, ["noun"], COMMON)]
    assert ("frozen sesame buns", False) in phrases
    assert ("sesame buns", False) in phrases
    assert ("shops", False) in phrases
    assert not any("several" in text or "The" in text for text, _ in phrases)
    assert ("pier", True) in [(each.text, each.whole) for each in mentions("It hit the pier.", ["noun"], COMMON)]


def test_every_mention_stands_where_it_says() -> None:
    sentence = "“The Grey Pier” by Gov. Ida Brandt’s son sold 2.5 million copies for $3m on May 3, 4% of all."
    forms: tuple[Form, ...] = ("name", "quoted", "noun", "number", "share", "money", "date", "duration")
    for each in mentions(sentence, forms, COMMON):
        assert sentence[each.start : each.end] == each.text


@pytest.mark.parametrize(
    ("question", "form", "kind"),
    [
        ("Which NFL team won?", "name", "named"),
        ("Which state banned the buns?", "name", "state"),
        ("Which country left the union?", "name", "country"),
        ("Which song did the minister sing?", "name", "work"),
        ("Which animal escaped from the zoo?", "name", "common"),
        ("Who leads the council?", "name", "person"),
        ("Where is the fair held?", "name", "place"),
        ("What did the diver find?", "name", "open"),
        ("How many ships left?", "number", "figure"),
        ("What percentage of the ships left?", "share", "figure"),
        ("How much did the ferry cost?", "money", "figure"),
        ("When did the ferry sink?", "date", "figure"),
        ("How long did the strike last?", "duration", "figure"),
    ],
)
def test_what_a_question_wants(question: str, form: str, kind: str) -> None:
    want = wanted(understand(question), terms, rarity)
    assert (want.forms[0], want.type) == (form, kind)


def test_the_sentence_that_asks_counts_double_and_the_type_little() -> None:
    want = wanted(
        understand("Gales raged. The guild opened a mission in which island nation this week?"), terms, rarity
    )
    assert (want.target, want.head, want.several) == ("island nation", "nation", False)
    assert want.weights["guild"] == pytest.approx(2 * want.weights["gale"])
    assert want.weights["nation"] == pytest.approx(0.3 * want.weights["guild"])
    assert sum(want.weights.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("question", "target"),
    [("How many grey ships left?", "grey ships"), ("It left. What is the ferry called?", "ferry")],
)
def test_what_is_counted_or_called_is_the_type(question: str, target: str) -> None:
    assert wanted(understand(question), terms, rarity).target == target


@pytest.mark.parametrize(
    ("question", "sentences", "text"),
    [
        (
            "Which country opened a mission in Skarholm?",
            ["Envoys said that Norway opened a mission in Skarholm on Friday.", "Norway now has a mission there."],
            "Norway",
        ),
        (
            "How many ships were lost in the storm?",
            ["The storm of May 2 was the worst in 30 years.", "In the storm 41 ships were lost."],
            "41",
        ),
        (
            "When will the lighthouse reopen?",
            ["The lighthouse will reopen on 17 January 2032.", "Rents rose by 46 percent in six years."],
            "17 January 2032",
        ),
        (
            "How much will the ferry cost?",
            ["The ferry will cost $40 million, owners said.", "Last year 200 people took the ferry."],
            "$40 million",
        ),
        (
            "Who is the new keeper of the lighthouse?",
            ["Ida Brandt is the new keeper of the lighthouse.", "Brandt, 41, had kept the lighthouse at Varnholm."],
            "Ida Brandt",
        ),
        (
            "Which state banned sesame buns?",
            ["Lawmakers in Ohio banned sesame buns.", "Ohio banned the buns after a long debate, Lind said."],
            "Ohio",
        ),
    ],
)
def test_the_best_supported_candidate_of_the_type_is_the_answer(question: str, sentences: list[str], text: str) -> None:
    answer = short(question, *sentences)
    assert answer is not None
    assert answer.text == text
    assert text in sentences[answer.evidence]
    assert 0 < answer.confidence < 1


@pytest.mark.parametrize(
    ("question", "fits"),
    [
        ("What did Imogen Strand say?", False),
        ("What has the union said about the port deal?", False),
        ("What did the miners think of the offer?", False),
        ("What did the minister say was the cause?", True),
        ("What did the court tell the firm to pay?", True),
        ("Which paper said so?", True),
    ],
)
def test_what_somebody_said_is_told_by_sentences_only(question: str, *, fits: bool) -> None:
    answer = short(question, "Imogen Strand told the Skarholm Post that the port deal was dead.")
    assert answer is not None
    assert answer.fits is fits


def test_where_something_is_stands_behind_a_word_of_place() -> None:
    found, lost = "Night Heron was found on Monday.", "Night Heron was found in Castrel on Monday."
    answer = short("Where was the stolen painting found?", found)
    assert answer is not None
    assert (answer.text, answer.fits) == ("Night Heron", False)
    answer = short("Where was the Night Heron found?", lost)
    assert answer is not None
    assert (answer.text, answer.fits) == ("Castrel", True)


def test_an_article_and_its_copies_are_one_witness() -> None:
    said = "Which company bought the Skarholm ferry?"
    copies = [Evidence("Rode Lind bought the Skarholm ferry, a broker said.", 0.7, origin="a")] * 3
    others = [Evidence(f"Falk Marine bought the Skarholm ferry, {at} said.", 0.7, origin=at) for at in "bc"]
    answer = short(said, *copies, *others)
    assert answer is not None
    assert answer.text == "Falk Marine"


def test_evidence_that_answers_nothing_is_no_error() -> None:
    answer = short("Who left?", Evidence("Ida Brandt left.", 0.0))
    assert answer is not None
    assert (answer.text, answer.evidence) == ("Ida Brandt", 0)


def test_a_lone_candidate_beside_the_question_is_less_sure() -> None:
    question = "Which state banned sesame buns?"
    beside = short(question, "The shops of Ohio open late.")
    about = short(question, "Ohio banned sesame buns.")
    assert beside is not None
    assert about is not None
    assert beside.text == about.text == "Ohio"
    assert beside.confidence < about.confidence < 1


def test_more_witnesses_make_an_answer_surer() -> None:
    question, sentence = "Which state banned sesame buns?", "Ohio banned sesame buns."
    rival = "Texas weighs what to do about sesame buns."
    one = short(question, sentence, rival)
    two = short(question, sentence, "Ohio banned sesame buns on Friday.", rival)
    assert one is not None
    assert two is not None
    assert one.text == two.text == "Ohio"
    assert two.confidence > one.confidence


def test_a_shop_named_with_a_genitive_keeps_it() -> None:
    answer = short(
        "Which retailer closed its Skarholm store?",
        "Brandt’s closed its Skarholm store.",
        "The Skarholm store of Brandt’s closed on Friday.",
    )
    assert answer is not None
    assert answer.text == "Brandt’s"


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        ("Which city is it?", []),
        ("Did the ferry sink?", ["The ferry sank off Skarholm."]),
        ("Why did the ferry sink?", ["The ferry sank off Skarholm."]),
        ("How many ships were lost?", ["Ships were lost."]),
        ("Who is Ida Brandt?", ["Ida Brandt."]),
    ],
)
def test_without_a_candidate_there_is_none(question: str, sentences: list[str]) -> None:
    assert short(question, *sentences) is None


@pytest.mark.parametrize(
    ("question", "sentence", "held"),
    [
        ("How many ships left?", "Some 41 ships left.", 1.0),
        ("How many ships left?", "Ships left.", 0.0),
        ("Who leads the guild?", "The guild is led by Ida Brandt.", 1.0),
        ("Who leads the guild?", "“No,” Ida Brandt said.", 0.0),
        ("Which country left?", "They left Norway.", 1.0),
        ("Which country left?", "They left Skarholm.", 0.0),
        ("Where is the fair?", "It is held in Skarholm.", 1.0),
        ("Where is the fair in Skarholm?", "It is held in Skarholm.", 0.0),
        ("What is sold?", "Buns are sold in Skarholm.", 0.0),
    ],
)
def test_whether_a_sentence_holds_the_kind_asked_for(question: str, sentence: str, held: float) -> None:
    assert holds_kind(understand(question, now=NOW), sentence) == held
