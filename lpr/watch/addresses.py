"""Where a camera's pictures come from, and how that is told without its password. Pure."""

import re
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Literal
from urllib.parse import quote, unquote, urlsplit, urlunsplit

Kind = Literal["rtsp", "mjpeg", "hls", "usb", "file", "stills", "hikvision", "dahua"]
"""`file` may still be written; `stills` is a folder that cameras upload into; the last two are
cameras that read by themselves, and tell events in place of video."""

VIDEO_SUFFIXES = frozenset({".mp4", ".mkv", ".avi", ".mov", ".ts", ".webm", ".m4v", ".flv"})
SCHEMES = ("rtsp", "rtsps", "http", "https")
EVENT_SCHEMES = ("hikvision+http", "hikvision+https", "dahua+http", "dahua+https")
EXPECTED = f"{', '.join((*SCHEMES, *EVENT_SCHEMES))} or a path"
_USB = re.compile(r"/dev/video\d+")
_SECRET = re.compile(
    r"(?i)\b(user|usr|username|pass|pwd|passwd|password|token|auth|key)=([^&/;?\s]*)"
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a camera's pictures come from.

    Attributes:
        url: with user and password; hidden in `repr`, and never to be logged.
        kind: what it leads to.
    """

    url: str = field(repr=False)
    kind: Kind

    @property
    def is_live(self) -> bool:
        """Whether what comes is gone if nobody takes it; files can be read again."""
        return self.kind not in ("file", "stills")

    @property
    def tells_events(self) -> bool:
        """Whether it leads to a camera that reads by itself, and to no pictures to look at."""
        return self.kind in ("hikvision", "dahua")

    @property
    def shown(self) -> str:
        """For people and logs."""
        return shown(self.url)

    def __str__(self) -> str:
        return self.shown


def address_of(source: str, user: str = "", password: str = "") -> Address:
    """The address that a source's text stands for.

    Args:
        source: a URL, `/dev/videoN`, or the path of a video or of a folder.
        user: put into a URL; empty leaves what stands in it.
        password: the same, as it is; not percent-encoded.

    Raises:
        ValueError: it is no such thing; says what was expected, without the password.
    """
    if not source.strip():
        raise ValueError("expected a URL or a path, got nothing")
    scheme = source.split("://", 1)[0].lower() if "://" in source else ""
    if scheme:
        if scheme not in (*SCHEMES, *EVENT_SCHEMES):
            raise ValueError(f"expected {EXPECTED}, got {shown(source)!r}")
        if not _host(source):
            raise ValueError(f"{shown(source)!r} names no host")
        if scheme in EVENT_SCHEMES and not _is_bare(source):
            raise ValueError(f"{shown(source)!r} goes on after the host: its path is known")
        return Address(_with_login(source, user, password), _kind_of_url(scheme, source))
    if user or password:
        raise ValueError(f"{source!r} is a path: it takes no user and no password")
    return Address(source, _kind_of_path(source))


def shown(text: str) -> str:
    """A URL without user and password; other text as it is."""
    if "://" not in text:
        return text
    scheme, rest = text.split("://", 1)
    authority, slash, path = rest.partition("/")
    if "@" in path and "@" not in authority and not _looks_like_host(authority):
        authority, slash, path = _cut_after_login(rest)  # a slash in the password
    host = authority.rpartition("@")[2]
    return _SECRET.sub(r"\1=***", f"{scheme}://{host}{slash}{path}")


def _cut_after_login(rest: str) -> tuple[str, str, str]:
    login, at, after = rest.rpartition("@")
    host, slash, path = after.partition("/")
    return f"{login}{at}{host}", slash, path


def _looks_like_host(authority: str) -> bool:
    return re.fullmatch(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:.%\w]+\](:\d+)?", authority) is not None


def _host(source: str) -> str | None:
    try:
        parts = urlsplit(source)
        return parts.hostname if parts.port is None or parts.port else None
    except ValueError:
        return None


def _is_bare(source: str) -> bool:
    parts = urlsplit(source)
    return parts.path in ("", "/") and not parts.query and not parts.fragment


def _with_login(source: str, user: str, password: str) -> str:
    if not user and not password:
        return source
    parts = urlsplit(source)
    host = parts.netloc.rpartition("@")[2]
    name = user or unquote(parts.username or "")
    word = password or unquote(parts.password or "")
    login = f"{quote(name, safe='')}:{quote(word, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{login}@{host}"))


def _kind_of_url(scheme: str, source: str) -> Kind:
    if scheme in EVENT_SCHEMES:
        return "hikvision" if scheme.startswith("hikvision") else "dahua"
    if scheme.startswith("rtsp"):
        return "rtsp"
    return "hls" if urlsplit(source).path.lower().endswith(".m3u8") else "mjpeg"


def _kind_of_path(source: str) -> Kind:
    if _USB.fullmatch(source):
        return "usb"
    return "file" if PurePath(source).suffix.lower() in VIDEO_SUFFIXES else "stills"
