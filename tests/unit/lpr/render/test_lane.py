import numpy as np

from lpr.render.lane import Driver, Red, drive_along


def test_nobody_drives_without_drivers() -> None:
    assert drive_along([], 100.0, []) == []


def test_alone_one_drives_as_fast_as_one_likes() -> None:
    (way,) = drive_along([Driver(5.0, 8.0, 4.0)], 80.0, [])
    assert way.times[0] == 5.0
    assert abs(way.times[-1] - 15.0) < 0.5
    assert (way.at(0.0), way.at(99.0)) == (-np.inf, np.inf)


def test_who_follows_never_drives_into_who_is_ahead() -> None:
    drivers = [Driver(0.0, 3.0, 12.0), Driver(1.0, 9.0, 4.0), Driver(1.1, 9.0, 4.0)]
    ways = drive_along(drivers, 120.0, [Red(60.0, 10.0, 40.0)])
    for ahead, behind, driver in zip(ways, ways[1:], drivers, strict=False):
        for time, place in zip(behind.times, behind.front, strict=True):
            assert ahead.at(time) - driver.length_m - place > 0.3


def test_at_a_red_light_one_stands_until_it_is_green() -> None:
    (way,) = drive_along([Driver(0.0, 8.0, 4.0)], 100.0, [Red(50.0, 0.0, 120.0)])
    standing = [place for time, place in zip(way.times, way.front, strict=True) if 30 < time < 119]
    assert min(standing) > 45.0
    assert max(standing) - min(standing) < 0.05
    assert max(standing) < 50.0
    assert 120.0 < way.times[-1] < 140.0


def test_who_cannot_stop_any_more_drives_on() -> None:
    (way,) = drive_along([Driver(0.0, 8.0, 4.0)], 100.0, [Red(50.0, 6.0, 120.0)])
    assert way.times[-1] < 20.0
