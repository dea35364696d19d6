"""Channels: where alerts are sent, and which."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from search.alerts.matcher import is_within
from search.errors import AlertError
from search.registry.tables import AlertChannelRow, AlertDeliveryRow
from search.watchlists.entry import HOURS, SEVERITIES

WEBHOOK, MAIL, MQTT = "webhook", "mail", "mqtt"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")


@dataclass(frozen=True, slots=True)
class Channel:
    """Where some alerts are sent.

    Attributes:
        name: for people.
        kind: `webhook`, `mail` or `mqtt`.
        address: URL, address of mail, or `mqtt(s)://[USER@]HOST[:PORT]/TOPIC`.
        key: that a webhook is signed with.
        lists: names of watchlists; empty for all.
        areas: kinds of area of cameras; empty for all.
        hours: of the day in Hanoi, such as `22:00-05:00`; empty for all.
        severity: the least that is sent.
        late: whether it takes those that nobody looked at in time, and no others.
        cameras: whether it takes troubles of cameras, and no alerts.
    """

    name: str
    kind: str
    address: str
    key: str = ""
    lists: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    hours: str = ""
    severity: str = "low"
    late: bool = False
    cameras: bool = False

    def takes_cameras(self, area: str, at: datetime) -> bool:
        """Whether a trouble of a camera is sent, by its area and the time."""
        return (not self.areas or area in self.areas) and is_within(self.hours, at)

    def takes(self, name: str, severity: str, area: str, at: datetime) -> bool:
        """Whether an alert of a list is sent, by its severity, its camera's area and its time."""
        return (
            (not self.lists or name in self.lists)
            and SEVERITIES.index(severity) >= SEVERITIES.index(self.severity)
            and (not self.areas or area in self.areas)
            and is_within(self.hours, at)
        )


def add_channel(engine: Engine, channel: Channel) -> Channel:
    """Keep a channel; a webhook is given its key.

    Raises:
        AlertError: there is one of that name, or its address or hours cannot be.
    """
    if not _NAME.fullmatch(channel.name):
        raise AlertError(f"name: expected letters, digits, . _ and -, got {channel.name!r:.40}")
    if channel.hours and not HOURS.fullmatch(channel.hours):
        raise AlertError(f"hours: expected such as 22:00-05:00, got {channel.hours!r:.40}")
    if channel.cameras and (channel.late or channel.lists or channel.severity != SEVERITIES[0]):
        raise AlertError("a channel for cameras has no lists, no severity and is not late")
    key = secrets.token_hex() if channel.kind == WEBHOOK else ""
    if channel.kind == WEBHOOK:
        _check_url("webhook", channel.address, ("http", "https"))
    elif channel.kind == MQTT:
        _check_url("mqtt", channel.address, ("mqtt", "mqtts"))
        if not urlsplit(channel.address).path.strip("/"):
            raise AlertError(f"mqtt: expected a topic behind the port, got {channel.address!r}")
    elif not _MAIL.fullmatch(channel.address):
        raise AlertError(f"mail: expected such as duty@example.vn, got {channel.address!r:.40}")
    with Session(engine) as session, session.begin():
        if session.get(AlertChannelRow, channel.name) is not None:
            raise AlertError(f"there is a channel {channel.name!r} already: remove it first")
        session.add(
            AlertChannelRow(
                name=channel.name,
                kind=channel.kind,
                address=channel.address,
                key=key,
                lists="\n".join(channel.lists),
                areas=" ".join(channel.areas),
                hours=channel.hours,
                severity=channel.severity,
                late=channel.late,
                cameras=channel.cameras,
            )
        )
    return find_channel(engine, channel.name)


def list_channels(engine: Engine) -> list[Channel]:
    """Every channel, by name."""
    with Session(engine) as session:
        return [channel_of(row) for row in session.scalars(select(AlertChannelRow))]


def find_channel(engine: Engine, name: str) -> Channel:
    """One by its name.

    Raises:
        AlertError: there is none.
    """
    with Session(engine) as session:
        row = session.get(AlertChannelRow, name)
        if row is None:
            raise AlertError(f"there is no channel {name!r}: see platetrail channels list")
        return channel_of(row)


def remove_channel(engine: Engine, name: str) -> None:
    """Send nothing more by a channel, nor what still waits for it.

    Raises:
        AlertError: there is none.
    """
    find_channel(engine, name)
    with Session(engine) as session, session.begin():
        session.execute(delete(AlertDeliveryRow).where(AlertDeliveryRow.channel == name))
        session.execute(delete(AlertChannelRow).where(AlertChannelRow.name == name))


def channel_of(row: AlertChannelRow) -> Channel:
    """A row of the registry as a channel."""
    return Channel(
        row.name,
        row.kind,
        row.address,
        row.key,
        tuple(row.lists.splitlines()),
        tuple(row.areas.split()),
        row.hours,
        row.severity,
        row.late,
        row.cameras,
    )


def _check_url(what: str, url: str, schemes: tuple[str, str]) -> None:
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one or not url.isascii() or not url.isprintable() or len(url) > 500:
        raise AlertError(f"{what}: expected {schemes[0]}(s)://HOST:PORT/PATH, got {url!r:.80}")
    if parts.password:
        raise AlertError(f"{what}: the password does not belong into the address")
