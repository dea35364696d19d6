"""What a camera's process and the recogniser say to each other; pickled, between our own only."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lpr.errors import Trouble
from lpr.passages import Passage
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
        stills: file that remembers which stills were looked at; None: it uploads none.
        view: file that remembers what it should see; None: that is learnt anew at each start.
    """

    camera: WatchedCamera
    parent: int
    memory: int
    stills: Path | None = None
    view: Path | None = None


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
class Kept:
    """To a camera's process: some of its stills need not be looked at again.

    Attributes:
        number: of the last of them.
        earlier: for `Begin`, if the process goes on from there.
    """

    number: int
    earlier: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Begin:
    """From the process of a file or of stills, while none of its frames waits to be looked at.

    Frames that were shown since it began the last time, or since `Kept`, come again.

    Attributes:
        earlier: who was reported before and may be seen again.
    """

    earlier: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """From a camera's process: a frame to look at.

    Attributes:
        slot: that it lies in.
        size: height and width in pixels.
        at: when it was taken, aware UTC.
        still: names it among stills of the same time; empty for a frame of a video.
        number: of a still, counted from 1 since its process began.
    """

    slot: int
    size: tuple[int, int]
    at: datetime
    still: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class CutClip:
    """To a camera's process: some seconds of its video are wanted.

    Attributes:
        number: that the answer has.
        begin: aware UTC.
        end: aware UTC.
    """

    number: int
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Clip:
    """From a camera's process: what it has of them.

    Attributes:
        number: of the question.
        mp4: None if it has nothing.
    """

    number: int
    mp4: bytes | None


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
        refused: stills that could not be read.
        refused_for: why the last of them could not.
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
    refused: int = 0
    refused_for: str = ""
