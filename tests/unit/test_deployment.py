import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from lpr.watch.forked import GRACE_S
from web.cli import main
from web.running import STOP_S
from web.settings import FILE_VARIABLE, PREFIX, Settings

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"
UNITS = sorted((DOCKER / "systemd").glob("*.service"))
COMMON = DOCKER / "systemd" / "platetrail-.service.d" / "common.conf"
GUNICORN_S = 30.0  # its default for requests that have begun
PROGRAM = "/opt/platetrail/bin/platetrail"
DOCKERFILE = (DOCKER / "Dockerfile").read_text("utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))[
    "services"
]
OURS = {name: one for name, one in SERVICES.items() if one["image"] == "platetrail"}
FILES = [file for file in DOCKER.rglob("*") if file.is_file()]
# what a process takes at most to end by itself; `send` may well be ended by force in a request
LONGEST_STOP_S = {"watch": GRACE_S, "run": 3 * STOP_S, "intake": GUNICORN_S, "send": 0.0}


def entries(unit: Path, key: str) -> list[str]:
    """Every value that a key has in a unit."""
    return re.findall(rf"^{key}=(.*)$", unit.read_text("utf-8"), re.MULTILINE)


def command_of(unit: Path) -> str:
    (line,) = entries(unit, "ExecStart")
    return line.removeprefix(f"{PROGRAM} ")


def by_name(path: Path) -> str:
    return path.name


def test_what_a_centre_and_a_camera_machine_run_has_units_and_containers() -> None:
    assert [command_of(unit) for unit in UNITS] == ["intake", "run", "send", "watch"]
    assert {name: one["command"] for name, one in OURS.items()} == {
        "pages": ["run"],
        "intake": ["intake"],
        "watch": ["watch"],
        "send": ["send"],
    }
    assert {name: one["profiles"] for name, one in SERVICES.items()} == {
        "pages": ["centre"],
        "proxy": ["centre"],
        "intake": ["centre"],
        "watch": ["camera"],
        "send": ["camera"],
    }


@pytest.mark.parametrize("unit", UNITS, ids=by_name)
def test_a_unit_starts_a_command_that_there_is(unit: Path) -> None:
    assert command_of(unit) in main.commands


def test_the_image_starts_the_command_line() -> None:
    assert 'ENTRYPOINT ["platetrail"]' in DOCKERFILE
    (command,) = re.findall(r'^CMD \["(\w+)"\]$', DOCKERFILE, re.MULTILINE)
    assert {command, *(one["command"][0] for one in OURS.values())} <= set(main.commands)


@pytest.mark.parametrize("file", FILES, ids=by_name)
def test_every_variable_is_a_setting(file: Path) -> None:
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+", file.read_text("utf-8")))
    known = {PREFIX + key.upper() for key in Settings.model_fields} | {FILE_VARIABLE}
    assert named - known == set()


@pytest.mark.parametrize("unit", UNITS, ids=by_name)
def test_a_unit_names_only_secrets_that_are_handed_to_it(unit: Path) -> None:
    used = re.findall(r"=%d/(\S+)", unit.read_text("utf-8"))
    assert used == [one.split(":")[0] for one in entries(unit, "LoadCredential")]


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_names_only_secrets_that_are_handed_to_it(name: str) -> None:
    used = {
        value.removeprefix("/run/secrets/")
        for value in SERVICES[name]["environment"].values()
        if value.startswith("/run/secrets/")
    }
    assert used <= set(SERVICES[name]["secrets"])


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_has_no_rights_and_a_root_that_is_only_read(name: str) -> None:
    one = SERVICES[name]
    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert one["restart"] == "always"
    assert {volume for volume in one.get("volumes", []) if not volume.endswith(":ro")} <= {
        "data:/data"
    }
    assert "privileged" not in one


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_says_whether_it_works_and_takes_in_what_a_killed_one_leaves(
    name: str,
) -> None:
    assert OURS[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert OURS[name]["init"] is True


def test_only_the_proxy_reaches_the_pages() -> None:
    assert [name for name, one in SERVICES.items() if "pages" in one.get("networks", [])] == [
        "pages",
        "proxy",
    ]
    assert SERVICES["pages"]["networks"] == ["pages"]
    assert "ports" not in SERVICES["pages"]


def test_the_user_of_the_image_is_not_root_and_owns_what_the_proxy_reads() -> None:
    (number,) = re.findall(r"useradd --uid (\d+)", DOCKERFILE)
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["platetrail"]
    assert SERVICES["proxy"]["user"] == f"{number}:{number}"


@pytest.mark.parametrize("unit", UNITS, ids=by_name)
def test_a_process_has_the_time_that_it_takes_to_end(unit: Path) -> None:
    command = command_of(unit)
    (limit,) = entries(unit, "TimeoutStopSec")
    (service,) = [one for one in OURS.values() if one["command"] == [command]]
    assert service["stop_grace_period"] == f"{limit}s"
    assert float(limit) > LONGEST_STOP_S[command]


def test_the_image_is_built_from_files_that_there_are() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = [source for line in copied for source in line.split()]
    assert [source for source in sources if not list(ROOT.glob(source))] == []
    ignored = (DOCKER / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert {f"!{s}" for s in sources if not s.startswith("web/")} <= set(ignored)


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    shutil.copytree(DOCKER / "systemd", tmp_path, dirs_exist_ok=True)
    copies = [tmp_path / unit.name for unit in UNITS]
    for copy in copies:
        # the program is not installed where the tests run
        copy.write_text(copy.read_text("utf-8").replace(PROGRAM, "/usr/bin/env"), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *copies], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_all_units_share_the_same_walls() -> None:
    walls = {"User": "platetrail", "ProtectSystem": "strict", "NoNewPrivileges": "yes"}
    assert {key: entries(COMMON, key) for key in walls} == {k: [v] for k, v in walls.items()}
    for unit in UNITS:
        assert COMMON.parent.name.removesuffix(".service.d") == unit.name[: len("platetrail-")]


@pytest.mark.parametrize("name", [*(unit.stem for unit in UNITS), *SERVICES])
def test_the_operations_guide_names_it(name: str) -> None:
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert f"`{name}`" in text.split("## As services")[1].split("\n## ")[0]
