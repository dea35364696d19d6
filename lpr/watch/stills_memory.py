"""Which stills of a camera were given to be looked at, and which of them need not be again.

A file of JSON, a line for each event:

    ["2026-01-31/1.jpg", 51231, 1769847304000000000]            given: name, size, date
    ["2026-01-31/2.jpg", 9, 1769847304000000000, "no picture"]  done with at once, and why
    {"kept": [name, size, date], "earlier": [...]}              done with, and all given before

`earlier` holds passages that were reported before the stills that are not done with, and may go on
in them. So whoever begins anew sees the same stills in the same order after the same passages, and
comes to the same ids.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lpr.errors import PassageError
from lpr.passage_lines import passage_from_fields
from lpr.passages import Passage, passage_to_fields
from lpr.reasons import reason_of
from lpr.watch.messages import Kept

LONGEST_NAME = 200  # characters; file systems take 255 bytes
_GONE = "before"  # why a line that was written anew is done with


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells one version of a file from another: its size in bytes and its date."""

    size: int
    modified_ns: int


Given = tuple[str, Mark]


class StillsMemory:
    """What is remembered of one camera's stills, over restarts too.

    Where nothing can be written, it goes on without: stills are then looked at again after a
    restart.

    Args:
        path: of its file; made when it is needed.

    Attributes:
        given: every still that was given in this process or is done with, by name.
        earlier: passages before the stills that are not done with.
        trouble: why nothing can be written at present; empty if it can.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._done: dict[str, Mark] = {}
        self._open: dict[Given, int] = {}  # in order, with its number; 0: not in this process yet
        self._number = 0
        self._is_torn = False
        self.earlier: tuple[Passage, ...] = ()
        self.trouble = ""
        self._read()
        self.given = dict(self._done)
        self._ranks = {given: rank for rank, given in enumerate(self._open)}

    def rank(self, name: str, mark: Mark) -> int:
        """Where a still stood among those that were given before the restart; others come after."""
        return self._ranks.get((name, mark), len(self._ranks))

    def give(self, name: str, mark: Mark) -> int:
        """Remember, on the disk, that a still is looked at next; its number, from 1."""
        self._number += 1
        self.given[name] = mark
        if (name, mark) not in self._open:
            self._append(_given_fields(name, mark), is_synced=True)
        self._open[name, mark] = self._number
        return self._number

    def refuse(self, name: str, mark: Mark) -> None:
        """Remember that a still is done with though nobody looked at it."""
        self.given[name] = self._done[name] = mark
        self._append([*_given_fields(name, mark), "refused"])

    def keep(self, kept: Kept) -> None:
        """Remember that all stills up to a number are done with."""
        done = [given for given, number in self._open.items() if 0 < number <= kept.number]
        if done:
            self._close(done[-1])
            self.earlier = kept.earlier
            self._append(_kept_fields(_given_fields(*done[-1]), kept.earlier))

    def forget_but(self, there: Mapping[str, Mark]) -> None:
        """Write the file anew without those that are gone; if all are, the folder is not there."""
        if not there:
            return
        self._done = {name: mark for name, mark in self._done.items() if name in there}
        still_open = {name: mark for (name, mark), number in self._open.items() if number}
        self.given = {**self._done, **still_open}
        lines: list[Any] = [[*_given_fields(*one), _GONE] for one in self._done.items()]
        lines.append(_kept_fields(None, self.earlier))
        lines += [_given_fields(*given) for given in self._open]
        new = self._path.with_suffix(".new")
        try:
            with new.open("w", encoding="ascii") as file:
                file.writelines(json.dumps(line) + "\n" for line in lines)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError:
            new.unlink(missing_ok=True)

    def _close(self, last: Given) -> None:
        """All stills up to this one are done with."""
        for name, mark in list(self._open):
            del self._open[name, mark]
            self._done[name] = mark
            if (name, mark) == last:
                return

    def _append(self, fields: Any, *, is_synced: bool = False) -> None:
        """A line; one that could not be written whole is ended by the next."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="ascii") as file:
                file.write(("\n" if self._is_torn else "") + json.dumps(fields) + "\n")
                file.flush()
                if is_synced:
                    os.fsync(file.fileno())
            self._is_torn, self.trouble = False, ""
        except OSError as error:
            self._is_torn = True
            self.trouble = f"{self._path} cannot be written: {reason_of(error)}"

    def _read(self) -> None:
        """Take in the file; a line that a crash cut off is passed over."""
        try:
            content = self._path.read_text("ascii", "replace")
        except FileNotFoundError:
            return
        self._is_torn = not content.endswith("\n")
        for line in content.splitlines():
            with suppress(ValueError, PassageError):
                self._take(json.loads(line))

    def _take(self, fields: Any) -> None:
        match fields:
            case [str(name), int(size), int(modified_ns)]:
                self._open[name, Mark(size, modified_ns)] = 0
            case [str(name), int(size), int(modified_ns), _]:
                self._done[name] = Mark(size, modified_ns)
            case {"kept": None, "earlier": [*earlier]}:
                self.earlier = tuple(passage_from_fields(one) for one in earlier)
            case {"kept": [name, size, modified_ns], "earlier": [*earlier]}:
                last = (name, Mark(size, modified_ns))
                if last in self._open:  # its line may have been cut off
                    self.earlier = tuple(passage_from_fields(one) for one in earlier)
                    self._close(last)


def memory_path(folder: Path, camera: str, suffix: str) -> Path:
    """Where something of a camera is remembered. Pure.

    Args:
        folder: of all such files.
        camera: id; it may hold what no file name can.
        suffix: without its dot.
    """
    name = quote(camera, safe=" ")
    is_long = len(name) > LONGEST_NAME
    return folder / f"{sha256(camera.encode()).hexdigest() if is_long else name}.{suffix}"


def _given_fields(name: str, mark: Mark) -> list[Any]:
    return [name, mark.size, mark.modified_ns]


def _kept_fields(last: list[Any] | None, earlier: tuple[Passage, ...]) -> dict[str, Any]:
    return {"kept": last, "earlier": [passage_to_fields(one) for one in earlier]}
