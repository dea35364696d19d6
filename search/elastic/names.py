"""What indices are called; pure.

NAME-2026-01-v2      v2 is the version of its mapping
NAME-2026-01-v2-r2   the same month, copied once more with that mapping
"""

import re
from dataclasses import dataclass, replace

_REST = re.compile(r"(\d{4}-\d{2})-v(\d{1,9})(?:-r(\d{1,9}))?")


@dataclass(frozen=True, slots=True)
class IndexName:
    """The name of an index.

    Attributes:
        name: that the names of all our indices begin with.
        month: such as `2026-01`.
        version: of its mapping.
        round: how often the month was copied with it, counted from 1.
    """

    name: str
    month: str
    version: int
    round: int = 1

    def __str__(self) -> str:
        whole = f"{self.name}-{self.month}-v{self.version}"
        return whole if self.round == 1 else f"{whole}-r{self.round}"

    def next(self, version: int) -> "IndexName":
        """What the index that takes its place with a version of the mapping is called."""
        if version != self.version:
            return IndexName(self.name, self.month, version)
        return replace(self, round=self.round + 1)


def parse_index(name: str, index: str) -> IndexName | None:
    """Read the name of an index; None if it is none of ours."""
    found = _REST.fullmatch(index.removeprefix(f"{name}-"))
    if found is None or not index.startswith(f"{name}-"):
        return None
    return IndexName(name, found[1], int(found[2]), int(found[3] or 1))
