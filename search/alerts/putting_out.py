"""Puts out what is to be sent, and takes back what was.

It is written in the transaction of what it tells, so nothing is lost or made twice. Where a hit
turns out to be none, or a camera to be well again, those who were told are told that, and nobody
else is told at all.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from search.alerts.channels import channel_of
from search.alerts.outbox import SETTLED, WAITING
from search.registry.tables import (
    AlertChannelRow,
    AlertDeliveryRow,
    AlertHitRow,
    AlertRow,
    CameraRow,
    CameraTroubleRow,
)

LONG_AGO = timedelta(hours=24)  # that a sighting is told nobody
BEHIND = timedelta(seconds=15)  # what may be on its way just now, is taken back
_ROW = AlertDeliveryRow


def put_out(
    session: Session,
    alert: AlertRow,
    hit: AlertHitRow,
    area: str,
    now: datetime,
    is_late: bool = False,
) -> None:
    """Have a hit sent by the channels that take it; late by those that take late ones.

    What was seen long ago, such as what an import brings, is nothing to send somebody out for.
    """
    if now - hit.at > LONG_AGO:
        return
    of_alerts = select(AlertChannelRow).where(AlertChannelRow.cameras.is_(False))
    for row in session.scalars(of_alerts.where(AlertChannelRow.late == is_late)):
        if channel_of(row).takes(alert.list, alert.severity, area, hit.at):
            session.add(_of_hit(row.name, alert, hit, now))


def put_out_newest(session: Session, alert: AlertRow, now: datetime, is_late: bool = False) -> None:
    """Have the newest hit of an alert sent, as `put_out` does."""
    hits = select(AlertHitRow).where(AlertHitRow.alert_id == alert.id)
    newest = hits.order_by(AlertHitRow.withdrawn, AlertHitRow.at.desc()).limit(1)
    hit = session.scalars(newest).one()
    camera = session.get(CameraRow, hit.camera)
    put_out(session, alert, hit, camera.area if camera else "", now, is_late)


def settle(session: Session, alert_id: str) -> None:
    """Send nothing of an alert that nobody was told yet."""
    _settle(session, _ROW.alert_id == alert_id)


def take_back(
    session: Session, alert: AlertRow, now: datetime, sighting_id: str | None = None
) -> None:
    """Tell those who were told of an alert, or of one sighting of it, that it is none."""

    def none(told: AlertDeliveryRow) -> AlertDeliveryRow:
        hit = session.get_one(AlertHitRow, (told.sighting_id, told.list))
        return _of_hit(told.channel, alert, hit, now, takes_back=True)

    of = [_ROW.alert_id == alert.id]
    if sighting_id is not None:
        of.append(_ROW.sighting_id == sighting_id)
    _take_back(session, none, *of)


def put_out_trouble(session: Session, trouble: CameraTroubleRow, area: str, now: datetime) -> None:
    """Have a trouble of a camera sent by the channels that take them."""
    for row in session.scalars(select(AlertChannelRow).where(AlertChannelRow.cameras)):
        if channel_of(row).takes_cameras(area, now):
            session.add(_of_trouble(row.name, trouble, now))


def put_out_end(session: Session, trouble: CameraTroubleRow, now: datetime) -> None:
    """Tell those who were told of a trouble that it is over."""
    _take_back(
        session,
        lambda told: _of_trouble(told.channel, trouble, now, takes_back=True),
        _ROW.camera == trouble.camera,
        _ROW.since == trouble.since,
    )


def is_told(session: Session, alert_id: str, camera: str) -> bool:
    """Whether a sighting of an alert at a camera was told already, and not taken back."""
    hits = select(func.count()).where(
        AlertHitRow.alert_id == alert_id,
        AlertHitRow.camera == camera,
        AlertHitRow.withdrawn.is_(False),
    )
    return bool(session.scalar(hits))


def _settle(session: Session, *of: ColumnElement[bool]) -> Sequence[AlertDeliveryRow]:
    """Send nothing more of what nobody was told yet; what may have come."""
    open_ones = (*of, _ROW.takes_back.is_(False), _ROW.state != SETTLED)
    untold = update(_ROW).where(*open_ones, _ROW.state == WAITING, _ROW.attempts == 0)
    session.execute(untold.values(state=SETTLED))  # nobody takes one of them from here on
    told = select(_ROW).where(*open_ones).order_by(_ROW.made_at).with_for_update()
    return session.scalars(told).all()


def _take_back(
    session: Session,
    otherwise: Callable[[AlertDeliveryRow], AlertDeliveryRow],
    *of: ColumnElement[bool],
) -> None:
    """Settle deliveries, and put out by each channel what takes back the last one that came."""
    told = _settle(session, *of)
    for delivery in {row.channel: row for row in told}.values():
        row = otherwise(delivery)
        row.next_at += BEHIND if delivery.state == WAITING else timedelta()
        session.add(row)
    for delivery in told:
        delivery.state = SETTLED


def _of_hit(
    channel: str, alert: AlertRow, hit: AlertHitRow, now: datetime, takes_back: bool = False
) -> AlertDeliveryRow:
    key = (channel, hit.sighting_id, hit.list, hit.number, alert.id, alert.version, takes_back)
    row = _new(channel, key, now, takes_back)
    row.alert_id, row.sighting_id, row.list = alert.id, hit.sighting_id, hit.list
    return row


def _of_trouble(
    channel: str, trouble: CameraTroubleRow, now: datetime, takes_back: bool = False
) -> AlertDeliveryRow:
    key = (channel, trouble.camera, trouble.since.timestamp(), takes_back)
    row = _new(channel, key, now, takes_back)
    row.camera, row.condition, row.since = trouble.camera, trouble.condition, trouble.since
    return row


def _new(channel: str, key: Sequence[object], now: datetime, takes_back: bool) -> AlertDeliveryRow:
    """A delivery whose id is made from a key."""
    return AlertDeliveryRow(
        id=sha256("\x1f".join(map(str, key)).encode()).hexdigest()[:32],
        channel=channel,
        alert_id="",
        sighting_id="",
        list="",
        takes_back=takes_back,
        made_at=now,
        next_at=now,
        state=WAITING,
        attempts=0,
        trouble="",
    )
