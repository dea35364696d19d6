"""What may be set of a watchlist; pure."""

from collections.abc import Collection, Mapping
from typing import Any

from search.errors import FieldError
from search.watchlists.entry import SEVERITIES

ROLES = ("officer", "traffic", "admin")  # of accounts that may look
LONGEST_OWNER = 100  # characters


def check_settings(values: Mapping[str, Any], cameras: Collection[str]) -> None:
    """Refuse what cannot be set of a list.

    Args:
        values: by field of `Watchlist`; those that change.
        cameras: ids of all that there are.

    Raises:
        FieldError: one of them cannot be.
    """
    owner = values.get("owner", "")
    if len(owner) > LONGEST_OWNER or not owner.isprintable():
        raise FieldError("owner", f"expected at most {LONGEST_OWNER} printable characters")
    severity = values.get("severity", SEVERITIES[0])
    if severity not in SEVERITIES:
        raise FieldError("severity", f"expected {', '.join(SEVERITIES)}, got {severity!r:.40}")
    unknown = set(values.get("cameras", ())) - set(cameras)
    if unknown:
        said = f"no camera has the id {min(unknown)!r:.40}: see platetrail cameras list"
        raise FieldError("cameras", said)
    strange = set(values.get("roles", ())) - set(ROLES)
    if strange:
        raise FieldError("roles", f"expected {', '.join(ROLES)}, got {min(strange)!r:.40}")
