"""How far the clock of a camera that tells events is off, and when its events were; pure."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from lpr.anpr.events import Times, meant
from lpr.watch.clocks import BELIEVED_S, ClockSource, LeastDelay, is_believed

ASK_AGAIN_S = 30.0  # between two questions what the camera's clock shows
LATEST_S = 86_400.0  # what a camera kept while the link was broken; older ones are not believed


@dataclass(frozen=True, slots=True)
class CameraClock:
    """What is known of a camera's clock.

    An event may be late because the camera has kept it while the link was broken. So its delay does
    not tell how far the clock is off: the camera is asked what it shows, when the connection begins
    and whenever an event is further off than it can be. Of a camera that does not tell, the least
    delay of its events counts, as of live streams.

    Attributes:
        told_s: how far it is behind, as it was told; None if it was not.
        asked_s: when it was last asked, by our steady clock.
        delays: of its events.
    """

    told_s: float | None = None
    asked_s: float = float("-inf")
    delays: LeastDelay = field(default_factory=LeastDelay)

    @property
    def offset_s(self) -> float | None:
        """How far it is behind; None if nothing is known."""
        return self.delays.seconds if self.told_s is None else self.told_s

    def told(self, times: Times, utc: datetime, steady_s: float) -> "CameraClock":
        """With an answer to what it shows.

        Args:
            times: what it may mean; empty if it does not tell.
            utc: when it was told, aware UTC.
            steady_s: the same by our steady clock.
        """
        shown = meant(times, utc)
        behind = None if shown is None else (utc - shown).total_seconds()
        return replace(self, told_s=behind, asked_s=steady_s)

    def is_in_doubt(self, times: Times, arrived: datetime, steady_s: float) -> bool:
        """Whether an event is further off than it can be, so that the camera is to be asked."""
        time = meant(times, arrived)
        if time is None or self.told_s is None or steady_s - self.asked_s < ASK_AGAIN_S:
            return False
        return abs((arrived - time).total_seconds() - self.told_s) > BELIEVED_S

    def timed(
        self, times: Times, arrived: datetime, steady_s: float
    ) -> tuple["CameraClock", datetime, ClockSource]:
        """When an event was.

        Args:
            times: what the camera told may mean.
            arrived: when the event arrived, aware UTC.
            steady_s: the same by our steady clock.

        Returns:
            What is known now; the event's time, aware UTC; whose clock that is.
        """
        time = meant(times, arrived)
        if time is None:
            return self, arrived, "arrival"
        delay_s = (arrived - time).total_seconds()
        known = replace(self, delays=self.delays.took(steady_s, delay_s))
        if is_believed(known.offset_s) and -BELIEVED_S <= delay_s <= LATEST_S:
            return known, time, "sender"
        return known, arrived, "arrival"
