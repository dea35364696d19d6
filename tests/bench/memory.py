"""Memory of this process."""

import os
from pathlib import Path


def memory_mb() -> float:
    """What is resident, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
