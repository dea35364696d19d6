import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lpr.sources import Source, sources_of
from lpr.testing import AS_ANYBODY


def test_no_paths_are_no_sources() -> None:
    assert list(sources_of([])) == []


def test_a_file_is_a_picture_unless_its_name_is_a_videos(tmp_path: Path) -> None:
    names = ("a.jpg", "b.MP4", "c.mkv", "d.txt", "e")
    paths = [tmp_path / name for name in names]
    for path in paths:
        path.touch()
    assert list(sources_of(paths)) == [
        Source(paths[0]),
        Source(paths[1], is_video=True),
        Source(paths[2], is_video=True),
        Source(paths[3]),
        Source(paths[4]),
    ]


def test_a_folder_is_its_pictures_and_videos_sorted_to_any_depth(tmp_path: Path) -> None:
    for name in ("z.jpg", "b/c/d.PNG", "b/a.webm", "b/notes.txt", "a.bmp"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert list(sources_of([tmp_path])) == [
        Source(tmp_path / "a.bmp"),
        Source(tmp_path / "b" / "a.webm", is_video=True),
        Source(tmp_path / "b" / "c" / "d.PNG"),
        Source(tmp_path / "z.jpg"),
    ]


def _empty_folder(path: Path) -> None:
    path.mkdir()


def _folder_of_letters(path: Path) -> None:
    path.mkdir()
    (path / "letter.txt").touch()


def _nothing(path: Path) -> None:
    assert not path.exists()


def _broken_link(path: Path) -> None:
    path.symlink_to("nowhere")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (_empty_folder, "the folder holds no picture and no video"),
        (_folder_of_letters, "the folder holds no picture and no video"),
        (_nothing, "no such file or folder"),
        (_broken_link, "no such file or folder"),
        (_pipe, "neither a file nor a folder"),
    ],
)
def test_a_path_that_cannot_be_looked_at_is_a_source_with_its_reason(
    tmp_path: Path, made: Callable[[Path], None], said: str
) -> None:
    path = tmp_path / "it.jpg"
    made(path)
    assert list(sources_of([path])) == [Source(path, error=said)]


def test_a_name_that_is_too_long_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    long = tmp_path / ("x" * 300 + ".jpg")
    sources = list(sources_of([long, tmp_path / "a.jpg"]))
    assert sources == [Source(long, error="File name too long"), Source(tmp_path / "a.jpg")]


def test_what_is_no_file_inside_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    (tmp_path / "b.jpg").symlink_to("nowhere")
    os.mkfifo(tmp_path / "c.mp4")
    (tmp_path / "d.jpg").mkdir()
    assert list(sources_of([tmp_path])) == [
        Source(tmp_path / "a.jpg"),
        Source(tmp_path / "b.jpg", error="no such file or folder"),
        Source(tmp_path / "c.mp4", error="neither a file nor a folder"),
    ]


def test_what_one_has_no_right_to_look_into_is_told(tmp_path: Path) -> None:
    for folder in ("closed", "blind"):
        (tmp_path / "all" / folder).mkdir(parents=True)
        (tmp_path / "all" / folder / "a.jpg").touch()
    (tmp_path / "all" / "open.jpg").touch()
    (tmp_path / "all" / "closed").chmod(0)
    (tmp_path / "all" / "blind").chmod(0o400)  # names can be listed, files not reached
    code = (
        "import json, sys; from pathlib import Path; from lpr.sources import sources_of\n"
        "found = sources_of([Path(p) for p in sys.argv[1:]])\n"
        "print(json.dumps([[Path(s.path).name, s.error] for s in found]))"
    )
    paths = [str(tmp_path / "all"), str(tmp_path / "all" / "closed" / "a.jpg")]
    command = [*AS_ANYBODY, sys.executable, "-c", code, *paths]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    for folder in ("closed", "blind"):
        (tmp_path / "all" / folder).chmod(0o700)
    no_right = "no right to read it: give this user the right"
    assert json.loads(ended.stdout) == [
        ["a.jpg", no_right],
        ["closed", no_right],
        ["open.jpg", None],
        ["a.jpg", no_right],
    ]
