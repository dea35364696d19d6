import json
from pathlib import Path

import pytest

from search.cameras import Camera, format_cameras, list_cameras, parse_cameras
from search.registry.opening import open_registry
from search.roads.geojson import format_geojson
from search.roads.road import Road
from search.testing import Shell, camera_at, street

HEADER = "id,name,lat,lon,heading,area,ward,district\n"
LINE = "C1,Hàng Bài,21.03,105.85,90,route,Cửa Nam,\n"
# C1 sees the street eastward, C2 both ways; C3 looks across it, C4 is far away:
#
#   C1 ------- C2 ------ C3                     C4
STREET = street("r1", (0, 0), (1000, 0), called="Tràng Tiền")
CAMERAS = [
    camera_at("C1", (100, 5), 90),
    camera_at("C2", (500, 8)),
    camera_at("C3", (900, 5), 0),
    camera_at("C4", (5000, 0), 90),
]


def saved(folder: Path, text: str, name: str = "cameras.csv") -> str:
    file = folder / name
    file.write_text(text, "utf-8")
    return str(file)


def known(shell: Shell) -> list[Camera]:
    return list_cameras(open_registry(shell.settings.registry))


def with_map(shell: Shell, folder: Path, *roads: Road) -> None:
    shell.run("roads", "import", saved(folder, format_geojson(roads), "roads.geojson"))


def test_without_cameras_there_is_nothing_to_list(shell: Shell) -> None:
    result = shell.run("cameras", "list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "there are no cameras" in result.stderr
    assert shell.run("cameras", "export").stdout == HEADER


def test_import_takes_cameras_in(shell: Shell, tmp_path: Path) -> None:
    result = shell.run("cameras", "import", saved(tmp_path, HEADER + LINE))
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "imported: 1 camera",
        "there are no roads yet: see platetrail roads import",
    ]
    assert known(shell) == [Camera("C1", "Hàng Bài", 21.03, 105.85, 90, "route", "Cửa Nam")]


def test_import_understands_what_spreadsheets_write(shell: Shell, tmp_path: Path) -> None:
    # a mark for UTF-8, other columns and another order, line ends of Windows, no district
    text = "\ufeffward,note,id,name,lon,lat,area,heading\r\n"
    text += "Cửa Nam,x,C1,Hàng Bài,105.85,21.03,key,\r\n\r\n"
    assert shell.run("cameras", "import", saved(tmp_path, text)).exit_code == 0
    assert known(shell) == [Camera("C1", "Hàng Bài", 21.03, 105.85, None, "key", "Cửa Nam")]


def test_a_camera_that_is_known_is_replaced_and_others_stay(shell: Shell, tmp_path: Path) -> None:
    shell.run("cameras", "import", saved(tmp_path, format_cameras(CAMERAS)))
    shell.run("cameras", "import", saved(tmp_path, HEADER + LINE))
    assert [(c.id, c.name) for c in known(shell)][:2] == [("C1", "Hàng Bài"), ("C2", "Camera C2")]


def test_export_writes_what_import_takes(shell: Shell, tmp_path: Path) -> None:
    shell.run("cameras", "import", saved(tmp_path, format_cameras(CAMERAS)))
    assert parse_cameras(shell.run("cameras", "export").stdout) == CAMERAS
    out = tmp_path / "out.csv"
    assert shell.run("cameras", "export", str(out)).exit_code == 0
    assert parse_cameras(out.read_text("utf-8")) == CAMERAS


def test_list_shows_the_cameras_of_a_ward(shell: Shell, tmp_path: Path) -> None:
    shell.run("cameras", "import", saved(tmp_path, HEADER + LINE + LINE.replace("C1", "C2")))
    lines = shell.run("cameras", "list", "--ward", "Cửa Nam").stdout.splitlines()
    assert lines[0].split() == ["id", "name", "area", "ward", "district", "lat", "lon", "heading"]
    assert [line.split()[0] for line in lines[1:]] == ["C1", "C2"]
    assert "21.030000  105.850000  90" in lines[1]
    assert shell.run("cameras", "list", "--ward", "Ba Đình").stdout == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the header lacks id, name, lat, lon, heading, area, ward"),
        (HEADER, "the list holds no camera"),
        (HEADER.replace(",", ";") + LINE, "the header lacks"),
        (HEADER + LINE + LINE, "line 3: the id C1 stands there twice"),
        (HEADER + ",x,21,105,,route,w,\n", "line 2: id: expected 1 to 64 printable characters"),
        (HEADER + "C1,Hàng Bài,105.85,21.03,90,route,w,\n", "are lat and lon swapped?"),
        (HEADER + "C1,x,north,105,90,route,w,\n", "lat: expected a number, got 'north'"),
        (HEADER + "C1,x,nan,105,90,route,w,\n", "lat: expected -90 to 90, got nan"),
        (HEADER + "C1,x,21,105,east,route,w,\n", "heading: expected a number, got 'east'"),
        (HEADER + "C1,x,21,105,90,motorway,w,\n", "area: expected route, residential, key"),
        (HEADER + "C1,x\n", "lat: expected a number, got None"),
        (HEADER + f"C1,{'x' * 201},21,105,90,route,w,\n", "name: expected at most 200"),
        (HEADER + "C1,\x1b[2J,21,105,90,route,w,\n", "name: expected at most 200 printable"),
        (HEADER + f"C1,{'x' * 200_000},21,105,90,route,w,\n", "not CSV"),
    ],
)
def test_a_bad_list_is_one_clear_line_and_nothing_is_taken(
    shell: Shell, tmp_path: Path, text: str, said: str
) -> None:
    file = saved(tmp_path, text)
    result = shell.run("cameras", "import", file)
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"Error: {file}: ")
    assert said in line
    assert known(shell) == []


def test_a_file_that_is_not_there_or_not_utf8_is_one_clear_line(
    shell: Shell, tmp_path: Path
) -> None:
    result = shell.run("cameras", "import", str(tmp_path / "none.csv"))
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: {tmp_path}/none.csv: No such file or directory\n",
    )
    (tmp_path / "old.csv").write_bytes((HEADER + LINE).encode("utf-16"))
    assert "is not UTF-8" in shell.run("cameras", "import", str(tmp_path / "old.csv")).stderr


def test_a_registry_that_cannot_be_opened_is_one_clear_line(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    for command in (["list"], ["check"], ["export"]):
        result = shell.run("cameras", *command)
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: the registry cannot be opened")
        assert len(result.stderr.splitlines()) == 1


def test_import_lists_the_cameras_that_fit_no_road(shell: Shell, tmp_path: Path) -> None:
    with_map(shell, tmp_path, STREET)
    result = shell.run("cameras", "import", saved(tmp_path, format_cameras(CAMERAS)))
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "imported: 4 cameras",
        "warning: C3 (Camera C3) fits no road: no road within 80 m is driven in its direction",
        "warning: C4 (Camera C4) fits no road: no road within 80 m",
    ]


def test_check_says_which_camera_sees_which_road(shell: Shell, tmp_path: Path) -> None:
    with_map(shell, tmp_path, STREET)
    shell.run("cameras", "import", saved(tmp_path, format_cameras(CAMERAS)))
    result = shell.run("cameras", "check")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "camera  name       road  road name   metres  direction",
        "C1      Camera C1  r1    Tràng Tiền  5       east (90°)",
        "C2      Camera C2  r1    Tràng Tiền  8       east (90°) and west (270°)",
        "C3 (Camera C3) fits no road: no road within 80 m is driven in its direction",
        "C4 (Camera C4) fits no road: no road within 80 m",
    ]
    assert result.stderr == "4 cameras, 2 without a road\n"


def test_check_is_content_where_every_camera_fits(shell: Shell, tmp_path: Path) -> None:
    with_map(shell, tmp_path, STREET)
    assert shell.run("cameras", "check").exit_code == 0
    shell.run("cameras", "import", saved(tmp_path, format_cameras(CAMERAS[:2])))
    assert shell.run("cameras", "check").exit_code == 0


def test_check_without_roads_says_what_to_do(shell: Shell, tmp_path: Path) -> None:
    shell.run("cameras", "import", saved(tmp_path, format_cameras(CAMERAS)))
    result = shell.run("cameras", "check")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: there are no roads: see platetrail roads import\n",
    )


def test_the_map_of_another_city_is_guessed(shell: Shell, tmp_path: Path) -> None:
    with_map(shell, tmp_path, STREET)
    far = format_cameras(CAMERAS[3:])
    lines = shell.run("cameras", "import", saved(tmp_path, far)).stderr.splitlines()
    assert lines[-1].endswith("within 80 m of a road: is this the map of another city?")


def test_the_roads_of_a_camera_are_those_of_the_route(shell: Shell, tmp_path: Path) -> None:
    with_map(shell, tmp_path, STREET)
    shell.run("cameras", "import", saved(tmp_path, format_cameras(CAMERAS)))
    lines = [
        json.dumps(
            {"camera": camera, "at": f"2026-01-31T08:0{i}:00Z", "text": "30A12345", "score": 1}
        )
        for i, camera in enumerate(["C1", "C2"])
    ]
    shell.run("ingest", "-", given="\n".join(lines) + "\n")
    result = shell.run("route", "30A12345", "--reason", "a test", "--format", "json")
    assert json.loads(result.stdout)["legs"][0]["paths"][0]["roads"] == ["r1"]
