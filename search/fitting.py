"""How cameras fit the roads, in words; pure."""

from collections.abc import Iterable, Mapping, Sequence

from search.cameras import Camera
from search.roads.road import Road
from search.roads.snapping import REACH_M, Fit, Misfit, SeenRoad

HEADER = ("camera", "name", "road", "road name", "metres", "direction")
_COMPASS = (
    "north",
    "north-east",
    "east",
    "south-east",
    "south",
    "south-west",
    "west",
    "north-west",
)


def fit_rows(
    cameras: Iterable[Camera], fits: Mapping[str, Fit], roads: Sequence[Road]
) -> list[tuple[str, ...]]:
    """A row for each road that a camera sees, with the columns of HEADER."""
    return [
        (camera.id, camera.name, *_road_cells(roads[index], seen))
        for camera in cameras
        for index, seen in _by_road(fits[camera.id]).items()
    ]


def misfits(cameras: Iterable[Camera], fits: Mapping[str, Fit]) -> dict[str, Misfit]:
    """Why cameras fit no road, by the id of each that fits none."""
    return {c.id: misfit for c in cameras if (misfit := fits[c.id].misfit) is not None}


def misfit_lines(cameras: Sequence[Camera], fits: Mapping[str, Fit]) -> list[str]:
    """A line for each camera that fits no road, with the reason; a last one if none is near any."""
    found = misfits(cameras, fits)
    named = {camera.id: f"{camera.id} ({camera.name})" for camera in cameras}
    lines = [f"{named[id]} fits no road: {misfit.value}" for id, misfit in found.items()]
    if lines and list(found.values()) == [Misfit.FAR] * len(cameras):
        near = f"within {REACH_M:.0f} m of a road"
        lines.append(f"no camera stands {near}: is this the map of another city?")
    return lines


def direction_words(bearing: float) -> str:
    """`east (87°)`."""
    return f"{_COMPASS[round(bearing / 45) % 8]} ({bearing % 360:.0f}°)"


def _by_road(fit: Fit) -> dict[int, list[SeenRoad]]:
    found: dict[int, list[SeenRoad]] = {}
    for seen in fit.seen:
        found.setdefault(seen.place.road, []).append(seen)
    return found


def _road_cells(road: Road, seen: Sequence[SeenRoad]) -> tuple[str, ...]:
    directions = " and ".join(direction_words(one.bearing) for one in seen)
    return road.id, road.name, f"{seen[0].distance_m:.0f}", directions
