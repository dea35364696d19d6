"""`platetrail evidence` and `platetrail verify`: packs, their keys, and whether they are whole."""

import os
import secrets
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click

from lpr.spool import sync_folder
from lpr.times import format_utc
from search.audit import looks_of_question
from search.errors import PackError, PackFaultError
from search.invocation import (
    PARTIAL,
    UtcTime,
    closing_registry,
    os_user,
    plain_errors,
    settings_of,
)
from search.pack.contents import Contents
from search.pack.keys import PUBLIC_DIGITS, PackKeys
from search.pack.manifest import Manifest
from search.pack.verifying import verify_pack
from search.pack.writing import check_size, write_pack
from search.papers.findings import LANGUAGES, Asked, Language
from search.plain_text import counted
from search.route_cli import find_asked, one_plate, warn_if_cut
from search.terms import SearchTerms


def now() -> datetime:
    """To the second."""
    return datetime.now(UTC).replace(microsecond=0)


@click.group()
def evidence() -> None:
    """Evidence packs, and the keys that they are signed with."""


@evidence.command()
@click.argument("plate")
@click.option("--from", "start", type=UtcTime(), help="Seen at this time or later (ISO 8601).")
@click.option("--to", "end", type=UtcTime(), help="Seen before this time (ISO 8601).")
@click.option("--reason", required=True, help="Why you look: kept in the audit log with your name.")
@click.option("--case", "case_number", default="", help="Number of the case.")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The ZIP file; it must not be there yet.",
)
@click.option("--language", type=click.Choice(LANGUAGES), default="vi", show_default=True)
@click.pass_context
def pack(
    context: click.Context,
    plate: str,
    start: datetime | None,
    end: datetime | None,
    reason: str,
    case_number: str,
    out: Path,
    language: Language,
) -> None:
    """Pack the route of PLATE with its pictures into one signed file, which a court can check."""
    settings = settings_of(context)
    with plain_errors():
        if out.exists():
            raise PackError(f"{out} is there already: nothing was written over it")
        key = PackKeys(settings.data_dir, now).signing_key()
        terms = SearchTerms((one_plate(plate),), start, end, candidates=True)
        asked = Asked(os_user(), reason, case_number, now(), language)
        question = secrets.token_urlsafe(16)
        details = {"format": "pack", "question": question}
        found = find_asked(settings, terms, asked, "export", details)
        check_size(found.route)
        with closing_registry(settings.registry) as registry:
            looks = looks_of_question(registry, question, asked.who)
        contents = Contents(found, terms.to_fields(), looks, settings.models_dir)
        manifest = _write_whole(out, lambda file: write_pack(contents, key, file))
    warn_if_cut(found)
    for lack in manifest.missing:
        said = ", ".join(f"{key} {value}" for key, value in lack.items())
        click.echo(f"warning: missing: {said}", err=True)
    click.echo(f"{out}: {counted(len(manifest.files), 'file')}, signed with {manifest.key}")
    if found.route.is_partial:
        click.echo(f"warning: {PARTIAL}", err=True)
        context.exit(1)


@evidence.command()
@click.pass_context
def keys(context: click.Context) -> None:
    """List the public keys, the present one first; the first key is made if there is none."""
    with plain_errors():
        for key in PackKeys(settings_of(context).data_dir, now).public_keys():
            state = "present" if key.is_current else "former"
            click.echo(f"{key.text}  {state}, made {format_utc(key.made_at)}")


@evidence.command()
@click.pass_context
def rekey(context: click.Context) -> None:
    """Sign with a new key from now on; packs of the former stay good."""
    with plain_errors():
        click.echo(PackKeys(settings_of(context).data_dir, now).replace())


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key",
    "public",
    multiple=True,
    help="Public key that it must be signed with; more than once: one of them.",
)
@click.pass_context
def verify(context: click.Context, file: Path, public: tuple[str, ...]) -> None:
    """Check the evidence pack FILE; needs neither the data folder nor a database.

    Names the first thing that was changed, is missing or was added; the exit status is then 1.
    """
    with plain_errors():
        given = tuple(_public(text) for text in public)
        try:
            manifest = verify_pack(file, given)
        except PackFaultError as error:
            raise PackFaultError(f"{file}: {error}") from None
    counts = counted(len(manifest.files), "file")
    click.echo(f"{file}: {counts} as signed at {manifest.made_at} with {manifest.key}")
    for lack in manifest.missing:
        said = ", ".join(f"{key} {value}" for key, value in lack.items())
        click.echo(f"it was made without: {said}")
    if not given:
        click.echo(
            "whose key that is, the pack cannot tell: compare it with the one that the police "
            "gave you, by --key",
            err=True,
        )


def _public(text: str) -> str:
    key = text.strip().lower()
    if len(key) != PUBLIC_DIGITS or not set(key) <= set("0123456789abcdef"):
        raise PackError(f"--key: expected {PUBLIC_DIGITS} hexadecimal digits, got {text!r:.80}")
    return key


def _write_whole(out: Path, write: Callable[[IO[bytes]], Manifest]) -> Manifest:
    """Write a file whole or not at all, for its owner only."""
    number, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
    half = Path(name)
    try:
        with os.fdopen(number, "w+b") as file:
            manifest = write(file)
            file.flush()
            os.fsync(file.fileno())
        half.rename(out)
    finally:
        half.unlink(missing_ok=True)
    sync_folder(out.parent)
    return manifest
