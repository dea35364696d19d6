"""Looks at the frames of all cameras in turn, and keeps the passages."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import wait

from lpr.errors import SpoolFullError
from lpr.live_passings import Report
from lpr.passages import Passage
from lpr.recognition import Recogniser, SeenPlate
from lpr.spool import SpoolWriter
from lpr.tracker import JOIN_S
from lpr.watch.camera_process import CameraProcess
from lpr.watch.clip_orders import ClipOrders
from lpr.watch.clocks import Timepiece
from lpr.watch.health import CameraHealth, Tally, health_of
from lpr.watch.load import Load, loaded
from lpr.watch.messages import Begin, Clip, Sign
from lpr.watch.regions import Zone
from lpr.watch.sampling import Demand
from lpr.watch.vehicles import Vehicles

TURN_S = 0.1  # that it waits for news at most
SECOND_S = 1.0  # between two looks at how everything is
MOST_AT_ONCE = 8  # frames of as many cameras whose crops are read together
GONE_S = JOIN_S + 2.0  # without a frame: whoever was in view is not waited for any longer
_LOG = logging.getLogger("platetrail.watch")


@dataclass(slots=True, eq=False)
class _Camera:
    """A camera, its process, and what is known of its vehicles."""

    process: CameraProcess
    vehicles: Vehicles
    clips: ClipOrders
    tally: Tally = field(default_factory=Tally)
    told: float = 0.0  # when its time went on last, seconds of the steady clock

    @property
    def id(self) -> str:
        return self.process.camera.id

    @property
    def is_live(self) -> bool:
        return self.process.camera.address.is_live

    @property
    def is_file(self) -> bool:
        return self.process.camera.address.kind == "file"


class Looking:
    """Looks at cameras until it is told to stop.

    Args:
        processes: of the cameras.
        earlier: what each camera reported shortly before, by its id.
        recogniser: finds and reads plates.
        spool: takes passages and pictures.
        tell: is told once a second how every camera is.
        timepiece: of this machine.
    """

    def __init__(
        self,
        processes: Iterable[CameraProcess],
        earlier: Mapping[str, Sequence[Passage]],
        recogniser: Recogniser,
        spool: SpoolWriter,
        tell: Callable[[list[CameraHealth]], None],
        timepiece: Timepiece,
    ) -> None:
        self._cameras = [
            _Camera(
                one,
                Vehicles(
                    one.camera.id, earlier.get(one.camera.id, ()), not one.camera.address.is_live
                ),
                ClipOrders(one.camera.clip_s, one.cut),
            )
            for one in processes
        ]
        self._recogniser, self._spool, self._tell = recogniser, spool, tell
        self._timepiece, self._clock = timepiece, timepiece.steady
        self._load = Load()
        self._second = self._clock()
        self._busy_s = 0.0
        self._turn = 0

    def turn(self) -> None:
        """Hear what is new, and look at one frame of each camera that has one."""
        now = self._clock()
        for camera in self._cameras:
            camera.process.keep(now)
        connections = [c.process.connection for c in self._cameras]
        wait([one for one in connections if one is not None], 0 if self._has_frames() else TURN_S)
        for camera in self._cameras:
            self._hear(camera)
        begun = self._clock()
        looked = self._look([camera for camera in self._in_turn() if camera.process.waiting])
        ended = self._clock()
        if looked:  # what is not live takes only time that is left
            self._busy_s += (ended - begun) * sum(one.is_live for one in looked) / len(looked)
        if ended - self._second >= SECOND_S:
            self._balance(ended)

    def stop(self) -> None:
        """End the processes, and report every vehicle that is still in view.

        What was seen in files comes again when they are read again.
        """
        for camera in self._cameras:
            if camera.process.camera.address.tells_events:
                self._hear(camera)  # what it has read by itself, it does not tell again
            camera.process.stop()
            if camera.is_live:
                self._keep(camera, camera.vehicles.finish())

    def _has_frames(self) -> bool:
        return any(camera.process.waiting for camera in self._cameras)

    def _in_turn(self) -> list[_Camera]:
        """The cameras, beginning with another one each time."""
        self._turn = (self._turn + 1) % len(self._cameras)
        return self._cameras[self._turn :] + self._cameras[: self._turn]

    def _hear(self, camera: _Camera) -> None:
        for message in camera.process.hear(self._clock()):
            match message:
                case Report():
                    self._keep(camera, [message])
                case Clip():
                    self._keep_clip(camera, message)
                case Begin(earlier):
                    camera.vehicles.begin(earlier)
                case Sign() if not camera.process.waiting:
                    self._mind(camera, message)

    def _mind(self, camera: _Camera, sign: Sign) -> None:
        """What a sign of life says of the vehicles in view."""
        if sign.is_quiet and sign.at is not None:
            camera.told = self._clock()
            self._keep(camera, camera.vehicles.quiet(sign.at))
            self._wish(camera)
        elif camera.is_file and sign.state in ("finished", "down"):
            self._keep(camera, camera.vehicles.finish())

    def _look(self, cameras: list[_Camera]) -> list[_Camera]:
        """Look at a frame of each of them; those for which there was time at once."""
        cameras = cameras[:MOST_AT_ONCE]
        shown = [camera.process.waiting.popleft() for camera in cameras]
        pictures = [c.process.picture(one) for c, one in zip(cameras, shown, strict=True)]
        begun = self._clock()
        seen = self._recogniser.plates_of(pictures) if pictures else []
        took_ms = 1000 * (self._clock() - begun) / max(1, len(pictures))
        for camera, one, picture, plates in zip(cameras, shown, pictures, seen, strict=True):
            inside = _inside(camera.process.camera.zone, one.size, plates)
            camera.told = self._clock()
            camera.tally.looked(took_ms)
            self._keep(camera, camera.vehicles.take(picture, one, inside))
            self._wish(camera)
            camera.process.free(one)
        return cameras

    def _keep(self, camera: _Camera, reports: Iterable[Report]) -> None:
        """Put reports into the spool; what finds no room is counted there, and the rest goes on.

        Only then are the stills that they were read from done with.
        """
        for report in reports:
            try:
                for jpeg in (report.frame, report.crop):
                    if jpeg is not None:
                        self._spool.put_picture(jpeg)
                self._spool.append(report.passage)
            except SpoolFullError as error:
                _LOG.error("camera %s: %s", camera.id, error)
            camera.tally.take(report)
            if report.is_final:
                camera.clips.order(report.passage)
        if kept := camera.vehicles.kept():
            camera.process.remember(kept)

    def _keep_clip(self, camera: _Camera, clip: Clip) -> None:
        """Put a clip into the spool, and once more the passage, which names it now."""
        passage = camera.clips.came(clip)
        if passage is None or clip.mp4 is None:
            return
        try:
            name = self._spool.put_picture(clip.mp4)
            self._spool.append(replace(passage, clip=name))
        except SpoolFullError as error:
            _LOG.error("camera %s: %s", camera.id, error)

    def _wish(self, camera: _Camera) -> None:
        passings = camera.vehicles.passings
        in_view = passings.is_plate_in_view and not passings.is_standing
        camera.process.wish(Demand(in_view, self._load.has_time, self._load.share))

    def _balance(self, now: float) -> None:
        live = [camera for camera in self._cameras if camera.is_live]
        waiting = sum(len(camera.process.waiting) for camera in live)
        busy = self._busy_s / (now - self._second)
        self._load = loaded(self._load, busy, waiting, len(live))
        self._second, self._busy_s = now, 0.0
        for camera in self._cameras:
            if now - camera.told > GONE_S and not camera.is_file:  # a file goes on where it was
                self._keep(camera, camera.vehicles.finish())
            self._wish(camera)
        utc = self._timepiece.utc()
        self._tell([health_of(c.process, c.tally, utc) for c in self._cameras])


def _inside(zone: Zone, size: tuple[int, int], plates: list[SeenPlate]) -> list[SeenPlate]:
    """The plates that lie in the part of the picture that is looked at."""
    height, width = size
    return [plate for plate in plates if zone.holds(plate.box, width, height)]
