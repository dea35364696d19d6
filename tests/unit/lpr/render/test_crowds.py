from itertools import islice

import numpy as np
import pytest

from lpr.render.crowds import RED_S, SIZE, CrowdKind, crowd_plates, film, make_crowd


@pytest.mark.parametrize("kind", ["dense", "bikes", "red light", "night"])
def test_the_same_seed_gives_the_same_crowd(kind: CrowdKind) -> None:
    one, other = (list(islice(film(make_crowd(kind, 2, 3), 2, 1), 12)) for _ in range(2))
    assert any(frame.plates for frame in one)
    for a, b in zip(one, other, strict=True):
        assert np.array_equal(a.picture, b.picture)  # type: ignore[arg-type]
        assert [p.text for p in a.plates] == [p.text for p in b.plates]


def test_every_plate_is_another_and_stands_whole_in_the_frame() -> None:
    texts = [plate.text for plate in crowd_plates("dense", 30, 1)]
    assert len(set(texts)) == 30
    for frame in islice(film(make_crowd("dense", 3, 2), 2, 1), 16):
        for plate in frame.plates:
            assert (plate.corners >= 0).all()
            assert (plate.corners <= SIZE).all()


def test_motorbikes_have_plates_at_the_rear_only() -> None:
    for seed in (1, 3):
        assert {plate.vehicle for plate in crowd_plates("red light", 30, seed)} == {"car"}
        assert {plate.vehicle for plate in crowd_plates("bikes", 30, seed)} == {"motorcycle"}


def test_at_a_red_light_nothing_moves_for_most_of_the_time_and_nothing_is_drawn() -> None:
    frames = list(film(make_crowd("red light", 8, 1), 1, 1))
    still = [frame for frame in frames if not frame.moves]
    assert frames[-1].at_s > RED_S
    assert len(still) > RED_S / 3
    assert all(frame.picture is None for frame in still)
    assert any(frame.plates for frame in still)
