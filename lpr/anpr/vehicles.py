"""One passage a vehicle, however often a camera tells of it; pure but for what it remembers."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from lpr.passages import Passage
from lpr.reports import Report

SAME_VEHICLE = timedelta(seconds=10)  # one that is read again sooner has not been away
SAME_EVENT = timedelta(minutes=2)  # two of one name further apart: the camera counts anew
REMEMBERED = 2000  # passages; a busy lane has so many in an hour
_LATER = timedelta(milliseconds=1)  # of several reports the one with the latest `until` counts


class Vehicles:
    """Takes reports in, one for each event, and gives those that say something new.

    An event is of a vehicle that is known if it bears the same name, or if the same plate was seen
    just before and did not drive the other way. Its report then goes on under the vehicle's id,
    with a later end, and the text and pictures of whichever was surer.

    Args:
        earlier: passages from before this process began, in order.
    """

    def __init__(self, earlier: Iterable[Passage] = ()) -> None:
        self._known: OrderedDict[str, Passage] = OrderedDict()
        for passage in earlier:
            if passage.track is not None:
                self._remember(passage)

    def take(self, report: Report) -> Report | None:
        """Take in the report of an event.

        Args:
            report: of a passage whose track is the event's name.

        Returns:
            What is to be kept; None if that is known already.
        """
        passage = report.passage
        known = self._event(passage) or self._vehicle(passage)
        if known is None:
            if passage.track in self._known:  # another vehicle under a name that was given before
                report = replace(report, passage=_renamed(passage))
            self._remember(report.passage)
            return report
        better = _united(known, passage)
        if better is None:
            return None
        self._remember(better)
        return replace(report, passage=better, is_final=False)

    def _event(self, passage: Passage) -> Passage | None:
        for track in (passage.track, _renamed(passage).track):
            known = self._known.get(track or "")
            if (
                known is not None
                and abs(passage.at - known.at) <= SAME_EVENT
                and (known.text == passage.text or not known.text or not passage.text)
            ):
                return known
        return None

    def _vehicle(self, passage: Passage) -> Passage | None:
        if not passage.text:
            return None
        for known in reversed(self._known.values()):
            ways = {known.direction, passage.direction} - {None}
            until = known.until or known.at
            is_near = known.at - SAME_VEHICLE <= passage.at <= until + SAME_VEHICLE
            if known.text == passage.text and is_near and len(ways) < 2:
                return known
        return None

    def _remember(self, passage: Passage) -> None:
        assert passage.track is not None
        self._known[passage.track] = passage
        self._known.move_to_end(passage.track)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def _renamed(passage: Passage) -> Passage:
    return replace(passage, track=f"{passage.track} {passage.text}")


def _united(known: Passage, new: Passage) -> Passage | None:
    """A vehicle with one more event of it; None if that says nothing new."""
    is_better = (bool(new.text), _pictures(new), new.score) > (
        bool(known.text),
        _pictures(known),
        known.score,
    )
    best, other = (new, known) if is_better else (known, new)
    end = max(known.until or known.at, new.at)
    united = replace(
        best,
        at=known.at,
        at_given=known.at_given,
        track=known.track,
        until=end,
        frame=best.frame or other.frame,
        crop=best.crop or other.crop,
        colour=best.colour or other.colour,
        kind=best.kind or other.kind,
        direction=best.direction or other.direction,
    )
    if united == known:
        return None
    if known.until is not None and end <= known.until:
        return replace(united, until=known.until + _LATER)
    return united


def _pictures(passage: Passage) -> int:
    return sum(name is not None for name in (passage.frame, passage.crop))
