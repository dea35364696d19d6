"""Asking a camera over HTTP, with digest or basic authentication."""

import socket
import ssl
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import md5, sha256
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import unquote, urlsplit
from urllib.request import parse_http_list, parse_keqv_list

from lpr.errors import SourceError, Trouble
from lpr.watch.addresses import Address

OPEN_S = 5.0  # until a camera answers
MOST_ANSWER = 256 * 1024  # bytes; what a camera says about itself has 2 KiB
_ADVICE: dict[Trouble, str] = {
    "unreachable": "is it switched on, and is this its address?",
    "wrong-password": "user or password is wrong, or the camera has locked this user for a while",
    "not-found": "it has no such thing: does this camera read plates, and may its user see that?",
    "frozen": "it is connected, but sends nothing, not even heartbeats",
    "damaged": "what it sends cannot be read",
    "ended": "it has ended the stream",
}
_HASHES = {"MD5": md5, "SHA-256": sha256}
_ALIVE = (
    ((socket.SOL_SOCKET, socket.SO_KEEPALIVE), 1),
    ((socket.IPPROTO_TCP, socket.TCP_KEEPIDLE), 20),
    ((socket.IPPROTO_TCP, socket.TCP_KEEPINTVL), 5),
    ((socket.IPPROTO_TCP, socket.TCP_KEEPCNT), 4),
)
"""TCP finds out in 40 s that a line is dead, also of a camera that sends no heartbeats."""
_ABSENT = (400, 403, 404, 405, 501)


@dataclass(frozen=True, slots=True)
class Site:
    """A camera that is asked.

    Attributes:
        shown: for people and logs.
        host, port, is_secure: of it.
        user, password: decoded.
    """

    shown: str
    host: str
    port: int | None
    is_secure: bool
    user: str
    password: str = field(repr=False)


def site_of(address: Address) -> Site:
    """Where to ask a camera whose address is `hikvision+http://...` or of that kind."""
    parts = urlsplit(address.url)
    return Site(
        address.shown.rstrip("/"),
        parts.hostname or "",
        parts.port,
        parts.scheme.endswith("https"),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def source_error(site: Site, trouble: Trouble, detail: str = "") -> SourceError:
    """What to tell, without user and password."""
    more = f" ({detail})" if detail else ""
    return SourceError(trouble, f"{site.shown}: {_ADVICE[trouble]}{more}")


class Answer:
    """An answer that is still being read.

    Args:
        response: of it.
        line: the connection that it comes over.
    """

    def __init__(self, response: HTTPResponse, line: socket.socket) -> None:
        self._response, self._line = response, line

    @property
    def content_type(self) -> str:
        """As the camera told it."""
        return self._response.headers.get("Content-Type", "")

    def read(self, size: int) -> bytes:
        """Up to so many bytes, as soon as any are there; none at the end."""
        return self._response.read1(size)

    def close(self) -> None:
        """Let it go; whoever reads in another thread is told that it has ended."""
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            self._response.close()


def ask(site: Site, path: str) -> bytes:
    """What a camera answers.

    Args:
        site: to ask.
        path: with its query, as it is sent.

    Raises:
        SourceError: it does not answer so, and why; never holds a password.
    """
    answer = opened(site, path, OPEN_S)
    try:
        content = b""
        while len(content) < MOST_ANSWER and (more := answer.read(MOST_ANSWER)):
            content += more
        return content
    except (OSError, HTTPException) as error:
        raise source_error(site, "ended", _reason(error)) from None
    finally:
        answer.close()


def opened(site: Site, path: str, silent_s: float) -> Answer:
    """Ask, and let the answer come.

    Each request has a connection of its own: some cameras do not answer a second one.

    Args:
        site: to ask.
        path: with its query, as it is sent.
        silent_s: after so many seconds without a byte reading fails with `TimeoutError`.

    Raises:
        SourceError: as `ask`.
    """
    failure: SourceError
    try:
        answer, response = _requested(site, path, "", silent_s)
        if response.status == 401:
            challenges = response.headers.get_all("WWW-Authenticate") or []
            answer.close()
            login = _login(site, path, challenges)
            if not login:
                raise source_error(site, "wrong-password", "expected digest or basic")
            answer, response = _requested(site, path, login, silent_s)
        if response.status == 200:
            return answer
        answer.close()
        failure = source_error(site, _trouble(response.status), _told(response))
    except (OSError, HTTPException) as error:
        failure = source_error(site, "unreachable", _reason(error))
    except ValueError:  # a user or a password that no header can hold
        failure = source_error(site, "wrong-password", "it has characters that cannot be sent")
    raise failure


def _requested(site: Site, path: str, login: str, silent_s: float) -> tuple[Answer, HTTPResponse]:
    connection = _connection(site)
    try:
        connection.connect()
        line = connection.sock
        connection.putrequest("GET", path, skip_accept_encoding=True)
        connection.putheader("Accept", "*/*")
        if login:
            connection.putheader("Authorization", login)
        connection.endheaders()
        response = connection.getresponse()
        line.settimeout(silent_s)
        for option, value in _ALIVE:
            line.setsockopt(*option, value)
    except BaseException:
        connection.close()
        raise
    return Answer(response, line), response


def _connection(site: Site) -> HTTPConnection:
    if not site.is_secure:
        return HTTPConnection(site.host, site.port, timeout=OPEN_S)
    context = ssl.create_default_context()
    context.check_hostname = False  # cameras sign their certificates themselves
    context.verify_mode = ssl.CERT_NONE
    return HTTPSConnection(site.host, site.port, timeout=OPEN_S, context=context)


def _trouble(status: int) -> Trouble:
    if status == 401:
        return "wrong-password"
    return "not-found" if status in _ABSENT or 300 <= status < 400 else "unreachable"


def _told(response: HTTPResponse) -> str:
    is_secure_only = response.headers.get("Location", "").startswith("https:")
    return f"HTTP {response.status}" + (": it wants +https://" if is_secure_only else "")


def _reason(error: BaseException) -> str:
    """The few words of an error that name neither address nor password."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(getattr(error, "strerror", None) or type(error).__name__)


class _Digest(urllib.request.AbstractDigestAuthHandler):
    """RFC 7616, with what newer cameras want beside MD5, and with passwords in any letters."""

    def get_algorithm_impls(
        self, algorithm: str
    ) -> tuple[Callable[[str], str], Callable[[str, str], str]]:
        hasher = _HASHES[algorithm.upper()]

        def hashed(text: str) -> str:
            return hasher(text.encode("utf-8")).hexdigest()

        return hashed, lambda secret, words: hashed(f"{secret}:{words}")


def _login(site: Site, path: str, challenges: list[str]) -> str:
    """The answer to what a camera asks; in plain text only if it knows nothing else."""
    request = urllib.request.Request(f"http://camera{path}")  # only its path goes into the answer
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, request.full_url, site.user, site.password)
    for challenge in challenges:
        scheme, _, rest = challenge.partition(" ")
        if scheme.lower() == "digest":
            with suppress(ValueError, LookupError):  # garbage, or an algorithm that nobody knows
                asked = parse_keqv_list(list(filter(None, parse_http_list(rest))))
                if told := _Digest(passwords).get_authorization(request, asked):
                    return f"Digest {told}"
    if any(one.partition(" ")[0].lower() == "basic" for one in challenges):
        word = f"{site.user}:{site.password}".encode()
        return f"Basic {b64encode(word).decode('ascii')}"
    return ""
