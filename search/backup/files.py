"""Copies of files, with their SHA-256; readable by their owner only."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from lpr.spool.pictures import SYNCED_AT_ONCE, sync_folder
from search.errors import BackupError

OWN_FILE, OWN_FOLDER = 0o600, 0o700
_BLOCK = 1 << 20  # bytes
_MANY = 5000  # files; one after the other they would take longer than everything on the disk
_BUSY_S = 30.0  # how long a writer of the database is waited for


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing."""
    if not folder.is_dir():
        make_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(OWN_FOLDER)


def write_own(target: Path, content: bytes) -> None:
    """Write a new file; when it returns it is on the disk."""
    with new_file(target) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def copy_file(source: Path, target: Path, *, whole_lines: bool = False) -> str:
    """Copy a file with its date; `sync_files` brings it to the disk.

    Args:
        source: may grow meanwhile.
        target: must not be there.
        whole_lines: leave out a last line that has no end.

    Returns:
        The SHA-256 of what was copied.
    """
    digest = sha256()
    with source.open("rb") as reading, new_file(target) as writing:
        stat = os.fstat(reading.fileno())
        blocks = _blocks(reading)
        for block in _ended(blocks) if whole_lines else blocks:
            digest.update(block)
            writing.write(block)
    os.utime(target, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    return digest.hexdigest()


def hash_file(file: Path) -> str:
    """The SHA-256 of a file."""
    digest = sha256()
    with file.open("rb") as reading:
        for block in _blocks(reading):
            digest.update(block)
    return digest.hexdigest()


def sync_files(folder: Path, new: Sequence[Path]) -> None:
    """Bring new files of a folder to the disk, with the names of all of its files."""
    if len(new) > _MANY:
        os.sync()
        return
    with ThreadPoolExecutor(SYNCED_AT_ONCE) as threads:
        list(threads.map(sync_folder, new))  # a file in the same way
    for place, _, _ in os.walk(folder):
        sync_folder(Path(place))


def copy_database(source: Path, target: Path) -> None:
    """Copy an SQLite database as it is at one moment; its writers go on meanwhile.

    Raises:
        BackupError: it cannot be read or is damaged.
    """
    new_file(target).close()
    try:
        with (
            closing(_connect(source)) as live,
            closing(sqlite3.connect(target, isolation_level=None)) as copy,
        ):
            copy.execute("PRAGMA synchronous = OFF")  # it is synced as a whole
            live.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
            fault = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise BackupError(f"{source}: {error}; earlier backups are whole") from error
    if fault != "ok":
        raise BackupError(f"{source} is damaged: {fault}; earlier backups are whole")


def _connect(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", timeout=_BUSY_S, uri=True)


def new_file(target: Path) -> BinaryIO:
    """Make a file and open it for writing; it must not be there."""
    number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN_FILE)
    return os.fdopen(number, "wb")


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        yield block


def _ended(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same up to the end of the last line that has one."""
    rest = b""
    for block in blocks:
        lines, end, rest = (rest + block).rpartition(b"\n")
        yield lines + end
