"""The audit log: every look, written before its answer is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from search.errors import RegistryError
from search.registry.faults import cause_of
from search.registry.tables import AuditRow


@dataclass(frozen=True, slots=True)
class Look:
    """One entry of the log.

    Attributes:
        at: when, aware UTC.
        who: the account, or `os:NAME` on the command line.
        action: search, sighting, picture, passings, route, export or watchlists.
        reason, case_number: as stated.
        details: what was asked.
    """

    at: datetime
    who: str
    action: str
    reason: str
    case_number: str
    details: Mapping[str, Any]


def record_look(
    engine: Engine,
    who: str,
    action: str,
    reason: str,
    details: Mapping[str, Any],
    case_number: str = "",
) -> None:
    """Write a look down; when it returns the entry is on the disk, and the answer may be shown.

    Raises:
        RegistryError: no reason was given, or the entry could not be written: show nothing.
    """
    if not reason.strip():
        raise RegistryError("a look needs its reason: say why you look")
    row = AuditRow(
        at=datetime.now(UTC),
        who=who[:100],
        action=action,
        reason=reason.strip()[:500],
        case_number=case_number[:64],
        details=dict(details),
    )
    try:
        with Session(engine) as session, session.begin():
            session.add(row)
    except SQLAlchemyError as error:
        raise RegistryError(
            f"the audit log cannot be written, so nothing is shown: {cause_of(error)}"
        ) from error


def list_looks(engine: Engine, limit: int = 100) -> list[Look]:
    """The newest looks, newest first."""
    with Session(engine) as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(limit))
        return [Look(r.at, r.who, r.action, r.reason, r.case_number, r.details) for r in rows]


def looks_of_question(engine: Engine, question_id: str, who: str) -> list[Look]:
    """Somebody's looks at one question, oldest first; those of others are for auditors only."""
    asked = AuditRow.details["question"].as_string() == question_id
    query = select(AuditRow).where(AuditRow.who == who[:100], asked).order_by(AuditRow.id)
    with Session(engine) as session:
        rows = session.scalars(query)
        return [Look(r.at, r.who, r.action, r.reason, r.case_number, r.details) for r in rows]
