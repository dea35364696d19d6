import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner, Result

from lpr.cli import recognise
from lpr.manifest import MANIFEST
from lpr.render.pictures import draw_street_picture
from lpr.settings import RecognitionSettings

PLACED = ("--camera", "C012", "--start", "2026-01-31T08:15:04Z")


def run(folder: Path, *arguments: str, **settings: Path) -> Result:
    chosen = RecognitionSettings.model_validate({"data_dir": folder / "data", **settings})
    return CliRunner().invoke(recognise, [*arguments, str(folder)], obj=chosen)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--camera", "C012"], "--camera and --start belong together"),
        (["--start", "2026-01-31T08:15:04Z"], "--camera and --start belong together"),
        (["--spool"], "--spool needs them"),
        ([*PLACED, "--spool", "--frames"], "--frames prints lines, --spool prints none"),
        (["--camera", "", *PLACED[2:]], "expected an id of 1 to 64 printable characters"),
        (["--camera", "C\n1", *PLACED[2:]], "expected an id of 1 to 64 printable characters"),
        ([*PLACED[:2], "--start", "today"], "'today' is not a time"),
        ([*PLACED[:2], "--start", "2026-01-31T08:15:04"], "has no offset"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    result = run(tmp_path, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_one_start_is_not_taken_for_two_videos(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mkv"):
        (tmp_path / name).touch()
    result = run(tmp_path, *PLACED)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--start says when one video began: give one video at a time" in result.stderr


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (None, "there is no manifest.toml in "),
        ("", "expected a section [detector] with name, file, sha256"),
        ('[detector]\nname = "a"\nfile = "a.onnx"\nsha256 = "0"\n', "a.onnx: No such file"),
    ],
)
def test_models_that_cannot_be_used_end_the_command_in_one_line(
    tmp_path: Path, manifest: str | None, said: str
) -> None:
    (tmp_path / "models").mkdir()
    if manifest is not None:
        (tmp_path / "models" / MANIFEST).write_text(manifest)
    result = run(tmp_path, models_dir=tmp_path / "models")
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert said in line


def test_a_spool_that_cannot_be_written_ends_the_command_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    result = run(tmp_path, *PLACED, "--spool")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        f"Error: [Errno 20] Not a directory: '{tmp_path / 'data' / 'spool'}'"
    ]


def test_a_video_is_not_explained_and_what_to_do_is_said(tmp_path: Path) -> None:
    (tmp_path / "street.mp4").touch()
    result = run(tmp_path, "--explain", str(tmp_path / "pages"))
    assert (result.exit_code, result.stdout) == (2, "")
    said = " ".join(result.stderr.split())
    assert f"--explain takes pictures, and '{tmp_path / 'street.mp4'}' is a video" in said
    assert "ffmpeg -ss SECONDS -i VIDEO -frames:v 1 frame.png" in said
    assert not (tmp_path / "pages").exists()


def test_pages_are_not_written_into_a_file(tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("a file where a folder should be")
    result = run(tmp_path, "--explain", str(tmp_path / "pages"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is a file" in result.stderr


def test_explaining_changes_no_line(tmp_path: Path) -> None:
    frame, _ = draw_street_picture(np.random.default_rng(4), (1280, 720))
    (tmp_path / "in").mkdir()
    cv2.imwrite(str(tmp_path / "in" / "street.png"), frame)
    plain = run(tmp_path / "in")
    explained = run(tmp_path / "in", "--explain", str(tmp_path / "pages"))
    assert (explained.exit_code, explained.stdout) == (0, plain.stdout)
    page = (tmp_path / "pages" / "street.png.html").read_text("utf-8")
    plates = json.loads(plain.stdout)["plates"]
    assert plates
    assert page.count('class="number kept"') == len(plates)
    assert all(f"Read as {plate['text']} with a probability" in page for plate in plates)
