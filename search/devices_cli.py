"""Commands for devices."""

from datetime import UTC, datetime

import click

from lpr.times import format_utc
from search.cameras import list_cameras
from search.devices import Device, add_device, list_devices, revoke_device, rotate_token
from search.intake.refusals import count_gone, list_refusals
from search.invocation import closing_registry, plain_errors, settings_of


@click.group()
def devices() -> None:
    """Devices: machines with cameras that send to this centre."""


@devices.command()
@click.argument("name")
@click.option("--camera", "cameras", multiple=True, required=True, help="Id; may be repeated.")
@click.pass_context
def add(context: click.Context, name: str, cameras: tuple[str, ...]) -> None:
    """Let a device send passages of its cameras; prints its token, once."""
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        token = add_device(registry, name, cameras, datetime.now(UTC))
        known = {camera.id for camera in list_cameras(registry)}
    for camera in cameras:
        if camera not in known:
            click.echo(
                f"warning: camera {camera} is not registered, and its passages are refused until "
                "it is: platetrail cameras import",
                err=True,
            )
    _say_token(name, token)


@devices.command("list")
@click.pass_context
def list_all(context: click.Context) -> None:
    """List devices: name, state, last seen, passages that wait there, cameras."""
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        for device in list_devices(registry):
            seen = format_utc(device.seen_at) if device.seen_at else "never"
            waiting = device.state.get("waiting", "?")
            cameras = ",".join(sorted(device.cameras))
            click.echo(f"{device.name}\t{_state(device)}\t{seen}\t{waiting}\t{cameras}")


@devices.command()
@click.pass_context
def refused(context: click.Context) -> None:
    """List what devices sent and was not taken: last time, how often, device, camera, reason."""
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        for kept in list_refusals(registry):
            what = kept.what
            told = (what.device or "?", what.camera or "?", what.reason)
            click.echo("\t".join((format_utc(kept.last_at), f"{kept.times}", *told)))
        for camera, count in sorted(count_gone(registry).items()):
            click.echo(f"camera {camera}: {count} pictures were given up on their way", err=True)


@devices.command()
@click.argument("name")
@click.pass_context
def revoke(context: click.Context, name: str) -> None:
    """Let a device send no more; what waits in its spool stays there."""
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        revoke_device(registry, name, datetime.now(UTC))
    click.echo(f"{name} may send no more", err=True)


@devices.command()
@click.argument("name")
@click.pass_context
def rotate(context: click.Context, name: str) -> None:
    """Make another token; the old one holds until the new one was used."""
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        token = rotate_token(registry, name, datetime.now(UTC))
    _say_token(name, token)


def _say_token(name: str, token: str) -> None:
    click.echo(f"intake_token of {name}; it is shown this once:", err=True)
    click.echo(token)


def _state(device: Device) -> str:
    if device.revoked_at:
        return "revoked"
    return "rotating" if device.is_rotating else "active"
