"""Tables of the sighting file, and how it is recognised."""

import sqlite3

from search.errors import StoreError

APPLICATION_ID = 0x504C5452  # "PLTR"
VERSION = 1

_TABLES = """
CREATE TABLE sightings (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,        -- microseconds since 1970
    camera TEXT NOT NULL,
    text TEXT NOT NULL,
    reversed TEXT NOT NULL,     -- for patterns that begin with *
    line TEXT NOT NULL          -- the passage as it came
);
CREATE INDEX sightings_text ON sightings (text, at DESC, id);
CREATE INDEX sightings_reversed ON sightings (reversed, at DESC, id);
CREATE INDEX sightings_camera ON sightings (camera, at DESC, id);
CREATE INDEX sightings_at ON sightings (at DESC, id);
CREATE TABLE candidates (
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (text, at, id)
) WITHOUT ROWID;
"""


def prepare(connection: sqlite3.Connection, place: str) -> None:
    """Make the tables of a new file, or see that an old one is ours.

    Args:
        connection: to the file, in autocommit mode.
        place: of the file, for the message.

    Raises:
        StoreError: the file belongs to another program or to a newer version.
    """
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        application = _pragma(connection, "application_id")
        version = _pragma(connection, "user_version")
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application == APPLICATION_ID and version > VERSION:
            raise StoreError(
                f"{place} was written by a newer PlateTrail (schema {version}, this one knows "
                f"{VERSION}): update this installation"
            )
        if application != APPLICATION_ID and tables:
            raise StoreError(
                f"{place} is a database of another program: set sightings_url to a file of its own"
            )
        if application != APPLICATION_ID:
            for statement in _TABLES.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
