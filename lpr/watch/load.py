"""How many of the wanted looks there is time for; pure.

All cameras are told the same share, so that an overloaded machine takes from all alike.
"""

from dataclasses import dataclass

LESS, MORE = 0.8, 0.05  # the share falls quickly and rises slowly, as TCP's window does
LEAST = 0.05
SPARE = 0.4  # share of the time spent on looks below which there is time for twice as many


@dataclass(frozen=True, slots=True)
class Load:
    """What the last seconds were like.

    Attributes:
        share: of the wanted looks that there is time for.
        has_time: for more than that.
    """

    share: float = 1.0
    has_time: bool = False


def loaded(load: Load, busy: float, waiting: int, cameras: int) -> Load:
    """The load after one more second.

    Args:
        load: until now.
        busy: share of that second that went into looks.
        waiting: frames that wait now.
        cameras: that are followed.

    Returns:
        If more than one frame of each camera waits, no time for more than is wanted, then a smaller
        share of it; otherwise a greater one.
    """
    if waiting > cameras:
        share = load.share if load.has_time else max(LEAST, load.share * LESS)
        return Load(share, has_time=False)
    return Load(min(1.0, load.share + MORE), has_time=busy < SPARE)
