import json
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from search.alerts.keeping import change_alert, list_alerts
from search.alerts.numbers import Judged, Numbers, list_numbers
from search.alerts.numbers_said import numbers_in_words
from search.alerts.states import AT_WORK
from search.opening import open_store
from search.testing import Shell
from tests.unit.search.alerts import test_watch
from tests.unit.search.alerts.test_matcher import AT
from tests.unit.search.alerts.test_watch import looked, seen

registry = test_watch.registry
at_once = test_watch.at_once


def right(likelihood: float) -> Judged:
    return Judged(likelihood, is_confirmed=True, is_rejected=False)


def wrong(likelihood: float, why: str = "misread") -> Judged:
    return Judged(likelihood, is_confirmed=False, is_rejected=True, why=why)


def test_alerts_are_counted_by_what_became_of_them(registry: Engine) -> None:
    looked(registry, *(seen("30A12345", "C1", minute) for minute in range(0, 1300, 130)))
    alerts = list_alerts(registry, AT_WORK, 100)
    later = AT + timedelta(seconds=30)
    for alert, state, why in (
        (alerts[0], "confirmed", ""),
        (alerts[1], "rejected", "misread: a 6"),
        (alerts[2], "rejected", "outdated"),
        (alerts[3], "seen", ""),
    ):
        change_alert(registry, alert, state, "officer", why, later)
    (numbers,) = list_numbers(registry)
    assert list(numbers_in_words(numbers)) == [
        "stolen: 10 alerts, 1 confirmed, 2 rejected (misread 1, outdated 1), 7 not judged, "
        "0 withdrawn",
        "  looked at after 30 s (half of them sooner)",
        "  likelihood 95 % and more: 1 of 3 confirmed",
    ]
    assert list_numbers(registry, start=AT + timedelta(days=1)) == []
    assert list_numbers(registry, end=AT) == []


def test_a_list_that_cries_wolf_is_named_and_a_likelihood_suggested() -> None:
    judged = (*[wrong(0.4)] * 12, *[wrong(0.9)] * 3, right(0.8), right(0.9), right(0.97))
    said = list(numbers_in_words(Numbers("stolen", judged, 0, None)))
    assert "cries wolf" in said[-2]
    assert said[-1].strip() == (
        "min_likelihood 0.8 would have spared 12 of 15 rejected alerts, and lost 0 of 3 confirmed "
        "ones"
    )


def test_too_few_are_judged_for_a_suggestion() -> None:
    assert Numbers("stolen", (wrong(0.3), right(0.9)), 0, None).suggestion() is None
    assert Numbers("stolen", (wrong(0.9),) * 20, 0, None).suggestion() is None
    assert Numbers("stolen", (*[right(0.5)] * 20, wrong(0.9)), 0, None).suggestion() is None


def test_how_often_an_entry_would_have_alerted(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    unsure = seen("30A12346", "C3", 9, 0.5, candidates=(("30A12346", 0.5), ("30A12345", 0.45)))
    with open_store(shell.settings.sightings) as store:
        store.add([seen("30A12345", f"C{m}", m) for m in (1, 2)])
        store.add([unsure, seen("29B11111", "C1", 3), seen("30A12345", "C1", -60 * 24 * 9)])
    asked = ("--at", "2026-11-25T00:00:00Z", "--reason", "a test")
    said = json.loads(shell.run("watchlists", "test", "30A-123.45", "--back", "7", *asked).stdout)
    assert (said["exact"], said["possible"], said["cameras"], said["days"]) == (2, 1, 3, 7)
    assert 0 < said["wrong"] < 1
    assert said["is_all"]
    said = json.loads(shell.run("watchlists", "test", "30A*", "--back", "30", *asked).stdout)
    assert said["exact"] == 4
    assert shell.run("watchlists", "numbers").stdout == ""
