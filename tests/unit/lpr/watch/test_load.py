import pytest

from lpr.watch.load import LEAST, Load, loaded


def test_a_machine_with_time_looks_at_all_that_is_wanted() -> None:
    assert loaded(Load(), busy=0.2, waiting=2, cameras=10) == Load(1.0, has_time=True)


def test_a_busy_machine_that_keeps_up_is_not_asked_for_more() -> None:
    assert loaded(Load(), busy=0.9, waiting=10, cameras=10) == Load(1.0, has_time=False)


def test_the_share_falls_quickly_while_frames_pile_up_and_comes_back_slowly() -> None:
    load = loaded(Load(), busy=1.0, waiting=11, cameras=10)
    assert load.share == pytest.approx(0.8)
    assert loaded(load, busy=0.9, waiting=0, cameras=10).share == pytest.approx(0.85)


def test_looks_beyond_what_is_wanted_are_given_up_first() -> None:
    load = loaded(Load(1.0, has_time=True), busy=1.0, waiting=11, cameras=10)
    assert load == Load(1.0, has_time=False)


def test_something_is_looked_at_however_much_piles_up() -> None:
    load = Load()
    for _ in range(100):
        load = loaded(load, busy=1.0, waiting=30, cameras=10)
    assert load.share == LEAST
