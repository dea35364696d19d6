from dataclasses import replace

import numpy as np
import pytest

from lpr.building import build_recogniser
from lpr.errors import SettingsError
from lpr.readings import NOTHING_READ, Reading
from lpr.render.plate import SIZES_MM, draw_plate, random_look
from lpr.second_opinion import ALONE, DISPUTED, MOST_SURE, SecondOpinion, is_outweighed, settle
from lpr.settings import RecognitionSettings
from lpr.testing import SameReader, a_reading
from tests.prepare_paddle import FOLDER, MODEL_NAME

CROPS = [np.full((10, 40, 3), grey, np.uint8) for grey in (1, 2, 3)]


class Says:
    """`Reader` that says what was written down."""

    def __init__(self, *readings: Reading) -> None:
        self._readings = readings

    def read(self, crops: list[np.ndarray]) -> list[Reading]:
        return list(self._readings)


def other_reading(text: str, score: float, rows: int = 1) -> Reading:
    return replace(a_reading(text, score, rows), model="another", colour=None)


def test_only_what_the_first_is_not_sure_of_is_read_twice() -> None:
    sure, unsure = a_reading("30A12345", 0.9), a_reading("29B11111", 0.5)
    other = SameReader(other_reading("29B11111", 0.9))
    first, second, third = SecondOpinion(Says(sure, unsure, NOTHING_READ), other, 0.8).read(CROPS)
    assert [crop[0, 0, 0] for crop in other.crops] == [2, 3]
    assert first is sure
    assert (second.text, second.score) == ("29B11111", pytest.approx(0.95))
    assert (third.text, third.model) == ("29B11111", "another")


def test_no_crops_ask_nobody() -> None:
    other = SameReader(a_reading("30A12345"))
    assert SecondOpinion(Says(), other, 0.8).read([]) == []
    assert SecondOpinion(Says(a_reading("30A12345", 0.8)), other, 0.8).read(CROPS[:1])
    assert other.crops == []


def test_the_same_text_is_surer_than_either_said() -> None:
    first = replace(a_reading("30A12345", 0.6), candidates=(("30A12345", 0.6), ("30A12346", 0.3)))
    settled = settle(first, other_reading("30A12345", 0.7))
    assert settled.text == "30A12345"
    assert settled.score == pytest.approx(0.88)  # 1 - 0.4 * 0.3
    assert settled.candidates == (
        ("30A12345", pytest.approx(0.88)),
        ("30A12346", pytest.approx(0.09)),  # 0.3 * 0.12 / 0.4
    )
    assert settled.chars == other_reading("30A12345", 0.7).chars
    assert (settled.colour, settled.kind, settled.model) == ("white", "car", "a fake + another")


def test_no_agreement_is_surer_than_most_sure_but_what_was_surer_stays() -> None:
    assert settle(a_reading("30A12345", 0.79), other_reading("30A12345", 0.97)).score == MOST_SURE
    assert settle(a_reading("30A12345", 0.1), other_reading("30A12345", 1.0)).score == 1.0


def test_a_text_that_is_clearly_surer_wins_and_the_other_stays_a_candidate() -> None:
    settled = settle(a_reading("30A12345", 0.4), other_reading("30A12346", 0.8))
    assert (settled.text, settled.model) == ("30A12346", "another")
    assert settled.score == pytest.approx(0.8 * 0.6 / 0.68)
    assert settled.candidates == (
        ("30A12346", settled.score),
        ("30A12345", pytest.approx(0.4 * 0.2 / 0.68)),
    )
    assert (settled.rows, settled.colour, settled.kind) == (1, "white", "car")


def test_the_first_text_stays_where_the_other_is_hardly_surer_and_its_score_falls() -> None:
    settled = settle(a_reading("30A12345", 0.6), other_reading("30A12346", 0.7))
    assert (settled.text, settled.model) == ("30A12345", "a fake")
    assert settled.score == pytest.approx(0.6 * 0.3 / 0.58)
    assert settled.candidates[1] == ("30A12346", pytest.approx(0.7 * 0.4 / 0.58))


@pytest.mark.parametrize(
    ("first", "other", "wins"),
    [
        (("30A12345", 0.5), ("30A12346", 0.64), False),
        (("30A12345", 0.5), ("30A12346", 0.66), True),
        (("BAX4711", 0.5), ("BAX4717", 0.64), False),
        (("BAX4711", 0.5), ("BAX4717", 0.66), True),
        (("BAX4711", 0.5), ("30A12345", 0.49), False),
        (("BAX4711", 0.5), ("30A12345", 0.51), True),
        (("30A12345", 0.3), ("BAX4711", 0.79), False),
        (("30A12345", 0.3), ("BAX4711", 0.81), True),
    ],
)
def test_how_much_surer_the_other_must_be_depends_on_which_text_is_a_plate(
    first: tuple[str, float], other: tuple[str, float], wins: bool
) -> None:
    assert is_outweighed(a_reading(*first), other_reading(*other)) is wins


def test_a_disputed_text_is_never_very_sure() -> None:
    settled = settle(a_reading("30A12345", 0.01), other_reading("30A12346", 1.0))
    assert settled.score == DISPUTED
    assert settle(a_reading("30A12345", 1.0), other_reading("30A12346", 1.0)).score < 0.5


def test_a_text_that_both_held_possible_is_one_candidate() -> None:
    first = replace(a_reading("30A12345", 0.4), candidates=(("30A12345", 0.4), ("30A12346", 0.3)))
    settled = settle(first, other_reading("30A12346", 0.5))
    assert [text for text, _ in settled.candidates] == ["30A12345", "30A12346"]
    assert settled.candidates[1][1] == pytest.approx(0.5 * 0.6 / 0.8)


@pytest.mark.parametrize("score", [0.0, 0.3, 0.6, 0.99, 1.0])
@pytest.mark.parametrize("text", ["30A12345", "30A12346", "BAX4711"])
def test_candidates_are_never_more_than_certain_and_the_text_is_the_first(
    text: str, score: float
) -> None:
    first = replace(a_reading("30A12345", 0.5), candidates=(("30A12345", 0.5), ("30A12346", 0.5)))
    settled = settle(first, other_reading(text, score))
    assert settled.candidates[0] == (settled.text, settled.score)
    assert sum(p for _, p in settled.candidates) <= 1 + 1e-9


def test_what_only_one_could_read_is_kept_with_half_of_its_score() -> None:
    kept = settle(a_reading("30A12345", 0.6), NOTHING_READ)
    assert (kept.text, kept.score) == ("30A12345", pytest.approx(0.6 * ALONE))
    kept = settle(NOTHING_READ, other_reading("30A12345", 0.6, rows=2))
    assert (kept.text, kept.score) == ("30A12345", pytest.approx(0.6 * ALONE))
    assert kept.candidates == (("30A12345", kept.score),)
    assert (kept.rows, kept.model) == (2, "another")


def test_nothing_twice_is_nothing() -> None:
    assert settle(NOTHING_READ, NOTHING_READ) == NOTHING_READ


def test_it_is_a_choice_of_the_settings() -> None:
    look = random_look(np.random.default_rng(1), "white", 1)
    crop = draw_plate(("30A-123.45",), look, SIZES_MM["car-long"][0], 1.0)
    settings = RecognitionSettings(second_opinion_below=1.0, paddleocr_model_dir=FOLDER, threads=1)
    reading = build_recogniser(settings).crop(crop).reading
    assert reading.text == "30A12345"
    assert reading.model.endswith(f" + paddleocr {MODEL_NAME}")


def test_without_a_folder_of_paddleocr_it_is_refused() -> None:
    with pytest.raises(SettingsError) as refused:
        build_recogniser(RecognitionSettings(second_opinion_below=0.8))
    assert str(refused.value) == (
        "second_opinion_below needs paddleocr_model_dir: "
        "a folder with inference.onnx and inference.yml"
    )


def test_our_own_reader_gives_the_second_opinion_on_paddleocr() -> None:
    settings = RecognitionSettings(
        reader="paddleocr", second_opinion_below=0.8, paddleocr_model_dir=FOLDER, threads=1
    )
    assert isinstance(build_recogniser(settings).reader, SecondOpinion)
