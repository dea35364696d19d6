"""Opens the registry and brings its tables up to date."""

from fcntl import LOCK_EX, flock
from importlib.resources import files
from pathlib import Path
from tempfile import gettempdir

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from search.errors import RegistryError

BUSY_S = 30.0  # how long a writer waits for another one (SQLite)


def open_registry(url: str) -> Engine:
    """Open the registry; an empty place needs no preparation.

    Args:
        url: of SQLAlchemy.

    Returns:
        The engine, its tables at the newest revision.

    Raises:
        RegistryError: the address is wrong, the place cannot be used, or it was written by a newer
            version.
    """
    try:
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine)
        with engine.connect() as connection:
            _upgrade(connection)
    except (ArgumentError, ImportError) as error:
        raise RegistryError(f"registry_url: {error}") from error
    except (SQLAlchemyError, OSError) as error:
        raise RegistryError(f"the registry cannot be opened: {error}") from error
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    if engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def _configure(connection, record) -> None:  # type: ignore[no-untyped-def]  # of the driver
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA busy_timeout = {int(BUSY_S * 1000)}")


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(files("search.registry") / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    newest = scripts.get_current_head()
    current = MigrationContext.configure(connection).get_current_revision()
    if current == newest:
        return
    known = {script.revision for script in scripts.walk_revisions()}
    if current is not None and current not in known:
        raise RegistryError(
            f"the registry was written by a newer PlateTrail (revision {current}): "
            "update this installation"
        )
    # one process at a time; the others find it done
    with (Path(gettempdir()) / "platetrail-registry.lock").open("a") as lock:
        flock(lock, LOCK_EX)
        connection.rollback()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
