"""How a sighting file is."""

import sqlite3
from pathlib import Path

from search.condition import Condition
from search.errors import StoreError
from search.sqlite import SqliteStore
from search.terms import SearchTerms

ENGINE = "SQLite"
BESIDE = ("", "-wal", "-shm")  # what belongs to the file


def examine(path: Path) -> Condition:
    """Look at everything; the file is read once from beginning to end.

    Raises:
        StoreError: it cannot be read, or is another program's.
    """
    if not path.exists():
        return Condition(ENGINE, str(path), sightings=0, bytes=0, hints=("it is made by itself",))
    with SqliteStore(path) as store:
        newest = store.find(SearchTerms(("*",), limit=1)).sightings
        count = store.count()
    sizes = [Path(f"{path}{end}") for end in BESIDE]
    return Condition(
        ENGINE,
        str(path),
        _damages(path),
        sightings=count,
        bytes=sum(file.stat().st_size for file in sizes if file.exists()),
        newest=newest[0].passage.at if newest else None,
    )


def _damages(path: Path) -> tuple[str, ...]:
    """What SQLite itself finds to be damaged."""
    try:
        connection = sqlite3.connect(path)
        try:
            said = [str(row[0]) for row in connection.execute("PRAGMA quick_check(5)")]
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreError(f"sighting store {path}: {error}") from error
    if said == ["ok"]:
        return ()
    return (f"the file is damaged; put a backup in its place: {'; '.join(said)}",)
