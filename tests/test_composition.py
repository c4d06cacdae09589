"""What is quoted, in which order, with whom a pronoun means and where articles differ. All news here is invented."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from qa.answers.composition import among, choose, origins, support
from qa.answers.disagreements import Dispute, disagreements
from qa.answers.extractive import Candidate
from qa.answers.references import means, needs_before
from qa.answers.totals import totals
from qa.answers.wanted import Terms
from qa.articles import Article
from qa.catalog import Copy
from qa.chunks import Span, sentences
from qa.passages import Passage
from qa.questions import Question, understand
from qa.words import WordIndex


@dataclass(slots=True)
class Scored(Candidate):
    """A candidate whose score is what the test says."""

    value: float = field(default=1.0)

    @property
    def score(self) -> float:
        return self.value

    @property
    def apart(self) -> float:
        return self.value


Make = Callable[..., Scored]


@pytest.fixture(scope="module")
def terms(tmp_path_factory: pytest.TempPathFactory) -> Terms:
    """Texts as an archive stems them."""
    return WordIndex(tmp_path_factory.mktemp("words") / "index").terms


@pytest.fixture
def quoted(terms: Terms) -> Make:
    """Makes the candidate of a sentence (the one numbered ``at``, else the last) of an article of its own."""

    def make(
        text: str,
        *,
        at: int = -1,
        day: int | date | None = None,
        title: str = "",
        score: float = 1.0,
        kind: float = 0.0,
        name: str = "",
        origin: str = "",
        parts: tuple[int, ...] = (),
    ) -> Scored:
        published = date(2031, 5, day) if isinstance(day, int) else day
        name = name or f"{title}{text}{day}"
        spans = sentences(text)
        span = spans[at]
        copies = (Copy(origin, "", "", None, ""), Copy(name, "", "", None, "")) if origin else ()
        passage = Passage(
            id=name, text=text, start=0, end=len(text), score=1.0, meaning=0.5, words=1.0, freshness=1.0,
            article=Article(id=name, title=title, text=text, published=published), copies=copies, parts=parts,
        )  # fmt: skip
        place = spans.index(span)
        return Scored(
            passage=passage,
            span=span,
            before=text[spans[place - 1].start : spans[place - 1].end] if place else "",
            terms=frozenset(terms(text[span.start : span.end])),
            rank=1.0, words=1.0, context=1.0, kind=kind, value=score,
            newness=day / 31 if isinstance(day, int) else 0.0,
        )  # fmt: skip

    return make


def asked(text: str, **changes: object) -> Question:
    return replace(understand(text, now="2031-06-01"), **changes)  # type: ignore[arg-type]


def told(dispute: Dispute) -> list[str]:
    return [claim.said for claim in dispute.claims]


FERRY = " Divers of the Port Authority of Skarmouth searched the bay of Lindholm and the coast of Vessel Island."


# --- disagreements


def ferry(quoted: Make, sentence: str, day: int, **more: float) -> Scored:
    return quoted(f"{sentence}{FERRY}", at=0, day=day, title="The ferry accident off Lindholm", **more)


TOLL = "How many people died in the ferry accident?"


def test_a_toll_that_grows_is_a_disagreement_the_newest_first(quoted: Make, terms: Terms) -> None:
    found = disagreements(
        asked(TOLL),
        [
            ferry(quoted, "At least six people died when the ferry sank.", 1),
            ferry(quoted, "The number of people known to have died has risen to 17.", 2),
            ferry(quoted, "Twenty-eight people are known to have died.", 9),
            ferry(quoted, "The captain was charged after the loss of 29 lives.", 30),
        ],
        terms,
    )
    assert [told(each) for each in found] == [["29 lives", "Twenty-eight people", "17", "six people"]]
    assert found[0].about == "people died"
    for claim in found[0].claims:
        assert claim.said in claim.candidate.text


@pytest.mark.parametrize(
    "other",
    [
        "Seventeen people died in the ferry accident.",
        "About 18 people died in the ferry accident.",
        "Nearly 20 people died in the ferry accident.",
        "Between 20 and 30 people died in the ferry accident.",
        "From 20 to 30 people died in the ferry accident.",
        "Five more people died in the ferry accident.",
        "Nine of the 22 people in the lounge died in the ferry accident.",
        "The toll rose by 3 on Monday.",
        "Twelve children died in the ferry accident.",
        "Twelve people were injured in the ferry accident.",
        "Twelve people were moved to safety from the deadly ferry accident.",
        "Nine people died in the ferry accident, and eleven more were hurt in 2029.",
        "One hundred and ninety-nine people died in the ferry accident.",
        "Twenty-nine people died in the ferry accident.",
        "Twelve people died in Oststrand in the ferry accident.",
        "Twelve people are missing after the ferry accident.",
        "The most people died in the ferry accident of 1931, when 93 died.",
        "It comes three years after an accident in which 45 people died.",
        "Ferry 12 was where most people died.",
        "People aged 19 died in the ferry accident.",
    ],
)
def test_what_counts_another_thing_is_no_disagreement(quoted: Make, terms: Terms, other: str) -> None:
    one = ferry(quoted, "Seventeen people died in the ferry accident.", 2)
    assert disagreements(asked(TOLL), [one, ferry(quoted, other, 1)], terms) == []


def test_the_least_of_a_toll_is_only_passed_by_a_later_one(quoted: Make, terms: Terms) -> None:
    least = "At least 12 people died in the ferry accident."
    one = ferry(quoted, "Seventeen people died in the ferry accident.", 2)
    assert [told(each) for each in disagreements(asked(TOLL), [one, ferry(quoted, least, 1)], terms)] == [
        ["Seventeen people", "12 people"]
    ]
    assert disagreements(asked(TOLL), [one, ferry(quoted, least, 3)], terms) == []


def test_two_outlets_of_one_day_differ_on_a_rough_figure_far_away(quoted: Make, terms: Terms) -> None:
    places = " The crowd filled Corn Exchange Square and Assembly Street in Belmar, with Union Hall behind it."
    one = quoted(f"About 12,000 people marched through Belmar against the pension law.{places}", at=0, day=3)
    two = quoted(f"Organisers said 40,000 people turned out for their pensions.{places}", at=0, day=3, score=0.8)
    (found,) = disagreements(asked("How many people marched for pensions in Belmar?"), [one, two], terms)
    assert sorted(told(found)) == ["12,000 people", "40,000 people"]
    assert found.about == "people marched pensions"


def test_a_corrected_sum_stands_before_the_wrong_one(quoted: Make, terms: Terms) -> None:
    names = " It is built by Orrin Motors with Finch Power at Dravik Harbour."
    right = quoted(
        f"The battery plant in Dravik will cost 3.2 billion crowns and not 2.3 billion.{names}", at=0, day=16
    )
    wrong = quoted(f"The battery plant in Dravik is to cost 2.3 billion crowns.{names}", at=0, day=14, score=0.9)
    (found,) = disagreements(asked("How much will the battery plant in Dravik cost?"), [right, wrong], terms)
    assert told(found) == ["3.2 billion crowns", "2.3 billion crowns"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("The share of voters rose by 3 percent to 5 percent.", "The share of voters rose to 5 percent."),
        ("The share of voters was 5 percent in May.", "The share of voters was 7 percent in June."),
        ("The share of voters rose 5 percent.", "The share of voters rose 7 percent."),
        ("The share of voters could be 5 percent.", "The share of voters was 7 percent."),
        ("The share of voters was 5 percent.", "The share of women was 7 percent."),
    ],
)
def test_changes_and_other_times_are_no_disagreement(quoted: Make, terms: Terms, one: str, two: str) -> None:
    names = " The count in Belmar was led by Agathe Rimmel of the Civic Office in Lindholm."
    pair = [quoted(f"{one}{names}", at=0, day=1), quoted(f"{two}{names}", at=0, day=2)]
    assert disagreements(asked("What percentage was the share of voters?"), pair, terms) == []


def test_articles_of_another_story_do_not_disagree(quoted: Make, terms: Terms) -> None:
    one = ferry(quoted, "Seventeen people died when the ferry sank.", 2)
    storm = quoted("Two people died in the storm. Tiles fell in Oststrand.", at=0, day=3, title="A storm")
    assert disagreements(asked(TOLL), [one, storm], terms) == []
    year_before = ferry(quoted, "Nine people died when the ferry sank.", 2)
    article = replace(year_before.passage.article, published=date(2030, 5, 2))
    year_before.passage = replace(year_before.passage, article=article)
    assert disagreements(asked(TOLL), [one, year_before], terms) == []


def test_one_article_and_its_copy_of_the_same_moment_do_not_disagree(quoted: Make, terms: Terms) -> None:
    text = f"Seventeen people died when the ferry sank. Nine people died in the ferry accident.{FERRY}"
    title = "The ferry accident off Lindholm"
    one, two = (quoted(text, at=at, day=2, title=title, name="one") for at in (0, 1))
    assert disagreements(asked(TOLL), [one, two], terms) == []
    copy = quoted(f"Nine people died in the ferry accident.{FERRY}", at=0, day=2, title=title, origin="one")
    one = quoted(text, at=0, day=2, title=title, name="two", origin="one")
    assert disagreements(asked(TOLL), [one, copy], terms) == []
    later = quoted(f"Nineteen people died in the ferry accident.{FERRY}", at=0, day=3, title=title, origin="one")
    assert [told(each) for each in disagreements(asked(TOLL), [one, later], terms)] == [
        ["Nineteen people", "Seventeen people"]
    ]


def test_a_name_differs_only_in_the_same_frame(quoted: Make, terms: Terms) -> None:
    names = " The stage led from Belmar to Lindholm over Corn Pass, past Dravik Harbour."
    question = asked("Who won the cycling race?")
    one = quoted(f"On Sunday Ilka Thorsen won the cycling race.{names}", at=0, day=1)
    two = quoted(f"On Sunday Prudence Achieng won the cycling race.{names}", at=0, day=2)
    three = quoted(f"On Sunday the cycling race was watched by Prudence Achieng.{names}", at=0, day=2)
    assert [told(each) for each in disagreements(question, [one, two], terms)] == [["Prudence Achieng", "Ilka Thorsen"]]
    assert disagreements(question, [one, three], terms) == []
    assert disagreements(asked("What happened at the cycling race?"), [one, two], terms) == []


def test_totals_know_their_nouns_and_what_is_none(terms: Terms) -> None:
    def stems(text: str) -> frozenset[str]:
        return frozenset(terms(text))

    sentence = "At least six people died and 23 were missing, nine of the 22 crew among them, on page 4."
    assert [(each.said, each.size, each.least) for each in totals(sentence, stems)] == [
        ("six people", 6.0, True),
        ("23", 23.0, False),
    ]
    assert [each.unit for each in totals("It costs $3m, or 2,000 crowns a day.", stems)] == ["$", "crowns/day"]
    assert [each.size for each in totals("It costs $3m, or 3 million dollars.", stems)] == [3e6, 3e6]


# --- agreement


def test_independent_articles_that_say_the_same_count(quoted: Make) -> None:
    one = quoted("The museum in Varn lost 14 paintings when the burglars broke its skylight.")
    paraphrase = quoted("Burglars took 14 paintings from the museum in Varn by its skylight.")
    another_figure = quoted("Burglars took 15 paintings from the museum in Varn by its skylight.")
    denied = quoted("No burglars took 14 paintings from the museum in Varn by its skylight.")
    far = quoted("The mayor of Varn opened a bridge of 14 arches.")
    assert origins([one, paraphrase, another_figure, denied, far], one) == 2
    assert origins([one, another_figure, denied, far], one) == 1
    found = support([one, paraphrase, another_figure, far])
    assert found[0] == found[1] > 0.3
    assert found[2:] == [0.0, 0.0]


def test_copies_of_one_report_are_one_origin(quoted: Make) -> None:
    text = "The museum in Varn lost 14 paintings when the burglars broke its skylight."
    one, two = (quoted(text, name=name, origin="wire") for name in ("first", "second"))
    assert origins([one, two], one) == 1
    assert support([one, two]) == [0.0, 0.0]
    assert support([]) == []


# --- references


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Jonas Berg, 41, left the bank on Monday. He said nothing.", "Jonas Berg"),
        ("Captain Ida Brandt was rescued. She was questioned by the police.", "Ida Brandt"),
        ("The chief executive, Jonas Berg, resigned. His lawyer said nothing.", "Jonas Berg"),
        ("Jonas Berg came. People like Berg a lot. Berg had been mayor for years. He planted trees.", "Jonas Berg"),
        ("“We shall win,” minister Ida Brandt told Radio Varn. She was not asked how.", "Ida Brandt"),
        ("Jonas Berg, 41, retired. He came back a year later. He retires at last.", "Jonas Berg"),
        ("The Varn Queen, built in 1994, left the port. It sank within an hour.", "Varn Queen"),
        ("The battery plant will stand in Dravik. It employs 400 people.", "the battery plant"),
        ("The researchers fitted eels with transmitters. They want to learn more.", "the researchers"),
        ("Jonas Berg, 41, and the banker Ida Brandt, 50, met. He left.", ""),
        ("The judge praised Jonas Berg, who is 41, and Ida Brandt, who is 50. He left.", ""),
        ("Jonas Berg’s wife wrote a letter. He never read it.", ""),
        ("Mr Berg and his wife Ida Brandt, 50, met. She left.", ""),
        ("Miss Brandt spoke. The lawyer, Ida Brandt, was tired. He left.", ""),
        ("Ida Berg, 40, and Jonas Berg, 41, met. “The mayor, Karl Rask, lies.” He added nothing.", ""),
        ("Karl Rask, 60, met us. “Ida Berg, 40, who lies.” He added nothing.", "Karl Rask"),
        ("Ida Berg came. Jonas Berg came. Jonas Berg stayed. Berg had won. He left.", "Jonas Berg"),
        ("Ida Berg came. Jonas Berg stayed. Later Berg had won. He left.", ""),
        ("The plant is closed. It is raining in Varn.", ""),
        ("The plant is closed. It was the first strike in years.", ""),
        ("The pupils of Varn sang. He left.", ""),
        ("Jonas Berg, 41, left.\n\n## Later\n\nHe said nothing.", ""),
        ("Jonas Berg, 41, left. The bank said nothing.", ""),
        ("He said nothing.", ""),
    ],
)
def test_a_pronoun_is_told_only_where_it_is_clear(quoted: Make, text: str, meant: str) -> None:
    assert means(quoted(text)) == meant


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("Jonas Berg, 41, left. He said nothing.", False),
        ("The pupils of Varn sang. He left.", True),
        ("Two ships sank. The two had met before.", True),
        ("Two ships sank. This was the third time.", True),
        ("Two ships sank. This week the port is closed.", False),
        ("Two ships sank. But the port stays open.", True),
        ("Two ships sank. However, the port stays open.", True),
        ("Two ships sank. Both parties said so.", False),
        ("Two ships sank. The latter was new.", True),
        ("The mayor is Jonas Berg. Berg said nothing.", True),
        ("The mayor is new. Berg said nothing.", False),
        ("Two ships sank. The port stays open.", False),
    ],
)
def test_what_dangles_needs_the_sentence_before(quoted: Make, text: str, needs: bool) -> None:
    assert needs_before(quoted(text)) is needs


# --- choice


def texts(chosen: Sequence[Candidate]) -> list[str]:
    return [each.text for each in chosen]


def test_the_newest_of_the_best_leads_and_repetition_is_left_out(quoted: Make, terms: Terms) -> None:
    old = quoted("Six ships are waiting outside Varn.", day=1, score=1.0)
    new = quoted("Nine ships are anchored in the bay.", day=5, score=0.95)
    again = quoted("Outside Varn six ships are waiting.", day=2, score=0.9)
    weak = quoted("A mole was built in the town.", day=6, score=0.5)
    question = asked("What about the harbour?")
    assert texts(choose([old, new, again, weak], 3, question, terms)) == [new.text, old.text]
    assert choose([], 3, question, terms) == []


def test_what_is_excluded_does_not_lead(quoted: Make, terms: Terms) -> None:
    best = quoted("Varn Bank lost money in the crisis.", score=1.0)
    other = quoted("Dravik Savings lost its licence on Friday.", score=0.7)
    question = asked("Which bank failed?", excluded=("varn bank",))
    assert choose([best, other], 2, question, terms)[0] is other
    assert choose([best], 2, question, terms)[0] is best


def test_each_part_has_a_sentence_before_any_has_two(quoted: Make, terms: Terms) -> None:
    first = quoted("The strike lasted eighteen days.", score=1.0, parts=(1,))
    second = quoted("Dockers walked out over cranes.", score=0.9, parts=(1,))
    third = quoted("A mediator settled everything by night.", score=0.3, parts=(2,))
    question = asked("How long was it, and who ended it?", parts=(asked("How long was it?"), asked("Who ended it?")))
    assert texts(choose([first, second, third], 2, question, terms)) == [first.text, third.text]
    assert texts(choose([first, second, third], 2, asked("How long was it?"), terms)) == [first.text, second.text]


def test_all_sides_are_chosen_and_one_more_than_the_limit_at_most(quoted: Make, terms: Terms) -> None:
    sides = [
        ferry(quoted, f"{count} people died in the ferry accident.", day, score=1.0 - day / 100)
        for day, count in enumerate(("Thirty", "Thirty-one", "Thirty-two", "Thirty-three"), 1)
    ]
    found = choose(sides, 3, asked(TOLL), terms)
    assert texts(found) == [side.text for side in reversed(sides)]
    disputes = disagreements(asked(TOLL), sides, terms)
    assert among(disputes, found) == disputes
    three = choose(sides, 2, asked(TOLL), terms)
    assert len(three) == 3
    assert len(among(disputes, three)[0].claims) == 3
    assert among(disputes, three[:1]) == []


def test_a_side_that_needs_the_sentence_before_is_quoted_with_it(quoted: Make, terms: Terms) -> None:
    old = ferry(quoted, "Seventeen people died in the ferry accident.", 1)
    text = f"Hopes are fading. But nineteen people died in the ferry accident.{FERRY}"
    new = quoted(text, at=1, day=2, title="The ferry accident off Lindholm")
    found = choose([old, new], 3, asked(TOLL), terms)
    (dispute,) = among(disagreements(asked(TOLL), [old, new], terms), found)
    assert told(dispute) == ["nineteen people", "Seventeen people"]
    assert dispute.claims[0].candidate is found[0]
    assert found[0].text == "Hopes are fading. But nineteen people died in the ferry accident."


def test_a_lead_that_dangles_comes_with_the_sentence_before(quoted: Make, terms: Terms) -> None:
    text = "The pupils of Varn sang. They had dressed as crabs. But the mayor left early."
    (lead,) = choose([quoted(text)], 1, asked("Who left early?"), terms)
    assert lead.text == "They had dressed as crabs. But the mayor left early."
    assert lead.passage.article.text[lead.span.start : lead.span.end] == lead.text
    clear = quoted("Jonas Berg, 41, left. He said nothing.")
    assert choose([clear], 1, asked("What did he say?"), terms) == [clear]


def test_no_sentence_is_quoted_twice(quoted: Make, terms: Terms) -> None:
    text = "The pupils of Varn sang of crabs. But the mayor left early."
    second, first = quoted(text, name="one"), quoted(text, at=0, name="one", score=0.9)
    assert texts(choose([second, first], 2, asked("Who left early?"), terms)) == [text]
    assert second.span == Span(34, len(text))


def test_the_words_of_a_question_need_no_archive(tmp_path: Path) -> None:
    assert disagreements(asked("Who?"), [], WordIndex(tmp_path / "index").terms) == []
