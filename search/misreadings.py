"""Texts that a plate may have been misread as; pure."""

_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def near_texts(plate: str) -> frozenset[str]:
    """Every text with one character misread, dropped, or doubled."""
    misread = {
        plate[:i] + character + plate[i + 1 :]
        for i in range(len(plate))
        for character in _CHARACTERS
    }
    dropped = {plate[:i] + plate[i + 1 :] for i in range(len(plate))}
    doubled = {plate[:i] + plate[i] + plate[i:] for i in range(len(plate))}
    return frozenset((misread | dropped | doubled) - {plate})
