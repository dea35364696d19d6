"""Turn restrictions of OpenStreetMap, and the turns that they forbid; pure.

As in https://wiki.openstreetmap.org/wiki/Relation:restriction: relations from a way to a way, via
a node.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product

from search.roads.profile import EVERYBODY, NOBODY, Profile, Profiles
from search.roads.road import NoTurn, Road

# Vehicles of OpenStreetMap, and whom we take them for.
_CALLED: Mapping[str, Profiles] = {
    "motor_vehicle": EVERYBODY,
    "vehicle": EVERYBODY,
    "motorcar": frozenset({Profile.CAR}),
    "motorcycle": frozenset({Profile.MOTORCYCLE}),
    "goods": frozenset({Profile.LORRY}),
    "hgv": frozenset({Profile.LORRY}),
}
_KEY = "restriction"
_CONDITIONAL = ":conditional"
_TIMES = frozenset({"day_on", "day_off", "hour_on", "hour_off"})  # as times were given formerly
Member = tuple[str, str, int]
"""Role, type (n, w, r) and id of a member of a relation."""


class LeftOut(StrEnum):
    """Why a restriction is not obeyed; the value says it in English."""

    VIA_WAY = "via a way"
    AT_TIMES = "at certain times only"
    UNKNOWN = "not understood"
    ELSEWHERE = "whose ways do not meet on this map"


@dataclass(frozen=True, slots=True)
class Restriction:
    """A turn restriction.

    Attributes:
        starts: ways that one comes from.
        via: node where one turns.
        ends: ways that one would turn into.
        is_only: whether all other turns are forbidden, otherwise these.
        profiles: whom it holds for.
    """

    starts: tuple[int, ...]
    via: int
    ends: tuple[int, ...]
    is_only: bool
    profiles: Profiles


def parse_restriction(
    tags: Mapping[str, str], members: Sequence[Member]
) -> Restriction | LeftOut | None:
    """Read a relation.

    Args:
        tags: of the relation.
        members: of it.

    Returns:
        The restriction, or why it is left out; None if it is no restriction, or holds for
        none of our profiles.
    """
    if tags.get("type") != _KEY:
        return None
    rules = {key: tags[key] for key in tags if key.partition(":")[0] == _KEY}
    always = {key: value for key, value in rules.items() if not key.endswith(_CONDITIONAL)}
    if not always or not _TIMES.isdisjoint(tags):
        return LeftOut.AT_TIMES if rules else LeftOut.UNKNOWN
    senses = {value.partition("_")[0] for key, value in always.items() if _held(key, tags)}
    if not senses:
        return None
    if any(role == "via" and kind == "w" for role, kind, _ in members):
        return LeftOut.VIA_WAY
    starts, vias, ends = (_ids(members, role) for role in ("from", "via", "to"))
    is_only = senses == {"only"}
    is_whole = len(vias) == 1 and starts and ends and (len(ends) == 1 or not is_only)
    if not is_whole or not (is_only or senses == {"no"}):
        return LeftOut.UNKNOWN
    profiles = NOBODY.union(*(_held(key, tags) for key in always))
    return Restriction(starts, vias[0], ends, is_only, profiles)


def forbid(
    roads: Sequence[Road], restrictions: Iterable[Restriction]
) -> tuple[list[Road], Counter[str]]:
    """Put restrictions down as turns that are forbidden.

    Args:
        roads: pieces of ways, `<way>-<index>`.
        restrictions: on their ways.

    Returns:
        The roads in their order with `no_turns`, and how many restrictions fit none.
    """
    at = _Meetings(roads)
    left_out: Counter[str] = Counter()
    found: defaultdict[str, dict[NoTurn, None]] = defaultdict(dict)
    for restriction in restrictions:
        turns = at.forbidden(restriction)
        if turns is None:
            left_out[LeftOut.ELSEWHERE] += 1
        for road, turn in turns or ():
            found[road][turn] = None
    if not found:
        return list(roads), left_out
    return [
        replace(road, no_turns=tuple(found[road.id])) if road.id in found else road
        for road in roads
    ], left_out


class _Meetings:
    """Which pieces of ways come to a junction, and which leave it.

    Args:
        roads: pieces of ways.
    """

    def __init__(self, roads: Sequence[Road]) -> None:
        self._arriving: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._leaving: defaultdict[str, list[str]] = defaultdict(list)
        for road in roads:
            for forward in (True,) if road.oneway else (True, False):
                self._arriving[_way_of(road.id), road.junction(forward)].append(road.id)
                self._leaving[road.junction(not forward)].append(road.id)

    def forbidden(self, restriction: Restriction) -> list[tuple[str, NoTurn]] | None:
        """The turns by the road that one comes from; None where nothing tells which are meant."""
        via = str(restriction.via)
        leaving = self._leaving.get(via, [])
        found: list[tuple[str, NoTurn]] | None = None
        for start, end in product(restriction.starts, restriction.ends):
            begins = self._arriving.get((str(start), via), [])
            goals = [road for road in leaving if _way_of(road) == str(end)]
            if len(begins) != 1 or len(goals) != 1:  # a way that goes on there is ambiguous
                continue
            others = [road for road in leaving if road != goals[0]]
            turns = others if restriction.is_only else goals
            found = [
                *(found or ()),
                *((begins[0], NoTurn(via, t, restriction.profiles)) for t in turns),
            ]
        return found


def _held(key: str, tags: Mapping[str, str]) -> Profiles:
    """Whom a rule holds for: those that its key names without those that are excepted."""
    _, _, called = key.partition(":")
    named = _CALLED.get(called, NOBODY) if called else EVERYBODY
    excepted = (_CALLED.get(name.strip(), NOBODY) for name in tags.get("except", "").split(";"))
    return named.difference(*excepted)


def _ids(members: Iterable[Member], role: str) -> tuple[int, ...]:
    kind = "n" if role == "via" else "w"
    return tuple(ref for named, of, ref in members if (named, of) == (role, kind))


def _way_of(road: str) -> str:
    return road.rpartition("-")[0]
