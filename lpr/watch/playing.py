"""Reads a video file to its end, and again from its start whenever it has changed since.

Read again, a file gives the same passages under the same ids: which of its frames are looked at
depends on nothing but the file.
"""

from dataclasses import replace
from pathlib import Path
from typing import Never

from lpr.errors import SourceError
from lpr.watch.clocks import Timepiece
from lpr.watch.frames import LiveFrame
from lpr.watch.handover import Handover
from lpr.watch.judging import Judging
from lpr.watch.live import open_stream
from lpr.watch.sampling import Demand, Sampling, sample
from lpr.watch.stills_memory import Mark
from lpr.watch.uploads import mark_of
from lpr.watch.watch_file import WatchedCamera

CHANGE_S = 5.0  # between two looks whether a file has changed


class Playing:
    """Reads the file of one camera; no frame is dropped, it waits until there is time.

    Args:
        camera: whose source is a file.
        hand: to the recogniser.
        timepiece: of this machine.
    """

    def __init__(self, camera: WatchedCamera, hand: Handover, timepiece: Timepiece) -> None:
        self._camera, self._path, self._hand = camera, Path(camera.address.url), hand
        self._timepiece = replace(timepiece, sleep=hand.pause)  # signs of life at the file's end
        self._sampling = Sampling(camera.fps)
        self._judging = Judging()

    def play(self) -> Never:
        """Read it, for ever."""
        while True:
            mark = self.play_once()
            while mark_of(self._path) == mark:
                self._hand.pause(CHANGE_S)

    def play_once(self) -> Mark | None:
        """Read it to its end, or as far as that goes.

        Returns:
            What the file was like then; None if it is not there.
        """
        hand = self._hand
        hand.begin(())
        self._sampling = Sampling(self._camera.fps, counts=self._sampling.counts)
        self._judging = Judging()
        hand.sign = replace(hand.sign, state="connecting", trouble=None, message="")
        hand.tell()
        failure = self._failure()
        mark = mark_of(self._path)
        hand.wait_until_looked()
        is_whole = failure.trouble == "finished"
        hand.sign = replace(
            hand.sign,
            state="finished" if is_whole else "down",
            trouble=None if is_whole else failure.trouble,
            message=str(failure),
        )
        hand.tell_measured()
        return mark

    def _failure(self) -> SourceError:
        """Read it, and say why no more comes."""
        try:
            stream = open_stream(self._camera, self._timepiece)
            try:
                for frame in stream.frames():
                    self._take(frame)
                    self._hand.sign = replace(self._hand.sign, damaged=stream.damaged)
            finally:
                stream.close()
        except SourceError as error:
            return error
        raise AssertionError("a stream ends with an error that says why")

    def _take(self, frame: LiveFrame) -> None:
        hand = self._hand
        self._sampling, verdict = sample(self._sampling, frame.offset, Demand(), lambda: True)
        if verdict == "look":
            hand.give_in_turn(frame)
            self._judging.judge(frame, frame.small_grey(), is_quiet=False)
        counts, scene = self._sampling.counts, self._judging.scene
        hand.note(frame)
        hand.sign = replace(hand.sign, state="up", counts=counts, scene=scene)
        hand.breathe()
