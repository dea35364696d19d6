"""Settings of what is kept."""

from pathlib import Path

from pydantic import Field, SecretStr

from lpr.settings import RecognitionSettings


class StoreSettings(RecognitionSettings):
    """Where sightings, the registry and the pictures are kept."""

    sightings_url: str = Field(
        default="", description="sqlite:///PATH; empty: sightings.db in the data folder"
    )
    registry_url: str = Field(
        default="", description="an SQLAlchemy URL; empty: registry.db in the data folder"
    )

    intake_url: str = Field(
        default="",
        description="https://NAME:PORT of the centre that the spool is sent to; empty: it is "
        "taken in on this machine",
    )
    intake_token: SecretStr | None = Field(
        default=None, description="token of this device at the centre"
    )
    intake_token_file: Path | None = Field(
        default=None, description="file that holds it, in place of intake_token"
    )
    intake_ca_file: Path | None = Field(
        default=None,
        description="certificates (PEM) that the centre is known by; empty: those of the system",
    )

    @property
    def sightings(self) -> str:
        """URL of the sighting store."""
        return self.sightings_url or f"sqlite:///{(self.data_dir / 'sightings.db').absolute()}"

    @property
    def registry(self) -> str:
        """SQLAlchemy URL of the registry."""
        return self.registry_url or f"sqlite:///{(self.data_dir / 'registry.db').absolute()}"

    @property
    def evidence_dir(self) -> Path:
        """Folder of the pictures, each named by its SHA-256."""
        return self.data_dir / "evidence"
