from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from lpr.passages import Passage
from search.alerts import alerting, watch
from search.alerts.alerting import Alerting
from search.alerts.keeping import AlertHit, change_alert, find_alert, list_alerts, list_hits
from search.alerts.states import AT_WORK, REJECTED, WITHDRAWN
from search.alerts.watch import Watch
from search.cameras import parse_cameras, save_cameras
from search.confusing import any_reader
from search.errors import AlertError, RegistryError, WaitingError
from search.registry.opening import open_registry
from search.settings import StoreSettings
from search.testing import MemoryStore
from search.watchlists.entry import CLONES, Entry
from search.watchlists.keeping import save_entries, set_watchlist
from tests.unit.search.alerts.test_matcher import AT, UNTIL


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "FRESH_S", 0.0)


@pytest.fixture
def registry(tmp_path: Path) -> Engine:
    engine = open_registry(f"sqlite:///{tmp_path / 'registry.db'}")
    save(engine, "30A12345")
    return engine


def save(engine: Engine, *plates: str, name: str = "stolen") -> None:
    entries = {(name, plate): Entry(name, plate, "taken", UNTIL) for plate in plates}
    save_entries(engine, entries, {name: ""}, "a test", AT)


def seen(text: str, camera: str, minute: float, score: float = 0.97, **more: object) -> Passage:
    at = AT + timedelta(minutes=minute)
    fields: dict[str, object] = {"candidates": ((text, score),), "track": f"{minute}", **more}
    return Passage(camera, at, text, score, **fields)  # type: ignore[arg-type]


def looked(engine: Engine, *passages: Passage) -> list[AlertHit]:
    """The hits after these passages came in, in one batch."""
    store = MemoryStore()
    store.add(passages)
    Watch(engine, any_reader(), lambda: AT).look(store, passages)
    return list_hits(engine)


def test_a_passage_hits_once_however_often_it_comes(registry: Engine) -> None:
    one = seen("30A12345", "C1", 0)
    looked(registry, one, one)
    (hit,) = looked(registry, one)
    assert (hit.entry, hit.text, hit.match, hit.likelihood) == (
        "30A12345",
        "30A12345",
        "exact",
        0.97,
    )
    assert hit.state == "new"


def test_a_vehicle_is_one_alert_until_it_was_long_away(registry: Engine) -> None:
    minutes = (0, 5, 100, 100 + 121)
    hits = looked(registry, *(seen("30A12345", f"C{m}", m) for m in minutes))
    ids = [hit.alert_id for hit in hits]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert [len(a.hits) for a in list_alerts(registry, AT_WORK, 10)] == [1, 3]


def test_what_comes_late_belongs_to_the_alert_of_its_time(registry: Engine) -> None:
    (first,) = looked(registry, seen("30A12345", "C1", 300))
    hits = looked(registry, seen("30A12345", "C2", 250), seen("30A12345", "C2", 0))
    assert [hit.alert_id == first.alert_id for hit in hits] == [False, True, True]


def test_a_rejected_alert_takes_no_further_sighting(registry: Engine) -> None:
    (hit,) = looked(registry, seen("30A12345", "C1", 0))
    alert = find_alert(registry, hit.alert_id)
    assert alert
    change_alert(registry, alert, REJECTED, "officer", "misread", AT)
    assert len({h.alert_id for h in looked(registry, seen("30A12345", "C2", 5))}) == 2


def test_a_pattern_is_an_alert_for_each_vehicle(registry: Engine) -> None:
    save(registry, "29C1*", name="gang")
    hits = looked(registry, seen("29C11111", "C1", 0), seen("29C12222", "C1", 1))
    assert len({hit.alert_id for hit in hits}) == 2
    assert {hit.match for hit in hits} == {"pattern"}


def test_each_list_has_its_own_alert(registry: Engine) -> None:
    save(registry, "30A12345", "30A12*", name="wanted")
    hits = looked(registry, seen("30A12345", "C1", 0))
    assert [(hit.list, hit.entry) for hit in hits] == [
        ("stolen", "30A12345"),
        ("wanted", "30A12345"),
    ]


def test_a_better_report_betters_its_hit(registry: Engine) -> None:
    going = seen("30A12346", "C1", 0, 0.5, candidates=(("30A12346", 0.5), ("30A12345", 0.4)))
    (hit,) = looked(registry, going)
    assert (hit.match, hit.text) == ("candidate", "30A12346")
    over = replace(going, text="30A12345", score=0.97, until=going.at + timedelta(seconds=9))
    (bettered,) = looked(registry, over)
    assert (bettered.match, bettered.text, bettered.likelihood) == ("exact", "30A12345", 0.97)
    assert bettered.alert_id == hit.alert_id
    assert bettered.number > hit.number
    assert looked(registry, going) == [bettered]  # it says less


def test_an_alert_is_taken_back_where_the_last_report_is_another_text(registry: Engine) -> None:
    going = seen("30A12345", "C1", 0, 0.6)
    (hit,) = looked(registry, going)
    other = {"text": "30A98765", "candidates": (("30A98765", 0.97),)}
    over = replace(going, score=0.97, until=going.at + timedelta(seconds=9), **other)
    (gone,) = looked(registry, over)
    assert (gone.withdrawn, gone.state, gone.text) == (True, WITHDRAWN, "30A98765")
    assert gone.alert_id == hit.alert_id


def test_a_misreading_of_a_plate_that_is_often_seen_otherwise_is_none(registry: Engine) -> None:
    store = MemoryStore()
    twin = [seen("30A12346", "C1", minute) for minute in range(20)]
    store.add(twin)
    unsure = seen("30A12346", "C2", 30, 0.8, candidates=(("30A12346", 0.8), ("30A12345", 0.19)))
    Watch(registry, any_reader(), lambda: AT).look(store, [*twin, unsure])
    assert list_hits(registry) == []
    assert looked(registry, unsure)[0].match == "candidate"  # where nobody knows of the twin


def test_an_entry_that_is_new_or_taken_off_counts_at_once(registry: Engine) -> None:
    one = Watch(registry, any_reader(), lambda: AT)
    store = MemoryStore()
    one.look(store, [seen("51F99999", "C1", 0)])
    save(registry, "51F99999", "51F*")
    one.look(store, [seen("30A12345", "C1", 1), seen("51F99999", "C1", 2)])
    save(registry, "30A12345")
    one.look(store, [seen("51F99999", "C1", 3), seen("51F11111", "C1", 3)])
    assert [(hit.entry, hit.at.minute) for hit in list_hits(registry)] == [("51F99999", 2)]


def test_at_a_gate_those_alert_that_are_not_allowed(registry: Engine) -> None:
    save(registry, "29A11111", "29B*", name="staff")
    set_watchlist(registry, "staff", {"allow": True, "cameras": ("GATE",)}, "a test", AT)
    hits = looked(
        registry,
        seen("29A11111", "GATE", 0),
        seen("29B22222", "GATE", 1),
        seen("29A11112", "GATE", 2, 0.6, candidates=(("29A11112", 0.6), ("29A11111", 0.39))),
        seen("77C33333", "GATE", 3),
        seen("77C33333", "C1", 4),
        seen("", "GATE", 5),
        seen("29A11111", "C1", 6),
    )
    (hit,) = hits
    assert (hit.text, hit.camera, hit.match, hit.entry) == ("77C33333", "GATE", "absent", "")
    assert hit.likelihood == pytest.approx(0.97)


def test_two_people_do_not_judge_unknowing_of_each_other(registry: Engine) -> None:
    (hit,) = looked(registry, seen("30A12345", "C1", 0))
    alert = find_alert(registry, hit.alert_id)
    assert alert
    change_alert(registry, alert, "confirmed", "one", "", AT)
    with pytest.raises(AlertError, match="one made it confirmed before you: look again"):
        change_alert(registry, alert, "rejected", "other", "misread", AT)
    with pytest.raises(AlertError, match="cannot become new"):
        change_alert(registry, alert, "new", "other", "", AT)


@pytest.mark.parametrize("is_known", [True, False])
def test_nothing_is_lost_while_the_registry_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_known: bool
) -> None:
    settings = StoreSettings(data_dir=tmp_path)
    engine = open_registry(settings.registry)
    save(engine, "30A12345")
    store, one = MemoryStore(), Alerting(settings)
    if is_known:
        one.look(store, [])
    with monkeypatch.context() as away:
        away.setattr(Watch, "_refresh", _away)
        away.setattr(alerting, "open_registry", _cannot_be_opened)
        one.look(store, [seen("30A12345", "C1", 0), seen("29B22222", "C1", 0)])
        one.look(store, [seen("30A12345", "C2", 1)])
        one.catch_up(store)
    waiting = (tmp_path / alerting.FILE).read_text()
    assert waiting.count("30A12345") == 2 * 2
    assert ("29B22222" in waiting) is not is_known
    assert list_hits(engine) == []
    with (tmp_path / alerting.FILE).open("a") as file:
        file.write('\n{"camera": "C1", "at": "2026-')  # a crash while it was written
    one.catch_up(store)
    assert [hit.camera for hit in list_hits(engine)] == ["C1", "C2"]
    assert (tmp_path / alerting.FILE).read_text() == ""


def test_what_is_seen_while_the_registry_is_away_is_withdrawn_and_met_all_the_same(
    registry: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = "id,name,lat,lon,heading,area,ward,district\n"
    rows = "A,,21.0,105.8,,route,,\nB,,21.1,105.8,,route,,\n"
    save_cameras(registry, parse_cameras(header + rows))
    one, store = Watch(registry, any_reader(), lambda: AT), MemoryStore()
    going = seen("30A12345", "C1", 0, 0.6)
    one.look(store, [going])
    changed = {"text": "30A98765", "candidates": (("30A98765", 0.97),), "score": 0.97}
    over = replace(going, until=going.at + timedelta(seconds=9), **changed)
    pair = [seen("51F12345", "A", 0, 0.99), seen("51F12345", "B", 2, 0.99)]
    store.add(pair)
    with monkeypatch.context() as away:
        away.setattr(watch, "raise_hits", _away)
        with pytest.raises(WaitingError) as waiting:
            one.look(store, [over, *pair])
    assert set(waiting.value.passages) == {over, *pair}
    one.look(store, waiting.value.passages)
    (hit,) = list_hits(registry)
    assert hit.withdrawn
    assert len(list_hits(registry, name=CLONES)) == 2


def _away(*_: object) -> None:
    raise OperationalError("", {}, Exception("the registry is away"))


def test_times_of_alerts_are_kept(registry: Engine) -> None:
    (hit,) = looked(registry, seen("30A12345", "C1", 0))
    alert = find_alert(registry, hit.alert_id)
    assert alert
    assert isinstance(alert.raised_at, datetime)
    assert (alert.raised_at, hit.at) == (AT, AT)


def _cannot_be_opened(*_: object) -> None:
    raise RegistryError("the registry is away")
