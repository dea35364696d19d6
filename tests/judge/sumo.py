"""Eclipse SUMO, which drives the traffic: https://eclipse.dev/sumo."""

import os
import random
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

DEPARTING_S = 7200  # vehicles set out within it
END_S = 4 * 3600  # whoever has not arrived by then does not count
STUCK_S = 120  # a vehicle that stands for so long is lifted over the junction


@dataclass(frozen=True, slots=True)
class Drive:
    """The way of one vehicle.

    Attributes:
        roads: ids in driving order.
        entered: seconds at which it came onto each of them.
        left: seconds at which it left each of them.
    """

    roads: tuple[str, ...]
    entered: tuple[float, ...]
    left: tuple[float, ...]


class Sumo:
    """The programs of SUMO.

    Args:
        home: its folder.
    """

    def __init__(self, home: Path) -> None:
        self._home = home

    @classmethod
    def installed(cls) -> "Sumo":
        """That of the variable SUMO_HOME, otherwise that of the extra `judge`."""
        home = os.environ.get("SUMO_HOME")
        if home is None:
            import sumo  # only there after `make judge` has installed it

            home = sumo.SUMO_HOME
        return cls(Path(home))

    def make(self, out: Path, program: str, *options: object, option: str = "-o") -> None:
        """Let a program make a file, unless that is there.

        Args:
            out: the file; it is there only when it is whole.
            program: its name.
            options: of it.
            option: that names the file.

        Raises:
            RuntimeError: it fails; with what it said.
        """
        if out.is_file():
            return
        part = out.with_name(f"part-{out.name}")
        named = [*map(str, options), option, str(part), "--no-warnings"]
        ended = subprocess.run(
            [str(self._home / "bin" / program), *named],
            env={**os.environ, "SUMO_HOME": str(self._home)},
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise RuntimeError(f"{program} {' '.join(named)} failed: {ended.stderr.strip()}")
        part.rename(out)

    def drive(
        self, net: Path, roads: Sequence[str], vehicles: int, taste: float, seed: int
    ) -> list[Drive]:
        """Let vehicles drive between roads drawn by chance.

        Args:
            net: to drive on; SUMO's other files lie beside it.
            roads: ids of all of them.
            vehicles: that set out.
            taste: each driver takes each road for up to so many times as slow as it is.
            seed: of chance.

        Returns:
            What those drove that arrived.
        """
        trips, routes, driven = (
            net.with_name(f"{net.name.partition('.')[0]}-{vehicles}-{taste}-{seed}.{kind}.xml")
            for kind in ("trips", "routes", "driven")
        )
        trips.write_text(_trips(roads, vehicles, random.Random(seed)), "utf-8")
        self.make(
            routes, "duarouter", "-n", net, "-r", trips, "--seed", seed,
            "--weights.random-factor", taste, "--ignore-errors", "--no-step-log",
        )  # fmt: skip
        self.make(
            driven, "sumo", "-n", net, "-r", routes, "--vehroute-output.exit-times",
            "--end", END_S, "--time-to-teleport", STUCK_S, "--seed", seed, "--no-step-log",
            option="--vehroute-output",
        )  # fmt: skip
        return list(read_driven(driven))


def read_driven(file: Path) -> Iterator[Drive]:
    """Read SUMO's vehroute output with exit times; vehicles that were lifted are left out."""
    for vehicle in ET.parse(file).getroot().iter("vehicle"):
        route = vehicle.find("route")
        if route is None:
            continue
        left = tuple(map(float, route.get("exitTimes", "").split()))
        if left and min(left) >= 0:
            entered = (float(vehicle.get("depart", "")), *left[:-1])
            yield Drive(tuple(route.get("edges", "").split()), entered, left)


def _trips(roads: Sequence[str], vehicles: int, chance: random.Random) -> str:
    times = sorted(chance.uniform(0, DEPARTING_S) for _ in range(vehicles))
    lines = ["<routes>"]
    for number, time in enumerate(times):
        start, end = chance.sample(roads, 2)
        lines.append(f'<trip id="{number}" depart="{time:.1f}" from="{start}" to="{end}"/>')
    return "\n".join([*lines, "</routes>"])
