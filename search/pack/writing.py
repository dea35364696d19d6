"""Writes a pack: files, manifest, signature."""

from collections.abc import Iterator
from hashlib import sha256
from typing import IO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lpr.times import format_utc
from search.errors import PackError
from search.pack.archive import Member, write_archive
from search.pack.contents import Contents
from search.pack.keys import public_text
from search.pack.manifest import MANIFEST, SIGNATURE, Manifest, PackFile, format_manifest
from search.routes import Route

MOST_PACKED = 1000  # sightings; with their pictures they fill a gigabyte


def check_size(route: Route) -> None:
    """See that a route can be packed.

    Raises:
        PackError: it has no sighting, or too many.
    """
    count = len(route.stops) + len(route.doubtful)
    if not count:
        raise PackError("nobody saw the vehicle: there is nothing to pack")
    if count > MOST_PACKED or route.is_cut:
        raise PackError(
            f"a pack holds {MOST_PACKED} sightings at most, and there are {count}: ask for a "
            "shorter span"
        )


def write_pack(contents: Contents, key: Ed25519PrivateKey, out: IO[bytes]) -> Manifest:
    """Write a pack.

    Args:
        contents: of it; see `check_size`.
        key: to sign with.
        out: where the ZIP goes; it can seek.

    Returns:
        What the pack holds, and what is missing.

    Raises:
        EvidenceAwayError: the pictures cannot be reached: what was written is no pack.
    """
    files: list[PackFile] = []
    signed: list[Manifest] = []

    def members() -> Iterator[Member]:
        for path, content in contents.files():
            files.append(PackFile(path, len(content), sha256(content).hexdigest()))
            yield path, content
        manifest = Manifest(
            public_text(key),
            format_utc(contents.findings.asked.at),
            tuple(files),
            tuple(contents.missing),
        )
        signed.append(manifest)
        said = format_manifest(manifest)
        yield MANIFEST, said
        yield SIGNATURE, key.sign(said).hex().encode() + b"\n"

    write_archive(out, members())
    return signed[0]
