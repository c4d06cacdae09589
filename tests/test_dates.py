"""Dates as news gives them: kept as precise as they were written, never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qa.articles.dates import UnclearDate, parse_date

CET = timezone(timedelta(hours=1))
EST = timezone(timedelta(hours=-5))
DAY = date(2016, 1, 20)


@pytest.mark.parametrize(
    ("given_date", "expected"),
    [
        ("2016-01-20", DAY),
        ("20160120", DAY),
        ("  2016-01-20\n", DAY),
        ("20 January 2016", DAY),
        ("January 20, 2016", DAY),
        ("Wednesday, January 20, 2016", DAY),
        ("Jan. 20, 2016", DAY),
        ("20-Jan-2016", DAY),
        ("20.01.2016", DAY),
        ("1/20/2016", DAY),
        ("2016/01/20", DAY),
        ("4/4/2026", date(2026, 4, 4)),
        ("2016-W03-3", DAY),
        ("20. Januar 2016", DAY),
        (DAY, DAY),
    ],
)
def test_a_day_stays_a_day(given_date: Any, expected: date) -> None:
    found = parse_date(given_date)
    assert found == expected
    assert type(found) is date


@pytest.mark.parametrize(
    ("given_date", "expected"),
    [
        ("2016-01-20T17:30:00+01:00", datetime(2016, 1, 20, 17, 30, tzinfo=CET)),
        ("2016-01-20T17:30:00Z", datetime(2016, 1, 20, 17, 30, tzinfo=UTC)),
        ("20160120T173000Z", datetime(2016, 1, 20, 17, 30, tzinfo=UTC)),
        ("2016-01-20 17:30", datetime(2016, 1, 20, 17, 30)),
        ("Wed, 20 Jan 2016 17:30:00 GMT", datetime(2016, 1, 20, 17, 30, tzinfo=UTC)),
        ("Wed, 20 Jan 2016 17:30:00 +0100", datetime(2016, 1, 20, 17, 30, tzinfo=CET)),
        ("Wed, 20 Jan 2016 17:30:00 EST", datetime(2016, 1, 20, 17, 30, tzinfo=EST)),
        ("Jan. 20, 2016 5:30 p.m.", datetime(2016, 1, 20, 17, 30)),
        ("January 20, 2016 5:30 PM EST", datetime(2016, 1, 20, 17, 30, tzinfo=EST)),
        ("20 January 2016 at 5 p.m.", datetime(2016, 1, 20, 17, 0)),
        ("20 January 2016 17h30", datetime(2016, 1, 20, 17, 30)),
        (datetime(2016, 1, 20, 17, 30, tzinfo=CET), datetime(2016, 1, 20, 17, 30, tzinfo=CET)),
    ],
)
def test_a_moment_keeps_its_clock_and_its_time_zone(given_date: Any, expected: datetime) -> None:
    found = parse_date(given_date)
    assert isinstance(found, datetime)
    assert (found.replace(tzinfo=None), found.utcoffset()) == (expected.replace(tzinfo=None), expected.utcoffset())


@pytest.mark.parametrize("epoch", [1453311000, 1453311000.0, 1453311000000])
def test_numbers_are_seconds_or_milliseconds_since_the_epoch(epoch: float) -> None:
    assert parse_date(epoch) == datetime(2016, 1, 20, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize("nothing", [None, "", "  \n"])
def test_no_date_is_none(nothing: Any) -> None:
    assert parse_date(nothing) is None


@pytest.mark.parametrize(
    "text",
    ["03/04/2026", "3-4-2026", "04.03.2026", "03/04/26", "On 03/04/2026", "12:30 03/04/2026", "03/04/2026 12:30"],
)
def test_a_date_that_reads_two_ways_is_refused_and_the_error_says_so(text: str) -> None:
    with pytest.raises(UnclearDate, match=r"reads two ways \(day and month\)"):
        parse_date(text)


@pytest.mark.parametrize(
    "text",
    [
        *("yesterday", "today", "now", "2 days ago", "1 hour ago", "in 3 days", "last week", "Monday"),
        *("5 p.m. yesterday", "5:30 p.m. Tuesday", "10:00", "20 January", "Jan 20", "January 2016", "2016", "2016-W03"),
    ],
)
def test_what_names_no_single_day_is_refused(text: str) -> None:
    with pytest.raises(UnclearDate, match="is not understood"):
        parse_date(text)


@pytest.mark.parametrize(
    "value",
    [
        *("garbage", "2016-13-45", "Wed, 99 Jan 2016 17:30:00 GMT", "Wed, 20 Jan 99999999999 17:30:00 GMT"),
        *("\x00", "\ud800", "2016-01-20" * 1000),
        *(0, -5, 20160120, 10**400, float("nan"), float("inf"), float("-inf"), True, [], {}, ["2016-01-20"]),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_garbage_is_refused(value: Any) -> None:
    with pytest.raises(UnclearDate) as caught:
        parse_date(value)
    assert len(str(caught.value)) < 120


NOW = datetime(2026, 3, 4, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "value",
    ["2026-03-05", "2026-03-05T11:59:59Z", "2026-03-05T12:00:00Z", "2026-03-05T14:00:00+02:00", "5 March 2026"],
)
def test_a_date_up_to_a_day_ahead_is_taken(value: str) -> None:
    assert parse_date(value, now=NOW) is not None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2026-03-06", "'2026-03-06'"),
        ("2026-03-05T12:00:01Z", "'2026-03-05T12:00:01Z'"),
        ("2026-03-05T12:00:00-01:00", "'2026-03-05T12:00:00-01:00'"),
        (" 6 March 2026 ", "'6 March 2026'"),
        (date(2026, 3, 6), "2026-03-06"),
        (4_000_000_000, "4000000000"),
    ],
)
def test_a_date_further_ahead_is_refused(value: Any, shown: str) -> None:
    with pytest.raises(UnclearDate) as caught:
        parse_date(value, now=NOW)
    assert str(caught.value) == f"date {shown} lies in the future"


def test_without_a_clock_given_the_wall_clock_counts() -> None:
    with pytest.raises(UnclearDate, match=r"^date '2998-01-01' lies in the future$"):
        parse_date("2998-01-01")


@pytest.mark.parametrize("value", ["1899-12-31", "0001-01-01", "0001-01-01T00:00:00+14:00", date(1, 1, 1)], ids=repr)
def test_a_date_before_1900_is_refused(value: Any) -> None:
    with pytest.raises(UnclearDate, match=r"lies before 1900$"):
        parse_date(value)
    assert parse_date("1900-01-01") == date(1900, 1, 1)


pieces = st.lists(
    st.one_of(
        st.sampled_from(
            ["Jan", "20", "2016", "03/04/26", "T17:30", "+25:99", "GMT", "p.m.", ",", "-", "W", "１２", "0"]
        ),
        st.integers(-1, 10**12).map(str),
        st.text(max_size=6),
    ),
    max_size=6,
).map(" ".join)


@given(st.one_of(st.text(max_size=30), pieces))
@example("Wed, 20 Jan 2016 17:30:00 +9999")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_a_date_or_none_or_unclear(text: str) -> None:
    try:
        found = parse_date(text)
    except UnclearDate:
        return
    assert found is None or isinstance(found, date)
    if isinstance(found, datetime):
        assert datetime.fromisoformat(found.isoformat()) == found
