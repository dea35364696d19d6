"""Settings of what is kept."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from lpr.settings import RecognitionSettings
from search.errors import RegistryError
from search.registry.address import whole_address
from search.secret_settings import secret_value


class StoreSettings(RecognitionSettings):
    """Where sightings, the registry and the pictures are kept."""

    sightings_url: str = Field(
        default="",
        description="sqlite:///PATH, or http(s)://HOST:PORT[,HOST:PORT...][/NAME] of "
        "Elasticsearch; empty: sightings.db in the data folder",
    )
    sightings_user: str = Field(
        default="", description="user of Elasticsearch; empty: it asks none"
    )
    sightings_password: SecretStr | None = Field(default=None, description="password of that user")
    sightings_password_file: Path | None = Field(
        default=None, description="file that holds it, in place of sightings_password"
    )
    sightings_api_key: SecretStr | None = Field(
        default=None, description="API key of Elasticsearch, in place of user and password"
    )
    sightings_api_key_file: Path | None = Field(
        default=None, description="file that holds it, in place of sightings_api_key"
    )
    sightings_ca_file: Path | None = Field(
        default=None,
        description="certificates (PEM) that Elasticsearch is known by; empty: those of the system",
    )
    sightings_timeout_s: float = Field(
        default=2.0,
        gt=0,
        le=600,
        description="seconds that an answer of Elasticsearch may take; what is found by then is "
        "shown as a part",
    )
    sightings_replicas: int = Field(
        default=1,
        ge=0,
        le=5,
        description="further copies of each sighting in Elasticsearch, on other nodes; 0: there "
        "is one node",
    )
    retention_months: int = Field(
        default=12,
        ge=1,
        le=12,
        description="months after which platetrail retention deletes sightings and their pictures",
    )
    registry_url: str = Field(
        default="",
        description="sqlite:///PATH or postgresql://USER@HOST:PORT/DATABASE; empty: registry.db in "
        "the data folder",
    )
    registry_password: SecretStr | None = Field(
        default=None, description="of the user in registry_url"
    )
    registry_password_file: Path | None = Field(
        default=None, description="file that holds it, in place of registry_password"
    )
    registry_ca_file: Path | None = Field(
        default=None,
        description="certificates (PEM) that PostgreSQL is known by; empty: those of the system",
    )

    evidence_url: str = Field(
        default="", description="s3://BUCKET/PREFIX; empty: the folder evidence in the data folder"
    )
    evidence_endpoint: str = Field(
        default="", description="https://HOST:PORT of an S3-compatible store; empty: Amazon's"
    )
    evidence_region: str = Field(default="us-east-1", description="region of the bucket")
    evidence_key_id: str = Field(default="", description="access key; empty: as boto3 finds one")
    evidence_secret: SecretStr | None = Field(default=None, description="secret key of S3")
    evidence_secret_file: Path | None = Field(
        default=None, description="file that holds it, in place of evidence_secret"
    )
    evidence_ca_file: Path | None = Field(
        default=None,
        description="certificates (PEM) that the endpoint is known by; empty: those of boto3",
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

    alert_late_minutes: float = Field(
        default=15.0,
        gt=0,
        le=1440,
        description="minutes after which an alert that nobody looked at goes to channels for late "
        "ones",
    )
    camera_trouble_minutes: float = Field(
        default=5.0,
        gt=0,
        le=1440,
        description="minutes that a camera has to be ill, or well again, before channels for "
        "cameras tell it",
    )
    smtp_host: str = Field(
        default="", description="server that mails alerts; empty: none are mailed"
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="port of that server")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="how the line to it is protected"
    )
    smtp_ca_file: Path | None = Field(
        default=None, description="certificates (PEM) that it is known by; empty: the system's"
    )
    smtp_user: str = Field(default="", description="user of it; empty: it asks none")
    smtp_password: SecretStr | None = Field(default=None, description="password of that user")
    smtp_password_file: Path | None = Field(
        default=None, description="file that holds it, in place of smtp_password"
    )
    smtp_from: str = Field(default="", description="address that mails of alerts come from")

    mqtt_password: SecretStr | None = Field(
        default=None, description="of the users in the addresses of MQTT channels"
    )
    mqtt_password_file: Path | None = Field(
        default=None, description="file that holds it, in place of mqtt_password"
    )
    mqtt_ca_file: Path | None = Field(
        default=None,
        description="certificates (PEM) that MQTT brokers are known by; empty: the system's",
    )

    feed_password: SecretStr | None = Field(
        default=None, description="of the user in the address that a watchlist is fetched from"
    )
    feed_password_file: Path | None = Field(
        default=None, description="file that holds it, in place of feed_password"
    )
    feed_ca_file: Path | None = Field(
        default=None,
        description="certificates (PEM) that such an address is known by; empty: the system's",
    )

    @property
    def sightings(self) -> str:
        """URL of the sighting store."""
        return self.sightings_url or f"sqlite:///{(self.data_dir / 'sightings.db').absolute()}"

    @property
    def registry(self) -> str:
        """URL of the registry, with its password and certificates.

        Raises:
            RegistryError: the address or the file of the password cannot be.
        """
        if not self.registry_url:
            return f"sqlite:///{(self.data_dir / 'registry.db').absolute()}"
        try:
            password = secret_value(
                "registry_password", self.registry_password, self.registry_password_file
            )
        except ValueError as error:
            raise RegistryError(str(error)) from None
        return whole_address(self.registry_url, password, self.registry_ca_file)

    @property
    def evidence_dir(self) -> Path:
        """Folder of the pictures, each named by its SHA-256."""
        return self.data_dir / "evidence"
