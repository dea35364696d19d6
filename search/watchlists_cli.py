"""Commands for watchlists."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from lpr.times import format_utc
from search.alerts.looking_back import would_have_hit
from search.alerts.numbers import list_numbers
from search.alerts.numbers_said import numbers_in_words
from search.audit import record_look
from search.cameras import list_cameras
from search.confusing import load_confusions
from search.errors import WatchlistError
from search.invocation import (
    UtcTime,
    asked_texts,
    closing_registry,
    os_user,
    plain_errors,
    settings_of,
)
from search.opening import open_sightings
from search.plain_text import counted, in_columns, one_line, shortened
from search.settings import StoreSettings
from search.watchlists.changes import Changes, changes_between
from search.watchlists.entry import SEVERITIES, hits
from search.watchlists.feeding import Fed, feed, feed_fetched
from search.watchlists.fetching import fetch, is_address
from search.watchlists.history import list_changes
from search.watchlists.keeping import (
    count_entries,
    list_entries,
    list_watchlists,
    save_entries,
    set_watchlist,
)
from search.watchlists.reading import entries_of, format_entries
from search.watchlists.setting import check_settings
from search.watchlists.table import read_table

_SHOWN = 20  # lines of one sort; more would fill the screen
_LISTED = ("list", "class", "owner", "severity", "counts", "allowed", "entries")
_reason = click.option("--reason", required=True, help="Why you look; it goes into the audit log.")


@click.group()
def watchlists() -> None:
    """Watchlists: plates that are looked for; see platetrail alerts for what they hit."""


@watchlists.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Save it; without, nothing is changed.")
@click.pass_context
def import_file(context: click.Context, file: Path, yes: bool) -> None:
    """Take entries in from FILE: CSV or XLSX with list,plate,reason,until and more.

    Prints what would be new, changed, gone and wrong; with --yes it is saved, all or nothing. FILE
    is the whole of each list that it names: what it lacks is taken off.
    """
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        given = entries_of(read_table(file))
        details = {"lists": sorted(given.classes)}
        record_look(registry, os_user(), "watchlists", "watchlists import", details)
        _tell("wrong", list(map(str, given.wrong)))
        if given.ignored:
            click.echo(f"warning: not taken in: {one_line(', '.join(given.ignored))}", err=True)
        if yes and not given.wrong:
            now = datetime.now(UTC)
            _tell_changes(save_entries(registry, given.entries, given.classes, os_user(), now))
            click.echo("saved", err=True)
        else:
            known = list_entries(registry, given.classes)
            _tell_changes(changes_between(known, given.entries))
    if given.wrong:
        wrong = counted(len(given.wrong), "row")
        raise click.ClickException(f"{wrong} wrong, nothing was saved: mend FILE")
    if not yes:
        click.echo("nothing was saved: add --yes to save it", err=True)


@watchlists.command("feed")
@click.argument("place")
@click.pass_context
def feed_from(context: click.Context, place: str) -> None:
    """Take in each CSV and XLSX file of PLACE once, as another system puts them there.

    PLACE is a folder, or the address of one file: https://HOST/FILE, or https://USER@HOST/FILE with
    the password in feed_password or feed_password_file.

    What each would change, or why it was not saved, is kept in watchlist-reports in the data
    folder. A file with a wrong row, or that would take off more than half of a list, changes
    nothing; the exit status is then 1. Run it by a timer.
    """
    settings = settings_of(context)
    is_well = True
    with plain_errors(), closing_registry(settings.registry) as registry:
        now, reports = datetime.now(UTC), settings.data_dir / "watchlist-reports"
        for fed in _fed(registry, place, reports, settings, now):
            is_well &= not fed.trouble
            click.echo(f"{fed.file.name}: {fed.words}", err=bool(fed.trouble))
    if not is_well:
        context.exit(1)


def _fed(
    registry: Engine, place: str, reports: Path, settings: StoreSettings, now: datetime
) -> Iterator[Fed]:
    if not is_address(place):
        yield from feed(registry, Path(place), reports, os_user(), now)
        return
    fetched = fetch(place, settings.data_dir / "watchlist-feeds", settings)
    if fed := feed_fetched(registry, fetched, reports, os_user(), now):
        yield fed


@watchlists.command("list")
@click.pass_context
def list_all(context: click.Context) -> None:
    """List the lists by name, and how many entries each has."""
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        known, counts = list_watchlists(registry), count_entries(registry)
    if not known:
        click.echo("there are no watchlists: see platetrail watchlists import", err=True)
        return
    rows = [_LISTED]
    for w in known:
        counting = ["read", *["candidates"] * w.candidates, *["similar"] * w.similar]
        allowed = "allowed" if w.allow else "sought"
        count = str(counts.get(w.name, 0))
        rows.append((w.name, w.list_class, w.owner, w.severity, "+".join(counting), allowed, count))
    for line in in_columns(rows):
        click.echo(line)


@watchlists.command("set")
@click.argument("name")
@click.option("--owner", help="Who answers for it.")
@click.option("--severity", type=click.Choice(SEVERITIES))
@click.option("--candidates/--no-candidates", default=None, help="Whether candidates count.")
@click.option("--similar/--no-similar", default=None, help="Whether similar readings count.")
@click.option(
    "--allow/--no-allow", default=None, help="Whether it names those allowed; others alert."
)
@click.option(
    "--camera",
    "cameras",
    multiple=True,
    help="Id of a camera at which only those allowed may pass; may be repeated, '' for none.",
)
@click.option(
    "--role",
    "roles",
    multiple=True,
    help="Of accounts that see its alerts on the pages; may be repeated, '' for all.",
)
@click.pass_context
def set_list(context: click.Context, /, name: str, **given: Any) -> None:
    """Change the list NAME; what is not named stays."""
    values = {key: value for key, value in given.items() if value not in (None, ())}
    for key in ("cameras", "roles"):
        if key in values:
            values[key] = tuple(filter(None, values[key]))
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        if not values:
            raise WatchlistError("nothing to change: see platetrail watchlists set --help")
        check_settings(values, {camera.id for camera in list_cameras(registry)})
        set_watchlist(registry, name, values, os_user(), datetime.now(UTC))


@watchlists.command()
@click.argument("file", default="-", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--list", "name", help="Only this one.")
@_reason
@click.pass_context
def export(context: click.Context, file: str, name: str | None, reason: str) -> None:
    """Write the entries to FILE or standard output as CSV, as `import` takes them."""
    with plain_errors():
        with closing_registry(settings_of(context).registry) as registry:
            classes = {w.name: w.list_class for w in list_watchlists(registry)}
            names = _named(name, classes)
            record_look(registry, os_user(), "watchlists", reason, {"lists": sorted(names)})
            entries = list_entries(registry, names).values()
        with click.open_file(file, "w", "utf-8", atomic=True) as out:
            out.write(format_entries((entry, classes[entry.list]) for entry in entries))


@watchlists.command()
@click.argument("plate")
@click.option("--at", type=UtcTime(), help="As if it passed then; now if not given.")
@click.option(
    "--back",
    type=click.IntRange(1, 366),
    help="Of an entry PLATE instead: how often would it have alerted in so many days before?",
)
@_reason
@click.pass_context
def test(
    context: click.Context, plate: str, at: datetime | None, back: int | None, reason: str
) -> None:
    """Say which entries a passage with the text PLATE would fulfil: one JSON line each.

    Only the text and the time are looked at. With --back nothing of the lists is: it says how many
    sightings an entry PLATE, which may be a pattern, would have hit, and how many of these were
    probably of other vehicles.
    """
    settings = settings_of(context)
    with plain_errors(), closing_registry(settings.registry) as registry:
        texts = asked_texts(plate)
        asked = {"texts": list(texts)} | ({"back": back} if back else {})
        record_look(registry, os_user(), "watchlists", reason, asked)
        known = list_entries(registry).values()
        if back:
            end = at or datetime.now(UTC)
            with open_sightings(settings) as store:
                confusions = load_confusions(settings.models_dir)
                seen = would_have_hit(store, texts, end - timedelta(days=back), end, confusions)
            click.echo(json.dumps(asdict(seen) | {"days": back}))
            return
    for text in texts:
        for entry, match in hits(known, text, at or datetime.now(UTC)):
            fields = {"list": entry.list, "entry": entry.plate, "text": text, "match": match}
            until = format_utc(entry.until)
            click.echo(
                json.dumps(fields | {"until": until, "reason": entry.reason}, ensure_ascii=False)
            )


@watchlists.command()
@click.option("--from", "start", type=UtcTime(), help="Raised at this time or later (ISO 8601).")
@click.option("--to", "end", type=UtcTime(), help="Raised before this time (ISO 8601).")
@click.pass_context
def numbers(context: click.Context, start: datetime | None, end: datetime | None) -> None:
    """Say what became of each list's alerts, and which list cries wolf; no plate is shown."""
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        for one in list_numbers(registry, start, end):
            for line in numbers_in_words(one):
                click.echo(line)


@watchlists.command()
@click.argument("name")
@_reason
@click.pass_context
def history(context: click.Context, name: str, reason: str) -> None:
    """Print who changed the list NAME and its entries, oldest first: one JSON line each."""
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        _named(name, {w.name: "" for w in list_watchlists(registry)})
        record_look(registry, os_user(), "watchlists", reason, {"lists": [name]})
        changes = list_changes(registry, name)
    for change in changes:
        fields = asdict(change) | {"at": format_utc(change.at)}
        click.echo(json.dumps(fields, ensure_ascii=False))


def _named(name: str | None, known: Mapping[str, str]) -> list[str]:
    if name is None:
        return list(known)
    if name not in known:
        raise WatchlistError(f"there is no list {name!r}: see platetrail watchlists list")
    return [name]


def _tell_changes(changes: Changes) -> None:
    _tell("new", [f"{e.list}: {e.plate}" for e in changes.new])
    _tell("changed", [f"{before.list}: {before.plate}" for before, _ in changes.changed])
    _tell("gone", [f"{e.list}: {e.plate}" for e in changes.gone])
    click.echo(f"same: {changes.same}")


def _tell(word: str, lines: list[str]) -> None:
    click.echo(f"{word}: {len(lines)}")
    for line in shortened(lines, _SHOWN):
        click.echo(f"  {line}")
