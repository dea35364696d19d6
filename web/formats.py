"""How times, distances, probabilities and plates are written on a page."""

from datetime import timedelta

from flask import Flask
from flask_babel import format_decimal

from lpr.plates import printed_form, printed_rows
from search.local_time import format_at, format_clock, format_date
from search.plain_text import format_percent
from search.watchlists.entry import CLONES
from web.marking import marked
from web.saying import gettext, ngettext

_SURE, _LIKELY, _POSSIBLE, _UNLIKELY = 0.95, 0.8, 0.5, 0.2  # least probability of each word


def init_app(app: Flask) -> None:
    """Give templates these ways of writing."""
    app.jinja_env.filters.update(
        at=format_at,
        clock=format_clock,
        date=format_date,
        utc=lambda time: time.isoformat().replace("+00:00", "Z"),
        percent=format_percent,
        likely=likelihood_words,
        km=format_km,
        kmh=format_kmh,
        duration=format_duration,
        printed=printed_form,
        action=action_words,
        state=state_words,
        list_name=list_words,
        rejection=rejection_words,
        severity=severity_words,
    )
    app.jinja_env.globals.update(marked=marked, plate_rows=plate_rows)


def likelihood_words(probability: float) -> str:
    """A probability in words."""
    if probability >= _SURE:
        return gettext("almost certain")
    if probability >= _LIKELY:
        return gettext("very likely")
    if probability >= _POSSIBLE:
        return gettext("likely")
    return gettext("possible") if probability >= _UNLIKELY else gettext("unlikely")


def format_km(metres: float) -> str:
    """`1,2 km` in Vietnamese, `1.2 km` in English; `340 m` below one kilometre."""
    if metres < 1000:
        return f"{metres:.0f} m"
    return f"{format_decimal(round(metres / 1000, 1))} km"


def format_kmh(kmh: float) -> str:
    """`42 km/h`."""
    return f"{kmh:.0f} km/h"


def format_duration(seconds: float) -> str:
    """A duration in words, its two largest units: `3 minutes 10 seconds`."""
    left = timedelta(seconds=round(seconds))
    hours, rest = divmod(left.seconds, 3600)
    minutes, seconds_left = divmod(rest, 60)
    words = [
        ngettext("%(num)d day", "%(num)d days", left.days),
        ngettext("%(num)d hour", "%(num)d hours", hours),
        ngettext("%(num)d minute", "%(num)d minutes", minutes),
        ngettext("%(num)d second", "%(num)d seconds", seconds_left),
    ]
    counts = (left.days, hours, minutes, seconds_left)
    said = [word for word, count in zip(words, counts, strict=True) if count]
    return " ".join(said[:2]) if said else words[-1]


def action_words(action: str) -> str:
    """What somebody did, of the audit log."""
    return {
        "search": gettext("searched for a plate"),
        "passings": gettext("looked through pictures"),
        "sighting": gettext("opened a sighting"),
        "picture": gettext("opened a picture"),
        "clip": gettext("opened a clip"),
        "route": gettext("opened a route"),
        "export": gettext("exported"),
        "backup": gettext("made a backup"),
        "restore": gettext("put a backup back"),
        "retention": gettext("deleted what was old"),
        "watchlists": gettext("looked at watchlists"),
        "listed": gettext("changed a watchlist"),
        "alerts": gettext("looked at alerts"),
        "judged": gettext("judged an alert"),
        "remark": gettext("took a stop out of a route, or put one in"),
        "scenes": gettext("looked for vehicles at several scenes"),
        "convoy": gettext("looked for vehicles near another one"),
        "first seen": gettext("looked for vehicles that were new somewhere"),
        "regular": gettext("looked for the regular times of a vehicle"),
    }.get(action, action)


def state_words(state: str) -> str:
    """What became of an alert."""
    return {
        "new": gettext("nobody has looked yet"),
        "seen": gettext("being looked at"),
        "confirmed": gettext("confirmed"),
        "rejected": gettext("rejected"),
        "passed on": gettext("passed on"),
        "closed": gettext("closed"),
        "withdrawn": gettext("withdrawn: read anew as another text"),
    }[state]


def list_words(name: str) -> str:
    """A watchlist, or what is found without one."""
    return gettext("one plate on two vehicles") if name == CLONES else name


def rejection_words(why: str) -> str:
    """Why an alert was rejected; what people wrote themselves stays."""
    return {
        "misread": gettext("misread: the picture shows another plate"),
        "same text": gettext("another vehicle with the same text"),
        "outdated": gettext("the list is out of date"),
        "duplicate": gettext("known already"),
        "other": gettext("another reason"),
        "late": gettext("nobody looked in time: passed up"),
        "read anew": gettext("a later look read another text"),
    }.get(why, why)


def severity_words(severity: str) -> str:
    """How grave what a list looks for is."""
    return {
        "low": gettext("low severity"),
        "medium": gettext("medium severity"),
        "high": gettext("high severity"),
    }[severity]


def plate_rows(text: str, rows: int | None) -> tuple[str, ...]:
    """The rows of a plate as it is drawn; on one row where it is not known."""
    return printed_rows(text, rows or 1)
