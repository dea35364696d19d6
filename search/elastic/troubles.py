"""What went wrong in Elasticsearch, said so that an administrator knows what to do; pure."""

from collections.abc import Mapping
from typing import Any

from elastic_transport import ConnectionError as NoConnection
from elastic_transport import ConnectionTimeout, SerializationError, TlsError, TransportError
from elasticsearch import ApiError, UnsupportedProductError

_NO_TLS = "WRONG_VERSION_NUMBER"  # how OpenSSL says that the other side speaks no TLS
_NO_WRITES = "FORBIDDEN/8"  # the number of `index.blocks.write`
DISK_FULL = (
    "its disk is full, so it keeps nothing more: make room or drop old months; it goes on by itself"
)
TOO_FEW_NODES = (
    "it could not write the second copy of what it keeps: start the other nodes, or set "
    "sightings_replicas = 0 where there is only one"
)
MOVING = (
    "a month takes nothing, since it is being moved into another index: try again in a moment; if "
    "platetrail store migrate or reindex was cut off, run it again"
)
BUSY = "it is too busy to take more; try again later"


def explain(error: ApiError | TransportError) -> str:
    """One sentence: what is wrong, which setting it concerns, what to do."""
    match error:
        case TlsError() if _NO_TLS in error.message:
            return "it does not speak HTTPS: set sightings_url to http://"
        case TlsError():
            return (
                "its certificate is not believed: set sightings_ca_file to the certificate of the "
                f"authority that signed it, and sightings_url to the name in it ({error.message})"
            )
        case NoConnection():
            return (
                "it cannot be reached: see that it runs, and that sightings_url names its host, "
                f"its port and http or https as it speaks ({error.message})"
            )
        case ConnectionTimeout():
            return "it did not answer in time (sightings_timeout_s): see how it is"
        case UnsupportedProductError() | SerializationError():
            return "that is no Elasticsearch 8.19 or 9: see sightings_url"
        case ApiError():
            return explain_status(error.meta.status, _cause(error.body))
    return str(error)


def explain_status(status: int, cause: Mapping[str, Any]) -> str:
    """The same for a status and its cause (`type`, `reason`), of a request or of one document."""
    kind, reason = str(cause.get("type", "")), str(cause.get("reason", ""))
    if status == 401:
        return (
            "it does not let us in: see sightings_user and sightings_password, or sightings_api_key"
        )
    if status == 403 and kind == "security_exception":
        return f"the user of sightings_user may not do this; give it the role it needs ({reason})"
    if kind == "cluster_block_exception" and "disk" in reason:
        return DISK_FULL
    if is_moving(cause):
        return MOVING
    if kind == "unavailable_shards_exception":
        return f"{TOO_FEW_NODES} ({reason})"
    if status == 429:
        return BUSY
    return f"it answers with status {status}: {kind} {reason}".rstrip()


def is_moving(cause: Mapping[str, Any]) -> bool:
    """Whether an index takes nothing because `search.elastic.moving` has closed it for writing."""
    return cause.get("type") == "cluster_block_exception" and _NO_WRITES in str(cause["reason"])


def _cause(body: Any) -> Mapping[str, Any]:
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return {"reason": str(body)[:200]}
    causes = error.get("root_cause") or [error]
    return causes[0] if isinstance(causes[0], Mapping) else error
