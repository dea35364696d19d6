"""Every setting of an installation: `platetrail.toml`, overridden by PLATETRAIL_ variables."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import PydanticBaseSettingsSource

from lpr.errors import SettingsError
from search.settings import StoreSettings

PREFIX = "PLATETRAIL_"
FILE_VARIABLE = "PLATETRAIL_CONFIG"
DEFAULT_FILE = Path("platetrail.toml")
SHORTEST_SECRET = 32  # characters: 128 bits in hexadecimal
FEWEST_DIFFERENT = 8  # characters of a secret; what is typed by hand has fewer


class Settings(StoreSettings):
    """Everything that can be set; each key is also a variable `PLATETRAIL_<KEY>`."""

    host: str = Field(default="127.0.0.1", description="address that the pages are served on")
    port: int = Field(default=8000, ge=1, le=65535, description="port of the pages")
    https: bool = Field(
        default=False,
        description="a proxy in front speaks HTTPS: cookies are for HTTPS only, and its "
        "X-Forwarded headers are believed",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="signs sessions; empty: made once and kept in the data folder",
    )
    language: Literal["vi", "en"] = Field(
        default="vi", description="of pages, for those who have not chosen"
    )
    web_workers: int = Field(default=2, ge=1, le=64, description="processes of the web application")
    web_threads: int = Field(default=8, ge=1, le=256, description="threads of each of them")
    session_hours: float = Field(
        default=12.0, gt=0, le=72, description="hours without use until one must sign in again"
    )
    shift_hours: float = Field(
        default=12.0, gt=0, le=24, description="hours that a stated reason holds"
    )

    intake_host: str = Field(default="127.0.0.1", description="address that the intake listens on")
    intake_port: int = Field(default=8443, ge=1, le=65535, description="port of the intake")
    intake_certificate: Path | None = Field(
        default=None, description="certificate chain (PEM) of the intake; with it it speaks HTTPS"
    )
    intake_key: Path | None = Field(default=None, description="its private key (PEM)")
    intake_behind_proxy: bool = Field(
        default=False,
        description="a proxy in front of the intake speaks HTTPS: plain HTTP is allowed on other "
        "addresses than loopback",
    )
    intake_workers: int = Field(default=2, ge=1, le=64, description="processes of the intake")

    @property
    def shift(self) -> timedelta:
        """How long a stated reason holds."""
        return timedelta(hours=self.shift_hours)

    @field_validator("secret_key")
    @classmethod
    def _no_default_secret(cls, value: SecretStr | None) -> SecretStr | None:
        secret = "" if value is None else value.get_secret_value()
        if value is not None and (
            len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_DIFFERENT
        ):
            raise ValueError(
                f"expected {SHORTEST_SECRET} random characters or more; leave it out, and one is "
                "made and kept in the data folder"
            )
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[Any],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in: `load_settings` reads file and variables."""
        return (init_settings,)


def load_settings(variables: Mapping[str, str]) -> Settings:
    """Read the settings of this process.

    Args:
        variables: of the environment. PLATETRAIL_CONFIG names the file; without it
            `platetrail.toml` of the working folder is read if it is there.

    Raises:
        SettingsError: names the key that is unknown or has a value that cannot be.
    """
    file, values = _read_file(variables.get(FILE_VARIABLE))
    sources = {key: f"{file}: {key}" for key in values}
    for name, value in variables.items():
        if name.startswith(PREFIX) and name != FILE_VARIABLE:
            key = name.removeprefix(PREFIX).lower()
            sources[key] = name
            if value or key not in Settings.model_fields:
                values[key] = value
    for key in values:
        if key not in Settings.model_fields:
            known = ", ".join(sorted(Settings.model_fields))
            raise SettingsError(f"{sources[key]}: there is no such setting; known are {known}")
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = str(first["loc"][0])
        message = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{sources[key]}: {message}") from None


def _read_file(name: str | None) -> tuple[Path, dict[str, Any]]:
    file = Path(name) if name else DEFAULT_FILE
    if not name and not file.exists():
        return file, {}
    try:
        return file, tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{FILE_VARIABLE}: {file}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not TOML: {error}") from None
