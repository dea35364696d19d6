from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from lpr.errors import SourceError
from lpr.watch.newest_stills import MOST, STEP_S, NewestStills
from web.cli import main


def put(folder: Path, name: str, shade: int = 0) -> None:
    cv2.imwrite(str(folder / name), np.full((40, 60, 3), shade, np.uint8))


def test_the_newest_stills_come_by_their_times(tmp_path: Path) -> None:
    for second in range(MOST + 2):
        put(tmp_path, f"20260131_1515{second:02}.png", second)
    put(tmp_path, "20260131_151503b.png", 200)  # at the same second as another
    stills = NewestStills(tmp_path)
    frames = list(stills.frames())
    assert [int(frame.picture()[0, 0, 0]) for frame in frames] == [3, 200, *range(4, MOST + 2)]
    assert [frame.offset for frame in frames[:3]] == [0.0, STEP_S, 1.0]
    assert (stills.told.width, stills.told.height, stills.told.fps) == (60, 40, None)


def test_what_cannot_be_read_is_counted(tmp_path: Path) -> None:
    put(tmp_path, "a.png")
    (tmp_path / "b.png").write_bytes(b"dear colleague")
    assert (len(list(NewestStills(tmp_path).frames())), NewestStills(tmp_path).damaged) == (1, 1)


@pytest.mark.parametrize(
    ("content", "said"), [(None, "there is no still in it yet"), (b"dear", "b.png: not a picture")]
)
def test_a_folder_without_a_good_still_does_not_open(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content:
        (tmp_path / "b.png").write_bytes(content)
    with pytest.raises(SourceError, match=said):
        NewestStills(tmp_path)


def test_a_folder_of_stills_can_be_tried_out(tmp_path: Path) -> None:
    for second in range(3):
        put(tmp_path, f"20260131_1515{second * 9:02}.png")
    result = CliRunner().invoke(main, ["cameras", "test", str(tmp_path)])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[1:4] == [
        "video: stills, 60x40",
        "frames a second: ? told, 0.1 came (in 18 s)",
        "damaged stills: 0",
    ]
    assert "plates: seen 0 times in 3 frames" in lines
