import json
from pathlib import Path

import pytest

from lpr.spool import write_picture
from search.audit import list_looks
from search.cameras import Camera, save_cameras
from search.evidence import FolderEvidence
from search.invocation import os_user
from search.registry.opening import open_registry
from search.settings import StoreSettings
from search.testing import Shell


def a_line(text: str, second: int = 0, **more: object) -> str:
    at = f"2026-01-31T08:15:{second:02}.000Z"
    fields = {"camera": "C1", "at": at, "text": text, "score": 0.9}
    return json.dumps(fields | more) + "\n"


def test_ingest_counts_on_its_last_line(shell: Shell) -> None:
    given = a_line("30A12345") + a_line("29B11111")
    first = shell.run("ingest", "-", given=given)
    assert (first.exit_code, first.stderr.splitlines()[-1]) == (0, "2 new, 0 known, 0 refused")
    again = shell.run("ingest", "-", given=given)
    assert (again.exit_code, again.stderr.splitlines()[-1]) == (0, "0 new, 2 known, 0 refused")


def test_ingest_sets_bad_lines_aside_and_says_so(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "passages.ndjson"
    file.write_text(a_line("30A12345") + "nonsense\n")
    result = shell.run("ingest", str(file))
    assert result.exit_code == 1
    assert f"{file}:2: refused: not JSON" in result.stderr
    assert result.stderr.splitlines()[-1] == "1 new, 0 known, 1 refused"
    aside = json.loads((tmp_path / "data" / "refused.ndjson").read_text())
    assert (aside["line"], aside["content"]) == (2, "nonsense")


def test_ingest_of_an_empty_spool_is_nothing_new(shell: Shell) -> None:
    result = shell.run("ingest")
    assert (result.exit_code, result.stderr) == (0, "0 new, 0 known, 0 refused\n")


def test_ingest_takes_pictures_along(shell: Shell, tmp_path: Path) -> None:
    name = write_picture(tmp_path / "pictures", b"a picture")
    given = a_line("30A12345", crop=name)
    shell.run("ingest", "-", "--pictures", str(tmp_path / "pictures"), given=given)
    assert FolderEvidence(shell.settings.evidence_dir).get(name) == b"a picture"


def test_ingest_does_not_list_every_missing_picture(shell: Shell) -> None:
    given = "".join(a_line("30A12345", i, crop=f"{i:064x}") for i in range(30))
    lines = shell.run("ingest", "-", given=given).stderr.splitlines()
    assert lines[20:] == [
        "warning: 10 further pictures are missing",
        "30 new, 0 known, 0 refused",
    ]


def test_a_store_that_cannot_be_opened_is_one_clear_line(shell: Shell, tmp_path: Path) -> None:
    shell.settings = StoreSettings(
        data_dir=tmp_path, sightings_url=f"sqlite:///{tmp_path}/other.db"
    )
    (tmp_path / "other.db").write_text("a letter, not a database, and long enough to be read" * 9)
    result = shell.run("ingest", "-", given=a_line("30A12345"))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert len(result.stderr.splitlines()) == 1


def test_search_prints_what_is_known_newest_first(shell: Shell) -> None:
    given = a_line("30A12345", 1) + a_line("30A12345", 2, rows=2, track="7", candidates=[])
    shell.run("ingest", "-", given=given)
    newest, oldest = shell.found("30A-123.45")
    assert newest.pop("id") != oldest.pop("id")
    assert newest == {
        "camera": "C1",
        "at": "2026-01-31T08:15:02.000Z",
        "text": "30A12345",
        "score": 0.9,
        "candidates": [],
        "track": "7",
        "rows": 2,
        "match": "exact",
        "likelihood": 0.9,
    }
    assert oldest["at"] == "2026-01-31T08:15:01.000Z"


def test_search_filters_by_time_camera_and_limit(shell: Shell) -> None:
    given = "".join(a_line("30A12345", i, camera=f"C{i % 2}") for i in range(10))
    shell.run("ingest", "-", given=given)

    def seconds(*arguments: str) -> list[int]:
        return [int(str(found["at"])[17:19]) for found in shell.found("*", *arguments)]

    assert seconds() == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert seconds("--limit", "3") == [9, 8, 7]
    assert seconds("--camera", "C0") == [8, 6, 4, 2, 0]
    assert seconds("--camera", "C0", "--camera", "C1", "--limit", "2") == [9, 8]
    span = ("--from", "2026-01-31T15:15:03+07:00", "--to", "2026-01-31T08:15:05Z")
    assert seconds(*span) == [4, 3]


def test_candidates_count_only_where_asked_for(shell: Shell) -> None:
    given = a_line("30A12345", candidates=[["30A12345", 0.6], ["30A12346", 0.3]])
    shell.run("ingest", "-", given=given)
    assert shell.found("30A12346") == []
    (found,) = shell.found("30A12346", "--candidates")
    assert (found["match"], found["likelihood"]) == ("candidate", 0.3)
    (found,) = shell.found("30A1234?", "--candidates")
    assert (found["match"], found["likelihood"]) == ("pattern", 0.6)


def test_misreadings_come_the_most_probable_first(shell: Shell) -> None:
    doubted = {"score": 0.5, "candidates": [["30A12845", 0.5], ["30A12345", 0.4]]}
    lines = a_line("30A12345") + a_line("30A12845", 1, **doubted) + a_line("29B99999", 2)
    shell.run("ingest", "-", given=lines)
    result = shell.run("search", "30A12345", "--similar", "--reason", "case 1")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(f["text"], f["match"]) for f in found] == [
        ("30A12345", "exact"),
        ("30A12845", "similar"),
    ]
    assert 0.5 < found[1]["likelihood"] < 1
    (look,) = list_looks(open_registry(shell.settings.registry))
    assert look.details["similar"] is True
    refused = shell.run("search", "30A*", "--similar", "--reason", "case 1")
    assert (refused.exit_code, "whole plate" in refused.stderr) == (1, True)


def test_what_a_keyboard_made_of_a_plate_is_understood(shell: Shell) -> None:
    shell.run("ingest", "-", given=a_line("29AA12345"))
    assert [found["text"] for found in shell.found("29Â-123.45")] == ["29AA12345"]


def test_a_text_that_cannot_be_a_plate_is_warned_of_and_answered(shell: Shell) -> None:
    shell.run("ingest", "-", given=a_line("99999"))
    result = shell.run("search", "99999", "--reason", "a test")
    assert result.exit_code == 0
    assert "99999 cannot be a Vietnamese plate" in result.stderr
    assert json.loads(result.stdout)["text"] == "99999"


def test_search_in_a_ward_looks_through_its_cameras(shell: Shell) -> None:
    places = {"C0": "Hàng Bạc", "C1": "Hàng Bạc", "C2": "Ô Chợ Dừa"}
    registry = open_registry(shell.settings.registry)
    save_cameras(
        registry, [Camera(id, id, 21.0, 105.8, None, "route", ward) for id, ward in places.items()]
    )
    shell.run("ingest", "-", given="".join(a_line("30A12345", i, camera=f"C{i}") for i in range(4)))

    def cameras(*arguments: str) -> list[object]:
        return [found["camera"] for found in shell.found("*", *arguments)]

    assert cameras("--ward", "Hàng Bạc") == ["C1", "C0"]
    assert cameras("--ward", "Hàng Bạc", "--ward", "Ô Chợ Dừa") == ["C2", "C1", "C0"]
    assert cameras("--ward", "Hàng Bạc", "--camera", "C1", "--camera", "C2") == ["C1"]
    assert cameras("--ward", "Ô Chợ Dừa", "--camera", "C1") == []


def test_a_look_is_in_the_audit_log_with_its_reason(shell: Shell) -> None:
    shell.found("30A-123.45", "--camera", "C1", "--candidates")
    (look,) = list_looks(open_registry(shell.settings.registry))
    assert (look.who, look.action, look.reason) == (os_user(), "search", "a test")
    assert look.details == {
        "texts": ["30A12345"],
        "from": None,
        "to": None,
        "cameras": ["C1"],
        "candidates": True,
        "similar": False,
        "limit": 100,
    }


def test_nothing_is_shown_that_cannot_be_audited(shell: Shell, tmp_path: Path) -> None:
    shell.run("ingest", "-", given=a_line("30A12345"))
    assert shell.run("search", "30A12345").exit_code == 2
    assert "needs its reason" in shell.run("search", "30A12345", "--reason", " ").stderr
    (tmp_path / "file").write_text("not a folder")
    shell.settings = StoreSettings(
        data_dir=shell.settings.data_dir, registry_url=f"sqlite:///{tmp_path}/file/registry.db"
    )
    result = shell.run("search", "30A12345", "--reason", "a test")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "registry cannot be opened" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-"], "no letter or digit"),
        (["A"], "2 to 12 letters and digits"),
        (["A" * 13], "2 to 12 letters and digits"),
        (["30A12345", "--from", "yesterday"], "is not a time"),
        (["30A12345", "--from", "2026-01-31T08:15:04"], "has no offset"),
        (["30A12345", "--ward", "Atlantis"], "no camera stands in ward 'Atlantis'"),
        (["30A12345", "--limit", "0"], "0 is not in the range"),
        (
            ["30A12345", "--from", "2026-02-01T00:00Z", "--to", "2026-01-01T00:00Z"],
            "span runs backwards",
        ),
    ],
)
def test_what_cannot_be_asked_is_one_clear_error(
    shell: Shell, arguments: list[str], said: str
) -> None:
    result = shell.run("search", *arguments, "--reason", "a test")
    assert result.exit_code != 0
    assert said in result.stderr
    assert "Traceback" not in result.stderr
