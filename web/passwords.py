"""Passwords: kept as argon2 hashes."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from web.errors import AccountError

SHORTEST = 10  # characters
LONGEST = 1000  # so that a page of text costs no minute

_HASHER = PasswordHasher()
_NOBODYS = (  # of a random text that is not kept: who is unknown takes as long as who is known
    "$argon2id$v=19$m=65536,t=3,p=4$YWhGWXRkRkR3WTRwZG9zbA"
    "$3dYgWWvVNnmeTuL2Rl0sXcVvZ7ms1SVfYPCw7l1sR0U"
)


def hash_password(password: str) -> str:
    """The hash to keep.

    Raises:
        AccountError: too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountError(f"a password has {SHORTEST} characters or more")
    return _HASHER.hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Whether a password is the one of a hash; None takes as long, and is never right."""
    try:
        return _HASHER.verify(kept or _NOBODYS, password[:LONGEST]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False
