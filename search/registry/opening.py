"""Opens the registry and brings its tables up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from lpr.spool.segments import locked_folder
from search.errors import RegistryError
from search.registry.address import POSTGRES, parse_address
from search.registry.faults import cause_of
from search.registry.postgres import postgres_engine, postgres_fault

BUSY_S = 30.0  # how long a writer waits for another one (SQLite)
_UPGRADING = Lock()  # Alembic has one upgrade in a process, of whatever database
_LOCK = 0x706C6174  # "plat": number of the lock in PostgreSQL under which tables are changed


def open_registry(url: str) -> Engine:
    """Open the registry; an empty place needs no preparation.

    Args:
        url: `sqlite:///PATH`, or `postgresql://...` as `search.registry.postgres` has it.

    Returns:
        The engine, its tables at the newest revision.

    Raises:
        RegistryError: the address is wrong, the place cannot be used, or it was written by a newer
            version.
    """
    parsed = parse_address(url)
    try:
        if parsed.drivername in POSTGRES:
            return _opened(postgres_engine(parsed), postgres_engine(parsed, is_patient=True))
        engine = _sqlite_engine(parsed)
        return _opened(engine, engine)
    except ImportError as error:
        raise RegistryError(f"registry_url: {error}: install requirements.lock anew") from error
    except (SQLAlchemyError, OSError) as error:
        if parsed.drivername in POSTGRES:
            raise RegistryError(postgres_fault(error, parsed)) from error
        cause = cause_of(error) if isinstance(error, SQLAlchemyError) else error
        raise RegistryError(f"the registry cannot be opened (registry_url): {cause}") from error


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, hide_parameters=True)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def _configure(connection, record) -> None:  # type: ignore[no-untyped-def]  # of the driver
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA busy_timeout = {int(BUSY_S * 1000)}")

    return engine


def _opened(engine: Engine, migrating: Engine) -> Engine:
    """The engine, once the tables are at the newest revision."""
    config = Config()
    config.set_main_option("script_location", str(files("search.registry") / "migrations"))
    with engine.connect() as connection:
        if _is_newest(connection, ScriptDirectory.from_config(config)):
            return engine
    with migrating.connect() as connection, _alone(connection), _UPGRADING:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    return engine


def _is_newest(connection: Connection, scripts: ScriptDirectory) -> bool:
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if current is not None and current not in known:
        raise RegistryError(
            f"the registry was written by a newer PlateTrail (revision {current}): "
            "update this installation"
        )
    return current == scripts.get_current_head()


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """One process at a time changes tables; the others find it done."""
    if connection.dialect.name == "sqlite":
        # of the folder that all share: services and containers each have a /tmp of their own
        with locked_folder(Path(connection.engine.url.database or "").parent):
            yield
        return
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise RegistryError(
            f"registry_url: the database keeps {encoding}: expected one that was made with "
            "ENCODING 'UTF8' TEMPLATE template0"
        )
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    yield
