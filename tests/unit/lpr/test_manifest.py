from hashlib import sha256
from pathlib import Path

import pytest

from lpr.errors import ModelError
from lpr.manifest import MANIFEST, ModelEntry, find_models, read_entry

MODEL = b"the weights of a model"
DIGEST = sha256(MODEL).hexdigest()
GOOD = f"""
[detector]
name = "a detector"
file = "detector.onnx"
sha256 = "{DIGEST}"
longest = 768
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / MANIFEST).write_text(GOOD)
    (tmp_path / "detector.onnx").write_bytes(MODEL)
    return tmp_path


def test_an_entry_is_read_when_its_file_is_the_right_one(folder: Path) -> None:
    entry = read_entry(folder, "detector")
    assert (entry.kind, entry.name, entry.file) == (
        "detector",
        "a detector",
        folder / "detector.onnx",
    )
    assert entry.option("longest") == 768


def test_a_hash_in_capitals_is_the_same_hash(folder: Path) -> None:
    (folder / MANIFEST).write_text(GOOD.replace(DIGEST, DIGEST.upper()))
    assert read_entry(folder, "detector").name == "a detector"


def test_a_file_that_was_changed_is_refused(folder: Path) -> None:
    (folder / "detector.onnx").write_bytes(MODEL + b"!")
    with pytest.raises(ModelError) as refused:
        read_entry(folder, "detector")
    digest = sha256(MODEL + b"!").hexdigest()
    assert str(refused.value) == (
        f"{folder / 'detector.onnx'} is not the file of its manifest: its SHA-256 is {digest}: "
        "put the right file there, or its SHA-256 into the manifest if you trust it"
    )


def test_a_file_that_is_missing_says_where_it_belongs(folder: Path) -> None:
    (folder / "detector.onnx").unlink()
    with pytest.raises(ModelError) as refused:
        read_entry(folder, "detector")
    assert str(refused.value) == (
        f"{folder / 'detector.onnx'}: No such file or directory: "
        "put the model where its manifest says"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "detector = 1",
        "[reader]\nname = 'a reader'",
        GOOD.replace("[detector]", "[detectors]"),
        GOOD.replace("sha256 =", "sha1 ="),
        GOOD.replace('name = "a detector"', "name = 3"),
        GOOD.replace('file = "detector.onnx"', "file = 3"),
    ],
)
def test_a_section_that_is_missing_or_lacks_a_key_says_what_is_expected(
    folder: Path, text: str
) -> None:
    (folder / MANIFEST).write_text(text)
    with pytest.raises(ModelError) as refused:
        read_entry(folder, "detector")
    assert str(refused.value) == (
        f"{folder / MANIFEST}: expected a section [detector] with name, file, sha256 as texts"
    )


@pytest.mark.parametrize("content", [b"[detector", b"\xff\xfe\x00"])
def test_a_manifest_that_is_not_toml_cannot_be_read(folder: Path, content: bytes) -> None:
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(ModelError, match=r"manifest\.toml cannot be read: "):
        read_entry(folder, "detector")


def test_an_option_that_is_missing_is_named() -> None:
    entry = ModelEntry("reader", "a reader", Path("reader.onnx"), {"height": 64})
    assert entry.option("height") == 64
    with pytest.raises(ModelError) as refused:
        entry.option("width")
    assert str(refused.value) == "manifest.toml: [reader] has no 'width': add it"


def test_a_folder_that_is_named_is_the_one_taken(folder: Path) -> None:
    assert find_models(folder) == folder


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as refused:
        find_models(tmp_path)
    assert str(refused.value) == (
        f"there is no manifest.toml in {tmp_path}: set models_dir to the models' folder"
    )


def test_without_a_setting_the_shipped_models_are_found_and_whole() -> None:
    folder = find_models(None)
    assert [read_entry(folder, kind).file.suffix for kind in ("detector", "reader")] == [
        ".onnx",
        ".onnx",
    ]
