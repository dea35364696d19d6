"""Looking at a frame in tiles, so that small plates are found."""

from dataclasses import dataclass
from math import ceil

from lpr.boxes import Detector, Frame, PlateBox, Point
from lpr.overlaps import best_of_each

OVERLAP = 0.2
"""Share of a tile's side that it shares with its neighbour at least: no narrower plate is cut by
both of them. A wider one is large enough to be found in the whole frame."""
_EDGE = 0.01  # share of a tile's side; a box that ends so near to an inner border is cut by it


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a frame: left, top, right and bottom in whole pixels of the frame."""

    x1: int
    y1: int
    x2: int
    y2: int


def tiles_of(width: int, height: int, side: int) -> list[Tile]:
    """Cut a frame into tiles that overlap.

    Args:
        width: of the frame in pixels.
        height: likewise.
        side: longest side of a tile in pixels.

    Returns:
        As few as cover the frame, evenly laid, row by row; one if the frame is no larger.
    """
    tile_width, tile_height = min(side, width), min(side, height)
    return [
        Tile(x, y, x + tile_width, y + tile_height)
        for y in _starts(height, tile_height)
        for x in _starts(width, tile_width)
    ]


def _starts(length: int, side: int) -> list[int]:
    """Where tiles of one row begin; the first at 0, and the last ends at the frame's end."""
    steps = ceil((length - side) / (side * (1 - OVERLAP)))
    return [round(step * (length - side) / max(1, steps)) for step in range(steps + 1)]


def is_cut(box: PlateBox, tile: Tile, width: int, height: int) -> bool:
    """Whether a box ends at an inner border of its tile: the neighbour sees the plate whole.

    Args:
        box: in pixels of the frame.
        tile: that it was found in.
        width: of the frame.
        height: likewise.
    """
    x1, y1, x2, y2 = box.bounds
    across, down = _EDGE * (tile.x2 - tile.x1), _EDGE * (tile.y2 - tile.y1)
    return (
        (tile.x1 > 0 and x1 < tile.x1 + across)
        or (tile.y1 > 0 and y1 < tile.y1 + down)
        or (tile.x2 < width and x2 > tile.x2 - across)
        or (tile.y2 < height and y2 > tile.y2 - down)
    )


def moved(box: PlateBox, x: float, y: float) -> PlateBox:
    """The box farther right by x and farther down by y pixels."""

    def there(point: Point) -> Point:
        return point[0] + x, point[1] + y

    one, two, three, four = box.corners
    return PlateBox((there(one), there(two), there(three), there(four)), box.score)


@dataclass(frozen=True, slots=True)
class TiledDetector:
    """Finds plates in a frame and in its tiles; see `lpr.boxes.Detector`.

    Attributes:
        detector: looks at the frame and at each tile.
        side: longest side of a tile in pixels of the frame.
    """

    detector: Detector
    side: int

    def detect(self, frame: Frame) -> list[PlateBox]:
        """Find every plate of a frame, best score first."""
        height, width = frame.shape[:2]
        boxes = self.detector.detect(frame)
        tiles = tiles_of(width, height, self.side)
        if len(tiles) == 1:
            return boxes
        for tile in tiles:
            found = self.detector.detect(frame[tile.y1 : tile.y2, tile.x1 : tile.x2])
            there = [moved(box, tile.x1, tile.y1) for box in found]
            boxes = [*boxes, *(box for box in there if not is_cut(box, tile, width, height))]
        return best_of_each(boxes)
