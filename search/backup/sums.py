"""What a backup holds: `SHA256SUMS`, as sha256sum writes it, and `backup.json` about it; pure."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from search.errors import BackupError

SUMS = "SHA256SUMS"
ABOUT = "backup.json"
DATA = "data"  # folder in a backup that holds the data folder
FORMAT = 1
_LINE = re.compile(r"(\\?)([0-9a-f]{64})  (.+)")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}  # as coreutils writes them
_PLAIN = {escape: sign for sign, escape in _ESCAPES.items()}


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a backup.

    Attributes:
        began: UTC; what was confirmed before is in it.
        ended: UTC.
        version: of the PlateTrail that made it.
        files, bytes: in it.
        elsewhere: what is kept elsewhere and is not in it: sightings, registry, evidence.
        damaged: pictures that were not what their names say, and were left out.
        sums: SHA-256 of its SHA256SUMS.
        format: of the backup.
    """

    began: str
    ended: str
    version: str
    files: int
    bytes: int
    elsewhere: tuple[str, ...]
    damaged: tuple[str, ...]
    sums: str
    format: int = FORMAT


def format_about(about: About) -> str:
    """The content of `backup.json`."""
    return json.dumps(asdict(about), indent=2) + "\n"


def parse_about(text: str) -> About:
    """Read `backup.json`.

    Raises:
        BackupError: it is none, or of a newer PlateTrail.
    """
    try:
        fields = json.loads(text)
        if fields["format"] > FORMAT:
            raise BackupError(
                f"{ABOUT}: written by a newer PlateTrail (format {fields['format']}, this one "
                f"knows {FORMAT}): update this installation"
            )
        lists = {key: tuple(fields[key]) for key in ("elsewhere", "damaged")}
        return About(**fields | lists)
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{ABOUT}: not what a backup says of itself: {error!r:.80}") from None


def format_sum(path: str, digest: str) -> str:
    """A line of `SHA256SUMS`, without its end.

    Args:
        path: of the file, from the data folder.
        digest: its SHA-256.
    """
    name = f"{DATA}/{path}"
    escaped = "".join(_ESCAPES.get(sign, sign) for sign in name)
    return f"{'' if escaped == name else chr(92)}{digest}  {escaped}"


def parse_sum(line: str) -> tuple[str, str]:
    """Read a line of `SHA256SUMS`.

    Returns:
        Path of the file, from the data folder, and its SHA-256.

    Raises:
        BackupError: it is none, or leads out of the data folder.
    """
    found = _LINE.fullmatch(line)
    if found is None:
        raise BackupError(f"{SUMS}: expected lines of sha256sum, got {line!r:.80}")
    is_escaped, digest, name = found.groups()
    if is_escaped:
        name = re.sub(r"\\[\\nr]", lambda escape: _PLAIN[escape[0]], name)
    path = PurePosixPath(name)
    if path.parts[:1] != (DATA,) or len(path.parts) == 1 or ".." in path.parts:
        raise BackupError(f"{SUMS}: {name!r:.80} leads out of the data folder")
    return str(path.relative_to(DATA)), digest
