"""The centre as a camera machine sees it."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import urllib3

from search.errors import BatchError, BatchRefusedError, CentreError, TokenRefusedError
from search.transfer import (
    DIGEST,
    PASSAGES,
    PICTURES,
    STATE,
    Receipt,
    digest_of,
    pack_lines,
    pack_pictures,
    read_receipt,
)

CONNECT_S, ANSWER_S = 10.0, 60.0  # how long the centre may take
_SHOWN = 200  # characters of an answer that is not understood


class Centre(Protocol):
    """Takes what a camera machine sends.

    Every method raises `CentreError` while the centre is away or ill, `TokenRefusedError` when it
    does not know the token any more, and `BatchRefusedError` when it does not take this batch.
    """

    def put_passages(self, lines: Sequence[bytes]) -> Receipt:
        """Send lines of a spool; what is taken lies on the centre's disk."""
        ...

    def put_pictures(self, pictures: Sequence[tuple[str, bytes]]) -> Receipt:
        """Send pictures with their names."""
        ...

    def put_state(self, state: Mapping[str, Any]) -> None:
        """Say how the spool stands."""
        ...


class HttpCentre:
    """The centre over HTTPS, on one connection that is kept.

    Args:
        url: of the intake, such as `https://centre.example:8443`.
        token: gives that of this device, with each request: its file may be changed meanwhile.
        ca_file: certificates that are believed, PEM; None: those of the system.
    """

    def __init__(self, url: str, token: Callable[[], str], ca_file: Path | None = None) -> None:
        self._base = urlsplit(url).path.rstrip("/")
        self._token = token
        timeout = urllib3.Timeout(connect=CONNECT_S, read=ANSWER_S)
        trust = {"ca_certs": str(ca_file)} if ca_file and url.startswith("https") else {}
        self._pool = urllib3.connection_from_url(
            url, maxsize=1, block=True, retries=False, timeout=timeout, **trust
        )

    def put_passages(self, lines: Sequence[bytes]) -> Receipt:
        """Send lines of a spool; see `Centre`."""
        body = pack_lines(lines)
        packed = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
        return self._post(PASSAGES, body, packed)

    def put_pictures(self, pictures: Sequence[tuple[str, bytes]]) -> Receipt:
        """Send pictures with their names; see `Centre`."""
        return self._post(PICTURES, pack_pictures(pictures), {"Content-Type": "application/x-tar"})

    def put_state(self, state: Mapping[str, Any]) -> None:
        """Say how the spool stands; see `Centre`."""
        self._post(STATE, json.dumps(state).encode(), {"Content-Type": "application/json"})

    def close(self) -> None:
        """Let go of the connection."""
        self._pool.close()

    def _post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Receipt:
        try:
            own = {"Authorization": f"Bearer {self._token()}", DIGEST: digest_of(body)}
            answer = self._pool.urlopen(
                "POST", self._base + path, body=body, headers={**headers, **own}, redirect=False
            )
            content = answer.data
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise CentreError(f"the centre cannot be reached: {error}") from error
        if answer.status == 200:
            try:
                return read_receipt(content)
            except BatchError as error:
                raise CentreError(f"that is not an intake of PlateTrail: {error}") from None
        reason = f"{_reason(content)} (status {answer.status})"
        if answer.status in (401, 403):
            raise TokenRefusedError(f"the centre refuses this device: {reason}")
        if answer.status in (400, 413):
            raise BatchRefusedError(f"the centre does not take this: {reason}")
        raise CentreError(f"the centre is ill: {reason}")


def _reason(content: bytes) -> str:
    try:
        return str(json.loads(content)["error"])
    except (ValueError, KeyError, TypeError):
        return repr(content[:_SHOWN].decode("utf-8", "replace"))
