"""Which months are to be moved into another index, and what earlier moves left behind; pure.

An index that takes the place of another says in its `_meta` under `copied` which one it is filled
from (`uuid`) and how far (`up_to`, a sequence number of that one).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search.elastic import mapping
from search.elastic.lifecycle import Index
from search.elastic.names import IndexName

Wanted = Callable[[Index], bool]


@dataclass(frozen=True, slots=True)
class Move:
    """A month that another index is to keep.

    Attributes:
        old: the index that is searched and written.
        new: what takes its place.
        up_to: the last sequence number of the old one that has been copied; -1: none.
        is_begun: whether the new index is there.
    """

    old: Index
    new: IndexName
    up_to: int = -1
    is_begun: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do.

    Attributes:
        moves: by month; those that were begun earlier are gone on with.
        ended: moves that only lack their end: the old index is not searched any more.
        useless: copies that are not searched and never will be.
    """

    moves: tuple[Move, ...]
    ended: tuple[Move, ...]
    useless: tuple[Index, ...]


def plan(indices: Sequence[Index], wanted: Wanted) -> Plan:
    """Look at all our indices.

    Args:
        indices: searched or not.
        wanted: which of those that are searched are to be moved, if no move was begun.
    """
    by_uuid = {index.uuid: index for index in indices}
    searched = [index for index in indices if index.is_searched]
    begun: dict[str, Index] = {}
    useless: list[Index] = []
    for index in indices:
        source = by_uuid.get(copied_from(index))
        if index.is_searched or not copied_from(index):
            continue
        if source and source.is_searched and index.name.version == mapping.VERSION:
            begun[source.uuid] = index
        elif not any(copied_from(other) == index.uuid for other in searched):
            useless.append(index)
    moves = []
    for old in searched:
        if old.uuid in begun:
            moves.append(Move(old, begun[old.uuid].name, copied_up_to(begun[old.uuid]), True))
        elif wanted(old):
            moves.append(Move(old, old.name.next(mapping.VERSION)))
    ended = [
        Move(by_uuid[copied_from(new)], new.name, copied_up_to(new), True)
        for new in searched
        if copied_from(new) in by_uuid and not by_uuid[copied_from(new)].is_searched
    ]
    return Plan(tuple(moves), tuple(ended), tuple(useless))


def copied_from(index: Index) -> str:
    """The uuid of the index that it is a copy of; empty if it is none."""
    return str(index.meta.get("copied", {}).get("uuid", ""))


def copied_up_to(index: Index) -> int:
    """The last sequence number that was copied into it."""
    return int(index.meta.get("copied", {}).get("up_to", -1))


def has_older_mapping(index: Index) -> bool:
    """Whether it was made with an earlier mapping than this version's."""
    return int(index.meta["version"]) < mapping.VERSION


def has_other_settings(index: Index) -> bool:
    """Whether it would be made with other settings today, but for the number of its copies."""
    made_today = mapping.settings(0)["index"]
    del made_today["number_of_replicas"]
    return any(index.settings.get(key) != _as_kept(value) for key, value in made_today.items())


def _as_kept(value: Any) -> Any:
    """A setting as Elasticsearch gives it back: all values as text."""
    if isinstance(value, Mapping):
        return {key: _as_kept(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_kept(inner) for inner in value]
    return str(value).lower() if isinstance(value, bool) else str(value)
