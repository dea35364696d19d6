"""Alerts that nobody looks at are passed up after a while."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from search.alerts.putting_out import put_out_newest
from search.alerts.raising import NOBODY
from search.alerts.states import NEW
from search.registry.tables import AlertChangeRow, AlertHitRow, AlertRow
from search.registry.writing import write_alone

LATE = "late"  # why, in the history of an alert


def pass_up(engine: Engine, after: timedelta, now: datetime) -> int:
    """Send alerts that nobody has looked at to the channels for late ones, each once; how many."""
    late = select(AlertRow).where(
        AlertRow.state == NEW, AlertRow.late_at.is_(None), AlertRow.raised_at <= now - after
    )
    with Session(engine) as session, session.begin():
        if session.scalars(late.limit(1)).first() is None:
            return 0
        write_alone(session.connection(), AlertHitRow)
        alerts = list(session.scalars(late))
        for alert in alerts:
            alert.late_at = now
            session.add(AlertChangeRow(alert_id=alert.id, at=now, who=NOBODY, state=NEW, why=LATE))
            put_out_newest(session, alert, now, is_late=True)
    return len(alerts)
