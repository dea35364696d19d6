"""The Ed25519 key that packs are signed with, and the public keys before it.

They lie in the data folder, so that a backup has them: `pack-keys/signing.pem` (for the owner only)
and one `PUBLIC.json` for each key that ever was.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from lpr.spool import sync_folder
from lpr.times import format_utc, parse_utc
from search.errors import PackError

FOLDER = "pack-keys"
_SIGNING = "signing.pem"
_OWN_FILE, _OWN_FOLDER = 0o600, 0o700
PUBLIC_DIGITS = 64  # hexadecimal, of a public key


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key.

    Attributes:
        text: 64 hexadecimal digits.
        made_at: aware UTC.
        is_current: whether packs are signed with it now.
    """

    text: str
    made_at: datetime
    is_current: bool


class PackKeys:
    """The keys of an installation.

    Args:
        data: the data folder.
        clock: tells the time, aware UTC.
    """

    def __init__(self, data: Path, clock: Callable[[], datetime]) -> None:
        self._folder, self._clock = data / FOLDER, clock

    def signing_key(self) -> Ed25519PrivateKey:
        """The key, made with its first use.

        Raises:
            PackError: it cannot be made or read.
        """
        try:
            if not (self._folder / _SIGNING).exists():
                with suppress(FileExistsError):  # another process was first
                    self._make(Path.hardlink_to)
            pem = (self._folder / _SIGNING).read_bytes()
        except OSError as error:
            raise PackError(f"{self._folder}: {error.strerror}") from error
        try:
            key = load_pem_private_key(pem, None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise PackError(
                f"{self._folder / _SIGNING} is no Ed25519 key: put it back from a backup, or move "
                "it away and run platetrail evidence rekey"
            )
        return key

    def replace(self) -> str:
        """Make a new key; the public one of the former stays. The new public key."""
        try:
            return self._make(lambda path, new: new.rename(path))
        except OSError as error:
            raise PackError(f"{self._folder}: {error.strerror}") from error

    def public_keys(self) -> list[PublicKey]:
        """Every public key, the newest first; the first is made where there is none.

        Raises:
            PackError: they cannot be read.
        """
        current = public_text(self.signing_key())
        found = []
        for file in sorted(self._folder.glob("*.json")):
            try:
                made_at = parse_utc(json.loads(file.read_bytes())["made_at"])
            except (OSError, ValueError, TypeError, KeyError) as error:
                raise PackError(f"{file} is damaged: put it back from a backup") from error
            found.append(PublicKey(file.stem, made_at, file.stem == current))
        return sorted(found, key=lambda key: (key.is_current, key.made_at), reverse=True)

    def _make(self, place: Callable[[Path, Path], object]) -> str:
        self._folder.mkdir(_OWN_FOLDER, parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        public = public_text(key)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        half = self._folder / f".{_SIGNING}.{public[:16]}"
        about = self._folder / f"{public}.json"
        try:
            _write(about, json.dumps({"made_at": format_utc(self._clock())}).encode() + b"\n")
            _write(half, pem)
            place(self._folder / _SIGNING, half)
        except OSError:
            about.unlink(missing_ok=True)  # nothing was signed with it
            raise
        finally:
            half.unlink(missing_ok=True)
        sync_folder(self._folder)
        return public


def public_text(key: Ed25519PrivateKey) -> str:
    """Its public key in 64 hexadecimal digits."""
    return key.public_key().public_bytes_raw().hex()


def is_signed(content: bytes, signature: bytes, public: str) -> bool:
    """Whether a signature is of some content, by the key of that public key."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _write(file: Path, content: bytes) -> None:
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWN_FILE)
    with os.fdopen(number, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
