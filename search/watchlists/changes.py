"""What a file would change in the lists that it names; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from search.watchlists.entry import Entry

Entries = Mapping[tuple[str, str], Entry]


@dataclass(frozen=True, slots=True)
class Changes:
    """Entries that a file brings, changes and no longer has.

    Attributes:
        new: those that are not known, or were taken off.
        changed: before and after.
        gone: those of the lists named that the file lacks.
        same: how many stay as they are.
    """

    new: tuple[Entry, ...]
    changed: tuple[tuple[Entry, Entry], ...]
    gone: tuple[Entry, ...]
    same: int


def changes_between(known: Entries, given: Entries) -> Changes:
    """Compare the entries of the lists that a file names with those of the file."""
    new = tuple(entry for key, entry in given.items() if key not in known)
    both = [(known[key], entry) for key, entry in given.items() if key in known]
    changed = tuple((before, after) for before, after in both if before != after)
    gone = tuple(entry for key, entry in known.items() if key not in given)
    return Changes(new, changed, gone, len(both) - len(changed))
