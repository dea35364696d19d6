"""Vehicles that drive through the city, and the truth about them. Pure."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lpr.plates import GeneratedPlate, PlateKind, generate_plate
from lpr.render.cameras import RenderedCamera
from lpr.render.city_map import CityMap, Turn

_KINDS = {  # shares on the road; `generate_plate` alone draws rare kinds more often
    PlateKind.CAR: 0.42,
    PlateKind.MOTORCYCLE: 0.19,
    PlateKind.MOTORCYCLE_OLD: 0.26,
    PlateKind.CAR_OLD: 0.04,
    PlateKind.SPECIAL: 0.04,
    PlateKind.STATE_MOTORCYCLE: 0.01,
    PlateKind.TEMPORARY: 0.01,
    PlateKind.DIPLOMATIC: 0.015,
    PlateKind.MILITARY: 0.015,
}
HEADWAY_S = 2.8  # between two vehicles at one camera
_LEAST_CAMERAS, _MOST_CAMERAS = 3, 6  # that a followed vehicle is led past
_NEXT_OF = 3  # it goes on to one of so many nearest cameras
_TASTE = 0.25  # spread of what a driver thinks of a road, as share of its time
_SPEED = (0.6, 0.95)  # of the road's
_LIGHT_SHARE, _LIGHT_S = 0.22, (4.0, 35.0)  # junctions where one waits, and how long
_EDGE_ROADS = (3, 8)  # roads before the first camera, and after the last
_TRIES = 60  # to find a trip that fits into the span


@dataclass(frozen=True, slots=True)
class CameraPass:
    """One vehicle passing one camera.

    Attributes:
        camera: id.
        at_s: seconds since the traffic began, when its plate is where the camera reads best.
    """

    camera: str
    at_s: float


@dataclass(frozen=True, slots=True)
class RoadDriven:
    """A road and when it was left."""

    road: str
    until_s: float


@dataclass(frozen=True, slots=True)
class Trip:
    """What one vehicle did: the truth.

    Attributes:
        plate: that it carries.
        look: seed of how it looks.
        depart_s: seconds since the traffic began.
        roads: in driving order.
        passes: cameras in driving order.
    """

    plate: GeneratedPlate
    look: int
    depart_s: float
    roads: tuple[RoadDriven, ...]
    passes: tuple[CameraPass, ...]


def make_traffic(
    city: CityMap,
    cameras: Sequence[RenderedCamera],
    seconds: float,
    followed: int,
    others: int,
    seed: int,
) -> list[Trip]:
    """Let vehicles drive.

    Args:
        city: the roads.
        cameras: on them.
        seconds: in which every vehicle sets out and arrives.
        followed: vehicles that pass three to six cameras, fewer where the time is short.
        others: vehicles that pass one or two.
        seed: of everything.

    Returns:
        Trips by departure. At one camera vehicles are at least HEADWAY_S apart; all plates differ.
    """
    chance = random.Random(seed)
    trips: list[Trip] = []
    texts: set[str] = set()
    for number in range(followed + others):
        wanted = chance.randint(_LEAST_CAMERAS, _MOST_CAMERAS) if number < followed else 1
        plate = _plate(chance)
        while plate.text in texts:
            plate = _plate(chance)
        texts.add(plate.text)
        trip = _trip(city, cameras, seconds, wanted, plate, trips, chance)
        if trip:
            trips.append(trip)
    return sorted(trips, key=lambda trip: trip.depart_s)


def _plate(chance: random.Random) -> GeneratedPlate:
    return generate_plate(chance, chance.choices(list(_KINDS), list(_KINDS.values()))[0])


def _trip(
    city: CityMap,
    cameras: Sequence[RenderedCamera],
    seconds: float,
    wanted: int,
    plate: GeneratedPlate,
    before: Sequence[Trip],
    chance: random.Random,
) -> Trip | None:
    for tries in range(_TRIES):
        fewer = max(1, wanted - tries // 12)
        way = _way(city, cameras, fewer, chance)
        trip = _driven(city, cameras, way, plate, chance) if way else None
        if trip is None or trip.roads[-1].until_s > seconds:
            continue
        latest = seconds - trip.roads[-1].until_s
        for _ in range(_TRIES):
            later = _later(trip, chance.uniform(0, latest))
            if _has_room(later, before):
                return later
    return None


def _way(
    city: CityMap, cameras: Sequence[RenderedCamera], count: int, chance: random.Random
) -> list[Turn]:
    """From somewhere past cameras to somewhere else."""
    seconds = [road.seconds * max(0.3, chance.gauss(1.0, _TASTE)) for road in city.roads]
    here = chance.choice(cameras).spot.turn
    come = city.quickest(chance.choice(city.turns), [here], seconds).get(here, [])
    way = come[-chance.randint(*_EDGE_ROADS) :]
    left = [c.spot.turn for c in cameras if c.spot.turn != here]
    for _ in range(count - 1):
        legs = list(city.quickest(here, left, seconds).items())
        if not legs:
            return []
        here, leg = chance.choice(legs[:_NEXT_OF])
        way += leg[1:]
        left.remove(here)
    end = chance.choice(city.turns)
    last = city.quickest(here, [end], seconds).get(end, [])
    return way + last[1 : chance.randint(*_EDGE_ROADS)] if way else []


def _driven(
    city: CityMap,
    cameras: Sequence[RenderedCamera],
    way: Sequence[Turn],
    plate: GeneratedPlate,
    chance: random.Random,
) -> Trip:
    """Drive along a way; it begins and ends in the middle of a road."""
    at: dict[Turn, RenderedCamera] = {c.spot.turn: c for c in cameras}
    hurry, now = chance.uniform(*_SPEED), 0.0
    roads: list[RoadDriven] = []
    passes: list[CameraPass] = []
    for number, turn in enumerate(way):
        road = city.roads[turn[0]]
        speed = road.speed_kmh / 3.6 * hurry * chance.uniform(0.85, 1.1)
        begin, end = _part(number, len(way), road.length_m)
        camera = at.get(turn)
        if camera and begin <= camera.spot.along_m <= end:
            passes.append(CameraPass(camera.id, now + (camera.spot.along_m - begin) / speed))
        now += (end - begin) / speed
        if number < len(way) - 1 and chance.random() < _LIGHT_SHARE:
            now += chance.uniform(*_LIGHT_S)
        roads.append(RoadDriven(road.id, now))
    return Trip(plate, chance.randrange(1 << 31), 0.0, tuple(roads), tuple(passes))


def _part(number: int, count: int, length_m: float) -> tuple[float, float]:
    """The part of a road that is driven: a camera in its middle is passed by all who drive it."""
    begin = 0.2 * length_m if number == 0 else 0.0
    return begin, (0.8 if number == count - 1 else 1.0) * length_m


def _later(trip: Trip, by_s: float) -> Trip:
    return replace(
        trip,
        depart_s=trip.depart_s + by_s,
        roads=tuple(replace(r, until_s=r.until_s + by_s) for r in trip.roads),
        passes=tuple(replace(p, at_s=p.at_s + by_s) for p in trip.passes),
    )


def _has_room(trip: Trip, before: Sequence[Trip]) -> bool:
    times: dict[str, list[float]] = {}
    for other in before:
        for passed in other.passes:
            times.setdefault(passed.camera, []).append(passed.at_s)
    for passed in trip.passes:
        known = times.setdefault(passed.camera, [])
        if any(abs(passed.at_s - t) < HEADWAY_S for t in known):
            return False
        known.append(passed.at_s)
    return True
