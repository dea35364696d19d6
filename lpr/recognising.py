"""What `platetrail recognise` does with each file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lpr.boxes import Frame
from lpr.lines import picture_fields, unplaced_fields
from lpr.passages import Passage, passage_to_fields
from lpr.passing import KeepPicture, kept_passage, passings
from lpr.pictures import read_picture
from lpr.recognition import Recogniser, SeenPlate
from lpr.sources import Source
from lpr.videos import read_video

Fields = dict[str, Any]
Explain = Callable[[Path, Frame, list[SeenPlate]], None]
"""Takes the path of a picture, the picture, and the plates that were seen in it."""
_UNPLACED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Recognising:
    """How files are recognised.

    Attributes:
        recogniser: finds and reads plates.
        fps: frames looked at in each second of video.
        are_crops: whether each picture is one plate already.
        by_frame: whether a video gives a line for each frame instead of passages.
        camera, start: of a video; both or none.
        keep: keeps the pictures of passages, None keeps none.
        spool: takes passages in place of lines, None gives lines.
        explain: takes what was seen in each picture, None explains nothing.
    """

    recogniser: Recogniser
    fps: float
    are_crops: bool = False
    by_frame: bool = False
    camera: str | None = None
    start: datetime | None = None
    keep: KeepPicture | None = None
    spool: Callable[[Passage], None] | None = None
    explain: Explain | None = None

    def lines(self, source: Source) -> Iterator[Fields]:
        """The lines of one file.

        Raises:
            PictureError: it cannot be read; lines before that are good.
        """
        if not source.is_video:
            yield self._picture(source.path)
        elif self.by_frame:
            yield from self._frames(source.path)
        else:
            yield from self._passages(source.path)

    def _picture(self, path: Path) -> Fields:
        picture = read_picture(path)
        look = self.recogniser
        plates = [look.crop(picture)] if self.are_crops else look.plates(picture)
        if self.explain:
            self.explain(path, picture, plates)
        return picture_fields(str(path), picture, plates)

    def _frames(self, path: Path) -> Iterator[Fields]:
        for frame in read_video(path, self.fps):
            plates = self.recogniser.plates(frame.picture)
            fields = picture_fields(str(path), frame.picture, plates)
            yield {"image": fields.pop("image"), "offset": round(frame.offset, 3), **fields}

    def _passages(self, path: Path) -> Iterator[Fields]:
        camera, start = self.camera or path.name, self.start or _UNPLACED
        for report in passings(read_video(path, self.fps), self.recogniser, camera, start):
            passage = kept_passage(report, self.keep)
            if self.spool:
                self.spool(passage)
            elif self.start:
                yield passage_to_fields(passage)
            else:
                yield unplaced_fields(passage, (passage.at - start).total_seconds())
