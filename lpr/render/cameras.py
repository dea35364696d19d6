"""Good places for cameras on the map, as a city would choose them. Pure."""

import csv
import io
import random
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from lpr.render.city_map import CityMap, Point, Spot, Turn, distance_m

CSV_COLUMNS = ("id", "name", "lat", "lon", "heading", "area", "ward", "district")
LEAST_M = 70.0  # of road: a camera needs to see some of it
FRONT_SHARE = 0.25  # of cameras; the others see rears, where motorbikes have their plates
KEY_AREA_M = 420.0  # around the lake
_LAKE: Point = (105.8524, 21.0288)
_WARDS: dict[str, Point] = {
    "Hoàn Kiếm": (105.8515, 21.0315),
    "Cửa Nam": (105.8470, 21.0225),
    "Ba Đình": (105.8385, 21.0365),
    "Văn Miếu - Quốc Tử Giám": (105.8365, 21.0262),
    "Hai Bà Trưng": (105.8535, 21.0150),
    "Hồng Hà": (105.8605, 21.0330),
}
"""Wards of Hanoi since July 2025, and about where they lie."""
_COMPASS = ("Bắc", "Đông Bắc", "Đông", "Đông Nam", "Nam", "Tây Nam", "Tây", "Tây Bắc")
_BUSY = {"trunk": 4.0, "primary": 4.0, "secondary": 3.0, "tertiary": 2.0, "residential": 1.0}


@dataclass(frozen=True, slots=True)
class RenderedCamera:
    """A camera on the map.

    Attributes:
        id: `C001` and on.
        name: in Vietnamese, of its street and direction.
        spot: where it reads, in the direction of the traffic.
        lon, lat: WGS 84 degrees.
        heading: compass degrees of the traffic that it reads.
        area: route, residential or key.
        ward: that it stands in.
        end: which end of vehicles it sees.
    """

    id: str
    name: str
    spot: Spot
    lon: float
    lat: float
    heading: float
    area: str
    ward: str
    end: Literal["front", "rear"]


def choose_cameras(city: CityMap, count: int, chance: random.Random) -> list[RenderedCamera]:
    """Places in the middle of busy roads, spread over the map.

    Args:
        city: the roads.
        count: of cameras; fewer where the map has fewer named roads.
        chance: source of chance.

    Returns:
        Cameras by id.
    """
    known = [t for t in city.turns if _is_fit(city, t)]
    middles = {turn: city.place(_middle(city, turn)) for turn in known}
    chosen: list[Turn] = []
    while known and len(chosen) < count:
        weights = {
            t: _worth(city, t, middles[t][0], [middles[c][0] for c in chosen]) for t in known
        }
        best = max(known, key=lambda t: weights[t] * chance.uniform(0.75, 1.0))
        chosen.append(best)
        known = [t for t in known if t[0] != best[0]]
    return [_camera(city, turn, number, count) for number, turn in enumerate(chosen, 1)]


def format_csv(cameras: Iterable[RenderedCamera]) -> str:
    """The list of cameras as `platetrail cameras import` takes it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for c in cameras:
        heading = round(c.heading)
        writer.writerow(
            [c.id, c.name, round(c.lat, 6), round(c.lon, 6), heading, c.area, c.ward, ""]
        )
    return out.getvalue()


def _is_fit(city: CityMap, turn: Turn) -> bool:
    road = city.roads[turn[0]]
    return bool(road.name) and road.road_class in _BUSY and road.length_m >= LEAST_M


def _middle(city: CityMap, turn: Turn) -> Spot:
    return Spot(*turn, city.roads[turn[0]].length_m / 2)


def _worth(city: CityMap, turn: Turn, at: Point, others: list[Point]) -> float:
    """The busier and the farther from other cameras the better."""
    nearest = min((distance_m(at, other) for other in others), default=1000.0)
    return sqrt(_BUSY[city.roads[turn[0]].road_class]) * min(nearest, 900.0)


def _camera(city: CityMap, turn: Turn, number: int, count: int) -> RenderedCamera:
    road, spot = city.roads[turn[0]], _middle(city, turn)
    (lon, lat), heading = city.place(spot)
    street = road.name.removeprefix("Phố ").removeprefix("Đường ")
    direction = _COMPASS[round(heading / 45) % 8]
    return RenderedCamera(
        id=f"C{number:03d}",
        name=f"{street} - hướng {direction}",
        spot=spot,
        lon=lon,
        lat=lat,
        heading=heading,
        area=_area((lon, lat), road.road_class),
        ward=min(_WARDS, key=lambda ward: distance_m(_WARDS[ward], (lon, lat))),
        end="front" if number > count * (1 - FRONT_SHARE) else "rear",
    )


def _area(at: Point, road_class: str) -> str:
    if distance_m(at, _LAKE) < KEY_AREA_M:
        return "key"
    return "residential" if road_class in ("residential", "tertiary") else "route"
