from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from lpr.watch.clocks import LeastDelay
from lpr.watch.timing import Arrival, FrameTime, Timing, timed

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def arrival(now_s: float, stream_s: float | None = None, sender_s: float | None = None) -> Arrival:
    """At so many seconds after noon; the sender's clock counts from noon too."""
    sender = None if sender_s is None else NOON.timestamp() + sender_s
    return Arrival(NOON + timedelta(seconds=now_s), 1000 + now_s, stream_s, sender)


def times(*arrivals: Arrival, latency_s: float = 0.0) -> list[FrameTime]:
    timing, found = Timing(latency_s), []
    for one in arrivals:
        timing, time = timed(timing, one)
        found.append(time)
    return found


def after_noon(time: FrameTime) -> float:
    return (time.at - NOON).total_seconds()


def test_without_a_sender_the_time_is_that_of_arrival_less_the_latency() -> None:
    first, second = times(arrival(1.0), arrival(1.5), latency_s=0.25)
    assert [after_noon(first), after_noon(second)] == pytest.approx([0.75, 1.25])
    assert (first.clock, first.clock_offset_s) == ("arrival", None)
    assert second.offset - first.offset == pytest.approx(0.5)


def test_what_a_frame_had_to_wait_for_is_taken_off() -> None:
    steps = [arrival(0.0, 50.0), arrival(0.2, 50.2), arrival(0.9, 50.4), arrival(0.9, 50.6)]
    found = times(*steps)
    assert [after_noon(time) for time in found] == pytest.approx([0.0, 0.2, 0.4, 0.6])


def test_the_senders_clock_counts_when_it_is_near_ours() -> None:
    before, after = times(arrival(1.0, 7.0), arrival(2.0, 8.0, 1.9))
    assert (before.clock, after.clock) == ("arrival", "sender")
    assert after_noon(after) == pytest.approx(1.9)
    assert after.clock_offset_s == pytest.approx(0.1, abs=1e-3)


@pytest.mark.parametrize("sender_s", [-3600.0 * 7, -1e9, 60.0])
def test_a_senders_clock_that_is_wrong_is_told_and_not_used(sender_s: float) -> None:
    (time,) = times(arrival(1.0, 7.0, sender_s))
    assert (time.clock, after_noon(time)) == ("arrival", 1.0)
    assert time.clock_offset_s == pytest.approx(1.0 - sender_s, abs=1e-3)


def test_times_never_go_back() -> None:
    told = (arrival(1.0, 7.0), arrival(1.1, 7.1, 0.5), arrival(1.2, 7.0), arrival(1.2, 7.3))
    found = times(*told)
    assert all(a.at < b.at and a.offset < b.offset for a, b in pairwise(found))


def test_a_stream_that_begins_its_times_anew_goes_on_at_once() -> None:
    found = times(arrival(1.0, 500.0), arrival(2.0, 0.0), arrival(3.0, 1.0))
    assert [after_noon(time) for time in found] == pytest.approx([1.0, 2.0, 3.0])


def test_a_clock_that_was_set_back_is_followed() -> None:
    late = Arrival(NOON - timedelta(hours=1), 1002.0)
    assert times(arrival(1.0), late)[1].at == NOON - timedelta(hours=1)


def test_the_least_delay_follows_a_drift_within_two_buckets() -> None:
    delay = LeastDelay()
    assert delay.seconds is None
    for second in range(60):
        delay = delay.took(float(second), 1.0 if second < 20 else 3.0)
    assert delay.seconds == 3.0
    assert delay.took(60.0, 2.0).seconds == 2.0
