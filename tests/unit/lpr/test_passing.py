from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256

import cv2
import numpy as np
import pytest

from lpr.errors import PictureError
from lpr.passing import kept_passage, passings
from lpr.reports import Report
from lpr.testing import Seen, a_box, a_reading, scripted, some_frames
from lpr.videos import VideoFrame
from lpr.votes import VOTED

START = datetime(2026, 1, 31, 8, 15, tzinfo=UTC)


def driving(text: str, count: int = 5, score: float = 0.9, x: float = 100.0) -> list[Seen]:
    """What is seen of a vehicle in so many frames, always read alike."""
    return [(a_box(x + 60 * i), a_reading(text, score)) for i in range(count)]


def watched(*frames: Sequence[Seen]) -> list[Report]:
    """What passes in these frames, five in a second."""
    return list(passings(some_frames(len(frames)), scripted(frames), "C012", START))


def number(jpeg: bytes | None) -> int:
    """Which frame a picture of `some_frames` is, or is cut from."""
    assert jpeg is not None
    return int(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)[0, 0, 0])


def begin(report: Report) -> float:
    """Seconds since the start."""
    return (report.passage.at - START).total_seconds()


def end(report: Report) -> float:
    """Seconds since the start."""
    assert report.passage.until is not None
    return (report.passage.until - START).total_seconds()


def test_an_empty_road_has_no_passages() -> None:
    assert watched() == []
    assert watched([], [], []) == []


def test_one_vehicle_is_one_passage() -> None:
    (passing,) = watched([], *[[seen] for seen in driving("30A12345")], [])
    assert (passing.passage.track, begin(passing), end(passing)) == ("1", 0.2, 1.0)
    assert (passing.passage.text, passing.passage.kind) == ("30A12345", "car")
    assert passing.passage.score == pytest.approx(VOTED.probability(0.9))


def test_a_vehicle_is_told_when_it_is_gone_not_at_the_end() -> None:
    script = [[seen] for seen in driving("30A12345", 2)] + [[]] * 100
    frames = iter(some_frames(len(script)))
    assert next(passings(frames, scripted(script), "C012", START)).passage.text == "30A12345"
    assert next(frames).offset == pytest.approx(8.6)  # 0.2 s its last look, then JOIN_S


def test_vehicles_one_after_the_other_are_passages_in_their_order() -> None:
    first, second = driving("30A12345"), driving("29B16789")
    told = watched(*[[s] for s in first], *[[]] * 8, *[[s] for s in second])
    assert [(p.passage.track, p.passage.text) for p in told] == [
        ("1", "30A12345"),
        ("2", "29B16789"),
    ]
    assert [begin(p) for p in told] == [0.0, 2.6]


def test_a_vehicle_that_was_lost_for_seconds_is_one_passage_with_its_surer_reading() -> None:
    far, near = driving("30A12345", 2, 0.7), driving("30A12345", 4, 0.95)
    (passing,) = watched(*[[s] for s in far], *[[]] * 15, *[[s] for s in near])
    assert (passing.passage.track, begin(passing), end(passing)) == ("1", 0.0, pytest.approx(4.0))
    assert passing.passage.score > VOTED.probability(0.9)
    assert number(passing.frame) >= 17


def test_the_same_plate_after_a_longer_time_is_another_passage() -> None:
    once = [[s] for s in driving("30A12345")]
    told = watched(*once, *[[]] * 45, *once)
    assert [(p.passage.track, begin(p)) for p in told] == [("1", 0.0), ("2", 10.0)]


def test_a_telephone_number_on_a_wall_is_no_passage_and_a_parked_foreign_car_is() -> None:
    def still(text: str, score: float) -> list[list[Seen]]:
        return [[(a_box(100), a_reading(text, score))]] * 5

    assert watched(*still("21352253", 0.75)) == []
    assert [p.passage.text for p in watched(*still("21352253", 0.95))] == ["21352253"]
    assert [p.passage.text for p in watched(*still("30A12345", 0.75))] == ["30A12345"]


def test_a_text_that_is_hardly_right_is_no_reading() -> None:
    (passing,) = watched(*[[s] for s in driving("30A12345", score=0.03)])
    assert (passing.passage.text, passing.passage.score) == ("", 0.0)
    assert (passing.passage.raw, passing.passage.candidates[0][0]) == ("30A12345", "30A12345")


def test_two_vehicles_that_cross_are_two_passages_with_their_own_texts() -> None:
    one = [(a_box(100 + 60 * i), a_reading("30A12345" if i != 3 else "")) for i in range(7)]
    other = [(a_box(460 - 60 * i), a_reading("29B16789" if i != 3 else "")) for i in range(7)]
    told = watched(*zip(one, other, strict=True))
    assert [(p.passage.text, begin(p), end(p)) for p in told] == [
        ("30A12345", 0.0, 1.2),
        ("29B16789", 0.0, 1.2),
    ]
    assert [p.passage.score for p in told] == [pytest.approx(VOTED.probability(0.9))] * 2


def test_the_evidence_is_the_frame_that_the_winning_text_was_read_from() -> None:
    said = [("30A12345", 0.6), ("30A12845", 0.8), ("30A12345", 0.75), ("30A12345", 0.6)]
    looks = [[(a_box(100 + 60 * i), a_reading(*say))] for i, say in enumerate(said)]
    (passing,) = watched([], *looks, [])
    assert passing.passage.text == "30A12345"
    assert (number(passing.frame), number(passing.crop)) == (3, 3)


def test_of_equally_sure_looks_the_largest_plate_is_the_evidence() -> None:
    widths = (80.0, 120.0, 100.0)
    looks = [[(a_box(100 + 60 * i, width=w), a_reading("30A12345"))] for i, w in enumerate(widths)]
    (passing,) = watched(*looks)
    assert number(passing.frame) == 1


def test_where_no_look_said_the_winner_the_surest_one_is_the_evidence() -> None:
    said = [("30A12845", 0.9), ("80A12345", 0.92), ("30B12345", 0.9)]
    looks = [[(a_box(100 + 60 * i), a_reading(*say))] for i, say in enumerate(said)]
    (passing,) = watched(*looks)
    assert passing.passage.text == "30A12345"
    assert (number(passing.frame), number(passing.crop)) == (1, 1)


def test_an_unread_plate_that_moves_is_a_passage_with_its_picture() -> None:
    sizes = (80.0, 100.0, 90.0)
    looks = [[(a_box(100 + 60 * i, width=w), a_reading(""))] for i, w in enumerate(sizes)]
    (passing,) = watched(*looks)
    assert (passing.passage.text, passing.passage.score) == ("", 0.0)
    assert number(passing.frame) == 1


def test_a_sign_that_stands_and_is_not_read_is_no_passage() -> None:
    assert watched(*[[(a_box(100 + i % 2), a_reading("5", 0.2))] for i in range(20)]) == []
    assert watched(*[[(a_box(100), a_reading(""))]] * 20) == []


def test_a_parked_car_that_is_read_surely_is_one_passage() -> None:
    (passing,) = watched(*[[(a_box(100), a_reading("30A12345"))]] * 90)
    assert (passing.passage.text, begin(passing), end(passing)) == ("30A12345", 0.0, 17.8)


def test_what_is_seen_once_is_a_passage_only_if_it_was_read_surely() -> None:
    assert watched([(a_box(100), a_reading("30A12345", 0.5))], []) == []
    (passing,) = watched([(a_box(100), a_reading("30A12345", 0.7))], [])
    assert (passing.passage.text, begin(passing), end(passing)) == ("30A12345", 0.0, 0.0)


def test_what_was_seen_before_a_video_breaks_off_did_pass() -> None:
    script = [[seen] for seen in driving("30A12345")]

    def breaking() -> Iterator[VideoFrame]:
        yield from some_frames(len(script))
        raise PictureError("the video is cut off")

    told = passings(breaking(), scripted(script), "C012", START)
    assert next(told).passage.text == "30A12345"
    with pytest.raises(PictureError, match="cut off"):
        next(told)


def test_a_passage_has_the_time_of_its_camera_and_its_pictures() -> None:
    (report,) = watched([], *[[seen] for seen in driving("30A12345")])
    kept: dict[str, bytes] = {}

    def keep(jpeg: bytes) -> str:
        name = sha256(jpeg).hexdigest()
        kept[name] = jpeg
        return name

    passage = kept_passage(report, keep)
    assert (passage.camera, passage.at_given, passage.track) == (
        "C012",
        "2026-01-31T08:15:00.200Z",
        "1",
    )
    assert (passage.until, passage.model) == (START.replace(second=1), "a fake")
    assert (passage.text, passage.raw, passage.rows, passage.colour, passage.kind) == (
        "30A12345",
        "30A12345",
        1,
        "white",
        "car",
    )
    assert {passage.frame, passage.crop} == set(kept)
    assert kept[passage.frame or ""] == report.frame
    assert kept[passage.crop or ""] == report.crop


def test_without_a_place_for_pictures_a_passage_has_none() -> None:
    (report,) = watched(*[[seen] for seen in driving("30A12345")])
    passage = kept_passage(report, None)
    assert (passage.frame, passage.crop) == (None, None)
