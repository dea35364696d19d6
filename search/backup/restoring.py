"""Puts a backup back into an empty data folder: all of it, verified, or nothing."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lpr.spool import sync_folder
from search.backup.copying import read_sums, sum_in_name
from search.backup.files import OWN_FOLDER, copy_file, hash_file, make_folder, sync_files
from search.backup.sums import ABOUT, DATA, SUMS, About, parse_about
from search.backup.taking import list_backups
from search.errors import BackupError

_STAGING = ".restoring"  # in the data folder: it may be a disk of its own
_NO_DATA = (_STAGING, "lost+found")


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was put back.

    Attributes:
        folder: of the backup.
        about: what it says of itself.
        left_out: pictures in it that were damaged or missing.
    """

    folder: Path
    about: About
    left_out: tuple[str, ...]


def find_backup(folder: Path) -> Path:
    """The backup that is meant by a folder: it itself, or the newest in it.

    Raises:
        BackupError: there is none.
    """
    if (folder / ABOUT).is_file():
        return folder
    found = list_backups(folder)
    if not found:
        raise BackupError(f"there is no backup in {folder}: expected {ABOUT} in it or below it")
    return found[-1]


def restore_backup(
    backup: Path,
    data: Path,
    note: Callable[[Path], None],
    *,
    leave_out_damaged: bool = False,
) -> Restored:
    """Put a backup back; when it returns, all of it is on the disk.

    Args:
        backup: one of `find_backup`.
        data: the data folder; empty, or not there yet.
        note: is called with the folder that will be the data folder, when everything is in it.
        leave_out_damaged: do without pictures that are damaged or missing.

    Raises:
        BackupError: the data folder is not empty, or the backup is damaged; nothing was changed.
        OSError: the same, for another reason.
    """
    about = _about(backup)
    make_folder(data)
    check_empty(data)
    staging = data / _STAGING
    if staging.exists():  # of a restore that was killed
        shutil.rmtree(staging)
    try:
        staging.mkdir(OWN_FOLDER)
        left_out = tuple(_copy_verified(backup, staging, leave_out_damaged))
        note(staging)
        sync_files(staging, [path for path in staging.rglob("*") if path.is_file()])
        check_empty(data)  # a process may have been started meanwhile
        for part in sorted(staging.iterdir()):
            part.rename(data / part.name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    sync_folder(data)
    return Restored(backup, about, left_out)


def check_empty(data: Path) -> None:
    """See that nothing is in a data folder.

    Raises:
        BackupError: something is; names it.
    """
    found = sorted(path.name for path in data.iterdir() if path.name not in _NO_DATA)
    if found:
        raise BackupError(
            f"the data folder {data} is not empty ({', '.join(found[:3])}): stop every process, "
            "move what is in it elsewhere, and restore again"
        )


def _about(backup: Path) -> About:
    about = parse_about((backup / ABOUT).read_text("utf-8"))
    if hash_file(backup / SUMS) != about.sums:
        raise BackupError(f"{backup / SUMS} is damaged: restore another backup")
    return about


def _copy_verified(backup: Path, staging: Path, leave_out_damaged: bool) -> Iterator[str]:
    """Copy every file; the pictures that had to be left out."""
    for path, digest in read_sums(backup):
        source, target = backup / DATA / path, staging / path
        make_folder(target.parent)
        if source.is_file() and copy_file(source, target) == digest:
            continue
        if not (leave_out_damaged and sum_in_name(path)):
            raise BackupError(
                f"{source} is {'damaged' if source.is_file() else 'missing'}, so nothing was "
                "restored: take another backup, or of a picture do without it "
                "(--leave-out-damaged)"
            )
        target.unlink(missing_ok=True)
        yield path
