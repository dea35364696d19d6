"""Whether the sighting store has what a spool has as confirmed."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

from lpr.errors import PassageError
from lpr.passages import Passage
from lpr.spool.lines import SpoolLine
from lpr.spool.segments import list_segments, read_lines, read_passage, read_place
from search.lacks import Lack, Report
from search.reports import betters
from search.store import SightingStore

AT_ONCE = 8  # sightings that are asked for
SOON_S, PAUSE_S = 5.0, 0.5  # within which what is confirmed can be found; between two looks
Confirmed = dict[tuple[str, int], Passage]
"""Passages by segment and number of the line that is marked as taken in."""


def check_spool(
    spool: Path,
    refused: Path,
    store: SightingStore,
    is_asked: Callable[[Passage], bool],
    report: Report,
) -> int:
    """Look each confirmed passage up in the store.

    Args:
        spool: the folder; it may be missing.
        refused: file of the lines that were set aside when they were taken.
        store: that they were taken into.
        is_asked: which passages to look up.
        report: is told of those that the store does not have.

    Returns:
        How many were looked up.
    """
    asked = 0
    missing: Confirmed = {}
    for lines in _confirmed(spool):
        wanted = {place: passage for place, passage in lines.items() if is_asked(passage)}
        asked += len(wanted)
        missing |= _missing(store, wanted)
    missing = _without(missing, refused)
    until = time.monotonic() + SOON_S
    while missing and time.monotonic() < until:
        time.sleep(PAUSE_S)
        missing = _missing(store, missing)
    for (segment, number), passage in missing.items():
        report(Lack("sighting", passage, line=f"{segment}:{number}"))
    return asked


def waiting_in(spool: Path) -> Iterator[SpoolLine]:
    """The passages of a spool that are not confirmed."""
    for segment in list_segments(spool):
        yield from (line for line, _ in _lines(segment, is_confirmed=False))


def _confirmed(spool: Path) -> Iterator[Confirmed]:
    """Of each segment the confirmed lines; of several reports of one passage the best."""
    for segment in list_segments(spool):
        best: dict[str, tuple[int, Passage]] = {}
        for line, number in _lines(segment, is_confirmed=True):
            name = line.passage.id
            if name not in best or betters(line.passage, best[name][1]):
                best[name] = number, line.passage
        yield {(segment.name, number): passage for number, passage in best.values()}


def _lines(segment: Path, *, is_confirmed: bool) -> Iterator[tuple[SpoolLine, int]]:
    """The good lines before or after the place up to which a segment is confirmed."""
    with suppress(FileNotFoundError), segment.open("rb") as file:  # gone: taken in long ago
        place = read_place(segment)
        offset, number = (0, 0) if is_confirmed else (place.offset, place.number)
        file.seek(offset)
        for line in read_lines(file, number=number, offset=offset, is_whole=is_confirmed):
            if is_confirmed and line.end > place.offset:
                return
            with suppress(PassageError):  # damaged: set aside when it is taken
                yield read_passage(line.content), line.number


def _missing(store: SightingStore, lines: Confirmed) -> Confirmed:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        known = list(threads.map(partial(_is_known, store), lines.values()))
    pairs = zip(lines.items(), known, strict=True)
    return {place: passage for (place, passage), is_known in pairs if not is_known}


def _is_known(store: SightingStore, passage: Passage) -> bool:
    sighting = store.get(passage.id)
    return sighting is not None and not betters(passage, sighting.passage)


def _without(lines: Confirmed, refused: Path) -> Confirmed:
    """Those that were not set aside."""
    left = dict(lines)
    with suppress(FileNotFoundError), refused.open("rb") as file:
        for content in file if left else ():
            with suppress(ValueError, KeyError, TypeError):
                fields = json.loads(content)
                left.pop((fields["source"], fields["line"]), None)
    return left
