"""Commands for who was there, and who was with whom."""

import json
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import click

from lpr.times import format_utc, parse_utc
from search.audit import record_look
from search.errors import TermsError
from search.invocation import (
    UtcTime,
    asked_texts,
    closing_registry,
    os_user,
    plain_errors,
    settings_of,
)
from search.opening import open_sightings
from search.scenes import Scene, find_present, in_fields, trips_of
from search.terms import SearchTerms, is_pattern

_limit = click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
_reason = click.option(
    "--reason", required=True, help="Why you look: kept in the audit log with your name."
)


class SceneType(click.ParamType[Scene]):
    """`CAMERA[,CAMERA...] FROM TO`."""

    name = "scene"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Scene:
        """The scene that a text gives."""
        if isinstance(value, Scene):
            return value
        try:
            cameras, start, end = str(value).split()
            scene = Scene(frozenset(cameras.split(",")), parse_utc(start), parse_utc(end))
        except ValueError as error:
            self.fail(f"expected 'CAMERA[,CAMERA...] FROM TO', got {value!r}: {error}", param, ctx)
        if scene.start >= scene.end:
            self.fail(f"the span runs backwards: {value!r}", param, ctx)
        return scene


@click.command()
@click.option("--scene", "scenes", type=SceneType(), multiple=True, required=True)
@_limit
@_reason
@click.pass_context
def common(context: click.Context, scenes: tuple[Scene, ...], limit: int, reason: str) -> None:
    """Name the vehicles that were at several scenes, the most surprising first.

    Each scene is 'CAMERA[,CAMERA...] FROM TO', with times as in search; two or more. A vehicle that
    passes there every day at that hour surprises less than one that never does. One line of JSON
    each: `by_chance` is how many vehicles would be there as often by chance.
    """
    settings = settings_of(context)
    with plain_errors():
        if len(scenes) < 2:
            raise TermsError("expected two scenes or more: give --scene again")
        asked = [
            [sorted(scene.cameras), format_utc(scene.start), format_utc(scene.end)]
            for scene in scenes
        ]
        with closing_registry(settings.registry) as registry:
            record_look(registry, os_user(), "scenes", reason, {"scenes": asked})
        with open_sightings(settings) as store:
            found = find_present(store, [(scene,) for scene in scenes])
    for present in islice(found, limit):
        click.echo(json.dumps(in_fields(present)))


@click.command()
@click.argument("plate")
@click.option("--from", "start", type=UtcTime(), help="Seen at this time or later (ISO 8601).")
@click.option("--to", "end", type=UtcTime(), help="Seen before this time (ISO 8601).")
@click.option(
    "--within",
    type=click.IntRange(1, 3600),
    default=60,
    show_default=True,
    help="Seconds before and after it, at the same camera.",
)
@_limit
@_reason
@click.pass_context
def convoy(
    context: click.Context,
    plate: str,
    start: datetime | None,
    end: datetime | None,
    within: int,
    limit: int,
    reason: str,
) -> None:
    """Name the vehicles that were near PLATE on several of its trips, the most surprising first.

    Whoever drives behind it once is near it at many cameras, so a trip counts once. One line of
    JSON each: `by_chance` is how many vehicles would be near it as often by chance.
    """
    settings = settings_of(context)
    with plain_errors():
        texts = asked_texts(plate)
        if len(texts) > 1 or is_pattern(texts[0]):
            raise TermsError(f"expected one whole plate, got {' or '.join(texts)}")
        terms = SearchTerms(texts, start, end)
        with closing_registry(settings.registry) as registry:
            asked = terms.to_fields() | {"within": within}
            record_look(registry, os_user(), "convoy", reason, asked)
        with open_sightings(settings) as store:
            trips, sightings = trips_of(store, terms, timedelta(seconds=within))
            found = find_present(store, trips, without=texts[0]) if len(trips) > 1 else []
    click.echo(f"{texts[0]}: {sightings} sightings on {len(trips)} trips", err=True)
    for present in islice(found, limit):
        click.echo(json.dumps(in_fields(present)))
