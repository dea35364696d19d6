"""Milliseconds of jobs that are compared with each other."""

import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median, quantiles

REST_S = 0.3
"""Until onnxruntime's threads sleep that spin after a run. Measured right after PaddleOCR's runs on
two cores with other work: our jobs took 1.1 to 1.8 times as long, after 0.1 s some still 1.3."""
WARMING_S = 0.1
"""Until a core that rested is as quick as under work, and two threads are on two cores. Measured: a
batch of the reader takes 1.3 times as long at first, and after 0.08 s as long as from then on."""


def medians(
    jobs: Mapping[str, Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, float]:
    """Do every job in each round, so that all of them meet the same disturbances.

    Before each there is a rest, and it is done for a while without counting: neither the spinning
    threads of the job before it nor the caches and the cores that it left count against it.

    Args:
        jobs: by name.
        rounds: of all jobs.
        clock: tells seconds.
        sleep: waits so many seconds.

    Returns:
        The median milliseconds of each job.
    """
    took: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            sleep(REST_S)
            warm = clock() + WARMING_S
            job()
            while clock() < warm:
                job()
            start = clock()
            job()
            took[name].append(1000 * (clock() - start))
    return {name: median(times) for name, times in took.items()}


def middle_and_most(milliseconds: Sequence[float]) -> tuple[float, float]:
    """The median, and what 19 of 20 stay under."""
    cuts = quantiles(milliseconds, n=20)
    return cuts[9], cuts[18]
