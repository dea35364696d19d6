"""The sighting store of one machine: a file of SQLite."""

from search.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
