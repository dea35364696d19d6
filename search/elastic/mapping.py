"""What an index of sightings looks like; pure.

Whoever changes this makes a new VERSION. Each index says in `_meta` which one it was made with.
"""

from collections.abc import Mapping
from typing import Any

from search.terms import MAX_LIMIT

MADE_BY = "PlateTrail"
VERSION = 2
COUNTS_TEXTS = 2  # the version from which on they can
LONGEST_TEXT = 8191  # characters; the longest term of Lucene is 32766 bytes, 4 for a character
MAPPINGS: Mapping[str, Any] = {
    "dynamic": "strict",
    "_meta": {"made_by": MADE_BY, "version": VERSION},
    "properties": {
        # microseconds since 1970 (a date_nanos ends in 2262); the index is sorted by it, so a span
        # is found without an index of its own
        "at": {"type": "long", "index": False},
        "tie": {"type": "long", "index": False},  # beginning of the id, for those of one time
        "camera": {"type": "keyword"},
        "text": {"type": "keyword"},
        "reversed": {"type": "keyword", "doc_values": False},  # for patterns that begin with *
        "candidates": {"type": "keyword", "doc_values": False, "ignore_above": LONGEST_TEXT},
        "rest": {"type": "object", "enabled": False},  # kept, not looked into
    },
}


def settings(replicas: int) -> dict[str, Any]:
    """Settings of an index.

    It is sorted as answers are, so that the newest are found without a look at the rest.

    Args:
        replicas: further copies of each sighting.
    """
    return {
        "index": {
            "number_of_shards": 1,
            "codec": "best_compression",
            "sort": {"field": ["at", "tie"], "order": ["desc", "asc"]},
            "max_result_window": MAX_LIMIT + 1,  # one more tells of a next page
            "number_of_replicas": replicas,
        }
    }
