"""From a frame to the plates in it, and what they say."""

from dataclasses import dataclass

from lpr.boxes import Detector, Frame, PlateBox
from lpr.reader import Reader
from lpr.readings import Reading
from lpr.rectify import rectify


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
        readings = self.reader.read(crops) if crops else []
        return [SeenPlate(*seen) for seen in zip(boxes, crops, readings, strict=True)]

    def crop(self, picture: Frame) -> SeenPlate:
        """Read a picture that is one plate already."""
        height, width = picture.shape[:2]
        corners = (
            (0.0, 0.0),
            (float(width), 0.0),
            (float(width), float(height)),
            (0.0, float(height)),
        )
        return SeenPlate(PlateBox(corners, 1.0), picture, self.reader.read([picture])[0])
