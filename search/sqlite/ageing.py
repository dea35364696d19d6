"""Drops old sightings from the file."""

import sqlite3

from lpr.passage_lines import parse_passage

AT_ONCE = 1_000  # sightings of one transaction, which writers wait for
_OLDEST = "SELECT id, at, line FROM sightings WHERE at < ? ORDER BY at LIMIT ?"


def drop_before(connection: sqlite3.Connection, at: int) -> int:
    """Drop the sightings of before a time, oldest first, and overwrite what they were.

    Args:
        connection: in autocommit mode.
        at: microseconds since 1970.

    Returns:
        How many.
    """
    dropped = 0
    connection.execute("PRAGMA secure_delete = ON")
    try:
        while count := _drop_some(connection, at):
            dropped += count
    finally:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return dropped


def _drop_some(connection: sqlite3.Connection, at: int) -> int:
    connection.execute("BEGIN IMMEDIATE")
    try:
        old = connection.execute(_OLDEST, (at, AT_ONCE)).fetchall()
        connection.executemany(
            "DELETE FROM candidates WHERE text = ? AND at = ? AND id = ?",
            [
                (text, seen_at, name)
                for name, seen_at, line in old
                for text, _ in parse_passage(line).candidates
            ],
        )
        connection.executemany(
            "DELETE FROM sightings WHERE id = ?", [(name,) for name, _, _ in old]
        )
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return len(old)
