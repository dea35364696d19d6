"""Profiles: what kind of vehicle drives, as far as the rules of a road tell them apart."""

from collections.abc import Iterable
from enum import StrEnum


class Profile(StrEnum):
    """Vehicles that the same rules hold for; the value is its name in files."""

    CAR = "car"
    MOTORCYCLE = "motorcycle"
    LORRY = "lorry"


Profiles = frozenset[Profile]
EVERYBODY: Profiles = frozenset(Profile)
NOBODY: Profiles = frozenset()


def in_order(profiles: Iterable[Profile]) -> list[str]:
    """Their names, always in the same order."""
    some = frozenset(profiles)
    return [profile.value for profile in Profile if profile in some]
