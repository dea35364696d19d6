import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from lpr.passage_lines import passage_from_fields
from lpr.passages import Passage, passage_to_fields
from lpr.recognition import SeenPlate
from lpr.reports import Report
from lpr.testing import a_seen_plate as a_plate
from lpr.watch.messages import Kept, Shown
from lpr.watch.vehicles import MOST_AGAIN, Vehicles

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
PICTURE = np.full((48, 64, 3), 90, np.uint8)


@dataclass(frozen=True)
class Still:
    """A still, and whether nothing came for long after it."""

    second: float
    plates: tuple[SeenPlate, ...] = ()
    is_last_for_long: bool = False


@dataclass
class Machine:
    """What a machine has on its disk, and how often it was started."""

    spool: list[Passage] = field(default_factory=list)
    kept: int = 0
    earlier: tuple[Passage, ...] = ()

    def look_at(self, stills: Sequence[Still], until: int | None = None) -> None:
        """Look at the stills that are not kept, and be killed after some of them."""
        vehicles, before = Vehicles("C012", self.earlier, is_repeatable=True), self.kept
        for number, still in enumerate(stills[before:until], 1):
            at = NOON + timedelta(seconds=still.second)
            shown = Shown(0, (48, 64), at, still=f"still{before + number}", number=number)
            self._keep(vehicles.take(PICTURE, shown, still.plates), vehicles.kept(), before)
            if still.is_last_for_long:
                self._keep(vehicles.finish(), vehicles.kept(), before)

    def _keep(self, reports: Iterable[Report], kept: Kept | None, before: int) -> None:
        self.spool += [report.passage for report in reports]
        if kept:
            lines = [passage_to_fields(passage) for passage in kept.earlier]
            self.earlier = tuple(passage_from_fields(line) for line in lines)
            self.kept = before + kept.number

    @property
    def found(self) -> dict[str, tuple[str, float]]:
        """Of each passage its last text and when it ended, by id."""
        ends = {passage.id: passage.until or passage.at for passage in self.spool}
        texts = {passage.id: passage.text for passage in self.spool}
        return {one: (texts[one], (ends[one] - NOON).total_seconds()) for one in texts}


def looked_at(stills: Sequence[Still], killed_after: Sequence[int] = ()) -> Machine:
    """A machine that was killed after so many stills, each time, and then saw all of them."""
    machine = Machine()
    for until in killed_after:
        machine.look_at(stills, until)
    machine.look_at([*stills, Still(stills[-1].second + 600)])
    return machine


def driving(text: str, begin: float, count: int, every_s: float = 1.0) -> list[Still]:
    return [Still(begin + every_s * i, (a_plate(100 + 60 * i, text, 0.95),)) for i in range(count)]


def traffic(seed: int) -> list[Still]:
    """Stills of vehicles that cross, wait, cannot be read or come late; some were uploaded late."""
    dice = random.Random(seed)
    second, stills = 0.0, []
    standing = a_plate(700, "51F22222", 0.95, y=400)
    for number in range(dice.randrange(2, 8)):
        text = dice.choice([f"30A{number:05}", f"30A{number:05}", ""])
        score = 0.95 if text else 0.0
        for step in range(dice.randrange(1, 6)):
            plates = [a_plate(100 + 60 * step, text, score)]
            plates += [standing] if dice.random() < 0.5 else []
            plates += [a_plate(500 - 50 * step, "29B54321", 0.9, y=200)] if number % 3 == 1 else []
            stills.append(Still(second, tuple(plates), dice.random() < 0.1))
            second += dice.choice([0.0, 0.4, 1.0, 1.0, 3.0])
        second += dice.choice([0.0, 2.0, 9.0, 60.0])
        stills += [Still(second)] * dice.randrange(2)
    for index in range(len(stills) - 1):
        if dice.random() < 0.08:
            stills[index], stills[index + 1] = stills[index + 1], stills[index]
    return stills


@pytest.mark.parametrize("seed", range(12))
def test_a_crash_at_any_still_loses_and_doubles_no_passage(seed: int) -> None:
    stills = traffic(seed)
    without = looked_at(stills)
    for until in range(1, len(stills) + 1):
        assert looked_at(stills, [until]).found == without.found, until
    dice = random.Random(seed)
    killed = sorted(dice.choices(range(1, len(stills) + 1), k=6))
    assert looked_at(stills, killed).found == without.found


def test_stills_of_one_vehicle_a_second_apart_are_one_passage() -> None:
    ((text, until),) = looked_at(driving("30A12345", 0.0, 5)).found.values()
    assert (text, until) == ("30A12345", 4.0)


@pytest.mark.parametrize("comes_at_once", [True, False])
def test_stills_far_apart_are_passages_of_their_own(comes_at_once: bool) -> None:
    stills = [
        Still(still.second, still.plates, is_last_for_long=not comes_at_once)
        for still in driving("30A12345", 0.0, 3, every_s=60.0)
    ]
    assert sorted(looked_at(stills).found.values()) == [
        ("30A12345", second) for second in (0.0, 60.0, 120.0)
    ]


def test_two_stills_of_one_time_are_passages_of_their_own() -> None:
    first, second = a_plate(100, "30A11111", 0.99), a_plate(100, "29B22222", 0.99)
    found = looked_at([Still(0.0, (first,), True), Still(0.0, (second,))]).found
    assert sorted(text for text, _ in found.values()) == ["29B22222", "30A11111"]


def test_a_still_that_was_uploaded_late_gives_the_same_id_after_a_crash() -> None:
    stills = [Still(10.0), *driving("30A12345", 9.6, 3)]
    assert list(looked_at(stills).found.values()) == [("30A12345", 11.6)]
    assert looked_at(stills, [1]).found == looked_at(stills).found


def test_a_vehicle_that_is_seen_again_soon_after_nothing_came_goes_on() -> None:
    first, *rest = driving("30A12345", 0.0, 3)
    stills = [Still(first.second, first.plates, is_last_for_long=True), *rest]
    assert list(looked_at(stills).found.values()) == [("30A12345", 2.0)]
    assert list(looked_at(stills, [1]).found.values()) == [("30A12345", 2.0)]


def test_no_more_than_some_stills_are_looked_at_again_though_somebody_is_always_there() -> None:
    stills = [Still(float(i), (a_plate(100, "30A12345", 0.95),)) for i in range(2 * MOST_AGAIN + 9)]
    machine = Machine()
    machine.look_at(stills)
    assert machine.kept == 2 * MOST_AGAIN
    machine.look_at(stills)
    machine.look_at([*stills, Still(10_000.0)])
    assert list(machine.found.values()) == [("30A12345", 2.0 * MOST_AGAIN + 8)]


def test_frames_of_a_file_are_never_kept() -> None:
    vehicles = Vehicles("C012", (), is_repeatable=True)
    vehicles.take(PICTURE, Shown(0, (48, 64), NOON), [])
    assert vehicles.kept() is None
