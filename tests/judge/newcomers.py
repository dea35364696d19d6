"""How often newcomers of a ward are found, and what is misread is not: see docs/routes.md.

`python -m tests.judge.newcomers` counts.
"""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from lpr.passages import Passage
from search.confusing import any_reader
from search.first_seen import find_newcomers
from search.first_seen_cli import LIKELY
from search.store import SightingStore
from search.terms import SearchTerms
from search.testing import MemoryStore
from tests.judge.plates import draw_plates, read_right, read_wrong

START = datetime(2026, 11, 1, tzinfo=UTC)
MONTH = timedelta(days=30)
CAMERAS = ("C1", "C2")
WARD = SearchTerms(("*",), START, START + timedelta(days=1), frozenset(CAMERAS))
RESIDENTS, NEWCOMERS = 400, 20
PASSES = 0.4  # of the residents pass on a day; newcomers pass twice
MISREAD = 0.05  # of passings
ALIKE = 0.1  # of plates differ from another one by one digit that is often confused
WARDS = 50  # that are counted


def ward(chance: random.Random) -> tuple[list[Passage], set[str]]:
    """What was read in a ward in a month and a day; and who was new on that day."""
    plates = draw_plates(RESIDENTS + NEWCOMERS, ALIKE, chance)
    chance.shuffle(plates)
    newcomers, residents = plates[:NEWCOMERS], plates[NEWCOMERS:]
    passages: list[Passage] = []
    for day in range(-MONTH.days, 1):
        passing = [plate for plate in residents if chance.random() < PASSES]
        for number, plate in enumerate(passing + (2 * newcomers if day == 0 else [])):
            at = START + timedelta(days=day, seconds=chance.randrange(86_400))
            read = (read_wrong if chance.random() < MISREAD else read_right)(plate, chance)
            camera, track = chance.choice(CAMERAS), f"{day} {number}"
            passages.append(
                Passage(camera, at, read.text, read.score, read.candidates, track=track)
            )
    known = {passage.text for passage in passages if passage.at < START}
    return passages, set(newcomers) - known


def judged(store: SightingStore, newcomers: set[str]) -> Counter[tuple[str, bool]]:
    """What was found: whose it is, and whether it is told rather than left out."""
    counts: Counter[tuple[str, bool]] = Counter()
    for one in find_newcomers(store, WARD, MONTH, any_reader()):
        misread = "newcomer misread" if one.like in newcomers else "resident misread"
        whose = "newcomer" if one.text in newcomers else misread
        counts[whose, one.likelihood < LIKELY] += 1
    return counts


def _count() -> Counter[tuple[str, bool]]:
    counts: Counter[tuple[str, bool]] = Counter()
    for seed in range(WARDS):
        passages, newcomers = ward(random.Random(seed))
        counts["there", True] += len(newcomers)
        counts += judged(MemoryStore(passages), newcomers)
    return counts


if __name__ == "__main__":
    for (whose, is_told), count in sorted(_count().items()):
        print(whose, "told" if is_told else "left out", count)
