"""How a camera and what follows it are; pure."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from lpr.live_passings import Report
from lpr.times import format_utc
from lpr.watch.clocks import BELIEVED_S
from lpr.watch.messages import Sign
from lpr.watch.watch_file import WatchedCamera

Condition = Literal["good", "blind", "down", "connecting", "finished"]
"""blind: pictures come, and no plate can be read in them; down: none come; finished: a file was
read to its end."""
Trouble = Literal["dark", "blurred", "covered", "frozen", "moved", "clock", "overloaded", "slow"]
"""clock: it is wrong and not used; slow: fewer frames come than are wanted."""
BLINDING: tuple[Trouble, ...] = ("dark", "covered", "frozen", "moved", "blurred")
BLURRED = 20.0  # variance of the Laplacian, grey levels squared; rendered streets have 100 and more
SLOW = 0.8  # of the frames wanted
HOUR = timedelta(hours=1)
SURE = 0.5  # score from which a passage counts as read
_RECENT = 0.1  # share of the newest look in the time that a look takes


@dataclass(slots=True)
class Tally:
    """What a camera's passages of the last hour were like, and how many there were in all.

    Attributes:
        passages: since the start.
        look_ms: time that finding and reading the plates of a frame took lately; 0: none yet.
    """

    passages: int = 0
    look_ms: float = 0.0
    _last: deque[tuple[datetime, bool]] = field(default_factory=deque)

    def looked(self, took_ms: float) -> None:
        """Count the time of one look."""
        self.look_ms += (took_ms - self.look_ms) * (_RECENT if self.look_ms else 1.0)

    def take(self, report: Report) -> None:
        """Count a passage once: by its last report, which is its surest."""
        if report.is_final:
            passage = report.passage
            self.passages += 1
            self._last.append((passage.until or passage.at, passage.score >= SURE))

    def hour(self, now: datetime) -> tuple[int, int]:
        """Passages of the last hour, and those of them that were read."""
        while self._last and self._last[0][0] < now - HOUR:
            self._last.popleft()
        return len(self._last), sum(is_read for _, is_read in self._last)


class Followed(Protocol):
    """The process of a camera; `lpr.watch.camera_process.CameraProcess` is one."""

    @property
    def camera(self) -> WatchedCamera:
        """What it follows."""
        ...

    sign: Sign
    restarts: int


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """A camera as the health page shows it.

    Attributes:
        camera: its id.
        condition: in one word.
        troubles: what is not as it should be.
        sign: the last sign of life of its process.
        wanted_fps: looks wanted in each second.
        restarts: of its process.
        passages: since the start.
        hour, hour_read: passages of the last hour, and those that were read.
        look_ms: time that finding and reading the plates of a frame took lately.
    """

    camera: str
    condition: Condition
    troubles: tuple[Trouble, ...]
    sign: Sign
    wanted_fps: float
    restarts: int
    passages: int
    hour: int
    hour_read: int
    look_ms: float

    def to_fields(self) -> dict[str, Any]:
        """As JSON has it."""
        sign, counts, scene = self.sign, self.sign.counts, self.sign.scene
        return {
            "camera": self.camera,
            "condition": self.condition,
            "troubles": list(self.troubles),
            "message": sign.message,
            "trouble": sign.trouble,
            "last_frame": None if sign.at is None else format_utc(sign.at),
            "clock": sign.clock,
            "clock_offset_s": _rounded(sign.clock_offset_s),
            "width": sign.size[0] if sign.size else None,
            "height": sign.size[1] if sign.size else None,
            "fps": round(sign.fps, 2),
            "wanted_fps": self.wanted_fps,
            "lag_s": round(sign.lag_s, 3),
            "decode_ms": round(sign.decode_ms, 2),
            "look_ms": round(self.look_ms, 2),
            "came": counts.came,
            "wanted": counts.wanted,
            "looked": counts.looked - sign.no_slot,
            "without_motion": counts.without_motion,
            "dropped": counts.dropped + sign.no_slot,
            "damaged": sign.damaged,
            "refused": sign.refused,
            "refused_for": sign.refused_for,
            "key_frames_only": sign.key_frames_only,
            "sharpness": _rounded(scene.sharpness if scene else None),
            "darkness": _rounded(scene.darkness if scene else None),
            "restarts": self.restarts,
            "passages": self.passages,
            "hour": self.hour,
            "hour_read": self.hour_read,
        }


def health_of(process: Followed, tally: Tally, now: datetime) -> CameraHealth:
    """How a camera is.

    Args:
        process: that follows it.
        tally: of its passages.
        now: aware UTC.
    """
    sign, wanted = process.sign, process.camera.fps
    least = wanted if process.camera.address.is_live else 0.0  # stills come as they come
    troubles = _troubles(sign, least) if sign.state == "up" else ()
    hour, hour_read = tally.hour(now)
    return CameraHealth(
        process.camera.id,
        _condition(sign, troubles),
        troubles,
        sign,
        wanted,
        process.restarts,
        tally.passages,
        hour,
        hour_read,
        tally.look_ms,
    )


def _condition(sign: Sign, troubles: tuple[Trouble, ...]) -> Condition:
    if sign.state == "up":
        return "blind" if any(one in BLINDING for one in troubles) else "good"
    if sign.state == "finished":
        return "finished"
    return "down" if sign.state == "down" or sign.failed else "connecting"


def _troubles(sign: Sign, wanted_fps: float) -> tuple[Trouble, ...]:
    found: list[Trouble] = []
    if scene := sign.scene:
        found += ["dark"] if scene.is_dark else []
        found += ["covered"] if scene.is_covered else []
        found += ["frozen"] if scene.is_frozen else []
        found += ["moved"] if scene.is_moved else []
        is_seen = not (scene.is_dark or scene.is_covered)
        found += ["blurred"] if is_seen and scene.sharpness < BLURRED else []
    if sign.clock_offset_s is not None and abs(sign.clock_offset_s) > BELIEVED_S:
        found.append("clock")
    if sign.key_frames_only:
        found.append("overloaded")
    if 0 < sign.fps < SLOW * wanted_fps:
        found.append("slow")
    return tuple(found)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
