"""Settings of what is kept."""

from pathlib import Path

from pydantic import Field

from lpr.settings import RecognitionSettings


class StoreSettings(RecognitionSettings):
    """Where sightings, the registry and the pictures are kept."""

    sightings_url: str = Field(
        default="", description="sqlite:///PATH; empty: sightings.db in the data folder"
    )
    registry_url: str = Field(
        default="", description="an SQLAlchemy URL; empty: registry.db in the data folder"
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
