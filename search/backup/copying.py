"""Copies a data folder into a backup, in the order in which nothing is missed.

A passage goes from the cameras' stills to the spool, from there to the sightings; its pictures go
from the spool to the evidence before its sighting is kept. Copied in that order, while all of it
moves, each is found in one place at least; what is found in two is taken once.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from lpr.spool import PICTURES, SEGMENT_PATTERN
from lpr.spool.pictures import PICTURE
from lpr.spool.room import REFUSED
from lpr.spool.segments import is_segment_written
from search.backup.files import copy_database, copy_file, hash_file, make_folder
from search.backup.sums import DATA, SUMS, format_sum, parse_sum
from search.evidence import is_name

SIGHTINGS, REGISTRY, EVIDENCE = "sightings.db", "registry.db", "evidence"
_STILLS, _SPOOL = "stills", "spool"
_MOVING = (f"{_SPOOL}/{PICTURES}", f"{_SPOOL}/{REFUSED}")
_OF_PICTURES = (*_MOVING, EVIDENCE)
# how cameras and store are now, and what retention is at: it begins anew
_LEFT_OUT = ("health.json", "sightings-away.json", "going.db")
_LOGS = ("", "-wal", "-shm", "-journal")  # a database and what lies beside it
_LINES = ".ndjson"


@dataclass(frozen=True, slots=True)
class Source:
    """What is copied.

    Attributes:
        data: the data folder.
        sightings, registry: SQLite files; None where they are kept elsewhere.
        has_evidence: whether pictures are kept in the data folder.
    """

    data: Path
    sightings: Path | None
    registry: Path | None
    has_evidence: bool

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """What is not here."""
        here = {
            "sightings": self.sightings is not None,
            "registry": self.registry is not None,
            EVIDENCE: self.has_evidence,
        }
        return tuple(name for name, is_here in here.items() if not is_here)


class Copying:
    """One copy of a data folder.

    Args:
        source: what is copied.
        place: of the new backup.
        former: the backup before; what did not change is linked to it.
        sums: `SHA256SUMS` of the new one, open for writing.

    Attributes:
        files, bytes: how many are in it.
        new: files of them that are not in the former; `new_bytes` of them.
        damaged: pictures that are not what their names say.
    """

    def __init__(self, source: Source, place: Path, former: Path | None, sums: BinaryIO) -> None:
        self._source, self._place, self._former, self._sums = source, place / DATA, former, sums
        # those of pictures stand in their names, and there are many
        sums_before = read_sums(former) if former else ()
        self._known = {path: digest for path, digest in sums_before if not sum_in_name(path)}
        self.files = self.bytes = self.new_bytes = 0
        self.new: list[Path] = []
        self.damaged: list[str] = []

    def copy_all(self) -> None:
        """Copy everything.

        Raises:
            BackupError: a database is damaged.
            OSError: something cannot be read or written.
        """
        make_folder(self._place)
        databases = {SIGHTINGS: self._source.sightings, REGISTRY: self._source.registry}
        names = (*_LEFT_OUT, *databases)
        done = {*_MOVING, *(name + log for name in names for log in _LOGS)}
        done |= {self._relative(f"{f}{log}") for f in databases.values() if f for log in _LOGS}
        self._copy_below(_STILLS, frozenset())
        self._copy_below(_SPOOL, frozenset(done))
        for part in _MOVING:
            self._copy_below(part, frozenset())
        for name, file in databases.items():
            if file is not None and file.exists():
                self._copy_database(name, file)
        if self._source.has_evidence:
            self._copy_below(EVIDENCE, frozenset())
        self._copy_below("", frozenset({*done, _STILLS, _SPOOL, EVIDENCE}))

    def _relative(self, file: str) -> str:
        return os.path.relpath(file, self._source.data)

    def _copy_below(self, folder: str, leave_out: frozenset[str]) -> None:
        for path in _files(self._source.data, folder, leave_out):
            with suppress(FileNotFoundError):  # it went on its way while we looked
                self._copy(path)

    def _copy_database(self, name: str, file: Path) -> None:
        target = self._place / name
        copy_database(file, target)
        self._note(name, hash_file(target), target.stat().st_size, is_new=True)

    def _copy(self, path: str) -> None:
        source, target = self._source.data / path, self._place / path
        stat = source.stat()
        if not S_ISREG(stat.st_mode):
            return
        make_folder(target.parent)
        expected = sum_in_name(path)
        digest = expected or self._known.get(path)
        if digest and self._is_unchanged(path, stat) and self._link(path):
            self._note(path, digest, stat.st_size, is_new=False)
            return
        digest = copy_file(source, target, whole_lines=_has_only_whole_lines(source))
        if expected is None or digest == expected:
            self._note(path, digest, target.stat().st_size, is_new=True)
            return
        self.damaged.append(path)
        target.unlink()
        if self._had_good(path, expected) and self._link(path):
            self._note(path, expected, target.stat().st_size, is_new=False)

    def _is_unchanged(self, path: str, stat: os.stat_result) -> bool:
        if self._former is None:
            return False
        try:
            before = (self._former / DATA / path).stat()
        except FileNotFoundError:
            return False
        return (before.st_size, before.st_mtime_ns) == (stat.st_size, stat.st_mtime_ns)

    def _link(self, path: str) -> bool:
        """Whether the file of the former backup could be taken; not every disk knows links."""
        if self._former is None:
            return False
        try:
            (self._place / path).hardlink_to(self._former / DATA / path)
        except OSError:
            return False
        return True

    def _had_good(self, path: str, expected: str) -> bool:
        """Whether the former backup has a picture as it was before it was damaged."""
        if self._former is None:
            return False
        before = self._former / DATA / path
        return before.is_file() and hash_file(before) == expected

    def _note(self, path: str, digest: str, size: int, *, is_new: bool) -> None:
        self._sums.write(os.fsencode(format_sum(path, digest)) + b"\n")
        self.files += 1
        self.bytes += size
        if is_new:
            self.new.append(self._place / path)
            self.new_bytes += size


def _files(data: Path, folder: str, leave_out: frozenset[str]) -> Iterator[str]:
    """The files below a folder, from the data folder; hidden ones are unfinished, or locks."""
    try:
        found = sorted(os.scandir(data / folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in found:
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.name.startswith(".") or path in leave_out:
            continue
        if entry.is_dir():
            yield from _files(data, path, leave_out)
        else:
            yield path


def _has_only_whole_lines(file: Path) -> bool:
    """Whether half a line at its end is still being written."""
    if file.suffix != _LINES:
        return False
    return not file.match(SEGMENT_PATTERN) or is_segment_written(file)


def sum_in_name(path: str) -> str | None:
    """The SHA-256 that the name of a picture or clip says."""
    name = path.rpartition("/")[2].removesuffix(PICTURE)
    is_picture = path.startswith(tuple(f"{folder}/" for folder in _OF_PICTURES)) and is_name(name)
    return name[:64] if is_picture else None


def read_sums(backup: Path) -> Iterator[tuple[str, str]]:
    """Path and SHA-256 of every file in a backup.

    Raises:
        BackupError: a line cannot be.
    """
    with (backup / SUMS).open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
        for line in lines:
            yield parse_sum(line.rstrip("\n"))
