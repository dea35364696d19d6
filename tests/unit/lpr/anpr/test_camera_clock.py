from datetime import UTC, datetime, timedelta

import pytest

from lpr.anpr.camera_clock import ASK_AGAIN_S, CameraClock

NOW = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)


def s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def test_an_event_is_when_the_camera_says_if_its_clock_is_right() -> None:
    clock = CameraClock().told((NOW - s(0.4),), NOW, 0.0)
    known, at, whose = clock.timed((NOW + s(9),), NOW + s(10), 10.0)
    assert (at, whose, known.offset_s) == (NOW + s(9), "sender", 0.4)


def test_an_event_is_when_it_arrived_if_the_camera_is_wrong() -> None:
    clock = CameraClock().told((NOW - s(600),), NOW, 0.0)
    known, at, whose = clock.timed((NOW - s(591),), NOW + s(10), 10.0)
    assert (at, whose, known.offset_s) == (NOW + s(10), "arrival", 600.0)


def test_an_event_is_when_it_arrived_if_no_time_is_told() -> None:
    assert CameraClock().timed((), NOW, 0.0)[1:] == (NOW, "arrival")
    assert CameraClock().told((), NOW, 0.0).offset_s is None


def test_an_event_that_the_camera_has_kept_is_when_it_says() -> None:
    clock = CameraClock().told((NOW,), NOW, 0.0)
    _, at, whose = clock.timed((NOW - s(3600),), NOW + s(1), 1.0)
    assert (at, whose) == (NOW - s(3600), "sender")


@pytest.mark.parametrize("off", [s(20), -timedelta(days=2)])
def test_an_event_of_the_future_or_of_another_day_is_when_it_arrived(off: timedelta) -> None:
    clock = CameraClock().told((NOW,), NOW, 0.0)
    assert clock.timed((NOW + off,), NOW, 0.0)[1:] == (NOW, "arrival")


def test_the_wall_clock_under_a_wrong_offset_is_understood() -> None:
    clock = CameraClock().told((NOW - s(3600), NOW), NOW, 0.0)
    assert clock.offset_s == 0.0
    _, at, whose = clock.timed((NOW - s(3599), NOW + s(1)), NOW + s(2), 2.0)
    assert (at, whose) == (NOW + s(1), "sender")


def test_a_camera_that_does_not_tell_its_time_is_measured_by_its_events() -> None:
    clock = CameraClock().told((), NOW, 0.0)
    clock, at, whose = clock.timed((NOW - s(2),), NOW, 0.0)
    assert (at, whose, clock.offset_s) == (NOW - s(2), "sender", 2.0)
    clock = CameraClock().told((), NOW, 0.0)
    clock, at, whose = clock.timed((NOW - s(50),), NOW, 0.0)
    assert (at, whose, clock.offset_s) == (NOW, "arrival", 50.0)


def test_the_camera_is_asked_again_when_an_event_does_not_fit_and_not_too_often() -> None:
    clock = CameraClock().told((NOW,), NOW, 0.0)
    later = NOW + s(ASK_AGAIN_S)
    assert not clock.is_in_doubt((later - s(4),), later, ASK_AGAIN_S)
    assert clock.is_in_doubt((later - s(60),), later, ASK_AGAIN_S)
    assert clock.is_in_doubt((later + s(60),), later, ASK_AGAIN_S)
    assert not clock.is_in_doubt((later - s(60),), later, ASK_AGAIN_S - 1)
    assert not clock.is_in_doubt((), later, ASK_AGAIN_S)
    assert not CameraClock().told((), NOW, 0.0).is_in_doubt((NOW,), NOW, ASK_AGAIN_S)
