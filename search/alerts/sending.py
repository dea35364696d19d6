"""Sends one alert: a webhook that is signed, or a mail with the picture."""

import hmac
import json
import smtplib
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from email.message import EmailMessage
from hashlib import sha256
from typing import Any

import urllib3

from lpr.passages import rounded
from lpr.plates import printed_form
from lpr.times import format_utc
from search.alerts.channels import WEBHOOK
from search.alerts.outbox import Delivery
from search.errors import AlertError, EvidenceError
from search.evidence import EvidenceStore
from search.local_time import format_at
from search.plain_text import format_percent
from search.secret_settings import secret_value
from search.settings import StoreSettings

WITHIN_S = 10.0  # that the other side has to answer
DELIVERY, SIGNATURE = "PlateTrail-Delivery", "PlateTrail-Signature"
Send = Callable[[Delivery, datetime], None]


def sender(settings: StoreSettings, evidence: EvidenceStore) -> Send:
    """What sends a delivery by its channel; it raises AlertError where that did not succeed."""

    def send(delivery: Delivery, now: datetime) -> None:
        if delivery.channel.kind == WEBHOOK:
            post(delivery, now)
        else:
            mail(delivery, settings, evidence)

    return send


def fields_of(delivery: Delivery) -> Mapping[str, Any]:
    """What a webhook says."""
    return {
        "delivery": delivery.id,
        "id": delivery.alert_id,
        "list": delivery.list,
        "severity": delivery.severity,
        "reason": delivery.reason,
        "case": delivery.case,
        "entry": delivery.entry,
        "camera": delivery.camera,
        "camera_name": delivery.camera_name,
        "ward": delivery.ward,
        "at": format_utc(delivery.at),
        "text": delivery.text,
        "match": delivery.match,
        "likelihood": rounded(delivery.likelihood),
        "state": delivery.state,
    }


def signature_of(key: str, body: bytes, now: datetime) -> str:
    """Of a body at a time: `t=SECONDS,v1=` and the HMAC-SHA256 of `SECONDS.BODY` in hexadecimal."""
    seconds = str(int(now.timestamp()))
    signed = hmac.new(key.encode(), seconds.encode() + b"." + body, sha256).hexdigest()
    return f"t={seconds},v1={signed}"


def post(delivery: Delivery, now: datetime) -> None:
    """Post a delivery to its webhook.

    Raises:
        AlertError: it did not answer, or not with a status of 200 to 299.
    """
    body = json.dumps(fields_of(delivery), ensure_ascii=False).encode()
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


def mail(delivery: Delivery, settings: StoreSettings, evidence: EvidenceStore) -> None:
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
            server.send_message(_message(delivery, settings.smtp_from, evidence))
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


def _message(delivery: Delivery, sender_address: str, evidence: EvidenceStore) -> EmailMessage:
    message = EmailMessage()
    plate = printed_form(delivery.vehicle)
    message["Subject"] = f"[PlateTrail] Có thể trùng: {plate} ({delivery.list})"
    message["From"], message["To"] = sender_address, delivery.channel.address
    message["Message-ID"] = f"<{delivery.id}@platetrail>"
    message.set_content(_words(delivery))
    if delivery.crop:
        try:
            crop = evidence.get(delivery.crop)
        except EvidenceError:
            return message  # better without its picture than not at all
        message.add_attachment(crop, maintype="image", subtype="jpeg", filename="plate.jpg")
    return message


def _words(delivery: Delivery) -> str:
    """Vietnamese first, and once more in English; nothing in it is a fact yet."""
    read, likely = printed_form(delivery.text), format_percent(delivery.likelihood)
    sought = printed_form(delivery.vehicle) if delivery.entry else "-"
    place = ", ".join(filter(None, (delivery.camera_name or delivery.camera, delivery.ward)))
    vietnamese = (
        "CÓ THỂ TRÙNG - chưa ai so với ảnh.",
        f"Danh sách: {delivery.list}. Lý do: {delivery.reason or '-'}",
        f"Cần tìm: {sought}. Đọc được: {read}. Xác suất: {likely}",
        f"Lúc {format_at(delivery.at)}, {place}",
    )
    english = (
        "POSSIBLE MATCH - nobody has compared the picture yet.",
        f"List: {delivery.list}. Reason: {delivery.reason or '-'}",
        f"Looked for: {sought}. Read: {read}. Probability: {likely}",
        f"At {format_at(delivery.at)} (Hanoi), {place}",
    )
    return "\n".join((*vietnamese, "", *english, ""))
