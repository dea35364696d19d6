import pytest

from search.preferences import shares


def test_a_single_way_is_taken_by_all() -> None:
    assert shares([[0, 1]], [10.0, 20.0], [0.0]) == pytest.approx([1.0])
    assert shares([[]], [], [5.0]) == pytest.approx([1.0])


def test_the_quicker_way_is_preferred_and_no_way_is_impossible() -> None:
    quick, slow, slowest = shares([[0], [1], [2]], [100.0, 110.0, 400.0], [0.0] * 3)
    assert quick > slow > slowest > 0
    assert quick + slow + slowest == pytest.approx(1)


def test_the_roads_at_the_ends_count_as_they_are() -> None:
    first, second = shares([[0], [0]], [100.0], [0.0, 30.0])
    assert first > 0.99
    assert second > 0


def test_small_detours_of_one_way_do_not_outweigh_another_way() -> None:
    # road 0 is most of all ways but one; they differ by one of the roads 2 to 9 at its end
    alike = [[0, i] for i in range(2, 10)]
    *detours, other = shares([*alike, [1]], [200.0, 210.0, *[10.0] * 8], [0.0] * 9)
    assert other > 0.3
    assert max(detours) < other


def test_drivers_of_each_kind_take_what_they_may() -> None:
    ways = [[0], [1]], [100.0, 400.0], [0.0, 0.0]
    both, second, none = [True, True], [False, True], [False, False]
    assert shares(*ways, [both, both]) == pytest.approx(shares(*ways))
    assert shares(*ways, [both, second, second, second]) == pytest.approx([0.25, 0.75], abs=0.001)
    assert shares(*ways, [none, second]) == pytest.approx([0.0, 1.0], abs=0.001)
    assert shares(*ways, [none, none]) == pytest.approx(shares(*ways))
