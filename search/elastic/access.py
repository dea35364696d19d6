"""Where Elasticsearch is and how it is entered; pure."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from search.errors import StoreError

SCHEMES = ("http://", "https://")
EXPECTED = "http(s)://HOST:PORT[,HOST:PORT...][/NAME]"
NAME = "platetrail"  # of the indices, where the address gives none
TIMEOUT_S = 2.0  # that a page may keep its reader waiting
REPLICAS = 1  # what is confirmed lies on two machines
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")  # what Elasticsearch lets an index be called
_HOST = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Access:
    """How it is entered, and how much is asked of it.

    Attributes:
        user, password: empty where it asks nobody.
        api_key: in place of both.
        ca_file: certificates (PEM) that it is known by; None: those of the system.
        timeout_s: seconds that an answer may take.
        replicas: further copies of each sighting, on other nodes.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout_s: float = TIMEOUT_S
    replicas: int = REPLICAS


@dataclass(frozen=True, slots=True)
class Address:
    """Where it is.

    Attributes:
        hosts: URLs of its nodes.
        name: that the names of our indices begin with.
    """

    hosts: tuple[str, ...]
    name: str


def parse_address(url: str) -> Address:
    """Read `sightings_url`.

    Raises:
        StoreError: it is none of Elasticsearch; says what was expected.
    """
    parts = urlsplit(url)
    hosts = parts.netloc.split(",")
    name = parts.path.strip("/") or NAME
    if "@" in parts.netloc:
        raise StoreError("sightings_url: put the password into sightings_password_file")
    if parts.query or parts.fragment or not all(_HOST.fullmatch(host) for host in hosts):
        raise StoreError(f"sightings_url: expected {EXPECTED}, got {url!r}")
    if not _NAME.fullmatch(name):
        raise StoreError(f"sightings_url: NAME is a-z, 0-9 and -, got {name!r}")
    return Address(tuple(f"{parts.scheme}://{host}" for host in hosts), name)
