"""Lists that are fetched from another system's address."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr

from search.registry.opening import open_registry
from search.testing import Shell
from search.watchlists import fetching
from search.watchlists.keeping import list_entries
from tests.certificates import write_certificate

HEADER = "list,plate,reason,until\n"
LOGIN = "Basic b2ZmaWNlOmdlaGVpbQ=="  # office:geheim


@dataclass
class Office:
    """What another system offers, and how it was asked."""

    content: bytes = b""
    content_type: str = "text/csv; charset=utf-8"
    status: int = 200
    port: int = 0
    asked: list[str | None] = field(default_factory=list)

    def offer(self, *plates: str) -> None:
        rows = "".join(f"stolen,{plate},x,2099-12-31\n" for plate in plates)
        self.content = (HEADER + rows).encode()


@contextmanager
def offered(folder: Path) -> Iterator[Office]:
    """An office whose server speaks HTTPS; its certificate is `office.pem`."""
    office = Office()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            office.asked.append(self.headers["Authorization"])
            self.send_response(office.status)
            self.send_header("Content-Type", office.content_type)
            self.send_header("Location", "https://127.0.0.1/elsewhere.csv")
            self.send_header("Content-Length", str(len(office.content)))
            self.end_headers()
            self.wfile.write(office.content)

        def log_message(self, *_: object) -> None:
            pass

    write_certificate(folder / "office.pem", folder / "key.pem")
    speaking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    speaking.load_cert_chain(folder / "office.pem", folder / "key.pem")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = speaking.wrap_socket(server.socket, server_side=True)
        office.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield office
        finally:
            server.shutdown()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with offered(tmp_path) as office:
        yield office


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    trusted = {"feed_ca_file": tmp_path / "office.pem", "feed_password": SecretStr("geheim")}
    shell.settings = shell.settings.model_copy(update=trusted)
    return shell


def fed(
    shell: Shell, office: Office, path: str = "/lists/stolen.csv", user: str = "office@"
) -> str:
    """What is said of it."""
    result = shell.run("watchlists", "feed", f"https://{user}127.0.0.1:{office.port}{path}")
    assert result.exit_code == (1 if result.stderr else 0), result.output
    return result.output


def plates(shell: Shell) -> list[str]:
    return [plate for _, plate in list_entries(open_registry(shell.settings.registry))]


def test_a_list_is_taken_in_where_it_has_changed(shell: Shell, office: Office) -> None:
    office.offer("30A00001", "30A00002", "30A00003")
    assert "3 new, 0 changed, 0 gone, 0 the same: saved" in fed(shell, office)
    assert fed(shell, office) == ""
    office.offer("30A00002", "30A00003", "30A00004")
    assert "1 new, 0 changed, 1 gone, 2 the same: saved" in fed(shell, office)
    office.offer("30A00001", "30A00002", "30A00003")  # as it was
    assert "saved" in fed(shell, office)
    assert plates(shell) == ["30A00001", "30A00002", "30A00003"]
    assert set(office.asked) == {LOGIN}
    reports = [r.read_text() for r in (shell.settings.data_dir / "watchlist-reports").iterdir()]
    assert len(reports) == 2
    assert any("gone: 1\n  stolen: 30A00001\n" in report for report in reports)


def test_what_is_not_saved_is_said_each_time(shell: Shell, office: Office) -> None:
    office.offer("30A00001", "30A00002", "30A00003")
    fed(shell, office)
    office.offer("30A00001")
    for _ in range(2):
        assert "nothing was saved: stolen would lose 2 of 3 entries" in fed(shell, office)
    office.offer("30A00001", "30A00002", "30A00003", "x")
    assert "nothing was saved: 1 row wrong" in fed(shell, office)
    assert len(plates(shell)) == 3


def test_a_name_without_an_ending_goes_by_what_it_is_said_to_be(
    shell: Shell, office: Office
) -> None:
    office.offer("30A00001")
    assert "saved" in fed(shell, office, "/export?id=7")
    office.content_type = "text/html"
    assert "expected a CSV or XLSX file" in fed(shell, office, "/export?id=7")


def test_what_cannot_be_fetched_is_said_and_changes_nothing(
    shell: Shell, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.offer("30A00001")
    for status in (302, 401, 500):
        office.status = status
        assert f"it answered {status}" in fed(shell, office)
    office.status = 200
    monkeypatch.setattr(fetching, "MOST_BYTES", 30)
    assert "expected at most 0 MB" in fed(shell, office)
    monkeypatch.undo()
    shell.settings = shell.settings.model_copy(update={"feed_ca_file": None})
    assert "certificate verify failed" in fed(shell, office)
    assert plates(shell) == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://lists.example/a.csv", "expected https://"),
        ("ftp://127.0.0.1/a.csv", "expected https://"),
        ("https://a:b@127.0.0.1/a.csv", "the password is a setting"),
        ("https:///a.csv", "expected https://USER@HOST/FILE"),
        ("https://127.0.0.1:1/a.csv", "refused"),
    ],
)
def test_an_address_that_cannot_be_is_refused(shell: Shell, address: str, said: str) -> None:
    shell.settings = shell.settings.model_copy(update={"feed_ca_file": None})
    assert said in shell.run("watchlists", "feed", address).stderr
