"""Fetches the file of a list from another system's address."""

import ssl
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import urllib3

from search.errors import WatchlistError
from search.secret_settings import secret_value
from search.settings import StoreSettings

WITHIN_S = 60.0  # that the other side has for each part of its answer
MOST_BYTES = 64 * 1024 * 1024
_ENDINGS = {
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
_AT_ONCE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave.

    Attributes:
        file: it, in the folder of what was fetched; the next time it takes its place.
        is_new: whether it is another one than what was kept of this address.
    """

    file: Path
    is_new: bool

    def keep(self) -> None:
        """Write down that it was taken in, so that it need not be again."""
        self.file.replace(_kept(self.file))


def is_address(text: str) -> bool:
    """Whether something is an address and no folder."""
    return "://" in text


def fetch(address: str, folder: Path, settings: StoreSettings) -> Fetched:
    """Fetch a file.

    Args:
        address: `https://HOST/...`, with `USER@` where it asks for a password; http only of this
            machine.
        folder: where it is kept; made if it is missing.
        settings: `feed_password` and `feed_ca_file`.

    Raises:
        WatchlistError: it cannot be fetched, or is no CSV or XLSX file, or too large.
    """
    parts = urlsplit(address)
    if not parts.hostname or parts.password is not None:
        raise WatchlistError("feed: expected https://USER@HOST/FILE; the password is a setting")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(parts.hostname)):
        raise WatchlistError(f"feed: expected https://, or http:// of this machine: {parts.scheme}")
    place = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    try:
        headers = {}
        if parts.username is not None:
            password = secret_value(
                "feed_password", settings.feed_password, settings.feed_password_file
            )
            login = f"{unquote(parts.username)}:{password}"
            headers = urllib3.make_headers(basic_auth=login)
        trust = ssl.create_default_context(cafile=settings.feed_ca_file)
        with urllib3.PoolManager(timeout=WITHIN_S, retries=False, ssl_context=trust) as pool:
            answer = pool.request(
                "GET", place, headers=headers, redirect=False, preload_content=False
            )
            content = _content(answer, place)
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise WatchlistError(f"{place}: {error}") from error
    ending = _ending(PurePosixPath(parts.path).suffix, answer.headers.get("Content-Type", ""))
    if not ending:
        raise WatchlistError(f"{place}: expected a CSV or XLSX file")
    name = PurePosixPath(unquote(parts.path)).stem or parts.hostname
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{sha256(place.encode()).hexdigest()[:8]}-{name[:100]}{ending}"
    file.write_bytes(content)
    is_new = not (_kept(file).exists() and _kept(file).read_bytes() == content)
    return Fetched(file, is_new)


def _content(answer: urllib3.BaseHTTPResponse, place: str) -> bytes:
    if answer.status != 200:
        raise WatchlistError(f"{place}: it answered {answer.status}")
    content = bytearray()
    for part in answer.stream(_AT_ONCE):
        content += part
        if len(content) > MOST_BYTES:
            raise WatchlistError(f"{place}: expected at most {MOST_BYTES // 1024 // 1024} MB")
    return bytes(content)


def _ending(suffix: str, content_type: str) -> str:
    if suffix.lower() in _ENDINGS.values():
        return suffix.lower()
    return _ENDINGS.get(content_type.partition(";")[0].strip().lower(), "")


def _kept(file: Path) -> Path:
    return file.with_name(f"{file.name}.taken")


def _is_here(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"
