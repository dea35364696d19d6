"""The rules of a road as properties: of GeoJSON, and as the registry keeps them."""

from collections.abc import Mapping
from typing import Any, TypedDict

from search.errors import RoadError
from search.roads.profile import EVERYBODY, Profile, Profiles, in_order
from search.roads.road import NoTurn, Road

RULES = frozenset({"no_turns", "driven_by", "driven_back_by"})
"""Names of the properties that this module writes and reads."""


class Rules(TypedDict, total=False):
    """Fields of `Road`; what is not here is as usual."""

    no_turns: tuple[NoTurn, ...]
    driven_by: Profiles
    driven_back_by: Profiles


def format_rules(road: Road) -> dict[str, Any]:
    """The rules that are not the usual ones; `parse_rules` reads them back."""
    properties: dict[str, Any] = {}
    if road.no_turns:
        properties["no_turns"] = [_turn_fields(turn) for turn in road.no_turns]
    if road.driven_by != EVERYBODY:
        properties["driven_by"] = in_order(road.driven_by)
    if road.driven_back_by:
        properties["driven_back_by"] = in_order(road.driven_back_by)
    return properties


def parse_rules(properties: Mapping[str, Any]) -> Rules:
    """Read rules.

    Args:
        properties: of a road; others than RULES are passed over.

    Raises:
        RoadError: a property is no rule; says which and why.
    """
    rules: Rules = {}
    if properties.get("no_turns") is not None:
        turns = properties["no_turns"]
        if not isinstance(turns, list):
            raise RoadError(f"no_turns: expected a list, got {turns!r:.40}")
        rules["no_turns"] = tuple(_no_turn(turn) for turn in turns)
    if properties.get("driven_by") is not None:
        rules["driven_by"] = _profiles(properties["driven_by"], "driven_by")
        if not rules["driven_by"]:
            raise RoadError("driven_by: expected one at least: leave out what nobody may drive on")
    if properties.get("driven_back_by") is not None:
        back = _profiles(properties["driven_back_by"], "driven_back_by")
        rules["driven_back_by"] = back & rules.get("driven_by", EVERYBODY)
    return rules


def _turn_fields(turn: NoTurn) -> dict[str, Any]:
    fields: dict[str, Any] = {"via": turn.via, "to": turn.to}
    if turn.profiles != EVERYBODY:
        fields["for"] = in_order(turn.profiles)
    return fields


def _no_turn(fields: Any) -> NoTurn:
    ends = [fields.get(key) for key in ("via", "to")] if isinstance(fields, dict) else []
    if not ends or any(isinstance(e, bool) or not isinstance(e, str | int) for e in ends):
        raise RoadError(f'no_turns: expected {{"via": junction, "to": road}}, got {fields!r:.60}')
    profiles = fields.get("for")
    via, to = (str(end).strip() for end in ends)
    return NoTurn(via, to, EVERYBODY if profiles is None else _profiles(profiles, "no_turns: for"))


def _profiles(names: Any, what: str) -> Profiles:
    known = list(Profile)
    if not isinstance(names, list) or not all(name in known for name in names):
        raise RoadError(f"{what}: expected a list of {', '.join(known)}, got {names!r:.60}")
    return frozenset(Profile(name) for name in names)
