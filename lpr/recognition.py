"""From a frame to the plates in it, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lpr.boxes import Detector, Frame, PlateBox
from lpr.reader import Reader
from lpr.readings import Reading
from lpr.rectify import MARGIN, corners_in_frame, rectify
from lpr.second_look import surer, wants_second_look


@dataclass(frozen=True, slots=True)
class SeenPlate:
    """A plate box, its crop, and what the crop said."""

    box: PlateBox
    crop: Frame
    reading: Reading


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
        boxes = self.detector.detect(frame)
        crops = [rectify(frame, box) for box in boxes]
        return self._read(frame, boxes, crops, MARGIN)

    def crop(self, picture: Frame) -> SeenPlate:
        """Read a picture that is one plate already."""
        height, width = picture.shape[:2]
        corners = (
            (0.0, 0.0),
            (float(width), 0.0),
            (float(width), float(height)),
            (0.0, float(height)),
        )
        return self._read(picture, [PlateBox(corners, 1.0)], [picture], 0.0)[0]

    def _read(
        self, frame: Frame, boxes: Sequence[PlateBox], crops: Sequence[Frame], margin: float
    ) -> list[SeenPlate]:
        """Read crops; those that are not read surely are cut again as the reader saw them."""
        readings = self.reader.read(crops) if crops else []
        seen = [SeenPlate(*one) for one in zip(boxes, crops, readings, strict=True)]
        unsure = [index for index, one in enumerate(seen) if wants_second_look(one.reading)]
        again = [_cut_again(frame, seen[index], margin) for index in unsure]
        for index, crop, reading in zip(
            unsure, again, self.reader.read(again) if again else [], strict=True
        ):
            if surer(seen[index].reading, reading) is reading:
                seen[index] = replace(seen[index], crop=crop, reading=reading)
        return seen


def _cut_again(frame: Frame, seen: SeenPlate, margin: float) -> Frame:
    assert seen.reading.corners is not None
    return rectify(frame, corners_in_frame(seen.box, seen.reading.corners, margin))
