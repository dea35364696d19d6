"""Why the operating system does not give a file, in words that say what to do."""


def reason_of(error: OSError) -> str:
    """The reason in one line, without the path.

    Args:
        error: as it came from opening or reading.
    """
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if isinstance(error, PermissionError):
        return "no right to read it: give this user the right"
    return error.strerror or str(error)
