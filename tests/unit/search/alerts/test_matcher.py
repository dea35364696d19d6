from datetime import UTC, datetime, timedelta

import pytest

from lpr.passages import Passage
from search.alerts.matcher import Matcher
from search.confusing import any_reader
from search.watchlists.entry import Entry, Watchlist

AT = datetime(2026, 11, 24, 5, tzinfo=UTC)  # noon in Hanoi
UNTIL = AT + timedelta(days=1)


def passage(text: str, score: float = 0.97, **more: object) -> Passage:
    return Passage("C1", AT, text, score, ((text, score),), **more)  # type: ignore[arg-type]


def entry(plate: str, **more: object) -> Entry:
    return Entry("stolen", plate, "taken", UNTIL, **more)  # type: ignore[arg-type]


def matcher(*entries: Entry, **settings: bool) -> Matcher:
    made = Matcher(any_reader())
    made.set_list(Watchlist("stolen", **settings))  # type: ignore[arg-type]
    for one in entries:
        made.put(one)
    return made


def found(made: Matcher, one: Passage, area: str = "route") -> list[tuple[str, str]]:
    return [(f.entry.plate, f.match) for f in made.find(one, area)]


@pytest.mark.parametrize(
    ("text", "plate", "match"),
    [
        ("30A12345", "30A12345", "exact"),
        ("30A12345", "30A12*", "pattern"),
        ("30A12345", "30A?2345", "pattern"),
        ("30A12345", "?0A*5", "pattern"),
        ("30A12345", "*345", "pattern"),
        ("30A12345", "*", "pattern"),
        ("30A12345", "3*", "pattern"),
        ("30A12345", "*23*", "pattern"),
        ("30A12345", "30A12346", "similar"),  # 5 is taken for 6 by any reader
    ],
)
def test_a_text_meets_an_entry(text: str, plate: str, match: str) -> None:
    assert found(matcher(entry(plate)), passage(text)) == [(plate, match)]


@pytest.mark.parametrize("plate", ["30A12*6", "30A1234", "31A12345", "29B56789", "*346", "3?B*"])
def test_a_text_does_not_meet_other_entries(plate: str) -> None:
    assert found(matcher(entry(plate), similar=False), passage("30A12345")) == []


def test_an_unsure_text_may_lack_a_character_or_have_one_twice() -> None:
    made = matcher(entry("30A12345"))
    assert found(made, passage("30A1245", 0.6)) == [("30A12345", "similar")]
    assert found(made, passage("30A122345", 0.6)) == [("30A12345", "similar")]
    assert found(made, passage("30A1245", 0.99)) == []


def test_candidates_count_where_the_list_says_so() -> None:
    one = Passage("C1", AT, "30A12349", 0.6, (("30A12349", 0.6), ("30A12399", 0.3)))
    assert found(matcher(entry("30A12399"), similar=False), one) == [("30A12399", "candidate")]
    assert found(matcher(entry("*399"), similar=False), one) == [("*399", "candidate")]
    assert found(matcher(entry("30A12399"), similar=False, candidates=False), one) == []


def test_an_entry_that_is_taken_off_or_changed_counts_no_more() -> None:
    made = matcher(entry("30A12345"), entry("30A12*"), similar=False)
    made.put(entry("30A12345", colour="red"))
    assert found(made, passage("30A12345", colour="white")) == [("30A12*", "pattern")]
    made.drop("stolen", "30A12345")
    made.drop("stolen", "30A12*")
    made.drop("stolen", "30A12*")
    assert found(made, passage("30A12345")) == []


@pytest.mark.parametrize(
    ("more", "hits"),
    [
        ({"areas": ("key", "route")}, True),
        ({"areas": ("key",)}, False),
        ({"hours": "11:00-13:00"}, True),
        ({"hours": "22:00-05:00"}, False),
        ({"hours": "22:00-12:30"}, True),
        ({"starts": AT}, True),
        ({"starts": AT + timedelta(seconds=1)}, False),
        ({"colour": "white", "kind": "car"}, True),
        ({"kind": "motorcycle"}, True),  # nobody knows
        ({"colour": "yellow"}, False),
    ],
)
def test_place_time_and_look_have_to_agree(more: dict[str, object], hits: bool) -> None:
    one = passage("30A12345", colour="white")
    if more.get("kind") == "car":
        one = passage("30A12345", colour="white", kind="car")
    assert bool(found(matcher(entry("30A12345", **more)), one)) is hits


def test_nothing_is_found_of_what_was_not_read() -> None:
    assert found(matcher(entry("*")), passage("")) == []
