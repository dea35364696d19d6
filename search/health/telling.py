"""What a camera machine says to the centre of its cameras, beside how its spool stands."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from search.health.said import HEALTH
from search.transfer import MOST_STATE

_LOG = logging.getLogger("platetrail.send")


def with_health(state: Mapping[str, Any], health_file: Path | None) -> Mapping[str, Any]:
    """A state with the health of this machine's cameras; without it if there is none that fits.

    Args:
        state: of the spool.
        health_file: that `platetrail watch` writes.
    """
    if health_file is None:
        return state
    try:
        whole = {**state, HEALTH: json.loads(health_file.read_text("utf-8"))}
    except FileNotFoundError:
        return state
    except (ValueError, RecursionError, OSError) as error:
        _LOG.error("%s cannot be read and is not sent: %s", health_file, error)
        return state
    if len(json.dumps(whole)) > MOST_STATE:
        _LOG.error("%s is too large and is not sent: expected %s bytes", health_file, MOST_STATE)
        return state
    return whole
