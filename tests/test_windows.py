"""Expressions of time: the days that they mean, and whether they limit publication or tell of events."""

from __future__ import annotations

from datetime import date

import pytest

from qa.moments import Days
from qa.windows import LAG, LONGEST_LAG, days_of_events, days_published, find, lag

TODAY = date(2026, 11, 18)
"""A Wednesday."""


def read(text: str, today: date = TODAY) -> list[tuple[str, str, str, bool]]:
    """Each expression: its words, its first and last day, whether it is one of publication."""
    return [
        (text[each.start : each.end], str(each.days.first or ""), str(each.days.last or ""), each.published)
        for each in find(text, today)
    ]


def days(text: str, today: date = TODAY) -> tuple[str, str] | None:
    """The days of the only expression; None where there is none."""
    found = read(text, today)
    assert len(found) < 2
    return (found[0][1], found[0][2]) if found else None


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("yesterday", "2026-11-17", "2026-11-17"),
        ("today", "2026-11-18", "2026-11-18"),
        ("overnight", "2026-11-17", "2026-11-18"),
        ("the day before yesterday", "2026-11-16", "2026-11-16"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("this week", "2026-11-12", "2026-11-18"),
        ("this past week", "2026-11-11", "2026-11-18"),
        ("last weekend", "2026-11-14", "2026-11-15"),
        ("this past weekend", "2026-11-14", "2026-11-15"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("this month", "2026-11-01", "2026-11-30"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("in the past week", "2026-11-11", "2026-11-18"),
        ("over the past 10 days", "2026-11-08", "2026-11-18"),
        ("in the last three weeks", "2026-10-28", "2026-11-18"),
        ("in the past several days", "2026-11-13", "2026-11-18"),
        ("within the last 48 hours", "2026-11-16", "2026-11-18"),
        ("two weeks ago", "2026-11-01", "2026-11-07"),
        ("5 days ago", "2026-11-13", "2026-11-13"),
        ("a month ago", "2026-10-04", "2026-11-03"),
        ("on Tuesday", "2026-11-17", "2026-11-17"),
        ("on Thursday", "2026-11-12", "2026-11-12"),
        ("last Friday", "2026-11-13", "2026-11-13"),
        ("on Monday night", "2026-11-16", "2026-11-16"),
        ("in March", "2026-03-01", "2026-03-31"),
        ("in November", "2026-11-01", "2026-11-30"),
        ("in March 2025", "2025-03-01", "2025-03-31"),
        ("in March last year", "2025-03-01", "2025-03-31"),
        ("in early March", "2026-03-01", "2026-03-31"),
        ("in 2021", "2021-01-01", "2021-12-31"),
        ("on 8 November", "2026-11-08", "2026-11-08"),
        ("on Nov. 8", "2026-11-08", "2026-11-08"),
        ("on the 9th of November", "2026-11-09", "2026-11-09"),
        ("on November 9, 2023", "2023-11-09", "2023-11-09"),
        ("on 9 Nov 2023", "2023-11-09", "2023-11-09"),
        ("on 2026-11-09", "2026-11-09", "2026-11-09"),
        ("between 3 and 9 May", "2026-05-03", "2026-05-09"),
        ("between May 3 and 9", "2026-05-03", "2026-05-09"),
        ("from 3 May to 9 June", "2026-05-03", "2026-06-09"),
        ("between March and May", "2026-03-01", "2026-05-31"),
    ],
)
def test_an_event_is_of_the_most_recent_days_of_that_name(words: str, first: str, last: str) -> None:
    text = f"Who left the harbour board {words}?"
    assert read(text) == [(words, first, last, False)]


@pytest.mark.parametrize(
    ("today", "words", "first", "last"),
    [
        (date(2026, 11, 16), "this week", "2026-11-09", "2026-11-16"),  # Monday
        (date(2026, 11, 17), "this week", "2026-11-09", "2026-11-17"),
        (date(2026, 11, 22), "this week", "2026-11-16", "2026-11-22"),
        (date(2026, 11, 16), "last week", "2026-11-09", "2026-11-15"),
        (date(2026, 11, 15), "last week", "2026-11-02", "2026-11-08"),
        (date(2026, 11, 16), "on Monday", "2026-11-09", "2026-11-16"),
        (date(2026, 11, 16), "last Monday", "2026-11-09", "2026-11-09"),
        (date(2026, 11, 21), "this weekend", "2026-11-21", "2026-11-22"),  # Saturday
        (date(2026, 11, 23), "this weekend", "2026-11-21", "2026-11-22"),
        (date(2026, 11, 21), "last weekend", "2026-11-14", "2026-11-15"),
        (date(2026, 1, 2), "last month", "2025-12-01", "2025-12-31"),
        (date(2024, 2, 29), "last year", "2023-01-01", "2023-12-31"),
        (date(2026, 1, 2), "in March", "2025-03-01", "2025-03-31"),
    ],
)
def test_the_day_of_asking_decides(today: date, words: str, first: str, last: str) -> None:
    assert days(f"Who left the harbour board {words}?", today) == (first, last)


@pytest.mark.parametrize(
    "question",
    [
        "Who must decide by Friday?",
        "What is planned for next week?",
        "Who comes next Monday?",
        "Who will sing on Thursday?",
        "What will open in December?",
        "Who is expected to speak on Tuesday?",
        "When does the board meet every Monday?",
        "Who signed the charter on July 4, 1776?",
        "Which bell was cast 100 years ago?",
        "What was frozen 46,000 years ago?",
        "What happened in 1848?",
        "How much was spent in the 2023 fiscal year?",
        "Who won the 2023 Golden Lanterns?",
        "Who wrote 2001?",
        "How many of the 2024 tickets were sold?",
        "Who was born on 8 November?",
        "What did shoppers buy on Black Friday?",
        "Who edits the Sunday Courier?",
        "Who stars in “Last Week in Olmburg”?",
        "Who sang ‘On Tuesday’?",
        "Who may resign?",
        "Did they march in protest?",
        "What was the February 6 attack?",
        "How much did prices rise over the past three years?",
        "What was moved to March?",
        "Which is the tallest tower built since 2019?",
        "Who was mayor before 2017?",
        "Who is coming this weekend?",
        "Who won in the spring?",
        "What happened on 31 February?",
        "Who told USA TODAY?",
        "What is 2026-13-45?",
        "Wer hat am Montag gewonnen?",
        "¿Quién ganó en marzo?",
        "",
    ],
)
def test_where_the_grammar_is_not_sure_nothing_is_read(question: str) -> None:
    assert read(question) == []


@pytest.mark.parametrize(
    ("question", "words", "first", "last"),
    [
        ("Articles from last week on the floods", "from last week", "2026-11-09", "2026-11-15"),
        ("Articles about the fire from March 2025", "from March 2025", "2025-03-01", "2025-03-31"),
        ("What was the coverage this week?", "this week", "2026-11-12", "2026-11-18"),
        ("What do yesterday's papers say?", "yesterday", "2026-11-17", "2026-11-17"),
        ("What was reported in March?", "in March", "2026-03-01", "2026-03-31"),
        (
            "Which report published on November 9, 2023 says so?",
            "published on November 9, 2023",
            "2023-11-09",
            "2023-11-09",
        ),
        ("How many left since 8 November?", "since 8 November", "2026-11-08", ""),
        (
            "How many left since the election on 8 November?",
            "since the election on 8 November",
            "2026-11-08",
            "",
        ),
        ("How many left since Monday?", "since Monday", "2026-11-16", ""),
        ("Who led the board before June?", "before June", "", "2026-05-31"),
        ("What happened after 8 November?", "after 8 November", "2026-11-09", ""),
    ],
)
def test_words_of_publication_limit(question: str, words: str, first: str, last: str) -> None:
    assert read(question) == [(words, first, last, True)]


def test_a_report_is_dated_by_what_stands_behind_its_outlet() -> None:
    text = "Did the Courier report on 3 March 2026 say so?"
    end = text.index(" on 3 March")
    assert [each.published for each in find(text, TODAY, reports=[end])] == [True]
    assert [each.published for each in find(text, TODAY)] == [False]


def test_a_date_without_a_year_counts_from_the_newest_article() -> None:
    text = "Who resigned in March and who on 5 December?"
    found = [each.days.first for each in find(text, TODAY, newest=date(2023, 12, 31))]
    assert found == [date(2023, 3, 1), date(2023, 12, 5)]
    assert [each.days.first for each in find(text, TODAY)] == [date(2026, 3, 1)]  # 5 December may be the next one


def test_limits_narrow_together_and_contradictory_ones_say_nothing() -> None:
    both = find("Articles from 2025 published since March 2025", TODAY)
    assert days_published(both) == Days(date(2025, 3, 1), date(2025, 12, 31))
    against = find("The article published on 3 March 2026 and the article published on 9 April 2026", TODAY)
    assert (len(against), days_published(against)) == (2, None)
    assert days_published([]) is None


def test_an_event_is_reported_until_days_after_it() -> None:
    one = find("Who resigned on 3 March 2026?", TODAY)
    assert days_of_events(one) == Days(date(2026, 3, 3), date(2026, 3, 7))
    two = find("Who resigned on 3 March 2026 and who on 9 April 2026?", TODAY)
    assert days_of_events(two) == Days(date(2026, 3, 3), date(2026, 4, 13))
    assert days_of_events(find("Articles from 2025", TODAY)) is None


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 3, 3), date(2026, 3, 3), LAG),
        (date(2026, 3, 2), date(2026, 3, 8), 7),
        (date(2026, 3, 1), date(2026, 3, 31), 31),
        (date(2025, 1, 1), date(2025, 12, 31), LONGEST_LAG),
    ],
)
def test_a_longer_event_is_reported_longer(first: date, last: date, expected: int) -> None:
    assert lag(first, last).days == expected
