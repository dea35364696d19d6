"""`platetrail watch`, `platetrail cameras status`."""

import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from lpr.errors import LprError
from lpr.settings import RecognitionSettings
from lpr.watch.forked import Job, keep_running

if TYPE_CHECKING:
    from lpr.watch.watch_file import WatchedCamera


@click.command()
@click.pass_context
def watch(context: click.Context) -> None:
    """Watch the cameras of the watch file: their passages go into the spool.

    What fails is started again; SIGTERM reports the vehicles that are in view, and ends.
    """
    from lpr.watch.watch_file import read_watch_file

    settings = context.find_object(RecognitionSettings)
    assert settings is not None
    try:
        cameras = read_watch_file(settings.watched, settings.sample_fps)
    except LprError as error:
        raise click.ClickException(str(error)) from None
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    keep_running(_jobs(settings, cameras))


def _jobs(settings: RecognitionSettings, cameras: "list[WatchedCamera]") -> dict[str, Job]:
    def look() -> None:
        from lpr.watch.watching import watch as watch_cameras

        watch_cameras(settings, cameras)

    def measure() -> None:
        from lpr.watch.serving_metrics import serve_metrics

        serve_metrics(settings.health_file, settings.metrics_host, settings.metrics_port)

    return {"cameras": look, **({"metrics": measure} if settings.metrics_port else {})}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a camera instead.")
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """How the cameras that this machine watches are, worst first.

    The exit status is 1 if one of them is down or blind, or if nobody watches.
    """
    from lpr.watch.status import WELL, is_stale, lines_of

    settings = context.find_object(RecognitionSettings)
    assert settings is not None
    try:
        fields = json.loads(settings.health_file.read_text("utf-8"))
    except FileNotFoundError:
        raise click.ClickException(
            f"there is no {settings.health_file}: is platetrail watch running on this machine?"
        ) from None
    now = datetime.now(UTC)
    for line in (
        [json.dumps(camera, ensure_ascii=False) for camera in fields["cameras"]]
        if as_json
        else lines_of(fields, now)
    ):
        click.echo(line)
    if is_stale(fields, now):
        raise click.ClickException(f"nobody watches: this is how it was at {fields['at']}")
    is_well = all(camera["condition"] in WELL for camera in fields["cameras"])
    context.exit(0 if is_well else 1)
