import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
from click.testing import Result

from lpr.passages import Passage
from lpr.spool import SpoolWriter, spool_state, write_picture
from search.audit import list_looks
from search.backup.files import copy_database
from search.backup.sums import SUMS, format_sum, parse_about, parse_sum
from search.backup.taking import list_backups
from search.errors import BackupError
from search.evidence import FolderEvidence
from search.invocation import closing_registry
from search.opening import open_store
from search.settings import StoreSettings
from search.terms import SearchTerms
from search.testing import Shell

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def passage(number: int, frame: str | None = None) -> Passage:
    at = NOON + timedelta(seconds=number)
    return Passage("C1", at, f"30A{number:05}", 0.9, track=str(number), frame=frame)


class Installation(Shell):
    """A data folder with sightings, pictures and a registry, and a place for backups."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder, self.data = folder, self.settings.data_dir
        self.backups = folder / "backups"
        self.evidence = FolderEvidence(self.settings.evidence_dir)
        with closing_registry(self.settings.registry):
            pass

    def keep(self, number: int) -> str:
        """A sighting with a picture of its own; its name."""
        name = self.evidence.put(b"picture %d" % number)
        with open_store(self.settings.sightings) as store:
            store.add([passage(number, name)])
        return name

    def picture(self, name: str) -> Path:
        return self.settings.evidence_dir / name[:2] / f"{name}.jpg"

    def back_up(self, *options: str) -> Path:
        result = self.run("backup", str(self.backups), *options)
        assert result.exit_code == 0, result.output
        return Path(result.stdout.strip())

    def restored(self, backup: Path, *options: str) -> tuple[Result, Shell]:
        other = Shell(self.folder / "other")
        return other.run("restore", str(backup), *options), other


def texts(settings: StoreSettings) -> list[str]:
    with open_store(settings.sightings) as store:
        return [s.passage.text for s in store.find(SearchTerms(("*",))).sightings]


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    return Installation(tmp_path)


@contextmanager
def somebody_writes(folder: Path) -> Iterator[None]:
    number = os.open(folder, os.O_RDONLY)
    try:
        flock(number, LOCK_EX)
        yield
    finally:
        os.close(number)


def test_what_is_restored_is_what_there_was(here: Installation) -> None:
    names = [here.keep(number) for number in range(3)]
    (here.data / "views").mkdir()
    (here.data / "views" / "C1.npy").write_bytes(b"\x93NUMPY")
    (here.data / "secret_key").write_text("s" * 64)
    result, other = here.restored(here.back_up())

    assert result.exit_code == 0, result.output
    assert texts(other.settings) == texts(here.settings) == ["30A00002", "30A00001", "30A00000"]
    assert all(FolderEvidence(other.settings.evidence_dir).has(name) for name in names)
    assert (other.settings.data_dir / "views" / "C1.npy").read_bytes() == b"\x93NUMPY"
    assert (other.settings.data_dir / "secret_key").read_text() == "s" * 64
    assert not list(other.settings.data_dir.glob(".*"))


def test_ordinary_tools_can_check_a_backup(here: Installation) -> None:
    here.keep(1)
    (here.data / "odd \\ name\n").write_text("odd")
    backup = here.back_up()
    check = ["sha256sum", "--quiet", "--strict", "-c", SUMS]
    assert subprocess.run(check, cwd=backup, check=False).returncode == 0
    listed = {parse_sum(line)[0] for line in (backup / SUMS).read_text().splitlines()}
    assert listed == set(files(backup / "data"))


def test_a_backup_says_what_it_is(here: Installation) -> None:
    here.keep(1)
    backup = here.back_up()
    about = parse_about((backup / "backup.json").read_text())
    assert (about.files, about.bytes) == (
        len(found := files(backup / "data")),
        sum(map(len, found.values())),
    )
    assert (about.elsewhere, about.damaged) == ((), ())


def test_nobody_but_its_owner_can_read_a_backup_or_what_is_restored(here: Installation) -> None:
    here.keep(1)
    backup = here.back_up()
    _, other = here.restored(backup)
    for folder in (backup, other.settings.data_dir):
        paths = [folder, *folder.rglob("*")]
        assert {p.stat().st_mode & 0o777 for p in paths if p.is_file()} == {0o600}
        assert {p.stat().st_mode & 0o077 for p in paths if p.is_dir()} == {0}


def test_pictures_that_were_there_before_are_not_copied_again(here: Installation) -> None:
    old = here.keep(1)
    first = here.back_up()
    new = here.keep(2)
    second = here.back_up()
    place = Path("data/evidence")
    before, now = (b / place / old[:2] / f"{old}.jpg" for b in (first, second))
    assert before.samefile(now)
    assert not (first / place / new[:2] / f"{new}.jpg").exists()
    assert parse_about((second / "backup.json").read_text()).files > len(files(first / "data"))


def test_a_file_that_changed_is_copied_again(here: Installation) -> None:
    (here.data / "watch.toml").write_text("a")
    first = here.back_up()
    (here.data / "watch.toml").write_text("b")
    second = here.back_up()
    assert [(b / "data" / "watch.toml").read_text() for b in (first, second)] == ["a", "b"]


def test_what_waits_in_the_spool_is_in_the_backup(here: Installation) -> None:
    spool = here.settings.spool_dir
    with SpoolWriter(spool) as writer:
        name = writer.put_picture(b"picture of 1")
        writer.append(passage(1, name))
        (segment,) = spool.glob("passages-*")
        with segment.open("ab") as file:
            file.write(b'{"camera": "C1", "at"')  # its writer is at work on a line
        backup = here.back_up()
    _, other = here.restored(backup)
    assert spool_state(other.settings.spool_dir).waiting == 1
    assert other.run("ingest").exit_code == 0
    assert texts(other.settings) == ["30A00001"]
    assert FolderEvidence(other.settings.evidence_dir).get(name) == b"picture of 1"


def test_what_moves_on_is_copied_before_the_place_that_it_goes_to(here: Installation) -> None:
    """Otherwise what moves meanwhile would be in neither; SHA256SUMS has the order of copying."""
    name = here.keep(1)
    (here.data / "stills").mkdir()
    (here.data / "stills" / "C1.ndjson").write_text("{}\n")
    with SpoolWriter(here.settings.spool_dir) as writer:
        spooled = writer.put_picture(b"picture of 2")
        writer.append(passage(2, spooled))
    lines = (here.back_up() / SUMS).read_text().splitlines()
    places = [parse_sum(line)[0].split("-2")[0] for line in lines]
    assert [place for place in places if "lost" not in place] == [
        "stills/C1.ndjson",
        "spool/passages",
        f"spool/pictures/{spooled[:2]}/{spooled}.jpg",
        "sightings.db",
        "registry.db",
        f"evidence/{name[:2]}/{name}.jpg",
    ]


def test_a_last_line_without_its_end_is_kept_where_nobody_writes_any_more(
    here: Installation,
) -> None:
    here.settings.spool_dir.mkdir()
    (here.settings.spool_dir / "passages-1.ndjson").write_text(
        '{"camera": "C1", "at": "2026-01-31T12:00:00Z", "text": "30A12345", "score": 0.9}'
    )
    _, other = here.restored(here.back_up())
    assert other.run("ingest").exit_code == 0
    assert texts(other.settings) == ["30A12345"]


def test_what_is_of_the_moment_is_left_out(here: Installation) -> None:
    (here.data / "health.json").write_text("{}")
    (here.data / ".half").write_text("")
    with open_store(here.settings.sightings) as store:
        store.add([passage(1)])
        backup = here.back_up()
    assert sorted(files(backup / "data")) == ["registry.db", "sightings.db"]


def test_a_backup_and_a_restore_are_in_the_audit_log(here: Installation) -> None:
    backup = here.back_up()
    _, other = here.restored(backup)
    with closing_registry(other.settings.registry) as registry:
        looks = list_looks(registry)
    assert [(look.action, look.details["folder"]) for look in looks] == [
        ("restore", str(backup)),
        ("backup", str(here.backups)),
    ]


def test_a_picture_that_is_damaged_is_said_and_an_earlier_backup_keeps_it(
    here: Installation,
) -> None:
    kept, lost = here.keep(1), here.evidence.put(b"picture 2")
    here.picture(lost).write_bytes(b"damaged")
    first = here.run("backup", str(here.backups))
    assert first.exit_code == 1
    assert f"{lost}.jpg is damaged" in first.stderr
    here.picture(kept).write_bytes(b"damaged too")
    second = here.run("backup", str(here.backups))
    _, other = here.restored(Path(second.stdout.strip()))
    evidence = FolderEvidence(other.settings.evidence_dir)
    assert evidence.get(kept) == b"picture 1"
    assert not evidence.has(lost)


@pytest.mark.parametrize("keep", [1, 2])
def test_older_backups_are_removed_when_that_is_wished(here: Installation, keep: int) -> None:
    name = here.keep(1)
    for _ in range(3):
        backup = here.back_up("--keep", str(keep))
    assert len(list_backups(here.backups)) == keep
    result, other = here.restored(backup)
    assert result.exit_code == 0
    assert FolderEvidence(other.settings.evidence_dir).has(name)


def test_the_newest_backup_of_a_folder_is_restored(here: Installation) -> None:
    here.keep(1)
    here.back_up()
    here.keep(2)
    here.back_up()
    _, other = here.restored(here.backups)
    assert texts(other.settings) == ["30A00002", "30A00001"]


def test_a_data_folder_that_is_not_empty_is_not_touched(here: Installation) -> None:
    backup = here.back_up()
    before = files(here.data)
    result = here.run("restore", str(backup))
    assert result.exit_code == 1
    assert "is not empty (registry.db" in result.stderr
    assert "move what is in it elsewhere" in result.stderr
    assert files(here.data) == before


@pytest.mark.parametrize("harm", ["damaged", "missing"])
def test_a_damaged_backup_is_not_restored(here: Installation, harm: str) -> None:
    here.keep(1)
    backup = here.back_up()
    database = backup / "data" / "sightings.db"
    content = database.read_bytes()
    database.unlink()
    if harm == "damaged":
        database.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    result, other = here.restored(backup)
    assert result.exit_code == 1
    assert f"sightings.db is {harm}" in result.stderr
    assert list(other.settings.data_dir.iterdir()) == []


def test_a_restore_does_without_a_damaged_picture_when_that_is_wished(here: Installation) -> None:
    good, bad = here.keep(1), here.keep(2)
    backup = here.back_up()
    (backup / "data" / "evidence" / bad[:2] / f"{bad}.jpg").write_bytes(b"damaged")
    refused, _ = here.restored(backup)
    assert "--leave-out-damaged" in refused.stderr
    result, other = here.restored(backup, "--leave-out-damaged")
    assert result.exit_code == 0
    assert f"{bad}.jpg is damaged or missing, and left out" in result.stderr
    evidence = FolderEvidence(other.settings.evidence_dir)
    assert (evidence.has(good), evidence.has(bad)) == (True, False)


def test_a_list_of_checksums_that_was_changed_is_found(here: Installation) -> None:
    backup = here.back_up()
    (backup / SUMS).write_text("")
    result, other = here.restored(backup)
    assert "SHA256SUMS is damaged" in result.stderr
    assert not other.settings.data_dir.exists()


def test_what_a_killed_restore_left_is_in_nobodys_way(here: Installation) -> None:
    here.keep(1)
    backup = here.back_up()
    half = here.folder / "other" / "data" / ".restoring"
    half.mkdir(parents=True)
    (half / "sightings.db").write_text("half")
    result, other = here.restored(backup)
    assert result.exit_code == 0
    assert texts(other.settings) == ["30A00001"]


def test_what_a_killed_backup_left_is_no_backup_and_goes(here: Installation) -> None:
    whole = here.back_up()
    half = here.backups / ".20260131T120000.000000Z.partial"
    shutil.copytree(whole, half)
    assert list_backups(here.backups) == [whole]
    here.back_up()
    assert not half.exists()


def test_a_backup_that_fails_leaves_the_last_one_whole(here: Installation) -> None:
    here.keep(1)
    whole = here.back_up()
    before = files(whole)
    here.settings.evidence_dir.rename(here.data / "moved")
    here.settings.evidence_dir.symlink_to(here.settings.evidence_dir)  # cannot be read
    result = here.run("backup", str(here.backups))
    assert result.exit_code == 1
    assert [path.name for path in here.backups.iterdir()] == [whole.name]
    assert files(whole) == before


def test_two_backups_do_not_write_into_the_same_folder(here: Installation) -> None:
    here.back_up()
    with somebody_writes(here.backups):
        result = here.run("backup", str(here.backups))
    assert result.exit_code == 1
    assert "another backup is written into" in result.stderr


def test_backups_do_not_lie_in_the_data_folder(here: Installation) -> None:
    result = here.run("backup", str(here.data / "backups"))
    assert result.exit_code == 1
    assert "on another disk" in result.stderr


def test_without_a_data_folder_nothing_is_made(tmp_path: Path) -> None:
    result = Shell(tmp_path).run("backup", str(tmp_path / "backups"))
    assert result.exit_code == 1
    assert "set data_dir" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_camera_machine_without_stores_is_backed_up(tmp_path: Path) -> None:
    machine = Shell(tmp_path)
    with SpoolWriter(machine.settings.spool_dir) as writer:
        writer.append(passage(1))
    result = machine.run("backup", str(tmp_path / "backups"))
    assert result.exit_code == 0
    (backup,) = list_backups(tmp_path / "backups")
    names = sorted(name.split("-")[0] for name in files(backup / "data"))
    assert names == ["spool/lost.json", "spool/passages"]


def test_what_is_kept_elsewhere_is_said_to_be_missing(here: Installation) -> None:
    here.settings = here.settings.model_copy(
        update={"sightings_url": "https://es.example:9200", "evidence_url": "s3://bucket"}
    )
    here.evidence.put(b"left from before")
    result = here.run("backup", str(here.backups))
    assert result.exit_code == 0, result.output
    assert "not in this backup: sightings, in Elasticsearch" in result.stderr
    assert "not in this backup: evidence, in S3" in result.stderr
    backup = Path(result.stdout.strip())
    assert sorted(files(backup / "data")) == ["registry.db"]
    assert json.loads((backup / "backup.json").read_text())["elsewhere"] == [
        "sightings",
        "evidence",
    ]


def test_a_database_elsewhere_on_this_machine_is_in_the_backup(here: Installation) -> None:
    other_disk = here.folder / "disk" / "seen.db"
    here.settings = here.settings.model_copy(update={"sightings_url": f"sqlite:///{other_disk}"})
    here.keep(1)
    _, other = here.restored(here.back_up())
    assert texts(other.settings) == ["30A00001"]


def test_a_damaged_database_is_not_taken_for_a_backup(tmp_path: Path) -> None:
    database = tmp_path / "sightings.db"
    with open_store(f"sqlite:///{database}") as store:
        store.add([passage(number) for number in range(2000)])
    content = bytearray(database.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    database.write_bytes(content)
    with pytest.raises(BackupError, match=r"sightings\.db"):
        copy_database(database, tmp_path / "copy.db")


@pytest.mark.parametrize("line", ["", "x", "0" * 64 + "  data", "0" * 64 + "  data/../x"])
def test_a_line_that_is_none_or_leads_elsewhere_is_refused(line: str) -> None:
    with pytest.raises(BackupError, match=SUMS):
        parse_sum(line)


@pytest.mark.parametrize("path", ["a", "a b/ü.jpg", "back\\slash", "line\nend", "\\n"])
def test_a_line_is_read_as_it_was_written(path: str) -> None:
    assert parse_sum(format_sum(path, "0" * 64)) == (path, "0" * 64)


def test_a_backup_of_a_newer_version_is_refused() -> None:
    with pytest.raises(BackupError, match="update this installation"):
        parse_about('{"format": 2}')


def test_a_picture_in_the_evidence_is_the_only_copy_of_it(here: Installation) -> None:
    write_picture(here.settings.evidence_dir, b"picture 1")
    first, second = here.back_up(), here.back_up()
    (name,) = (path.name for path in (first / "data" / "evidence").rglob("*.jpg"))
    place = first / "data" / "evidence" / name[:2] / name
    assert place.stat().st_nlink == 2
    assert not place.samefile(here.settings.evidence_dir / name[:2] / name)
    assert second.is_dir()
