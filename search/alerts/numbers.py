"""What became of a list's alerts, so that an administrator sees which list does harm."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from search.alerts.states import CONFIRMED, REJECTED, SEEN, WITHDRAWN
from search.registry.tables import AlertChangeRow, AlertHitRow, AlertRow

BANDS = (0.0, 0.5, 0.8, 0.95)  # likelihoods from which on alerts are counted together
CRIES_WOLF, FROM = 0.2, 10  # share of confirmed ones below which a list does, of so many judged
MAY_LOSE = 0.02  # of the confirmed ones, by a minimum likelihood that is suggested


@dataclass(frozen=True, slots=True)
class Judged:
    """An alert: likelihood of its likeliest sighting, what became of it, and why."""

    likelihood: float
    is_confirmed: bool
    is_rejected: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Of one list in a span.

    Attributes:
        name: of the list.
        judged: its alerts, withdrawn ones left out.
        withdrawn: how many were taken back.
        first_look_s: seconds until somebody looked, the median; None where nobody did.
    """

    name: str
    judged: tuple[Judged, ...]
    withdrawn: int
    first_look_s: float | None

    @property
    def confirmed(self) -> int:
        """How many were."""
        return sum(one.is_confirmed for one in self.judged)

    @property
    def rejected(self) -> Mapping[str, int]:
        """How many were, by why."""
        return Counter(one.why for one in self.judged if one.is_rejected)

    @property
    def cries_wolf(self) -> bool:
        """Whether hardly any is confirmed of those that were judged."""
        judged = self.confirmed + sum(self.rejected.values())
        return judged >= FROM and self.confirmed < CRIES_WOLF * judged

    def bands(self) -> list[tuple[float, int, int]]:
        """From each likelihood on to the next: confirmed, and confirmed or rejected."""
        found = []
        for low, high in zip(BANDS, (*BANDS[1:], 2.0), strict=True):
            inside = [one for one in self.judged if low <= one.likelihood < high]
            right = sum(one.is_confirmed for one in inside)
            found.append((low, right, right + sum(one.is_rejected for one in inside)))
        return found

    def suggestion(self) -> tuple[float, int, int] | None:
        """A minimum likelihood, how many rejected alerts it spares and how many confirmed it loses.

        None where too few were judged, or none would be spared.
        """
        right = sorted(one.likelihood for one in self.judged if one.is_confirmed)
        wrong = [one.likelihood for one in self.judged if one.is_rejected]
        if len(right) + len(wrong) < FROM or not right:
            return None
        least = int(100 * right[int(MAY_LOSE * len(right))]) / 100
        spared, lost = sum(p < least for p in wrong), sum(p < least for p in right)
        return (least, spared, lost) if spared else None


def list_numbers(
    engine: Engine, start: datetime | None = None, end: datetime | None = None
) -> list[Numbers]:
    """Of every list with alerts that were raised in a span, by name."""
    hits = (
        select(AlertHitRow.alert_id, func.max(AlertHitRow.likelihood).label("most"))
        .group_by(AlertHitRow.alert_id)
        .subquery()
    )
    query = select(AlertRow, hits.c.most).join(hits, hits.c.alert_id == AlertRow.id)
    if start is not None:
        query = query.where(AlertRow.raised_at >= start)
    if end is not None:
        query = query.where(AlertRow.raised_at < end)
    with Session(engine) as session:
        found: dict[str, list[tuple[AlertRow, float]]] = {}
        for alert, most in session.execute(query.order_by(AlertRow.list, AlertRow.raised_at)):
            found.setdefault(alert.list, []).append((alert, most))
        return [_numbers(session, name, alerts) for name, alerts in found.items()]


def _numbers(session: Session, name: str, alerts: Sequence[tuple[AlertRow, float]]) -> Numbers:
    steps: dict[str, list[AlertChangeRow]] = {}
    changes = select(AlertChangeRow).join(AlertRow, AlertRow.id == AlertChangeRow.alert_id)
    changes = changes.where(AlertRow.list == name).order_by(AlertChangeRow.id)
    for step in session.scalars(changes):
        steps.setdefault(step.alert_id, []).append(step)
    looked = [
        (first.at - alert.raised_at).total_seconds()
        for alert, _ in alerts
        if (first := next((s for s in steps.get(alert.id, ()) if s.state == SEEN), None))
    ]
    return Numbers(
        name,
        tuple(
            _judged(alert.state, most, steps.get(alert.id, []))
            for alert, most in alerts
            if alert.state != WITHDRAWN
        ),
        sum(alert.state == WITHDRAWN for alert, _ in alerts),
        median(looked) if looked else None,
    )


def _judged(state: str, likelihood: float, steps: Sequence[AlertChangeRow]) -> Judged:
    said = [step for step in steps if step.state in (CONFIRMED, REJECTED)]
    if not said or state == SEEN:  # nobody did, or it was taken up again
        return Judged(likelihood, is_confirmed=False, is_rejected=False)
    last = said[-1]
    why = last.why.partition(":")[0]
    return Judged(likelihood, last.state == CONFIRMED, last.state == REJECTED, why)
