"""When a file says it was taken: by its name, by EXIF, by its date. Pure."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

HANOI = timezone(timedelta(hours=7))
"""The clock of cameras that name no offset; Vietnam has had no summer time since 1975."""

_DATE = r"(?P<y>20\d\d)(?P<s>[-_.]?)(?P<mo>\d\d)(?P=s)(?P<d>\d\d)"
_CLOCK = r"(?P<h>\d\d)(?P<c>[-_.:]?)(?P<mi>\d\d)(?P=c)(?P<sec>\d\d)"
_FRACTION = r"(?:[-_.,]?(?P<ms>\d{3}))?"
_OFFSET = r"(?P<off>Z|[+-]\d\d:?\d\d)?"
_FORMATS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d){_DATE}[-_T. @]?{_CLOCK}{_FRACTION}{_OFFSET}(?!\d)",  # most cameras
        rf"(?<!\d){_DATE}/.*?(?<!\d)(?P<h>\d\d)/(?P<mi>\d\d)/(?P<sec>\d\d)(?!\d)",  # Dahua
        rf"(?<!\d){_DATE}/(?:.*/)?(?:\D*){_CLOCK}{_FRACTION}(?!\d)",  # a folder a day
    )
)
_EPOCH = re.compile(r"(?<!\d)(1[6-9]\d{8}|2[01]\d{8})(\d{3})?(?!\d)")  # seconds of 2020 to 2039
_EXIF = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")
_ZONE = re.compile(r"([+-])(\d\d):?(\d\d)")


def time_in_name(path: str, zone: timezone = HANOI) -> datetime | None:
    """The time that a file's name tells, or its folders with it.

    Args:
        path: relative to the folder that is watched, with `/`.
        zone: of a camera that names no offset.

    Returns:
        Aware UTC; None if the name tells none.
    """
    for text in (path.rpartition("/")[2], path):
        found = next(_times_in(text, zone), None)
        if found is not None:
            return found
    return None


def _times_in(text: str, zone: timezone) -> Iterator[datetime]:
    for pattern in _FORMATS:
        for match in pattern.finditer(text):
            part = match.groupdict()
            numbers = [int(part[key]) for key in ("y", "mo", "d", "h", "mi", "sec")]
            milliseconds = int(part.get("ms") or 0)
            time = _made(numbers, milliseconds, _zone(part.get("off"), zone))
            if time is not None:
                yield time
    for match in _EPOCH.finditer(text):
        yield datetime.fromtimestamp(int(match[1]) + int(match[2] or 0) / 1000, UTC)


def time_in_exif(
    taken: str, fraction: str = "", offset: str = "", zone: timezone = HANOI
) -> datetime | None:
    """The time that EXIF tells (CIPA DC-008, DateTimeOriginal and the tags beside it).

    Args:
        taken: such as `2026:01:31 15:15:04`.
        fraction: digits of the second, SubSecTimeOriginal.
        offset: such as `+07:00`, OffsetTimeOriginal.
        zone: if it names no offset.

    Returns:
        Aware UTC; None if that is no time.
    """
    match = _EXIF.match(taken.strip())
    if match is None:
        return None
    digits = fraction.strip()
    milliseconds = int(digits[:3].ljust(3, "0")) if digits.isdecimal() else 0
    return _made([int(n) for n in match.groups()], milliseconds, _zone(offset, zone))


def _zone(offset: str | None, zone: timezone) -> timezone:
    if offset == "Z":
        return UTC
    match = _ZONE.match(offset or "")
    if match is None:
        return zone
    minutes = int(match[2]) * 60 + int(match[3])
    return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes))


def _made(numbers: list[int], milliseconds: int, zone: timezone) -> datetime | None:
    try:
        year, month, day, hour, minute, second = numbers
        time = datetime(year, month, day, hour, minute, second, milliseconds * 1000, zone)
        return time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def start_of(path: str, modified: datetime, length_s: float | None) -> datetime:
    """When a video began.

    Args:
        path: its name may tell.
        modified: when the file was last written, aware UTC.
        length_s: as the file itself tells; None while it is still written.

    Returns:
        Aware UTC: by its name; else by when it was last written, less its length.
    """
    return time_in_name(path) or modified - timedelta(seconds=length_s or 0.0)
