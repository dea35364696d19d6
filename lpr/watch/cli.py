"""`platetrail cameras test`. What loads models is imported when it runs, not before."""

import json
import sys
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

import click

from lpr.errors import LprError
from lpr.settings import RecognitionSettings
from lpr.watch.addresses import Address, address_of

if TYPE_CHECKING:
    from lpr.boxes import Frame

LONGEST_S = 600.0


@click.command("test")
@click.argument("url")
@click.option("--user", default="", help="Asked for by the camera, if it is not in URL.")
@click.option(
    "--password-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Its first line is the password, which then stands in no list of processes.",
)
@click.option("--transport", type=click.Choice(["tcp", "udp"]), default="tcp", show_default=True)
@click.option(
    "--seconds",
    type=click.FloatRange(1, LONGEST_S),
    default=20.0,
    show_default=True,
    help="To watch.",
)
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the frame that showed most here, with boxes: .jpg or .png.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead.")
@click.pass_context
def try_camera(
    context: click.Context,
    url: str,
    user: str,
    password_file: Path | None,
    transport: Literal["tcp", "udp"],
    seconds: float,
    picture: Path | None,
    as_json: bool,
) -> None:
    """Try a camera out: does it open, how large and sharp are its plates, are they read?

    URL is rtsp://..., http://... (MJPEG), http://....m3u8 (HLS), /dev/video0, a video file or a
    folder of stills, whose newest are looked at; of a camera that reads by itself
    hikvision+http://HOST or dahua+http://HOST. The exit status is 1 if it does not open.
    """
    from lpr.building import build_recogniser
    from lpr.watch.clocks import real_timepiece
    from lpr.watch.live import open_stream
    from lpr.watch.newest_stills import NewestStills
    from lpr.watch.telling import fields_of, lines_of
    from lpr.watch.trying import try_out
    from lpr.watch.watch_file import MOST_FPS, WatchedCamera

    settings = context.find_object(RecognitionSettings)
    assert settings is not None
    address = _address(url, user, password_file)
    if sys.stderr.isatty():
        click.echo(f"watching for {seconds:.0f} s", err=True)
    if address.tells_events:
        _try_events(context, address, seconds, picture, as_json)
    camera = WatchedCamera("test", address, transport, settings.sample_fps)
    timepiece = real_timepiece()
    is_folder = address.kind == "stills"
    try:
        trial = try_out(
            address.shown,
            lambda: NewestStills(Path(url)) if is_folder else open_stream(camera, timepiece),
            lambda: build_recogniser(settings),
            MOST_FPS if is_folder else settings.sample_fps,
            inf if is_folder else seconds,
            timepiece,
        )
        if picture and trial.picture is not None:
            _write(picture, trial.picture)
    except LprError as error:
        raise click.ClickException(str(error)) from None
    for line in [json.dumps(fields_of(trial))] if as_json else lines_of(trial):
        click.echo(line)
    context.exit(0 if trial.told else 1)


def _try_events(
    context: click.Context, address: Address, seconds: float, picture: Path | None, as_json: bool
) -> NoReturn:
    from lpr.anpr.trying import fields_of, lines_of, try_events
    from lpr.watch.clocks import real_timepiece

    if picture is not None:
        raise click.BadParameter("--picture: this camera tells what it reads, and is not looked at")
    trial = try_events(address, seconds, real_timepiece())
    for line in [json.dumps(fields_of(trial))] if as_json else lines_of(trial):
        click.echo(line)
    context.exit(0 if trial.opens else 1)


def _address(url: str, user: str, password_file: Path | None) -> Address:
    from lpr.watch.watch_file import read_password

    try:
        word = read_password(password_file) if password_file else ""
        address = address_of(url, user, word)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return address


def _write(path: Path, picture: "Frame") -> None:
    import cv2

    suffix = ".png" if path.suffix.lower() == ".png" else ".jpg"
    try:
        path.write_bytes(cv2.imencode(suffix, picture)[1].tobytes())
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None
