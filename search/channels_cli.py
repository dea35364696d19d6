"""Commands for channels that alerts are sent by."""

from datetime import UTC, datetime

import click

from lpr.times import format_utc
from search.alerts.channels import (
    MAIL,
    MQTT,
    WEBHOOK,
    Channel,
    add_channel,
    find_channel,
    list_channels,
    remove_channel,
)
from search.alerts.messages import Delivery
from search.alerts.outbox import list_unsent, send_again
from search.alerts.sending import sender
from search.cameras import AREAS
from search.errors import AlertError
from search.evidence_opening import open_evidence
from search.invocation import closing_registry, plain_errors, settings_of
from search.plain_text import counted, in_columns
from search.watchlists.entry import CLONES, SEVERITIES
from search.watchlists.keeping import list_watchlists

_SHOWN = ("channel", "kind", "address", "lists", "areas", "hours", "severity", "when")


@click.group()
def channels() -> None:
    """Channels: where alerts are sent, beside the page."""


@channels.command()
@click.argument("name")
@click.option("--webhook", help="URL that each alert is posted to, signed.")
@click.option("--mail", "address", help="Address that each alert is mailed to.")
@click.option("--mqtt", "broker", help="mqtt(s)://[USER@]HOST[:PORT]/TOPIC to publish to.")
@click.option("--list", "lists", multiple=True, help="Of this list, or clones; may be repeated.")
@click.option("--area", "areas", multiple=True, type=click.Choice(AREAS), help="Only of cameras.")
@click.option("--hours", default="", help="Only then, in Hanoi, such as 22:00-05:00.")
@click.option("--severity", type=click.Choice(SEVERITIES), default="low", help="At least.")
@click.option("--late", is_flag=True, help="Only what nobody looked at in time.")
@click.option("--cameras", is_flag=True, help="Troubles of cameras, and no alerts.")
@click.pass_context
def add(
    context: click.Context,
    name: str,
    webhook: str | None,
    address: str | None,
    broker: str | None,
    lists: tuple[str, ...],
    areas: tuple[str, ...],
    hours: str,
    severity: str,
    late: bool,
    cameras: bool,
) -> None:
    """Send alerts by a channel; prints the key that a webhook is signed with."""
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        given = {WEBHOOK: webhook, MAIL: address, MQTT: broker}
        chosen = [(kind, to) for kind, to in given.items() if to is not None]
        if len(chosen) != 1:
            raise AlertError("expected one of --webhook, --mail and --mqtt")
        ((kind, to),) = chosen
        unknown = set(lists) - {CLONES} - {w.name for w in list_watchlists(registry)}
        if unknown:
            raise AlertError(f"there is no list {min(unknown)!r}: see platetrail watchlists list")
        channel = Channel(name, kind, to, "", lists, areas, hours, severity, late, cameras)
        key = add_channel(registry, channel).key
    if key:
        click.echo(f"key: {key}")
    click.echo(f"try it: platetrail channels test {name}", err=True)


@channels.command("list")
@click.pass_context
def list_all(context: click.Context) -> None:
    """List the channels."""
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        known = list_channels(registry)
    if not known:
        click.echo("there are no channels: see platetrail channels add --help", err=True)
        return
    rows = [_SHOWN]
    for c in known:
        lists, areas = ", ".join(c.lists) or "all", " ".join(c.areas) or "all"
        when = "cameras" if c.cameras else "late" if c.late else "at once"
        rows.append((c.name, c.kind, c.address, lists, areas, c.hours or "all", c.severity, when))
    for line in in_columns(rows):
        click.echo(line)


@channels.command()
@click.argument("name")
@click.pass_context
def remove(context: click.Context, name: str) -> None:
    """Send nothing more by NAME, nor what still waits for it."""
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        remove_channel(registry, name)


@channels.command()
@click.argument("name")
@click.pass_context
def test(context: click.Context, name: str) -> None:
    """Send a made-up alert by NAME, now."""
    settings = settings_of(context)
    with plain_errors():
        with closing_registry(settings.registry) as registry:
            channel = find_channel(registry, name)
        now = datetime.now(UTC)
        sender(settings, open_evidence(settings))(_made_up(channel, now), now)
    click.echo(f"{name}: it came")


@channels.command()
@click.option("--again", is_flag=True, help="Try those that were given up again, for a day.")
@click.pass_context
def unsent(context: click.Context, again: bool) -> None:
    """List what waits to be sent, and what was given up after a day, oldest first."""
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        if again:
            click.echo(f"{counted(send_again(registry, datetime.now(UTC)), 'alert')} again")
            return
        for one in list_unsent(registry):
            made, tried = format_utc(one.made_at), counted(one.attempts, "attempt")
            click.echo("\t".join((made, one.channel, one.state, tried, one.trouble)))


def _made_up(channel: Channel, now: datetime) -> Delivery:
    """An alert that nobody can take for one."""
    return Delivery(
        id="0" * 32,
        channel=channel,
        alert_id="0" * 32,
        list="TEST",
        severity="low",
        reason="a test of the channel",
        case="",
        state="test",
        entry="00A00000",
        vehicle="00A00000",
        camera="TEST",
        camera_name="",
        ward="",
        at=now,
        text="00A00000",
        match="exact",
        likelihood=1.0,
        crop=None,
        made_at=now,
        attempts=1,
    )
