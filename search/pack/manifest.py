"""The manifest of a pack: every file with its SHA-256; pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search.errors import PackFaultError
from search.pack.keys import PUBLIC_DIGITS

MANIFEST, SIGNATURE = "MANIFEST.json", "MANIFEST.sig"
FORMAT = "platetrail-evidence-pack-1"
_SHA256 = re.compile("[0-9a-f]{64}")
_PUBLIC = re.compile(f"[0-9a-f]{{{PUBLIC_DIGITS}}}")
_PATH = re.compile(r"(?!\.)[A-Za-z0-9_.-]+(/(?!\.)[A-Za-z0-9_.-]+)*")


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file of a pack.

    Attributes:
        path: in the pack, with slashes.
        size: bytes.
        sha256: 64 hexadecimal digits.
    """

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a pack holds.

    Attributes:
        key: public key that it is signed with.
        made_at: as text, UTC.
        files: in their order in the pack.
        missing: of sightings, pictures that were not there any more, with the reason.
    """

    key: str
    made_at: str
    files: tuple[PackFile, ...]
    missing: Sequence[Mapping[str, str]] = ()


def format_manifest(manifest: Manifest) -> bytes:
    """The bytes that are signed."""
    fields: dict[str, Any] = {
        "format": FORMAT,
        "key": manifest.key,
        "made_at": manifest.made_at,
        "files": [{"path": f.path, "size": f.size, "sha256": f.sha256} for f in manifest.files],
        "missing": list(manifest.missing),
    }
    return json.dumps(fields, ensure_ascii=False, indent=1).encode() + b"\n"


def parse_manifest(content: bytes) -> Manifest:
    """Read it back.

    Raises:
        PackFaultError: it is no manifest of this format.
    """
    try:
        fields = json.loads(content)
        manifest = Manifest(
            key=fields["key"],
            made_at=fields["made_at"],
            files=tuple(PackFile(f["path"], f["size"], f["sha256"]) for f in fields["files"]),
            missing=tuple(fields["missing"]),
        )
        is_right = fields["format"] == FORMAT and format_manifest(manifest) == content
        is_right = is_right and bool(_PUBLIC.fullmatch(manifest.key))
    except (ValueError, TypeError, KeyError, RecursionError):
        is_right = False
    if not is_right or not all(map(_can_be, manifest.files)):
        raise PackFaultError(f"{MANIFEST} was changed, or is of another format than {FORMAT}")
    return manifest


def is_path(path: str) -> bool:
    """Whether a file of a pack can be called so: nothing that leads out of it."""
    return len(path) <= 200 and bool(_PATH.fullmatch(path))


def _can_be(file: PackFile) -> bool:
    return (
        is_path(file.path) and isinstance(file.size, int) and bool(_SHA256.fullmatch(file.sha256))
    )
