import hmac
import json
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine

from lpr.passages import Passage
from search.alerts.channels import Channel, add_channel, list_channels
from search.alerts.delivering import deliver_waiting
from search.alerts.keeping import change_alert, list_alerts, list_steps, note_seen
from search.alerts.late import pass_up
from search.alerts.outbox import DEAD, list_unsent, note_failed, send_again, take_next
from search.alerts.sending import sender
from search.alerts.states import AT_WORK, CLOSED, CONFIRMED, REJECTED, SEEN
from search.cameras import parse_cameras, save_cameras
from search.errors import AlertError
from search.evidence import FolderEvidence
from search.settings import StoreSettings
from search.testing import Shell
from tests.ports import free_port
from tests.receivers import Webhook, broker, mail_server, webhook
from tests.unit.search.alerts import test_watch
from tests.unit.search.alerts.test_matcher import AT
from tests.unit.search.alerts.test_watch import looked, save, seen

CHANNEL = Channel("duty", "webhook", "http://127.0.0.1:9/x")
registry = test_watch.registry
at_once = test_watch.at_once


def deliver(engine: Engine, folder: Path, at: datetime = AT, **settings: object) -> int:
    """Send what is due at a time; how many came."""
    given = StoreSettings(data_dir=folder, **settings)  # type: ignore[arg-type]
    send = sender(given, FolderEvidence(given.evidence_dir))
    return deliver_waiting(engine, send, threading.Event(), lambda: at)


def test_an_alert_is_posted_once_and_again_at_the_next_camera(
    registry: Engine, tmp_path: Path
) -> None:
    with webhook() as there:
        key = add_channel(registry, Channel("duty", "webhook", there.url)).key
        looked(registry, *(seen("30A12345", camera, m) for m, camera in enumerate("AAB")))
        assert deliver(registry, tmp_path) == 2
        assert deliver(registry, tmp_path) == 0
    assert [said["camera"] for said in there.said] == ["A", "B"]
    assert there.said[0]["state"] == "new"
    headers, body = there.headers[0], there.bodies[0]
    assert headers["PlateTrail-Delivery"] == there.said[0]["delivery"]
    seconds = str(int(AT.timestamp()))
    signed = hmac.new(key.encode(), f"{seconds}.".encode() + body, sha256).hexdigest()
    assert headers["PlateTrail-Signature"] == f"t={seconds},v1={signed}"
    assert list_unsent(registry) == []


def test_a_channel_that_is_away_is_tried_later_under_the_same_id(
    registry: Engine, tmp_path: Path
) -> None:
    away = Webhook(port=free_port())
    add_channel(registry, Channel("duty", "webhook", away.url))
    looked(registry, seen("30A12345", "A", 0))
    assert deliver(registry, tmp_path) == 0
    (unsent,) = list_unsent(registry)
    assert (unsent.state, unsent.attempts) == ("waiting", 1)
    assert "duty" in unsent.trouble
    with webhook(away):
        assert deliver(registry, tmp_path, AT + timedelta(seconds=1)) == 0  # not yet
        assert deliver(registry, tmp_path, AT + timedelta(seconds=6)) == 1
    assert [said["delivery"] for said in away.said] == [unsent.id]


def test_one_that_was_taken_and_not_sent_is_sent_by_the_next(
    registry: Engine, tmp_path: Path
) -> None:
    with webhook() as there:
        add_channel(registry, Channel("duty", "webhook", there.url))
        looked(registry, seen("30A12345", "A", 0))
        assert take_next(registry, AT) is not None  # and its process was killed
        assert deliver(registry, tmp_path, AT + timedelta(seconds=59)) == 0
        assert deliver(registry, tmp_path, AT + timedelta(seconds=61)) == 1


def test_what_was_refused_for_a_day_is_set_aside_until_it_is_sent_again(
    registry: Engine, tmp_path: Path
) -> None:
    with webhook() as there:
        there.status = 500
        add_channel(registry, Channel("duty", "webhook", there.url))
        looked(registry, seen("30A12345", "A", 0))
        assert deliver(registry, tmp_path) == 0
        late = AT + timedelta(hours=25)
        assert deliver(registry, tmp_path, late) == 0
        (dead,) = list_unsent(registry, DEAD)
        assert "500" in dead.trouble
        there.status = 200
        assert deliver(registry, tmp_path, late + timedelta(hours=1)) == 0
        assert send_again(registry, late) == 1
        assert deliver(registry, tmp_path, late) == 1


def test_a_channel_that_fails_holds_no_other_one_up(registry: Engine, tmp_path: Path) -> None:
    away = Webhook(port=free_port())
    with webhook() as there:
        add_channel(registry, Channel("away", "webhook", away.url))
        add_channel(registry, Channel("there", "webhook", there.url))
        minutes = range(0, 1000, 200)
        looked(registry, *(seen("30A12345", f"C{m}", m) for m in minutes))
        assert deliver(registry, tmp_path) == len(minutes)
    tried = [one.attempts for one in list_unsent(registry)]
    assert sorted(tried) == [0, 0, 0, 0, 1]  # the others of that channel wait with it


def test_an_alert_is_published_by_mqtt(registry: Engine, tmp_path: Path) -> None:
    port = free_port()
    add_channel(registry, Channel("duty", "mqtt", f"mqtt://duty@127.0.0.1:{port}/alerts/hanoi"))
    looked(registry, seen("30A12345", "A", 0))
    assert deliver(registry, tmp_path) == 0
    (unsent,) = list_unsent(registry)
    assert "mqtt duty" in unsent.trouble
    folder = tmp_path / "broker"
    folder.mkdir()
    with broker(folder, port) as published:
        later = AT + timedelta(minutes=1)
        assert deliver(registry, tmp_path, later, mqtt_password="wrong") == 0
        assert "Not authorized" in list_unsent(registry)[0].trouble
        later += timedelta(minutes=1)
        assert deliver(registry, tmp_path, later, mqtt_password="geheim") == 1
        end = time.monotonic() + 10
        while not published and time.monotonic() < end:
            time.sleep(0.05)
    assert json.loads(published[0])["delivery"] == unsent.id


def test_what_was_seen_long_ago_is_not_sent(registry: Engine, tmp_path: Path) -> None:
    add_channel(registry, CHANNEL)
    (hit,) = looked(registry, seen("30A12345", "A", -25 * 60))
    assert hit.state == "new"
    assert list_unsent(registry) == []


def more_of(passage: Passage, text: str, seconds: int) -> Passage:
    """A later report of a passage, that is surely of another text."""
    until = passage.at + timedelta(seconds=seconds)
    return replace(passage, text=text, score=0.97, candidates=((text, 0.97),), until=until)


def told(engine: Engine, folder: Path, there: Webhook, at: datetime = AT) -> list[tuple[str, str]]:
    """State and vehicle of what is sent now."""
    before = len(there.said)
    deliver(engine, folder, at)
    return [(said["state"], said["entry"]) for said in there.said[before:]]


def test_what_is_read_anew_as_another_text_is_taken_back_from_who_was_told(
    registry: Engine, tmp_path: Path
) -> None:
    save(registry, "30A12345", "30B99999")
    one = seen("30A12345", "A", 0, until=None)
    with webhook() as there:
        add_channel(registry, Channel("duty", "webhook", there.url))
        looked(registry, one)
        assert told(registry, tmp_path, there) == [("new", "30A12345")]
        looked(registry, more_of(one, "51F00001", 2))
        assert told(registry, tmp_path, there) == [("withdrawn", "30A12345")]
        looked(registry, more_of(one, "30B99999", 3))
        assert told(registry, tmp_path, there) == [("new", "30B99999")]
        looked(registry, more_of(one, "30A12345", 4))  # which it was at first
        assert sorted(told(registry, tmp_path, there)) == [
            ("new", "30A12345"),
            ("withdrawn", "30B99999"),
        ]
    assert len({said["delivery"] for said in there.said}) == 5


def test_what_nobody_was_told_is_not_sent_once_it_is_none(registry: Engine, tmp_path: Path) -> None:
    one, two = seen("30A12345", "A", 0, until=None), seen("30A12345", "B", 200, until=None)
    with webhook() as there:
        add_channel(registry, Channel("duty", "webhook", there.url))
        looked(registry, one, two)
        looked(registry, more_of(one, "51F00001", 2))
        (alert,) = list_alerts(registry, AT_WORK, 10)
        change_alert(registry, alert, REJECTED, "officer", "misread", AT)
        assert told(registry, tmp_path, there) == []
    assert list_unsent(registry) == []


def test_a_sighting_is_taken_back_while_the_others_stay(registry: Engine, tmp_path: Path) -> None:
    one, two = seen("30A12345", "A", 0, until=None), seen("30A12345", "B", 1)
    with webhook() as there:
        add_channel(registry, Channel("duty", "webhook", there.url))
        looked(registry, one, two)
        assert len(told(registry, tmp_path, there)) == 2
        looked(registry, more_of(one, "51F00001", 2))
        assert told(registry, tmp_path, there) == [("withdrawn", "30A12345")]
        assert there.said[-1]["camera"] == "A"
        looked(registry, more_of(one, "30A12345", 3))
        assert told(registry, tmp_path, there) == [("new", "30A12345")]
    assert len(list_alerts(registry, AT_WORK, 10)) == 1


def test_who_was_told_is_told_of_a_rejection_and_of_its_end(
    registry: Engine, tmp_path: Path
) -> None:
    with webhook() as there:
        add_channel(registry, Channel("duty", "webhook", there.url))
        looked(registry, seen("30A12345", "A", 0), seen("30A12345", "B", 1))
        told(registry, tmp_path, there)
        for state, why in ((REJECTED, "misread"), (SEEN, "")) * 2:
            (alert,) = list_alerts(registry, (*AT_WORK, REJECTED), 10)
            change_alert(registry, alert, state, "officer", why, AT)
            assert told(registry, tmp_path, there) == [(state, "30A12345")]
            assert there.said[-1]["camera"] == "B"


def test_what_may_be_on_its_way_is_taken_back_behind_it(registry: Engine, tmp_path: Path) -> None:
    with webhook() as there:
        add_channel(registry, Channel("duty", "webhook", there.url))
        looked(registry, seen("30A12345", "A", 0))
        on_its_way = take_next(registry, AT)
        assert on_its_way
        (alert,) = list_alerts(registry, AT_WORK, 10)
        change_alert(registry, alert, REJECTED, "officer", "misread", AT)
        assert told(registry, tmp_path, there) == []
        note_failed(registry, on_its_way, "a timeout", AT)  # nobody knows whether it came
        assert told(registry, tmp_path, there, AT + timedelta(seconds=45)) == [
            ("rejected", "30A12345")
        ]


def test_what_waits_of_a_closed_alert_is_not_sent(registry: Engine, tmp_path: Path) -> None:
    add_channel(registry, CHANNEL)
    looked(registry, seen("30A12345", "A", 0))
    for state in (CONFIRMED, CLOSED):
        (alert,) = list_alerts(registry, AT_WORK, 10)
        change_alert(registry, alert, state, "officer", "stopped", AT)
    assert list_unsent(registry) == []


def test_a_mail_takes_back_what_was_mailed(registry: Engine, tmp_path: Path) -> None:
    add_channel(registry, Channel("duty", "mail", "duty@example.vn"))
    one = seen("30A12345", "A", 0, until=None)
    with mail_server() as server:
        settings = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
        for passage in (one, more_of(one, "51F00001", 2)):
            looked(registry, passage)
            assert deliver(registry, tmp_path, smtp_from="pt@example.vn", **settings) == 1
    words = server.mails[1].get_body().get_content()  # type: ignore[attr-defined]
    assert "KHÔNG PHẢI: 30A-123.45" in server.mails[1]["Subject"]
    assert "RÚT LẠI CẢNH BÁO" in words
    assert "TAKEN BACK" in words


def test_an_alert_that_nobody_looks_at_is_passed_up_once(registry: Engine, tmp_path: Path) -> None:
    quarter = timedelta(minutes=15)
    with webhook() as there:
        add_channel(registry, Channel("above", "webhook", there.url, late=True))
        looked(registry, seen("30A12345", "A", 0), seen("30A12345", "B", 1))
        looked(registry, seen("30A12345", "C", 200))
        (seen_one, late_one) = sorted(list_alerts(registry, AT_WORK, 10), key=lambda a: len(a.hits))
        note_seen(registry, seen_one, "officer", AT)
        assert pass_up(registry, quarter, AT + timedelta(minutes=14)) == 0
        assert pass_up(registry, quarter, AT + quarter) == 1
        assert pass_up(registry, quarter, AT + 2 * quarter) == 0
        assert deliver(registry, tmp_path, AT + quarter) == 1
    assert [(said["id"], said["camera"]) for said in there.said] == [(late_one.id, "B")]
    assert [step.why for step in list_steps(registry, late_one.id)] == ["late"]


def test_an_alert_is_mailed_with_its_picture(registry: Engine, tmp_path: Path) -> None:
    add_channel(registry, Channel("duty", "mail", "duty@example.vn"))
    crop = FolderEvidence(tmp_path / "evidence").put(b"the crop")
    looked(registry, seen("30A12346", "A", 0, 0.5, crop=crop, candidates=(("30A12345", 0.4),)))
    with mail_server() as server:
        settings = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
        assert deliver(registry, tmp_path, **settings) == 0  # nobody said from whom
        assert "smtp_from" in list_unsent(registry)[0].trouble
        later = AT + timedelta(minutes=1)
        assert deliver(registry, tmp_path, later, smtp_from="pt@example.vn", **settings) == 1
    (mail,) = server.mails
    assert mail["To"] == "duty@example.vn"
    assert "Có thể trùng: 30A-123.45" in mail["Subject"]
    words = mail.get_body().get_content()  # type: ignore[attr-defined]  # of the new policy
    assert "Đọc được: 30A-123.46" in words
    assert "POSSIBLE MATCH" in words
    (picture,) = mail.iter_attachments()  # type: ignore[attr-defined]
    assert picture.get_content() == b"the crop"


@pytest.mark.parametrize(
    ("channel", "takes"),
    [
        (CHANNEL, True),
        (replace(CHANNEL, lists=("other",)), False),
        (replace(CHANNEL, lists=("other", "stolen")), True),
        (replace(CHANNEL, severity="high"), False),
        (replace(CHANNEL, severity="medium"), True),
        (replace(CHANNEL, areas=("key",)), False),
        (replace(CHANNEL, areas=("route",)), True),
        (replace(CHANNEL, hours="22:00-06:00"), False),
        (replace(CHANNEL, hours="11:00-13:00"), True),
    ],
)
def test_a_channel_takes_some_alerts(
    registry: Engine, tmp_path: Path, channel: Channel, takes: bool
) -> None:
    header = "id,name,lat,lon,heading,area,ward,district\n"
    save_cameras(registry, parse_cameras(header + "A,Hàng Bài,21.02,105.85,,route,Cửa Nam,\n"))
    add_channel(registry, channel)
    looked(registry, seen("30A12345", "A", 0))
    assert bool(list_unsent(registry)) is takes


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        (Channel("a b", "mail", "a@b.vn"), "name: expected letters"),
        (Channel("a", "mail", "nobody"), "mail: expected such as"),
        (Channel("a", "webhook", "ftp://x"), "webhook: expected http"),
        (Channel("a", "webhook", "http://[x"), "webhook: expected http"),
        (Channel("a", "webhook", "http://a:b@x/"), "webhook: the password does not belong"),
        (Channel("a", "mqtt", "http://x/a"), "mqtt: expected mqtt"),
        (Channel("a", "mqtt", "mqtt://x"), "mqtt: expected a topic"),
        (Channel("a", "mail", "a@b.vn", hours="25:00-26:00"), "hours: expected such as"),
    ],
)
def test_a_channel_that_cannot_be_is_refused(registry: Engine, channel: Channel, said: str) -> None:
    with pytest.raises(AlertError, match=said):
        add_channel(registry, channel)
    assert list_channels(registry) == []


def test_channels_are_kept_tried_and_removed_by_commands(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    assert "there are no channels" in shell.run("channels", "list").stderr
    with webhook() as there:
        made = shell.run(
            "channels", "add", "duty", "--webhook", there.url, "--hours", "08:00-17:00"
        )
        assert made.stdout.startswith("key: ")
        assert shell.run("channels", "test", "duty").stdout == "duty: it came\n"
        assert there.said[0]["list"] == "TEST"
        there.status = 403
        assert "it answered 403" in shell.run("channels", "test", "duty").stderr
    shell.run("channels", "add", "ops", "--mail", "ops@example.vn", "--cameras")
    listed = shell.run("channels", "list").stdout.splitlines()
    assert "08:00-17:00" in listed[1]
    assert listed[2].split() == [
        "ops",
        "mail",
        "ops@example.vn",
        "all",
        "all",
        "all",
        "low",
        "cameras",
    ]
    again = shell.run("channels", "add", "duty", "--mail", "a@b.vn")
    assert "there is a channel 'duty' already" in again.stderr
    assert "expected one of" in shell.run("channels", "add", "x").stderr
    unknown = shell.run("channels", "add", "x", "--mail", "a@b.vn", "--list", "none")
    assert "there is no list 'none'" in unknown.stderr
    assert shell.run("channels", "unsent").stdout == ""
    assert shell.run("channels", "unsent", "--again").stdout == "0 alerts again\n"
    assert shell.run("channels", "remove", "duty").exit_code == 0
    assert "there is no channel 'duty'" in shell.run("channels", "remove", "duty").stderr
