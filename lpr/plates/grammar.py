"""The grammar of docs/plates.md: what a normal text can be."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from lpr.plates.provinces import PROVINCES, Province
from lpr.readings import Colour, Kind

FIRST_LETTERS = "ABCDEFGHKLMNPRSTUVXYZ"
"""Of a civil series. Sources disagree on R: it is accepted and never corrected away."""
SECOND_LETTERS = "ABCDEFHKLMNPRSTUVXYZ"
"""Of the two-letter series of motorcycles since August 2023."""
UNIT_LETTERS = "ABCDEGHKLMNPQRSTUVXYZ"
"""Of military units, which do have Q."""

_PROVINCE = f"(?P<province>{'|'.join(sorted(PROVINCES))})"


class PlateKind(StrEnum):
    """Kinds of plates."""

    CAR = "car"
    CAR_OLD = "car_old"
    MOTORCYCLE = "motorcycle"
    MOTORCYCLE_OLD = "motorcycle_old"
    STATE_MOTORCYCLE = "state_motorcycle"
    SPECIAL = "special"
    TEMPORARY = "temporary"
    DIPLOMATIC = "diplomatic"
    MILITARY = "military"


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: PlateKind
    pattern: re.Pattern[str]
    vehicles: tuple[Kind, ...]
    rows: tuple[int, ...]
    colours: tuple[Colour, ...]


def _rule(
    kind: PlateKind, pattern: str, vehicles: tuple[Kind, ...], colours: tuple[Colour, ...]
) -> _Rule:
    rows = (2,) if vehicles == ("motorcycle",) else (1, 2)
    return _Rule(kind, re.compile(pattern, re.ASCII), vehicles, rows, colours)


_CIVIL: tuple[Colour, ...] = ("white", "yellow", "blue")
_BOTH: tuple[Kind, ...] = ("car", "motorcycle")
_SERIES = "(?P<series>"
_RULES = (
    _rule(
        PlateKind.CAR,
        rf"{_PROVINCE}{_SERIES}[{FIRST_LETTERS}])(?P<number>\d{{5}})",
        ("car",),
        _CIVIL,
    ),
    _rule(
        PlateKind.CAR_OLD,
        rf"{_PROVINCE}{_SERIES}[{FIRST_LETTERS}])(?P<number>\d{{4}})",
        ("car",),
        _CIVIL,
    ),
    _rule(
        PlateKind.MOTORCYCLE,
        rf"{_PROVINCE}{_SERIES}[{FIRST_LETTERS}][{SECOND_LETTERS}])(?P<number>\d{{5}})",
        ("motorcycle",),
        ("white", "yellow"),
    ),
    _rule(
        PlateKind.MOTORCYCLE_OLD,
        rf"{_PROVINCE}{_SERIES}[{FIRST_LETTERS}]\d)(?P<number>\d{{4,5}})",
        ("motorcycle",),
        ("white", "yellow"),
    ),
    _rule(
        PlateKind.STATE_MOTORCYCLE,
        rf"{_PROVINCE}{_SERIES}[{FIRST_LETTERS}][1-9])(?P<number>\d{{5}})",
        ("motorcycle",),
        ("blue",),
    ),
    _rule(
        PlateKind.SPECIAL,
        rf"{_PROVINCE}{_SERIES}CD|R|RM|HC|KT|LD|DA|TD|M[KD][1-9]??)(?P<number>\d{{4,5}})",
        _BOTH,
        _CIVIL,
    ),
    _rule(PlateKind.TEMPORARY, rf"{_SERIES}T){_PROVINCE}(?P<number>\d{{4,6}})", _BOTH, ("white",)),
    _rule(
        PlateKind.DIPLOMATIC,
        rf"{_PROVINCE}(?P<country>\d{{3}}){_SERIES}NG|QT|CV|NN)(?P<number>\d{{2,3}})",
        _BOTH,
        ("white",),
    ),
    _rule(
        PlateKind.DIPLOMATIC,
        rf"{_PROVINCE}{_SERIES}NG|QT|CV|NN)(?P<country>\d{{3}})(?P<number>\d{{2,3}})",
        _BOTH,
        ("white",),
    ),
    _rule(
        PlateKind.MILITARY,
        rf"{_SERIES}[{UNIT_LETTERS}]{{2}})(?P<number>\d{{4}})",
        ("car",),
        ("red",),
    ),
    _rule(
        PlateKind.MILITARY,
        rf"{_SERIES}[{UNIT_LETTERS}]{{2}})(?P<number>\d{{3}})",
        ("motorcycle",),
        ("red",),
    ),
)


@dataclass(frozen=True, slots=True)
class PlateShape:
    """One kind that a text can be.

    Attributes:
        kind: of the plate.
        province: whose code it begins with, None for military plates.
        series: letters (and digit) of the series.
        country: three digits of a diplomatic plate, otherwise empty.
        number: the running number.
        vehicles: kinds of vehicle that carry it.
        rows: how many rows it may have.
        colours: of the background.
    """

    kind: PlateKind
    province: Province | None
    series: str
    country: str
    number: str
    vehicles: tuple[Kind, ...]
    rows: tuple[int, ...]
    colours: tuple[Colour, ...]


@lru_cache(maxsize=4096)
def parse_plate(text: str) -> tuple[PlateShape, ...]:
    """Every kind that a text can be.

    Args:
        text: normal form.

    Returns:
        The shapes, in the order of docs/plates.md; empty if it cannot be a Vietnamese plate.
    """
    return tuple(shape for rule in _RULES if (shape := _match(rule, text)) is not None)


def _match(rule: _Rule, text: str) -> PlateShape | None:
    found = rule.pattern.fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    return PlateShape(
        kind=rule.kind,
        province=PROVINCES.get(parts.get("province") or ""),
        series=parts["series"],
        country=parts.get("country") or "",
        number=parts["number"],
        vehicles=rule.vehicles,
        rows=rule.rows,
        colours=rule.colours,
    )


def vehicle_kind(text: str, rows: int | None, colour: str | None) -> Kind | None:
    """The kind of vehicle, where text, rows and colour leave one only.

    `30A12345` on one row is a car's; on two rows it may be a car's or an old motorcycle's.
    """
    kinds = {
        vehicle
        for shape in parse_plate(text)
        if (rows is None or rows in shape.rows) and (colour is None or colour in shape.colours)
        for vehicle in shape.vehicles
        if not (rows == 1 and vehicle == "motorcycle")
    }
    return kinds.pop() if len(kinds) == 1 else None
