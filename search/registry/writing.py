"""Writing that the databases spell differently, safe where several processes write at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Insert,
    Table,
    bindparam,
    false,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from search.registry.tables import Base

_AT_ONCE = 10_000  # rows of a statement


def insert_into(session: Session, table: type[Base]) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT that knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add many rows."""
    _write(connection, insert(table), table, rows)


def put_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add many rows, or put them in place of those that have their keys."""
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    new = kind.insert(table)
    taken = {column.name: new.excluded[column.name] for column in table.c if not column.primary_key}
    new = new.on_conflict_do_update(index_elements=table.primary_key, set_=taken)
    _write(connection, new, table, rows)


def _write(
    connection: Connection, statement: Insert, table: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write many rows; PostgreSQL gets them column by column.

    So its statement stays short, which pg8000 reads character by character each time: it takes half
    as long as a thousand rows in one statement, and a fiftieth of a statement for each.
    """
    if connection.dialect.name != "postgresql":
        connection.execute(statement, rows)
        return
    names = list(rows[0])
    columns = [
        func.unnest(bindparam(name, type_=postgresql.ARRAY(table.c[name].type))) for name in names
    ]
    for begin in range(0, len(rows), _AT_ONCE):
        some = rows[begin : begin + _AT_ONCE]
        values = {name: [row[name] for row in some] for name in names}
        connection.execute(statement.from_select(names, select(*columns)), values)


def write_alone(connection: Connection, table: type[Base]) -> None:
    """Let nobody else write to a table until the transaction ends; all may read what was there.

    What is read from here on is what is changed. SQLite lets nobody else write after a write.
    """
    if connection.dialect.name == "postgresql":
        name = connection.dialect.identifier_preparer.quote(table.__tablename__)
        connection.execute(text(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE"))
        return
    column = inspect(table).primary_key[0]
    connection.execute(update(table).where(false()).values({column: column}))
