"""Writes hits down as alerts, each once, however often a passage is reported."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from lpr.passages import Passage
from search.alerts.outbox import is_told, put_out
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

    The first sighting of an alert, and the first at each further camera, are put out to be sent.

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
                _better(session, row, hit, now)
        for passage, name in gone:
            row = session.get(AlertHitRow, (passage.id, name))
            if row is not None and extent(passage) > row.extent:
                row.text, row.extent, row.withdrawn = passage.text, extent(passage), True
                row.number = _next(session)
                _leave(session, row.alert_id, now)


def _add(session: Session, hit: Hit, area: str, now: datetime) -> None:
    alert = _alert_of(session, hit, now)
    was_told = is_told(session, alert.id, hit.passage.camera)
    row = AlertHitRow(
        sighting_id=hit.passage.id,
        list=hit.found.list.name,
        alert_id=alert.id,
        camera=hit.passage.camera,
        at=hit.passage.at,
    )
    _fill(session, row, hit)
    session.add(row)
    session.flush()
    if not was_told:
        put_out(session, alert, row, area, now)


def _better(session: Session, row: AlertHitRow, hit: Hit, now: datetime) -> None:
    """Put a report that says more in place; it may be of another vehicle."""
    before = row.alert_id
    alert = session.get(AlertRow, before)
    if alert is None or alert.vehicle != hit.found.text:
        row.alert_id = _alert_of(session, hit, now).id
    _fill(session, row, hit)
    session.flush()
    if row.alert_id != before:
        _leave(session, before, now)


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
    alert = AlertRow(
        id=sha256(key.encode()).hexdigest()[:_ID_LENGTH],
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


def _leave(session: Session, alert_id: str, now: datetime) -> None:
    """Take an alert back that no sighting is left of and that nobody has judged."""
    session.flush()
    left = select(func.count()).where(
        AlertHitRow.alert_id == alert_id, AlertHitRow.withdrawn.is_(False)
    )
    alert = session.get(AlertRow, alert_id)
    if alert is None or alert.state not in UNJUDGED or session.scalar(left):
        return
    alert.state, alert.version = WITHDRAWN, alert.version + 1
    session.add(
        AlertChangeRow(alert_id=alert_id, at=now, who=NOBODY, state=WITHDRAWN, why="read anew")
    )


def _next(session: Session) -> int:
    return (session.scalar(select(func.max(AlertHitRow.number))) or 0) + 1
