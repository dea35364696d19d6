"""Whether this process answers, and whether the store does; says nothing else."""

from contextlib import suppress

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lpr.times import format_utc
from search.errors import StoreError
from web.parts import parts

health = Blueprint("health", __name__)
_PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


@health.get("/health")
def alive() -> ResponseReturnValue:
    """For whoever watches the process."""
    return "ok\n", 200, _PLAIN


@health.get("/health/sightings")
def sightings() -> ResponseReturnValue:
    """Since when the store does not answer; asks it only while it does not, and not too often."""
    here = parts()
    if here.outages.now():
        with suppress(StoreError):
            here.store.count()
    outage = here.outages.now()
    if outage is None:
        return "ok\n", 200, _PLAIN
    return f"no answer since {format_utc(outage.since)}\n", 503, _PLAIN
