"""Cases: the reason given for looking, kept for the shift."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from search.registry.tables import CaseRow


@dataclass(frozen=True, slots=True)
class Case:
    """Why somebody looks.

    Attributes:
        id: of the registry.
        reason: in words.
        number: of the case file, may be empty.
    """

    id: int
    reason: str
    number: str


def open_case(engine: Engine, account_id: int, reason: str, number: str, now: datetime) -> Case:
    """Keep a reason."""
    row = CaseRow(account_id=account_id, reason=reason, number=number, opened_at=now)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        session.add(row)
    return Case(row.id, row.reason, row.number)


def find_case(
    engine: Engine, case_id: int, account_id: int, now: datetime, shift: timedelta
) -> Case | None:
    """The reason of somebody's own, while their shift lasts."""
    with Session(engine) as session:
        row = session.get(CaseRow, case_id)
        if row is None or row.account_id != account_id or now - row.opened_at > shift:
            return None
        return Case(row.id, row.reason, row.number)
