"""Which entries of which lists a passage may be of; in memory, pure.

Plates are looked up, and so are the plates that a text may be a misreading of. Patterns are kept by
how they begin, or end where they begin with `*`, so that a text is held against few of them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lpr.passages import Passage
from search.alerts.near import NearPlates
from search.confusing import Confusions
from search.local_time import HANOI
from search.matching import matches
from search.sightings import Match
from search.terms import is_pattern
from search.watchlists.entry import Entry, Watchlist, counts_at

SURE = 0.9  # score from which on no character is thought to lack
_KEY = 3  # characters that patterns are kept by


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that a passage may be of.

    Attributes:
        list, entry: which.
        match: how; `absent` where it has to stand on the list.
        text: the plate that it then is, in normal form.
        log_p: logarithm of how probable it is that this plate is read as the text was, where it
            was taken for another.
    """

    list: Watchlist
    entry: Entry
    match: Match | Literal["absent"]
    text: str
    log_p: float | None = None


class Matcher:
    """The entries that are looked for; changed one by one, as the lists change.

    Args:
        confusions: of the reader.
    """

    def __init__(self, confusions: Confusions) -> None:
        self._near = NearPlates(confusions)
        self._lists: dict[str, Watchlist] = {}
        self._gates: defaultdict[str, list[Watchlist]] = defaultdict(list)
        self._plates: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
        self._patterns: defaultdict[str, dict[tuple[str, str], Entry]] = defaultdict(dict)

    def set_list(self, watchlist: Watchlist) -> None:
        """A list that is new or was changed."""
        self._lists[watchlist.name] = watchlist
        self._gates = defaultdict(list)
        for one in self._lists.values():
            for camera in one.cameras if one.allow else ():
                self._gates[camera].append(one)

    def put(self, entry: Entry) -> None:
        """An entry that is new or was changed."""
        if is_pattern(entry.plate):
            self._patterns[_key_of(entry.plate)][entry.list, entry.plate] = entry
        else:
            self._plates[entry.plate][entry.list] = entry

    def drop(self, name: str, plate: str) -> None:
        """An entry that was taken off its list."""
        if is_pattern(plate):
            self._patterns[_key_of(plate)].pop((name, plate), None)
        elif plate in self._plates:
            self._plates[plate].pop(name, None)
            if not self._plates[plate]:
                del self._plates[plate]

    def find(self, passage: Passage, area: str) -> list[Found]:
        """The entries that a passage may be of, in no order; and lists on which it has to stand.

        Args:
            passage: that came in.
            area: kind of area of its camera; empty if nobody knows.
        """
        if not passage.text or not self._lists:
            return []
        gates = self._gates.get(passage.camera, ())
        found = [
            found
            for found in self._all(passage)
            if _agrees(found.entry, passage) and _is_there(found.entry, passage.at, area)
            if not found.list.allow or found.list in gates
        ]
        return found + [Found(one, _nobody(one, passage), "absent", passage.text) for one in gates]

    def _all(self, passage: Passage) -> Iterator[Found]:
        yield from self._read(passage.text, "exact", "pattern")
        for text, _ in passage.candidates:
            if text != passage.text:
                for found in self._read(text, "candidate", "candidate"):
                    if found.list.candidates:
                        yield found
        near = self._near.of(passage.text, self._plates, passage.score < SURE)
        for plate, log_p in near:
            for name, entry in self._plates[plate].items():
                if (watchlist := self._lists[name]).similar:
                    yield Found(watchlist, entry, "similar", plate, log_p)

    def _read(self, text: str, whole: Match, part: Match) -> Iterator[Found]:
        """What a text is, if it is right."""
        if text in self._plates:
            for name, entry in self._plates[text].items():
                yield Found(self._lists[name], entry, whole, text)
        if not self._patterns:
            return
        for key in ("", text[:_KEY], "*" + text[-_KEY:]):
            for entry in self._patterns.get(key, _NONE).values():
                if matches(text, entry.plate):
                    yield Found(self._lists[entry.list], entry, part, text)


_NONE: Mapping[tuple[str, str], Entry] = {}


def _nobody(watchlist: Watchlist, passage: Passage) -> Entry:
    """What stands for the entry of a vehicle that has none."""
    return Entry(watchlist.name, "", "", passage.at)


def _key_of(pattern: str) -> str:
    """By what a pattern is kept: how it begins, `*` and how it ends, or nothing."""
    if not is_pattern(pattern[:_KEY]) and len(pattern) >= _KEY:
        return pattern[:_KEY]
    end = pattern[-_KEY:]
    return "" if is_pattern(end) or len(pattern) < _KEY else "*" + end


def _agrees(entry: Entry, passage: Passage) -> bool:
    """Whether what is known of the vehicle is what the entry wants."""
    return all(
        not wanted or seen is None or wanted == seen
        for wanted, seen in ((entry.colour, passage.colour), (entry.kind, passage.kind))
    )


def _is_there(entry: Entry, at: datetime, area: str) -> bool:
    """Whether the entry counts at this time and in this kind of area."""
    if not counts_at(entry, at) or (entry.areas and area not in entry.areas):
        return False
    return is_within(entry.hours, at)


def is_within(hours: str, at: datetime) -> bool:
    """Whether a time is in hours of the day in Hanoi, such as `22:00-05:00`; empty: always."""
    if not hours:
        return True
    begins, ends = hours.split("-")
    clock = f"{at.astimezone(HANOI):%H:%M}"
    return begins <= clock < ends if begins <= ends else clock >= begins or clock < ends
