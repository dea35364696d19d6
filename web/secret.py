"""The key that signs sessions."""

import os
import secrets
from pathlib import Path

from lpr.errors import SettingsError
from web.settings import SHORTEST_SECRET, Settings

FILE = "secret_key"
_OWN = 0o600  # read and written by the owner only


def secret_of(settings: Settings) -> str:
    """The secret that is set, or the one of the data folder, made with its first use.

    Raises:
        SettingsError: the file of the data folder cannot be used.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / FILE
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        _make(path)
        secret = path.read_text("ascii").strip()
    except OSError as error:
        raise SettingsError(f"secret_key: {path}: {error.strerror}") from None
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(f"secret_key: {path} is damaged: remove it, and all sign in again")
    return secret


def _make(path: Path) -> None:
    """Make the file whole or not at all; if another process was first, its secret stays."""
    if path.exists():
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    number = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWN)
    with os.fdopen(number, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
