"""The cities that are judged on: directed roads, and SUMO's net of the same roads."""

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import quoteattr

from search.geometry import METRES_A_DEGREE, Box, Point, line_m
from search.roads.cut import largest_part, roads_within
from search.roads.profile import EVERYBODY, NOBODY
from search.roads.reading import read_roads
from search.roads.road import Road
from tests.judge.sumo import Sumo

CENTRE: Box = (105.818, 20.993, 105.872, 21.047)  # of Hanoi: about 5,900 directed roads
ELSEWHERE: Point = (108.2, 16.05)  # where the made city is put on the map
LANES = {"motorway": 3, "trunk": 3, "primary": 2, "secondary": 2}  # elsewhere one
MADE = (  # about 5,900 directed roads
    "--rand", "--rand.iterations", 2260, "--rand.min-distance", 60, "--rand.max-distance", 260,
    "--bidi-probability", 0.8, "--default.lanenumber", 1, "--tls.guess", "--no-turnarounds",
)  # fmt: skip
REAL = ("--tls.guess", "--no-turnarounds.except-deadend")


@dataclass(frozen=True, slots=True)
class City:
    """Roads to drive on.

    Attributes:
        roads: each in one direction only.
        net: SUMO's file of the same roads, by the same ids.
    """

    roads: tuple[Road, ...]
    net: Path


def hanoi(extract: Path, folder: Path, sumo: Sumo) -> City:
    """The centre of Hanoi.

    Args:
        extract: of OpenStreetMap.
        folder: for SUMO's files.
        sumo: makes the net.
    """
    roads = tuple(directed(largest_part(roads_within(read_roads(extract).roads, CENTRE))))
    nodes, edges, net = (folder / f"hanoi.{name}.xml" for name in ("nod", "edg", "net"))
    nodes.write_text("\n".join(["<nodes>", *_nodes(roads), "</nodes>"]), "utf-8")
    edges.write_text("\n".join(["<edges>", *map(_edge, roads), "</edges>"]), "utf-8")
    sumo.make(net, "netconvert", "-n", nodes, "-e", edges, *REAL)
    return City(roads, net)


def made(seed: int, folder: Path, sumo: Sumo) -> City:
    """A city that there is not, another one for each seed.

    Args:
        seed: of chance.
        folder: for SUMO's files.
        sumo: makes the net.
    """
    net = folder / f"made-{seed}.net.xml"
    sumo.make(net, "netgenerate", "--seed", seed, *MADE)
    return City(tuple(roads_of_net(net)), net)


def directed(roads: Sequence[Road]) -> Iterator[Road]:
    """Roads that are driven one way each; the way back of a two-way road has a minus before its id.

    SUMO's net knows no rules but one-way roads, so these roads have no others.

    Args:
        roads: some of them driven both ways.
    """
    for road in roads:
        ends = road.junction(False), road.junction(True)
        one = replace(
            road,
            from_node=ends[0],
            to_node=ends[1],
            no_turns=(),
            driven_by=EVERYBODY,
            driven_back_by=NOBODY,
        )
        yield replace(one, oneway=True)
        if not road.oneway:
            yield replace(
                one,
                id=f"-{road.id}",
                points=road.points[::-1],
                from_node=one.to_node,
                to_node=one.from_node,
                oneway=True,
            )


def roads_of_net(net: Path) -> Iterator[Road]:
    """The roads of a net of SUMO, whose places are metres.

    Args:
        net: that netgenerate made.
    """
    for edge in ET.parse(net).getroot().iter("edge"):
        lane = edge.find("lane")
        if edge.get("function") == "internal" or lane is None:
            continue
        line = edge.get("shape", lane.get("shape", ""))
        points = tuple(_on_map(*map(float, place.split(",")[:2])) for place in line.split())
        yield Road(
            id=edge.get("id", ""),
            points=points,
            from_node=edge.get("from", ""),
            to_node=edge.get("to", ""),
            length_m=line_m(points),
            speed_kmh=float(lane.get("speed", "")) * 3.6,
            oneway=True,
        )


def _nodes(roads: Sequence[Road]) -> Iterator[str]:
    places = {road.from_node: road.points[0] for road in roads}
    places |= {road.to_node: road.points[-1] for road in roads}
    for node, point in places.items():
        east, north = _on_plane(point)
        yield f'<node id={quoteattr(node)} x="{east:.2f}" y="{north:.2f}"/>'


def _edge(road: Road) -> str:
    ends = f"from={quoteattr(road.from_node)} to={quoteattr(road.to_node)}"
    lanes = LANES.get(road.road_class, 1)
    shape = " ".join("{:.2f},{:.2f}".format(*_on_plane(point)) for point in road.points)
    speed = f"{road.speed_kmh / 3.6:.2f}"
    return (
        f'<edge id={quoteattr(road.id)} {ends} numLanes="{lanes}" speed="{speed}" shape="{shape}"/>'
    )


def _on_plane(point: Point) -> Point:
    """Metres east and north of the south-west corner of Hanoi's centre."""
    west, south = CENTRE[:2]
    east_m = METRES_A_DEGREE * math.cos(math.radians(south))
    return (point[0] - west) * east_m, (point[1] - south) * METRES_A_DEGREE


def _on_map(east: float, north: float) -> Point:
    east_m = METRES_A_DEGREE * math.cos(math.radians(ELSEWHERE[1]))
    return ELSEWHERE[0] + east / east_m, ELSEWHERE[1] + north / METRES_A_DEGREE
