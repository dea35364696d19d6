"""Look at the pictures of a set once, and keep what everything else is counted from."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

from lpr.boxes import Frame
from lpr.errors import PictureError
from lpr.lines import picture_fields
from lpr.reader import Reader
from lpr.recognising import Recognising
from lpr.recognition import Recogniser, SeenPlate
from lpr.sources import Source, sources_of
from tests.accuracy.judging import READS, Judged, ReadPlate, judge, overlap, read_plates
from tests.accuracy.labels import LabelledPicture, read_labels
from tests.accuracy.light import light_of, upright_cut

CROPS = frozenset({"vn-plate-crops"})  # sets whose pictures are plates already
NATIVE = "vn"
HELD_OUT = 3  # one picture of neg-streets in so many is kept from training, by its file's name
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen in a picture.

    Attributes:
        line: that `platetrail recognise` prints for it.
        picture: None if it could not be read.
        seen: its plates.
    """

    line: Fields
    picture: Frame | None
    seen: Sequence[SeenPlate]


@dataclass(frozen=True, slots=True)
class LookedSet:
    """What was seen in the pictures of a set.

    Attributes:
        name: of the set.
        are_crops: whether its pictures are plates already.
        pictures: as labelled.
        lines: that the command prints, by file name.
        others: the lines of another reader with the same crops; empty if there was none.
        lights: of the labelled plates of each picture, by file name.
    """

    name: str
    are_crops: bool
    pictures: tuple[LabelledPicture, ...]
    lines: Mapping[str, Fields]
    others: Mapping[str, Fields]
    lights: Mapping[str, tuple[str, ...]]

    def read(self, picture: LabelledPicture) -> tuple[ReadPlate, ...]:
        """What was read in a picture."""
        return read_plates(self.lines.get(picture.name, {}))

    def judged(self) -> list[Judged]:
        """Every plate of it with a text, judged by the readings of our reader."""
        return [
            one
            for picture in self.pictures
            for one in judge(
                picture, self.read(picture), self.are_crops, self.lights.get(picture.name)
            )
        ]

    def judged_by_other(self) -> list[Judged]:
        """Likewise by the readings of the other reader."""
        return [
            one
            for picture in self.pictures
            for one in judge(
                picture, read_plates(self.others.get(picture.name, {})), self.are_crops
            )
        ]

    def native(self) -> "LookedSet":
        """Its Vietnamese pictures."""
        kept = tuple(picture for picture in self.pictures if picture.country == NATIVE)
        return replace(self, pictures=kept)


def look_at_set(
    folder: Path, recogniser: Recogniser, other: Reader | None, tell: Callable[[str], None]
) -> LookedSet:
    """Recognise every picture of a set.

    Args:
        folder: with `images/` and `labels.jsonl`.
        recogniser: finds and reads plates.
        other: reads the same crops as well, None for no other.
        tell: is told the name of each file.
    """
    pictures, are_crops = read_labels(folder), folder.name in CROPS
    labels = {picture.name: picture for picture in pictures}
    lines, others, lights = {}, {}, {}
    for path, looked in look(sources_of([folder / "images"]), recogniser, are_crops):
        tell(f"{folder.name} {path.name}")
        lines[path.name] = looked.line
        if looked.picture is not None and other:
            others[path.name] = _read_again(path, looked.picture, looked.seen, other)
        if looked.picture is not None and path.name in labels:
            lights[path.name] = _lights(looked.picture, labels[path.name])
    return LookedSet(folder.name, are_crops, pictures, lines, others, lights)


def look(
    sources: Iterable[Source], recogniser: Recogniser, are_crops: bool = False
) -> Iterator[tuple[Path, Looked]]:
    """What `platetrail recognise` sees in pictures, and the line that it prints for each."""
    seen: list[tuple[Frame, list[SeenPlate]]] = []
    keep = Recognising(
        recogniser,
        fps=1.0,
        are_crops=are_crops,
        explain=lambda path, picture, plates: seen.append((picture, plates)),
    )
    for source in sources:
        try:
            (line,) = keep.lines(source)
        except PictureError as error:
            yield source.path, Looked({"image": str(source.path), "error": str(error)}, None, ())
        else:
            yield source.path, Looked(line, *seen.pop())


@dataclass(frozen=True, slots=True)
class Negatives:
    """Held-out pictures without a plate that people could read.

    Attributes:
        pictures: how many.
        boxed: of them with a box at all.
        shown: of them with a plate reported, where the labels have none.
        labelled: reported where they have one: too small to be judged, they say, or without text.
    """

    pictures: int
    boxed: int
    shown: int
    labelled: int


def shown_negatives(
    folder: Path, recogniser: Recogniser, least: float, tell: Callable[[str], None]
) -> Negatives:
    """Look at held-out pictures without plates.

    Args:
        folder: of neg-streets, with `images/` and `labels.jsonl`.
        recogniser: finds and reads plates.
        least: score above which a plate counts as reported.
        tell: is told the name of each file.
    """
    labels = {picture.name: picture.plates for picture in read_labels(folder)}
    sources = [one for one in sources_of([folder / "images"]) if is_held_out(one.path)]
    boxed = shown = labelled = 0
    for path, looked in look(sources, recogniser):
        tell(f"{folder.name} {path.name}")
        read = read_plates(looked.line)
        known = [plate.box for plate in labels.get(path.name, ()) if plate.box]
        reported = [one.box for one in read if one.score > least]
        over = [any(overlap(box, one) > READS for one in known) for box in reported]
        boxed += bool(read)
        shown += not all(over)
        labelled += any(over)
    return Negatives(len(sources), boxed, shown, labelled)


def is_held_out(path: Path) -> bool:
    """Whether a picture of neg-streets is kept from training."""
    return crc32(path.name.encode()) % HELD_OUT == 0


def _read_again(path: Path, picture: Frame, seen: Sequence[SeenPlate], reader: Reader) -> Fields:
    """The line that another reader would have made of the same crops."""
    readings = reader.read([plate.crop for plate in seen]) if seen else []
    again = [replace(plate, reading=one) for plate, one in zip(seen, readings, strict=True)]
    return picture_fields(str(path), picture, again)


def _lights(picture: Frame, labelled: LabelledPicture) -> tuple[str, ...]:
    return tuple(light_of(upright_cut(picture, plate.box)) for plate in labelled.plates)
