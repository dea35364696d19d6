"""Settings of recognition; `search` and `web` add theirs by inheritance.

The last in line, `web.settings.Settings`, knows every key. It is made once, by the command line,
and handed in from there.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class RecognitionSettings(BaseSettings):
    """What recognising needs; each key is also a variable `PLATETRAIL_<KEY>`."""

    model_config = SettingsConfigDict(env_prefix="PLATETRAIL_", extra="forbid", frozen=True)

    data_dir: Path = Field(
        default=Path("data"), description="the one folder that everything on this machine lives in"
    )
    reader: Literal["platetrail", "paddleocr"] = Field(
        default="platetrail", description="which reader reads the crops"
    )
    paddleocr_model_dir: Path | None = Field(
        default=None,
        description="folder with inference.onnx and inference.yml of PaddleOCR",
    )
    second_opinion_below: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="readings with a lower score are read by the other reader, too; 0: none",
    )
    models_dir: Path | None = Field(
        default=None,
        description="folder with manifest.toml and its files; empty: those of the package",
    )
    detector_min_score: float = Field(
        default=0.5, ge=0, le=1, description="plate boxes below this score are dropped"
    )
    detector_tile: int | None = Field(
        default=None,
        ge=256,
        le=8192,
        description="side in pixels of tiles that each frame is looked at in as well, "
        "for small plates; empty: only whole",
    )
    threads: int = Field(default=2, ge=1, le=64, description="threads of each model")
    sample_fps: float = Field(
        default=5.0, gt=0, le=60, description="frames looked at in each second of video"
    )
    watch_file: Path | None = Field(
        default=None,
        description="list of the cameras that this machine watches; empty: watch.toml in the data "
        "folder",
    )
    metrics_host: str = Field(
        default="127.0.0.1", description="address that platetrail watch serves /metrics on"
    )
    metrics_port: int = Field(
        default=9477, ge=0, le=65535, description="port of /metrics on the camera machine; 0: none"
    )
    spool_max_mb: int = Field(
        default=20_000,
        ge=1,
        description="MB that the spool may take; when it is full, pictures go before texts",
    )

    @property
    def spool_max_bytes(self) -> int:
        """What the spool may take."""
        return self.spool_max_mb * 1_000_000

    @property
    def watched(self) -> Path:
        """The list of the cameras that this machine watches."""
        return self.watch_file or self.data_dir / "watch.toml"

    @property
    def health_file(self) -> Path:
        """How the cameras that this machine watches are."""
        return self.data_dir / "health.json"

    @property
    def stills_dir(self) -> Path:
        """Where it is remembered which uploaded stills were looked at."""
        return self.data_dir / "stills"

    @property
    def views_dir(self) -> Path:
        """Where it is remembered what each watched camera should see."""
        return self.data_dir / "views"

    @property
    def spool_dir(self) -> Path:
        """Where passages wait for `ingest`."""
        return self.data_dir / "spool"
