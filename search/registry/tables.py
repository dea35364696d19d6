"""Tables of the registry. Times are aware UTC; see `search.registry.migrations` for changes."""

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, ForeignKey, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

_UNKEPT = re.compile("[\0\ud800-\udfff]")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite itself keeps no offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Text(TypeDecorator[str]):
    """Text up to a length, sorted by its characters' numbers in every database.

    What PostgreSQL or UTF-8 cannot keep, the character NUL and half of a surrogate pair, is kept
    and looked for as U+FFFD, so that nobody breaks a page by typing it.
    """

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Not by the language of the database, which differs from machine to machine."""
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(self.length, collation=collation))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Store what every database takes."""
        return None if value is None else _UNKEPT.sub("\N{REPLACEMENT CHARACTER}", value)


class Base(DeclarativeBase):
    """Of every table."""


class CameraRow(Base):
    """A camera: place in WGS 84 degrees, heading in compass degrees or NULL for both ways."""

    __tablename__ = "cameras"

    id: Mapped[str] = mapped_column(Text(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text(200))
    lat: Mapped[float]
    lon: Mapped[float]
    heading: Mapped[float | None]
    area: Mapped[str] = mapped_column(Text(16))
    ward: Mapped[str] = mapped_column(Text(100), index=True)
    district: Mapped[str] = mapped_column(Text(100), default="")


class RoadRow(Base):
    """A piece of road between two junctions.

    `points` is float64 little-endian lon, lat, lon, lat, ... in WGS 84 degrees, in driving order.
    """

    __tablename__ = "roads"

    id: Mapped[str] = mapped_column(Text(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text(200), default="")
    from_node: Mapped[str] = mapped_column(Text(64))
    to_node: Mapped[str] = mapped_column(Text(64))
    length_m: Mapped[float]
    speed_kmh: Mapped[float]
    oneway: Mapped[bool]
    road_class: Mapped[str] = mapped_column(Text(32), default="")
    points: Mapped[bytes] = mapped_column(LargeBinary)
    tags: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class AccountRow(Base):
    """Somebody who may sign in."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(Text(64), unique=True)
    full_name: Mapped[str] = mapped_column(Text(200), default="")
    password_hash: Mapped[str] = mapped_column(Text(200))
    role: Mapped[str] = mapped_column(Text(16))
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(Text(2), default="vi")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FailedSignInRow(Base):
    """How often a name was tried with a wrong password since it was last signed in with."""

    __tablename__ = "failed_sign_ins"

    username: Mapped[str] = mapped_column(Text(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseRow(Base):
    """A reason given for looking, kept for the shift."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(Text(500))
    number: Mapped[str] = mapped_column(Text(64), default="")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuestionRow(Base):
    """A question that was asked; its id stands in the address in place of the plate."""

    __tablename__ = "questions"

    id: Mapped[str] = mapped_column(Text(22), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditRow(Base):
    """One look, written before its answer is shown; rows are only ever added."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    who: Mapped[str] = mapped_column(Text(100))
    action: Mapped[str] = mapped_column(Text(32))
    reason: Mapped[str] = mapped_column(Text(500))
    case_number: Mapped[str] = mapped_column(Text(64), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


class DeviceRow(Base):
    """A machine with cameras that sends to this centre; `state` is how its spool stands."""

    __tablename__ = "devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text(64), unique=True)
    cameras: Mapped[list[str]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class DeviceHealthRow(Base):
    """What a device last said of its cameras: when by its clock, and when it came."""

    __tablename__ = "device_health"

    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    came_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeviceTokenRow(Base):
    """A token of a device, as its SHA-256; ended when a newer one was first used."""

    __tablename__ = "device_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), index=True)
    token_hash: Mapped[str] = mapped_column(Text(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class IntakeRefusalRow(Base):
    """What a device sent and the centre did not take; the same again is counted."""

    __tablename__ = "intake_refusals"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text(64), unique=True)
    device: Mapped[str] = mapped_column(Text(64))
    camera: Mapped[str] = mapped_column(Text(64), default="")
    reason: Mapped[str] = mapped_column(Text(500))
    content: Mapped[str] = mapped_column(Text(2000), default="")
    times: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class GonePictureRow(Base):
    """A picture that a sighting names and that was given up on its way."""

    __tablename__ = "gone_pictures"

    sighting_id: Mapped[str] = mapped_column(Text(32), primary_key=True)
    name: Mapped[str] = mapped_column(Text(64), primary_key=True)
    camera: Mapped[str] = mapped_column(Text(64), index=True)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WatchlistRow(Base):
    """A list of plates that are looked for; `cameras` are ids, `roles` of accounts, a line each."""

    __tablename__ = "watchlists"

    name: Mapped[str] = mapped_column(Text(100), primary_key=True)
    list_class: Mapped[str] = mapped_column(Text(32))
    owner: Mapped[str] = mapped_column(Text(100))
    severity: Mapped[str] = mapped_column(Text(16))
    candidates: Mapped[bool]
    similar: Mapped[bool]
    allow: Mapped[bool]
    cameras: Mapped[str] = mapped_column(Text(4000), default="")
    roles: Mapped[str] = mapped_column(Text(200), default="")


class WatchlistEntryRow(Base):
    """An entry of a list; one that was taken off stays, with the time."""

    __tablename__ = "watchlist_entries"

    list: Mapped[str] = mapped_column(Text(100), ForeignKey("watchlists.name"), primary_key=True)
    plate: Mapped[str] = mapped_column(Text(25), primary_key=True)
    reason: Mapped[str] = mapped_column(Text(500))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    case: Mapped[str] = mapped_column(Text(64))
    starts: Mapped[datetime | None] = mapped_column(UtcDateTime)
    areas: Mapped[str] = mapped_column(Text(100))
    hours: Mapped[str] = mapped_column(Text(16))
    min_likelihood: Mapped[float]
    colour: Mapped[str] = mapped_column(Text(16))
    kind: Mapped[str] = mapped_column(Text(16))
    note: Mapped[str] = mapped_column(Text(500))
    taken_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WatchlistChangeRow(Base):
    """A change of a list, or of an entry where it has a plate; rows are only ever added."""

    __tablename__ = "watchlist_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(Text(100))
    list: Mapped[str] = mapped_column(Text(100), index=True)
    plate: Mapped[str] = mapped_column(Text(25))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class AlertRow(Base):
    """A vehicle that a watchlist looks for was perhaps seen; `version` counts its changes.

    `late_at` is when it was passed up because nobody had looked.
    """

    __tablename__ = "alerts"

    id: Mapped[str] = mapped_column(Text(32), primary_key=True)
    list: Mapped[str] = mapped_column(Text(100))
    vehicle: Mapped[str] = mapped_column(Text(16), index=True)
    state: Mapped[str] = mapped_column(Text(16), index=True)
    severity: Mapped[str] = mapped_column(Text(16))
    reason: Mapped[str] = mapped_column(Text(500))
    case: Mapped[str] = mapped_column(Text(64))
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    late_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int]


class AlertHitRow(Base):
    """A sighting that hit a list; `number` grows as hits come, also where one is bettered."""

    __tablename__ = "alert_hits"

    sighting_id: Mapped[str] = mapped_column(Text(32), primary_key=True)
    list: Mapped[str] = mapped_column(Text(100), primary_key=True)
    alert_id: Mapped[str] = mapped_column(Text(32), ForeignKey("alerts.id"), index=True)
    entry: Mapped[str] = mapped_column(Text(25))
    camera: Mapped[str] = mapped_column(Text(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    text: Mapped[str] = mapped_column(Text(16))
    match: Mapped[str] = mapped_column(Text(16))
    likelihood: Mapped[float]
    extent: Mapped[int] = mapped_column(BigInteger)
    withdrawn: Mapped[bool]
    crop: Mapped[str | None] = mapped_column(Text(64))
    number: Mapped[int] = mapped_column(unique=True)


class AlertChangeRow(Base):
    """What became of an alert, and who said so; rows are only ever added."""

    __tablename__ = "alert_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[str] = mapped_column(Text(32), ForeignKey("alerts.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(Text(100))
    state: Mapped[str] = mapped_column(Text(16))
    why: Mapped[str] = mapped_column(Text(500))


class AlertChannelRow(Base):
    """Where alerts are sent: kind webhook or mail; lists are names, a line each."""

    __tablename__ = "alert_channels"

    name: Mapped[str] = mapped_column(Text(64), primary_key=True)
    kind: Mapped[str] = mapped_column(Text(16))
    address: Mapped[str] = mapped_column(Text(500))
    key: Mapped[str] = mapped_column(Text(64))
    lists: Mapped[str] = mapped_column(Text(4000))
    areas: Mapped[str] = mapped_column(Text(100))
    hours: Mapped[str] = mapped_column(Text(16))
    severity: Mapped[str] = mapped_column(Text(16))
    late: Mapped[bool]
    cameras: Mapped[bool]


class AlertDeliveryRow(Base):
    """A hit that is to be sent, written together with it; or that what was sent is taken back.

    Or a trouble of a camera, and `takes_back` where it is over; then it has no alert.
    """

    __tablename__ = "alert_deliveries"

    id: Mapped[str] = mapped_column(Text(32), primary_key=True)
    channel: Mapped[str] = mapped_column(Text(64))
    alert_id: Mapped[str] = mapped_column(Text(32), index=True)
    sighting_id: Mapped[str] = mapped_column(Text(32))
    list: Mapped[str] = mapped_column(Text(100))
    takes_back: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    state: Mapped[str] = mapped_column(Text(16))
    attempts: Mapped[int]
    trouble: Mapped[str] = mapped_column(Text(500))
    camera: Mapped[str | None] = mapped_column(Text(64))
    condition: Mapped[str | None] = mapped_column(Text(16))
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CameraTroubleRow(Base):
    """A camera that is ill: since when, when that was told, and since when it is well again."""

    __tablename__ = "camera_troubles"

    camera: Mapped[str] = mapped_column(Text(64), primary_key=True)
    condition: Mapped[str] = mapped_column(Text(16))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    well_since: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RouteRemarkRow(Base):
    """What somebody said of a sighting on the route of a question; the newest counts."""

    __tablename__ = "route_remarks"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(Text(22), ForeignKey("questions.id"), index=True)
    sighting_id: Mapped[str] = mapped_column(Text(32))
    is_stop: Mapped[bool | None]
    who: Mapped[str] = mapped_column(Text(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class TravelTimeRow(Base):
    """How long vehicles took from one camera to another; see `search.travel_times.estimate`."""

    __tablename__ = "travel_times"

    start: Mapped[str] = mapped_column(Text(64), primary_key=True)
    end: Mapped[str] = mapped_column(Text(64), primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
    middle: Mapped[float]
    spread: Mapped[float]
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
