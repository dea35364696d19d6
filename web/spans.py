"""Spans of time that can be asked for, in Hanoi's time."""

from datetime import datetime, timedelta
from typing import Literal, get_args

from search.local_time import HANOI

Span = Literal["hour", "today", "day", "week", "month", "all", "between"]
SPANS: tuple[Span, ...] = get_args(Span)
_LENGTHS: dict[str, timedelta] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}


def start_of(span: Span, now: datetime) -> datetime | None:
    """When a span begins that reaches until now; None is all time, or a span typed by hand."""
    if span == "today":
        return now.astimezone(HANOI).replace(hour=0, minute=0, second=0, microsecond=0)
    return now - _LENGTHS[span] if span in _LENGTHS else None
