"""Sentences about a route, in the language of a paper; pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from lpr.times import format_utc
from search.legs import Leg, Verdict
from search.local_time import format_at
from search.papers.words import Words
from search.plain_text import format_percent
from search.route_formats import Names, way_words
from search.route_table import LEAST_SHOWN
from search.routes import Route

_VERDICTS: Mapping[Verdict, str] = {
    "ordinary": "ordinary",
    "slow": "slow: it stood or went round on the way",
    "fast": "fast: quicker than the limits allow",
    "impossible": "impossible: the plate may be false, or a reading is wrong",
    "gap": "gap: where it was in between is not known",
}


def span_words(route: Route, say: Words) -> str:
    """The span that was asked for, in Hanoi's time with UTC beside."""
    if route.start and route.end:
        return say("from {start} to {end}", start=moment(route.start), end=moment(route.end))
    if route.start:
        return say("from {start} on", start=moment(route.start))
    return say("before {end}", end=moment(route.end)) if route.end else say("at any time")


def found_words(route: Route, say: Words) -> str:
    """How much was found."""
    said = _found(route, say)
    if not route.by_hand:
        return said
    put_in = sum(route.by_hand.values())
    by_hand = "by hand: {put} put in, {taken} taken out"
    taken_out = len(route.by_hand) - put_in
    return f"{said} · {say(by_hand, put=put_in, taken=taken_out)}"


def _found(route: Route, say: Words) -> str:
    if not route.stops:
        is_doubted = bool(route.doubtful)
        return say("no reading is sure enough to be a stop" if is_doubted else "nobody saw it")
    return say(
        "stops: {stops}, unsure of them: {unsure} · trips: {trips} · about {km} in all",
        stops=len(route.stops),
        unsure=sum(stop.match != "exact" for stop in route.stops),
        trips=route.trips,
        km=say.distance(route.metres),
    )


def verdict_words(leg: Leg, say: Words) -> str:
    """How a leg is judged."""
    return say("parked: a new trip begins" if leg.is_trip_break else _VERDICTS[leg.verdict])


def usual_words(leg: Leg, say: Words) -> str:
    """How long a leg usually takes, in brackets; empty where that is not known."""
    if leg.usual_s is None:
        return ""
    return f" ({say('usually {time} at this hour', time=say.duration(leg.usual_s))})"


def leg_words(leg: Leg, say: Words) -> str:
    """Time, distance, speed and verdict of a leg."""
    said = [say.duration(leg.seconds) + usual_words(leg, say)]
    if leg.metres:
        straight = f" {say('as the crow flies')}" if leg.is_straight else ""
        said.append(say.distance(leg.metres) + straight)
    if leg.kmh is not None and not leg.is_trip_break:
        said.append(f"{leg.kmh:.0f} km/h")
    return " · ".join([*said, verdict_words(leg, say)])


def way_lines(leg: Leg, names: Names, say: Words) -> list[str]:
    """A line for each way worth showing, the likeliest first; each says that it is inferred."""
    shown = leg.paths[:1] + tuple(p for p in leg.paths[1:] if p.probability >= LEAST_SHOWN)
    return [
        say(
            "inferred, {percent}: {way}",
            percent=format_percent(path.probability),
            way=f"{named_way(names(path.way), say)}, {say.distance(path.way.metres)}",
        )
        for path in shown
    ]


def named_way(names: Sequence[str], say: Words) -> str:
    """The names of roads in driving order."""
    return way_words(names) if any(names) else say("roads without a name")


def moment(at: datetime) -> str:
    """Hanoi's time with UTC beside."""
    return f"{format_at(at)} ({format_utc(at)})"
