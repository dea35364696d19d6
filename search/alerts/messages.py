"""Messages: what is sent of an alert or of a camera, as it stands when it is sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from search.alerts.channels import Channel, channel_of
from search.alerts.states import REJECTED, WITHDRAWN
from search.registry.tables import (
    AlertChannelRow,
    AlertDeliveryRow,
    AlertHitRow,
    AlertRow,
    CameraRow,
)


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


def message_of(session: Session, row: AlertDeliveryRow) -> Message:
    """What a delivery says now."""
    if row.camera is None or row.condition is None or row.since is None:
        return _delivery(session, row)
    return Trouble(
        **_on_its_way(session, row, row.camera),
        condition=row.condition,
        since=row.since,
        is_over=row.takes_back,
    )


def _delivery(session: Session, row: AlertDeliveryRow) -> Delivery:
    hit = session.get_one(AlertHitRow, (row.sighting_id, row.list))
    alert = session.get_one(AlertRow, row.alert_id)
    is_withdrawn = row.takes_back and alert.state != REJECTED
    return Delivery(
        **_on_its_way(session, row, hit.camera),
        alert_id=alert.id,
        list=alert.list,
        severity=alert.severity,
        reason=alert.reason,
        case=alert.case,
        state=WITHDRAWN if is_withdrawn else alert.state,
        entry=hit.entry if hit.alert_id == alert.id else alert.vehicle,
        vehicle=alert.vehicle,
        at=hit.at,
        text=hit.text,
        match=hit.match,
        likelihood=hit.likelihood,
        crop=hit.crop,
    )


def _on_its_way(session: Session, row: AlertDeliveryRow, camera_id: str) -> dict[str, Any]:
    """The fields of `_OnItsWay`."""
    camera = session.get(CameraRow, camera_id)
    return {
        "id": row.id,
        "channel": channel_of(session.get_one(AlertChannelRow, row.channel)),
        "camera": camera_id,
        "camera_name": camera.name if camera else "",
        "ward": camera.ward if camera else "",
        "made_at": row.made_at,
        "attempts": row.attempts,
    }
