"""Numbers that come from an address or a form; pure."""

LONGEST = 15  # digits; every database and Python take these


def typed_number(typed: str | None, otherwise: int) -> int:
    """A whole number from 0 on, or another where none came."""
    if typed and typed.isdecimal() and len(typed) <= LONGEST:
        return int(typed)
    return otherwise
