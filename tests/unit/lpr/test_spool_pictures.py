import os
from hashlib import sha256
from pathlib import Path

from lpr.spool import name_of, picture_path, write_picture
from lpr.spool.pictures import is_clip, pictures_in

JPEG = b"a picture"
NAME = sha256(JPEG).hexdigest()
CLIP = b"\0\0\0\x20ftypisom and some seconds of video"
CLIP_NAME = f"{sha256(CLIP).hexdigest()}.mp4"


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_a_picture_is_named_by_its_hash(tmp_path: Path) -> None:
    assert write_picture(tmp_path / "deep" / "folder", JPEG) == NAME
    path = picture_path(tmp_path / "deep" / "folder", NAME)
    assert path == tmp_path / "deep" / "folder" / NAME[:2] / f"{NAME}.jpg"
    assert path.read_bytes() == JPEG
    assert files(tmp_path / "deep") == [f"folder/{NAME[:2]}/{NAME}.jpg"]


def test_the_same_picture_is_kept_once(tmp_path: Path) -> None:
    write_picture(tmp_path, JPEG)
    os.utime(picture_path(tmp_path, NAME), (1, 1))
    assert write_picture(tmp_path, JPEG) == NAME
    assert picture_path(tmp_path, NAME).stat().st_mtime == 1


def test_a_clip_is_told_by_what_it_is(tmp_path: Path) -> None:
    assert [name_of(JPEG), name_of(CLIP)] == [NAME, CLIP_NAME]
    assert [is_clip(NAME), is_clip(CLIP_NAME)] == [False, True]
    assert write_picture(tmp_path, CLIP) == CLIP_NAME
    assert files(tmp_path) == [f"{CLIP_NAME[:2]}/{CLIP_NAME}"]


def test_pictures_and_clips_are_found_by_their_names(tmp_path: Path) -> None:
    names = {write_picture(tmp_path, JPEG), write_picture(tmp_path, CLIP)}
    (tmp_path / NAME[:2] / f".{NAME}.1.2").touch()  # half of one
    assert pictures_in(tmp_path) == {name: picture_path(tmp_path, name) for name in names}
    assert pictures_in(tmp_path / "missing") == {}
