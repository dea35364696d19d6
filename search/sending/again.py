"""Puts lines that were refused back into the spool, when their cause was mended."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from lpr.errors import PassageError
from lpr.spool import PICTURES, SpoolWriter, picture_path
from lpr.spool.room import REFUSED
from lpr.spool.segments import read_passage
from search.settings import StoreSettings


def spool_again(settings: StoreSettings) -> int:
    """Put the lines of `refused.ndjson` back, with those of their pictures that are still there.

    Lines that are no passages stay in the file. It can be killed and done again: what is known
    already changes nothing.

    Returns:
        How many lines are in the spool again.
    """
    file = settings.data_dir / "refused.ndjson"
    taken = file.with_name(f"{file.name}.again")  # lines that are refused meanwhile go to a new one
    if not taken.exists():
        if not file.exists():
            return 0
        file.rename(taken)
    count = 0
    with SpoolWriter(settings.spool_dir, settings.spool_max_bytes) as writer:
        left = []
        for text in _lines(taken):
            try:
                line = read_passage(str(json.loads(text)["content"]).encode())
            except (PassageError, ValueError, KeyError, TypeError):
                left.append(text)
                continue
            for name in line.pictures:
                _move(settings.spool_dir, name)
            writer.append_all([line])
            count += 1
    with file.open("a", encoding="utf-8") as end:
        end.writelines(f"{text}\n" for text in left)
    taken.unlink()
    return count


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8") as lines:
        yield from (line.rstrip("\n") for line in lines if line.strip())


def _move(spool: Path, name: str) -> None:
    place = picture_path(spool / PICTURES, name)
    place.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        picture_path(spool / REFUSED, name).rename(place)
