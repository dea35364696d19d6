"""What officers say of a route: a sighting is a stop of it, or is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from search.registry.tables import RouteRemarkRow


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said of a sighting: whether it is a stop, who, and when (aware UTC)."""

    is_stop: bool
    who: str
    at: datetime


def add_remark(
    engine: Engine,
    question_id: str,
    sighting_id: str,
    is_stop: bool | None,
    who: str,
    now: datetime,
) -> None:
    """Keep a remark beside those of before.

    Args:
        engine: of the registry.
        question_id: whose route.
        sighting_id: of what.
        is_stop: None takes what was said before back.
        who: their account.
        now: aware.
    """
    row = RouteRemarkRow(
        question_id=question_id, sighting_id=sighting_id, is_stop=is_stop, who=who, at=now
    )
    with Session(engine) as session, session.begin():
        session.add(row)


def list_remarks(engine: Engine, question_id: str) -> Mapping[str, Remark]:
    """What holds now, by the ids of sightings."""
    query = select(RouteRemarkRow).where(RouteRemarkRow.question_id == question_id)
    found: dict[str, Remark] = {}
    with Session(engine) as session:
        for row in session.scalars(query.order_by(RouteRemarkRow.id)):
            found.pop(row.sighting_id, None)
            if row.is_stop is not None:
                found[row.sighting_id] = Remark(row.is_stop, row.who, row.at)
    return found
