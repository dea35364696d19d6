"""Room in a spool: what is given up first when it is full.

The order: pictures that no passage names any more and those of refused passages, then pictures of
the oldest confirmed passages, then pictures of the oldest unconfirmed ones, which is counted; then
confirmed texts, and last of all the oldest unconfirmed texts, which is counted, too. Of each of
these groups clips go before pictures.
"""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lpr.spool.lines import SpoolLine
from lpr.spool.losses import Losses, count_losses
from lpr.spool.pictures import PICTURES, is_clip, picture_path, pictures_in
from lpr.spool.segments import (
    good_lines,
    is_segment_written,
    lines_after,
    list_segments,
    locked_folder,
    read_place,
    remove_segment,
    size_of,
    stray_places,
)

REFUSED = "refused"  # pictures of passages that the centre refused
LOOSE_S = 3600.0  # a picture that no line names for so long never will be: its writer was killed


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A picture to give up.

    Attributes:
        name: see `lpr.spool.pictures.name_of`.
        camera: of the unconfirmed passage that loses it; None if nothing is lost.
    """

    name: str
    camera: str | None = None


def spool_bytes(spool: Path) -> int:
    """What a spool takes on the disk, in bytes."""
    return sum(size_of(path) for path in spool.rglob("*") if path.is_file())


def choose_pictures(
    sizes: Mapping[str, int],
    loose: Sequence[str],
    confirmed: Sequence[SpoolLine],
    waiting: Sequence[SpoolLine],
    need: int,
    wish: int,
) -> list[GivenUp]:
    """Which pictures to give up, in the order of the module's docstring; pure.

    Args:
        sizes: bytes of every picture by name.
        loose: names that no line has.
        confirmed: passages that are confirmed, oldest first.
        waiting: those that are not, oldest first.
        need: bytes to free, or nothing is lost.
        wish: bytes to free where it costs nothing, or where something is lost anyway.
    """
    needed = {name for line in waiting for name in line.pictures}
    unneeded = (n for line in confirmed for n in line.pictures if n not in needed)
    free = [*_clips_first(loose), *_clips_first(unneeded)]
    chosen: dict[str, GivenUp] = {}
    freed = 0
    for name in free:
        if name in sizes and name not in chosen and freed < wish:
            chosen[name] = GivenUp(name)
            freed += sizes[name]
    if freed < need:
        cameras = {n: line.passage.camera for line in reversed(waiting) for n in line.pictures}
        for name in _clips_first(n for line in waiting for n in line.pictures):
            if name in sizes and name not in chosen and freed < wish:
                chosen[name] = GivenUp(name, cameras[name])
                freed += sizes[name]
    return list(chosen.values())


def _clips_first(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: not is_clip(name))


def make_room(spool: Path, need: int, wish: int, now: datetime, *, texts: bool) -> int:
    """Free some bytes of a spool, and count what is lost by that.

    Args:
        spool: the folder.
        need: bytes to free, or nothing is lost.
        wish: bytes to free where it costs nothing, or where something is lost anyway.
        now: for the record, aware UTC.
        texts: whether unconfirmed texts may go as well.

    Returns:
        Bytes that were freed; may be less than was needed.
    """
    with locked_folder(spool):
        freed, losses = _give_up_pictures(spool, need, wish)
        for segment in _finished(spool):
            if freed < need and read_place(segment).offset == size_of(segment):
                freed += _remove(segment)
        for segment in _finished(spool) if texts else []:
            if freed < need:
                losses += _texts_waiting(segment)
                freed += _remove(segment)
    count_losses(spool, losses, now)
    return freed


def remove_strays(spool: Path) -> None:
    """Remove what killed processes left: half of a file, the place of a segment that is gone."""
    half = [path for path in spool.rglob(".*.*") if path.is_file() and _is_old(path)]
    for path in (*stray_places(spool), *half):
        path.unlink(missing_ok=True)


def _finished(spool: Path) -> list[Path]:
    return [segment for segment in list_segments(spool) if not is_segment_written(segment)]


def _texts_waiting(segment: Path) -> Losses:
    offset = read_place(segment).offset
    lost = Counter(line.passage.camera for line in good_lines(segment, offset))
    lost[""] += lines_after(segment, offset) - lost.total()  # damaged: nobody knows whose
    return Losses(passages=+lost)


def _remove(segment: Path) -> int:
    size = size_of(segment)
    remove_segment(segment)
    return size


def _give_up_pictures(spool: Path, need: int, wish: int) -> tuple[int, Losses]:
    freed = sum(_unlink(path) for path in pictures_in(spool / REFUSED).values())
    if freed >= wish:
        return freed, Losses()
    paths = pictures_in(spool / PICTURES)
    sizes = {name: size_of(path) for name, path in paths.items()}
    confirmed: list[SpoolLine] = []
    waiting: list[SpoolLine] = []
    for segment in list_segments(spool):
        place = read_place(segment)
        confirmed += good_lines(segment, 0, place.offset)
        waiting += good_lines(segment, place.offset)
    named = {name for line in (*confirmed, *waiting) for name in line.pictures}
    loose = [name for name, path in paths.items() if name not in named and _is_old(path)]
    chosen = choose_pictures(sizes, loose, confirmed, waiting, need - freed, wish - freed)
    for picture in chosen:
        freed += _unlink(picture_path(spool / PICTURES, picture.name))
    return freed, Losses(pictures=Counter(p.camera for p in chosen if p.camera is not None))


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > LOOSE_S
    except FileNotFoundError:
        return False


def _unlink(path: Path) -> int:
    size = size_of(path)
    path.unlink(missing_ok=True)
    return size
