from collections.abc import Callable

import av
import pytest

from lpr.errors import Trouble
from lpr.watch.addresses import Address, Kind
from lpr.watch.opening import (
    opening_of,
    patient,
    reason_in,
    source_error,
    trouble_opening,
    trouble_reading,
)

URL = "rtsp://viewer:s3cret@camera/a"


def failed(kind: type[Exception], number: int = 1) -> Exception:
    return kind(number, "some words", URL)


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_rtsp_is_opened_over_the_transport_that_is_wanted(transport: str) -> None:
    assert opening_of("rtsp", transport).options["rtsp_transport"] == transport  # type: ignore[arg-type]  # its two values


@pytest.mark.parametrize("kind", ["rtsp", "mjpeg", "hls"])
def test_a_stream_leads_to_no_file_of_this_machine(kind: Kind) -> None:
    assert "file" not in opening_of(kind, "tcp").options["protocol_whitelist"].split(",")


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (failed(av.error.HTTPUnauthorizedError), "wrong-password"),
        (failed(av.error.HTTPForbiddenError), "wrong-password"),
        (failed(av.error.HTTPNotFoundError), "not-found"),
        (failed(av.error.InvalidDataError), "not-video"),
        (failed(av.error.ExitError), "unreachable"),
        (ConnectionRefusedError(111, "Connection refused"), "unreachable"),
        (OSError(113, "No route to host"), "unreachable"),
        (FileNotFoundError(2, "No such file"), "not-found"),
    ],
)
def test_why_it_does_not_open_is_told_apart(error: Exception, trouble: Trouble) -> None:
    assert trouble_opening(error) == trouble


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (failed(av.error.ExitError), "frozen"),
        (failed(av.error.InvalidDataError), "damaged"),
        (ConnectionResetError(104, "reset"), "ended"),
        (OSError(5, "Input/output error"), "ended"),
    ],
)
def test_why_it_breaks_off_is_told_apart(error: Exception, trouble: Trouble) -> None:
    assert trouble_reading(error) == trouble


@pytest.mark.parametrize("why", [trouble_opening, trouble_reading])
def test_what_is_told_holds_no_password(why: Callable[[Exception], Trouble]) -> None:
    error = failed(av.error.HTTPUnauthorizedError)
    told = source_error(Address(URL, "rtsp"), why(error), reason_in(error))
    assert str(told).startswith("rtsp://camera/a: ")
    assert "s3cret" not in str(told) + repr(told)


@pytest.mark.parametrize(
    ("kind", "attempts", "open_s"),
    [("rtsp", 0, 4.0), ("rtsp", 5, 4.0), ("rtsp", 6, 8.0), ("rtsp", 500, 20.0), ("hls", 500, 20.0)],
)
def test_a_slow_camera_is_given_more_time_after_many_failures(
    kind: Kind, attempts: int, open_s: float
) -> None:
    assert patient(opening_of(kind, "tcp"), attempts).open_s == open_s
