"""What is to be sent, and how it stands; `search.alerts.putting_out` puts it here.

Whoever sends a delivery takes it for a while; one that ends before it says so is sent again, under
the same id.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from search.alerts.messages import Message, message_of
from search.registry.tables import AlertDeliveryRow

WAITING, SENT, DEAD = "waiting", "sent", "dead"
SETTLED = "settled"  # nobody needs it any more, or what was sent is taken back
TAKEN = timedelta(seconds=60)  # that whoever takes a delivery has, before another one may
FIRST, LONGEST = timedelta(seconds=5), timedelta(minutes=5)  # pauses between attempts
REST = timedelta(seconds=30)  # at most, that a channel is left alone after a failure
GIVEN_UP = timedelta(hours=24)  # after which it is set aside


@dataclass(frozen=True, slots=True)
class Unsent:
    """A delivery that was not sent yet, or never will be."""

    id: str
    channel: str
    state: str
    made_at: datetime
    attempts: int
    trouble: str


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
                return message_of(session, session.get_one(row, found.id))


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
