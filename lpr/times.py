"""Times as text: ISO 8601 in, UTC with a final Z out."""

from datetime import UTC, datetime


def parse_utc(text: str) -> datetime:
    """Read an ISO 8601 time that names its offset.

    Args:
        text: such as `2026-01-31T08:15:04.200Z` or `2026-01-31T15:15:04+07:00`.

    Returns:
        The time, aware, in UTC.

    Raises:
        ValueError: not a time, or a time without an offset.
    """
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is not a time: expected 2026-01-31T08:15:04.200Z") from None
    if time.tzinfo is None:
        raise ValueError(f"{text!r} has no offset: add Z for UTC or +07:00 for Hanoi")
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text!r} is outside the years 1 to 9999") from None


def format_utc(time: datetime) -> str:
    """Write an aware time as UTC, to the millisecond (to the microsecond where it has one)."""
    spec = "milliseconds" if time.microsecond % 1000 == 0 else "microseconds"
    return time.astimezone(UTC).isoformat(timespec=spec).replace("+00:00", "Z")
