"""Moves a registry from one database to another, such as from SQLite to PostgreSQL."""

from sqlalchemy import Connection, Engine, Table, func, select, text

from search.errors import RegistryError
from search.registry.tables import Base
from search.registry.writing import insert_rows

_ROWS = 1000  # that are held at once


def copy_registry(source: Engine, target: Engine) -> dict[str, int]:
    """Copy every row, all or none; both have the newest tables.

    Args:
        source: nobody may write to it meanwhile.
        target: without rows.

    Returns:
        How many rows each table has now.

    Raises:
        RegistryError: the target has rows already.
    """
    tables = Base.metadata.sorted_tables
    with source.connect() as reading, target.begin() as writing:
        for table in tables:
            if _count(writing, table):
                raise RegistryError(
                    f"the registry holds {table.name} already: copy into one that is empty"
                )
        for table in tables:
            _copy(reading, writing, table)
        return {table.name: _count(writing, table) for table in tables}


def _copy(reading: Connection, writing: Connection, table: Table) -> None:
    rows = reading.execution_options(stream_results=True).execute(select(table))
    for part in rows.mappings().partitions(_ROWS):
        insert_rows(writing, table, [dict(row) for row in part])
    if writing.dialect.name == "postgresql" and table.autoincrement_column is not None:
        _count_on(writing, table)


def _count_on(writing: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows behind those that brought their number along."""
    newest = writing.scalar(select(func.max(table.c.id)))
    sequence = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :newest)")
    if newest is not None:
        writing.execute(sequence, {"name": table.name, "newest": newest})


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0
