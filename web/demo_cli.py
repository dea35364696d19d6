"""`platetrail demo`."""

import os
import signal
import time
from datetime import UTC, datetime
from types import FrameType

import click

from lpr.errors import LprError
from lpr.render.scenario import Scenario
from search.errors import SearchError
from search.invocation import closing_registry
from web import demonstration
from web.children import Children
from web.errors import ChildError, WebError
from web.settings import Settings

PLATES_SHOWN = 3


def add_command(group: click.Group) -> None:
    """Put the command into the main group."""
    group.add_command(demo)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Of the pages; default: the setting.")
@click.option("--cameras", type=click.IntRange(2, 40), default=8, show_default=True)
@click.option(
    "--vehicles",
    type=click.IntRange(1, 200),
    default=12,
    show_default=True,
    help="That pass several cameras.",
)
@click.option(
    "--others",
    type=click.IntRange(0, 500),
    default=20,
    show_default=True,
    help="That pass one or two.",
)
@click.option("--seed", type=click.IntRange(min=1), help="Of the traffic; default: by chance.")
@click.option("--no-serve", is_flag=True, help="End when everything is stored.")
@click.pass_context
def demo(
    context: click.Context,
    port: int | None,
    cameras: int,
    vehicles: int,
    others: int,
    seed: int | None,
    no_serve: bool,
) -> None:
    """Show PlateTrail on rendered traffic: ten minutes of it in a piece of Hanoi.

    The videos are rendered, recognised and stored on this machine, now; then the pages are served
    until Ctrl-C.
    """
    settings = context.find_object(Settings)
    assert settings is not None
    port = port or settings.port
    if not no_serve and not demonstration.is_free(settings.host, port):
        raise click.ClickException(f"port {port} is in use: name another one with --port")
    signal.signal(signal.SIGTERM, _interrupt)
    variables = {
        **os.environ,
        "PLATETRAIL_DATA_DIR": str(settings.data_dir.absolute()),
        "PLATETRAIL_PORT": str(port),
        "PLATETRAIL_THREADS": "1",  # two cameras at once, one core each
    }
    try:
        with Children(settings.data_dir.absolute() / "demo", variables) as children:
            scenario = demonstration.scenario_of(cameras, vehicles, others, seed)
            password, tried = _fill(settings, scenario, children)
            if no_serve:
                _say_plates(tried)
                return
            address, server = demonstration.serve(settings.host, port, children)
            _say_all(address, password, tried)
            server.wait()
            raise ChildError(f"the server ended: {children.last_words('serve')}")
    except KeyboardInterrupt:
        click.echo("\nstopped; the data stays in " + str(settings.data_dir))
    except (WebError, SearchError, LprError, OSError) as error:
        raise click.ClickException(str(error)) from error


def _fill(
    settings: Settings, scenario: Scenario, children: Children
) -> tuple[str, list[demonstration.Tried]]:
    """Everything up to the first page."""
    began = time.monotonic()
    passages = sum(len(trip.passes) for trip in scenario.trips)
    start = demonstration.begin_of(scenario, datetime.now(UTC))
    click.echo(
        f"{len(scenario.trips)} vehicles pass {len(scenario.cameras)} cameras {passages} times "
        f"(seed {scenario.seed}); rendering and recognising the videos:"
    )
    with closing_registry(settings.registry) as registry:
        password = demonstration.prepare(registry, scenario)
        demonstration.record(scenario, start, children, click.echo)
        tried = demonstration.plates_to_try(settings, registry, start, PLATES_SHOWN)
    click.echo(f"recognised and stored in {time.monotonic() - began:.0f} s")
    return password, tried


def _say_all(address: str, password: str, tried: list[demonstration.Tried]) -> None:
    click.echo(f"\n  open      {address}")
    click.echo(f"  account   {demonstration.ACCOUNT}")
    click.echo(f"  password  {password}")
    _say_plates(tried)
    click.echo(
        f"\n  alerts    {address}alerts: the list {demonstration.LIST} looks for some of them"
    )
    click.echo("\nCtrl-C ends it.")


def _say_plates(tried: list[demonstration.Tried]) -> None:
    click.echo("\n  plates to search for, as this machine has just read them:")
    for one in tried:
        click.echo(f"  {one.printed:<16} seen {one.count} times, by {', '.join(one.cameras)}")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
