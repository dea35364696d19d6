"""What the registry must do in every database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from lpr.passages import Passage
from lpr.spool.lines import SpoolLine
from lpr.spool.segments import locked_folder
from search.alerts.channels import Channel, add_channel
from search.alerts.keeping import change_alert, list_alerts
from search.alerts.matcher import Found
from search.alerts.outbox import list_unsent, note_sent, take_next
from search.alerts.raising import raise_hits
from search.alerts.states import NEW, REJECTED
from search.alerts.weighing import Hit
from search.audit import list_looks, looks_of_question, record_look
from search.cameras import Camera, list_cameras, save_cameras
from search.devices import add_device, device_of, list_devices, note_state, rotate_token
from search.errors import FieldError, ListChangedError, RegistryError, WatchlistError
from search.health.keeping import list_machines, note_health
from search.health.said import MachineSaid
from search.intake.refusals import (
    NotTaken,
    count_gone,
    is_gone,
    list_refusals,
    note_gone,
    note_refusals,
)
from search.registry.copying import copy_registry
from search.registry.opening import open_registry
from search.registry.tables import Base
from search.roads.keeping import list_roads, save_roads
from search.roads.profile import Profile
from search.roads.road import NoTurn, Road
from search.travel_times.keeping import Key, TravelTimes, add_legs
from search.watchlists.entry import Entry, Watchlist
from search.watchlists.finding import (
    KeptEntry,
    LookedFor,
    State,
    count_states,
    find_entries,
    looked_for,
)
from search.watchlists.history import list_changes, newest_changes
from search.watchlists.keeping import (
    add_entry,
    count_entries,
    list_entries,
    list_watchlists,
    save_entries,
    take_off,
    would_save,
)
from tests.postgres import Postgres
from web.accounts import add_account, list_accounts, session_account, set_active, set_language
from web.cases import find_case, open_case
from web.city import City
from web.errors import AccountError, SignInError
from web.questions import Question, find_question, save_question
from web.signing_in import sign_in

NOON = datetime(2026, 1, 31, 5, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
PASSWORD = "mật khẩu để thử"
MARK = "\N{REPLACEMENT CHARACTER}"
MANY = 8
CAMERA = Camera("C1", "Hàng Bài", 21.0278, 105.8342, 359.5, "route", "Cửa Nam")
ROAD = Road(
    "r1",
    ((105.85, 21.02), (105.86000000000001, 21.03)),
    "a",
    "b",
    1037.25,
    40.5,
    oneway=True,
    name="Tràng Tiền",
    road_class="primary",
    tags={"tên": "phố 🚗"},
)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Postgres() as server:
        yield server


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path_factory.mktemp('registry')}/registry.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").empty()
    engine = open_registry(url)
    yield engine
    engine.dispose()


@pytest.fixture
def registry(opened: Engine) -> Iterator[Engine]:
    yield opened
    with opened.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture(params=["sqlite", "postgresql"])
def nowhere(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/deep/registry.db"
    return request.getfixturevalue("postgres").empty()


def at_once(job, count: int = MANY) -> list:
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(job, range(count)))


def test_an_empty_place_is_prepared_by_one_of_many_who_open_it_at_once(nowhere: str) -> None:
    engines = at_once(lambda number: open_registry(nowhere), 4)
    save_cameras(engines[0], [CAMERA])
    assert [list_cameras(engine) for engine in engines] == [[CAMERA]] * 4
    with engines[0].connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []
    for engine in engines:
        engine.dispose()


def test_several_places_are_prepared_by_one_process_at_once(tmp_path: Path) -> None:
    def open_and_look(number: int) -> int:
        engine = open_registry(f"sqlite:///{tmp_path}/{number}/registry.db")
        found = len(list_cameras(engine))
        engine.dispose()
        return found

    with ThreadPoolExecutor(MANY) as threads:
        assert list(threads.map(open_and_look, range(MANY))) == [0] * MANY


def test_whoever_changes_tables_holds_the_folder_that_containers_share(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        with locked_folder(tmp_path):
            opening = threads.submit(open_registry, f"sqlite:///{tmp_path}/registry.db")
            with pytest.raises(TimeoutError):
                opening.result(timeout=1.0)
        engine = opening.result()
    assert list_cameras(engine) == []
    engine.dispose()


def test_cameras_come_back_as_they_were_in_the_order_of_their_characters(registry: Engine) -> None:
    names = ["a1", "B1", "b1", "A1", "a-2", "a 3", "Đ1", "D1", "ă1", "10", "9"]
    save_cameras(registry, [replace(CAMERA, id=name) for name in names])
    assert [camera.id for camera in list_cameras(registry)] == sorted(names)
    other = replace(CAMERA, id="a1", heading=None, ward="cửa nam", lat=-0.1 - 0.2)
    save_cameras(registry, [other])
    assert list_cameras(registry, "cửa nam") == [other]
    assert len(list_cameras(registry)) == len(names)


def test_cameras_are_all_saved_or_none(registry: Engine) -> None:
    save_cameras(registry, [CAMERA])
    with pytest.raises(SQLAlchemyError):
        save_cameras(registry, [replace(CAMERA, name="x"), replace(CAMERA, name="y")])
    assert list_cameras(registry) == [CAMERA]


def test_a_map_comes_back_as_it_was_and_another_takes_its_place(registry: Engine) -> None:
    save_roads(registry, [ROAD, replace(ROAD, id="R0", oneway=False, tags={})])
    assert list_roads(registry) == [replace(ROAD, id="R0", oneway=False, tags={}), ROAD]
    turns = (NoTurn("b", "r3"), NoTurn("b", "R0", frozenset({Profile.CAR})))
    cars, cycles = frozenset({Profile.CAR}), frozenset({Profile.MOTORCYCLE})
    ruled = replace(ROAD, no_turns=turns, driven_by=cars | cycles, driven_back_by=cycles)
    save_roads(registry, [ruled])
    assert list_roads(registry) == [ruled]
    save_roads(registry, [replace(ROAD, id="r2", name="ă\0" + "x" * 300)])
    (road,) = list_roads(registry)
    assert (road.id, road.name) == ("r2", f"ă{MARK}" + "x" * 198)


def test_two_maps_at_once_are_never_mixed(registry: Engine) -> None:
    maps = [[replace(ROAD, id=f"{number}-{i}") for i in range(50)] for number in range(MANY)]
    at_once(lambda number: save_roads(registry, maps[number]))
    assert list_roads(registry) in [sorted(one, key=lambda road: road.id) for one in maps]


def test_the_map_is_read_again_when_one_road_changed(registry: Engine) -> None:
    roads = [replace(ROAD, id=f"r{i}", speed_kmh=30 + 0.1 * i) for i in range(300)]
    save_roads(registry, roads)
    city = City(registry)
    first = city.map()
    assert city.map() is first
    save_roads(registry, [replace(roads[0], speed_kmh=31.0), *roads[1:]])
    second = city.map()
    assert second is not first
    save_roads(
        registry, [replace(roads[0], speed_kmh=31.0, no_turns=(NoTurn("b", "r1"),)), *roads[1:]]
    )
    assert city.map() is not second


def test_accounts_are_kept(registry: Engine) -> None:
    kept = add_account(registry, "nam", "officer", PASSWORD, NOON, "Nguyễn Nam")
    add_account(registry, "an.b", "auditor", PASSWORD, NOON)
    add_account(registry, "an-b", "auditor", PASSWORD, NOON)
    with pytest.raises(AccountError, match="already"):
        add_account(registry, "nam", "admin", PASSWORD, NOON)
    set_language(registry, "nam", "en")
    assert [one.username for one in list_accounts(registry)] == ["an-b", "an.b", "nam"]
    assert session_account(registry, kept.get_id()) == replace(kept, language="en")
    set_active(registry, "nam", False)
    assert session_account(registry, kept.get_id()) is None


def test_wrong_passwords_are_counted_however_many_come_at_once(registry: Engine) -> None:
    add_account(registry, "nam", "officer", PASSWORD, NOON)

    def attempt(number: int) -> str:
        try:
            return sign_in(registry, "nam", "wrong", NOON).username
        except SignInError as error:
            return str(error)

    said = at_once(attempt)
    assert 1 <= said.count("the name or the password is wrong") <= 4
    for _ in range(4):
        attempt(0)
    assert attempt(0) == "too many wrong passwords"
    assert sign_in(registry, "nam", PASSWORD, NOON + HOUR).username == "nam"
    assert attempt(0) == "the name or the password is wrong"


def test_nobody_signs_in_by_a_name_that_is_none(registry: Engine) -> None:
    add_account(registry, "nam", "officer", PASSWORD, NOON)
    for typed in ("nam\0", "' OR 1=1 --", "ă" * 200, "NAM\ud800"):
        with pytest.raises(SignInError, match="wrong"):
            sign_in(registry, typed, PASSWORD, NOON)


def test_a_reason_and_a_question_are_found_again(registry: Engine) -> None:
    account = add_account(registry, "nam", "officer", PASSWORD, NOON).id
    case = open_case(registry, account, "trộm xe máy", "17/2026", NOON)
    assert find_case(registry, case.id, account, NOON + HOUR, HOUR) == case
    assert find_case(registry, case.id, account, NOON + 2 * HOUR, HOUR) is None
    assert find_case(registry, case.id, account + 1, NOON, HOUR) is None
    question = Question("30a-123.45 ", ("30A12345",), NOON, NOON + HOUR, "Cửa Nam", ("C1",), True)
    name = save_question(registry, question, account, case.id, NOON)
    assert find_question(registry, name) == question
    for other in (name.swapcase(), "\0", "x" * 99):
        assert find_question(registry, other) is None


def test_what_belongs_to_an_account_that_is_not_there_is_refused(registry: Engine) -> None:
    with pytest.raises(SQLAlchemyError):
        open_case(registry, 999, "trộm xe máy", "", NOON)


def test_looks_are_kept_newest_first(registry: Engine) -> None:
    before = datetime.now(UTC)
    details = {"texts": ["30A*"], "từ": None, "limit": 2**53, "share": 0.1, "odd": "\0\ud800"}
    record_look(registry, "os:" + "x" * 200, "search", f"a\0b {'ă' * 600}", details, "9" * 99)
    record_look(registry, "nam", "route", "trộm xe", {})
    newest, first = list_looks(registry)
    assert (newest.who, newest.details) == ("nam", {})
    assert (first.who, first.case_number) == ("os:" + "x" * 97, "9" * 64)
    assert first.reason == f"a{MARK}b " + "ă" * 496
    assert first.details == details
    assert before <= first.at <= newest.at <= datetime.now(UTC)
    assert first.at.tzinfo is UTC


def test_the_looks_at_one_question_are_those_of_one_who_asks(registry: Engine) -> None:
    for who, action, question in [
        ("nam", "search", "q1"),
        ("lan", "search", "q1"),
        ("nam", "search", "q2"),
        ("nam", "export", "q1"),
    ]:
        record_look(registry, who, action, "trộm xe", {"question": question, "format": "pack"})
    record_look(registry, "nam", "backup", "mỗi đêm", {})
    found = looks_of_question(registry, "q1", "nam")
    assert [(look.who, look.action) for look in found] == [("nam", "search"), ("nam", "export")]


def test_no_look_of_many_at_once_is_lost(registry: Engine) -> None:
    at_once(lambda n: [record_look(registry, f"{n}", "search", f"{i}", {}) for i in range(20)])
    looks = list_looks(registry, 1000)
    for number in range(MANY):
        reasons = [look.reason for look in looks if look.who == f"{number}"]
        assert reasons == [str(i) for i in reversed(range(20))]


def test_a_look_that_cannot_be_written_down_is_an_error_without_what_was_asked(
    nowhere: str,
) -> None:
    registry = open_registry(nowhere)
    Base.metadata.tables["audit"].drop(registry)
    with pytest.raises(RegistryError, match="nothing is shown") as caught:
        record_look(registry, "nam", "search", "trộm xe", {"texts": ["30A12345"]})
    assert "30A12345" not in str(caught.value)
    registry.dispose()


def test_a_device_has_its_cameras_its_token_and_its_state(registry: Engine) -> None:
    first = add_device(registry, "hộp 1", ["C2", "C1", "C2"], NOON)
    state = {"waiting": 2**40, "lost": {"C1": 1}, "note": "\0", "share": 1e-9}
    note_state(registry, "hộp 1", state, NOON)
    (device,) = list_devices(registry)
    assert (device.cameras, device.state, device.seen_at) == ({"C1", "C2"}, state, NOON)
    assert not any(device_of(registry, first, NOON) is None for _ in range(2))
    second = rotate_token(registry, "hộp 1", NOON)
    assert None not in at_once(lambda _: device_of(registry, second, NOON))
    assert device_of(registry, first, NOON) is None
    assert device_of(registry, "\0", NOON) is None


def test_what_a_device_says_of_its_cameras_takes_the_place_of_what_it_said(
    registry: Engine, tmp_path: Path
) -> None:
    add_device(registry, "box", ["C1"], NOON)
    at_once(lambda n: note_health(registry, "box", MachineSaid(NOON + n * HOUR, ()), NOON, NOON))
    last = MachineSaid(NOON + 9 * HOUR, (), machine="hộp")
    note_health(registry, "box", last, NOON, NOON + 9 * HOUR)
    (machine,) = list_machines(registry, tmp_path / "none.json", NOON)
    assert (machine.said, machine.came_at) == (last, NOON + 9 * HOUR)


def test_the_same_refusal_is_counted_however_many_come_at_once(registry: Engine) -> None:
    odd = NotTaken("box", "C\0" + "x" * 99, "reason " * 99, '{"camera": "\0\\ud800"' + "y" * 3000)
    others = [NotTaken("box", "C1", f"reason {i}") for i in range(20)]

    def note(number: int) -> None:
        turned = others if number % 2 else others[::-1]
        note_refusals(registry, [odd, *turned], NOON + number * HOUR)

    at_once(note)
    kept = list_refusals(registry)
    assert [one.times for one in kept] == [MANY] * 21
    (found,) = (one for one in kept if one.what.content)
    assert found.what.camera == f"C{MARK}" + "x" * 62
    assert (len(found.what.reason), len(found.what.content)) == (500, 2000)


def test_pictures_that_are_gone_are_kept_once(registry: Engine) -> None:
    passage = Passage("C1", NOON, "30A12345", 0.9, track="1", frame="a" * 64, crop="b" * 64)
    lines = [SpoolLine(passage, gone=("a" * 64, "b" * 64))]
    at_once(lambda _: note_gone(registry, lines, NOON))
    assert count_gone(registry) == {"C1": 2}
    assert is_gone(registry, passage.id, "a" * 64)
    assert not is_gone(registry, passage.id, "\0")


def test_a_registry_of_a_newer_version_is_left_alone(nowhere: str) -> None:
    engine = open_registry(nowhere)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(RegistryError, match=r"newer PlateTrail \(revision 9999\)"):
        open_registry(nowhere)


def test_a_registry_moves_to_another_database_and_back(
    registry: Engine, postgres: Postgres, tmp_path: Path
) -> None:
    account = add_account(registry, "nam", "officer", PASSWORD, NOON)
    save_cameras(registry, [CAMERA])
    save_roads(registry, [replace(ROAD, id=f"{number}") for number in range(2100)])
    case = open_case(registry, account.id, "trộm xe máy", "", NOON)
    question = Question("30A", ("30A*",))
    name = save_question(registry, question, account.id, case.id, NOON)
    for number in range(3):
        record_look(registry, "nam", "search", f"{number}", {"texts": ["30A*"]})
    looks, roads = list_looks(registry), list_roads(registry)
    elsewhere = {
        "sqlite": postgres.empty(),
        "postgresql": f"sqlite:///{tmp_path}/registry.db",
    }
    moved = open_registry(elsewhere[registry.dialect.name])
    counts = copy_registry(registry, moved)
    assert (counts["audit"], counts["roads"], counts["devices"]) == (3, 2100, 0)
    assert (list_cameras(moved), list_roads(moved)) == ([CAMERA], roads)
    assert list_looks(moved) == looks
    assert find_question(moved, name) == question
    assert sign_in(moved, "nam", PASSWORD, NOON) == account
    record_look(moved, "nam", "search", "after", {})
    assert open_case(moved, account.id, "trộm", "", NOON).id == case.id + 1
    with pytest.raises(RegistryError, match="already: copy into one that is empty"):
        copy_registry(registry, moved)
    moved.dispose()


def test_lists_come_back_as_they_were_saved_and_what_changed_is_told(registry: Engine) -> None:
    entry = Entry("Đ", "30A*", "x\0", NOON + HOUR, "7", NOON, ("key", "route"), "22:00-05:00", 0.1)
    other = replace(entry, plate="51F12345", starts=None, areas=(), note="🚗")
    given = {(e.list, e.plate): e for e in (entry, other)}
    first = save_entries(registry, given, {"Đ": "stolen"}, "a", NOON)
    assert (len(first.new), first.same) == (2, 0)
    kept = replace(entry, reason=f"x{MARK}")
    other = replace(other, reason=kept.reason)
    assert list_entries(registry) == {("Đ", "30A*"): kept, ("Đ", "51F12345"): other}
    assert list_watchlists(registry) == [Watchlist("Đ", "stolen")]
    second = save_entries(registry, {("Đ", "30A*"): replace(kept, note="b")}, {"Đ": ""}, "b", NOON)
    assert (second.new, second.gone, second.same) == ((), (other,), 0)
    save_entries(registry, given, {"Đ": ""}, "c", NOON)
    assert list_entries(registry) == {("Đ", "30A*"): kept, ("Đ", "51F12345"): other}
    assert [(c.who, c.plate) for c in list_changes(registry, "Đ")] == [
        ("a", ""),
        ("a", "30A*"),
        ("a", "51F12345"),
        ("b", "30A*"),
        ("b", "51F12345"),
        ("c", "51F12345"),
        ("c", "30A*"),
    ]
    assert count_entries(registry) == {"Đ": 2}


def test_lists_are_all_saved_or_none(registry: Engine) -> None:
    entry = Entry("A", "30A12345", "x", NOON)
    with pytest.raises(SQLAlchemyError):
        save_entries(registry, {("A", "1"): entry, ("A", "2"): entry}, {"A": ""}, "a", NOON)
    assert list_watchlists(registry) == []
    assert list_entries(registry) == {}


def test_one_entry_is_put_on_a_list_and_taken_off_and_both_are_written_down(
    registry: Engine,
) -> None:
    entry = Entry("A", "30A12345", "x", NOON + HOUR)
    with pytest.raises(WatchlistError, match="there is no list 'A'"):
        add_entry(registry, entry, "a", NOON)
    save_entries(registry, {}, {"A": ""}, "a", NOON)
    add_entry(registry, entry, "b", NOON)
    with pytest.raises(FieldError, match="plate: 30A12345 stands in A already"):
        add_entry(registry, replace(entry, reason="y"), "c", NOON)
    take_off(registry, "A", "30A12345", "d", NOON)
    assert list_entries(registry) == {}
    with pytest.raises(WatchlistError, match="does not stand in A"):
        take_off(registry, "A", "30A12345", "e", NOON)
    again = replace(entry, reason="z")
    add_entry(registry, again, "f", NOON)
    assert list_entries(registry) == {("A", "30A12345"): again}
    changes = newest_changes(registry, "A", 0, 3)
    assert [(c.who, bool(c.before), bool(c.after)) for c in changes] == [
        ("f", False, True),
        ("d", True, False),
        ("b", False, True),
    ]
    assert [c.who for c in newest_changes(registry, "A", 3, 3)] == ["a"]


def test_what_was_changed_since_somebody_looked_is_not_saved_over(registry: Engine) -> None:
    entry = Entry("A", "30A12345", "x", NOON + HOUR)
    given = {("A", "30A12345"): entry}
    changes, last = would_save(registry, given, ["A"])
    assert (changes.new, last) == ((entry,), 0)
    save_entries(registry, {}, {"A": "stolen"}, "a", NOON)
    with pytest.raises(ListChangedError):
        save_entries(registry, given, {"A": ""}, "b", NOON, last)
    assert list_entries(registry) == {}
    save_entries(registry, {}, {"B": ""}, "a", NOON)
    changes, last = would_save(registry, given, ["A"])
    save_entries(registry, {}, {"B": "another"}, "a", NOON)
    save_entries(registry, given, {"A": ""}, "b", NOON, last)
    assert list_entries(registry) == given


def test_entries_are_found_by_state_plate_and_case_page_by_page(registry: Engine) -> None:
    def at(plate: str, until: float, starts: float | None = None, **more: Any) -> Entry:
        begins = None if starts is None else NOON + starts * HOUR
        return Entry("A", plate, "x", NOON + until * HOUR, starts=begins, **more)

    in_force = [
        at("30A1", 1, case="7/2026", areas=("key",), min_likelihood=0.5),
        at("30A2", 1, 0, hours="22:00-05:00"),
        at("51F*", 1, -1, areas=("key", "route"), hours="22:00-05:00", min_likelihood=0.8),
    ]
    later, over, gone = at("30A4", 2, 1), at("30A5", 0), at("30A6", 1)
    given = {(e.list, e.plate): e for e in (*in_force, later, over, gone)}
    save_entries(registry, given, {"A": "", "B": ""}, "a", NOON)
    take_off(registry, "A", "30A6", "a", NOON)
    assert count_states(registry, NOON) == {
        "A": {"in force": 3, "to come": 1, "over": 1, "taken off": 1}
    }
    assert looked_for(registry, NOON) == {
        "A": LookedFor(0.0, 0.8, ("key", "route"), ("22:00-05:00",), True, True)
    }

    def found(state: State, typed: str, skip: int = 0) -> tuple[list[KeptEntry], int]:
        return find_entries(registry, "A", state, typed, NOON, skip, 2)

    first, second, third = (KeptEntry(entry, None) for entry in in_force)
    assert found("in force", "") == ([first, second], 3)
    assert found("in force", "", 2) == ([third], 3)
    assert found("in force", "30a-2") == ([second], 1)
    assert found("in force", " 7/2026 ") == ([first], 1)
    assert found("in force", "51F*") == ([third], 1)
    assert found("in force", "%") == ([], 0)
    assert found("in force", "\0") == found("in force", "")
    assert found("to come", "") == ([KeptEntry(later, None)], 1)
    assert found("over", "") == ([KeptEntry(over, None)], 1)
    assert found("taken off", "") == ([KeptEntry(gone, NOON)], 1)


def test_imports_of_one_list_at_once_leave_one_of_them_whole(registry: Engine) -> None:
    def save(number: int) -> None:
        entries = [Entry("A", f"{number}A{i}", "x", NOON) for i in range(50)]
        save_entries(registry, {(e.list, e.plate): e for e in entries}, {"A": ""}, "a", NOON)

    at_once(save)
    plates = [plate for _, plate in list_entries(registry)]
    assert len(plates) == 50
    assert len({plate[0] for plate in plates}) == 1


def test_whoever_takes_an_alert_that_is_rejected_meanwhile_is_told_so(registry: Engine) -> None:
    now = datetime.now(UTC)
    add_channel(registry, Channel("duty", "webhook", "http://127.0.0.1:9/x"))
    watchlist, entry = Watchlist("stolen"), Entry("stolen", "30A12345", "trộm", now + HOUR)
    for number in range(MANY):
        passage = Passage("C1", now, "30A12345", 0.97, track=f"{number}")
        found = Found(watchlist, entry, "exact", "30A12345")
        raise_hits(registry, [Hit(found, passage, 0.97)], (), {}, now)
        (alert,) = list_alerts(registry, (NEW,), 10)
        with ThreadPoolExecutor(2) as threads:
            taken = threads.submit(take_next, registry, now)
            threads.submit(change_alert, registry, alert, REJECTED, "an", "misread", now).result()
        waiting = take_next(registry, now + HOUR)
        assert (waiting is None) == (taken.result() is None)
        if waiting is not None:
            assert waiting.state == REJECTED
            note_sent(registry, waiting)
        assert list_unsent(registry) == []


def test_no_leg_of_those_that_many_learn_from_at_once_is_lost(registry: Engine) -> None:
    legs = {Key(f"C{n}", f"C{n + 1}", 17): [240.0] * 10 for n in range(50)}
    with ThreadPoolExecutor(MANY) as threads:
        list(threads.map(lambda _: add_legs(registry, legs, NOON), range(MANY)))
    learnt = TravelTimes(registry)
    monday = datetime(2026, 1, 26, 10, tzinfo=UTC)
    counts = {one.count for n in range(50) for one in learnt(f"C{n}", f"C{n + 1}", monday)}
    assert counts == {10 * MANY}
