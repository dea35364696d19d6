"""The times that cameras write, and what they may mean; pure."""

from datetime import UTC, datetime, timedelta, timezone

from lpr.anpr.events import Times
from lpr.watch.named_times import HANOI

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def times_in(text: str, zone: timezone = HANOI) -> Times:
    """What a time may mean that is written as ISO 8601.

    Args:
        text: such as `2026-01-31T15:15:04+07:00`, or without an offset.
        zone: of the camera's wall clock.

    Returns:
        As it says itself; then the same clock in `zone`, and in UTC if no offset is named. Empty
        if it is no time.
    """
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        return ()
    if time.tzinfo is None:
        return _possible(time.replace(tzinfo=zone), time.replace(tzinfo=UTC))
    return _possible(time, time.replace(tzinfo=zone))


def times_of(real: str, wall: str, milliseconds: str, zone: timezone = HANOI) -> Times:
    """What the times of a Dahua camera may mean.

    Args:
        real: seconds since 1970 (`RealUTC`), which newer firmware tells.
        wall: `UTC`, which in spite of its name is what the wall clock shows, as if it were UTC;
            of some firmware it is UTC.
        milliseconds: `UTCMS`.
        zone: of the wall clock.
    """
    fraction = int(milliseconds) if _is_number(milliseconds) and len(milliseconds) <= 3 else 0
    found: list[datetime] = []
    if _is_number(real):
        found.append(_since_1970(real, fraction))
    if _is_number(wall):
        utc = _since_1970(wall, fraction)
        found += [utc.replace(tzinfo=zone), utc]
    return _possible(*found)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10


def _since_1970(seconds: str, milliseconds: int) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(milliseconds=milliseconds)


def _possible(*times: datetime) -> Times:
    try:
        found = [time.astimezone(UTC) for time in times]
    except OverflowError:
        return ()
    return tuple(dict.fromkeys(time for time in found if FIRST <= time <= LAST))
