"""Watchlists and their entries, in words."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from lpr.plates import printed_form
from lpr.times import parse_utc
from search.alerts.weighing import LEAST
from search.local_time import HANOI, format_at, format_date
from search.plain_text import format_percent
from search.terms import is_pattern
from search.watchlists.entry import Watchlist
from search.watchlists.finding import LookedFor, State
from web.formats import severity_words
from web.saying import gettext, ngettext


def init_app(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.filters.update(
        entry_state=entry_state_words,
        area=area_words,
        area_places=area_places,
        colour=colour_words,
        kind=kind_words,
        role=role_words,
        counting=counting_words,
        sought=sought_words,
        column=column_words,
        fault=fault_words,
        entry_plate=entry_plate,
        first_day=first_day,
        last_day=last_day,
    )
    app.jinja_env.globals.update(changed_words=changed_words)


def entry_state_words(state: State) -> str:
    """In which state an entry is."""
    return {
        "in force": gettext("in force"),
        "to come": gettext("not yet in force"),
        "over": gettext("expired"),
        "taken off": gettext("taken off"),
    }[state]


def area_words(area: str) -> str:
    """A kind of area."""
    return {
        "route": gettext("traffic routes"),
        "residential": gettext("residential areas"),
        "key": gettext("key areas"),
    }.get(area, area)


def area_places(areas: tuple[str, ...]) -> str:
    """Kinds of area, one after the other."""
    return ", ".join(map(area_words, areas))


def colour_words(colour: str) -> str:
    """The colour of a plate."""
    return {
        "white": gettext("white"),
        "yellow": gettext("yellow"),
        "blue": gettext("blue"),
        "red": gettext("red"),
    }.get(colour, colour)


def kind_words(kind: str) -> str:
    """A kind of vehicle."""
    return {"car": gettext("car"), "motorcycle": gettext("motorcycle")}.get(kind, kind)


def role_words(role: str) -> str:
    """A role of accounts."""
    return {
        "officer": gettext("officers"),
        "traffic": gettext("traffic police"),
        "admin": gettext("administrators"),
    }.get(role, role)


def entry_plate(plate: str) -> str:
    """A plate as it is printed; a pattern as it is."""
    return plate if is_pattern(plate) else printed_form(plate)


def first_day(starts: datetime) -> str:
    """When an entry begins to count: a day, or a time within one."""
    return format_date(starts) if _is_midnight(starts) else format_at(starts)


def last_day(until: datetime) -> str:
    """Until when an entry counts: the last day, or a time within it."""
    return format_date(until - timedelta(days=1)) if _is_midnight(until) else format_at(until)


def _is_midnight(time: datetime) -> bool:
    return f"{time.astimezone(HANOI):%H:%M:%S}" == "00:00:00"


def counting_words(watchlist: Watchlist) -> str:
    """What counts as a hit of a list."""
    if watchlist.allow:
        return gettext("whoever is not on it")
    also = [gettext("what the reader held to be possible")] * watchlist.candidates
    also += [gettext("misreadings")] * watchlist.similar
    if not also:
        return gettext("only what was read exactly so")
    return ", ".join([gettext("what was read so"), *also])


def sought_words(sought: LookedFor) -> list[str]:
    """From which probability on, where and when the entries of a list count."""
    least, most = max(sought.least, LEAST), max(sought.most, LEAST)
    said = format_percent(least)
    if most > least:
        said = gettext("%(least)s to %(most)s, by entry", least=said, most=format_percent(most))
    where = area_places(sought.areas)
    if not where:
        where = gettext("everywhere")
    elif sought.is_everywhere:
        where = gettext("everywhere; some entries only: %(places)s", places=where)
    when = ", ".join(sought.hours[:3])
    if len(sought.hours) > len(sought.hours[:3]):
        when = ngettext("%(num)d span of the day", "%(num)d spans of the day", len(sought.hours))
    if not when:
        when = gettext("at any hour")
    elif sought.is_always:
        when = gettext("at any hour; some entries only: %(hours)s", hours=when)
    return [gettext("probability from %(percent)s", percent=said), where, when]


def column_words(column: str) -> str:
    """A column of a file, or a field of a list or an entry."""
    return {
        "list": gettext("List"),
        "plate": gettext("Plate"),
        "reason": gettext("Reason"),
        "until": gettext("Last day"),
        "class": gettext("Class"),
        "list_class": gettext("Class"),
        "case": gettext("Case"),
        "from": gettext("First day"),
        "starts": gettext("First day"),
        "areas": gettext("Areas"),
        "hours": gettext("Hours"),
        "min_likelihood": gettext("Least probability"),
        "colour": gettext("Colour"),
        "kind": gettext("Kind of vehicle"),
        "note": gettext("Note"),
        "owner": gettext("Who answers for it"),
        "severity": gettext("Severity"),
        "candidates": gettext("What the reader held to be possible"),
        "similar": gettext("Misreadings"),
        "allow": gettext("Names those allowed"),
        "cameras": gettext("Cameras"),
        "roles": gettext("Who sees its alerts"),
    }.get(column, column)


def fault_words(field: str) -> str:
    """What is expected of a field that is wrong."""
    return {
        "list": gettext("Name the list, in 1 to 100 characters; “clones” is taken."),
        "plate": gettext(
            "Type a plate of 2 to 12 letters and digits, without marks; ? is one unknown "
            "character, * any number. A plate stands in a list once only."
        ),
        "reason": gettext("Say why it is looked for, in 1 to 500 characters."),
        "until": gettext(
            "Write the last day as 31/12/2026; it is not over yet, nor before the first one."
        ),
        "class": gettext("At most 32 characters, and the same in every row of a list."),
        "case": gettext("Give the number of the case, in at most 64 characters."),
        "from": gettext("Write the first day as 31/12/2026."),
        "areas": gettext("Only route, residential and key are known."),
        "hours": gettext("Write the hours as 22:00-05:00."),
        "min_likelihood": gettext("Write a number from 0 to 1, such as 0.8."),
        "colour": gettext("Only white, yellow, blue and red are known."),
        "kind": gettext("Only car and motorcycle are known."),
        "note": gettext("At most 500 characters."),
        "owner": gettext("At most 100 characters."),
        "severity": gettext("Choose one of them."),
        "cameras": gettext("There is no such camera (any more)."),
        "roles": gettext("Choose among these roles."),
    }[field]


def changed_words(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[str]:
    """Each field that differs, as the history keeps a list or an entry; None: it was not there."""
    sides = (before or {}, after or {})
    names = [name for name in {**sides[0], **sides[1]} if name not in ("list", "plate", "name")]
    said = []
    for name in names:
        one, other = (_value(name, side.get(name)) for side in sides)
        if one == other:
            continue
        if before is None or after is None:
            said.append(f"{column_words(name)}: {one or other}")
        else:
            said.append(f"{column_words(name)}: {one or '–'} → {other or '–'}")
    return said


def _value(name: str, value: Any) -> str:
    """A field as it is shown; empty for nothing."""
    if value is True or value is False:
        return gettext("yes") if value else gettext("no")
    if not value:
        return ""
    match name:
        case "until":
            return last_day(parse_utc(value))
        case "starts":
            return first_day(parse_utc(value))
        case "areas":
            return area_places(tuple(value.split()))
        case "min_likelihood":
            return format_percent(value)
        case "severity":
            return severity_words(value)
        case "roles":
            return ", ".join(map(role_words, value))
        case "cameras":
            return ", ".join(value)
        case "colour":
            return colour_words(value)
        case "kind":
            return kind_words(value)
        case _:
            return str(value)
