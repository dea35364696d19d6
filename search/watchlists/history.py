"""Who changed a watchlist and its entries, when, and what was before; from the registry."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from search.registry.tables import WatchlistChangeRow as Row


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a list, or of an entry where it has a plate.

    Attributes:
        at, who: when, aware UTC, and by whom.
        list, plate: of what; the plate is empty where the list itself was changed.
        before, after: its fields; None where it was not, or is no more.
    """

    at: datetime
    who: str
    list: str
    plate: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def list_changes(engine: Engine, name: str) -> list[Change]:
    """The history of a list, oldest first."""
    with Session(engine) as session:
        rows = session.scalars(select(Row).where(Row.list == name).order_by(Row.id))
        return [_change(row) for row in rows]


def newest_changes(engine: Engine, name: str, skip: int, limit: int) -> list[Change]:
    """Some of the history of a list, newest first, after so many newer ones."""
    query = select(Row).where(Row.list == name).order_by(Row.id.desc())
    with Session(engine) as session:
        return [_change(row) for row in session.scalars(query.offset(skip).limit(limit))]


def last_change(connection: Connection, names: Collection[str]) -> int:
    """Number of the last change of some lists or their entries; 0 where there was none."""
    query = select(func.max(Row.id)).where(Row.list.in_(names))
    return connection.execute(query).scalar() or 0


def last_setting(connection: Connection, name: str) -> int:
    """Number of the last change of a list itself, whatever became of its entries."""
    query = select(func.max(Row.id)).where(Row.list == name, Row.plate == "")
    return connection.execute(query).scalar() or 0


def _change(row: Row) -> Change:
    return Change(row.at, row.who, row.list, row.plate, row.before, row.after)
