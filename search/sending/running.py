"""Keeps sending for ever: pauses while the centre is away, and says how it stands."""

import json
import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from ipaddress import ip_address
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from lpr.errors import SettingsError
from lpr.spool.state import spool_state
from lpr.times import format_utc
from search.drain import LOCK
from search.errors import BatchRefusedError, CentreError, SearchError, TokenRefusedError
from search.health.telling import with_health
from search.ingest import append_refusals
from search.sending.centre import Centre, HttpCentre
from search.sending.sender import Sender, Sent
from search.settings import StoreSettings

STATUS = "sending.json"  # in the spool
POLL_S = 0.2  # between two looks into a spool that is drained
TOLD_S = 60.0  # between two reports to the centre of how the spool stands
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0
_LOG = logging.getLogger("platetrail.send")


def pause_after(failures: int, chance: float) -> float:
    """Seconds until the next attempt; pure.

    Args:
        failures: attempts in a row that failed, 1 or more.
        chance: 0..1, so that hundreds of machines do not come back at once.
    """
    longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(failures - 1, 16))
    return longest * (0.5 + chance / 2)


def sender_fault(settings: StoreSettings) -> str | None:
    """What is missing or wrong in the settings for sending; None if nothing is."""
    if not settings.intake_url:
        return "intake_url: is not set: expected https://NAME:PORT of the centre's intake"
    url = urlsplit(settings.intake_url)
    if url.scheme not in ("http", "https") or not url.hostname:
        return f"intake_url: expected https://NAME:PORT, got {settings.intake_url!r:.80}"
    if url.scheme == "http" and not is_loopback(url.hostname):
        return "intake_url: expected https: the token and the plates would be sent in the clear"
    if bool(settings.intake_token) == bool(settings.intake_token_file):
        return "intake_token: expected either intake_token or intake_token_file"
    return None


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own, which nobody else hears."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass
class Running:
    """A sender with its pauses and its status.

    Attributes:
        spool: the folder.
        sender: sends from it.
        centre: is told how the spool stands.
        clock: the time now, aware UTC.
        health_file: that `platetrail watch` writes, for the centre as well; None: there is none.
    """

    spool: Path
    sender: Sender
    centre: Centre
    clock: Callable[[], datetime]
    health_file: Path | None = None
    total: Sent = field(default=Sent(), init=False)
    _failures: int = field(default=0, init=False)
    _told: float = field(default=float("-inf"), init=False)

    def until(self, stop: threading.Event) -> None:
        """Send until told to stop."""
        while not stop.is_set():
            try:
                if not self.step():
                    stop.wait(POLL_S)
            except (SearchError, OSError) as error:
                self._say(error)
                stop.wait(pause_after(self._failures, random.random()))

    def step(self) -> int:
        """One round; how many lines are done with.

        Raises:
            CentreError, OSError: try again later.
        """
        sent = self.sender.send_round()
        self.total += sent
        if time.monotonic() - self._told > TOLD_S:
            self.sender.tidy()
            self._tell(self.status("sending"))
            self._told = time.monotonic()
        if self._failures:
            _LOG.info("the centre is there again")
            self._failures = 0
            self.status("sending")
        return sent.lines

    def status(self, state: str, reason: str = "") -> Mapping[str, Any]:
        """Write down how it stands, for whoever looks at this machine."""
        fields = {
            **spool_state(self.spool).to_fields(),
            "state": state,
            "reason": reason,
            "at": format_utc(self.clock()),
            "confirmed": self.total.confirmed,
            "refused": self.total.refused,
            "gone": self.total.gone,
        }
        if self.spool.is_dir():
            temporary = self.spool / f".{STATUS}"
            temporary.write_text(json.dumps(fields) + "\n", "utf-8")
            temporary.rename(self.spool / STATUS)
        return fields

    def _tell(self, state: Mapping[str, Any]) -> None:
        """Say to the centre how it stands here; what it refuses of that holds no passage up."""
        try:
            self.centre.put_state(with_health(state, self.health_file))
        except BatchRefusedError as error:
            _LOG.error("%s; passages are sent all the same", error)

    def _say(self, error: Exception) -> None:
        """Once for each kind of failure, not with each attempt."""
        self._failures += 1
        is_token = isinstance(error, TokenRefusedError)
        if self._failures in (1, 5) or self._failures % 100 == 0:
            _LOG.error("%s; nothing is thrown away, trying again", error)
        try:
            self.status("token refused" if is_token else "away", str(error))
        except OSError as full:
            _LOG.error("%s cannot be written: %s", STATUS, full.strerror)


def build_sender(settings: StoreSettings) -> Running:
    """The sender that the settings name.

    Raises:
        SettingsError: a setting is missing or wrong, or the token cannot be read.
    """
    fault = sender_fault(settings)
    if fault:
        raise SettingsError(fault)

    def clock() -> datetime:
        return datetime.now(UTC)

    try:
        token_of(settings)
    except (OSError, ValueError) as error:
        raise SettingsError(f"intake_token_file: {error}") from error
    centre = HttpCentre(settings.intake_url, lambda: token_of(settings), settings.intake_ca_file)
    refused = settings.data_dir / "refused.ndjson"
    sender = Sender(settings.spool_dir, centre, lambda r: append_refusals(refused, r), clock)
    return Running(settings.spool_dir, sender, centre, clock, settings.health_file)


def token_of(settings: StoreSettings) -> str:
    """The token of this device, from its setting or its file."""
    if settings.intake_token_file:
        return settings.intake_token_file.read_text("utf-8").strip()
    return settings.intake_token.get_secret_value() if settings.intake_token else ""


def run_sender(settings: StoreSettings, stop: threading.Event) -> None:
    """Send what the spool holds, and what comes, until told to stop.

    Raises:
        SettingsError: a setting is missing or wrong, or the token cannot be read.
        CentreError: another process drains this spool.
    """
    running = build_sender(settings)
    with lock_spool(settings.spool_dir):
        running.until(stop)


def lock_spool(spool: Path) -> BinaryIO:
    """Hold a spool alone until the file is closed.

    Raises:
        CentreError: another process drains it.
    """
    spool.mkdir(parents=True, exist_ok=True)
    file = (spool / LOCK).open("ab")
    try:
        flock(file, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        file.close()
        raise CentreError(f"another process drains {spool}: let only one run") from None
    return file
