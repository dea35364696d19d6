"""Commands of recognition. What loads models is imported when a command runs, not before."""

import errno
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from lpr.errors import LprError, PictureError
from lpr.passages import CAMERA_ID, is_camera_id
from lpr.settings import RecognitionSettings
from lpr.spool import SpoolWriter, write_picture
from lpr.times import parse_utc
from lpr.watch.cli import try_camera
from lpr.watch.watch_cli import status, watch

if TYPE_CHECKING:
    from lpr.recognising import Explain, Recognising
    from lpr.recognition import Recogniser
    from lpr.sources import Source


def add_commands(group: click.Group) -> None:
    """Put the commands of recognition into the main group."""
    group.add_command(recognise)
    group.add_command(watch)


def add_camera_commands(group: click.Group) -> None:
    """Put the commands for a live camera into the group for cameras."""
    group.add_command(try_camera)
    group.add_command(status)


def utc_option(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> datetime | None:
    """Callback of an option that is a time.

    Raises:
        click.BadParameter: it is none; says what was expected.
    """
    try:
        return None if value is None else parse_utc(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def camera_option(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    """Callback of an option that is the id of a camera.

    Raises:
        click.BadParameter: it cannot be one; says what was expected.
    """
    if value is not None and not is_camera_id(value):
        raise click.BadParameter(f"expected {CAMERA_ID}")
    return value


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--camera", callback=camera_option, help="Id of the camera that took the video.")
@click.option("--start", callback=utc_option, help="When the video began: 2026-01-31T08:15:04Z.")
@click.option("--frames", is_flag=True, help="For a video, print each frame instead of passages.")
@click.option("--plates-are-crops", is_flag=True, help="Each picture is one plate already.")
@click.option("--evidence", type=click.Path(path_type=Path), help="Keep passages' pictures here.")
@click.option("--spool", is_flag=True, help="Passages and pictures go into the spool, not out.")
@click.option(
    "--explain",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a page for each picture here: why was it not read?",
)
@click.pass_context
def recognise(
    context: click.Context,
    paths: tuple[Path, ...],
    camera: str | None,
    start: datetime | None,
    frames: bool,
    plates_are_crops: bool,
    evidence: Path | None,
    spool: bool,
    explain: Path | None,
) -> None:
    """Read the plates of pictures, videos and folders, as JSON Lines.

    A file that cannot be read gives a line with "error"; the rest goes on, and the exit status is
    1. A video gives its passages; with --camera and --start they are ready for `ingest`.
    """
    _check_options(camera, start, frames, spool)
    settings = context.find_object(RecognitionSettings)
    assert settings is not None
    from lpr.building import build_recogniser
    from lpr.recognising import Recognising
    from lpr.sources import sources_of

    sources = list(sources_of(paths))
    _check_videos([source.path for source in sources if source.is_video], start, explain)
    with _said_in_one_line(), _progress() as tell:
        recogniser = build_recogniser(settings)
        with (
            SpoolWriter(settings.spool_dir, settings.spool_max_bytes)
            if spool
            else nullcontext() as writer
        ):
            into = partial(write_picture, evidence) if evidence else None
            job = Recognising(
                recogniser,
                settings.sample_fps,
                plates_are_crops,
                frames,
                camera,
                start,
                writer.put_picture if writer else into,
                writer.append if writer else None,
                _explaining(settings, recogniser, explain, plates_are_crops) if explain else None,
            )
            are_read = [_print_source(job, source, tell) for source in sources]
    if not all(are_read):
        context.exit(1)


def _check_options(camera: str | None, start: datetime | None, frames: bool, spool: bool) -> None:
    if (camera is None) != (start is None) or (spool and camera is None):
        raise click.UsageError("--camera and --start belong together, and --spool needs them")
    if spool and frames:
        raise click.UsageError("--frames prints lines, --spool prints none: choose one")


def _check_videos(videos: list[Path], start: datetime | None, explain: Path | None) -> None:
    if start and len(videos) > 1:  # their passages would get one id
        raise click.UsageError("--start says when one video began: give one video at a time")
    if explain and videos:
        raise click.UsageError(
            f"--explain takes pictures, and {str(videos[0])!r} is a video: save the frame that you "
            "ask about as a picture, with ffmpeg -ss SECONDS -i VIDEO -frames:v 1 frame.png"
        )


def _explaining(
    settings: RecognitionSettings, recogniser: "Recogniser", folder: Path, are_crops: bool
) -> "Explain":
    """What writes the page of each picture."""
    from lpr.building import build_detector
    from lpr.explaining import Explaining

    detector = None if are_crops else build_detector(settings, min_score=0.0)
    return Explaining(folder, recogniser, detector, settings.detector_min_score).write


def _print_source(job: "Recognising", source: "Source", tell: Callable[[Path], None]) -> bool:
    """Print the lines of one file; whether it could be read."""
    tell(source.path)
    try:
        if source.error:
            raise PictureError(source.error)
        for fields in job.lines(source):
            _print(fields)
    except PictureError as error:
        _print({"image": str(source.path), "error": str(error)})
        return False
    return True


def _print(fields: dict[str, Any]) -> None:
    """One line; a file name that is not UTF-8 comes out as JSON escapes."""
    line = json.dumps(fields, ensure_ascii=False)
    click.echo(line.encode("utf-8", "backslashreplace"))


@contextmanager
def _said_in_one_line() -> Iterator[None]:
    """What ends the command says so without a traceback."""
    try:
        yield
    except LprError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        if error.errno == errno.EPIPE:  # nobody reads any more: click ends quietly
            raise
        raise click.ClickException(str(error)) from error


@contextmanager
def _progress() -> Iterator[Callable[[Path], None]]:
    """Says on stderr which file is looked at, when it is a terminal."""
    console = Console(stderr=True)
    if not sys.stderr.isatty():
        yield lambda path: None
        return
    count = 0
    with console.status("loading the models") as status:

        def tell(path: Path) -> None:
            nonlocal count
            count += 1
            status.update(f"file {count}: {path.name}")

        yield tell
