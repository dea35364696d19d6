"""Hands over the stills of a folder that a camera uploads into: every one, by their times."""

from dataclasses import replace
from typing import Never

from lpr.errors import SourceError
from lpr.watch.clocks import Timepiece
from lpr.watch.frames import LiveFrame
from lpr.watch.handover import Handover
from lpr.watch.judging import Judging
from lpr.watch.reconnecting import State
from lpr.watch.sampling import Counts
from lpr.watch.uploads import Uploads

FORGET_S = 3600.0  # between two times that the memory is written anew without what is gone


class Collecting:
    """Follows one folder; no still is dropped, it waits until there is time.

    Args:
        uploads: of the folder.
        hand: to the recogniser; tells `uploads` what is kept.
        timepiece: of this machine.
    """

    def __init__(self, uploads: Uploads, hand: Handover, timepiece: Timepiece) -> None:
        self._uploads, self._hand, self._timepiece = uploads, hand, timepiece
        self._judging = Judging()
        self._forgot = float("-inf")
        self._came = 0

    def collect(self) -> Never:
        """Hand stills over, for ever."""
        self._hand.begin(self._uploads.earlier)
        while True:
            self.collect_once()
            self._hand.pause(self._uploads.pause_s)

    def collect_once(self) -> None:
        """Hand over the stills that are new."""
        failure: SourceError | None = None
        try:
            for frame in self._uploads.new(self._hand.breathe):
                self._take(frame)
            if self._timepiece.steady() - self._forgot >= FORGET_S:
                self._uploads.forget_gone()
                self._forgot = self._timepiece.steady()
        except SourceError as error:
            failure = error
        self._tell(failure)

    def _take(self, frame: LiveFrame) -> None:
        hand = self._hand
        self._came += 1
        counts = Counts(self._came, self._came, self._came)
        self._judging.judge(frame, frame.small_grey(), is_quiet=False)
        hand.note(frame)
        hand.sign = replace(hand.sign, state="up", counts=counts, scene=self._judging.scene)
        hand.give_in_turn(frame)

    def _tell(self, failure: SourceError | None) -> None:
        hand, uploads = self._hand, self._uploads
        state: State = "up" if hand.sign.at else "connecting"
        hand.sign = replace(
            hand.sign,
            state="down" if failure else state,
            trouble=failure.trouble if failure else None,
            message=str(failure or uploads.trouble),
            refused=uploads.refused,
            refused_for=uploads.refused_for,
        )
        hand.breathe()
