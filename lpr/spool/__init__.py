"""The spool: passages and their pictures on this machine's disk until they are confirmed.

    spool/passages-<time>.ndjson          one passage a line, appended, checksummed and synced
    spool/passages-<time>.ndjson.offset   bytes and lines of it that are confirmed
    spool/pictures/ab/ab12...jpg          named by SHA-256, written to a temporary name, renamed;
                                          clips of videos in the same way, .mp4
    spool/lost.json                       how much was given up for want of room

Ordinary tools can read it. One process writes a segment and holds a lock on it; `search.drain`
(into the stores of this machine) or `search.sending` (to the centre) reads them all, remembers how
far it came, and removes what is confirmed and no longer written.
"""

from lpr.spool.pictures import PICTURES, name_of, picture_path, sync_folder, write_picture
from lpr.spool.segments import SEGMENT_PATTERN
from lpr.spool.state import SpoolState, recent, spool_state
from lpr.spool.writer import SpoolWriter

__all__ = [
    "PICTURES",
    "SEGMENT_PATTERN",
    "SpoolState",
    "SpoolWriter",
    "name_of",
    "picture_path",
    "recent",
    "spool_state",
    "sync_folder",
    "write_picture",
]
