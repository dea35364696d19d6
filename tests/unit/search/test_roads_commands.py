import json
from pathlib import Path

import pytest

from search.cameras import Camera, save_cameras
from search.registry.opening import open_registry
from search.roads.geojson import format_geojson, parse_geojson
from search.roads.keeping import list_roads, save_roads
from search.roads.road import Road
from search.testing import Shell, camera_at, on_map, street

# a -- b -- c ---> d                     x -- y
ROADS = [
    street("ab", (0, 0), (500, 0), called="Tràng Tiền"),
    street("bc", (500, 0), (1000, 0)),
    street("cd", (1000, 0), (1500, 0), oneway=True, called="Một chiều"),
    street("xy", (0, 3000), (100, 3000), called="Bãi Giữa"),
]
OSM = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lon="105.85" lat="21.03"/><node id="2" lon="105.86" lat="21.03"/>
<way id="7"><nd ref="1"/><nd ref="2"/>
<tag k="highway" v="primary"/><tag k="name" v="Phố Huế"/></way>
</osm>"""


def saved(folder: Path, text: str, name: str = "roads.geojson") -> str:
    file = folder / name
    file.write_text(text, "utf-8")
    return str(file)


def known(shell: Shell) -> list[Road]:
    return list_roads(open_registry(shell.settings.registry))


def stand(shell: Shell, *cameras: Camera) -> None:
    save_cameras(open_registry(shell.settings.registry), cameras)


def test_without_roads_there_is_nothing_to_list_or_export(shell: Shell) -> None:
    result = shell.run("roads", "list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "0 roads, 0 junctions, 0.0 km\n"
    assert json.loads(shell.run("roads", "export").stdout)["features"] == []
    check = shell.run("roads", "check")
    assert (check.exit_code, check.stderr) == (
        1,
        "Error: there are no roads: see platetrail roads import\n",
    )


@pytest.mark.parametrize("name", ["roads.geojson", "roads.json", "ROADS.GeoJSON"])
def test_import_takes_geojson_in(shell: Shell, tmp_path: Path, name: str) -> None:
    result = shell.run("roads", "import", saved(tmp_path, format_geojson(ROADS), name))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "imported: 4 roads, 6 junctions, 1.6 km\n"
    assert [(r.id, r.name, r.oneway) for r in known(shell)] == [
        ("ab", "Tràng Tiền", False),
        ("bc", "", False),
        ("cd", "Một chiều", True),
        ("xy", "Bãi Giữa", False),
    ]


def test_import_takes_an_extract_in(shell: Shell, tmp_path: Path) -> None:
    result = shell.run("roads", "import", saved(tmp_path, OSM, "map.osm"))
    assert result.stderr == "imported: 1 road, 2 junctions, 1.0 km\n"
    assert [(r.id, r.name, r.road_class) for r in known(shell)] == [("7-0", "Phố Huế", "primary")]


RESTRICTED = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lon="105.85" lat="21.03"/><node id="2" lon="105.86" lat="21.03"/>
<node id="3" lon="105.87" lat="21.03"/>
<way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>
<way id="8"><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/></way>
<relation id="1"><member type="way" ref="7" role="from"/><member type="node" ref="2" role="via"/>
<member type="way" ref="7" role="to"/>
<tag k="type" v="restriction"/><tag k="restriction" v="no_u_turn"/></relation>
<relation id="2"><member type="way" ref="7" role="from"/><member type="way" ref="8" role="via"/>
<member type="way" ref="7" role="to"/>
<tag k="type" v="restriction"/><tag k="restriction" v="no_u_turn"/></relation>
<relation id="3"><member type="way" ref="7" role="from"/><member type="node" ref="2" role="via"/>
<member type="way" ref="99" role="to"/>
<tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/></relation>
</osm>"""


def test_import_says_which_turns_are_forbidden_and_what_is_left_out(
    shell: Shell, tmp_path: Path
) -> None:
    result = shell.run("roads", "import", saved(tmp_path, RESTRICTED, "map.osm"))
    assert result.stderr.splitlines() == [
        "imported: 2 roads, 3 junctions, 2.1 km",
        "forbidden: 1 turn",
        "turn restrictions left out: 1 via a way, 1 whose ways do not meet on this map",
    ]
    exported = shell.run("roads", "export").stdout
    assert exported.count('"no_turns":[{"via":"2","to":"7-0"}]') == 1
    assert format_geojson(parse_geojson(exported)) == exported


def test_another_map_takes_the_place_of_the_one_before(shell: Shell, tmp_path: Path) -> None:
    shell.run("roads", "import", saved(tmp_path, format_geojson(ROADS)))
    shell.run("roads", "import", saved(tmp_path, OSM, "map.osm"))
    assert [road.id for road in known(shell)] == ["7-0"]


def test_export_writes_what_import_takes(shell: Shell, tmp_path: Path) -> None:
    shell.run("roads", "import", saved(tmp_path, format_geojson(ROADS)))
    text = shell.run("roads", "export").stdout
    assert text == format_geojson(ROADS)
    out = tmp_path / "out.geojson"
    assert shell.run("roads", "export", str(out)).exit_code == 0
    assert [road.id for road in parse_geojson(out.read_text("utf-8"))] == ["ab", "bc", "cd", "xy"]


@pytest.mark.parametrize(
    ("box", "ids"),
    [
        (("0", "0", "1", "1"), []),
        (("105", "20", "107", "22"), ["ab", "bc"]),  # cd leads out and not back, xy is an island
    ],
)
def test_a_box_cuts_out_what_hangs_together_in_it(
    shell: Shell, tmp_path: Path, box: tuple[str, ...], ids: list[str]
) -> None:
    shell.run("roads", "import", saved(tmp_path, format_geojson(ROADS)))
    features = json.loads(shell.run("roads", "export", "--box", *box).stdout)["features"]
    assert [feature["properties"]["id"] for feature in features] == ids


def test_list_has_a_line_for_each_road(shell: Shell, tmp_path: Path) -> None:
    shell.run("roads", "import", saved(tmp_path, format_geojson(ROADS)))
    result = shell.run("roads", "list")
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["id", "name", "class", "km/h", "metres", "ways", "from", "to"]
    assert lines[3].split() == ["cd", "Một", "chiều", "36", "500", "one", "way", "1000,0", "1500,0"]
    assert result.stderr == "4 roads, 6 junctions, 1.6 km\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("roads.geojson", "", "not GeoJSON"),
        ("roads.geojson", '{"type": "FeatureCollection", "features": []}', "holds no LineString"),
        ("roads.geojson", format_geojson(ROADS).replace('"id":"bc",', ""), "feature 2: id"),
        ("roads.geojson", format_geojson([*ROADS, ROADS[0]]), "stands in the file already"),
        ("map.osm", "<osm", "is not an OpenStreetMap extract"),
        ("map.osm.pbf", "no extract", "is not an OpenStreetMap extract"),
        ("map.osm", "<osm version='0.6'></osm>", "holds no drivable road"),
        ("roads.csv", "id,speed_kmh", "expected a file named .osm.pbf, .osm, .geojson or .json"),
    ],
)
def test_a_bad_map_is_one_clear_line_and_the_one_before_stays(
    shell: Shell, tmp_path: Path, name: str, text: str, said: str
) -> None:
    shell.run("roads", "import", saved(tmp_path, format_geojson(ROADS)))
    result = shell.run("roads", "import", saved(tmp_path, text, name))
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"Error: {tmp_path / name}")
    assert said in line
    assert len(known(shell)) == 4


def test_a_file_that_is_not_there_or_not_utf8_is_one_clear_line(
    shell: Shell, tmp_path: Path
) -> None:
    result = shell.run("roads", "import", str(tmp_path / "none.osm.pbf"))
    assert result.stderr == f"Error: {tmp_path}/none.osm.pbf: there is no such file\n"
    (tmp_path / "old.json").write_bytes("{}".encode("utf-16"))
    assert "is not UTF-8" in shell.run("roads", "import", str(tmp_path / "old.json")).stderr


def test_an_import_that_is_cut_off_changes_nothing(tmp_path: Path) -> None:
    engine = open_registry(f"sqlite:///{tmp_path}/registry.db")
    save_roads(engine, ROADS)
    twins = [street("new", (0, 0), (1, 0))] * 2  # the second one cannot be kept
    with pytest.raises(Exception, match="UNIQUE"):
        save_roads(engine, twins)
    assert [road.id for road in list_roads(engine)] == ["ab", "bc", "cd", "xy"]


def test_what_is_kept_is_what_was_given(tmp_path: Path) -> None:
    engine = open_registry(f"sqlite:///{tmp_path}/registry.db")
    road = Road("r", ROADS[0].points, "a", "b", 1.5, 40.0, True, "x" * 255, "y" * 40, {"hgv": "no"})
    save_roads(engine, [road])
    (kept,) = list_roads(engine)
    assert (kept.points, kept.length_m, kept.oneway) == (road.points, 1.5, True)
    assert (kept.name, kept.road_class, kept.tags) == ("x" * 200, "y" * 32, {"hgv": "no"})


def test_import_lists_the_cameras_that_fit_no_road(shell: Shell, tmp_path: Path) -> None:
    stand(shell, camera_at("C1", (100, 0), 90), camera_at("C2", (100, 0), 0))
    result = shell.run("roads", "import", saved(tmp_path, format_geojson(ROADS)))
    assert result.stderr.splitlines()[1:] == [
        "warning: C2 (Camera C2) fits no road: no road within 80 m is driven in its direction"
    ]


def test_the_map_of_another_city_fits_no_camera(shell: Shell, tmp_path: Path) -> None:
    stand(shell, camera_at("C1", (90_000, 0)), camera_at("C2", (90_000, 500)))
    result = shell.run("roads", "import", saved(tmp_path, format_geojson(ROADS)))
    assert result.exit_code == 0
    assert result.stderr.splitlines()[1:] == [
        "warning: C1 (Camera C1) fits no road: no road within 80 m",
        "warning: C2 (Camera C2) fits no road: no road within 80 m",
        "warning: no camera stands within 80 m of a road: is this the map of another city?",
    ]


def test_check_tells_what_looks_wrong(shell: Shell, tmp_path: Path) -> None:
    spot = Road("spot", (on_map((500, 0)),) * 2, "500,0", "500,0", 0, 36)
    to = street("to", (0, 200), (0, 0), oneway=True)
    shell.run("roads", "import", saved(tmp_path, format_geojson([*ROADS, spot, to])))
    stand(
        shell,
        camera_at("C1", (100, 0), 90),
        camera_at("C2", (100, 0), 0),
        camera_at("C3", (50, 3000)),
    )
    result = shell.run("roads", "check")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "6 roads, 7 junctions, 1.8 km",
        "largest part that hangs together: 3 roads, 3 junctions, 1.0 km (55.6%)",
        "islands: 1",
        "  1 road, 2 junctions, 0.1 km, such as xy (Bãi Giữa)",
        "roads with no way in, where a vehicle could only appear: 1",
        "  to",
        "roads with no way out, where a vehicle could only vanish: 1",
        "  cd (Một chiều)",
        "roads without length: 1",
        "  spot",
        "cameras that see no road: 1",
        "  C2 (Camera C2) fits no road: no road within 80 m is driven in its direction",
        "cameras that see no road of the largest part: 1",
        "  C3 (Camera C3) sees no road of the largest part, but xy (Bãi Giữa)",
    ]


def test_check_is_content_with_a_map_that_every_camera_fits(shell: Shell, tmp_path: Path) -> None:
    shell.run("roads", "import", saved(tmp_path, format_geojson(ROADS[:2])))
    stand(shell, camera_at("C1", (100, 0), 90))
    result = shell.run("roads", "check")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[2:] == [
        "islands: 0",
        "roads with no way in, where a vehicle could only appear: 0",
        "roads with no way out, where a vehicle could only vanish: 0",
        "roads without length: 0",
        "cameras that see no road: 0",
        "cameras that see no road of the largest part: 0",
    ]


def test_check_counts_the_cameras_of_another_city(shell: Shell, tmp_path: Path) -> None:
    shell.run("roads", "import", saved(tmp_path, format_geojson(ROADS[:2])))
    stand(shell, camera_at("C1", (90_000, 0)))
    result = shell.run("roads", "check")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[6:9] == [
        "cameras that see no road: 1",
        "  C1 (Camera C1) fits no road: no road within 80 m",
        "  no camera stands within 80 m of a road: is this the map of another city?",
    ]


def test_check_shows_the_largest_of_many_islands(shell: Shell, tmp_path: Path) -> None:
    many = [street(f"i{n:02}", (0, 200.0 * n), (50 + n, 200.0 * n)) for n in range(30)]
    shell.run("roads", "import", saved(tmp_path, format_geojson(many)))
    lines = shell.run("roads", "check").stdout.splitlines()
    assert lines[2:4] == ["islands: 29", "  1 road, 2 junctions, 0.1 km, such as i28"]
    assert lines[23] == "  and 9 more"
