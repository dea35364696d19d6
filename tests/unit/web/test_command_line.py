import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from search.registry.opening import open_registry
from web.accounts import list_accounts
from web.cli import main
from web.settings import Settings
from web.signing_in import sign_in
from web.testing import NOON

VISION = ("cv2", "onnxruntime", "av", "paddleocr", "paddlex")


class Shell:
    def __init__(self, folder: Path) -> None:
        self.settings = Settings(data_dir=folder)
        self.variables = {"PLATETRAIL_DATA_DIR": str(folder)}

    def run(self, *arguments: str, given: str = "", **variables: str) -> Result:
        return CliRunner().invoke(main, arguments, input=given, env=self.variables | variables)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_every_command_of_the_packages_is_there() -> None:
    commands = set(main.commands)
    assert {"recognise", "ingest", "search", "serve", "run", "users", "demo"} <= commands


def test_a_file_that_is_not_text_is_kept_from_a_terminal(tmp_path: Path) -> None:
    terminal, end = pty.openpty()
    asked = ("route", "30A12345", "--reason", "a test", "--format", "pdf")
    ended = subprocess.run(
        [sys.executable, "-m", "web", *asked],
        env={"PLATETRAIL_DATA_DIR": str(tmp_path / "data")},
        stdout=end,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(terminal)
    os.close(end)
    assert ended.returncode == 1
    assert "pdf is not for a terminal: add > route.pdf" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_a_registry_that_is_away_ends_a_command_with_one_line(shell: Shell) -> None:
    result = shell.run(
        "users", "list", PLATETRAIL_REGISTRY_URL="postgresql://nam@127.0.0.1:1/platetrail"
    )
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: registry_url: PostgreSQL at 127.0.0.1:1 cannot")
    assert result.stderr.count("\n") == 1


def test_a_wrong_setting_ends_the_start_with_one_line(shell: Shell) -> None:
    result = shell.run("users", "list", PLATETRAIL_PROT="1")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: PLATETRAIL_PROT: there is no such setting")
    assert result.stderr.count("\n") == 1


def test_serving_with_a_default_secret_is_refused(shell: Shell) -> None:
    result = shell.run("serve", PLATETRAIL_SECRET_KEY="changeme")
    assert result.exit_code == 2
    assert "PLATETRAIL_SECRET_KEY" in result.stderr


def test_accounts_are_made_listed_and_locked(shell: Shell) -> None:
    add = ("users", "add", "nam", "--role", "officer", "--full-name", "Nguyễn Nam")
    assert shell.run(*add, "--password-stdin", given="mật khẩu của Nam\n").exit_code == 0
    assert shell.run("users", "list").stdout == "nam\tofficer\tactive\tNguyễn Nam\n"
    assert shell.run("users", "lock", "nam").exit_code == 0
    assert shell.run("users", "list").stdout == "nam\tofficer\tlocked\tNguyễn Nam\n"
    assert shell.run("users", "unlock", "nam").exit_code == 0
    again = shell.run("users", "password", "nam", given="mật khẩu khác\nmật khẩu khác\n")
    assert again.exit_code == 0
    registry = open_registry(shell.settings.registry)
    assert sign_in(registry, "nam", "mật khẩu khác", NOON).full_name == "Nguyễn Nam"
    registry.dispose()


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (("add", "nam", "--role", "officer", "--password-stdin"), "short\n", "10 characters"),
        (("add", "Nam!", "--role", "officer", "--password-stdin"), "long enough\n", "a-z"),
        (("lock", "nobody"), "", "there is no account nobody"),
        (("password", "nobody", "--password-stdin"), "long enough\n", "no account nobody"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    shell: Shell, arguments: tuple[str, ...], given: str, said: str
) -> None:
    result = shell.run("users", *arguments, given=given)
    assert result.exit_code == 1
    assert said in result.stderr
    registry = open_registry(shell.settings.registry)
    assert list_accounts(registry) == []
    registry.dispose()


@pytest.mark.parametrize("module", ["web.app", "web.cli", "web.serving", "web.running"])
def test_the_vision_stack_is_loaded_by_no_page(module: str) -> None:
    code = f"import sys, {module}; print([m for m in {VISION} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
