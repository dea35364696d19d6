from pathlib import Path

import pytest
from pydantic import ValidationError

from lpr.settings import RecognitionSettings


def test_nothing_needs_to_be_set() -> None:
    settings = RecognitionSettings()
    assert settings.reader == "platetrail"
    assert settings.sample_fps == 5.0
    assert settings.models_dir is None


def test_the_spool_lies_in_the_data_folder() -> None:
    assert RecognitionSettings(data_dir=Path("there")).spool_dir == Path("there/spool")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("reader", ""),
        ("reader", "tesseract"),
        ("detector_min_score", -0.01),
        ("detector_min_score", 1.01),
        ("detector_tile", 255),
        ("detector_tile", 8193),
        ("second_opinion_below", -0.01),
        ("second_opinion_below", 1.01),
        ("threads", 0),
        ("threads", 65),
        ("sample_fps", 0),
        ("sample_fps", 61),
        ("sample_fsp", 5),
    ],
)
def test_what_cannot_be_set_is_refused_by_name(key: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        RecognitionSettings.model_validate({key: value})
    assert [error["loc"] for error in refused.value.errors()] == [(key,)]


def test_settings_do_not_change_once_they_are_made() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        RecognitionSettings().threads = 4


def test_every_setting_says_what_it_is() -> None:
    fields = RecognitionSettings.model_fields
    assert [name for name, field in fields.items() if not field.description] == []
