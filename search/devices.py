"""Devices: machines with cameras that send to this centre, and the tokens that let them."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from search.errors import DeviceError
from search.registry.tables import DeviceRow, DeviceTokenRow

TOKEN_BYTES = 32  # by chance: nobody guesses one, so a plain SHA-256 is enough to keep
_MARK = "pt_"  # so that a token is known for one where it should not stand


@dataclass(frozen=True, slots=True)
class Device:
    """A machine with cameras.

    Attributes:
        name: for people.
        cameras: ids that it may send passages of.
        made_at, revoked_at, seen_at: aware UTC; None: not yet.
        state: what it last said of its spool, as `lpr.spool.SpoolState.to_fields`; empty: nothing.
        is_rotating: whether a newer token was made and not yet used.
    """

    name: str
    cameras: frozenset[str]
    made_at: datetime
    revoked_at: datetime | None
    seen_at: datetime | None
    state: Mapping[str, Any]
    is_rotating: bool = False


def add_device(engine: Engine, name: str, cameras: Sequence[str], now: datetime) -> str:
    """Let a device send passages of some cameras.

    Returns:
        Its token, which is kept nowhere.

    Raises:
        DeviceError: the name is taken or cannot be, or no camera is named.
    """
    if not 1 <= len(name) <= 64 or not name.isprintable():
        raise DeviceError(f"{name!r:.80}: a name has 1 to 64 printable characters")
    if not cameras:
        raise DeviceError("a device sends passages of its cameras: name one or more")
    with Session(engine) as session, session.begin():
        if session.scalar(select(DeviceRow).where(DeviceRow.name == name)):
            raise DeviceError(f"there is or was a device {name}: choose another name")
        row = DeviceRow(name=name, cameras=sorted(set(cameras)), made_at=now, state={})
        session.add(row)
        session.flush()
        return _add_token(session, row, now)


def rotate_token(engine: Engine, name: str, now: datetime) -> str:
    """Make another token; the one in use holds until the new one was used.

    Returns:
        The new token, which is kept nowhere.

    Raises:
        DeviceError: there is no such device, or it was revoked.
    """
    with Session(engine) as session, session.begin():
        row = _row(session, name)
        if row.revoked_at:
            raise DeviceError(f"{name} was revoked: add a device of another name")
        for token in _open_tokens(session, row.id):
            if token.used_at is None and len(_open_tokens(session, row.id)) > 1:
                token.ended_at = now  # a newer one that nobody came to use
                session.flush()
        return _add_token(session, row, now)


def revoke_device(engine: Engine, name: str, now: datetime) -> None:
    """Let a device send no more, with its next request.

    Raises:
        DeviceError: there is no such device.
    """
    with Session(engine) as session, session.begin():
        row = _row(session, name)
        row.revoked_at = row.revoked_at or now
        for token in _open_tokens(session, row.id):
            token.ended_at = now


def list_devices(engine: Engine) -> list[Device]:
    """Every device, revoked ones too, by name."""
    with Session(engine) as session:
        rows = session.scalars(select(DeviceRow).order_by(DeviceRow.name)).all()
        return [_device(row, len(_open_tokens(session, row.id)) > 1) for row in rows]


def device_of(engine: Engine, token: str, now: datetime) -> Device | None:
    """Whose token it is; its first use ends the device's older ones. None: nobody's."""
    wanted = select(DeviceTokenRow).where(DeviceTokenRow.token_hash == _hash(token))
    with Session(engine) as session:
        found = session.scalar(wanted)
        if found is None or found.ended_at is not None:
            return None
        row = session.get_one(DeviceRow, found.device_id)
        if row.revoked_at is not None:
            return None
        if found.used_at is None:
            found.used_at = now
            for other in _open_tokens(session, row.id):
                if other.id != found.id:
                    other.ended_at = now
        device = _device(row)
        session.commit()
        return device


def note_state(engine: Engine, name: str, state: Mapping[str, Any], now: datetime) -> None:
    """Keep what a device says of its spool, and that it was here."""
    with Session(engine) as session, session.begin():
        row = _row(session, name)
        row.state, row.seen_at = dict(state), now


def _device(row: DeviceRow, is_rotating: bool = False) -> Device:
    cameras = frozenset(row.cameras)
    return Device(
        row.name, cameras, row.made_at, row.revoked_at, row.seen_at, row.state, is_rotating
    )


def _row(session: Session, name: str) -> DeviceRow:
    row = session.scalar(select(DeviceRow).where(DeviceRow.name == name))
    if row is None:
        raise DeviceError(f"there is no device {name}: see platetrail devices list")
    return row


def _open_tokens(session: Session, device_id: int) -> Sequence[DeviceTokenRow]:
    return session.scalars(
        select(DeviceTokenRow)
        .where(DeviceTokenRow.device_id == device_id, DeviceTokenRow.ended_at.is_(None))
        .order_by(DeviceTokenRow.id)
    ).all()


def _add_token(session: Session, row: DeviceRow, now: datetime) -> str:
    token = _MARK + secrets.token_urlsafe(TOKEN_BYTES)
    session.add(DeviceTokenRow(device_id=row.id, token_hash=_hash(token), made_at=now))
    return token


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
