"""Troubles of cameras: told once when they last, and once when they are over.

What a machine says now may be otherwise in a minute. So a camera has to be ill for a while before
anybody is told, and well for a while before that is taken back; what was told stands in the
registry, so that no process that is started tells it again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from search.alerts.putting_out import put_out_end, put_out_trouble
from search.cameras import list_cameras
from search.health.cameras import ORDER, Condition, camera_states
from search.health.keeping import list_machines
from search.registry.tables import AlertChannelRow, CameraTroubleRow
from search.registry.writing import write_alone

TROUBLES: frozenset[Condition] = frozenset({"down", "silent", "blind"})
WELL: frozenset[Condition] = frozenset({"good", "few", "finished"})


def tell_troubles(engine: Engine, health_file: Path, after: timedelta, now: datetime) -> int:
    """Put out what lasts, for the channels that take troubles of cameras; how many cameras.

    Args:
        engine: of the registry.
        health_file: that `platetrail watch` of this machine writes.
        after: how long a camera has to be ill or well.
        now: aware.
    """
    asked = select(func.count()).where(AlertChannelRow.cameras)
    with Session(engine) as session:
        if not session.scalar(asked):
            return 0
    cameras = {camera.id: camera for camera in list_cameras(engine)}
    machines = list_machines(engine, health_file, now)
    conditions: dict[str, Condition] = {}
    for state in camera_states(cameras, machines, None, now):
        if state.id in cameras:
            conditions[state.id] = state.condition  # the best one, if several machines tell of it
    areas = {camera.id: camera.area for camera in cameras.values()}
    with Session(engine) as session, session.begin():
        write_alone(session.connection(), CameraTroubleRow)
        return _note(session, conditions, areas, after, now)


def _note(
    session: Session,
    conditions: Mapping[str, Condition],
    areas: Mapping[str, str],
    after: timedelta,
    now: datetime,
) -> int:
    known = {row.camera: row for row in session.scalars(select(CameraTroubleRow))}
    told = 0
    for name, condition in sorted(conditions.items(), key=lambda one: ORDER.index(one[1])):
        row = known.get(name)
        if condition in TROUBLES:
            if row is None:
                row = CameraTroubleRow(camera=name, condition=condition, since=now)
                session.add(row)
            row.well_since = None
            if row.told_at is None:
                row.condition = condition
            if row.told_at is None and now - row.since >= after:
                row.told_at = now
                put_out_trouble(session, row, areas[name], now)
                told += 1
        elif row is not None and condition in WELL:
            row.well_since = row.well_since or now
            if row.told_at is not None and now - row.well_since < after:
                continue
            if row.told_at is not None:
                put_out_end(session, row, now)
                told += 1
            session.delete(row)
    return told
