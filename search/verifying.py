"""Compares spool, sighting store and evidence, and names what is missing; changes nothing.

Cameras may write meanwhile. Pictures are kept before the sighting that names them, and sightings
before their lines are confirmed: so lines are read first, then sightings, then pictures, and what
came after its turn is not looked at. What seems to be missing is asked for once more before it is
told, since a report may have been bettered, and a sighting let go of.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from lpr.passages import Passage
from search.evidence import EvidenceStore
from search.lacks import Report
from search.named_pictures import NOBODY, NamedPictures
from search.pages import whole_pages
from search.picture_check import PictureCheck, pictures_of
from search.progress import Tell
from search.spool_check import check_spool, waiting_in
from search.store import SightingStore
from search.terms import SearchTerms


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was compared.

    Attributes:
        confirmed: passages of the spool that are marked as taken in.
        waiting: lines of the spool that are not.
        sightings: of the store.
        pictures: that those and what waits name, each once.
        unnamed: pictures, older than an hour, that nobody names; None: they were not counted.
    """

    confirmed: int
    waiting: int
    sightings: int
    pictures: int
    unnamed: int | None


@dataclass(frozen=True, slots=True)
class Places:
    """What is compared.

    Attributes:
        spool: the folder; it may be missing.
        refused: file of the lines that were set aside.
        store, evidence: where sightings and pictures are.
    """

    spool: Path
    refused: Path
    store: SightingStore
    evidence: EvidenceStore


def verify(
    places: Places,
    terms: SearchTerms,
    began: datetime,
    kept_since: datetime,
    report: Report,
    tell: Tell,
    *,
    reads_pictures: bool = False,
) -> Verified:
    """Compare everything.

    Args:
        places: what is compared.
        terms: the sightings that are looked at, see `search.copying.everything`; pictures that
            nobody names are counted only if it is all of them.
        began: the time now, aware UTC.
        kept_since: what was seen before it may have been let go of.
        report: is told of everything that is missing.
        tell: is told of each page of sightings that was read.
        reads_pictures: whether each picture is read and compared with its name.

    Raises:
        StoreError, EvidenceError: something is away, so that nobody can say what is missing.
    """
    start, end, store = terms.start or kept_since, terms.end, places.store
    is_whole = terms.start is None and terms.end is None

    def is_asked(passage: Passage) -> bool:
        return passage.at >= max(start, kept_since) and (end is None or passage.at < end)

    waiting = sightings = 0
    with TemporaryDirectory(prefix="platetrail-") as folder, NamedPictures(Path(folder)) as named:
        confirmed = check_spool(places.spool, places.refused, store, is_asked, report)
        for line in waiting_in(places.spool):
            waiting += 1
            named.add(NOBODY, line.pictures)
        for page in whole_pages(store, terms):
            for sighting in page:
                named.add(sighting.id, pictures_of(sighting.passage))
            sightings += len(page)
            tell(len(page))
        check = PictureCheck(store, places.evidence, reads_pictures, is_whole, report)
        pictures, unnamed = check.compare(named, began)
    return Verified(confirmed, waiting, sightings, pictures, unnamed if is_whole else None)
