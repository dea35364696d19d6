from hashlib import sha256
from pathlib import Path

import pytest

from lpr.spool import picture_path
from search.errors import EvidenceError
from search.evidence import FolderEvidence

JPEG = b"\xff\xd8 a picture \xff\xd9"
NAME = sha256(JPEG).hexdigest()
CLIP = b"\0\0\0\x20ftypisom a clip"


def test_a_picture_comes_back_under_its_hash(tmp_path: Path) -> None:
    evidence = FolderEvidence(tmp_path / "not" / "yet")
    assert evidence.put(JPEG) == NAME
    assert evidence.put(JPEG) == NAME
    assert evidence.get(NAME) == JPEG
    assert evidence.has(NAME)


def test_a_clip_comes_back_under_its_hash_and_is_no_picture(tmp_path: Path) -> None:
    evidence = FolderEvidence(tmp_path)
    name = f"{sha256(CLIP).hexdigest()}.mp4"
    assert evidence.put(CLIP) == name
    assert evidence.get(name) == CLIP
    assert [evidence.has(name), evidence.has(name.removesuffix(".mp4"))] == [True, False]
    picture_path(tmp_path, name).write_bytes(JPEG)
    with pytest.raises(EvidenceError, match="was changed"):
        evidence.get(name)


def test_nothing_but_the_picture_is_left_in_the_folder(tmp_path: Path) -> None:
    FolderEvidence(tmp_path).put(JPEG)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [picture_path(tmp_path, NAME)]


def test_a_picture_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    evidence = FolderEvidence(tmp_path)
    assert not evidence.has(NAME)
    with pytest.raises(EvidenceError, match="no picture"):
        evidence.get(NAME)


def test_a_changed_picture_is_never_handed_out(tmp_path: Path) -> None:
    evidence = FolderEvidence(tmp_path)
    evidence.put(JPEG)
    picture_path(tmp_path, NAME).write_bytes(b"something else")
    with pytest.raises(EvidenceError, match="was changed"):
        evidence.get(NAME)


@pytest.mark.parametrize("name", ["", "ab", "../../etc/passwd", NAME.upper(), NAME + "\n", ".mp4"])
def test_only_a_hash_names_a_picture(tmp_path: Path, name: str) -> None:
    evidence = FolderEvidence(tmp_path)
    assert not evidence.has(name)
    with pytest.raises(EvidenceError, match="64 hexadecimal digits"):
        evidence.get(name)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(EvidenceError, match="Not a directory"):
        FolderEvidence(tmp_path / "file").put(JPEG)
