"""Writes hits down as alerts, each once, however often a passage is reported."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from lpr.passages import Passage
from search.alerts.putting_out import is_told, put_out, take_back
from search.alerts.states import AT_WORK, NEW, UNJUDGED, WITHDRAWN
from search.alerts.weighing import Hit
from search.registry.tables import AlertChangeRow, AlertHitRow, AlertRow
from search.registry.writing import write_alone
from search.reports import OPEN, extent

FOLLOWED = timedelta(hours=2)  # after a hit, in which the next one is of the same alert
NOBODY = "platetrail"  # who changes an alert where no person does
_ID_LENGTH = 32  # hexadecimal digits


def open_hits(engine: Engine) -> dict[str, frozenset[str]]:
    """The lists that sightings hit whose passages were still going on, by their ids."""
    query = select(AlertHitRow.sighting_id, AlertHitRow.list).where(AlertHitRow.extent == OPEN)
    found: dict[str, frozenset[str]] = {}
    with engine.connect() as connection:
        for sighting_id, name in connection.execute(query):
            found[sighting_id] = found.get(sighting_id, frozenset()) | {name}
    return found


def raise_hits(
    engine: Engine,
    hits: Sequence[Hit],
    gone: Iterable[tuple[Passage, str]],
    areas: Mapping[str, str],
    now: datetime,
) -> None:
    """Write hits down, all or none; those that are known are bettered or stay.

    The first sighting of an alert, and the first at each further camera, are put out to be sent; of
    one that turns out to be none before anybody judged, what was sent is taken back.

    Args:
        engine: of the registry.
        hits: in the order in which they came.
        gone: passages that hit a list (its name) by an earlier report, and do not any more.
        areas: kind of area of each camera that is known.
        now: aware.
    """
    with Session(engine) as session, session.begin():
        write_alone(session.connection(), AlertHitRow)
        for hit in hits:
            row = session.get(AlertHitRow, (hit.passage.id, hit.found.list.name))
            if row is None:
                _add(session, hit, areas.get(hit.passage.camera, ""), now)
            elif extent(hit.passage) > row.extent:
                _better(session, row, hit, areas.get(hit.passage.camera, ""), now)
        for passage, name in gone:
            row = session.get(AlertHitRow, (passage.id, name))
            if row is not None and extent(passage) > row.extent:
                row.text, row.extent, row.withdrawn = passage.text, extent(passage), True
                row.number = _next(session)
                _leave(session, row.alert_id, passage.id, now)


def _add(session: Session, hit: Hit, area: str, now: datetime) -> None:
    row = AlertHitRow(
        sighting_id=hit.passage.id,
        list=hit.found.list.name,
        camera=hit.passage.camera,
        at=hit.passage.at,
    )
    _place(session, row, _alert_of(session, hit, now), hit, area, now)


def _better(session: Session, row: AlertHitRow, hit: Hit, area: str, now: datetime) -> None:
    """Put a report that says more in place; it may be of another vehicle."""
    before = session.get_one(AlertRow, row.alert_id)
    if before.vehicle == hit.found.text and not row.withdrawn:
        _fill(session, row, hit)
        return
    alert = _alert_of(session, hit, now)
    _place(session, row, alert, hit, area, now)
    if alert.id != before.id:
        _leave(session, before.id, row.sighting_id, now)


def _place(
    session: Session, row: AlertHitRow, alert: AlertRow, hit: Hit, area: str, now: datetime
) -> None:
    """Put a hit under an alert, and out to be sent where none of this camera was."""
    was_told = is_told(session, alert.id, row.camera)
    row.alert_id = alert.id
    _fill(session, row, hit)
    session.add(row)
    session.flush()
    if alert.state in AT_WORK and not was_told:
        put_out(session, alert, row, area, now)


def _fill(session: Session, row: AlertHitRow, hit: Hit) -> None:
    row.entry, row.match = hit.found.entry.plate, hit.found.match
    row.text, row.likelihood, row.crop = hit.passage.text, hit.likelihood, hit.passage.crop
    row.extent, row.withdrawn, row.number = extent(hit.passage), False, _next(session)


def _alert_of(session: Session, hit: Hit, now: datetime) -> AlertRow:
    """The alert that is at work for this vehicle about then, or a new one."""
    at, name = hit.passage.at, hit.found.list.name
    found = session.scalars(
        select(AlertRow)
        .where(AlertRow.list == name, AlertRow.vehicle == hit.found.text)
        .where(AlertRow.state.in_(AT_WORK))
        .where(AlertRow.first_at <= at + FOLLOWED, AlertRow.last_at >= at - FOLLOWED)
        .order_by(AlertRow.last_at.desc())
        .limit(1)
    ).first()
    if found is not None:
        found.first_at, found.last_at = min(found.first_at, at), max(found.last_at, at)
        return found
    key = "\x1f".join((name, hit.found.text, hit.passage.id))
    alert_id = sha256(key.encode()).hexdigest()[:_ID_LENGTH]
    if (before := session.get(AlertRow, alert_id)) is not None:
        if before.state == WITHDRAWN:
            _become(session, before, NEW, now)
        return before
    alert = AlertRow(
        id=alert_id,
        list=name,
        vehicle=hit.found.text,
        state=NEW,
        severity=hit.found.list.severity,
        reason=hit.found.entry.reason,
        case=hit.found.entry.case,
        first_at=at,
        last_at=at,
        raised_at=now,
        version=1,
    )
    session.add(alert)
    session.flush()
    return alert


def _leave(session: Session, alert_id: str, sighting_id: str, now: datetime) -> None:
    """Take a sighting of an alert back that nobody has judged, and the alert if none is left."""
    session.flush()
    alert = session.get_one(AlertRow, alert_id)
    if alert.state not in UNJUDGED:
        return
    left = select(func.count()).where(
        AlertHitRow.alert_id == alert_id, AlertHitRow.withdrawn.is_(False)
    )
    take_back(session, alert, now, sighting_id)
    if not session.scalar(left):
        _become(session, alert, WITHDRAWN, now)


def _become(session: Session, alert: AlertRow, state: str, now: datetime) -> None:
    alert.state, alert.version = state, alert.version + 1
    session.add(AlertChangeRow(alert_id=alert.id, at=now, who=NOBODY, state=state, why="read anew"))


def _next(session: Session) -> int:
    return (session.scalar(select(func.max(AlertHitRow.number))) or 0) + 1
