"""Alerts as people see and change them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from search.alerts.putting_out import put_out_newest, settle, take_back
from search.alerts.states import CLOSED, NEXT, REJECTED, SEEN
from search.errors import AlertError
from search.registry.tables import AlertChangeRow, AlertHitRow, AlertRow
from search.watchlists.entry import CLONES


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody made of an alert: when (aware UTC), the new state, and why."""

    at: datetime
    who: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class AlertHit:
    """A sighting that hit a list.

    Attributes:
        alert_id, list, state: of its alert.
        sighting_id, camera, at: of the sighting.
        entry: plate or pattern of the list.
        text: that was read.
        match, likelihood: how it hit, and how probable it is to be right.
        withdrawn: whether a later report of the passage says that it is none.
        crop: SHA-256 name of the picture of the plate.
        number: grows with every hit that comes or changes.
    """

    alert_id: str
    list: str
    state: str
    sighting_id: str
    camera: str
    at: datetime
    entry: str
    text: str
    match: str
    likelihood: float
    withdrawn: bool
    crop: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Alert:
    """A vehicle that a list looks for was perhaps seen, once or several times.

    Attributes:
        id: stable.
        list, severity, reason, case: of the entry, as they were then.
        vehicle: plate that it is, in normal form, if it is right.
        state: one of `search.alerts.states`.
        raised_at: when it was, aware UTC.
        version: grows with every change by a person.
        hits: its sightings, newest first.
    """

    id: str
    list: str
    vehicle: str
    state: str
    severity: str
    reason: str
    case: str
    raised_at: datetime
    version: int
    hits: tuple[AlertHit, ...]


_HIT = tuple(field.name for field in fields(AlertHit) if field.name != "state")
_ALERT = tuple(field.name for field in fields(Alert) if field.name != "hits")


def list_hits(
    engine: Engine,
    start: datetime | None = None,
    end: datetime | None = None,
    name: str | None = None,
) -> list[AlertHit]:
    """Hits of a span of `at`, oldest first: of a list, or of all watchlists."""
    query = select(AlertHitRow, AlertRow.state).join(AlertRow, AlertRow.id == AlertHitRow.alert_id)
    if start is not None:
        query = query.where(AlertHitRow.at >= start)
    if end is not None:
        query = query.where(AlertHitRow.at < end)
    query = query.where(AlertHitRow.list == name if name else AlertHitRow.list != CLONES)
    query = query.order_by(AlertHitRow.at, AlertHitRow.sighting_id, AlertHitRow.list)
    with Session(engine) as session:
        return [_hit(row, state) for row, state in session.execute(query)]


def list_alerts(
    engine: Engine, states: Sequence[str], limit: int, without: Collection[str] = ()
) -> list[Alert]:
    """The alerts in some states, those that were hit last first, without those of some lists."""
    query = select(AlertRow).where(AlertRow.state.in_(states), AlertRow.list.not_in(without))
    query = query.order_by(AlertRow.last_at.desc(), AlertRow.id).limit(limit)
    with Session(engine) as session:
        rows = list(session.scalars(query))
        hits = select(AlertHitRow).where(AlertHitRow.alert_id.in_([row.id for row in rows]))
        of: defaultdict[str, list[AlertHitRow]] = defaultdict(list)
        for hit in session.scalars(hits.order_by(AlertHitRow.at.desc())):
            of[hit.alert_id].append(hit)
        return [_alert(row, of[row.id]) for row in rows]


def find_alert(engine: Engine, alert_id: str) -> Alert | None:
    """One alert by its id."""
    with Session(engine) as session:
        row = session.get(AlertRow, alert_id)
        if row is None:
            return None
        hits = select(AlertHitRow).where(AlertHitRow.alert_id == alert_id)
        return _alert(row, session.scalars(hits.order_by(AlertHitRow.at.desc())))


def list_steps(engine: Engine, alert_id: str) -> list[Step]:
    """What was made of an alert, oldest first."""
    query = select(AlertChangeRow).where(AlertChangeRow.alert_id == alert_id)
    with Session(engine) as session:
        rows = session.scalars(query.order_by(AlertChangeRow.id))
        return [Step(row.at, row.who, row.state, row.why) for row in rows]


def newest_number(engine: Engine) -> int:
    """Number of the newest hit; 0 where there is none."""
    with engine.connect() as connection:
        return connection.scalar(select(func.max(AlertHitRow.number))) or 0


def change_alert(
    engine: Engine, alert: Alert, state: str, who: str, why: str, now: datetime
) -> None:
    """Make something of an alert, and write down who did.

    Those who were told of it are told where it is rejected, and where that is taken back.

    Args:
        engine: of the registry.
        alert: as whoever changes it has seen it.
        state: what it becomes.
        who: their account.
        why: in their words, or one of `search.alerts.states.REJECTIONS`.
        now: aware.

    Raises:
        AlertError: somebody else changed it meanwhile, or it cannot become that.
    """
    if state not in NEXT[alert.state]:
        raise AlertError(f"an alert that is {alert.state} cannot become {state}")
    with Session(engine) as session, session.begin():
        changed = session.execute(
            update(AlertRow)
            .where(AlertRow.id == alert.id, AlertRow.version == alert.version)
            .values(state=state, version=alert.version + 1)
        )
        if not changed.rowcount:  # type: ignore[attr-defined]  # of an UPDATE
            steps = select(AlertChangeRow).where(AlertChangeRow.alert_id == alert.id)
            last = session.scalars(steps.order_by(AlertChangeRow.id.desc()).limit(1)).first()
            by = f"{last.who} made it {last.state}" if last else "it was changed"
            raise AlertError(f"{by} before you: look again")
        session.add(AlertChangeRow(alert_id=alert.id, at=now, who=who, state=state, why=why[:500]))
        row = session.get_one(AlertRow, alert.id)
        if state == REJECTED:
            take_back(session, row, now)
        elif state == CLOSED:
            settle(session, alert.id)
        elif alert.state == REJECTED:
            put_out_newest(session, row, now)


def note_seen(engine: Engine, alert: Alert, who: str, now: datetime) -> None:
    """Write down who first looked at an alert; that somebody else was quicker is no matter."""
    try:
        change_alert(engine, alert, SEEN, who, "", now)
    except AlertError:
        return


def _hit(row: AlertHitRow, state: str) -> AlertHit:
    return AlertHit(state=state, **{name: getattr(row, name) for name in _HIT})


def _alert(row: AlertRow, hits: Iterable[AlertHitRow]) -> Alert:
    own = {name: getattr(row, name) for name in _ALERT}
    return Alert(hits=tuple(_hit(hit, row.state) for hit in hits), **own)
