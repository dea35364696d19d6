"""Commands of recognition. What loads models is imported when a command runs, not before."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from lpr.errors import LprError, PictureError
from lpr.settings import RecognitionSettings
from lpr.spool import SpoolWriter, write_picture
from lpr.times import parse_utc


def add_commands(group: click.Group) -> None:
    """Put the commands of recognition into the main group."""
    group.add_command(recognise)


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


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--camera", help="Id of the camera that took the video.")
@click.option("--start", callback=utc_option, help="When the video began: 2026-01-31T08:15:04Z.")
@click.option("--frames", is_flag=True, help="For a video, print each frame instead of passages.")
@click.option("--plates-are-crops", is_flag=True, help="Each picture is one plate already.")
@click.option("--evidence", type=click.Path(path_type=Path), help="Keep passages' pictures here.")
@click.option("--spool", is_flag=True, help="Passages and pictures go into the spool, not out.")
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
) -> None:
    """Read the plates of pictures, videos and folders, as JSON Lines.

    A file that cannot be read gives a line with "error"; the rest goes on, and the exit status is
    1. A video gives its passages; with --camera and --start they are ready for `ingest`.
    """
    if (camera is None) != (start is None) or (spool and camera is None):
        raise click.UsageError("--camera and --start belong together, and --spool needs them")
    settings = context.find_object(RecognitionSettings)
    assert settings is not None
    from lpr.building import build_recogniser
    from lpr.recognising import Recognising
    from lpr.sources import sources_of

    with SpoolWriter(settings.spool_dir) if spool else nullcontext() as writer, _progress() as tell:
        into = partial(write_picture, evidence) if evidence else None
        keep = writer.put_picture if writer else into
        job = Recognising(
            build_recogniser(settings),
            settings.sample_fps,
            plates_are_crops,
            frames,
            camera,
            start,
            keep,
            writer.append if writer else None,
        )
        failed = False
        for source in sources_of(paths):
            tell(source.path)
            try:
                if source.error:
                    raise PictureError(source.error)
                for fields in job.lines(source):
                    _print(fields)
            except LprError as error:
                failed = True
                _print({"image": str(source.path), "error": str(error)})
    if failed:
        context.exit(1)


def _print(fields: dict[str, Any]) -> None:
    click.echo(json.dumps(fields, ensure_ascii=False))


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
