"""What devices sent and the centre did not take, and pictures that never came, in the registry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from operator import itemgetter
from typing import Any

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from lpr.spool.lines import SpoolLine
from search.registry.tables import GonePictureRow, IntakeRefusalRow
from search.registry.writing import insert_into

MOST_KEPT = 10_000  # refusals; a device that is ill must not fill the registry
LONGEST_REASON = 500
LONGEST_CONTENT = 2000  # characters; the device itself keeps the whole line


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Something that a device sent and the centre did not take.

    Attributes:
        device: its name; empty if the token was nobody's.
        camera: id, as far as it is known.
        reason: for people.
        content: the line or the name of the picture, shortened; may be empty.
    """

    device: str
    camera: str
    reason: str
    content: str = ""


@dataclass(frozen=True, slots=True)
class KeptRefusal:
    """The same, as it is kept: how often, and when first and last, aware UTC."""

    what: NotTaken
    times: int
    first_at: datetime
    last_at: datetime


def note_refusals(engine: Engine, refusals: Sequence[NotTaken], now: datetime) -> None:
    """Keep refusals; one that is known is counted."""
    with Session(engine) as session, session.begin():
        # in one order, so that two batches at once never wait for each other
        for row in sorted((_row(one, now) for one in refusals), key=itemgetter("key")):
            _note(session, row)
        count = session.scalar(select(func.count()).select_from(IntakeRefusalRow)) or 0
        if count > MOST_KEPT:
            oldest = (
                select(IntakeRefusalRow.id)
                .order_by(IntakeRefusalRow.last_at, IntakeRefusalRow.id)
                .limit(count - MOST_KEPT)
            )
            session.execute(delete(IntakeRefusalRow).where(IntakeRefusalRow.id.in_(oldest)))


def list_refusals(engine: Engine, limit: int = 100) -> list[KeptRefusal]:
    """The refusals that came last, newest first."""
    newest = (IntakeRefusalRow.last_at.desc(), IntakeRefusalRow.id.desc())
    query = select(IntakeRefusalRow).order_by(*newest).limit(limit)
    with Session(engine) as session:
        return [
            KeptRefusal(
                NotTaken(row.device, row.camera, row.reason, row.content),
                row.times,
                row.first_at,
                row.last_at,
            )
            for row in session.scalars(query)
        ]


def note_gone(engine: Engine, lines: Sequence[SpoolLine], now: datetime) -> None:
    """Keep which pictures of passages were given up on their way."""
    with Session(engine) as session, session.begin():
        for line in lines:
            for name in line.gone:
                row = {"name": name, "camera": line.passage.camera, "told_at": now}
                new = insert_into(session, GonePictureRow).values(
                    sighting_id=line.passage.id, **row
                )
                session.execute(new.on_conflict_do_nothing())


def is_gone(engine: Engine, sighting_id: str, name: str) -> bool:
    """Whether a picture that a sighting names was given up on its way."""
    with Session(engine) as session:
        return session.get(GonePictureRow, (sighting_id, name)) is not None


def count_gone(engine: Engine) -> dict[str, int]:
    """How many pictures were given up on their way, by camera."""
    query = select(GonePictureRow.camera, func.count()).group_by(GonePictureRow.camera)
    with Session(engine) as session:
        return {row[0]: row[1] for row in session.execute(query)}


def _note(session: Session, row: dict[str, Any]) -> None:
    """Count a refusal; one that is not known yet is added, whoever else adds it now."""
    again = {"times": IntakeRefusalRow.times + 1, "last_at": row["last_at"]}
    known = update(IntakeRefusalRow).where(IntakeRefusalRow.key == row["key"]).values(again)
    if session.execute(known.returning(IntakeRefusalRow.id)).first() is None:
        new = insert_into(session, IntakeRefusalRow).values(row)
        session.execute(new.on_conflict_do_update(index_elements=["key"], set_=again))


def _row(refusal: NotTaken, now: datetime) -> dict[str, Any]:
    parts = (refusal.device, refusal.camera, refusal.reason, refusal.content)
    return {
        "key": sha256("\x1f".join(parts).encode("utf-8", "backslashreplace")).hexdigest(),
        "device": refusal.device[:64],
        "camera": refusal.camera[:64],
        "reason": refusal.reason[:LONGEST_REASON],
        "content": refusal.content[:LONGEST_CONTENT],
        "times": 1,
        "first_at": now,
        "last_at": now,
    }
