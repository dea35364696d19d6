"""What is to be sent of alerts, and how it stands.

A delivery is written in the transaction of its hit, so none is lost or made twice. Whoever sends it
takes it for a while; one that ends before it says so is sent again, under the same id. Where a hit
turns out to be none, those who were told are told that, and nobody else is told at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from search.alerts.channels import Channel, channel_of
from search.alerts.states import REJECTED, WITHDRAWN
from search.registry.tables import (
    AlertChannelRow,
    AlertDeliveryRow,
    AlertHitRow,
    AlertRow,
    CameraRow,
    CameraTroubleRow,
)

WAITING, SENT, DEAD = "waiting", "sent", "dead"
SETTLED = "settled"  # nobody needs it any more, or what was sent is taken back
TAKEN = timedelta(seconds=60)  # that whoever takes a delivery has, before another one may
FIRST, LONGEST = timedelta(seconds=5), timedelta(minutes=5)  # pauses between attempts
REST = timedelta(seconds=30)  # at most, that a channel is left alone after a failure
LONG_AGO = timedelta(hours=24)  # that a sighting is told nobody
GIVEN_UP = timedelta(hours=24)  # after which it is set aside
BEHIND = timedelta(seconds=15)  # what may be on its way just now, is taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class _OnItsWay:
    """What is on its way.

    Attributes:
        id: the same however often it is sent.
        channel: that it goes by.
        camera, camera_name, ward: of which it tells.
        made_at: when it was put out, aware UTC.
        attempts: with this one.
    """

    id: str
    channel: Channel
    camera: str
    camera_name: str
    ward: str
    made_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble(_OnItsWay):
    """A trouble of a camera.

    Attributes:
        condition: what it is; see `search.health.cameras`.
        since: when it was first noticed, aware UTC.
        is_over: whether the camera is well again.
    """

    condition: str
    since: datetime
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(_OnItsWay):
    """A hit on its way.

    Attributes:
        alert_id, list, severity, reason, case: of the alert.
        state: of the alert; rejected or withdrawn where this takes back what was sent.
        entry, vehicle: what is looked for, and the plate that it then is.
        at, text, match, likelihood, crop: of the hit.
    """

    alert_id: str
    list: str
    severity: str
    reason: str
    case: str
    state: str
    entry: str
    vehicle: str
    at: datetime
    text: str
    match: str
    likelihood: float
    crop: str | None


Message = Delivery | Trouble


@dataclass(frozen=True, slots=True)
class Unsent:
    """A delivery that was not sent yet, or never will be."""

    id: str
    channel: str
    state: str
    made_at: datetime
    attempts: int
    trouble: str


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
            session.add(_row(row.name, alert, hit, now))


def put_out_trouble(
    session: Session, trouble: CameraTroubleRow, area: str, now: datetime, is_over: bool
) -> None:
    """Have a trouble of a camera sent by the channels that take them, or that it is over."""
    for row in session.scalars(select(AlertChannelRow).where(AlertChannelRow.cameras)):
        if channel_of(row).takes_cameras(area, now):
            key = (row.name, trouble.camera, trouble.since.timestamp(), is_over)
            delivery = _new(row.name, key, now, takes_back=is_over)
            delivery.camera, delivery.condition = trouble.camera, trouble.condition
            delivery.since = trouble.since
            session.add(delivery)


def put_out_newest(session: Session, alert: AlertRow, now: datetime, is_late: bool = False) -> None:
    """Have the newest hit of an alert sent, as `put_out` does."""
    hits = select(AlertHitRow).where(AlertHitRow.alert_id == alert.id)
    newest = hits.order_by(AlertHitRow.withdrawn, AlertHitRow.at.desc()).limit(1)
    hit = session.scalars(newest).one()
    camera = session.get(CameraRow, hit.camera)
    put_out(session, alert, hit, camera.area if camera else "", now, is_late)


def settle(
    session: Session, alert_id: str, sighting_id: str | None = None
) -> list[AlertDeliveryRow]:
    """Send nothing more of an alert, or of one sighting of it; those that may have come."""
    row = AlertDeliveryRow
    of = [row.alert_id == alert_id, row.takes_back.is_(False), row.state != SETTLED]
    if sighting_id is not None:
        of.append(row.sighting_id == sighting_id)
    untold = update(row).where(*of, row.state == WAITING, row.attempts == 0)
    session.execute(untold.values(state=SETTLED))  # nobody takes one of them from here on
    return list(session.scalars(select(row).where(*of).order_by(row.made_at).with_for_update()))


def take_back(
    session: Session, alert: AlertRow, now: datetime, sighting_id: str | None = None
) -> None:
    """Tell those who were told of an alert, or of one sighting of it, that it is none.

    What nobody was told yet is not sent any more.
    """
    told = settle(session, alert.id, sighting_id)
    for delivery in {row.channel: row for row in told}.values():  # the last one of each channel
        hit = session.get_one(AlertHitRow, (delivery.sighting_id, delivery.list))
        row = _row(delivery.channel, alert, hit, now, takes_back=True)
        row.next_at += BEHIND if delivery.state == WAITING else timedelta()
        session.add(row)
    for delivery in told:
        delivery.state = SETTLED


def take_next(engine: Engine, now: datetime) -> Message | None:
    """Take the delivery that was tried least, and has waited longest, of those that are due."""
    row = AlertDeliveryRow
    due = select(row.id, row.next_at).where(row.state == WAITING, row.next_at <= now)
    due = due.order_by(row.attempts, row.next_at).limit(1)  # what fails holds no other one up
    while True:
        with Session(engine) as session, session.begin():
            found = session.execute(due).first()
            if found is None:
                return None
            taken = session.execute(
                update(row)
                .where(row.id == found.id, row.state == WAITING, row.next_at == found.next_at)
                .values(next_at=now + TAKEN, attempts=row.attempts + 1)
            )
            if taken.rowcount:  # type: ignore[attr-defined]  # of an UPDATE
                return _message(session, found.id)


def note_sent(engine: Engine, delivery: Message) -> None:
    """Write down that a delivery came."""
    row = AlertDeliveryRow
    came = update(row).where(row.id == delivery.id, row.state == WAITING)  # and not settled
    with Session(engine) as session, session.begin():
        session.execute(came.values(state=SENT, trouble=""))


def note_failed(engine: Engine, delivery: Message, trouble: str, now: datetime) -> None:
    """Write down that it did not come; it is tried again, later and later, for a day."""
    pause = min(LONGEST, FIRST * 2 ** min(delivery.attempts - 1, 10))
    state = DEAD if now - delivery.made_at > GIVEN_UP else WAITING
    row, rests = AlertDeliveryRow, now + min(pause, REST)
    with Session(engine) as session, session.begin():
        session.execute(
            update(row)
            .where(row.channel == delivery.channel.name, row.state == WAITING, row.next_at < rests)
            .values(next_at=rests)
        )
        values = {"state": state, "trouble": trouble[:500], "next_at": now + pause}
        failed = update(row).where(row.id == delivery.id, row.state == WAITING)
        session.execute(failed.values(**values))


def list_unsent(engine: Engine, state: str | None = None) -> list[Unsent]:
    """What waits and what was given up, oldest first."""
    row = AlertDeliveryRow
    query = select(row).where(row.state == state if state else row.state.in_((WAITING, DEAD)))
    with Session(engine) as session:
        return [
            Unsent(r.id, r.channel, r.state, r.made_at, r.attempts, r.trouble)
            for r in session.scalars(query.order_by(row.made_at, row.id))
        ]


def send_again(engine: Engine, now: datetime) -> int:
    """Have all that was given up tried again, for another day; how many."""
    values = {"state": WAITING, "next_at": now, "made_at": now, "attempts": 0}
    with Session(engine) as session, session.begin():
        dead = update(AlertDeliveryRow).where(AlertDeliveryRow.state == DEAD).values(**values)
        return int(session.execute(dead).rowcount)  # type: ignore[attr-defined]  # of an UPDATE


def is_told(session: Session, alert_id: str, camera: str) -> bool:
    """Whether a sighting of an alert at a camera was told already, and not taken back."""
    hits = select(func.count()).where(
        AlertHitRow.alert_id == alert_id,
        AlertHitRow.camera == camera,
        AlertHitRow.withdrawn.is_(False),
    )
    return bool(session.scalar(hits))


def _row(
    channel: str, alert: AlertRow, hit: AlertHitRow, now: datetime, takes_back: bool = False
) -> AlertDeliveryRow:
    key = (channel, hit.sighting_id, hit.list, hit.number, alert.id, alert.version, takes_back)
    row = _new(channel, key, now, takes_back)
    row.alert_id, row.sighting_id, row.list = alert.id, hit.sighting_id, hit.list
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


def _message(session: Session, delivery_id: str) -> Message:
    row = session.get_one(AlertDeliveryRow, delivery_id)
    channel = channel_of(session.get_one(AlertChannelRow, row.channel))
    if row.camera is None or row.condition is None or row.since is None:
        return _delivery(session, row, channel)
    camera = session.get(CameraRow, row.camera)
    return Trouble(
        id=row.id,
        channel=channel,
        camera=row.camera,
        camera_name=camera.name if camera else "",
        ward=camera.ward if camera else "",
        condition=row.condition,
        since=row.since,
        is_over=row.takes_back,
        made_at=row.made_at,
        attempts=row.attempts,
    )


def _delivery(session: Session, row: AlertDeliveryRow, channel: Channel) -> Delivery:
    hit = session.get_one(AlertHitRow, (row.sighting_id, row.list))
    alert = session.get_one(AlertRow, row.alert_id)
    is_withdrawn = row.takes_back and alert.state != REJECTED
    camera = session.get(CameraRow, hit.camera)
    return Delivery(
        id=row.id,
        channel=channel,
        alert_id=alert.id,
        list=alert.list,
        severity=alert.severity,
        reason=alert.reason,
        case=alert.case,
        state=WITHDRAWN if is_withdrawn else alert.state,
        entry=hit.entry if hit.alert_id == alert.id else alert.vehicle,
        vehicle=alert.vehicle,
        camera=hit.camera,
        camera_name=camera.name if camera else "",
        ward=camera.ward if camera else "",
        at=hit.at,
        text=hit.text,
        match=hit.match,
        likelihood=hit.likelihood,
        crop=hit.crop,
        made_at=row.made_at,
        attempts=row.attempts,
    )
