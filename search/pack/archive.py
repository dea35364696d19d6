"""The ZIP of a pack: files one after the other as they are, so that its bytes follow from them."""

import zipfile
from collections.abc import Iterable
from typing import IO

_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP knows; when it was made is in the manifest
_UNIX, _FILE_MODE = 3, 0o100644 << 16
Member = tuple[str, bytes]


def write_archive(out: IO[bytes], members: Iterable[Member]) -> None:
    """Write a ZIP that depends on names and contents only."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system, info.external_attr = _UNIX, _FILE_MODE
            archive.writestr(info, content)
