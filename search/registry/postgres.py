"""How the registry reaches PostgreSQL: the driver, TLS, and what its refusals mean."""

import ssl
from ipaddress import ip_address
from typing import Any

from sqlalchemy import URL, Engine, NullPool, Pool, QueuePool, create_engine
from sqlalchemy.exc import SQLAlchemyError

from search.errors import RegistryError

TIMEOUT_S = 15.0  # that the server has for each answer
_MODES = ("verify-full", "disable")
_QUERY = frozenset({"sslmode", "sslrootcert"})
_MEANINGS = {
    "28000": "registry_url: expected a user that PostgreSQL lets in from this machine",
    "28P01": "registry_url, registry_password: expected a user and the right password",
    "3D000": "registry_url: expected a database that exists: CREATE DATABASE ... ENCODING 'UTF8'",
    "42501": "registry_url: expected the owner of the database, who may make tables in it",
    "42P07": "registry_url: expected a database of PlateTrail's own; this one holds other tables",
    "25006": "registry_url: expected the primary; this server cannot be written to",
    "22P05": "registry_url: expected a database whose encoding is UTF8",
}
"""Of codes of PostgreSQL (its manual, appendix A): which setting is wrong, and what to do."""


def postgres_engine(url: URL, *, is_patient: bool = False) -> Engine:
    """An engine for a registry in PostgreSQL; nothing is reached yet.

    Args:
        url: `postgresql://USER:PASSWORD@HOST:PORT/DATABASE`. `sslrootcert` is a file of
            certificates (PEM) that the server is known by. `sslmode` is `verify-full`, or `disable`
            for none; only a server on this machine may do without being told.
        is_patient: no time limit and one connection at a time, for changes of tables.

    Raises:
        RegistryError: a part of the address cannot be.
    """
    if not url.host or not url.username or not url.database:
        raise RegistryError(
            f"registry_url: expected postgresql://USER@HOST/DATABASE, got {url.render_as_string()}"
        )
    unknown = sorted(url.query.keys() - _QUERY)
    if unknown:
        raise RegistryError(f"registry_url: {unknown[0]}: known are {', '.join(sorted(_QUERY))}")
    options: dict[str, Any] = {
        "ssl_context": _tls(url),
        "timeout": None if is_patient else TIMEOUT_S,
        "application_name": "platetrail",
    }
    pool: type[Pool] = NullPool if is_patient else QueuePool
    return create_engine(
        url.set(drivername="postgresql+pg8000", query={}),
        connect_args=options,
        poolclass=pool,
        pool_pre_ping=True,
        hide_parameters=True,
    )


def postgres_fault(error: SQLAlchemyError | OSError, url: URL) -> str:
    """What is wrong where PostgreSQL cannot be reached or says no; names the setting."""
    cause = getattr(error, "orig", None) or error
    where = f"{url.host}:{url.port or 5432}"
    if isinstance(cause, ssl.SSLError):
        return f"registry_ca_file: PostgreSQL at {where} is not known by its certificate: {cause}"
    said = said_by_server(cause)
    if said is not None:
        meaning = _MEANINGS.get(said.get("C", ""), "the registry cannot be opened")
        return f"{meaning}. PostgreSQL at {where} says: {said.get('M', '')}"
    if "Server refuses SSL" in str(cause):
        return (
            f"registry_url: PostgreSQL at {where} speaks no TLS: set it up there, or add "
            "?sslmode=disable if nobody else hears the line"
        )
    why = getattr(cause, "__cause__", None) or cause
    return f"registry_url: PostgreSQL at {where} cannot be reached: {why}"


def said_by_server(cause: object) -> dict[str, str] | None:
    """The fields of what PostgreSQL said (C: code, M: message), None if it is no word of its."""
    arguments = getattr(cause, "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], dict) else None


def _tls(url: URL) -> ssl.SSLContext | bool:
    file = url.query.get("sslrootcert")
    mode = url.query.get("sslmode") or ("disable" if _is_here(url) and not file else _MODES[0])
    if mode not in _MODES:
        raise RegistryError(f"registry_url: sslmode: expected {' or '.join(_MODES)}, got {mode}")
    if mode == "disable":
        return False
    try:
        return ssl.create_default_context(cafile=str(file) if file else None)
    except (OSError, ssl.SSLError) as error:
        raise RegistryError(
            f"registry_ca_file: {file}: expected certificates (PEM): {error}"
        ) from None


def _is_here(url: URL) -> bool:
    try:
        return ip_address(url.host or "").is_loopback
    except ValueError:
        return url.host == "localhost"
