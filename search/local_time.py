"""Hanoi's time, in which people see every time."""

from datetime import datetime
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def format_at(time: datetime) -> str:
    """`14:05:09 · 24/11/2026`, in Hanoi's time."""
    return f"{time.astimezone(HANOI):%H:%M:%S · %d/%m/%Y}"


def format_clock(time: datetime) -> str:
    """`14:05:09`, in Hanoi's time."""
    return f"{time.astimezone(HANOI):%H:%M:%S}"


def format_date(time: datetime) -> str:
    """`24/11/2026`, in Hanoi's time."""
    return f"{time.astimezone(HANOI):%d/%m/%Y}"
