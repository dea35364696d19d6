"""What is missing of spool, sighting store and evidence, and how it is told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from lpr.passages import Passage
from lpr.times import format_utc


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is missing.

    Attributes:
        what: `sighting`: its line is marked as taken in, and the store does not have it, or by a
            report that says less; `picture`: the evidence does not have it; `content`: that of the
            picture is not what its name says.
        passage: of the sighting that it concerns.
        picture: its name; empty where a sighting is missing.
        line: segment and number of its line, `NAME:NUMBER`; empty where a picture is missing.
    """

    what: Literal["sighting", "picture", "content"]
    passage: Passage
    picture: str = ""
    line: str = ""

    def to_fields(self) -> dict[str, Any]:
        """As JSON has it; no plate is in it."""
        fields = {
            "lacking": self.what,
            "sighting": self.passage.id,
            "camera": self.passage.camera,
            "at": format_utc(self.passage.at),
            "picture": self.picture,
            "line": self.line,
        }
        return {key: value for key, value in fields.items() if value}


Report = Callable[[Lack], object]
