"""How the stream of each kind of source is opened, and why it does not open."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import av
from av.codec.hwaccel import HWAccel, hwdevices_available

from lpr.errors import SourceError, Trouble
from lpr.watch.addresses import Address, Kind
from lpr.watch.clocks import Timepiece

OPEN_S = 4.0  # a camera that takes longer is tried again; short, to be back soon after a fault
FROZEN_S = 5.0  # without a packet: cameras send some each second
PATIENT_AFTER = 6  # failed attempts, which with their pauses take half a minute
MOST_OPEN_S = 20.0
SLOW_OPEN_S, SLOW_FROZEN_S = 10.0, 20.0  # HLS comes in pieces of up to ten seconds
_LATE = "no answer in time"
_DEVICES = {"cuda": "/dev/nvidia0", "vaapi": "/dev/dri/renderD128", "qsv": "/dev/dri/renderD128"}
_OPTIONS: dict[Kind, dict[str, str]] = {
    "rtsp": {
        "allowed_media_types": "video",
        "fpsprobesize": "0",  # else it waits for a second of video
        "buffer_size": "4194304",  # of the UDP socket: a key frame comes at once
        "protocol_whitelist": "rtsp,rtsps,rtp,rtcp,udp,tcp,tls,http,https",
    },
    "mjpeg": {"fpsprobesize": "0", "protocol_whitelist": "http,https,tcp,tls"},
    "hls": {"live_start_index": "-1", "protocol_whitelist": "http,https,tcp,tls,crypto"},
    "usb": {},
    "file": {"fflags": "+ignidx"},  # the index of a file that grows has not everything in it
    "stills": {},
}
_ADVICE: dict[Trouble, str] = {
    "unreachable": "is it switched on, and is this its address?",
    "wrong-password": "user or password is wrong",
    "not-found": "nothing is there under this path: look it up in the camera's manual",
    "not-video": "what comes is not video, or a kind that is not known",
    "frozen": "it is connected, but sends nothing",
    "damaged": "what it sends cannot be decoded",
    "ended": "it has ended the stream",
    "finished": "the file has been read to its end",
}


@dataclass(frozen=True, slots=True)
class Opening:
    """What `av.open` is called with.

    Attributes:
        options: of the container.
        format: named for devices, None where the stream tells it.
        open_s, frozen_s: patience for opening, and for each packet.
    """

    options: dict[str, str]
    format: str | None
    open_s: float
    frozen_s: float


def opening_of(kind: Kind, transport: Literal["tcp", "udp"]) -> Opening:
    """How a kind of source is opened. Pure."""
    options = dict(_OPTIONS[kind])
    if kind == "rtsp":
        options["rtsp_transport"] = transport
    if kind == "hls":
        return Opening(options, None, SLOW_OPEN_S, SLOW_FROZEN_S)
    return Opening(options, "v4l2" if kind == "usb" else None, OPEN_S, FROZEN_S)


def patient(how: Opening, attempts: int) -> Opening:
    """With more patience after many failures, for a camera that is slow for good. Pure.

    Args:
        how: it was opened.
        attempts: that failed in a row.
    """
    doubled = 2 ** min(attempts // PATIENT_AFTER, 4)
    return replace(how, open_s=max(how.open_s, min(how.open_s * doubled, MOST_OPEN_S)))


def hardware() -> HWAccel | None:
    """A hardware decoder of this machine that gives way to software, None if there is none."""
    for name in _there(hwdevices_available()):
        return HWAccel(name, allow_software_fallback=True)
    return None


def _there(names: Iterable[str]) -> list[str]:
    return [name for name in names if name in _DEVICES and Path(_DEVICES[name]).exists()]


def trouble_opening(error: BaseException) -> Trouble:
    """Which trouble an error is that came while opening."""
    match error:
        case av.error.HTTPUnauthorizedError() | av.error.HTTPForbiddenError():
            return "wrong-password"
        case av.error.HTTPNotFoundError() | FileNotFoundError():
            return "not-found"
        case av.error.HTTPClientError():
            return "not-found"
        case av.error.InvalidDataError() | IndexError() | av.error.LookupError():
            return "not-video"
        case EOFError():
            return "ended"
    return "unreachable"


def trouble_reading(error: BaseException) -> Trouble:
    """Which trouble an error is that came while reading."""
    match error:
        case av.error.ExitError() | TimeoutError():
            return "frozen"
        case av.error.InvalidDataError():
            return "damaged"
    return "ended"


def source_error(address: Address, trouble: Trouble, detail: str = "") -> SourceError:
    """What to tell, without user and password."""
    told = f" ({detail})" if detail else ""
    return SourceError(trouble, f"{address.shown}: {_ADVICE[trouble]}{told}")


def reason_in(error: BaseException) -> str:
    """The few words of an error that name neither address nor password."""
    if isinstance(error, av.error.ExitError):
        return _LATE
    return str(getattr(error, "strerror", None) or type(error).__name__)


def opened(address: Address, file: Any, how: Opening, timepiece: Timepiece) -> Any:
    """The container of a URL or a file; PyAV's errors, which carry the password, end here.

    Args:
        address: to tell.
        file: what PyAV opens.
        how: it is opened.
        timepiece: of this machine.

    Raises:
        SourceError: it does not open, and why.
    """
    failure: SourceError
    begun = timepiece.steady()
    try:
        container = av.open(
            file,
            format=how.format,
            options=how.options,
            timeout=(how.open_s, how.frozen_s),
            hwaccel=hardware(),
        )
        if container.streams.video:
            return container
        container.close()
        failure = source_error(address, "not-video", "it holds no picture")
    except (av.error.FFmpegError, OSError, ValueError) as error:
        failure = source_error(address, trouble_opening(error), reason_in(error))
        is_late = timepiece.steady() - begun >= how.open_s and address.kind != "file"
        if is_late:  # interrupted, FFmpeg may say anything
            failure = source_error(address, "unreachable", _LATE)
    raise failure
