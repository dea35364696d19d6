"""Makes a backup of a data folder while its processes go on.

    BACKUPS/20260131T081504.000000Z/backup.json   what is said of it
    BACKUPS/20260131T081504.000000Z/SHA256SUMS    of every file in it
    BACKUPS/20260131T081504.000000Z/data/...      the data folder

Each is whole by itself: what did not change since the one before is the same file, by a hard link.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from lpr.spool import sync_folder
from lpr.times import format_utc
from search.backup.copying import Copying, Source
from search.backup.files import OWN_FOLDER, hash_file, make_folder, new_file, sync_files, write_own
from search.backup.sums import ABOUT, SUMS, About, format_about
from search.errors import BackupError

_UNFINISHED = ".partial"


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that is done.

    Attributes:
        folder: of it.
        about: what it says of itself.
        new_files, new_bytes: of it, those that are not in the one before.
    """

    folder: Path
    about: About
    new_files: int
    new_bytes: int


def list_backups(folder: Path) -> list[Path]:
    """The backups in a folder that are whole, oldest first."""
    return sorted(about.parent for about in folder.glob(f"[!.]*/{ABOUT}"))


def take_backup(source: Source, folder: Path, version: str, clock: Callable[[], datetime]) -> Taken:
    """Make a backup; when it returns, it is on the disk.

    Args:
        source: what is copied.
        folder: of backups; made if it is missing.
        version: of PlateTrail.
        clock: the time now, aware UTC.

    Raises:
        BackupError, OSError: it could not be made; those before are whole.
    """
    if not source.data.is_dir():
        raise BackupError(f"there is no data folder {source.data}: set data_dir")
    if folder.resolve().is_relative_to(source.data.resolve()):
        raise BackupError(f"{folder} is in the data folder: name a folder on another disk")
    make_folder(folder)
    with _alone(folder):
        for half in folder.glob(f".*{_UNFINISHED}"):  # of a backup that was killed
            shutil.rmtree(half)
        name = clock().astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        place = folder / f".{name}{_UNFINISHED}"
        try:
            taken = _take(source, place, version, clock)
            place.rename(folder / name)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        sync_folder(folder)
    return replace(taken, folder=folder / name)


def _take(source: Source, place: Path, version: str, clock: Callable[[], datetime]) -> Taken:
    former = list_backups(place.parent)
    began = clock()
    place.mkdir(OWN_FOLDER)
    with new_file(place / SUMS) as sums:
        copying = Copying(source, place, former[-1] if former else None, sums)
        copying.copy_all()
    sync_files(place, copying.new)
    about = About(
        began=format_utc(began),
        ended=format_utc(clock()),
        version=version,
        files=copying.files,
        bytes=copying.bytes,
        elsewhere=source.elsewhere,
        damaged=tuple(copying.damaged),
        sums=hash_file(place / SUMS),
    )
    write_own(place / ABOUT, format_about(about).encode())
    sync_folder(place)
    return Taken(place, about, len(copying.new), copying.new_bytes)


def drop_backups(folder: Path, keep: int) -> list[Path]:
    """Remove all backups but the newest; what they share with those stays.

    Args:
        folder: of backups.
        keep: how many, at least 1.

    Returns:
        Where those were that are gone.
    """
    with _alone(folder):
        dropped = list_backups(folder)[:-keep]
        for backup in dropped:  # renamed, so that half of one is never taken for a whole one
            shutil.rmtree(backup.rename(folder / f".{backup.name}{_UNFINISHED}"))
    return dropped


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time writes backups into a folder."""
    number = os.open(folder, os.O_RDONLY)
    try:
        try:
            flock(number, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"another backup is written into {folder}: wait for it") from None
        yield
    finally:
        os.close(number)
