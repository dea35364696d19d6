"""Checks a pack, without the installation that made it."""

import struct
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import IO

from search.errors import PackFaultError
from search.pack.archive import Member, write_archive
from search.pack.keys import is_signed
from search.pack.manifest import MANIFEST, SIGNATURE, Manifest, PackFile, is_path, parse_manifest

MOST_FILES = 50_000
LARGEST = 256 << 20  # bytes of one file: it is held in memory
_BLOCK = 1 << 20
_BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    IndexError,
    OverflowError,
    OSError,
    struct.error,
)
"""What `zipfile` raises for a file that is none, or is damaged."""


def verify_pack(file: Path, keys: Sequence[str] = ()) -> Manifest:
    """Check a pack.

    Args:
        file: the ZIP.
        keys: public keys in 64 hexadecimal digits, of which one must have signed it; with none,
            any key will do, and whose it is must be found out otherwise.

    Returns:
        What the pack holds.

    Raises:
        PackFaultError: names the first thing that was changed, is missing or was added.
        OSError: the file cannot be read.
    """
    with file.open("rb") as content:
        try:
            archive = zipfile.ZipFile(content)
        except _BROKEN:
            raise PackFaultError("it is no ZIP file, or its end was changed or cut off") from None
        with archive:
            sizes = _members(archive, file.stat().st_size)
            manifest = _manifest(archive, sizes, keys)
            _check_names(manifest, sizes)
            members = _checked(archive, manifest)
            _compare(members, content)
    return manifest


def _members(archive: zipfile.ZipFile, size: int) -> dict[str, int]:
    """Sizes by name; refuses what would fill a disk or lead out of a folder."""
    sizes: dict[str, int] = {}
    whole = 0
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        raise PackFaultError(f"it holds {len(infos)} files, more than {MOST_FILES}: refused")
    for info in infos:
        if not is_path(info.filename):
            raise PackFaultError(f"{info.filename!r:.80} is a name that no pack has: refused")
        if info.filename in sizes:
            raise PackFaultError(f"{info.filename} stands in it twice: refused")
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            raise PackFaultError(f"{info.filename} is compressed, which no pack is: refused")
        sizes[info.filename] = info.file_size
        whole += info.file_size
        if info.file_size > LARGEST or whole > size:
            raise PackFaultError(f"{info.filename} is larger than can be: refused")
    return sizes


def _manifest(archive: zipfile.ZipFile, sizes: dict[str, int], keys: Sequence[str]) -> Manifest:
    for name in (MANIFEST, SIGNATURE):
        if name not in sizes:
            raise PackFaultError(f"{name} is missing")
    content, signature = _read(archive, MANIFEST), _read(archive, SIGNATURE)
    manifest = parse_manifest(content)
    try:
        signed = bytes.fromhex(signature.decode("ascii").removesuffix("\n"))
    except ValueError:
        signed = b""
    if f"{signed.hex()}\n".encode() != signature:
        raise PackFaultError(f"{SIGNATURE} was changed")
    if not is_signed(content, signed, manifest.key):
        raise PackFaultError(f"{MANIFEST} or {SIGNATURE} was changed: the signature does not fit")
    if keys and manifest.key not in keys:
        raise PackFaultError(f"it was signed with another key than the given one: {manifest.key}")
    return manifest


def _check_names(manifest: Manifest, sizes: Mapping[str, int]) -> None:
    listed = [*(file.path for file in manifest.files), MANIFEST, SIGNATURE]
    for name in listed:
        if name not in sizes:
            raise PackFaultError(f"{name} is missing")
    added = sizes.keys() - set(listed)
    for name in sizes:
        if name in added:
            raise PackFaultError(f"{name} was added")


def _checked(archive: zipfile.ZipFile, manifest: Manifest) -> Iterator[Member]:
    """The files in their order, each compared with what the manifest says of it."""
    for file in manifest.files:
        content = _read(archive, file.path)
        if PackFile(file.path, len(content), sha256(content).hexdigest()) != file:
            raise PackFaultError(f"{file.path} was changed")
        yield file.path, content
    for name in (MANIFEST, SIGNATURE):
        yield name, _read(archive, name)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except _BROKEN:
        raise PackFaultError(f"{name} was changed") from None


def _compare(members: Iterator[Member], content: IO[bytes]) -> None:
    """See that the ZIP holds nothing beside its files: no comment, no other order, no gap."""
    ends: list[tuple[int, str]] = []

    with tempfile.TemporaryFile() as written:

        def noted() -> Iterator[Member]:
            for name, data in members:
                yield name, data
                ends.append((written.tell(), name))

        write_archive(written, noted())
        written.seek(0)
        content.seek(0)
        at = _first_difference(written, content)
    if at is not None:
        name = next((name for end, name in ends if at < end), "the list of files at the end")
        raise PackFaultError(f"the ZIP was changed at byte {at}, in what it says of {name}")


def _first_difference(one: IO[bytes], other: IO[bytes]) -> int | None:
    at = 0
    while True:
        ours, theirs = one.read(_BLOCK), other.read(_BLOCK)
        if ours != theirs:
            pairs = zip(ours, theirs, strict=False)
            shorter = min(len(ours), len(theirs))
            return at + next((i for i, (a, b) in enumerate(pairs) if a != b), shorter)
        if not ours:
            return None
        at += len(ours)
