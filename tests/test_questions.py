"""What was typed, understood: its window of time, its outlets, the kind of answer it wants."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from qa.articles import instant
from qa.errors import UsageError
from qa.questions import MAX_CHARACTERS, Window, kind_of, understand
from qa.schema import UNDATED

CET = timezone(timedelta(hours=1))
DAY = 86_400.0


def window(**options: Any) -> Window:
    return understand("Who won?", **options).window


def passes(moment: date | None, **options: Any) -> bool:
    """Whether an article of that moment is inside the window, as both indexes compare."""
    at = UNDATED if moment is None else instant(moment)
    found = window(**options)
    return (found.earliest is None or at >= found.earliest) and (found.latest is None or at <= found.latest)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who leads the talks?", "person"),
        ("Whose plan was it?", "person"),
        ("Which minister resigned?", "person"),
        ("What actress won?", "person"),
        ("Where did the ferry sink?", "place"),
        ("In which coastal town was it?", "place"),
        ("Which country won?", "country"),
        ("When did it end?", "date"),
        ("What year was it?", "date"),
        ("How many died?", "number"),
        ("How old is she?", "number"),
        ("What percentage voted?", "number"),
        ("How much money was lost?", "money"),
        ("How much did it cost?", "money"),
        ("What price was paid?", "money"),
        ("How long did it last?", "duration"),
        ("For how many weeks were they on strike?", "duration"),
        ("Why did it fail?", "reason"),
        ("What caused the fire?", "reason"),
        ("Did it work?", "yes or no"),
        ("IS IT OVER?", "yes or no"),
        ("What happened in Paris?", "other"),
        ("wholesale prices", "other"),
        ("title:who", "person"),
        ("😀", "other"),
    ],
)
def test_the_kind_of_answer_is_told_by_the_words(question: str, kind: str) -> None:
    assert kind_of(question) == kind
    assert understand(question).kind == kind


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        (date(2026, 3, 3), False),
        (datetime(2026, 3, 3, 23, 59, 59, tzinfo=UTC), False),
        (date(2026, 3, 4), True),
        (datetime(2026, 3, 4, 0, 30, tzinfo=CET), False),
        (datetime(2026, 3, 5, 23, 59, 59), True),
        (date(2026, 3, 6), False),
        (None, False),
    ],
)
@pytest.mark.parametrize(
    ("since", "until"),
    [("2026-03-04", "2026-03-05"), (date(2026, 3, 4), date(2026, 3, 5)), ("20260304", "20260305")],
    ids=["text", "date", "compact"],
)
def test_since_and_until_are_whole_days_included(moment: date | None, inside: bool, since: Any, until: Any) -> None:
    assert passes(moment, since=since, until=until) is inside


def test_since_and_until_may_be_moments() -> None:
    found = window(since="2026-03-04T10:00:00+01:00", until=datetime(2026, 3, 4, 12, tzinfo=CET))
    noon = datetime(2026, 3, 4, 11, tzinfo=UTC).timestamp()
    assert found == Window(noon - 7_200, noon)


@pytest.mark.parametrize(
    ("options", "undated"),
    [
        ({}, True),
        ({"now": "2026-03-04"}, True),
        ({"since": "2026-03-04"}, False),
        ({"until": "2026-03-04"}, False),
        ({"now": "2026-03-04", "since": "2026-01-01"}, False),
        ({"until": "1500-01-01"}, False),
    ],
    ids=str,
)
def test_an_undated_article_passes_unless_since_or_until_is_set(options: dict[str, str], undated: bool) -> None:
    assert passes(None, **options) is undated


def test_every_dated_article_is_later_than_every_undated_one() -> None:
    assert passes(date.min, until="2026-01-01")
    assert passes(date(1450, 5, 1), until="1500-01-01")
    assert instant(date.min) > UNDATED


def test_now_as_a_day_is_the_end_of_that_day() -> None:
    asked = understand("Who won?", now=date(2026, 3, 4))
    assert (asked.now, asked.as_of) == (datetime(2026, 3, 4, 23, 59, 59, tzinfo=UTC), True)
    assert passes(datetime(2026, 3, 4, 22, tzinfo=UTC), now="2026-03-04")
    assert not passes(date(2026, 3, 5), now="2026-03-04")
    assert understand("Who won?", now="20260304").now == asked.now


def test_now_as_a_moment_is_that_moment_and_without_time_zone_it_is_utc() -> None:
    assert understand("Who won?", now="2026-03-04T10:00:00+01:00").now == datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert understand("Who won?", now=datetime(2026, 3, 4, 10)).now == datetime(2026, 3, 4, 10, tzinfo=UTC)


def test_without_now_the_window_is_open_and_age_counts_from_the_present() -> None:
    before = datetime.now(UTC)
    asked = understand("Who won?")
    assert before <= asked.now <= datetime.now(UTC)
    assert (asked.as_of, asked.window) == (False, Window())


def test_the_earlier_of_now_and_until_ends_the_window() -> None:
    first, second = instant(date(2026, 3, 4), end=True), instant(date(2026, 3, 6), end=True)
    assert window(now="2026-03-06", until="2026-03-04").latest == first
    assert window(now="2026-03-04", until="2026-03-06").latest == pytest.approx(first, abs=1)
    assert second - first == 2 * DAY


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"since": "2026-03-05", "until": "2026-03-04"}, "since 2026-03-05 is after 2026-03-04"),
        ({"since": "2026-03-05", "now": "2026-03-04"}, "since 2026-03-05 is after 2026-03-04 23:59:59"),
        ({"since": "2026-03-05T12:00", "until": "2026-03-05T11:59"}, "since 2026-03-05 12:00:00 is after"),
    ],
    ids=str,
)
def test_a_window_that_ends_before_it_begins_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match="The window is empty: ") as caught:
        understand("Who won?", **options)
    assert message in str(caught.value)


def test_a_window_of_one_day_or_one_moment_is_not_empty() -> None:
    assert passes(date(2026, 3, 4), since="2026-03-04", until="2026-03-04")
    moment = datetime(2026, 3, 4, 10, tzinfo=UTC)
    assert passes(moment, since=moment, until=moment)


@pytest.mark.parametrize("name", ["now", "since", "until"])
@pytest.mark.parametrize("value", ["", "yesterday", "2026-13-01", "2026-02-30", "04/03/2026", "March 4, 2026", "\x00"])
def test_a_date_that_is_none_is_refused_by_name_with_an_example(name: str, value: str) -> None:
    with pytest.raises(UsageError) as caught:
        window(**{name: value})
    assert str(caught.value).startswith(f"{name} = {value!r} is no date; write 2026-11-22")


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00", "\ud800"])
def test_an_empty_question_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="The question is empty"):
        understand(text)


def test_a_question_may_have_so_many_characters_and_no_more() -> None:
    assert len(understand("x" * MAX_CHARACTERS).text) == MAX_CHARACTERS
    with pytest.raises(UsageError, match="The question has 4,001 characters; 4,000 are the most"):
        understand("x" * (MAX_CHARACTERS + 1))


def test_the_text_is_put_on_one_line_without_control_characters() -> None:
    assert understand("  Who\n\n won\x00 the\tcafe\u0301\ud800? ").text == "Who won the café?"


def test_outlets_are_kept_once_in_their_order_and_one_may_be_a_text() -> None:
    assert understand("Who won?", outlets=("B", "A", "B")).window.outlets == ("B", "A")
    assert understand("Who won?", outlets="The Post").window.outlets == ("The Post",)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("When did the woman who led the inquiry resign?", "date"),
        ("Who said when the strike would end?", "person"),
        ("A star moved clubs this week. Where will she play?", "place"),
    ],
)
def test_the_first_asking_word_decides_the_kind(text: str, kind: str) -> None:
    assert kind_of(text) == kind
