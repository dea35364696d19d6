"""The address of the registry: SQLite, or PostgreSQL by the driver that is shipped."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from search.errors import RegistryError

POSTGRES = ("postgresql", "postgresql+pg8000")
EXPECTED = "registry_url: expected sqlite:///PATH or postgresql://USER@HOST:PORT/DATABASE"


def parse_address(url: str) -> URL:
    """Take an address apart.

    Raises:
        RegistryError: it is none, or of a database that is not known; a password is not said.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # either may hold the password
        raise RegistryError(f"{EXPECTED}; signs such as @ in a password go in the file") from None
    if parsed.drivername not in ("sqlite", *POSTGRES):
        raise RegistryError(f"{EXPECTED}, got {parsed.render_as_string()}")
    return parsed


def whole_address(url: str, password: str, ca_file: Path | None) -> str:
    """An address with what other settings say of it.

    Args:
        url: as it is set.
        password: in place of the one in it; empty: that one.
        ca_file: certificates that the server is known by.
    """
    parsed = parse_address(url)
    if parsed.drivername in POSTGRES:
        parsed = parsed.set(password=password or parsed.password)
        if ca_file:
            parsed = parsed.update_query_dict({"sslrootcert": str(ca_file)})
    return parsed.render_as_string(hide_password=False)
