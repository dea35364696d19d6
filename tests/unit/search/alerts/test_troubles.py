import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from lpr.times import format_utc
from search.alerts.channels import Channel, add_channel
from search.alerts.outbox import list_unsent
from search.alerts.troubles import tell_troubles
from search.cameras import parse_cameras, save_cameras
from search.errors import AlertError
from search.registry.opening import open_registry
from tests.receivers import mail_server, webhook
from tests.unit.search.alerts.test_delivery import deliver
from tests.unit.search.alerts.test_matcher import AT

AFTER = timedelta(minutes=5)
CAMERAS = "id,name,lat,lon,heading,area,ward,district\n" + "".join(
    f"{name},Hàng Bài,21.02,105.85,,{area},Cửa Nam,\n"
    for name, area in (("A", "route"), ("B", "key"))
)


@pytest.fixture
def registry(tmp_path: Path) -> Engine:
    engine = open_registry(f"sqlite:///{tmp_path / 'registry.db'}")
    save_cameras(engine, parse_cameras(CAMERAS))
    return engine


def at(minute: float) -> datetime:
    return AT + timedelta(minutes=minute)


class Watcher:
    """A machine that says how its cameras are."""

    def __init__(self, registry: Engine, folder: Path) -> None:
        self._registry, self._folder = registry, folder

    def looks(self, minute: float, **conditions: str) -> None:
        """It has said so, and somebody looks at it; without conditions it says nothing new."""
        file = self._folder / "health.json"
        if conditions:
            cameras = [{"camera": one, "condition": how} for one, how in conditions.items()]
            file.write_text(json.dumps({"at": format_utc(at(minute)), "cameras": cameras}))
        tell_troubles(self._registry, file, AFTER, at(minute))

    def told(self, minute: float, **conditions: str) -> int:
        """How much more there is to be sent after that."""
        before = len(list_unsent(self._registry))
        self.looks(minute, **conditions)
        return len(list_unsent(self._registry)) - before


@pytest.fixture
def watcher(registry: Engine, tmp_path: Path) -> Watcher:
    return Watcher(registry, tmp_path)


def test_a_trouble_that_lasts_is_told_once_and_its_end_once(
    registry: Engine, watcher: Watcher, tmp_path: Path
) -> None:
    with webhook() as there:
        add_channel(registry, Channel("ops", "webhook", there.url, cameras=True))
        for minute in range(12):
            watcher.looks(minute, A="down", B="good")
        assert deliver(registry, tmp_path, at(12)) == 1
        for minute in range(12, 24):
            watcher.looks(minute, A="good", B="good")
        assert deliver(registry, tmp_path, at(24)) == 1
    told = {"camera": "A", "camera_name": "Hàng Bài", "ward": "Cửa Nam", "condition": "down"}
    for said, over in zip(there.said, (False, True), strict=True):
        assert len(said.pop("delivery")) == 32
        assert said == {**told, "since": format_utc(AT), "over": over}
    assert len(set(there.bodies)) == 2


def test_what_is_over_soon_and_what_comes_again_soon_is_told_nobody(
    registry: Engine, watcher: Watcher, tmp_path: Path
) -> None:
    def sent(minute: float, condition: str) -> int:
        watcher.looks(minute, A=condition)
        return deliver(registry, tmp_path, at(minute))

    with webhook() as there:
        add_channel(registry, Channel("ops", "webhook", there.url, cameras=True))
        assert sent(0, "down") == 0
        assert sent(4, "good") == 0
        assert sent(5, "blind") == 0  # another one
        assert sent(9.9, "down") == 0
        assert sent(10, "down") == 1
        assert sent(11, "good") == 0
        assert sent(13, "down") == 0  # still the same one
        assert sent(30, "down") == 0
        assert sent(31, "connecting") == 0
        assert sent(40, "good") == 0
        assert sent(45, "good") == 1


def test_the_end_is_told_those_who_were_told_of_the_beginning(
    registry: Engine, watcher: Watcher, tmp_path: Path
) -> None:
    def sent(minute: float, condition: str) -> list[tuple[str, bool]]:
        before = len(there.said)
        watcher.looks(minute, A=condition)
        deliver(registry, tmp_path, at(minute))
        return [(said["camera"], said["over"]) for said in there.said[before:]]

    with webhook() as there:
        add_channel(
            registry, Channel("noon", "webhook", there.url, hours="12:00-12:30", cameras=True)
        )
        add_channel(
            registry, Channel("later", "webhook", there.url, hours="12:30-13:00", cameras=True)
        )
        assert [sent(minute, "down") for minute in (0, 5)] == [[], [("A", False)]]
        assert [sent(minute, "good") for minute in (40, 45)] == [[], [("A", True)]]
        there.status = 500
        assert [sent(minute, "down") for minute in (50, 55)] == [[], []]
    assert len(list_unsent(registry)) == 1
    with webhook(there):
        there.status = 204
        assert sent(56, "good") == [("A", False)]  # it was tried, and may have come
        assert sent(61, "good") == [("A", True)]


def test_a_trouble_that_is_over_before_anybody_was_told_is_told_nobody(
    registry: Engine, watcher: Watcher
) -> None:
    add_channel(registry, Channel("ops", "webhook", "http://127.0.0.1:9/x", cameras=True))
    assert [watcher.told(minute, A="down") for minute in (0, 5)] == [0, 1]
    assert [watcher.told(minute, A="good") for minute in (6, 11)] == [0, -1]


def test_a_machine_that_tells_no_more_is_a_trouble_of_its_cameras(
    registry: Engine, watcher: Watcher, tmp_path: Path
) -> None:
    add_channel(registry, Channel("ops", "mail", "ops@example.vn", cameras=True))
    watcher.looks(0, A="good", B="good")
    assert [watcher.told(minute) for minute in (10, 14, 15, 20)] == [0, 0, 2, 0]
    with mail_server() as server:
        settings = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
        assert deliver(registry, tmp_path, at(20), smtp_from="pt@example.vn", **settings) == 2
    mail = min(server.mails, key=lambda mail: str(mail["Subject"]))
    assert mail["Subject"] == "[PlateTrail] Camera A: mất liên lạc với máy theo dõi camera"
    assert mail["To"] == "ops@example.vn"
    assert (
        "Camera Hàng Bài (A), Cửa Nam: its machine tells no more."
        in mail.get_payload(decode=True).decode()
    )


def test_channels_take_troubles_of_some_cameras_and_others_none(
    registry: Engine, watcher: Watcher
) -> None:
    add_channel(registry, Channel("alerts", "webhook", "http://127.0.0.1:9/x"))
    watcher.looks(0, A="down", B="down")
    assert watcher.told(10, A="down", B="down") == 0
    for name, more in (
        ("key", {"areas": ("key",)}),
        ("night", {"hours": "22:00-05:00"}),
        ("all", {}),
    ):
        add_channel(
            registry, Channel(name, "webhook", "http://127.0.0.1:9/x", cameras=True, **more)
        )
    watcher.looks(11, A="down", B="down")
    watcher.looks(16, A="down", B="down")
    assert sorted(one.channel for one in list_unsent(registry)) == ["all", "all", "key"]


def test_a_channel_for_cameras_takes_no_alerts_and_has_no_lists(registry: Engine) -> None:
    with pytest.raises(AlertError, match="a channel for cameras has no lists"):
        add_channel(registry, Channel("x", "mail", "a@b.vn", lists=("stolen",), cameras=True))
