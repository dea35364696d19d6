import json
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from search.audit import list_looks
from search.registry.opening import open_registry
from search.testing import Shell
from search.watchlists.history import list_changes
from search.watchlists.keeping import list_entries, list_watchlists

HEADER = "list,plate,reason,until\n"
ROWS = "Xe mất cắp,30A-123.45,mất cắp,2026-12-31\nXe mất cắp,51F*,tìm,31/12/2026\n"
WHY = ("--reason", "a test")
EXPORTED = (
    "list,plate,reason,until,class,case,from,areas,hours,min_likelihood,colour,kind,note\n"
    "Xe mất cắp,30A12345,mất cắp,2026-12-31T17:00:00.000Z,,,,,,,,,\n"
    "Xe mất cắp,51F*,tìm,2026-12-31T17:00:00.000Z,,,,,,,,,\n"
)


def saved(folder: Path, text: str, encoding: str = "utf-8") -> str:
    file = folder / "lists.csv"
    file.write_bytes(text.encode(encoding))
    return str(file)


def plates(shell: Shell) -> list[str]:
    return [plate for _, plate in list_entries(open_registry(shell.settings.registry))]


def exported(shell: Shell) -> str:
    return shell.run("watchlists", "export", *WHY).stdout


def test_a_preview_changes_nothing_and_yes_saves(shell: Shell, tmp_path: Path) -> None:
    file = saved(tmp_path, HEADER + ROWS)
    preview = shell.run("watchlists", "import", file)
    assert preview.exit_code == 0
    shown = ["wrong: 0", "new: 2", "  Xe mất cắp: 30A12345", "  Xe mất cắp: 51F*"]
    assert preview.stdout.splitlines() == [*shown, "changed: 0", "gone: 0", "same: 0"]
    assert "add --yes" in preview.stderr
    assert plates(shell) == []
    assert shell.run("watchlists", "import", file, "--yes").exit_code == 0
    assert exported(shell) == EXPORTED
    again = shell.run("watchlists", "import", file)
    assert again.stdout.splitlines() == ["wrong: 0", "new: 0", "changed: 0", "gone: 0", "same: 2"]


def test_what_is_exported_comes_back_the_same(shell: Shell, tmp_path: Path) -> None:
    wide = EXPORTED.splitlines()[0] + "\nA,51F*,'=x,2026-12-31,wanted,7/2026,2026-01-01,"
    wide += "route;key,22:00-05:00,0.5,white,car,+ghi chú\n"
    shell.run("watchlists", "import", saved(tmp_path, wide), "--yes")
    text = exported(shell)
    starts = "2025-12-31T17:00:00.000Z"
    assert text.splitlines()[1] == (
        f"A,51F*,'=x,2026-12-31T17:00:00.000Z,wanted,7/2026,{starts},"
        "key;route,22:00-05:00,0.5,white,car,'+ghi chú"
    )
    again = shell.run("watchlists", "import", saved(tmp_path, text))
    assert again.stdout.splitlines()[-1] == "same: 1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_the_encodings_of_offices_are_understood(
    shell: Shell, tmp_path: Path, encoding: str
) -> None:
    marked = "Xe ca\u0301t;30A12345;ma\u0301t;31/12/2026\n"  # as Windows-1258 writes it
    text = "Danh sa\u0301ch;plate;reason;until\n" + marked
    shell.run("watchlists", "import", saved(tmp_path, text, encoding), "--yes")
    assert "\nXe cát,30A12345,mát,2026-12-31T17:00:00.000Z," in exported(shell)


def test_a_spreadsheet_is_understood(shell: Shell, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Danh sách", "Biển số", "Lý do", "Đến ngày", "Số khung"])
    book.active.append(["A", "30A12345", 113, datetime(2026, 12, 31), "x"])
    book.save(tmp_path / "a.xlsx")
    result = shell.run("watchlists", "import", str(tmp_path / "a.xlsx"), "--yes")
    assert "not taken in: Số khung" in result.stderr
    assert "\nA,30A12345,113,2026-12-31T17:00:00.000Z," in exported(shell)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",30A12345,x,2026-12-31", "line 2: list: expected 1 to 100 printable characters"),
        ("A,,x,2026-12-31", "line 2: plate: expected letters and digits"),
        ("A,*,x,2026-12-31", "line 2: plate: expected letters and digits"),
        ("A,30A1234567890123,x,2026-12-31", "a plate has 2 to 12 letters and digits"),
        ("A,29Â12345,x,2026-12-31", "write it without marks"),
        ("A,30A12345,x,", "line 2: until: expected the last day"),
        ("A,30A12345,x,31/02/2026", "line 2: until: expected a day such as 31/12/2026"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_saved(
    shell: Shell, tmp_path: Path, row: str, said: str
) -> None:
    file = saved(tmp_path, f"{HEADER}{row}\nA,51F12345,x,2026-12-31\n")
    result = shell.run("watchlists", "import", file, "--yes")
    assert result.exit_code == 1
    assert said in result.stdout
    assert "1 row wrong, nothing was saved" in result.stderr
    assert plates(shell) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"plate,reason\n", "the header lacks list, until"),
        (HEADER.encode(), "there is no entry below the header"),
        (b"list,plate,plate,reason,until\nA,1,1,x,y\n", "a column twice"),
        (b"PK\x03\x04xx", "not a spreadsheet that can be read"),
        (b"\xff\xfe\x00", "neither UTF-8 nor Windows-1258"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_a_line(
    shell: Shell, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "x"
    file.write_bytes(content)
    result = shell.run("watchlists", "import", str(file), "--yes")
    assert result.exit_code == 1
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_what_a_file_lacks_is_taken_off_and_every_change_is_kept(
    shell: Shell, tmp_path: Path
) -> None:
    shell.run("watchlists", "import", saved(tmp_path, HEADER + ROWS), "--yes")
    other = "Xe mất cắp,30A12345,khác,2026-12-31\n"
    shell.run("watchlists", "import", saved(tmp_path, HEADER + other), "--yes")
    assert plates(shell) == ["30A12345"]
    shell.run("watchlists", "import", saved(tmp_path, HEADER + ROWS), "--yes")
    assert plates(shell) == ["30A12345", "51F*"]
    changes = list_changes(open_registry(shell.settings.registry), "Xe mất cắp")
    told = [
        (c.plate, c.before and c.before.get("reason"), c.after and c.after.get("reason"))
        for c in changes[1:]
    ]
    assert told == [
        ("30A12345", None, "mất cắp"),
        ("51F*", None, "tìm"),
        ("30A12345", "mất cắp", "khác"),
        ("51F*", "tìm", None),
        ("51F*", None, "tìm"),
        ("30A12345", "khác", "mất cắp"),
    ]
    assert all(c.who.startswith("os:") for c in changes)
    lines = shell.run("watchlists", "history", "Xe mất cắp", *WHY).stdout.splitlines()
    assert json.loads(lines[0])["after"]["name"] == "Xe mất cắp"
    assert len(lines) == 7


def test_a_test_says_which_entries_a_text_fulfils_while_they_count(
    shell: Shell, tmp_path: Path
) -> None:
    rows = "A,30A12345,x,2026-12-31\nB,30A*,y,2026-06-30\nC,30A1234,z,2026-12-31\n"
    shell.run("watchlists", "import", saved(tmp_path, HEADER + rows), "--yes")

    def met(at: str) -> list[tuple[str, str]]:
        result = shell.run("watchlists", "test", "30A-12345", "--at", at, *WHY)
        lines = map(json.loads, result.stdout.splitlines())
        return [(line["list"], line["match"]) for line in lines]

    assert met("2026-06-30T23:59:59+07:00") == [("A", "exact"), ("B", "pattern")]
    assert met("2026-07-01T00:00:00+07:00") == [("A", "exact")]
    (newest, *_) = list_looks(open_registry(shell.settings.registry))
    assert (newest.action, newest.reason) == ("watchlists", "a test")
    assert newest.details == {"texts": ["30A12345"]}


def test_a_list_is_changed_and_listed(shell: Shell, tmp_path: Path) -> None:
    assert "there are no watchlists" in shell.run("watchlists", "list").stderr
    shell.run("watchlists", "import", saved(tmp_path, HEADER + ROWS), "--yes")
    name = "Xe mất cắp"
    shell.run(
        "watchlists", "set", name, "--severity", "high", "--no-candidates", "--owner", "Đội 1"
    )
    line = shell.run("watchlists", "list").stdout.splitlines()[1]
    assert line.split()[3:] == ["Đội", "1", "high", "read+similar", "sought", "2"]
    assert "roles: expected" in shell.run("watchlists", "set", name, "--role", "x").stderr
    assert "no camera has" in shell.run("watchlists", "set", name, "--camera", "x").stderr
    shell.run("watchlists", "set", name, "--role", "admin", "--role", "traffic")
    (kept,) = list_watchlists(open_registry(shell.settings.registry))
    assert kept.roles == ("admin", "traffic")
    shell.run("watchlists", "set", name, "--role", "")
    (kept,) = list_watchlists(open_registry(shell.settings.registry))
    assert (kept.roles, kept.severity) == ((), "high")
    unknown = shell.run("watchlists", "set", "B", "--allow")
    assert "there is no list 'B'" in unknown.stderr
    assert "nothing to change" in shell.run("watchlists", "set", name).stderr


def test_a_row_with_more_cells_than_columns_is_refused(shell: Shell, tmp_path: Path) -> None:
    file = saved(tmp_path, HEADER + "A,30A12345,x,2026-12-31,y\n")
    result = shell.run("watchlists", "import", file, "--yes")
    assert "line 2: more cells than the header has columns" in result.stderr


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("2026-12-31,,park,,,,", "areas: expected route, residential, key, got 'park'"),
        (",,,25:00-05:00,,,", "hours: expected such as 22:00-05:00, got '25:00-05:00'"),
        (",,,,1.5,,", "min_likelihood: expected 0 to 1, got '1.5'"),
        (",,,,nan,,", "min_likelihood: expected 0 to 1, got 'nan'"),
        (",,,,,green,", "colour: expected white, yellow, blue, red, got 'green'"),
        (",,,,,,bus", "kind: expected car, motorcycle, got 'bus'"),
        ("2027-01-01,,,,,,", "until: it lies before from"),
        (",wanted,,,,,", "class: A has '' further up"),
    ],
)
def test_a_cell_that_cannot_be_is_named(
    shell: Shell, tmp_path: Path, cells: str, said: str
) -> None:
    text = "list,plate,reason,until,from,class,areas,hours,min_likelihood,colour,kind\n"
    text += f"A,51F12345,x,2026-12-31,,,,,,,\nA,30A12345,x,2026-12-31,{cells}\n"
    assert said in shell.run("watchlists", "import", saved(tmp_path, text)).stdout


def test_a_plate_that_stands_in_a_list_twice_is_wrong(shell: Shell, tmp_path: Path) -> None:
    rows = "A,30A-12345,x,2026-12-31\nB,30A12345,x,2026-12-31\nA,30a12345,y,2026-12-31\n"
    result = shell.run("watchlists", "import", saved(tmp_path, HEADER + rows))
    assert "line 4: plate: 30A12345 stands in A twice" in result.stdout


def test_a_look_needs_its_reason(shell: Shell) -> None:
    for command in (["export"], ["test", "30A12345"], ["history", "A"]):
        assert "--reason" in shell.run("watchlists", *command).stderr
        assert shell.run("watchlists", *command, "--reason", " ").exit_code == 1


@pytest.mark.parametrize(
    ("until", "kept"),
    [
        ("2026-12-31 18:00", "2026-12-31T11:00:00.000Z"),
        ("2026-12-31 18:00+09:00", "2026-12-31T09:00:00.000Z"),
        ("2026-12-31T18:00:00Z", "2026-12-31T18:00:00.000Z"),
        ("1/2/2026", "2026-02-01T17:00:00.000Z"),
    ],
)
def test_times_are_of_hanoi_unless_they_say_otherwise(
    shell: Shell, tmp_path: Path, until: str, kept: str
) -> None:
    file = saved(tmp_path, f"{HEADER}A,30A12345,x,{until}\n")
    shell.run("watchlists", "import", file, "--yes")
    assert f"\nA,30A12345,x,{kept}," in exported(shell)


@pytest.mark.parametrize("until", ["20261231", "9999-12-31", "2026-12-31T25:00"])
def test_a_time_that_cannot_be_is_wrong(shell: Shell, tmp_path: Path, until: str) -> None:
    file = saved(tmp_path, f"{HEADER}A,30A12345,x,{until}\n")
    assert "line 2: until: expected a day" in shell.run("watchlists", "import", file).stdout


def test_a_folder_is_fed_from_once_with_a_report_of_each_file(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.watchlists.feeding.SETTLED_S", 0.0)
    folder = tmp_path / "in"
    folder.mkdir()

    def put(name: str, *plates: str) -> None:
        rows = "".join(f"A,{plate},x,2099-12-31\n" for plate in plates)
        (folder / name).write_text(HEADER + rows, "utf-8")

    put("1.csv", "30A00001", "30A00002", "30A00003")
    (folder / "notes.txt").write_text("no list")
    fed = shell.run("watchlists", "feed", str(folder))
    assert (fed.exit_code, fed.stdout) == (
        0,
        "1.csv: 3 new, 0 changed, 0 gone, 0 the same: saved\n",
    )
    assert shell.run("watchlists", "feed", str(folder)).stdout == ""
    put("2.csv", "30A00002", "30A00003", "30A00004")
    assert (
        "1 new, 0 changed, 1 gone, 2 the same"
        in shell.run("watchlists", "feed", str(folder)).stdout
    )
    put("3.csv", "30A00002")
    put("4.csv", "30A00002", "x")
    (folder / "5.xlsx").write_bytes(b"PK\x03\x04 cut off")
    fed = shell.run("watchlists", "feed", str(folder))
    assert fed.exit_code == 1
    assert "3.csv: nothing was saved: A would lose 2 of 3 entries" in fed.stderr
    assert "4.csv: nothing was saved: 1 row wrong" in fed.stderr
    assert "5.xlsx: nothing was saved" in fed.stderr
    assert plates(shell) == ["30A00002", "30A00003", "30A00004"]
    reports = sorted((shell.settings.data_dir / "watchlist-reports").iterdir())
    assert len(reports) == 5
    said = next(r.read_text("utf-8") for r in reports if r.name.endswith("2.csv.txt"))
    assert "new: 1\n  A: 30A00004\n" in said
    missing = shell.run("watchlists", "feed", str(tmp_path / "missing"))
    assert "No such file" in missing.stderr


def test_a_file_that_was_just_written_is_left_for_later(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + ROWS, "utf-8")
    assert shell.run("watchlists", "feed", str(tmp_path)).stdout == ""
    assert plates(shell) == []
