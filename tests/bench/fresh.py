"""Started in a process of its own: what the recogniser takes from nothing. Prints one line of JSON.

python -m tests.bench.fresh FRAME.png
"""

import json
import sys
import time
from dataclasses import asdict, dataclass

FRAMES = 20


@dataclass(frozen=True, slots=True)
class FreshCosts:
    """Of a fresh process.

    Attributes:
        imports: seconds to import everything.
        loading: seconds from the start of building to the first reading.
        memory: resident MB after `FRAMES` frames.
    """

    imports: float
    loading: float
    memory: float


def fresh_costs(path: str) -> FreshCosts:
    """Measure this process; only true before anything else was imported."""
    start = time.perf_counter()
    import cv2

    from lpr.building import build_recogniser
    from lpr.settings import RecognitionSettings
    from tests.bench.memory import memory_mb

    imports = time.perf_counter() - start
    frame = cv2.imread(path)
    start = time.perf_counter()
    recogniser = build_recogniser(RecognitionSettings())
    recogniser.plates(frame)
    loading = time.perf_counter() - start
    for _ in range(FRAMES - 1):
        recogniser.plates(frame)
    return FreshCosts(imports, loading, memory_mb())


if __name__ == "__main__":
    print(json.dumps(asdict(fresh_costs(sys.argv[1]))))
