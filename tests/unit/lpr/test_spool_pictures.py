import os
from hashlib import sha256
from pathlib import Path

from lpr.spool import picture_path, write_picture

JPEG = b"a picture"
NAME = sha256(JPEG).hexdigest()


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
