"""Evidence packs: whatever is changed in one is found and named."""

import io
import json
import stat
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.audit import list_looks
from search.cameras import save_cameras
from search.errors import PackFaultError
from search.evidence import FolderEvidence
from search.pack.archive import Member, write_archive
from search.pack.keys import FOLDER, public_text
from search.pack.manifest import MANIFEST, SIGNATURE, Manifest, PackFile, format_manifest
from search.pack.verifying import verify_pack
from search.registry.opening import open_registry
from search.testing import Shell, camera_at
from tests.drive import small_jpeg

ASKED = "30A12345"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
MEMBERS: list[Member] = [
    ("README.txt", b"read me\n"),
    ("question.json", b'{"who": "os:lan"}\n'),
    ("pictures/a.jpg", bytes(range(256))),
]


def signed(members: list[Member], key: Ed25519PrivateKey = KEY) -> list[Member]:
    files = tuple(PackFile(p, len(data), sha256(data).hexdigest()) for p, data in members)
    said = format_manifest(Manifest(public_text(key), "2026-02-01T09:00:00.000Z", files))
    return [*members, (MANIFEST, said), (SIGNATURE, key.sign(said).hex().encode() + b"\n")]


def archived(members: list[Member]) -> bytes:
    out = io.BytesIO()
    write_archive(out, members)
    return out.getvalue()


WHOLE = archived(signed(MEMBERS))
GOLDEN = "23faf776d88a2d99958b07e64b2114757a0f7f60d297d4331aa2262731bc3ff0"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packs") / "pack.zip"


def fault_of(content: bytes, place: Path, *keys: str) -> str:
    place.write_bytes(content)
    with pytest.raises(PackFaultError) as caught:
        verify_pack(place, keys)
    return str(caught.value)


def test_a_pack_as_it_was_signed_is_whole(place: Path) -> None:
    place.write_bytes(WHOLE)
    assert [file.path for file in verify_pack(place).files] == [path for path, _ in MEMBERS]
    assert verify_pack(place, ["0" * 64, public_text(KEY)]).key == public_text(KEY)


def test_the_same_files_make_the_same_bytes_with_every_python() -> None:
    assert sha256(WHOLE).hexdigest() == GOLDEN, "packs of before can no longer be verified"


def test_every_single_byte_that_is_changed_is_found(place: Path) -> None:
    for at in range(len(WHOLE)):
        for mask in (0x01, 0x80):
            changed = bytearray(WHOLE)
            changed[at] ^= mask
            assert fault_of(bytes(changed), place)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at=st.integers(0, len(WHOLE)),
    gone=st.integers(0, 80),
    put=st.binary(max_size=80),
)
def test_whatever_is_cut_out_or_put_in_is_found(
    place: Path, at: int, gone: int, put: bytes
) -> None:
    changed = WHOLE[:at] + put + WHOLE[at + gone :]
    if changed == WHOLE:
        return
    assert fault_of(changed, place)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_what_is_no_pack_is_a_fault_and_never_another_error(place: Path, content: bytes) -> None:
    assert fault_of(content, place)
    assert fault_of(WHOLE[:200] + content, place)


@pytest.mark.parametrize("path", [path for path, _ in signed(MEMBERS)])
def test_the_file_whose_content_was_changed_is_named(place: Path, path: str) -> None:
    members = [(p, data[:-2] + b"!!" if p == path else data) for p, data in signed(MEMBERS)]
    assert path in fault_of(archived(members), place)
    at = WHOLE.index(dict(signed(MEMBERS))[path])
    changed = bytearray(WHOLE)
    changed[at] ^= 4  # in the ZIP itself, whose own checksum does not fit then
    assert path in fault_of(bytes(changed), place)


@pytest.mark.parametrize("path", [path for path, _ in signed(MEMBERS)])
def test_the_file_that_is_missing_is_named(place: Path, path: str) -> None:
    members = [(p, data) for p, data in signed(MEMBERS) if p != path]
    assert fault_of(archived(members), place) == f"{path} is missing"


def test_a_file_that_was_added_is_named(place: Path) -> None:
    members = signed(MEMBERS)
    assert fault_of(archived([*members, ("more.txt", b"")]), place) == "more.txt was added"


def test_two_files_that_changed_places_are_found(place: Path) -> None:
    first, second, *others = signed(MEMBERS)
    said = fault_of(archived([second, first, *others]), place)
    assert said.startswith("the ZIP was changed at byte ")
    assert "README.txt" in said


def test_a_pack_that_another_key_signed_is_found(place: Path) -> None:
    other = Ed25519PrivateKey.generate()
    content = archived(signed(MEMBERS, other))
    said = fault_of(content, place, public_text(KEY))
    assert said == f"it was signed with another key than the given one: {public_text(other)}"
    forged = signed(MEMBERS, other)[-1][1]  # of the same manifest but for its key
    assert SIGNATURE in fault_of(archived([*signed(MEMBERS)[:-1], (SIGNATURE, forged)]), place)


def zipped(*members: tuple[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zipped(("bomb", bytes(50_000_000)), how=zipfile.ZIP_DEFLATED), "bomb is compressed"),
        (zipped(("../../etc/passwd", b"x")), "'../../etc/passwd' is a name that no pack has"),
        (zipped(("/etc/passwd", b"x")), "is a name that no pack has"),
        (zipped(("a/../b", b"x")), "is a name that no pack has"),
        (zipped(("a\\b", b"x")), "is a name that no pack has"),
        (zipped(("folder/", b"")), "is a name that no pack has"),
        (zipped(), f"{MANIFEST} is missing"),
        (b"", "it is no ZIP file"),
        (WHOLE[:-1], "it is no ZIP file, or its end was changed or cut off"),
        (WHOLE + b"\0", ""),
        (b"#!/bin/sh\n" + WHOLE, ""),
    ],
)
def test_what_would_do_harm_is_refused(place: Path, content: bytes, said: str) -> None:
    assert said in fault_of(content, place)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(place: Path) -> None:
    content = zipped(("README.txt", b"one"), ("README.txt", b"two"))
    assert fault_of(content, place) == "README.txt stands in it twice: refused"


def test_files_that_lie_in_each_other_are_refused(place: Path) -> None:
    """Many names for the same bytes: a bomb that needs no compression."""
    content = bytearray(zipped(*((f"f{n}", b"x" * 900) for n in range(3))))
    for n in range(3):  # the list of files says that each is as large as all of them
        at = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 48 * n)
        content[at + 20 : at + 28] = 2 * (2800).to_bytes(4, "little")
    assert "is larger than can be" in fault_of(bytes(content), place)


# the commands


def packed(shell: Shell, out: Path, *options: str, frame: str = "", crop: str = "") -> str:
    evidence = FolderEvidence(shell.settings.evidence_dir)
    frame = frame or evidence.put(small_jpeg(1))
    crop = crop or evidence.put(small_jpeg(2))
    registry = open_registry(shell.settings.registry)
    save_cameras(registry, [camera_at("C1", (100, 3), 90)])
    line = {
        "camera": "C1",
        "at": "2026-01-31T08:00:00Z",
        "text": ASKED,
        "score": 0.97,
        "candidates": [[ASKED, 0.97], ["30A12346", 0.02]],
        "chars": [[["3", 0.99], ["8", 0.01]]],
        "frame": frame,
        "crop": crop,
        "model": "a reader of before",
    }
    assert shell.run("ingest", "-", given=json.dumps(line) + "\n").exit_code == 0
    result = shell.run(
        "evidence", "pack", "30A-123.45", "--reason", "vụ án", "--out", str(out), *options
    )
    assert result.exit_code == 0, result.output
    return result.output


def test_a_pack_has_everything_that_shows_the_route(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "pack.zip"
    packed(shell, out, "--case", "VA-12")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [p for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    with zipfile.ZipFile(out) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    frame, crop = (f"pictures/{sha256(small_jpeg(n)).hexdigest()}.jpg" for n in (1, 2))
    assert (held[frame], held[crop]) == (small_jpeg(1), small_jpeg(2))
    (sighting,) = map(json.loads, held["sightings.ndjson"].splitlines())
    assert (sighting["stop"], sighting["doubtful"], sighting["text"]) == (1, False, ASKED)
    assert sighting["candidates"] == [[ASKED, 0.97], ["30A12346", 0.02]]
    assert sighting["chars"] == [[["3", 0.99], ["8", 0.01]]]
    question = json.loads(held["question.json"])
    assert (question["texts"], question["reason"]) == ([ASKED], "vụ án")
    assert question["case_number"] == "VA-12"
    (look,) = map(json.loads, held["audit.ndjson"].splitlines())
    (entry,) = list_looks(open_registry(shell.settings.registry))
    assert (look["who"], look["action"], look["details"]) == (entry.who, "export", entry.details)
    assert look["details"]["format"] == "pack"
    assert b"sha256" in held["models/manifest.toml"]
    assert held["models/reader.md"]
    assert held["route.pdf"].startswith(b"%PDF-")
    assert json.loads(held["route.json"])["plate"] == ASKED
    assert b"Camera C1" in held["cameras.csv"]


def test_verify_needs_no_installation_and_tells_whose_key_it_cannot_know(
    shell: Shell, tmp_path: Path
) -> None:
    out = tmp_path / "pack.zip"
    packed(shell, out)
    (key, _, _, _) = shell.run("evidence", "keys").output.split(maxsplit=3)
    elsewhere = Shell(tmp_path / "elsewhere")
    result = elsewhere.run("verify", str(out))
    assert result.exit_code == 0
    assert f"with {key}" in result.stdout
    assert "it was made without: what model card, name a reader of before" in result.stdout
    assert "whose key that is, the pack cannot tell" in result.stderr
    assert elsewhere.run("verify", str(out), "--key", key.upper()).stderr == ""
    assert not (tmp_path / "elsewhere" / "data").exists()
    other = elsewhere.run("verify", str(out), "--key", "0" * 64)
    assert (other.exit_code, other.stdout) == (1, "")
    assert "signed with another key than the given one" in other.stderr
    assert (
        "expected 64 hexadecimal digits" in elsewhere.run("verify", str(out), "--key", "x").stderr
    )


def test_a_picture_that_is_gone_is_named_and_nothing_else_is_lost(
    shell: Shell, tmp_path: Path
) -> None:
    out = tmp_path / "pack.zip"
    said = packed(shell, out, frame="0" * 64)
    assert f"missing: what frame, name {'0' * 64}" in said
    manifest = verify_pack(out)
    assert [(m["what"], m["name"]) for m in manifest.missing][-1] == ("frame", "0" * 64)
    assert sum(file.path.startswith("pictures/") for file in manifest.files) == 1


def test_nothing_is_written_where_nothing_can_be_packed(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "pack.zip"
    wanted = ("evidence", "pack", ASKED, "--out", str(out))
    result = shell.run(*wanted, "--reason", "vụ án")
    assert (result.exit_code, out.exists()) == (1, False)
    assert "nobody saw the vehicle: there is nothing to pack" in result.stderr
    assert shell.run(*wanted).exit_code == 2
    out.write_bytes(b"mine")
    assert "is there already" in shell.run(*wanted, "--reason", "vụ án").stderr
    assert out.read_bytes() == b"mine"


def test_a_new_key_signs_from_then_on_and_the_former_is_remembered(
    shell: Shell, tmp_path: Path
) -> None:
    packed(shell, tmp_path / "old.zip")
    old = verify_pack(tmp_path / "old.zip").key
    new = shell.run("evidence", "rekey").output.strip()
    packed(shell, tmp_path / "new.zip")
    assert verify_pack(tmp_path / "new.zip").key == new != old
    first, second = (line.split() for line in shell.run("evidence", "keys").output.splitlines())
    assert (first[:2], second[:2]) == ([new, "present,"], [old, "former,"])
    keys = [part for line in (first, second) for part in ("--key", line[0])]
    assert shell.run("verify", str(tmp_path / "old.zip"), *keys).exit_code == 0


def test_the_key_is_for_its_owner_only_and_a_backup_has_it(shell: Shell, tmp_path: Path) -> None:
    (key, *_) = shell.run("evidence", "keys").output.split()
    folder = shell.settings.data_dir / FOLDER
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    open_registry(shell.settings.registry)
    assert shell.run("backup", str(tmp_path / "backups")).exit_code == 0
    kept = sorted((tmp_path / "backups").glob(f"*/data/{FOLDER}/*"))
    assert [file.name for file in kept] == sorted(["signing.pem", f"{key}.json"])
    assert {stat.S_IMODE(file.stat().st_mode) for file in kept} == {0o600}


def test_a_damaged_key_is_one_clear_line_and_never_written_over(
    shell: Shell, tmp_path: Path
) -> None:
    shell.run("evidence", "keys")
    file = shell.settings.data_dir / FOLDER / "signing.pem"
    file.write_bytes(b"rubbish")
    result = shell.run("evidence", "keys")
    assert result.exit_code == 1
    assert "is no Ed25519 key: put it back from a backup" in result.stderr
    assert file.read_bytes() == b"rubbish"
