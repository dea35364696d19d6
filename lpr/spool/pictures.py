"""Pictures and clips in a folder, each under its SHA-256.

A clip is an MP4, its name the SHA-256 and `.mp4`; where pictures are spoken of, clips are meant as
well.
"""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path

PICTURES = "pictures"
PICTURE, CLIP = ".jpg", ".mp4"
SYNCED_AT_ONCE = 8  # measured on ext4: 1 ms a picture in place of 9; more threads are slower again


def name_of(content: bytes) -> str:
    """The name of a picture or clip: the SHA-256, 64 hexadecimal digits, of a clip with `.mp4`."""
    name = sha256(content).hexdigest()
    return name + CLIP if content[4:8] == b"ftyp" else name  # ISO 14496-12, 4.3: its first box


def is_clip(name: str) -> bool:
    """Whether that is the name of a clip."""
    return name.endswith(CLIP)


def file_name(name: str) -> str:
    """The file of a picture or clip, without its folder."""
    return name if is_clip(name) else name + PICTURE


def picture_path(folder: Path, name: str) -> Path:
    """Where the picture of that name lies below a folder of pictures."""
    return folder / name[:2] / file_name(name)


def pictures_in(folder: Path) -> dict[str, Path]:
    """The pictures below a folder, by name; not those that are being written."""
    paths = (path for path in folder.glob("*/*.*") if path.suffix in (PICTURE, CLIP))
    return {p.name.removesuffix(PICTURE): p for p in paths if not p.name.startswith(".")}


def write_picture(folder: Path, jpeg: bytes) -> str:
    """Keep a JPEG or MP4 under its name; when it returns it is on the disk, whole.

    Args:
        folder: of the pictures; made if it is missing.
        jpeg: the encoded picture or clip.

    Returns:
        Its name, see `name_of`.
    """
    name = name_of(jpeg)
    path = picture_path(folder, name)
    if path.exists():
        return name
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with temporary.open("wb") as file:
            file.write(jpeg)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()  # on a full disk half of it would only be in the way
        raise
    sync_folder(path.parent)
    return name


def write_pictures(folder: Path, jpegs: Sequence[bytes]) -> list[str]:
    """Keep several JPEGs; see `write_picture`. A disk syncs many at once nearly as fast as one.

    Returns:
        Their names, in the same order.
    """
    with ThreadPoolExecutor(SYNCED_AT_ONCE) as threads:
        return list(threads.map(partial(write_picture, folder), jpegs))


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, as after a rename."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
