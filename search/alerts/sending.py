"""Sends one alert, or trouble of a camera: by a webhook that is signed, as a mail, or by MQTT."""

import hmac
import json
import smtplib
import ssl
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from email.message import EmailMessage
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urlsplit

import urllib3
from paho.mqtt import MQTTException
from paho.mqtt.client import Client as MqttClient
from paho.mqtt.enums import CallbackAPIVersion

from lpr.passages import rounded
from lpr.plates import printed_form
from lpr.times import format_utc
from search.alerts.channels import MQTT, WEBHOOK
from search.alerts.messages import Delivery, Message, Trouble
from search.alerts.states import REJECTED, WITHDRAWN
from search.alerts.trouble_mails import trouble_mail
from search.errors import AlertError, EvidenceError
from search.evidence import EvidenceStore
from search.local_time import format_at
from search.plain_text import format_percent
from search.secret_settings import secret_value
from search.settings import StoreSettings

WITHIN_S = 10.0  # that the other side has to answer
DELIVERY, SIGNATURE = "PlateTrail-Delivery", "PlateTrail-Signature"
Send = Callable[[Message, datetime], None]
_POSSIBLE = (
    "CÓ THỂ TRÙNG - hãy so với ảnh trước khi hành động.",
    "POSSIBLE MATCH - compare the picture before you act on it.",
)
_NO_MATCH = {
    WITHDRAWN: (
        "RÚT LẠI CẢNH BÁO - máy đọc lại thấy biển khác; đừng dừng xe vì cảnh báo trước.",
        "TAKEN BACK - it was read anew as another text; stop nobody for the alert before.",
    ),
    REJECTED: (
        "BÁC BỎ CẢNH BÁO - người xem đã bác bỏ; đừng dừng xe vì cảnh báo trước.",
        "REJECTED - whoever looked at it rejected it; stop nobody for the alert before.",
    ),
}
"""What a mail begins with, in Vietnamese and English: a match, and by state what is none."""


def sender(settings: StoreSettings, evidence: EvidenceStore) -> Send:
    """What sends a delivery by its channel; it raises AlertError where that did not succeed."""

    def send(delivery: Message, now: datetime) -> None:
        if delivery.channel.kind == WEBHOOK:
            post(delivery, now)
        elif delivery.channel.kind == MQTT:
            publish(delivery, settings)
        else:
            mail(delivery, settings, evidence)

    return send


def fields_of(message: Message) -> Mapping[str, Any]:
    """What a webhook and a message by MQTT say."""
    place = {"camera": message.camera, "camera_name": message.camera_name, "ward": message.ward}
    if isinstance(message, Trouble):
        said = {"condition": message.condition, "since": format_utc(message.since)}
        return {"delivery": message.id, **place, **said, "over": message.is_over}
    return {"delivery": message.id, **place, **_alert_fields(message)}


def _alert_fields(delivery: Delivery) -> Mapping[str, Any]:
    return {
        "id": delivery.alert_id,
        "list": delivery.list,
        "severity": delivery.severity,
        "reason": delivery.reason,
        "case": delivery.case,
        "entry": delivery.entry,
        "at": format_utc(delivery.at),
        "text": delivery.text,
        "match": delivery.match,
        "likelihood": rounded(delivery.likelihood),
        "state": delivery.state,
    }


def _body(delivery: Message) -> bytes:
    return json.dumps(fields_of(delivery), ensure_ascii=False).encode()


def signature_of(key: str, body: bytes, now: datetime) -> str:
    """Of a body at a time: `t=SECONDS,v1=` and the HMAC-SHA256 of `SECONDS.BODY` in hexadecimal."""
    seconds = str(int(now.timestamp()))
    signed = hmac.new(key.encode(), seconds.encode() + b"." + body, sha256).hexdigest()
    return f"t={seconds},v1={signed}"


def post(delivery: Message, now: datetime) -> None:
    """Post a delivery to its webhook.

    Raises:
        AlertError: it did not answer, or not with a status of 200 to 299.
    """
    body = _body(delivery)
    headers = {
        "Content-Type": "application/json",
        DELIVERY: delivery.id,
        SIGNATURE: signature_of(delivery.channel.key, body, now),
    }
    with urllib3.PoolManager(timeout=WITHIN_S, retries=False) as pool:
        try:
            answer = pool.request(
                "POST", delivery.channel.address, body=body, headers=headers, redirect=False
            )
        except urllib3.exceptions.HTTPError as error:
            raise AlertError(f"webhook {delivery.channel.name}: {error}") from error
    if not 200 <= answer.status < 300:
        raise AlertError(f"webhook {delivery.channel.name}: it answered {answer.status}")


def publish(delivery: Message, settings: StoreSettings) -> None:
    """Publish a delivery to its MQTT topic, at least once (QoS 1).

    Raises:
        AlertError: the broker did not confirm that it has it.
    """
    address = urlsplit(delivery.channel.address)
    client = MqttClient(CallbackAPIVersion.VERSION2)
    client.connect_timeout = WITHIN_S
    is_safe = address.scheme == "mqtts"
    refused: list[str] = []
    answered, is_there = threading.Event(), False

    def on_connect(*answer: Any) -> None:
        if answer[3].is_failure:
            refused.append(str(answer[3]))
        answered.set()

    client.on_connect = on_connect
    try:
        if address.username:
            password = secret_value(
                "mqtt_password", settings.mqtt_password, settings.mqtt_password_file
            )
            client.username_pw_set(unquote(address.username), password)
        if is_safe:
            ca_file = settings.mqtt_ca_file
            client.tls_set(ca_certs=str(ca_file) if ca_file else None)
        client.connect(address.hostname or "", address.port or (8883 if is_safe else 1883))
        client.loop_start()
        if answered.wait(WITHIN_S) and not refused:
            topic = unquote(address.path.strip("/"))
            message = client.publish(topic, _body(delivery), qos=1)
            message.wait_for_publish(WITHIN_S)
            is_there = message.is_published()
    except (OSError, ValueError, RuntimeError, MQTTException) as error:
        raise AlertError(f"mqtt {delivery.channel.name}: {error}") from error
    finally:
        client.disconnect()
        client.loop_stop()
    if not is_there:
        why = refused[0] if refused else "the broker did not confirm it"
        raise AlertError(f"mqtt {delivery.channel.name}: {why}")


def mail(delivery: Message, settings: StoreSettings, evidence: EvidenceStore) -> None:
    """Mail a delivery.

    Raises:
        AlertError: a setting is missing, or the server did not take it.
    """
    if not settings.smtp_host or not settings.smtp_from:
        raise AlertError("smtp_host, smtp_from: both are needed to mail alerts")
    try:
        password = secret_value(
            "smtp_password", settings.smtp_password, settings.smtp_password_file
        )
        with _connected(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, password)
            message = _mail(delivery, evidence)
            message["From"], message["To"] = settings.smtp_from, delivery.channel.address
            message["Message-ID"] = f"<{delivery.id}@platetrail>"
            server.send_message(message)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise AlertError(f"mail {delivery.channel.name}: {error}") from error


def _connected(settings: StoreSettings) -> smtplib.SMTP:
    place = (settings.smtp_host, settings.smtp_port)
    if settings.smtp_security == "none":
        return smtplib.SMTP(*place, timeout=WITHIN_S)
    trust = ssl.create_default_context(cafile=settings.smtp_ca_file)
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(*place, timeout=WITHIN_S, context=trust)
    server = smtplib.SMTP(*place, timeout=WITHIN_S)
    server.starttls(context=trust)
    return server


def _mail(delivery: Message, evidence: EvidenceStore) -> EmailMessage:
    if isinstance(delivery, Trouble):
        return trouble_mail(delivery)
    message = EmailMessage()
    plate = printed_form(delivery.vehicle)
    what = "KHÔNG PHẢI" if delivery.state in _NO_MATCH else "Có thể trùng"
    message["Subject"] = f"[PlateTrail] {what}: {plate} ({delivery.list})"
    message.set_content(_words(delivery))
    if delivery.crop:
        try:
            crop = evidence.get(delivery.crop)
        except EvidenceError:
            return message  # better without its picture than not at all
        message.add_attachment(crop, maintype="image", subtype="jpeg", filename="plate.jpg")
    return message


def _words(delivery: Delivery) -> str:
    """Vietnamese first, and once more in English; nothing in it is a fact."""
    heading = _NO_MATCH.get(delivery.state, _POSSIBLE)
    read, likely = printed_form(delivery.text), format_percent(delivery.likelihood)
    sought = printed_form(delivery.vehicle) if delivery.entry else "-"
    place = ", ".join(filter(None, (delivery.camera_name or delivery.camera, delivery.ward)))
    vietnamese = (
        heading[0],
        f"Danh sách: {delivery.list}. Lý do: {delivery.reason or '-'}",
        f"Cần tìm: {sought}. Đọc được: {read}. Xác suất: {likely}",
        f"Lúc {format_at(delivery.at)}, {place}",
    )
    english = (
        heading[1],
        f"List: {delivery.list}. Reason: {delivery.reason or '-'}",
        f"Looked for: {sought}. Read: {read}. Probability: {likely}",
        f"At {format_at(delivery.at)} (Hanoi), {place}",
    )
    return "\n".join((*vietnamese, "", *english, ""))
