import numpy as np
import pytest

from lpr.recognition import SeenPlate
from lpr.render.crowds import CrowdTruth
from lpr.testing import a_seen_plate
from tests.bench.crowds_followed import Counts, count, follow, outcomes
from tests.bench.crowds_seen import CrowdLook, CrowdSeen


def a_crowd(*vehicles: tuple[str, str, float], looks: int = 8) -> CrowdSeen:
    """Vehicles one above the other that drive away: what stands on each, is read, and its height.

    A text to read that is None is never seen.
    """
    frames = []
    for index in range(looks):
        seen: list[SeenPlate] = []
        truths = []
        for row, (text, read, height) in enumerate(vehicles):
            size = height * 0.93**index
            x, y = 100 + 60 * index, 100 + 300 * row - 8 * index
            plate = a_seen_plate(x, read, 0.95, y, 4 * size, size, grey=50 * row + index)
            truths.append(CrowdTruth(text, np.array(plate.box.corners)))
            if read:
                seen.append(plate)
        frames.append(CrowdLook(index / 5, True, tuple(seen), tuple(truths)))
    return CrowdSeen("rear", tuple(frames))


def counted(crowd: CrowdSeen, *texts: str) -> Counts:
    return count(crowd, follow(crowd, texts))


def test_an_empty_road_counts_nothing() -> None:
    assert counted(a_crowd(), "30A12345") == Counts()


def test_what_is_right_misread_missed_and_too_small_is_told_apart() -> None:
    crowd = a_crowd(
        ("30A12345", "30A12345", 30.0),
        ("29B67890", "29B67898", 30.0),
        ("33C44444", "", 30.0),
        ("36D55555", "36D55555", 15.0),
    )
    counts = counted(crowd, "30A12345", "29B67890", "33C44444", "36D55555")
    assert (counts.vehicles, counts.missed, counts.passages) == (3, 1, 2)
    assert (counts.right, counts.first_right, counts.directed) == (1, 1, 2)
    assert counts.nobodys == 0
    assert counts.wrong == ("29B67890", "33C44444")
    assert counts.delays == (pytest.approx(0.2),)


def test_a_passage_whose_crop_is_of_no_plate_is_nobodys() -> None:
    crowd = a_crowd(("30A12345", "30A12345", 30.0))
    sign = [a_seen_plate(100 + 60 * i, "29B67890", 0.95, 900, grey=200 + i) for i in range(8)]
    looks = [
        CrowdLook(look.at_s, True, (*look.seen, sign[i]), look.truths)
        for i, look in enumerate(crowd.looks)
    ]
    counts = counted(CrowdSeen("rear", tuple(looks)), "30A12345")
    assert (counts.passages, counts.nobodys, counts.wrong) == (1, 1, ())


def test_scores_are_held_against_whether_the_text_was_right() -> None:
    crowd = a_crowd(("30A12345", "30A12345", 30.0), ("29B67890", "29B67898", 30.0))
    told = follow(crowd, ["30A12345", "29B67890"])
    assert sorted(right for _, right in outcomes(crowd, told)) == [False, True]
    assert all(score > 0.9 for score, _ in outcomes(crowd, told))


def test_counts_of_several_crowds_add_up() -> None:
    one, other = Counts(2, 1, delays=(0.2,), wrong=("A",)), Counts(3, 0, delays=(0.4,))
    assert one + other == Counts(5, 1, delays=(0.2, 0.4), wrong=("A",))
