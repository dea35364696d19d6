from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from lpr.watch.frames import Grey, LiveFrame, Still
from lpr.watch.judging import LEARN_S, Judging, read_view

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def street(seed: int) -> Grey:
    rng = np.random.default_rng(seed)
    picture = np.full((90, 160), 120, np.uint8)
    for _ in range(12):
        x, y, w, h = (int(v) for v in rng.integers((0, 0, 10, 10), (140, 75, 40, 30)))
        cv2.rectangle(picture, (x, y), (x + w, y + h), (int(rng.integers(255)),), -1)
    return picture


def judged(judging: Judging, seed: int, offset: float, *, is_quiet: bool = True) -> Judging:
    small = street(seed)
    frame = LiveFrame(Still(cv2.merge([small] * 3)), NOON, "arrival", offset)
    judging.judge(frame, small, is_quiet=is_quiet)
    return judging


def is_moved(judging: Judging) -> bool:
    assert judging.scene is not None
    return judging.scene.is_moved


def test_a_camera_that_was_moved_while_nobody_watched_is_noticed(tmp_path: Path) -> None:
    view = tmp_path / "views" / "C1.npy"
    assert not is_moved(judged(Judging(view), seed=1, offset=0.0))
    assert not is_moved(judged(Judging(view), seed=1, offset=5000.0))
    after = judged(Judging(view), seed=2, offset=0.0)
    assert is_moved(after)
    assert is_moved(judged(after, seed=2, offset=2 * LEARN_S))  # it does not become the usual view
    assert not is_moved(judged(Judging(view), seed=1, offset=0.0))


def test_the_view_is_learnt_from_a_quiet_street_only(tmp_path: Path) -> None:
    view = tmp_path / "C1.npy"
    judged(Judging(view), seed=1, offset=0.0, is_quiet=False)
    assert read_view(view) is None
    judged(Judging(view), seed=1, offset=0.0)
    known = read_view(view)
    assert known is not None
    assert known.shape == (90, 160)


@pytest.mark.parametrize("content", [b"", b"no view", b"\x93NUMPY\x01\x00"])
def test_a_damaged_memory_is_learnt_anew(tmp_path: Path, content: bytes) -> None:
    view = tmp_path / "C1.npy"
    view.write_bytes(content)
    assert not is_moved(judged(Judging(view), seed=1, offset=0.0))
    assert read_view(view) is not None


def test_watching_goes_on_where_the_view_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "views").write_text("a file where the folder should be")
    judging = judged(Judging(tmp_path / "views" / "C1.npy"), seed=1, offset=0.0)
    assert not is_moved(judging)
