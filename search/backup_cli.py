"""`platetrail backup` and `platetrail restore`."""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from search.audit import record_look
from search.backup.copying import EVIDENCE, REGISTRY, SIGHTINGS, Source
from search.backup.restoring import find_backup, restore_backup
from search.backup.sums import About
from search.backup.taking import drop_backups, take_backup
from search.invocation import closing_registry, os_user, plain_errors, settings_of, working
from search.registry.address import parse_address
from search.settings import StoreSettings

_SQLITE = "sqlite:///"
_INSTEAD = {
    "sightings": "Elasticsearch (sightings_url): take a snapshot with platetrail store snapshot",
    "registry": "PostgreSQL (registry_url): use pg_dump",
    EVIDENCE: "S3 (evidence_url): copy the bucket with its own tools",
}
_SHOWN = 20  # damaged pictures


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep", type=click.IntRange(min=1), help="Remove all but the newest KEEP backups.")
@click.pass_context
def backup(context: click.Context, folder: Path, keep: int | None) -> None:
    """Copy this machine's data folder into FOLDER, while everything goes on.

    FOLDER holds all backups, each in a folder named by its time; name the same each time, on
    another disk. Prints the new one. It holds plates and secrets: keep it as safe as the data
    folder. The exit status is 1 if pictures are damaged; the rest is in the backup.
    """
    settings = settings_of(context)
    with plain_errors():
        source = source_of(settings)
        if source.registry is None or source.registry.exists():
            _write_down(settings.registry, "backup", str(folder.absolute()))
        with working("copying"):
            taken = take_backup(source, folder, version("platetrail"), lambda: datetime.now(UTC))
            dropped = drop_backups(folder, keep) if keep else []
    about = taken.about
    click.echo(str(taken.folder))
    click.echo(
        f"{about.files} files, {about.bytes} bytes; of them new {taken.new_files} files, "
        f"{taken.new_bytes} bytes",
        err=True,
    )
    if dropped:
        click.echo(f"{len(dropped)} older backups removed", err=True)
    _say_elsewhere(about)
    _say_pictures("damaged, and not in the backup", about.damaged)
    context.exit(1 if about.damaged else 0)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--leave-out-damaged", is_flag=True, help="Do without pictures that are damaged or missing."
)
@click.pass_context
def restore(context: click.Context, folder: Path, leave_out_damaged: bool) -> None:
    """Put a backup back into the data folder, which must be empty: all of it, or nothing.

    FOLDER is a backup, or holds backups: then the newest is taken. Everything is compared with
    its checksum first.
    """
    settings = settings_of(context)

    def note(data: Path) -> None:
        if (data / REGISTRY).exists():
            url = f"{_SQLITE}{(data / REGISTRY).absolute()}"
            _write_down(url, "restore", str(chosen.absolute()))

    with plain_errors():
        chosen = find_backup(folder)
        with working("copying"):
            restored = restore_backup(
                chosen, settings.data_dir, note, leave_out_damaged=leave_out_damaged
            )
    about = restored.about
    click.echo(f"{settings.data_dir} is as it was at {about.began}: {about.files} files", err=True)
    for key, name in (("sightings", SIGHTINGS), ("registry", REGISTRY)):
        if getattr(settings, f"{key}_url") and key not in about.elsewhere:
            click.echo(
                f"warning: {key}_url is set, and {settings.data_dir / name} is not what it names",
                err=True,
            )
    _say_elsewhere(about)
    _say_pictures("damaged or missing, and left out", restored.left_out)


def source_of(settings: StoreSettings) -> Source:
    """What a backup of an installation copies.

    Raises:
        RegistryError: `registry_url` cannot be.
    """
    registry = parse_address(settings.registry)
    sightings = settings.sightings
    return Source(
        settings.data_dir,
        Path(sightings.removeprefix(_SQLITE)) if sightings.startswith(_SQLITE) else None,
        Path(registry.database or "") if registry.drivername == "sqlite" else None,
        not settings.evidence_url,
    )


def _write_down(registry_url: str, action: str, folder: str) -> None:
    with closing_registry(registry_url) as registry:
        record_look(registry, os_user(), action, f"platetrail {action}", {"folder": folder})


def _say_elsewhere(about: About) -> None:
    for name in about.elsewhere:
        click.echo(f"not in this backup: {name}, in {_INSTEAD[name]}", err=True)


def _say_pictures(what: str, paths: tuple[str, ...]) -> None:
    for path in paths[:_SHOWN]:
        click.echo(f"warning: {path} is {what}", err=True)
    if len(paths) > _SHOWN:
        click.echo(f"warning: so are {len(paths) - _SHOWN} further ones", err=True)
