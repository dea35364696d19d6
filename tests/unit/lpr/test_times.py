from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr.times import format_utc, parse_utc

HANOI = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-01-31T08:15:04.200Z", datetime(2026, 1, 31, 8, 15, 4, 200_000, UTC)),
        ("2026-01-31T15:15:04+07:00", datetime(2026, 1, 31, 8, 15, 4, tzinfo=UTC)),
        ("2026-01-31 15:15:04+07:00", datetime(2026, 1, 31, 8, 15, 4, tzinfo=UTC)),
        (" 2026-01-31T08:15Z\n", datetime(2026, 1, 31, 8, 15, tzinfo=UTC)),
        ("2026-02-01T00:30:00+07:00", datetime(2026, 1, 31, 17, 30, tzinfo=UTC)),
    ],
)
def test_a_time_that_names_its_offset_is_read_as_utc(text: str, time: datetime) -> None:
    assert parse_utc(text) == time
    assert parse_utc(text).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' is not a time: expected 2026-01-31T08:15:04.200Z"),
        ("yesterday", "'yesterday' is not a time"),
        ("2026-02-30T08:15:04Z", "'2026-02-30T08:15:04Z' is not a time"),
        ("1769847304", "'1769847304' is not a time"),
        ("2026-01-31T08:15:04", "has no offset: add Z for UTC or +07:00 for Hanoi"),
        ("2026-01-31", "has no offset"),
        ("0001-01-01T00:00:00+07:00", "is outside the years 1 to 9999"),
        ("9999-12-31T23:59:59-07:00", "is outside the years 1 to 9999"),
    ],
)
def test_what_is_no_time_says_what_was_expected(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"time|offset|outside") as refused:
        parse_utc(text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (datetime(2026, 1, 31, 8, 15, 4, tzinfo=UTC), "2026-01-31T08:15:04.000Z"),
        (datetime(2026, 1, 31, 8, 15, 4, 200_000, UTC), "2026-01-31T08:15:04.200Z"),
        (datetime(2026, 1, 31, 8, 15, 4, 200_001, UTC), "2026-01-31T08:15:04.200001Z"),
        (datetime(2026, 1, 31, 15, 15, 4, tzinfo=HANOI), "2026-01-31T08:15:04.000Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000Z"),
    ],
)
def test_a_time_is_written_as_utc_with_a_final_z(time: datetime, text: str) -> None:
    assert format_utc(time) == text


@given(
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.sampled_from([UTC, HANOI]))
)
def test_a_time_comes_back_from_its_text(time: datetime) -> None:
    assert parse_utc(format_utc(time)) == time
