"""What a paper is written from: a route, and who asked for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from search.cameras import Camera
from search.evidence import EvidenceStore
from search.roads.road import Road
from search.route_formats import Names
from search.routes import Route

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked, and why.

    Attributes:
        who: the account, or `os:NAME` on the command line.
        reason, case_number: as stated; the number may be empty.
        at: when the paper was made, aware UTC.
        language: of the paper.
    """

    who: str
    reason: str
    case_number: str
    at: datetime
    language: Language = "vi"


@dataclass(frozen=True, slots=True)
class Findings:
    """A route with what is needed to write it down.

    Attributes:
        route: its sightings and legs.
        cameras: all of them, by id.
        names: of the roads of a way.
        roads: of the map.
        evidence: pictures.
        asked: who asked, and why.
    """

    route: Route
    cameras: Mapping[str, Camera]
    names: Names
    roads: Sequence[Road]
    evidence: EvidenceStore
    asked: Asked
