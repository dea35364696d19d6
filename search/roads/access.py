"""Who may drive on a way of OpenStreetMap, and in which direction; pure.

As in https://wiki.openstreetmap.org/wiki/Key:access and Key:oneway.
"""

from collections.abc import Mapping

from search.roads.profile import EVERYBODY, NOBODY, Profile, Profiles

_CLOSED = frozenset({"no", "private", "agricultural", "forestry", "emergency", "delivery"})
# The tags that say it of a profile, the closest first. The sign that keeps cars out (P.103a of
# QCVN 41:2024/BGTVT) keeps lorries out, too.
_GENERAL = ("motor_vehicle", "vehicle", "access")
_TAGS: Mapping[Profile, tuple[str, ...]] = {
    Profile.CAR: ("motorcar", *_GENERAL),
    Profile.MOTORCYCLE: ("motorcycle", *_GENERAL),
    Profile.LORRY: ("hgv", "motorcar", *_GENERAL),
}
_EXPRESSWAYS = frozenset({"motorway", "motorway_link"})  # not for motorcycles: law 36/2024/QH15
_SENSES = {"yes": 1, "true": 1, "1": 1, "-1": -1, "reverse": -1, "no": 0, "false": 0, "0": 0}


def drivers(tags: Mapping[str, str]) -> Profiles:
    """Who may drive on a way with these tags, whatever holds of one lane or at certain times."""
    usual = {"motorcycle": "no"} if tags.get("highway") in _EXPRESSWAYS else {}
    said = {**usual, **tags}
    return frozenset(profile for profile in Profile if _value(said, profile) not in _CLOSED)


def direction(tags: Mapping[str, str]) -> tuple[int, Profiles]:
    """In which direction a way with these tags is driven.

    Returns:
        1 for one-way as drawn, -1 for one-way against it, 0 for both ways; and who may all the same
        drive a one-way way both ways.
    """
    general = _general_direction(tags)
    senses = {profile: _own_direction(tags, profile, general) for profile in Profile}
    driven = general or next((sense for sense in senses.values() if sense), 0)
    if not driven:
        return 0, NOBODY
    back = frozenset(profile for profile, sense in senses.items() if sense != driven)
    return (0, NOBODY) if back == EVERYBODY else (driven, back)


def _value(tags: Mapping[str, str], profile: Profile) -> str:
    return next((tags[key] for key in _TAGS[profile] if key in tags), "yes")


def _general_direction(tags: Mapping[str, str]) -> int:
    sense = _SENSES.get(tags.get("oneway", ""))
    if sense is not None:
        return sense
    implied = tags.get("junction") in ("roundabout", "circular") or tags["highway"] == "motorway"
    return 1 if implied and "oneway" not in tags else 0


def _own_direction(tags: Mapping[str, str], profile: Profile, general: int) -> int:
    said = (_SENSES.get(tags.get(f"oneway:{key}", "")) for key in _TAGS[profile][:-1])
    return next((sense for sense in said if sense is not None), general)
