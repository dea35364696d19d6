"""One seed's cameras and trips. Pure."""

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lpr.render.cameras import RenderedCamera, choose_cameras
from lpr.render.city_map import load_city
from lpr.render.traffic import Trip, make_traffic
from lpr.times import format_utc

CAMERAS_SEED = 9


@dataclass(frozen=True, slots=True)
class Scale:
    """How much traffic there is.

    Attributes:
        cameras: on the map.
        followed: vehicles that pass three to six of them.
        others: vehicles that pass one or two.
        seconds: that everything lasts.
    """

    cameras: int = 8
    followed: int = 12
    others: int = 30
    seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happened.

    Attributes:
        scale: how much of it.
        seed: that it was made from.
        cameras: by id.
        trips: by departure.
    """

    scale: Scale
    seed: int
    cameras: tuple[RenderedCamera, ...]
    trips: tuple[Trip, ...]

    def camera(self, camera: str) -> RenderedCamera:
        """The camera of that id.

        Raises:
            KeyError: there is none.
        """
        return {c.id: c for c in self.cameras}[camera]


def make_scenario(scale: Scale, seed: int) -> Scenario:
    """Let vehicles drive past cameras; the same seed gives the same.

    Cameras stand where they stand whatever the seed, so that sightings of several demonstrations in
    one data folder agree on where `C001` is.
    """
    city = load_city()
    cameras = choose_cameras(city, scale.cameras, random.Random(CAMERAS_SEED))
    trips = make_traffic(city, cameras, scale.seconds, scale.followed, scale.others, seed)
    return Scenario(scale, seed, tuple(cameras), tuple(trips))


def format_truth(scenario: Scenario, start: datetime) -> str:
    """Who passed where and when, and which roads were driven: one trip a line of JSON.

    Args:
        scenario: what happened.
        start: when it began, aware.
    """
    return "".join(json.dumps(_truth(t, scenario, start)) + "\n" for t in scenario.trips)


def _truth(trip: Trip, scenario: Scenario, start: datetime) -> dict[str, Any]:
    def time(seconds: float) -> str:
        return format_utc(start + timedelta(milliseconds=round(seconds * 1000)))

    return {
        "plate": trip.plate.text,
        "kind": trip.plate.vehicle,
        "colour": trip.plate.colour,
        "rows": len(trip.plate.printed_rows),
        "from": time(trip.depart_s),
        "passes": [
            {
                "camera": p.camera,
                "at": time(p.at_s),
                "plate_visible": shows_plate(trip, scenario.camera(p.camera)),
            }
            for p in trip.passes
        ],
        "roads": [{"road": r.road, "until": time(r.until_s)} for r in trip.roads],
    }


def shows_plate(trip: Trip, camera: RenderedCamera) -> bool:
    """Whether the vehicle has its plate on the end that the camera sees."""
    return camera.end == "rear" or trip.plate.vehicle == "car"
