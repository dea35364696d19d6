"""Random plates of every kind, as often as on the road (and the rare ones often enough)."""

import random
from dataclasses import dataclass

from lpr.plates.grammar import FIRST_LETTERS, SECOND_LETTERS, UNIT_LETTERS, PlateKind
from lpr.plates.printed import printed_rows
from lpr.plates.provinces import HANOI, PROVINCES
from lpr.readings import Colour, Kind

_SHARES = {
    PlateKind.CAR: 0.28,
    PlateKind.CAR_OLD: 0.06,
    PlateKind.MOTORCYCLE: 0.18,
    PlateKind.MOTORCYCLE_OLD: 0.23,
    PlateKind.STATE_MOTORCYCLE: 0.02,
    PlateKind.SPECIAL: 0.12,
    PlateKind.TEMPORARY: 0.03,
    PlateKind.DIPLOMATIC: 0.04,
    PlateKind.MILITARY: 0.04,
}
_SPECIAL = ("CD", "R", "RM", "MK", "HC", "KT", "LD", "LD", "DA", "TD", "MD", "MD", "MD")
_NEAR_HANOI = 0.45  # share of plates from Hanoi itself


@dataclass(frozen=True, slots=True)
class GeneratedPlate:
    """A plate that could be on the road.

    Attributes:
        text: normal form.
        kind: of the plate.
        printed_rows: one or two, as printed.
        colour: of the background.
        vehicle: that carries it.
    """

    text: str
    kind: PlateKind
    printed_rows: tuple[str, ...]
    colour: Colour
    vehicle: Kind


def generate_plate(rng: random.Random, kind: PlateKind | None = None) -> GeneratedPlate:
    """A random plate.

    Args:
        rng: source of chance.
        kind: of the plate; None takes any, as often as on the road.

    Returns:
        The plate.
    """
    if kind is None:
        kind = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
    text, vehicle, colour = _make(rng, kind)
    rows = 2 if vehicle == "motorcycle" or rng.random() < 0.5 else 1
    return GeneratedPlate(text, kind, printed_rows(text, rows), colour, vehicle)


def _make(rng: random.Random, kind: PlateKind) -> tuple[str, Kind, Colour]:
    code = rng.choice(HANOI if rng.random() < _NEAR_HANOI else list(PROVINCES))
    first = rng.choice(FIRST_LETTERS)
    match kind:
        case PlateKind.CAR:
            return code + first + _digits(rng, 5), "car", _car_colour(rng)
        case PlateKind.CAR_OLD:
            return code + first + _digits(rng, 4), "car", _car_colour(rng)
        case PlateKind.MOTORCYCLE:
            return (
                code + first + rng.choice(SECOND_LETTERS) + _digits(rng, 5),
                "motorcycle",
                "white",
            )
        case PlateKind.MOTORCYCLE_OLD:
            number = _digits(rng, 5 if rng.random() < 0.7 else 4)
            return code + first + rng.choice("123456789") + number, "motorcycle", "white"
        case PlateKind.STATE_MOTORCYCLE:
            return code + first + rng.choice("123456789") + _digits(rng, 5), "motorcycle", "blue"
        case PlateKind.SPECIAL:
            return _special(rng, code)
        case PlateKind.TEMPORARY:
            return f"T{code}{_digits(rng, 5)}", rng.choice(("car", "motorcycle")), "white"
        case PlateKind.DIPLOMATIC:
            return _diplomatic(rng, code)
        case PlateKind.MILITARY:
            vehicle: Kind = "car" if rng.random() < 0.75 else "motorcycle"
            unit = rng.choice(UNIT_LETTERS) + rng.choice(UNIT_LETTERS)
            return unit + _digits(rng, 4 if vehicle == "car" else 3), vehicle, "red"


def _special(rng: random.Random, code: str) -> tuple[str, Kind, Colour]:
    series = rng.choice(_SPECIAL)
    if series in ("MK", "MD"):
        series += rng.choice(("", *"123456789"))
    vehicle: Kind = "motorcycle" if series.startswith("MD") else "car"
    return code + series + _digits(rng, 5 if rng.random() < 0.8 else 4), vehicle, "white"


def _diplomatic(rng: random.Random, code: str) -> tuple[str, Kind, Colour]:
    series = rng.choice(("NG", "NG", "QT", "CV", "NN"))
    country = _digits(rng, 3)
    number = _digits(rng, 2 if rng.random() < 0.7 else 3)
    middle = series + country if rng.random() < 0.3 else country + series
    return code + middle + number, rng.choice(("car", "car", "motorcycle")), "white"


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _car_colour(rng: random.Random) -> Colour:
    colours: tuple[Colour, ...] = ("white", "yellow", "blue")
    return rng.choices(colours, (0.74, 0.18, 0.08))[0]
