"""How likely something happens so often by chance; pure."""

from math import comb


def so_often(count: int, of: int, chance: float) -> float:
    """Probability that it happens `count` times or more in `of` independent tries.

    Args:
        count: from 0 to `of`.
        of: tries.
        chance: 0..1 that it happens in one.
    """
    return min(
        1.0, sum(comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(count, of + 1))
    )
