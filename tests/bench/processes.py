"""Processor time and memory of a process with all that it started."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def tree_of(process: int) -> list[int]:
    """A process and its descendants, by their numbers."""
    parents = {number: int(fields[1]) for number, fields in _all_stats().items()}
    tree = [process]
    for one in tree:
        tree += [number for number, parent in parents.items() if parent == one]
    return tree


def cpu_s(tree: list[int]) -> float:
    """Seconds of processor time that running processes, and those they have waited for, used."""
    stats = _all_stats()
    return sum(sum(map(int, stats[one][11:15])) for one in tree if one in stats) / _TICKS


def memory_mb(tree: list[int]) -> float:
    """MB of processes together, without the files that they map; what they share counts once."""
    return sum(map(_own_kb, tree)) / 1e3


def _all_stats() -> dict[int, list[str]]:
    """Fields of /proc/PID/stat from the state on, by process."""
    stats = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "stat").read_text("utf-8", "replace")
        except OSError:  # it has ended
            continue
        stats[int(folder.name)] = told.rpartition(")")[2].split()
    return stats


def _own_kb(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    # how much of a mapped library counts would depend on who else has it open
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Pss_Anon", "Pss_Shmem")))
