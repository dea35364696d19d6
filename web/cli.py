"""The command line: the commands of every package in one group."""

import logging
import os

import click

from lpr.cli import add_camera_commands
from lpr.cli import add_commands as add_recognition
from lpr.errors import SettingsError
from search.cameras_cli import cameras
from search.cli import add_commands as add_search
from search.errors import SearchError
from web.demo_cli import add_command as add_demo
from web.intake_cli import intake
from web.settings import Settings, load_settings
from web.users_cli import users


class Refusal(click.ClickException):
    """A start that is refused: one line, exit status 2."""

    exit_code = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="platetrail")
@click.pass_context
def main(context: click.Context) -> None:
    """PlateTrail: where did this vehicle go, and when?"""
    try:
        context.obj = load_settings(os.environ)
    except SettingsError as error:
        raise Refusal(str(error)) from None


@main.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Serve the pages, until told to stop."""
    from web.serving import serve as serve_pages

    try:
        serve_pages(settings)
    except (SettingsError, SearchError) as error:
        raise Refusal(str(error)) from None


@main.command()
@click.pass_obj
def run(settings: Settings) -> None:
    """Everything on one machine: pages, cameras of the watch file, ingest of the spool."""
    from web.running import run as run_all

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)  # it tells of every request
    click.echo(f"PlateTrail is on http://{settings.host}:{settings.port}", err=True)
    try:
        run_all(settings, _kept(settings))
    except SearchError as error:
        raise Refusal(str(error)) from None


def _kept(settings: Settings) -> list[tuple[str, ...]]:
    """The commands that are kept running beside ingest."""
    commands: list[tuple[str, ...]] = [("serve",)]
    if settings.watched.exists():
        commands.append(("watch",))
    if settings.intake_url:
        commands.append(("send",))
    return commands


add_recognition(main)
add_search(main)
add_camera_commands(cameras)
add_demo(main)
main.add_command(users)
main.add_command(intake)
