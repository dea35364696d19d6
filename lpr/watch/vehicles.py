"""The vehicles at one camera, and which of its stills need not be looked at again."""

from collections.abc import Sequence
from datetime import datetime

from lpr.boxes import Frame
from lpr.live_passings import CameraPassings, Report
from lpr.passages import Passage
from lpr.recognition import SeenPlate
from lpr.watch.messages import Kept, Shown

MOST_AGAIN = 300  # stills that are looked at again after a crash; then passages are cut in two


class Vehicles:
    """Follows the vehicles of one camera.

    Stills need not be looked at again once all that they showed has been reported at last, and
    these reports are kept. Where somebody is always in view, he is reported after MOST_AGAIN stills
    as if he had gone, and goes on under the same id.

    Args:
        camera: id.
        earlier: what was reported before; see `CameraPassings`.
        is_repeatable: the same.

    Attributes:
        passings: of the camera.
    """

    def __init__(self, camera: str, earlier: Sequence[Passage], is_repeatable: bool) -> None:
        self._camera, self._is_repeatable = camera, is_repeatable
        self.begin(earlier)

    def begin(self, earlier: Sequence[Passage]) -> None:
        """Frames begin anew: those that need to be looked at again come again."""
        self.passings = CameraPassings(self._camera, earlier, is_repeatable=self._is_repeatable)
        self._looked = self._kept = 0

    def take(self, picture: Frame, shown: Shown, plates: Sequence[SeenPlate]) -> list[Report]:
        """Take in a frame that was looked at; see `CameraPassings.take`."""
        reports = self.passings.take(picture, shown.at, plates, shown.still)
        self._looked = shown.number
        is_too_much = self._looked - self._kept >= MOST_AGAIN
        return reports + (self.passings.finish() if is_too_much else [])

    def quiet(self, at: datetime) -> list[Report]:
        """Take in that nothing moved; see `CameraPassings.quiet`."""
        return self.passings.quiet(at)

    def finish(self) -> list[Report]:
        """The last report of every vehicle; see `CameraPassings.finish`."""
        return self.passings.finish()

    def kept(self) -> Kept | None:
        """What to remember, once all reports until now are on the disk; None: nothing new."""
        if self._looked == self._kept or not self.passings.is_over:
            return None
        self._kept = self._looked
        return Kept(self._looked, tuple(self.passings.returning()))
