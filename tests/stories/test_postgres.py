"""An installation whose registry is in PostgreSQL, over TLS; the server is stopped and started."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import make_url

from lpr.times import format_utc
from search.audit import list_looks
from search.errors import RegistryError
from search.invocation import closing_registry
from search.registry.opening import open_registry
from tests.certificates import write_certificate
from tests.ports import free_port
from tests.postgres import PASSWORD, Postgres
from web.app import create_app
from web.cli import main
from web.parts import real_parts
from web.settings import Settings, load_settings
from web.testing import Visitor

CAMERAS = "id,name,lat,lon,heading,area,ward,district\nC1,Hàng Bài,21.02,105.85,,route,Cửa Nam,\n"
PASSAGE = '{"camera": "C1", "at": "2026-01-31T08:15:04Z", "text": "30A12345", "score": 0.97}\n'
WORD = "mật khẩu để thử"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Postgres() as server:
        yield server


@pytest.fixture(scope="module")
def places(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Databases and certificates that are wrong."""
    foreign, closed = postgres.empty(), postgres.empty()
    postgres.tell("CREATE TABLE accounts (id integer)", foreign.rpartition("/")[2])
    postgres.tell("CREATE ROLE guest LOGIN PASSWORD 'geheim'")
    guest = make_url(closed).set(username="guest", password="geheim")
    other = tmp_path_factory.mktemp("other") / "certificate.pem"
    write_certificate(other, other.with_name("key.pem"))
    return {
        "latin": postgres.empty("LATIN1"),
        "foreign": foreign,
        "closed": guest.render_as_string(hide_password=False),
        "other": str(other),
    }


class Installation:
    """Commands and pages with settings as an administrator gives them."""

    def __init__(self, folder: Path, postgres: Postgres) -> None:
        word = folder / "word"
        word.write_text(f"{PASSWORD}\n", "utf-8")
        database = postgres.empty().rpartition("/")[2]
        address = f"postgresql://platetrail@127.0.0.1:{postgres.port}/{database}"
        self.variables = {
            "PLATETRAIL_DATA_DIR": str(folder / "data"),
            "PLATETRAIL_REGISTRY_URL": address,
            "PLATETRAIL_REGISTRY_PASSWORD_FILE": str(word),
            "PLATETRAIL_REGISTRY_CA_FILE": str(postgres.certificate),
        }

    @property
    def settings(self) -> Settings:
        return load_settings(self.variables)

    def run(self, *arguments: str, given: str = "") -> Result:
        return CliRunner().invoke(main, arguments, input=given, env=self.variables)


@pytest.fixture
def city(tmp_path: Path, postgres: Postgres) -> Installation:
    made = Installation(tmp_path, postgres)
    (tmp_path / "cameras.csv").write_text(CAMERAS, "utf-8")
    assert made.run("cameras", "import", str(tmp_path / "cameras.csv")).exit_code == 0
    assert made.run("ingest", "-", given=PASSAGE).exit_code == 0
    for name, role in (("nam", "officer"), ("an", "auditor")):
        told = ("users", "add", name, "--role", role, "--password-stdin")
        result = made.run(*told, given=WORD)
        assert result.exit_code == 0, result.output
    return made


def test_an_officer_finds_a_plate_and_the_auditor_sees_that_they_looked(
    city: Installation, postgres: Postgres
) -> None:
    app = create_app(city.settings, real_parts(city.settings))
    officer, auditor = Visitor(app.test_client()), Visitor(app.test_client())
    assert officer.sign_in("nam", "wrong").status_code != 302
    assert officer.sign_in("nam", WORD).status_code == 302
    officer.state("trộm xe máy ở Cửa Nam", "17/2026")
    question = officer.asked("30a-123.45")
    assert "Hàng Bài" in officer.get(question).text
    auditor.sign_in("an", WORD)
    assert "trộm xe máy ở Cửa Nam" in auditor.get("/audit").text

    postgres.stop()
    postgres.start()
    assert officer.get(question).status_code == 200  # with the first page, though it was cut off

    postgres.stop()
    away = officer.get(question)
    assert away.status_code == 503
    assert "Hàng Bài" not in away.text
    assert Visitor(app.test_client()).get("/sign-in").status_code == 200
    postgres.start()
    assert officer.get(question).status_code == 200
    assert auditor.get("/audit").status_code == 200
    with closing_registry(city.settings.registry) as registry:
        assert [look.action for look in list_looks(registry)] == ["search"] * 3


def test_a_look_on_the_command_line_is_written_down_or_nothing_is_shown(
    city: Installation, postgres: Postgres
) -> None:
    look = ("search", "30A12345", "--reason", "trộm xe máy")
    assert '"text": "30A12345"' in city.run(*look).stdout
    postgres.stop()
    result = city.run(*look)
    postgres.start()
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Connection refused" in result.stderr
    assert "registry_url" in result.stderr


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"PASSWORD_FILE": "", "PASSWORD": "wrong"}, "registry_url, registry_password: .* authent"),
        ({"PASSWORD": "another"}, "registry_password: expected either"),
        ({"PASSWORD_FILE": "/missing"}, "registry_password_file: /missing: No such file"),
        ({"CA_FILE": "/missing"}, "registry_ca_file: /missing: expected certificates"),
        ({"CA_FILE": "{word}"}, "registry_ca_file: .*word: expected certificates"),
        (
            {"CA_FILE": "{other}"},
            "registry_ca_file: .* not known by its cert.*: .*CERT",
        ),
        ({"URL": "postgresql://platetrail@127.0.0.1:{port}/nix"}, 'database that exists.*"nix"'),
        ({"URL": "postgresql://platetrail@127.0.0.1:{free}/x"}, "registry_url: .* refused"),
        (
            {"URL": "postgresql://platetrail@h.invalid/x"},
            "registry_url: .* reached: .*[Nn]ame",
        ),
        ({"URL": "postgresql://127.0.0.1/x"}, "registry_url: expected postgresql://USER@HOST"),
        ({"URL": "postgresql://u:geheim@h:port/x"}, "registry_url: expected sqlite:///PATH or"),
        ({"URL": "postgresql+psycopg://u:geheim@h/x"}, r"registry_url: expected .*u:\*\*\*@h/x"),
        ({"URL": "postgresql://u@h/x?sslmode=allow"}, "sslmode: expected verify-full or disable"),
        ({"URL": "postgresql://u@h/x?host=y"}, "registry_url: host: known are sslmode"),
        ({"URL": "{latin}"}, "registry_url: the database keeps LATIN1"),
        ({"URL": "{foreign}"}, "registry_url: expected a database of PlateTrail's own"),
        (
            {"URL": "{closed}", "PASSWORD_FILE": ""},
            "registry_url: expected the owner of the",
        ),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_no_password(
    tmp_path: Path,
    postgres: Postgres,
    places: dict[str, str],
    variables: dict[str, str],
    said: str,
) -> None:
    made = Installation(tmp_path, postgres)
    known = {**places, "word": tmp_path / "word", "port": postgres.port, "free": free_port()}
    for key, value in variables.items():
        made.variables[f"PLATETRAIL_REGISTRY_{key}"] = value.format(**known)
    with pytest.raises(RegistryError, match=said) as caught:
        open_registry(made.settings.registry)
    assert not [word for word in ("geheim", PASSWORD) if word in str(caught.value)]


def test_alerts_wait_while_the_registry_is_away(
    city: Installation, postgres: Postgres, tmp_path: Path
) -> None:
    rows = "list,plate,reason,until\nstolen,30A-123.45,taken,2099-01-01\n"
    (tmp_path / "lists.csv").write_text(rows, "utf-8")
    assert city.run("watchlists", "import", str(tmp_path / "lists.csv"), "--yes").exit_code == 0
    assert city.run("channels", "add", "duty", "--mail", "duty@example.vn").exit_code == 0
    first = PASSAGE.replace("2026-01-31T08:15:04Z", format_utc(begun := datetime.now(UTC)))
    assert city.run("ingest", "-", given=first).exit_code == 0
    postgres.stop()
    then = begun + timedelta(minutes=10)
    later = PASSAGE.replace("2026-01-31T08:15:04Z", format_utc(then))
    assert city.run("ingest", "-", given=later + later.replace("30A", "30B")).exit_code == 0
    postgres.start()
    assert city.run("ingest", "-", given="").exit_code == 0
    printed = city.run("alerts", "--reason", "trộm xe máy").stdout.splitlines()
    seen = [(line["at"], line["text"]) for line in map(json.loads, printed)]
    assert seen == [(format_utc(at), "30A12345") for at in (begun, then)]
    assert len({json.loads(line)["id"] for line in printed}) == 1
    assert city.run("channels", "unsent").stdout.count("waiting") == 1
