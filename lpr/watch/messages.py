"""What a camera's process and the recogniser say to each other; pickled, between our own only."""

from dataclasses import dataclass, field
from datetime import datetime

from lpr.errors import Trouble
from lpr.watch.clocks import ClockSource
from lpr.watch.reconnecting import State
from lpr.watch.sampling import Counts, Demand
from lpr.watch.scene import Scene
from lpr.watch.watch_file import WatchedCamera


@dataclass(frozen=True, slots=True)
class Order:
    """To a camera's process, first of all.

    Attributes:
        camera: what it is to follow; with its password, which is why it is no argument.
        parent: number of the process that it is to end with.
        memory: file descriptor of `lpr.watch.slots`.
    """

    camera: WatchedCamera
    parent: int
    memory: int


@dataclass(frozen=True, slots=True)
class Wish:
    """To a camera's process: how it is to sample from now on.

    Attributes:
        demand: see `lpr.watch.sampling`.
    """

    demand: Demand


@dataclass(frozen=True, slots=True)
class Free:
    """To a camera's process: this slot may be written again."""

    slot: int


@dataclass(frozen=True, slots=True)
class Shown:
    """From a camera's process: a frame to look at.

    Attributes:
        slot: that it lies in.
        size: height and width in pixels.
        at: when it was taken, aware UTC.
    """

    slot: int
    size: tuple[int, int]
    at: datetime


@dataclass(frozen=True, slots=True)
class Sign:
    """From a camera's process, each second and at each change: how it is.

    Attributes:
        state: of its connection.
        trouble, message: why it is down; None and empty if it is not.
        failed: attempts to connect in a row.
        at: time of its latest frame, None before the first.
        is_quiet: whether nothing moved in that one, so that nobody looks at it.
        clock, clock_offset_s: of that frame.
        size: width and height of that frame in pixels.
        fps: frames that came in each second lately.
        lag_s: for how long frames wait until they are decoded.
        decode_ms: time of one core that a frame took lately, all included.
        counts: what became of the frames.
        no_slot: frames that were to be looked at and found no slot.
        damaged: packets that could not be decoded.
        key_frames_only: whether there is no time for others.
        scene: what its pictures say about the camera.
    """

    state: State
    trouble: Trouble | None = None
    message: str = ""
    failed: int = 0
    at: datetime | None = None
    is_quiet: bool = False
    clock: ClockSource | None = None
    clock_offset_s: float | None = None
    size: tuple[int, int] | None = None
    fps: float = 0.0
    lag_s: float = 0.0
    decode_ms: float = 0.0
    counts: Counts = field(default_factory=Counts)
    no_slot: int = 0
    damaged: int = 0
    key_frames_only: bool = False
    scene: Scene | None = None
