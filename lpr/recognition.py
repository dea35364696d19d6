"""From a frame to the plates in it, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from lpr.boxes import Detector, Frame, PlateBox
from lpr.looking_again import CLOSER, WIDER, together, wants_more_looks
from lpr.reader import Reader
from lpr.readings import Reading
from lpr.rectify import MARGIN, corners_in_frame, rectify


@dataclass(frozen=True, slots=True)
class SeenPlate:
    """A plate box, its crop, and what the crop said."""

    box: PlateBox
    crop: Frame
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Cut:
    """A crop, the box that it was cut out by, and its frame."""

    frame: Frame
    box: PlateBox
    crop: Frame


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Finds plates and reads them.

    Attributes:
        detector: finds plates.
        reader: reads crops.
    """

    detector: Detector
    reader: Reader

    def plates(self, frame: Frame) -> list[SeenPlate]:
        """Every plate of a frame, surest box first."""
        return self.plates_of([frame])[0]

    def plates_of(self, frames: Sequence[Frame]) -> list[list[SeenPlate]]:
        """Every plate of each of several frames, all read together, which takes less time."""
        found = [self.detector.detect(frame) for frame in frames]
        cuts = [
            _Cut(frame, box, rectify(frame, box))
            for frame, boxes in zip(frames, found, strict=True)
            for box in boxes
        ]
        seen = iter(self._read(cuts, MARGIN))
        return [list(islice(seen, len(boxes))) for boxes in found]

    def crop(self, picture: Frame) -> SeenPlate:
        """Read a picture that is one plate already."""
        height, width = picture.shape[:2]
        corners = (
            (0.0, 0.0),
            (float(width), 0.0),
            (float(width), float(height)),
            (0.0, float(height)),
        )
        return self._read([_Cut(picture, PlateBox(corners, 1.0), picture)], 0.0)[0]

    def _read(self, cuts: Sequence[_Cut], margin: float) -> list[SeenPlate]:
        """Read crops; plates that are not read surely are cut otherwise and read again."""
        readings = self.reader.read([cut.crop for cut in cuts]) if cuts else []
        seen = [SeenPlate(c.box, c.crop, r) for c, r in zip(cuts, readings, strict=True)]
        unsure = [index for index, one in enumerate(seen) if wants_more_looks(one.reading)]
        cut = [_cut_again(cuts[index].frame, seen[index], margin) for index in unsure]
        again = self.reader.read([crop for more in cut for crop in more]) if cut else []
        for number, index in enumerate(unsure):
            first, more = seen[index], cut[number]
            looks = [first.reading, *again[number * len(more) : (number + 1) * len(more)]]
            best, reading = together(looks)
            seen[index] = replace(first, crop=[first.crop, *more][best], reading=reading)
        return seen


def _cut_again(frame: Frame, seen: SeenPlate, margin: float) -> list[Frame]:
    """The plate closer and wider, and at three sizes by the corners that the reader saw."""
    assert seen.reading.corners is not None
    by_corners = corners_in_frame(seen.box, seen.reading.corners, margin)
    looks = [(seen.box, margin + CLOSER), (seen.box, margin + WIDER)]
    looks += [(by_corners, MARGIN + more) for more in (0.0, CLOSER, WIDER)]
    return [rectify(frame, box, around) for box, around in looks]
