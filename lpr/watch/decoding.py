"""The process of one camera: follows its source and hands over what is worth a look.

python -m lpr.watch.decoding NUMBER     of a socket, over which `Order` comes first
"""

import random
import sys
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from lpr.errors import SourceError
from lpr.watch.clips import Clips
from lpr.watch.clocks import Timepiece, real_timepiece
from lpr.watch.collecting import Collecting
from lpr.watch.frames import Grey, LiveFrame
from lpr.watch.handover import Handover
from lpr.watch.judging import Judging
from lpr.watch.live import Stream, open_stream
from lpr.watch.messages import Order
from lpr.watch.motion import Background, motion
from lpr.watch.parent import end_with_parent
from lpr.watch.playing import Playing
from lpr.watch.reconnecting import Link, reconnecting
from lpr.watch.regions import Mask
from lpr.watch.sampling import Sampling, sample
from lpr.watch.slots import Slots
from lpr.watch.uploads import Uploads
from lpr.watch.watch_file import WatchedCamera

QUIET_S = 0.2  # between two signs of life while nothing moves: passages end by that time
LATE_S, CAUGHT_UP_S = 3.0, 0.5  # frames that have waited longer: key frames alone, until less


class Following:
    """Follows one live camera.

    Args:
        camera: to follow.
        hand: to the recogniser.
        timepiece: of this machine.
        clips: keeps the packets of its streams, None: nobody does.
        view: file that remembers what it should see, None: nothing does.
    """

    def __init__(
        self,
        camera: WatchedCamera,
        hand: Handover,
        timepiece: Timepiece,
        clips: Clips | None,
        view: Path | None,
    ) -> None:
        self._camera, self._hand, self._timepiece, self._clips = camera, hand, timepiece, clips
        self._sampling = Sampling(camera.fps)
        self._judging = Judging(view)
        self._background: Background | None = None
        self._zone: Mask | None = None
        self._stream: Stream | None = None
        self._damaged = 0

    def connect(self) -> Stream:
        """Open the camera's stream; see `open_stream`."""
        self._close_stream()
        failed = self._hand.sign.failed
        self._stream = open_stream(self._camera, self._timepiece, failed, self._clips)
        return self._stream

    def tell_link(self, link: Link) -> None:
        """Tell of a change of the connection."""
        hand = self._hand
        hand.listen()
        hand.sign = replace(
            hand.sign,
            state=link.state,
            trouble=link.trouble,
            message=link.message,
            failed=link.attempts,
            fps=hand.sign.fps if link.state == "up" else 0.0,
            is_quiet=False,
        )
        self._count()
        hand.tell()

    def take(self, frame: LiveFrame) -> None:
        """Take in the next frame."""
        hand = self._hand
        hand.listen()
        self._mind_lag(self._timepiece.steady() - frame.offset)
        small: list[Grey] = []

        def has_moved() -> bool:
            small.append(frame.small_grey())
            return self._has_moved(small[0], frame.offset)

        self._sampling, verdict = sample(self._sampling, frame.offset, hand.demand, has_moved)
        if verdict == "look" and not hand.give(frame):
            hand.sign = replace(hand.sign, no_slot=hand.sign.no_slot + 1)
        if small:
            hand.note(frame)
            hand.sign = replace(hand.sign, is_quiet=verdict == "no motion")
            self._tell_in_time(frame, small[0])

    def _has_moved(self, small: Grey, offset: float) -> bool:
        height, width = small.shape
        if self._zone is None or self._zone.shape != small.shape:
            self._zone = self._camera.zone.mask(width, height)
        self._background, found = motion(self._background, small, self._zone, offset)
        return found.has_moved

    def _tell_in_time(self, frame: LiveFrame, small: Grey) -> None:
        hand = self._hand
        if hand.is_due:
            self._judging.judge(frame, small, is_quiet=hand.sign.is_quiet)
            self._count()
            hand.tell_measured()
        elif hand.sign.is_quiet and self._timepiece.steady() - hand.told >= QUIET_S:
            self._count()
            hand.tell()

    def _count(self) -> None:
        self._hand.sign = replace(
            self._hand.sign,
            counts=self._sampling.counts,
            damaged=self._damaged + (self._stream.damaged if self._stream else 0),
            scene=self._judging.scene,
        )

    def _mind_lag(self, lag_s: float) -> None:
        """Decode key frames alone while the others come faster than they can be decoded."""
        if self._stream is None:
            return
        if lag_s > LATE_S:
            self._stream.key_frames_only = True
        elif lag_s < CAUGHT_UP_S:
            self._stream.key_frames_only = False
        key_frames_only = self._stream.key_frames_only
        self._hand.sign = replace(self._hand.sign, lag_s=lag_s, key_frames_only=key_frames_only)

    def _close_stream(self) -> None:
        if self._stream is not None:
            self._damaged += self._stream.damaged
            self._stream = None


def follow(connection: "Connection[Any, Any]") -> None:
    """Follow the camera that is ordered, until the recogniser is gone."""
    order = connection.recv()
    assert isinstance(order, Order)
    end_with_parent(order.parent)
    timepiece, slots, camera = real_timepiece(), Slots(order.memory), order.camera
    if order.stills is not None:
        uploads = Uploads(Path(camera.address.url), order.stills, timepiece)
        hand = Handover(connection, slots, timepiece, uploads.keep)
        Collecting(uploads, hand, timepiece).collect()
    clips = Clips(camera.id, camera.clip_s) if camera.clip_s else None
    hand = Handover(connection, slots, timepiece, clips=clips)
    if camera.address.kind == "file":
        Playing(camera, hand, timepiece).play()
    following = Following(camera, hand, timepiece, clips, order.view)
    frames = reconnecting(following.connect, timepiece, random.random, following.tell_link)
    for frame in frames:
        following.take(frame)


def main() -> None:
    """Begin with the socket whose number is the argument."""
    try:
        follow(Connection(int(sys.argv[1])))
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        pass  # the recogniser is gone, or everything ends
    except SourceError as error:  # a bug: whoever follows a source takes them all
        sys.exit(str(error))


if __name__ == "__main__":
    main()
