"""Search for misreadings: how often the right one comes first, what likelihoods mean, how quick.

`python -m tests.bench.similar --count 1000000`. The first run draws and reads plates and fills both
stores, for a quarter of an hour; all of that stays in .cache for the next one.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click

from search.confusing import Confusions, load_confusions
from search.opening import open_store
from search.similar import find_similar
from search.store import SightingStore
from search.terms import SearchTerms
from tests.accuracy.calibration import bins_of_equal_width, calibration_error
from tests.bench.crowded_city import crowded_city, is_movable
from tests.bench.read_plates import ReadPlate, read_plates
from tests.bench.store import Row
from tests.bench.ten_million import PATIENT, VERSION
from tests.bench.timing import middle_and_most
from tests.elasticsearch import elasticsearch

KEPT = Path(".cache/similar")
READ, READ_SEED = 40_000, 102  # rendered plates, whose readings are put on those of the city
LEAST_SCORE = 0.05  # below which a text is no reading
CITY_SEED = 2  # the constants were chosen on the city of seed 1 with the readings of seed 101
ASKED = 400  # plates that were misread
AT_ONCE = 5000  # passages
SAID = 0.05  # likelihoods below count apart: nearly all are of other vehicles, and say so
AIM_MS = 150.0


@dataclass(frozen=True, slots=True)
class Misread:
    """A passage that was read as another text than its plate."""

    plate: str
    sighting: str


def similar_rows(count: int = 1_000_000) -> Iterator[Row]:
    """Rows of both stores."""
    misread = _misread(count)
    truth = {one.sighting: one.plate for one in misread}
    times = Counter(truth.values())
    plates = [one.plate for one in misread if times[one.plate] == 1][:ASKED]
    yield "misreadings that are another text altogether, left out", _strange(), "share", None
    confusions = load_confusions(None)
    with open_store(f"sqlite:///{_kept(count, 'db').absolute()}") as store:
        yield from _outcome_rows(store, plates, truth, confusions)
        yield from _speed_rows("SQLite", store, plates, confusions)
    with elasticsearch(VERSION) as server, open_store(f"{server.url}/similar", PATIENT) as store:
        _fill(store, count)
        yield from _speed_rows("Elasticsearch", store, plates, confusions)


def _strange() -> float:
    wrong = [one for one in _readings() if one.text != one.plate]
    return sum(not is_movable(one) for one in wrong) / len(wrong)


def _readings() -> list[ReadPlate]:
    return [one for one in read_plates(READ, READ_SEED) if one.score >= LEAST_SCORE]


def _kept(count: int, ending: str) -> Path:
    return KEPT / f"{CITY_SEED}-{READ_SEED}-{count}.{ending}"


def _misread(count: int) -> list[Misread]:
    """Fill the file with a city if it is not there; what was misread in it, in random order."""
    KEPT.mkdir(parents=True, exist_ok=True)
    file, told = _kept(count, "db"), _kept(count, "json")
    if not told.exists():
        file.unlink(missing_ok=True)
        with open_store(f"sqlite:///{file.absolute()}") as store:
            told.write_text(json.dumps(_fill(store, count)), "utf-8")
    misread = [Misread(*pair) for pair in json.loads(told.read_text("utf-8"))]
    random.Random(1).shuffle(misread)
    return misread


def _fill(store: SightingStore, count: int) -> list[tuple[str, str]]:
    city = crowded_city(count, CITY_SEED, _readings())
    misread: list[tuple[str, str]] = []
    while batch := list(islice(city, AT_ONCE)):
        store.add([seen.passage for seen in batch], can_wait=True)
        misread += [(s.plate, s.passage.id) for s in batch if s.passage.text != s.plate]
    store.add(())
    return misread


def _outcome_rows(
    store: SightingStore, plates: Sequence[str], truth: Mapping[str, str], confusions: Confusions
) -> Iterator[Row]:
    """Of other texts than the plate's own; each plate was misread once."""
    first = among_ten = 0
    said: list[tuple[float, bool]] = []
    for plate in plates:
        found = find_similar(store, SearchTerms((plate,)), confusions).sightings
        others = [s for s in found if s.passage.text != plate]
        right = [truth.get(s.id) == plate for s in others]
        texts = list(dict.fromkeys(s.passage.text for s in others))[:10]
        first += right[:1] == [True]
        among_ten += any(
            is_right and s.passage.text in texts for s, is_right in zip(others, right, strict=True)
        )
        said += [(s.likelihood, is_right) for s, is_right in zip(others, right, strict=True)]
    dared = [one for one in said if one[0] >= SAID]
    asked = f"of {len(plates)} plates that were misread once"
    yield f"{asked}: another text in the first place", 1 - first / len(plates), "share", 0.15
    yield f"{asked}: not among the first ten texts", 1 - among_ten / len(plates), "share", 0.05
    error = calibration_error(bins_of_equal_width(said))
    yield f"calibration error of {len(said):,} likelihoods", error, "share", 0.05
    error = calibration_error(bins_of_equal_width(dared))
    yield f"the same of {len(dared):,} that are {SAID} and more", error, "share", 0.05


def _speed_rows(
    engine: str, store: SightingStore, plates: Sequence[str], confusions: Confusions
) -> Iterator[Row]:
    took = []
    for plate in plates:
        start = time.perf_counter()
        find_similar(store, SearchTerms((plate,)), confusions)
        took.append(1000 * (time.perf_counter() - start))
    p50, p95 = middle_and_most(took)
    yield f"--similar in {engine}, p50", p50, "ms", None
    yield f"--similar in {engine}, p95", p95, "ms", AIM_MS


@click.command()
@click.option("--count", default=1_000_000, show_default=True, help="Sightings.")
def main(count: int) -> None:
    """Measure on this machine, now."""
    for what, value, unit, aim in similar_rows(count):
        click.echo(f"{what}: {value:,.3f} {unit}" + (f" (aim < {aim:g})" if aim else ""))


if __name__ == "__main__":
    main()
