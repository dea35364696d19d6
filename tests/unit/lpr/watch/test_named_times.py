from datetime import UTC, datetime

import pytest

from lpr.times import format_utc
from lpr.watch.named_times import start_of, time_in_exif, time_in_name

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("20260131151504.jpg", "2026-01-31T08:15:04.000Z"),
        ("20260131_151504.jpg", "2026-01-31T08:15:04.000Z"),
        ("192.168.1.64_01_20260131151504123_VEHICLE_DETECTION.jpg", "2026-01-31T08:15:04.123Z"),
        ("Cam 1_00_20260131151504.jpg", "2026-01-31T08:15:04.000Z"),
        ("2026-01-31T08-15-04Z.jpg", "2026-01-31T08:15:04.000Z"),
        ("2026-01-31T08:15:04.250+00:00.jpg", "2026-01-31T08:15:04.250Z"),
        ("2026-01-31 15.15.04.jpg", "2026-01-31T08:15:04.000Z"),
        ("2026-01-31/001/jpg/15/15/04[M][0@0][0].jpg", "2026-01-31T08:15:04.000Z"),
        ("20260131/plate_151504.jpg", "2026-01-31T08:15:04.000Z"),
        ("1769847304.jpg", "2026-01-31T08:15:04.000Z"),
        ("snap-1769847304250.jpg", "2026-01-31T08:15:04.250Z"),
        ("2025-12-31/2026-01-31_15-15-04.jpg", "2026-01-31T08:15:04.000Z"),
    ],
)
def test_a_name_tells_when_it_was_taken(name: str, time: str) -> None:
    found = time_in_name(name)
    assert found is not None
    assert format_utc(found) == time


@pytest.mark.parametrize(
    "name", ["", "a.jpg", "20261331_151504.jpg", "12345678901234567.jpg", "30A12345.jpg"]
)
def test_a_name_may_tell_nothing(name: str) -> None:
    assert time_in_name(name) is None


@pytest.mark.parametrize(
    ("taken", "fraction", "offset", "time"),
    [
        ("2026:01:31 15:15:04", "", "", "2026-01-31T08:15:04.000Z"),
        ("2026:01:31 15:15:04", "25", "", "2026-01-31T08:15:04.250Z"),
        ("2026:01:31 08:15:04", "", "+00:00", "2026-01-31T08:15:04.000Z"),
        ("2026:01:31 03:15:04", "", "-05:00", "2026-01-31T08:15:04.000Z"),
    ],
)
def test_exif_tells_when_it_was_taken(taken: str, fraction: str, offset: str, time: str) -> None:
    found = time_in_exif(taken, fraction, offset)
    assert found is not None
    assert format_utc(found) == time


@pytest.mark.parametrize("taken", ["", "0000:00:00 00:00:00", "yesterday"])
def test_exif_may_tell_nothing(taken: str) -> None:
    assert time_in_exif(taken) is None


@pytest.mark.parametrize(
    ("path", "length_s", "time"),
    [
        ("/srv/20260131_151504.ts", 60.0, "2026-01-31T08:15:04.000Z"),
        ("/srv/street.ts", 60.0, "2026-01-31T11:59:00.000Z"),
        ("/srv/street.ts", None, "2026-01-31T12:00:00.000Z"),
    ],
)
def test_a_video_begins_when_its_name_says_or_by_its_length(
    path: str, length_s: float | None, time: str
) -> None:
    assert format_utc(start_of(path, NOON, length_s)) == time
