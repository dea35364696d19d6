"""`platetrail first-seen`."""

import json
from collections.abc import Set
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import click

from lpr.times import format_utc
from search.at_work import DaysAtWork, whole_days
from search.audit import record_look
from search.cameras import chosen_cameras
from search.confusing import load_confusions
from search.errors import TermsError
from search.first_seen import Newcomer, find_newcomers
from search.invocation import UtcTime, closing_registry, os_user, plain_errors, settings_of, working
from search.opening import open_sightings
from search.plain_text import counted
from search.store import SightingStore
from search.terms import SearchTerms

LIKELY = 0.1  # that it is a known one, misread: from then on it is left out; see docs/routes.md
LONGEST = 366  # days before


@click.command("first-seen")
@click.option("--ward", "wards", multiple=True, help="Name of a ward; may be repeated.")
@click.option("--camera", "cameras", multiple=True, help="Id of a camera; may be repeated.")
@click.option("--from", "start", type=UtcTime(), required=True, help="Seen at this time or later.")
@click.option("--to", "end", type=UtcTime(), required=True, help="Seen before this time.")
@click.option(
    "--before",
    type=click.IntRange(1, LONGEST),
    default=30,
    show_default=True,
    help="Days before in which it was not seen there.",
)
@click.option("--doubtful", is_flag=True, help="Also what may well be a known vehicle, misread.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@click.option("--reason", required=True, help="Why you look: kept in the audit log with your name.")
@click.pass_context
def first_seen(
    context: click.Context,
    wards: tuple[str, ...],
    cameras: tuple[str, ...],
    start: datetime,
    end: datetime,
    before: int,
    doubtful: bool,
    limit: int,
    reason: str,
) -> None:
    """Name the vehicles that were seen in a ward, or at cameras, and not in the days before.

    In the order in which they came, one line of JSON each. Only plates that were read surely count;
    what may well be a known vehicle, misread, is left out and counted.
    """
    settings = settings_of(context)
    with plain_errors():
        if not wards and not cameras:
            raise TermsError("everything is new somewhere: name a --ward or a --camera")
        with closing_registry(settings.registry) as registry:
            there = chosen_cameras(registry, cameras, wards)
            terms = SearchTerms(("*",), start, end, there)
            asked = terms.to_fields() | {"before": before}
            record_look(registry, os_user(), "first seen", reason, asked)
        with open_sightings(settings) as store, working("looking who is new"):
            _tell_data(store, there or frozenset(), start, before)
            confusions = load_confusions(settings.models_dir)
            found = find_newcomers(store, terms, timedelta(days=before), confusions)
    likely = [one for one in found if one.likelihood < LIKELY]
    if len(likely) < len(found) and not doubtful:
        left_out = counted(len(found) - len(likely), "plate")
        click.echo(
            f"{left_out} left out that may well be of vehicles known there, misread: --doubtful",
            err=True,
        )
    for one in islice(found if doubtful else likely, limit):
        click.echo(json.dumps(_fields(one), ensure_ascii=False))


def _tell_data(store: SightingStore, cameras: Set[str], start: datetime, before: int) -> None:
    """Say on how many of the days before the cameras were at work.

    Raises:
        TermsError: none was, so that everything would be new.
    """
    days = whole_days(start - timedelta(days=before + 1), start)[-before:]
    at_work = DaysAtWork(store, days)
    seen = {camera: sorted(at_work.days(camera)) for camera in sorted(cameras)}
    if not any(seen.values()):
        raise TermsError(
            f"no camera there saw anything in the {counted(before, 'day')} before, so everything "
            "would be new: ask for a later span, or see platetrail cameras list"
        )
    for camera, worked in seen.items():
        since = f", since {worked[0]:%d/%m/%Y}" if worked else ""
        told = f"{camera}: at work on {len(worked)} of {counted(len(days), 'day')} before{since}"
        click.echo(told, err=True)


def _fields(new: Newcomer) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "text": new.text,
        "camera": new.seen[0].camera,
        "at": format_utc(new.seen[0].at),
        "score": round(max(passage.score for passage in new.seen), 4),
        "sightings": len(new.seen),
        "cameras": sorted({passage.camera for passage in new.seen}),
    }
    if new.like:
        fields |= {"like": new.like, "likelihood": round(new.likelihood, 4)}
    return fields
