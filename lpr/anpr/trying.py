"""Trying out a camera that reads by itself: does it open, what is it, what does it tell?"""

from dataclasses import dataclass, field
from statistics import median
from typing import Any

from lpr.anpr.camera_clock import CameraClock
from lpr.anpr.events import Device, Seen
from lpr.anpr.pulling import MAKES, open_events
from lpr.anpr.reporting import model_of, plate_in, score_of
from lpr.anpr.requesting import ask, site_of
from lpr.errors import SourceError, Trouble
from lpr.watch.addresses import Address
from lpr.watch.clocks import BELIEVED_S, Timepiece


@dataclass(frozen=True, slots=True)
class EventTrial:
    """What came of trying a camera.

    Attributes:
        shown: its address without user and password.
        make: how it was spoken to.
        opens: whether its stream of events does.
        trouble, message: why it does not open or broke off; None and empty if it did neither.
        device: what it says about itself.
        clock_offset_s: how far its clock is behind; None if it does not tell.
        seconds: that were waited.
        scores: of each event, as its passage would have it; 0 for a plate that was not read.
        pictures: events with one of the plate, and with one of the scene.
        damaged: parts that were no event and no picture.
    """

    shown: str
    make: str
    opens: bool = False
    trouble: Trouble | None = None
    message: str = ""
    device: Device = field(default_factory=Device)
    clock_offset_s: float | None = None
    seconds: float = 0.0
    scores: tuple[float, ...] = ()
    pictures: tuple[int, int] = (0, 0)
    damaged: int = 0


def try_events(address: Address, seconds: float, timepiece: Timepiece) -> EventTrial:
    """Wait for what a camera tells.

    Args:
        address: of it.
        seconds: to wait.
        timepiece: of this machine.

    Returns:
        What came of it; a camera that does not open is no exception here.
    """
    site, make = site_of(address), MAKES[address.kind]
    try:
        device = make.device(lambda path: ask(site, path))
        clock = CameraClock().told(device.times, timepiece.utc(), timepiece.steady())
        stream = open_events(site, make, timepiece)
    except SourceError as error:
        return EventTrial(site.shown, make.NAME, trouble=error.trouble, message=str(error))
    begun, failure = timepiece.steady(), None
    came: list[Seen] = []
    try:
        for seen in stream.frames():
            came += [] if seen is None else [seen]
            if timepiece.steady() - begun >= seconds:
                break
    except SourceError as error:
        failure = error
    finally:
        stream.close()
    return EventTrial(
        site.shown,
        make.NAME,
        True,
        failure.trouble if failure else None,
        str(failure) if failure else "",
        device,
        clock.offset_s,
        timepiece.steady() - begun,
        tuple(score_of(plate_in(one.event.plate), one.event.surety) for one in came),
        (sum(one.plate is not None for one in came), sum(one.scene is not None for one in came)),
        stream.damaged,
    )


def lines_of(trial: EventTrial) -> list[str]:
    """For people: what was found, and what to do about it."""
    if not trial.opens:
        return [f"does not open: {trial.message}"]
    read = [score for score in trial.scores if score]
    surely = f", probability in the middle {median(read):.2f}" if read else ""
    plates, scenes = trial.pictures
    lines = [
        f"opens: {trial.shown}",
        f"camera: {model_of(trial.device, trial.make)}",
        _clock_line(trial.clock_offset_s),
        f"events: {len(trial.scores)} in {trial.seconds:.0f} s, {len(read)} with a plate{surely}",
        f"pictures: {plates} of plates, {scenes} of scenes",
        f"damaged parts: {trial.damaged}",
    ]
    return lines + [f"advice: {one}" for one in advice_of(trial)]


def _clock_line(offset: float | None) -> str:
    if offset is None:
        return "clock: the camera does not tell its time; that of its events is measured"
    return f"clock: {abs(offset):.1f} s {'behind' if offset >= 0 else 'ahead of'} this machine's"


def advice_of(trial: EventTrial) -> list[str]:
    """What could be better, in words of what to do."""
    advice: list[str] = []
    if trial.message:
        advice.append(f"it broke off: {trial.message}")
    if not trial.scores:
        advice.append("no event came: let a vehicle pass, and see that it notifies of plates")
    elif 0 in trial.pictures:
        advice.append("pictures are missing: let it send those of the plate and of the scene")
    if trial.clock_offset_s is not None and abs(trial.clock_offset_s) > BELIEVED_S:
        advice.append("its clock is wrong and is not used: set its time server (NTP) and its zone")
    return advice


def fields_of(trial: EventTrial) -> dict[str, Any]:
    """For machines: the keys of one line of JSON."""
    read = [score for score in trial.scores if score]
    offset = trial.clock_offset_s
    return {
        "url": trial.shown,
        "opens": trial.opens,
        "trouble": trial.trouble,
        "message": trial.message,
        "model": model_of(trial.device, trial.make),
        "seconds": round(trial.seconds, 2),
        "events": len(trial.scores),
        "read": len(read),
        "score": round(median(read), 4) if read else None,
        "plate_pictures": trial.pictures[0],
        "scene_pictures": trial.pictures[1],
        "damaged": trial.damaged,
        "clock_offset_s": None if offset is None else round(offset, 3),
        "advice": advice_of(trial) if trial.opens else [],
    }
