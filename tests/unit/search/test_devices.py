from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from search.devices import (
    add_device,
    device_of,
    list_devices,
    note_state,
    revoke_device,
    rotate_token,
)
from search.errors import DeviceError
from search.intake.refusals import NotTaken, note_refusals
from search.registry.opening import open_registry
from search.registry.tables import DeviceTokenRow
from search.testing import Shell

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Engine]:
    engine = open_registry(f"sqlite:///{tmp_path}/registry.db")
    yield engine
    engine.dispose()


def test_a_token_is_its_device_s_and_is_kept_as_a_hash_only(registry: Engine) -> None:
    token = add_device(registry, "box", ["C2", "C1", "C1"], NOW)
    device = device_of(registry, token, NOW)
    assert device is not None
    assert (device.name, device.cameras) == ("box", {"C1", "C2"})
    with Session(registry) as session:
        kept = session.scalars(select(DeviceTokenRow.token_hash)).all()
    assert token not in kept
    assert [len(one) for one in kept] == [64]


@pytest.mark.parametrize("token", ["", "nonsense", "pt_", "\udce9"])
def test_another_text_is_nobody_s_token(registry: Engine, token: str) -> None:
    add_device(registry, "box", ["C1"], NOW)
    assert device_of(registry, token, NOW) is None


def test_a_revoked_device_sends_no_more(registry: Engine) -> None:
    token = add_device(registry, "box", ["C1"], NOW)
    revoke_device(registry, "box", NOW)
    assert device_of(registry, token, NOW) is None
    assert list_devices(registry)[0].revoked_at == NOW
    with pytest.raises(DeviceError, match="revoked"):
        rotate_token(registry, "box", NOW)


def test_the_old_token_holds_until_the_new_one_was_used(registry: Engine) -> None:
    old = add_device(registry, "box", ["C1"], NOW)
    assert device_of(registry, old, NOW)
    new = rotate_token(registry, "box", NOW)
    assert device_of(registry, old, NOW)
    assert list_devices(registry)[0].is_rotating
    assert device_of(registry, new, NOW)
    assert device_of(registry, old, NOW) is None
    assert device_of(registry, new, NOW)
    assert not list_devices(registry)[0].is_rotating


def test_rotating_again_ends_the_token_that_nobody_came_to_use(registry: Engine) -> None:
    old = add_device(registry, "box", ["C1"], NOW)
    assert device_of(registry, old, NOW)
    forgotten = rotate_token(registry, "box", NOW)
    newest = rotate_token(registry, "box", NOW)
    assert device_of(registry, forgotten, NOW) is None
    assert device_of(registry, old, NOW)
    assert device_of(registry, newest, NOW)


def test_tokens_of_other_devices_are_left_alone(registry: Engine) -> None:
    tokens = [add_device(registry, name, ["C1"], NOW) for name in ("one", "other")]
    assert device_of(registry, rotate_token(registry, "one", NOW), NOW)
    assert device_of(registry, tokens[0], NOW) is None
    assert device_of(registry, tokens[1], NOW)


def test_what_a_device_says_of_its_spool_is_kept(registry: Engine) -> None:
    add_device(registry, "box", ["C1"], NOW)
    note_state(registry, "box", {"waiting": 7}, NOW + timedelta(hours=1))
    (device,) = list_devices(registry)
    assert (device.state, device.seen_at) == ({"waiting": 7}, NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("name", "cameras", "said"),
    [("", ["C1"], "1 to 64"), ("a\nb", ["C1"], "printable"), ("a", [], "name one or more")],
)
def test_what_cannot_be_a_device_is_refused(
    registry: Engine, name: str, cameras: list[str], said: str
) -> None:
    with pytest.raises(DeviceError, match=said):
        add_device(registry, name, cameras, NOW)


def test_a_name_is_given_once(registry: Engine) -> None:
    add_device(registry, "box", ["C1"], NOW)
    with pytest.raises(DeviceError, match="choose another"):
        add_device(registry, "box", ["C2"], NOW)


def test_devices_are_added_listed_rotated_and_revoked_on_the_command_line(shell: Shell) -> None:
    added = shell.run("devices", "add", "box", "--camera", "C1", "--camera", "C2")
    assert added.exit_code == 0, added.output
    assert added.stdout.startswith("pt_")
    assert added.stdout.count("\n") == 1
    assert "camera C1 is not registered" in added.stderr
    assert shell.run("devices", "list").stdout == "box\tactive\tnever\t?\tC1,C2\n"
    assert shell.run("devices", "rotate", "box").stdout != added.stdout
    assert "\trotating\t" in shell.run("devices", "list").stdout
    assert shell.run("devices", "revoke", "box").exit_code == 0
    assert "\trevoked\t" in shell.run("devices", "list").stdout
    unknown = shell.run("devices", "revoke", "nobody")
    assert (unknown.exit_code, "there is no device nobody" in unknown.stderr) == (1, True)


def test_what_was_refused_is_listed_with_its_device_and_reason(shell: Shell) -> None:
    assert shell.run("devices", "refused").stdout == ""
    registry = open_registry(shell.settings.registry)
    for _ in range(2):
        note_refusals(registry, [NotTaken("box", "C9", "camera C9 is not this device's")], NOW)
    registry.dispose()
    told = shell.run("devices", "refused")
    assert told.stdout == "2026-01-31T12:00:00.000Z\t2\tbox\tC9\tcamera C9 is not this device's\n"
