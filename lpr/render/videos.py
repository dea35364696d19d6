"""Videos of rendered cameras: recorded while something moves, like a camera that saves its disk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from lpr.plates import GeneratedPlate
from lpr.render.camera_view import CameraView
from lpr.render.cameras import RenderedCamera
from lpr.render.lettering import draw_lettering
from lpr.render.light import Hour, Light, finish, light_of
from lpr.render.panels import Corners, Picture
from lpr.render.pictures import Placed, draw_traffic
from lpr.render.scene import LitVehicle, draw_vehicle
from lpr.render.street import draw_street, random_street
from lpr.render.traffic import Trip

SIZE = (1280, 720)
HANOI = timezone(timedelta(hours=7))
FAR_M = 24.0  # a vehicle is recorded up to here
READ_M = 1.2  # beyond the foremost place where a plate is whole in the frame: there it is passed
PLATE_M = 0.55  # usual height of a plate
IDLE_S = 15.0  # between two frames while nothing moves
AFTER_S = 1.2  # one more frame after the last vehicle: the tracker sees that it is gone
LEAST_PX = 40.0  # width of a plate that is told as seen
_SWAY = 0.08  # vehicles at one camera are slower or faster by this share
_QUALITY = {"preset": "veryfast", "crf": "28", "threads": "1"}


@dataclass(frozen=True, slots=True)
class PlateSeen:
    """A plate in one frame of a video.

    Attributes:
        offset_s: of the frame, seconds since the video began.
        corners: (4, 2) pixels, clockwise from the plate's top left.
        plate: what stands on it.
    """

    offset_s: float
    corners: Corners
    plate: GeneratedPlate


@dataclass(frozen=True, slots=True)
class Visit:
    """A vehicle in front of one camera.

    Attributes:
        vehicle: lit as it is there.
        at_s: when it is where the camera reads best.
        speed: metres a second away from the camera, negative towards it.
        x: metres to the right of the lane's middle.
        read_m: how far away it is then.
    """

    vehicle: LitVehicle
    at_s: float
    speed: float
    x: float
    read_m: float

    def z(self, offset_s: float) -> float:
        """How far away its near end is."""
        return self.read_m + self.speed * (offset_s - self.at_s)

    @property
    def span(self) -> tuple[float, float]:
        """When it is recorded."""
        first = (2.0 if self.speed < 0 else 1.0) / abs(self.speed)
        last = (FAR_M - self.read_m) / abs(self.speed)
        if self.speed < 0:
            return self.at_s - last, self.at_s + first
        return self.at_s - first, self.at_s + last


@dataclass(frozen=True, slots=True)
class Set:
    """A camera with its street, lit, and everything that drives through.

    Attributes:
        view: of the camera.
        street: empty, as it sees it; (H, W, 3) uint8 BGR with its name burnt in.
        light: of the hour.
        visits: by time.
    """

    view: CameraView
    street: Picture
    light: Light
    visits: tuple[Visit, ...]


def hour_at(time: datetime) -> Hour:
    """Day, dusk or night in Hanoi."""
    hour = time.astimezone(HANOI).hour
    if 6 <= hour < 17:
        return "day"
    return "dusk" if hour in (5, 17, 18) else "night"


def set_up(camera: RenderedCamera, trips: Sequence[Trip], hour: Hour, rain: bool, seed: int) -> Set:
    """Build what one camera sees.

    Args:
        camera: which.
        trips: of all vehicles; those that pass it are taken.
        hour: of the light.
        rain: whether it rains.
        seed: of everything.
    """
    rng = np.random.default_rng([seed, int(camera.id[1:])])
    focal, horizon = rng.uniform(2300, 2600), rng.uniform(-0.14, 0.0)
    pitch = float(np.arctan((0.5 - horizon) * SIZE[1] / focal))
    view = CameraView(*SIZE, focal, rng.uniform(2.3, 2.8), pitch, rng.normal(0, 0.01))
    light = light_of(hour, rain, rng)
    street = draw_street(view, random_street(rng, view), light, rng)
    _burn_in(street, camera.name)
    flow = rng.uniform(5.5, 9.0)
    visits = [
        _visit(trip, passed.at_s, camera, view, light, flow)
        for trip in trips
        for passed in trip.passes
        if passed.camera == camera.id
    ]
    return Set(view, street, light, tuple(sorted(visits, key=lambda v: v.at_s)))


def _visit(
    trip: Trip,
    at_s: float,
    camera: RenderedCamera,
    view: CameraView,
    light: Light,
    flow: float,
) -> Visit:
    vehicle = draw_vehicle(np.random.default_rng(trip.look), trip.plate, camera.end)
    rng = np.random.default_rng([trip.look, int(camera.id[1:])])
    speed = flow * rng.uniform(1 - _SWAY, 1 + _SWAY) * (1 if camera.end == "rear" else -1)
    is_bike = trip.plate.vehicle == "motorcycle"
    x = rng.uniform(-0.9, 1.0) if is_bike else rng.normal(0, 0.15)
    read_m = view.foremost_m(PLATE_M) + READ_M
    return Visit(LitVehicle.of(vehicle, light), at_s, speed, float(x), read_m)


def frame_numbers(visits: Sequence[Visit], seconds: float, fps: int) -> list[int]:
    """Which frames of a video are recorded.

    Args:
        visits: of its camera.
        seconds: that the video lasts.
        fps: frames of each second, when all are recorded.

    Returns:
        Numbers of frames, from 0, in order.
    """
    numbers = {0, *(round(t * fps) for t in np.arange(0, seconds, IDLE_S))}
    for visit in visits:
        begin, end = (max(0.0, t) for t in visit.span)
        numbers.update(range(int(begin * fps), int(end * fps) + 1))
        numbers.add(round((end + AFTER_S) * fps))
    return sorted(n for n in numbers if n <= seconds * fps)


def draw_frame(
    stage: Set, offset_s: float, clock: datetime, rng: np.random.Generator
) -> tuple[Picture, list[PlateSeen]]:
    """One frame.

    Args:
        stage: the camera.
        offset_s: seconds since the video began.
        clock: the time that is burnt in, aware.
        rng: source of its noise.

    Returns:
        (H, W, 3) uint8 BGR, and the plates that are whole in it, not covered and not too small.
    """
    frame = stage.street.copy()
    here = [Placed(v.vehicle, v.x, v.z(offset_s)) for v in stage.visits if _is_here(v, offset_s)]
    truths = draw_traffic(frame, stage.view, here)
    frame = finish(frame, stage.light, rng)
    text = clock.astimezone(HANOI).strftime("%d-%m-%Y %H:%M:%S")
    for colour, thickness in (((20, 20, 20), 4), ((240, 240, 240), 2)):
        cv2.putText(frame, text, (24, 40), cv2.FONT_HERSHEY_SIMPLEX, 0.7, colour, thickness)
    seen = [PlateSeen(offset_s, t.corners, t.plate) for t in truths if _is_whole(t.corners)]
    return frame, seen


def _is_here(visit: Visit, offset_s: float) -> bool:
    return 1.0 < visit.z(offset_s) < 80.0


def _is_whole(corners: Corners) -> bool:
    low, high = corners.min(0), corners.max(0)
    inside = (low >= 0).all() and high[0] <= SIZE[0] and high[1] <= SIZE[1]
    return bool(inside and high[0] - low[0] >= LEAST_PX)


def write_video(
    path: Path, stage: Set, start: datetime, seconds: float, fps: int, seed: int
) -> list[PlateSeen]:
    """Record one camera as H.264 in MP4; frames carry their true times, with gaps between.

    Args:
        path: of the file.
        stage: the camera.
        start: when the video begins, aware.
        seconds: that it lasts.
        fps: frames of each second while something moves.
        seed: of the noise.

    Returns:
        Every plate of every frame: the truth.
    """
    seen: list[PlateSeen] = []
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options=_QUALITY)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.codec_context.time_base = Fraction(1, fps)
        for number, frame, plates in _frames(stage, start, seconds, fps, seed):
            seen += plates
            picture = av.VideoFrame.from_ndarray(frame, format="bgr24")
            picture.pts, picture.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return seen


def _frames(
    stage: Set, start: datetime, seconds: float, fps: int, seed: int
) -> Iterator[tuple[int, Picture, list[PlateSeen]]]:
    rng = np.random.default_rng(seed)
    for number in frame_numbers(stage.visits, seconds, fps):
        offset = number / fps
        yield number, *draw_frame(stage, offset, start + timedelta(seconds=offset), rng)


def _burn_in(street: Picture, name: str) -> None:
    letters = draw_lettering(name.replace("-", " "), 17, spacing=0.16)
    height, width = letters.shape
    part = street[-height - 16 : -16, 24 : 24 + width]
    share = letters[:, : part.shape[1], None].astype(np.float32) / 255
    part[:] = (part * (1 - share) + 240 * share).astype(np.uint8)
