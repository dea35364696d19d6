"""Which sighting names which picture: a list on the disk, in parts by the beginning of the name.

Evidence lies in the same parts, so that the two are compared with a 256th of each in memory.
"""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from lpr.closing import Closing
from lpr.spool.pictures import CLIP, is_clip

PARTS = tuple(f"{number:02x}" for number in range(256))  # how names of pictures begin
NOBODY = "0" * 32  # in place of a sighting, of which there is none yet
_LINE = struct.Struct("32s?16s")  # SHA-256, whether it is of a clip, id of the sighting


class NamedPictures(Closing):
    """The list, while it is made and read.

    Args:
        folder: empty; a file for each part is made in it, 49 bytes a picture.
    """

    def __init__(self, folder: Path) -> None:
        self._files = {part: (folder / part).open("w+b") for part in PARTS}

    def add(self, sighting_id: str, names: Iterable[str]) -> None:
        """Note that a sighting names pictures."""
        sighting = bytes.fromhex(sighting_id)
        for name in names:
            digest = bytes.fromhex(name.removesuffix(CLIP))
            self._files[name[:2]].write(_LINE.pack(digest, is_clip(name), sighting))

    def named(self, part: str) -> Iterator[tuple[str, str]]:
        """Each picture of a part with a sighting that names it, and again with another."""
        file = self._files[part]
        file.seek(0)
        while line := file.read(_LINE.size):
            digest, clip, sighting = _LINE.unpack(line)
            yield digest.hex() + (CLIP if clip else ""), sighting.hex()

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()
