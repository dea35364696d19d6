"""Sightings and questions by the thousand, as odd as they may come; the same for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from lpr.passages import Passage
from lpr.times import format_utc
from search.terms import MAX_LIMIT, SearchTerms

START = datetime(2026, 1, 31, 20, tzinfo=UTC)  # four hours before the month ends
MOMENTS = 150  # that thousands of sightings share
CAMERAS = ("A", "B", "C 012", "Cầu Giấy", "Cau Giay", "日本", "🚓")
ODD = (
    "30Đ1",
    "30Á",
    "€",
    "🚓1",
    "1🚓A",
    "[1A]",
    "*",
    "?",
    "A*",
    "a1",
    "1 A",
    "A\n1",
    "",
    "Z" * 300,
)
HANOI = timezone(timedelta(hours=7))


def reports(dice: random.Random, passages: int) -> list[Passage]:
    """Reports of so many passages, in any order: several of some of them, and some twice.

    Many share their time to the microsecond, their text, or that they have none.
    """
    plates = _plates(dice)
    moments = _moments(dice)
    found = []
    for number in range(passages):
        first = _first(dice, dice.choice(moments), plates, str(number))
        found += [first, *_later(dice, first, plates)]
    found += dice.sample(found, passages // 20)
    dice.shuffle(found)
    return found


def questions(dice: random.Random, count: int, asked_of: list[Passage]) -> Iterator[SearchTerms]:
    """Questions of every kind, about sightings that are there and some that are not."""
    texts = [p.text for p in asked_of if p.text]
    moments = sorted({p.at for p in asked_of})
    for _ in range(count):
        start, end = _span(dice, moments)
        yield SearchTerms(
            tuple(_wanted(dice, texts) for _ in range(dice.choice((1, 1, 1, 2, 3)))),
            start=start,
            end=end,
            cameras=_cameras(dice),
            candidates=dice.random() < 0.5,
            limit=dice.choice((25, 40, 100, 1000, MAX_LIMIT)),
        )


def _plates(dice: random.Random) -> list[str]:
    """Texts that are often alike, and now and then none."""
    plates = ["", "1", "A", "1" * 16]
    for _ in range(60):
        plate = f"{dice.choice((29, 30))}{dice.choice('AB')}{dice.randrange(1000, 99999)}"
        place = dice.randrange(len(plate))
        plates += [plate, plate[:place] + dice.choice("0A8B") + plate[place + 1 :], plate[:-1]]
    return plates


def _moments(dice: random.Random) -> list[datetime]:
    """Within eight hours of two months, some a microsecond apart; and two far away."""
    found = [datetime(2000, 1, 1, tzinfo=UTC), datetime(2031, 12, 31, 23, 59, 59, 999999, UTC)]
    while len(found) < MOMENTS:
        moment = START + timedelta(milliseconds=dice.randrange(8 * 3600 * 1000))
        found += [moment, moment + timedelta.resolution]
    return found


def _first(dice: random.Random, at: datetime, plates: list[str], track: str) -> Passage:
    ways = (format_utc(at), at.isoformat(), at.astimezone(HANOI).isoformat())
    return Passage(
        camera=dice.choice(CAMERAS),
        at=at,
        at_given=dice.choice(ways),
        text=dice.choice(plates),
        score=_probability(dice),
        candidates=_candidates(dice, plates),
        track=dice.choice((track, track, f"xe {track} 🏍", None)),
        raw=dice.choice((None, "30Á-1 🚗", "\x00\u2028")),
    )


def _later(dice: random.Random, first: Passage, plates: list[str]) -> Iterator[Passage]:
    """Further reports of the same passage: with an end, another text, a clip."""
    for _ in range(dice.choice((0, 0, 0, 1, 3)) if first.track else 0):
        ended = replace(
            first,
            until=first.at + timedelta(seconds=dice.randrange(-1, 3)),
            text=dice.choice(plates),
            score=_probability(dice),
            candidates=_candidates(dice, plates),
            frame=dice.randbytes(32).hex(),
        )
        yield ended
        if dice.random() < 0.5:
            yield replace(ended, clip=f"{dice.randbytes(32).hex()}.mp4")


def _candidates(dice: random.Random, plates: list[str]) -> tuple[tuple[str, float], ...]:
    texts = [dice.choice((*plates, *ODD)) for _ in range(dice.randrange(4))]
    return tuple((text, _probability(dice)) for text in texts)


def _probability(dice: random.Random) -> float:
    return round(dice.random(), 4)


def _wanted(dice: random.Random, texts: list[str]) -> str:
    text = dice.choice(texts)
    cut = dice.randrange(len(text))
    kind = dice.randrange(12)
    if kind < 3:
        return text
    if kind < 5:
        return text[:cut] + "?" + text[cut + 1 :]
    if kind == 5:
        return text[: cut + 1] + "*"
    if kind == 6:
        return "*" + text[cut:]
    if kind == 7:
        return f"*{text[cut : cut + 2]}*"
    if kind == 8:
        return f"?{text[1:cut]}*{text[-1]}"
    if kind < 11:
        return "".join(dice.choice("123890AB?*") for _ in range(dice.randrange(1, 6)))
    return "*"


def _span(dice: random.Random, moments: list[datetime]) -> tuple[datetime | None, datetime | None]:
    """From and to the very time of a sighting, or a microsecond beside it; or open."""
    first = dice.randrange(len(moments))
    start = moments[first] + timedelta.resolution * dice.choice((0, 0, 1))
    last = moments[min(first + dice.choice((1, 3, 10)), len(moments) - 1)]
    end = last + timedelta.resolution * dice.choice((0, 1, 2))
    kind = dice.randrange(8)
    if kind < 4 and start < end:
        return start, end
    return (start if kind == 4 else None), (end if kind == 5 else None)


def _cameras(dice: random.Random) -> frozenset[str] | None:
    if dice.random() < 0.5:
        return None
    return frozenset(dice.sample((*CAMERAS, "nobody's"), dice.randrange(4)))
