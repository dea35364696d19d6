"""Travel times in the registry."""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import NamedTuple, cast

from sqlalchemy import Connection, Engine, Table, bindparam, delete, select

from search.registry.tables import TravelTimeRow
from search.registry.writing import put_rows, write_alone
from search.travel_times.estimate import ANY_HOUR, TravelTime, first_leg, hour_of_week

OFTEN = 5  # legs of a pair of cameras, from which on its hours are told apart
READ_ANEW_S = 600.0
_AT_ONCE = 1000  # cameras of one question


class Key(NamedTuple):
    """A pair of cameras, and an hour of the week."""

    start: str
    end: str
    hour: int


_ROW, _TABLE = TravelTimeRow, cast(Table, TravelTimeRow.__table__)
_KNOWN = select(_ROW.start, _ROW.end, _ROW.hour, _ROW.count, _ROW.middle, _ROW.spread)
_OF_LEG = _KNOWN.where(
    _ROW.start == bindparam("start"),
    _ROW.end == bindparam("end"),
    _ROW.hour.in_((ANY_HOUR, bindparam("hour"))),
).order_by(_ROW.hour.desc())


class TravelTimes:
    """What was learnt, as it is asked for; remembered for some minutes.

    Args:
        engine: of the registry.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[Key, Sequence[TravelTime]] = {}
        self._read_at = time.monotonic()

    def __call__(self, start: str, end: str, at: datetime) -> Sequence[TravelTime]:
        """What is known of a leg; see `Learnt`."""
        if time.monotonic() - self._read_at > READ_ANEW_S:
            self._known, self._read_at = {}, time.monotonic()
        key = Key(start, end, hour_of_week(at))
        known = self._known.get(key)
        if known is None:
            with self._engine.connect() as connection:
                found = connection.execute(_OF_LEG, key._asdict()).all()
            known = self._known[key] = tuple(TravelTime(*row[3:]) for row in found)
        return known


def add_legs(engine: Engine, legs: Mapping[Key, Sequence[float]], now: datetime) -> None:
    """Learn from legs, all or none.

    Args:
        engine: of the registry.
        legs: seconds of each, of one hour of the week.
        now: aware.
    """
    of_pair: defaultdict[Key, list[float]] = defaultdict(list)
    for key, seconds in legs.items():
        of_pair[key._replace(hour=ANY_HOUR)] += seconds
    with engine.begin() as connection:
        write_alone(connection, TravelTimeRow)
        known = dict(_read(connection, [*of_pair, *legs]))
        for key, seconds in of_pair.items():
            known[key] = _learn(known.get(key), seconds)
        changed = list(of_pair)
        for key, seconds in legs.items():
            if known[key._replace(hour=ANY_HOUR)].count >= OFTEN:
                known[key] = _learn(known.get(key), seconds)
                changed.append(key)
        rows = [_row(key, known[key], now) for key in changed]
        put_rows(connection, _TABLE, rows)


def forget(engine: Engine, before: datetime) -> None:
    """Forget pairs and hours of which nothing was learnt since a time."""
    with engine.begin() as connection:
        connection.execute(delete(TravelTimeRow).where(TravelTimeRow.told_at < before))


def _learn(known: TravelTime | None, seconds: Sequence[float]) -> TravelTime:
    first = first_leg(seconds[0]) if known is None else known.with_leg(seconds[0])
    return reduce(TravelTime.with_leg, seconds[1:], first)


def _read(connection: Connection, keys: Iterable[Key]) -> Iterator[tuple[Key, TravelTime]]:
    """What is known of keys, and of others with their cameras and hours."""
    starts, hours = sorted({key.start for key in keys}), {key.hour for key in keys}
    for begin in range(0, len(starts), _AT_ONCE):
        some = starts[begin : begin + _AT_ONCE]
        for row in connection.execute(_KNOWN.where(_ROW.start.in_(some), _ROW.hour.in_(hours))):
            yield Key(*row[:3]), TravelTime(*row[3:])


def _row(key: Key, known: TravelTime, now: datetime) -> dict[str, object]:
    learnt = {"count": known.count, "middle": known.middle, "spread": known.spread}
    return {**key._asdict(), **learnt, "told_at": now}
