"""Fits the curve of `lpr.votes.VOTED`: `python -m tests.bench.vote_curve`, after every new reader.

It takes the crowds of `tests.bench.passages`: the looks at each vehicle, and the first three and
five of them, as they are when it is reported first.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from math import log
from pathlib import Path
from typing import get_args

import click
import numpy as np

from lpr.clarity import clarity
from lpr.render.crowds import CrowdKind
from lpr.tracker import Tracker
from lpr.tracks import Look
from lpr.votes import VOTED, averaged
from models.training.calibrate import fit_curve
from tests.bench.crowds_followed import LEAST_PX, heights, owners
from tests.bench.crowds_seen import CrowdSeen, crowd_seen
from tests.bench.passages import KEPT, VEHICLES

CUTS = (3, 5, None)  # looks of a track; None for all
READ = 0.3  # score of one look at least: of the others nothing is said


@click.command()
@click.option("--crowds", default=9, show_default=True, help="Of each kind.")
@click.option("--first-seed", default=1, show_default=True, help="Of the first one.")
@click.option("--kept", default=KEPT, type=click.Path(path_type=Path), help="What was seen.")
def main(crowds: int, first_seed: int, kept: Path) -> None:
    """Print what VOTED should be."""
    odds, right, tracks = [], [], 0
    for kind in get_args(CrowdKind):
        for seed in range(first_seed, first_seed + crowds):
            for text, looks in tracks_of(crowd_seen(kind, VEHICLES, seed, kept)):
                tracks += 1
                for said, is_right in _votes(text, looks):
                    odds.append(said)
                    right.append(is_right)
    slope, bias = fit_curve(np.array(odds), np.array(right, float))
    click.echo(f"{tracks} tracks: slope={slope:.2f}, bias={bias:.2f}; it is {VOTED}")


def tracks_of(crowd: CrowdSeen) -> Iterator[tuple[str, list[Look]]]:
    """The looks at each vehicle that was read at all, and the text on its plate."""
    tracker, whose, followed = Tracker(), {}, {}
    tallest = heights(crowd)
    for look in (look for look in crowd.looks if look.moves):
        seen = list(owners(look))
        clear = [clarity(plate.crop, plate.reading.rows) for plate, _ in seen]
        tracks = tracker.update([plate for plate, _ in seen], clear, look.at_s)
        for track, (_, vehicle) in zip(tracks, seen, strict=True):
            followed[track.number] = track
            whose.setdefault(track.number, Counter()).update([vehicle] if vehicle else [])
        tracker.over()
    for number, track in followed.items():
        text = max(whose[number], key=lambda one: whose[number][one], default="")
        if tallest.get(text, 0.0) > LEAST_PX and track.surest.score > READ:
            yield text, track.looks


def _votes(text: str, looks: Sequence[Look]) -> Iterator[tuple[float, bool]]:
    """Log-odds of the votes of several looks, and whether they were right."""
    for cut in CUTS:
        some = looks[:cut]
        read = averaged([one.reading for one in some], [one.clarity for one in some])
        if len(some) > 1 and read.text:
            score = min(max(read.score, 1e-6), 1 - 1e-6)
            yield log(score / (1 - score)), read.text == text


if __name__ == "__main__":
    main()
