import csv
import io
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from search.audit import list_looks
from search.cameras import save_cameras
from search.invocation import os_user
from search.registry.opening import open_registry
from search.roads.keeping import save_roads
from search.roads.profile import Profile
from search.testing import Shell, camera_at, street

# C1 -------- C2, and a longer way between them; C3 on a branch:
#
#     +---- Hàng Khay ---+
#     |                  |
#  ---+---- Tràng Tiền --+-----C2
#  C1                    |
#                        C3
ROADS = [
    street("west", (0, 0), (200, 0), called="Tràng Thi"),
    street("short", (200, 0), (800, 0), called="Tràng Tiền"),
    street("long", (200, 0), (200, 30), (800, 30), (800, 0), called="Hàng Khay"),
    street("east", (800, 0), (1000, 0)),
    street("south", (800, 0), (800, -500), called="Hàng Bài"),
]
CAMERAS = [
    camera_at("C1", (100, 3), 90),
    camera_at("C2", (900, 3), 90),
    camera_at("C3", (803, -400), 180),
]
ASKED = "30A12345"


@pytest.fixture
def city(shell: Shell) -> Shell:
    registry = open_registry(shell.settings.registry)
    save_cameras(registry, CAMERAS)
    save_roads(registry, ROADS)
    return shell


def passes(shell: Shell, *seen: tuple[str, str], text: str = ASKED, **more: Any) -> None:
    lines = [
        {"camera": camera, "at": f"2026-01-31T{time}Z", "text": text, "score": 0.9} | more
        for camera, time in seen
    ]
    shell.run("ingest", "-", given="".join(json.dumps(line) + "\n" for line in lines))


def route(shell: Shell, *options: str, plate: str = "30A-123.45") -> str:
    result = shell.run("route", plate, "--reason", "a test", *options)
    assert result.exit_code == 0, result.output
    return result.stdout


def as_json(shell: Shell, *options: str) -> dict[str, Any]:
    text = route(shell, "--format", "json", *options)
    assert text.count("\n") == 1
    assert text.endswith("\n")
    fields: dict[str, Any] = json.loads(text)
    return fields


def test_a_plate_that_nobody_saw_has_a_clear_answer(city: Shell) -> None:
    assert as_json(city) == {
        "plate": ASKED,
        "from": None,
        "to": None,
        "stops": [],
        "legs": [],
        "doubtful": [],
    }
    assert route(city) == "Plate 30A-123.45, at any time: nobody saw it.\n"
    assert len(route(city, "--format", "csv").splitlines()) == 1
    assert json.loads(route(city, "--format", "geojson"))["features"] == []


def test_json_has_the_shape_of_the_contract(city: Shell) -> None:
    passes(city, ("C1", "08:00:00.000"), ("C2", "08:01:40.000"))
    found = as_json(city, "--from", "2026-01-31T15:00:00+07:00", "--to", "2026-02-01T00:00Z")
    (leg,) = found.pop("legs")
    assert found == {
        "plate": ASKED,
        "from": "2026-01-31T08:00:00.000Z",
        "to": "2026-02-01T00:00:00.000Z",
        "stops": [
            {
                "camera": camera,
                "at": f"2026-01-31T08:0{time}.000Z",
                "text": ASKED,
                "score": 0.9,
                "match": "exact",
                "likelihood": 0.9,
            }
            for camera, time in [("C1", "0:00"), ("C2", "1:40")]
        ],
        "doubtful": [],
    }
    best, other = leg.pop("paths")
    assert leg == {
        "from": 0,
        "to": 1,
        "seconds": 100.0,
        "metres": pytest.approx(800, abs=1),
        "kmh": pytest.approx(28.8, abs=0.1),
        "verdict": "ordinary",
    }
    assert best["roads"] == ["west", "short", "east"]
    assert other["roads"] == ["west", "long", "east"]
    assert other["metres"] == pytest.approx(860, abs=1)
    assert 0 < other["probability"] < best["probability"] < 1


def test_a_leg_between_two_trips_says_so_and_has_no_paths(city: Shell) -> None:
    passes(city, ("C1", "08:00:00"), ("C2", "20:00:00"))
    (leg,) = as_json(city)["legs"]
    assert (leg["parked"], leg["verdict"], leg["paths"]) == (True, "gap", [])
    assert "12 h · 800 m · parked: a new trip begins" in route(city)
    (first, _) = csv.DictReader(io.StringIO(route(city, "--format", "csv").lstrip("\ufeff")))
    assert (first["leg_parked"], first["inferred_roads"]) == ("true", "")


def test_what_is_usual_at_this_hour_is_learnt_while_sightings_come_in(city: Shell) -> None:
    passes(city, ("C1", "08:15:00"), ("C2", "08:23:10"))
    assert as_json(city)["legs"][0]["verdict"] == "slow"
    for number in range(40):  # in the same hour
        seen = ("C1", f"08:{number:02}:00"), ("C2", f"08:{number + 8:02}:00")
        passes(city, *seen, text=f"29B{number:05}", score=0.97)
    (leg,) = as_json(city)["legs"]
    assert (leg["verdict"], leg["usual"]) == ("ordinary", pytest.approx(470, abs=15))
    assert re.search(r"8 min 10 s \(usually 7 min \d+ s at this hour\)", route(city))


def test_doubtful_readings_stand_apart(city: Shell) -> None:
    passes(city, ("C1", "08:00:00"))
    candidates = [["30A12346", 0.6], [ASKED, 0.3]]
    passes(city, ("C2", "08:00:04"), text="30A12346", candidates=candidates)
    found = as_json(city)
    assert len(found["stops"]) == 1
    assert found["doubtful"] == [
        {
            "camera": "C2",
            "at": "2026-01-31T08:00:04Z",
            "text": "30A12346",
            "score": 0.9,
            "match": "candidate",
            "likelihood": 0.3,
        }
    ]
    timeline, line, doubtful = route(city).partition("Doubtful")
    assert "30A12346" not in timeline
    assert line
    assert "30A12346  90 %  30 % likely" in doubtful


def test_the_table_tells_the_whole_in_hanois_time(city: Shell) -> None:
    passes(city, ("C1", "08:00:00"), ("C2", "08:01:40"), ("C3", "08:01:41"), ("X9", "08:03:00"))
    lines = route(city).splitlines()
    assert lines[0] == "Plate 30A-123.45, at any time: 4 stops, 1 trip, about 800 m in all"
    assert lines[2] == "stop  time in Hanoi          camera  name       read as   score"
    assert lines[3] == "1     15:00:00 · 31/01/2026  C1      Camera C1  30A12345  90 %"
    assert lines[4] == "      1 min 40 s · 800 m · 29 km/h · ordinary"
    assert lines[5] == "      inferred, 67 %: Tràng Thi > Tràng Tiền, 800 m"
    assert lines[6] == "      inferred, 32 %: Tràng Thi > Hàng Khay, 860 m"
    assert "impossible: the plate may be false" in lines[8]
    assert lines[10] == "      1 min 19 s · gap: where it was in between is not known"
    assert lines[11] == "4     15:03:00 · 31/01/2026  X9      X9         30A12345  90 %"
    assert len(lines) == 12


def test_the_table_says_which_span_was_asked_for(city: Shell) -> None:
    start, end = ("--from", "2026-01-31T08:00Z"), ("--to", "2026-02-01T08:00Z")
    assert "from 15:00:00 · 31/01/2026 on: nobody saw it" in route(city, *start)
    assert "before 15:00:00 · 01/02/2026: nobody saw it" in route(city, *end)
    both = "from 15:00:00 · 31/01/2026 to 15:00:00 · 01/02/2026: nobody saw it"
    assert both in route(city, *start, *end)


def test_csv_has_the_likeliest_way_and_says_that_it_is_inferred(city: Shell) -> None:
    passes(city, ("C1", "08:00:00"), ("C2", "08:01:40"))
    text = route(city, "--format", "csv")
    assert text.startswith("\ufeffstop,camera,")
    first, second = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    assert (first["camera"], first["at_hanoi"]) == ("C1", "15:00:00 · 31/01/2026")
    assert (first["leg_seconds"], first["leg_metres"]) == ("100.0", "800")
    assert (first["leg_verdict"], first["leg_parked"]) == ("ordinary", "false")
    assert first["inferred_way"] == "Tràng Thi > Tràng Tiền"
    assert first["inferred_roads"] == "west short east"
    assert 0.5 < float(first["inferred_probability"]) < 1
    assert (second["stop"], second["leg_seconds"], second["inferred_way"]) == ("2", "", "")


def test_geojson_has_stops_with_their_legs_and_inferred_ways(city: Shell) -> None:
    passes(city, ("C1", "08:00:00"), ("C2", "08:01:40"))
    features = json.loads(route(city, "--format", "geojson"))["features"]
    stops = [f for f in features if f["geometry"]["type"] == "Point"]
    ways = [f for f in features if f["geometry"]["type"] == "LineString"]
    assert [s["properties"]["camera"] for s in stops] == ["C1", "C2"]
    assert not any(s["properties"]["inferred"] for s in stops)
    assert stops[0]["properties"]["leg_verdict"] == "ordinary"
    assert "leg_verdict" not in stops[1]["properties"]
    assert [w["properties"]["roads"] for w in ways] == [
        ["west", "short", "east"],
        ["west", "long", "east"],
    ]
    assert [w["properties"]["metres"] for w in ways] == [800, 860]
    assert all(w["properties"]["inferred"] for w in ways)
    assert all(len(w["geometry"]["coordinates"]) >= 2 for w in ways)


def test_without_roads_the_distance_is_as_the_crow_flies(city: Shell) -> None:
    save_roads(open_registry(city.settings.registry), [])
    passes(city, ("C1", "08:00:00"), ("C2", "08:01:40"))
    (leg,) = as_json(city)["legs"]
    assert leg["metres"] == pytest.approx(800, abs=1)
    assert (leg["straight"], leg["verdict"], leg["paths"]) == (True, "gap", [])
    assert "800 m as the crow flies" in route(city)


def test_without_cameras_stops_are_shown_all_the_same(shell: Shell) -> None:
    passes(shell, ("C1", "08:00:00"), ("C2", "08:01:40"))
    found = as_json(shell)
    assert [stop["camera"] for stop in found["stops"]] == ["C1", "C2"]
    assert found["legs"][0]["metres"] is None
    assert json.loads(route(shell, "--format", "geojson"))["features"] == []


def test_two_sightings_in_the_same_millisecond_have_no_speed(city: Shell) -> None:
    passes(city, ("C1", "08:00:00"), ("C2", "08:00:00"))
    (leg,) = as_json(city)["legs"]
    assert (leg["seconds"], leg["kmh"], leg["verdict"]) == (0.0, None, "impossible")
    for kind in ("table", "csv", "geojson"):
        assert route(city, "--format", kind)


def test_ten_thousand_sightings_are_one_route(city: Shell) -> None:
    seen = [
        ("C1" if i % 2 else "C2", f"{i // 3600:02}:{i // 60 % 60:02}:{i % 60:02}")
        for i in range(10_001)
    ]
    passes(city, *seen)
    result = city.run("route", ASKED, "--reason", "a test", "--format", "json")
    found = json.loads(result.stdout)
    assert (len(found["stops"]), len(found["legs"])) == (10_000, 9_999)
    assert "more than 10000 sightings, and only the newest are shown" in result.stderr
    assert "only the newest are here" in route(city)


def test_a_text_that_cannot_be_a_plate_is_warned_of_and_answered(city: Shell) -> None:
    passes(city, ("C1", "08:00:00"), text="99999")
    result = city.run("route", "99999", "--reason", "a test", "--format", "json")
    assert result.exit_code == 0
    assert "99999 cannot be a Vietnamese plate" in result.stderr
    assert json.loads(result.stdout)["stops"][0]["text"] == "99999"


def test_of_several_meanings_the_likeliest_is_taken_and_the_others_are_told(city: Shell) -> None:
    result = city.run("route", "29Â-123.45", "--reason", "a test", "--format", "json")
    assert json.loads(result.stdout)["plate"] == "29AA12345"
    assert "29Â-123.45 is taken as 29AA12345; it may mean" in result.stderr


def test_a_look_is_in_the_audit_log_with_its_reason(city: Shell) -> None:
    route(city, "--format", "csv", "--to", "2026-02-01T00:00Z")
    (look,) = list_looks(open_registry(city.settings.registry))
    assert (look.who, look.action, look.reason) == (os_user(), "route", "a test")
    assert look.details == {
        "texts": [ASKED],
        "from": None,
        "to": "2026-02-01T00:00:00.000Z",
        "cameras": None,
        "candidates": True,
        "format": "csv",
    }


def test_ways_are_those_of_the_vehicle_that_is_named(city: Shell) -> None:
    registry = open_registry(city.settings.registry)
    no_lorries = frozenset({Profile.CAR, Profile.MOTORCYCLE})
    save_roads(
        registry, [replace(r, driven_by=no_lorries) if r.id == "short" else r for r in ROADS]
    )
    passes(city, ("C1", "08:00:00"), ("C2", "08:01:20"), kind="car")

    def best(*options: str) -> list[str]:
        roads: list[str] = as_json(city, *options)["legs"][0]["paths"][0]["roads"]
        return roads

    assert best() == ["west", "short", "east"]
    assert best("--vehicle", "lorry") == ["west", "long", "east"]
    looks = [look.details.get("vehicle") for look in list_looks(registry)]
    assert sorted(looks, key=str) == [None, "lorry"]


def test_nothing_is_shown_that_cannot_be_audited(city: Shell) -> None:
    passes(city, ("C1", "08:00:00"))
    assert city.run("route", ASKED).exit_code == 2
    result = city.run("route", ASKED, "--reason", " ")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "needs its reason" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-"], "no letter or digit"),
        (["A"], "2 to 12 letters and digits"),
        (["30A?2345"], "stands for many vehicles: a route is of one whole plate"),
        (["*"], "stands for many vehicles"),
        (["30A*"], "stands for many vehicles"),
        ([ASKED, "--from", "yesterday"], "is not a time"),
        ([ASKED, "--format", "docx"], "'docx' is not one of"),
        (
            [ASKED, "--from", "2026-02-01T00:00Z", "--to", "2026-01-01T00:00Z"],
            "the span runs backwards: from 2026-02-01T00:00:00.000Z",
        ),
    ],
)
def test_what_cannot_be_asked_is_one_clear_error(
    city: Shell, arguments: list[str], said: str
) -> None:
    result = city.run("route", *arguments, "--reason", "a test")
    assert result.exit_code != 0
    assert result.stdout == ""
    assert said in result.stderr
    assert list_looks(open_registry(city.settings.registry)) == []
