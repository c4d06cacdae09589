"""What is read out of the words of a question: sources, quotations, what is left out, parts; and what is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.articles import instant
from qa.errors import UsageError
from qa.kinds import kind_of, target_of
from qa.questions import EPOCH_OF_NEWS, Inference, Known, Question, Turn, Window, understand
from tests.newsroom import lines_file, newsroom

NOW = "2026-11-18T12:00:00+00:00"
KNOWN = Known(
    outlets=("Olm Courier", "The Varn Post", "Fortune", "The Age", "BBC", "Lunde Today - Culture", "nytimes.com"),
    hosts=(("varnpost.example", "The Varn Post"),),
    authors=("Ada Lund", "Jon Brandt", "Staff"),
)


def asked(text: str, **options: Any) -> Question:
    return understand(text, **{"now": NOW, "known": KNOWN, **options})


@pytest.mark.parametrize(
    ("question", "outlets"),
    [
        ("Who won, according to the Olm Courier?", ("Olm Courier",)),
        ("According to Varn Post, who won?", ("The Varn Post",)),
        ("Who won, according to varnpost.example?", ("The Varn Post",)),
        ("Who won, according to the Courier?", ("Olm Courier",)),
        ("What does the Post article say?", ("The Varn Post",)),
        ("What does the Fortune article say?", ("Fortune",)),
        ("Who left, as reported by both Fortune and The Age?", ("Fortune", "The Age")),
        ("Who left, according to articles from Fortune, The Age, and the BBC?", ("Fortune", "The Age", "BBC")),
        ("What is in the Fortune and Olm Courier articles?", ("Fortune", "Olm Courier")),
        ("Who left, according to 'Fortune'?", ("Fortune",)),
        ("Is 'Fortune' right about the mayor?", ("Fortune",)),
        ("Which stories did the BBC publish on the flood?", ("BBC",)),
        ("Which outlets other than the BBC, according to Fortune, knew?", ("Fortune",)),
        ("What did the BBC report on the flood?", ("BBC",)),
        ("Did BBC News report on the flood?", ("BBC",)),
        ("Who left, according to Lunde Today?", ("Lunde Today - Culture",)),
        ("Who left, according to The New York Times?", ("nytimes.com",)),
        ("Who left, according to the NYT?", ("nytimes.com",)),
        ("According to Fortune, who heads the BBC?", ("Fortune", "BBC")),
    ],
)
def test_a_source_with_a_cue_limits(question: str, outlets: tuple[str, ...]) -> None:
    assert asked(question).window.outlets == outlets


@pytest.mark.parametrize(
    "question",
    [
        "Who is the head of the BBC?",
        "Who owns Fortune?",
        "What is the age of the universe?",
        "Which series did the BBC cancel?",
        "What did The Age of Innocence win?",
        "Who made a fortune, according to police?",
        "What happened, according to the report?",
        "When does it start, according to NASA?",
        "What did Prince Karl tell the BBC?",
        "What price did Fortune 500 companies pay?",
        "BBC reported a loss of how much?",
        "In which year did Fortune publish its first issue?",
        "Which outlets other than the BBC knew?",
        "What does the Post Office report say?",
        "What did Varn Post riders report?",
        "Research for the BBC found what?",
    ],
)
def test_a_name_without_a_cue_is_the_topic(question: str) -> None:
    found = asked(question)
    assert (found.window.outlets, found.unknown_outlets) == ((), ())


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("Who won, according to Bloomberg?", ("Bloomberg",)),
        ("Who won, as reported by Reuters and the Financial Times?", ("Reuters", "Financial Times")),
        ("What does the GSMArena article say?", ("GSMArena",)),
        ("What does the Daily Brod article say?", ("Daily Brod",)),
        ("What was the headline in The Brod Courier?", ("The Brod Courier",)),
        ("Who won, according to the Brod Herald?", ("Brod Herald",)),
        ("What does the French article say?", ()),
        ("What does Article 5 say?", ()),
        ("People reported a light over Varn. What was it?", ()),
        ("What did People report of the light?", ("People",)),
    ],
)
def test_a_source_that_the_archive_lacks_is_told(question: str, unknown: tuple[str, ...]) -> None:
    found = asked(question)
    assert (found.unknown_outlets, found.window.outlets) == (unknown, ())


def test_known_and_unknown_sources_of_one_question() -> None:
    found = asked("Who won, as reported by Fortune and Reuters?")
    assert (found.window.outlets, found.unknown_outlets) == (("Fortune",), ("Reuters",))
    assert found.inferences == (
        Inference("outlet", "as reported by Fortune", "Fortune"),
        Inference("outlet", "Reuters", "Reuters: no article of it here"),
    )


def test_an_inferred_outlet_only_narrows_what_the_asker_set() -> None:
    text = "Who won, according to Fortune?"
    assert asked(text, outlets=("Fortune", "BBC")).window.outlets == ("Fortune",)
    other = asked(text, outlets=("BBC",))
    assert (other.window.outlets, other.inferences) == (("BBC",), ())


@pytest.mark.parametrize(
    ("question", "authors"),
    [
        ("What do articles by Ada Lund say of the strike?", ("Ada Lund",)),
        ("What did Ada Lund write about the strike?", ("Ada Lund",)),
        ("What is in Jon Brandt's column?", ("Jon Brandt",)),
        ("Who won, as reported by Jon Brandt?", ("Jon Brandt",)),
        ("Who was sued by Ada Lund?", ()),
        ("Who is Ada Lund?", ()),
        ("What did Lund write?", ()),
        ("What do articles by Staff say?", ()),
    ],
)
def test_an_author_counts_by_full_name_with_a_cue(question: str, authors: tuple[str, ...]) -> None:
    assert asked(question).authors == authors


@pytest.mark.parametrize(
    ("question", "required"),
    [
        ("Which firm called it “state-affiliated media”?", ("state-affiliated media",)),
        ("Who plays in ‘The Long Quay,’ a series?", ("The Long Quay",)),
        ("Who directed \"Quarterback\" and 'Don't Look Down'?", ("Quarterback", "Don't Look Down")),
        ("Which is the “sleepy” town?", ()),
        ("Who said “too many”?", ()),
        ("What does 'Fortune' claim?", ()),
        ("Who was praised, but not by 'Fortune'?", ()),
        ("What does the report on “Best Ferries of Norland” say?", ()),
        ("What were the dockers' and pilots' demands?", ()),
        ("“Who won the harbour race”", ()),
        ("Was hat er „so nicht gesagt“?", ()),
    ],
)
def test_quoted_words_are_required_where_they_are_meant_word_for_word(question: str, required: tuple[str, ...]) -> None:
    assert asked(question).required == required


@pytest.mark.parametrize(
    ("question", "excluded"),
    [
        ("Which countries other than Norland joined?", ("Norland",)),
        ("Which countries, except Norland and Sudria, joined?", ("Norland", "Sudria")),
        ("Apart from the economy, what was discussed?", ("economy",)),
        ("Which team, not Varn United, won?", ("Varn United",)),
        ("Who besides Ada Lund spoke?", ("Ada Lund",)),
        ("Are there articles on housing, not from the BBC?", ("BBC",)),
        ("Which sectors grew, excluding energy?", ("energy",)),
        ("Who did not attend?", ()),
        ("Who not only spoke but sang?", ()),
        ("All of these are towns except:", ()),
        ("Who can vote except when abroad?", ()),
        ("Which town is not in Norland?", ()),
    ],
)
def test_what_is_left_out_is_a_noun(question: str, excluded: tuple[str, ...]) -> None:
    assert asked(question).excluded == excluded


@pytest.mark.parametrize(
    ("question", "newest"),
    [
        ("What is the latest on the ferry?", True),
        ("Who is the current mayor?", True),
        ("Who leads now?", True),
        ("How many have died so far?", True),
        ("What are today's headlines?", True),
        ("What is the most recent figure?", True),
        ("When must it end at the latest?", False),
        ("Which ocean current warms Norland?", False),
        ("Who directed “Here and Now”?", False),
        ("Who was the first mayor?", False),
    ],
)
def test_the_newest_is_wanted_where_the_words_say_so(question: str, newest: bool) -> None:
    assert asked(question).newest is newest


def test_a_limit_is_in_the_window_and_a_focus_is_not() -> None:
    limited = asked("Articles from last week on the floods")
    assert limited.window == Window(instant(date(2026, 11, 9)), instant(date(2026, 11, 15), end=True))
    assert (limited.focus, limited.standalone) == (None, "Articles on the floods")
    assert limited.inferences == (Inference("window", "from last week", "2026-11-09 to 2026-11-15"),)
    event = asked("Who left the board last week?")
    assert event.window == Window(latest=datetime(2026, 11, 18, 12, tzinfo=UTC).timestamp())
    assert event.focus == Window(instant(date(2026, 11, 9)), instant(date(2026, 11, 22), end=True))
    assert event.inferences == (Inference("window", "last week", "around 2026-11-09 to 2026-11-15"),)


def test_the_days_are_those_of_the_askers_own_time_zone() -> None:
    east = timezone(timedelta(hours=9))
    found = asked("Articles from yesterday", now=datetime(2026, 11, 19, 1, tzinfo=east))
    assert found.inferences == (Inference("window", "from yesterday", "2026-11-18"),)
    assert found.window.earliest == datetime(2026, 11, 18, tzinfo=east).timestamp()
    assert found.window.latest == datetime(2026, 11, 18, 16, tzinfo=UTC).timestamp()  # now


def test_a_limit_without_a_beginning_leaves_out_what_has_no_date() -> None:
    assert asked("Who led the board before June?").window.earliest == EPOCH_OF_NEWS


def test_a_limit_that_the_askers_own_rule_out_was_not_meant() -> None:
    found = asked("Articles from last week on the floods", until="2026-10-01")
    assert (found.window.latest, found.inferences) == (instant(date(2026, 10, 1), end=True), ())


@pytest.mark.parametrize(
    ("question", "standalone"),
    [
        ("Who left the board last week, according to the BBC?", "Who left the board?"),
        ("According to Fortune and The Age, who left the board?", "who left the board?"),
        ("Who left the board in March?", "Who left the board in March?"),
        ("How many left since the election on 8 November?", "How many left since the election on 8 November?"),
        ("What happened last week?", "What happened last week?"),
        ("Who won last week's race?", "Who won last week's race?"),
        ("What is in the BBC report published on 3 March 2026?", "What is in the BBC report?"),
        ("wer gewann das rennen:", "wer gewann das rennen:"),
    ],
)
def test_only_words_that_mislead_a_search_go(question: str, standalone: str) -> None:
    assert asked(question).standalone == standalone


def parts(question: str, **options: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(part.standalone, part.window.outlets) for part in asked(question, **options).parts]


def test_reports_told_apart_by_their_sources_are_parts_with_what_is_asked_of_all() -> None:
    found = parts("Did the BBC article on the flood and the Fortune article on the dyke both claim a loss?")
    assert found == [
        ("BBC article on the flood, claim a loss", ("BBC",)),
        ("Fortune article on the dyke, claim a loss", ("Fortune",)),
    ]


def test_a_date_of_one_report_limits_that_part_alone() -> None:
    found = asked(
        "Between the BBC report on the flood published before 5 November 2025 and the Fortune report on the dyke"
        " published on 9 November 2025, was there a change in the blame?"
    )
    first, second = found.parts
    assert first.window == Window(EPOCH_OF_NEWS, instant(date(2025, 11, 4), end=True), ("BBC",))
    assert second.window == Window(instant(date(2025, 11, 9)), instant(date(2025, 11, 9), end=True), ("Fortune",))
    assert (found.limits.earliest, found.limits.latest) == (None, None)
    assert [each.meaning for each in found.inferences if each.what == "parts"] == [
        "BBC; until 2025-11-04",
        "Fortune; 2025-11-09",
    ]


def test_clauses_with_sources_of_their_own_are_parts() -> None:
    assert parts(
        "Which company lost its harbour licence, according to 'Fortune', and is accused of fraud, as reported by 'The"
        " Age'?"
    ) == [
        ("Which company lost its harbour licence?", ("Fortune",)),
        ("Which company is accused of fraud?", ("The Age",)),
    ]


def test_a_clause_without_a_source_takes_those_of_the_whole() -> None:
    assert parts(
        "Which company lost its harbour licence last spring and is accused of bribing dockers, as reported by Fortune?"
    ) == [
        ("Which company lost its harbour licence last spring?", ("Fortune",)),
        ("Which company is accused of bribing dockers?", ("Fortune",)),
    ]


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        (
            "Which came first, the flood in Olmburg or the strike in Varn?",
            ["the flood in Olmburg", "the strike in Varn"],
        ),
        ("Who won the race, and when is the next one?", ["Who won the race?", "When is the next one (won race)?"]),
        ("Who is Ada Lund, and why did she resign?", ["Who is Ada Lund?", "Why did Ada Lund resign?"]),
        ("Who won the race? Where is the flood?", ["Who won the race?", "Where is the flood?"]),
        ("Where and when was the treaty signed?", []),
        ("Who knows what the mayor said?", []),
        ("Ada Lund, a pilot, crashed this year. Who saw it?", []),
        ("What do the articles from Fortune and The Age say of the dyke?", []),
    ],
)
def test_questions_in_one_are_told_apart(question: str, texts: list[str]) -> None:
    assert [text for text, _ in parts(question)] == texts


def test_parts_are_at_most_four_and_are_searched_apart_with_the_whole() -> None:
    text = "Who won the race? Who lost the race? Who saw the race? Who left the race? Who sold the race?"
    found = asked(text)
    assert len(found.parts) == 4
    assert found.searches == (*found.parts, found)
    assert asked("Who won?").searches == (asked("Who won?"),)


def test_a_part_inherits_what_the_asker_set() -> None:
    first, second = asked("Who won the race, and when is the flood fair?", outlets=("BBC",), since="2026-01-01").parts
    assert first.window == second.window == asked("Who won?", outlets=("BBC",), since="2026-01-01").window
    assert (first.kind, second.kind) == ("person", "date")


def test_every_inference_can_be_switched_off() -> None:
    text = (
        "Which town other than Varn called it “a great flood” last week, according to the Courier article by Ada Lund"
        " and Fortune, and who is the current mayor?"
    )
    everything = asked(text)
    assert {each.what for each in everything.inferences} >= {"window", "newest", "outlet", "required", "excluded"}
    nothing = asked(text, infer=False)
    assert (nothing.inferences, nothing.parts, nothing.limits, nothing.focus) == ((), (), Window(), None)
    assert (nothing.standalone, nothing.required, nothing.excluded) == (text, (), ())
    for what in ("window", "newest", "outlet", "author", "required", "excluded", "parts"):
        assert {each.what for each in asked(text, infer=(what,)).inferences} <= {what}


def test_an_inference_of_no_such_name_is_refused() -> None:
    with pytest.raises(UsageError, match="infer = windows: any of author, excluded, follow-up, newest, outlet"):
        asked("Who won?", infer=("windows",))


@pytest.mark.parametrize(
    ("question", "kind", "target"),
    [
        ("Which NFL team moved to Varn?", "organisation", "NFL team"),
        ("He joined which airline?", "organisation", "airline"),
        ("What animal escaped?", "other", "animal"),
        ("Which cryptocurrency fell last week?", "other", "cryptocurrency"),
        ("Which US state votes first?", "place", "US state"),
        ("Which U.S. senator resigned?", "person", "U.S. senator"),
        ("Which country's prime minister resigned?", "country", "country"),
        ("Which type of renewable energy grew?", "other", "renewable energy"),
        ("What is the name of Ada Lund's rocket?", "other", "rocket"),
        ("Which countries joined?", "list", "countries"),
        ("Name three ministers who left.", "list", "ministers"),
        ("How did the thieves enter?", "how", ""),
        ("True or false: the bridge fell.", "yes or no", ""),
        ("The bridge fell. True or false?", "yes or no", ""),
        ("What happened in Varn?", "other", ""),
        ("What prompted the strike?", "other", ""),
        ("When the flood came, which town was lost?", "place", "town"),
        ("Who won?", "person", ""),
        ("Was hat er gesagt?", "other", ""),
    ],
)
def test_the_kind_and_the_thing_wanted(question: str, kind: str, target: str) -> None:
    assert (kind_of(question), target_of(question)) == (kind, target)


def test_an_archive_knows_its_outlets_authors_and_newest_day(tmp_path: Path) -> None:
    news: dict[str, object] = {
        "title": "Flood",
        "text": "The dyke of Olmburg broke at noon.",
        "outlet": "Olm Courier",
        "authors": ["Ada Lund"],
        "url": "https://olmcourier.example/a",
        "published": "2025-03-04",
    }
    with newsroom(tmp_path) as archive:
        assert archive.understand("Who won, according to the Olm Courier?").unknown_outlets == ("Olm Courier",)
        archive.ingest([lines_file(tmp_path / "a.jsonl", news)])
        found = archive.understand("Who won, according to olmcourier.example?")
        assert found.window.outlets == ("Olm Courier",)
        assert archive.understand("What did Ada Lund write?").authors == ("Ada Lund",)
        focus = archive.understand("Who resigned in February?").focus
        assert focus is not None
        assert focus.earliest == instant(date(2025, 2, 1))
        follow_up = archive.understand("And in Varn?", turns=[Turn("Who won in Olmburg?")])
        assert follow_up.standalone == "Who won in Varn?"
        assert archive.understand("Who won, according to the Olm Courier?", infer=False).window.outlets == ()


WORDS = st.sampled_from(
    """who what which did and or the article report by from in on last week since before 8 November 2025 March Friday
    according to BBC Fortune Reuters 'Fortune' “a b” not except other than Norland , ? . now latest he that it why and
    about Ada Lund between published 31 February May 1066 ago two weeks first both ’ ' " ( ) | - the The""".split()
)
QUESTIONS = st.one_of(
    st.lists(WORDS, min_size=1, max_size=25).map(" ".join),
    st.text(min_size=1, max_size=120),
)
MOMENTS = st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2035, 1, 1)))


@given(QUESTIONS, MOMENTS, MOMENTS, st.booleans(), st.lists(QUESTIONS, max_size=3))
def test_nothing_raises_and_what_is_inferred_only_narrows(
    text: str, now: date | None, until: date | None, chosen: bool, before: list[str]
) -> None:
    options: dict[str, Any] = {"now": now, "until": until, "outlets": ("BBC", "Fortune") if chosen else ()}
    turns = [Turn(each, each) for each in before]
    try:
        plain = understand(text, infer=False, **options)
    except UsageError:
        return
    found = understand(text, known=KNOWN, turns=turns, **options)
    assert found.text == plain.text
    assert found.standalone.strip()
    for each in found.searches:
        window, asker = each.window, plain.window
        assert asker.earliest is None or (window.earliest is not None and window.earliest >= asker.earliest)
        assert now is None or (window.latest is not None and window.latest <= (asker.latest or 0))
        assert not asker.outlets or (window.outlets and set(window.outlets) <= set(asker.outlets))
        assert window.earliest is None or window.latest is None or window.earliest <= window.latest
    assert len(found.parts) <= 4


@pytest.mark.parametrize(
    "text",
    [
        "Wer hat letzte Woche den Hafen verlassen?",
        "¿Quién ganó la semana pasada, según El Correo?",
        "Qui a quitté le port la semaine dernière, selon Le Courrier ?",
        "谁在上周辞职？",
        "من استقال الأسبوع الماضي؟",
        "Кто ушёл в отставку в марте?",
        "😀😀",
    ],
)
def test_a_question_in_another_language_passes_as_it_is(text: str) -> None:
    found = asked(text, turns=[Turn("Who won in Olmburg?", "Ada Lund won.")])
    assert (found.standalone, found.inferences, found.kind, found.parts) == (found.text, (), "other", ())
