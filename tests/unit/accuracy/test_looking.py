import json
from pathlib import Path

import cv2
import numpy as np

from lpr.boxes import Frame, PlateBox
from lpr.recognition import Recogniser
from lpr.sources import Source
from lpr.testing import SameReader, a_box, a_reading
from tests.accuracy.looking import Negatives, is_held_out, look, look_at_set, shown_negatives


class _OneBox:
    """`Detector` that sees the same box in every frame."""

    def detect(self, frame: Frame) -> list[PlateBox]:
        return [a_box(50, 10, 80, 16)]


def _recogniser(text: str = "30A12345", score: float = 0.9) -> Recogniser:
    return Recogniser(_OneBox(), SameReader(a_reading(text, score)))


def _a_set(folder: Path, names: list[str], box: tuple[int, ...] = (10, 2, 90, 18)) -> Path:
    (folder / "images").mkdir(parents=True)
    lines = []
    for name in names:
        cv2.imwrite(str(folder / "images" / name), np.full((40, 100, 3), 200, np.uint8))
        plates = [{"box": box, "text": "30A12345"}]
        lines.append({"image": f"images/{name}", "width": 100, "height": 40, "plates": plates})
    (folder / "labels.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def test_a_set_has_a_line_of_each_reader_for_each_picture(tmp_path: Path) -> None:
    told: list[str] = []
    folder, other = _a_set(tmp_path / "vn-some", ["a.png"]), SameReader(a_reading("29B67890"))
    looked = look_at_set(folder, _recogniser(), other, told.append)
    (ours,), (others,) = looked.judged(), looked.judged_by_other()
    assert (ours.text, ours.is_exact, ours.light) == ("30A12345", True, "ordinary")
    assert (others.text, others.is_exact) == ("29B67890", False)
    assert looked.lines["a.png"]["image"] == str(folder / "images" / "a.png")
    assert [crop.shape for crop in other.crops] == [(17, 86, 3)]
    assert told == ["vn-some a.png"]
    assert looked.native() == looked


def test_foreign_pictures_are_no_native_ones(tmp_path: Path) -> None:
    looked = look_at_set(_a_set(tmp_path / "intl", ["a.png"]), _recogniser(), None, str)
    assert looked.native().pictures == ()
    assert looked.judged_by_other()[0].read is None


def test_a_set_of_crops_is_read_without_the_detector(tmp_path: Path) -> None:
    looked = look_at_set(_a_set(tmp_path / "vn-plate-crops", ["a.png"]), _recogniser(), None, str)
    (plate,) = looked.lines["a.png"]["plates"]
    assert plate["box"] == [0.0, 0.0, 100.0, 40.0]


def test_what_cannot_be_read_gives_the_line_of_the_command(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.png", tmp_path / "good.png"
    bad.write_bytes(b"no picture")
    cv2.imwrite(str(good), np.zeros((40, 100, 3), np.uint8))
    (_, first), (path, second) = look([Source(bad), Source(good)], _recogniser())
    assert (sorted(first.line), first.picture) == (["error", "image"], None)
    assert (path, second.line["image"], len(second.seen)) == (good, str(good), 1)


def test_pictures_without_plates_count_by_the_score_that_is_reported(tmp_path: Path) -> None:
    names = [f"{n}.png" for n in range(12)]
    held_out = sum(is_held_out(Path(name)) for name in names)
    assert 0 < held_out < 12
    elsewhere = _a_set(tmp_path / "elsewhere", names, (0, 30, 9, 39))
    shown = shown_negatives(elsewhere, _recogniser(score=0.6), 0.5, str)
    assert shown == Negatives(held_out, boxed=held_out, shown=held_out, labelled=0)
    shown = shown_negatives(elsewhere, _recogniser(score=0.5), 0.5, str)
    assert shown == Negatives(held_out, boxed=held_out, shown=0, labelled=0)
    there = _a_set(tmp_path / "there", names)
    shown = shown_negatives(there, _recogniser(score=0.6), 0.5, str)
    assert shown == Negatives(held_out, boxed=held_out, shown=0, labelled=held_out)


def test_a_third_of_pictures_is_held_out_by_the_name_of_the_file() -> None:
    # CRC-32 of "a" is 0xE8B7BE43, three times 1,301,451,969; of "123456789" 0xCBF43926, 2 more
    assert is_held_out(Path("neg-streets/a"))
    assert not is_held_out(Path("a/123456789"))
