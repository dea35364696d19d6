"""Roads of an OpenStreetMap extract.

Tags as in https://wiki.openstreetmap.org/wiki/Key:highway.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import osmium

from search.errors import RoadError
from search.geometry import Point, line_m
from search.roads.access import direction, drivers
from search.roads.restrictions import LeftOut, Restriction, forbid, parse_restriction
from search.roads.road import Road, RoadFile

# km/h where no limit is given: what Vietnam's rules (38/2024/TT-BGTVT: 50 or 60 in built-up
# areas) leave of each class in a city.
CLASS_SPEEDS_KMH: Mapping[str, float] = {
    "motorway": 90,
    "motorway_link": 50,
    "trunk": 60,
    "trunk_link": 40,
    "primary": 50,
    "primary_link": 40,
    "secondary": 45,
    "secondary_link": 35,
    "tertiary": 40,
    "tertiary_link": 30,
    "unclassified": 30,
    "road": 30,
    "residential": 25,
    "living_street": 15,
    "service": 15,
}
# Kept for those who ask later: which vehicles may drive here by which tag, what lies above what.
KEPT_TAGS = (
    "access",
    "bridge",
    "hgv",
    "junction",
    "lanes",
    "layer",
    "maxspeed",
    "motor_vehicle",
    "motorcar",
    "motorcycle",
    "oneway:motorcycle",
    "ref",
    "tunnel",
)
_OWN_GROUND = frozenset({"driveway", "parking_aisle", "drive-through", "emergency_access"})
_MAXSPEED = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?", re.IGNORECASE)
_KMH_A_MPH = 1.609344
HIGHEST_KMH = 130.0  # Vietnam's limits end at 120; what is more was mistyped

Node = tuple[int, Point]
Way = tuple[int, Mapping[str, str], Sequence[Node]]


def read_osm(path: Path) -> RoadFile:
    """Read the drivable roads of an extract, cut at their junctions, with the turns it forbids.

    Args:
        path: a `.osm.pbf` or `.osm` file with the nodes of its ways.

    Returns:
        Roads in the order of the file, and which turn restrictions are not obeyed.

    Raises:
        RoadError: the file is missing, is no extract, or holds no drivable road.
    """
    try:
        ways = list(_drivable_ways(path))
        relations = list(_restrictions(path))
    except (OSError, RuntimeError) as error:
        raise RoadError(f"{path} is not an OpenStreetMap extract: {error}") from None
    uses = Counter(node for _, _, nodes in ways for node, _ in nodes)
    ends = {nodes[i][0] for _, _, nodes in ways for i in (0, -1)}
    junctions = ends | {node for node, count in uses.items() if count > 1}
    pieces: Counter[int] = Counter()  # of each way, which may go out of the extract and come back
    roads: list[Road] = []
    for way in ways:
        cut = list(_cut(way, junctions, pieces[way[0]]))
        pieces[way[0]] += len(cut)
        roads += cut
    if not roads:
        raise RoadError(f"{path} holds no drivable road: expected ways with a highway tag")
    restrictions = [one for one in relations if isinstance(one, Restriction)]
    forbidden, left_out = forbid(roads, restrictions)
    left_out.update(one for one in relations if isinstance(one, LeftOut))
    return RoadFile(forbidden, left_out)


def is_drivable(tags: Mapping[str, str]) -> bool:
    """Whether any motor vehicle may drive on a way with these tags."""
    if tags.get("highway") not in CLASS_SPEEDS_KMH or tags.get("area") == "yes":
        return False
    if tags.get("service") in _OWN_GROUND:
        return False
    return bool(drivers(tags))


def speed_kmh(tags: Mapping[str, str]) -> float:
    """The limit that is given, otherwise what is usual for the class."""
    given = _MAXSPEED.fullmatch(tags.get("maxspeed", ""))
    limit = 0.0
    if given:
        limit = float(given[1]) * (_KMH_A_MPH if (given[2] or "").lower() == "mph" else 1)
    return limit if 0 < limit <= HIGHEST_KMH else CLASS_SPEEDS_KMH[tags["highway"]]


def _drivable_ways(path: Path) -> Iterator[Way]:
    """The drivable ways, each cut where a node lies outside the extract."""
    for way in osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations():
        if not isinstance(way, osmium.osm.Way):
            continue
        tags = dict(way.tags)
        if not is_drivable(tags):
            continue
        nodes: list[Node] = []
        for node in way.nodes:
            if node.location.valid():
                nodes.append((node.ref, (node.lon, node.lat)))
                continue
            if len(nodes) > 1:
                yield way.id, tags, nodes
            nodes = []
        if len(nodes) > 1:
            yield way.id, tags, nodes


def _restrictions(path: Path) -> Iterator[Restriction | LeftOut]:
    """The turn restrictions that concern our vehicles, or why one is left out."""
    for relation in osmium.FileProcessor(str(path), osmium.osm.RELATION):
        if not isinstance(relation, osmium.osm.Relation):
            continue
        members = [(member.role, member.type, member.ref) for member in relation.members]
        restriction = parse_restriction(dict(relation.tags), members)
        if restriction is not None:
            yield restriction


def _cut(way: Way, junctions: set[int], number: int) -> Iterator[Road]:
    """The pieces of a way between junctions, numbered from `number` on."""
    way_id, tags, nodes = way
    allowed = drivers(tags)
    driven, back = direction(tags)
    if driven < 0:
        nodes = nodes[::-1]
    cuts = [i for i, (node, _) in enumerate(nodes) if node in junctions]
    for first, last in pairwise(cuts):
        points = tuple(point for _, point in nodes[first : last + 1])
        length = line_m(points)
        if length == 0 and nodes[first][0] == nodes[last][0]:
            continue
        yield Road(
            id=f"{way_id}-{number}",
            points=points,
            from_node=str(nodes[first][0]),
            to_node=str(nodes[last][0]),
            length_m=length,
            speed_kmh=speed_kmh(tags),
            oneway=driven != 0,
            name=tags.get("name", ""),
            road_class=tags["highway"],
            tags={key: tags[key] for key in KEPT_TAGS if key in tags},
            driven_by=allowed,
            driven_back_by=back & allowed,
        )
        number += 1
