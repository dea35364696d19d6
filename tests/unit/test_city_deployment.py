"""docker/compose.city.yaml and what lies in docker/city."""

import importlib.util
import json
import re
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from search.elastic.access import parse_address
from search.elastic.connecting import connect
from search.evidence_opening import open_evidence
from search.opening import access_of
from web.cli import main
from web.intake_serving import intake_fault
from web.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
CITY = ROOT / "docker" / "city"
COMPOSE = yaml.safe_load((ROOT / "docker" / "compose.city.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"] == "platetrail"}
NODES = ["es1", "es2", "es3"]
ROLES = yaml.safe_load((CITY / "roles.yml").read_text("utf-8"))


def load_prepare() -> ModuleType:
    spec = importlib.util.spec_from_file_location("prepare", CITY / "prepare.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    load_prepare().prepare(folder, "centre.example")
    return folder


def resolved(value: str) -> str:
    """A value of the compose file where no variable is set."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)


def secrets_of(name: str) -> dict[str, str]:
    """The secrets that a container is handed, by the name that it sees."""
    handed = SERVICES[name].get("secrets", [])
    pairs = [(s, s) if isinstance(s, str) else (s["target"], s["source"]) for s in handed]
    return dict(pairs)


def settings_of(name: str, prepared: Path) -> Settings:
    """The real settings of one of our containers, with the files that were prepared."""
    variables = {
        key: resolved(value).replace("/run/secrets", str(prepared))
        for key, value in OURS[name]["environment"].items()
    }
    return load_settings(variables)


def test_a_city_has_three_nodes_a_registry_pictures_and_our_processes() -> None:
    assert list(SERVICES) == [
        *NODES,
        *("postgres", "pictures", "s3", "ingest", "intake", "pages", "proxy", "admin"),
    ]
    assert {name: one["command"][0] for name, one in OURS.items()} == {
        "ingest": "ingest",
        "intake": "intake",
        "pages": "serve",
        "admin": "--help",
    }
    assert {one["command"][0] for one in OURS.values()} - {"--help"} <= set(main.commands)


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_has_no_rights_and_a_root_that_is_only_read(name: str) -> None:
    one = SERVICES[name]
    assert (one["read_only"], one["cap_drop"], one["init"]) == (True, ["ALL"], True)
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in one
    assert one in OURS.values() or one["user"].split(":")[0] != "0"


@pytest.mark.parametrize("name", [n for n in SERVICES if n not in ("proxy", "admin")])
def test_a_container_says_whether_it_works(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_names_only_files_that_are_handed_to_it(name: str) -> None:
    said = json.dumps([SERVICES[name].get(key) for key in ("environment", "command")])
    named = set(re.findall(r"/run/secrets/([\w.-]+)", said))
    assert named <= set(secrets_of(name))
    assert set(secrets_of(name).values()) <= set(COMPOSE["secrets"])


def test_every_file_that_is_named_is_prepared(prepared: Path) -> None:
    files = {Path(resolved(one["file"])).name for one in COMPOSE["secrets"].values()}
    assert files <= {path.name for path in prepared.iterdir()}
    unused = {path.name for path in prepared.iterdir()} - files
    assert unused == {"authority.key"}  # nothing that runs needs it
    mounted = [v.split(":")[0] for one in SERVICES.values() for v in one.get("volumes", [])]
    here = [ROOT / "docker" / path for path in mounted if path.startswith("./")]
    here += [ROOT / "docker" / one["file"] for one in COMPOSE["configs"].values()]
    assert [path for path in here if not path.is_file()] == []


def test_nobody_else_can_read_what_is_prepared(prepared: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o077 for path in prepared.iterdir()}
    assert {name for name, mode in modes.items() if mode} == {"authority.pem"}


def test_preparing_again_changes_nothing(prepared: Path) -> None:
    before = {path.name: path.read_bytes() for path in prepared.iterdir()}
    load_prepare().prepare(prepared, "centre.example")
    assert {path.name: path.read_bytes() for path in prepared.iterdir()} == before


@pytest.mark.parametrize(
    ("server", "name"),
    [("es2", "es2"), ("postgres", "postgres"), ("s3", "pictures"), ("pages", "centre.example")],
)
def test_a_server_is_known_by_its_name(prepared: Path, server: str, name: str) -> None:
    verify = ["openssl", "verify", "-CAfile", "authority.pem", "-verify_hostname", name]
    done = subprocess.run(
        [*verify, f"{server}.pem"], cwd=prepared, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", OURS)
def test_the_settings_of_a_container_are_taken(name: str, prepared: Path) -> None:
    settings = settings_of(name, prepared)
    assert settings.evidence_ca_file == prepared / "authority.pem"
    open_evidence(settings)
    if settings.sightings_url:
        access = access_of(settings)
        assert access.user == name
        assert access.password == (prepared / f"sightings-{name}").read_text()
        connect(parse_address(settings.sightings), access).close()  # reads the certificate
    if settings.registry_url:
        assert (prepared / "registry-password").read_text() in settings.registry


def test_a_process_is_handed_only_what_it_needs(prepared: Path) -> None:
    assert settings_of("intake", prepared).sightings_url == ""
    assert settings_of("ingest", prepared).registry_url  # watchlists and alerts
    assert intake_fault(settings_of("intake", prepared)) is None
    assert settings_of("pages", prepared).secret_key is not None
    assert SERVICES["pages"]["volumes"] == ["pages:/data"]  # and no spool


def test_ingest_may_not_read_and_the_pages_may_not_write() -> None:
    rights = {role: set(one["indices"][0]["privileges"]) for role, one in ROLES.items()}
    assert rights["ingest"] == {"index", "manage"}
    assert rights["pages"] == {"read", "view_index_metadata"}
    assert set(rights) == set(load_prepare().USERS)
    keys = load_prepare().KEYS
    assert "Write" not in keys["pages"] + keys["intake"]


def test_only_the_proxy_reaches_the_pages_and_only_s3_the_pictures() -> None:
    assert [n for n, one in SERVICES.items() if "front" in one.get("networks", [])] == [
        "pages",
        "proxy",
    ]
    assert {n for n, one in SERVICES.items() if "ports" in one} == {"intake", "proxy"}
    assert COMPOSE["networks"]["stores"] == {"internal": True}
    assert "-ip.bind=127.0.0.1" in SERVICES["pictures"]["command"]
    assert SERVICES["s3"]["network_mode"] == "service:pictures"


def test_the_three_nodes_know_each_other() -> None:
    config = yaml.safe_load((CITY / "elasticsearch.yml").read_text("utf-8"))
    assert config["discovery.seed_hosts"] == config["cluster.initial_master_nodes"] == NODES
    assert config["xpack.security.enabled"] is True
    for part in ("http", "transport"):
        assert config[f"xpack.security.{part}.ssl"]["enabled"] is True
    assert [SERVICES[node]["environment"]["NODE"] for node in NODES] == NODES


@pytest.mark.parametrize("name", SERVICES)
def test_the_guide_names_it(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "city.md").read_text("utf-8")
