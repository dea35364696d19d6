import stat
from pathlib import Path

import pytest

from lpr.errors import SettingsError
from web.secret import secret_of
from web.settings import Settings, load_settings

SECRET = "0123456789abcdef" * 2


def file_with(tmp_path: Path, text: str) -> dict[str, str]:
    file = tmp_path / "platetrail.toml"
    file.write_text(text)
    return {"PLATETRAIL_CONFIG": str(file)}


def test_the_file_is_read_and_variables_win_over_it(tmp_path: Path) -> None:
    variables = file_with(tmp_path, 'port = 9000\nlanguage = "en"\nthreads = 3\n')
    variables |= {"PLATETRAIL_PORT": "9001", "PLATETRAIL_HTTPS": "true", "HOME": "/"}
    settings = load_settings(variables)
    assert (settings.port, settings.language, settings.threads) == (9001, "en", 3)
    assert settings.https is True


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert load_settings({"PLATETRAIL_PORT": ""}).port == 8000


@pytest.mark.parametrize(
    ("text", "variables", "said"),
    [
        ("prot = 1\n", {}, "prot: there is no such setting; known are alert_late_minutes"),
        ("", {"PLATETRAIL_PROT": "1"}, "PLATETRAIL_PROT: there is no such setting"),
        ("port = 99999\n", {}, "toml: port: Input should be less"),
        ("", {"PLATETRAIL_PORT": "many"}, "PLATETRAIL_PORT: Input should be a valid integer"),
        ("", {"PLATETRAIL_LANGUAGE": "fr"}, "PLATETRAIL_LANGUAGE: Input should be 'vi' or 'en'"),
        ("port 1\n", {}, "is not TOML"),
        ("", {"PLATETRAIL_SECRET_KEY": "changeme"}, "PLATETRAIL_SECRET_KEY: expected 32 random"),
        ('secret_key = "' + "a" * 40 + '"\n', {}, "secret_key: expected 32 random"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(
    tmp_path: Path, text: str, variables: dict[str, str], said: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(file_with(tmp_path, text) | variables)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_named_and_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        load_settings({"PLATETRAIL_CONFIG": str(tmp_path / "other.toml")})


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, f in Settings.model_fields.items() if not f.description] == []


def test_the_secret_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    secret = secret_of(settings)
    assert len(secret) == 64
    assert secret_of(settings) == secret
    mode = (tmp_path / "data" / "secret_key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert [f.name for f in (tmp_path / "data").iterdir()] == ["secret_key"]


def test_a_secret_that_is_set_is_used(tmp_path: Path) -> None:
    settings = load_settings({"PLATETRAIL_SECRET_KEY": SECRET, "PLATETRAIL_DATA_DIR": "nowhere"})
    assert secret_of(settings) == SECRET
    assert SECRET not in repr(settings)


def test_a_damaged_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("\n")
    with pytest.raises(SettingsError, match="damaged"):
        secret_of(Settings(data_dir=tmp_path))
