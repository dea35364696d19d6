"""The road map in the registry: put in whole, taken out whole."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, delete, select

from search.geometry import Point
from search.registry.tables import Base, RoadRow
from search.registry.writing import insert_rows, write_alone
from search.roads.road import Road
from search.roads.rules import RULES, format_rules, parse_rules

_TABLE = Base.metadata.tables[RoadRow.__tablename__]
_ROWS = 5000  # that are packed at once
_LONGEST = {"name": 200, "road_class": 32}  # characters that the registry keeps; the rest is cut


def save_roads(engine: Engine, roads: Sequence[Road]) -> None:
    """Put a map in place of the one before, whole or not at all."""
    with engine.begin() as connection:
        write_alone(connection, RoadRow)  # or two maps at once would be mixed
        connection.execute(delete(RoadRow))
        for start in range(0, len(roads), _ROWS):
            insert_rows(connection, _TABLE, [_row(r) for r in roads[start : start + _ROWS]])


def list_roads(engine: Engine) -> list[Road]:
    """The whole map, by id; empty if none was imported."""
    columns = RoadRow.__table__.c
    query = select(*(columns[name] for name in _COLUMNS)).order_by(columns.id)
    with engine.connect() as connection:
        return [_road(row) for row in connection.execute(query)]


_COLUMNS = (
    "id",
    "points",
    "from_node",
    "to_node",
    "length_m",
    "speed_kmh",
    "oneway",
    "name",
    "road_class",
    "tags",
)


def _row(road: Road) -> dict[str, Any]:
    row = {name: getattr(road, name) for name in _COLUMNS}
    row |= {name: row[name][:most] for name, most in _LONGEST.items()}
    row["points"] = array("d", [v for point in road.points for v in point]).tobytes()
    row["tags"] = dict(road.tags) | format_rules(road)
    return row


def _road(row: Sequence[Any]) -> Road:
    road = Road(row[0], _points(row[1]), *row[2:])
    if RULES.isdisjoint(road.tags):
        return road
    rules = parse_rules(road.tags)
    return replace(road, tags={k: v for k, v in road.tags.items() if k not in RULES}, **rules)


def _points(packed: bytes) -> tuple[Point, ...]:
    values = array("d")
    values.frombytes(packed)
    return tuple(zip(values[0::2], values[1::2], strict=True))
