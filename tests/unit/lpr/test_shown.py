import cv2
import numpy as np

from lpr.shown import MOST_TEXTS, Evidence, Shot, Shown, best_for, remember, to_jpeg, together
from lpr.testing import a_seen_plate as a_plate
from lpr.tracks import Look, Track


def seen(*said: tuple[str, float], width: float = 100.0) -> tuple[Track, Evidence]:
    """What is kept of a track whose frames are as grey as their numbers."""
    track, kept = Track(1), {}
    for index, (text, score) in enumerate(said):
        plate = a_plate(100, text, score, width=width, grey=index)
        track.add(Look(index / 5, plate.box, plate.reading, index))
        kept = remember(kept, track, plate, Shot(np.full((8, 8, 3), index, np.uint8)))
    return track, kept


def number(jpeg: bytes) -> int:
    return int(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)[0, 0, 0])


def test_the_best_look_for_each_text_is_kept() -> None:
    _, kept = seen(("30A12345", 0.5), ("30A12845", 0.6), ("30A12345", 0.9), ("30A12345", 0.7))
    assert {text: number(shown.frame) for text, shown in kept.items()} == {
        "30A12345": 2,
        "30A12845": 1,
    }
    assert number(kept["30A12345"].crop) == 2


def test_a_look_that_is_hardly_better_replaces_none() -> None:
    _, kept = seen(("30A12345", 0.9), ("30A12345", 0.91))
    assert number(kept["30A12345"].frame) == 0


def test_a_larger_plate_that_was_read_as_surely_is_better() -> None:
    small = Shown(b"", b"", 0.9, 1000.0)
    assert small.is_worse(0.9, 1300.0)
    assert not small.is_worse(0.9, 1100.0)
    assert not small.is_worse(0.8, 9000.0)


def test_few_texts_are_kept_those_that_may_win() -> None:
    said = [(f"30A1234{i}", 0.3) for i in range(MOST_TEXTS)] + [("30B11111", 0.2)] * 2
    _, kept = seen(*said)
    assert set(kept) == {"30B11111", "30A12340", "30A12341", "30A12342"}
    assert number(kept["30B11111"].frame) == len(said) - 1


def test_a_text_that_cannot_win_is_not_kept() -> None:
    _, kept = seen(*[(f"30A1234{i}", 0.3) for i in range(MOST_TEXTS)], ("30B11111", 0.1))
    assert set(kept) == {f"30A1234{i}" for i in range(MOST_TEXTS)}


def test_of_two_tracks_the_better_looks_are_kept() -> None:
    first, one = seen(("30A12345", 0.5), ("30A12845", 0.7))
    later, other = seen(("29B16789", 0.1), ("30A12345", 0.9))
    first.absorb(later)
    both = together(one, other, first)
    assert {text: number(shown.frame) for text, shown in both.items()} == {
        "30A12345": 1,
        "30A12845": 1,
        "29B16789": 0,
    }


def test_the_evidence_of_a_text_that_no_look_said_is_the_best_look_of_all() -> None:
    _, kept = seen(("30A12845", 0.6), ("80A12345", 0.7))
    assert number(best_for(kept, "30A12345").frame) == 1
    assert number(best_for(kept, "30A12845").frame) == 0


def test_a_frame_is_encoded_once() -> None:
    shot = Shot(np.full((8, 8, 3), 9, np.uint8))
    assert shot.jpeg() is shot.jpeg()
    assert shot.jpeg() == to_jpeg(np.full((8, 8, 3), 9, np.uint8))
