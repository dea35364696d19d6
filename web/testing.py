"""Fakes to hand in where a test needs no disk, and somebody at a browser."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lpr.passages import Passage
from lpr.spool import name_of
from search.audit import Look, list_looks
from search.cameras import Camera
from search.errors import EvidenceError, StoreError
from search.roads.road import Road
from search.store import SightingStore
from search.testing import MemoryStore
from web.parts import Parts

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class MemoryEvidence:
    """`EvidenceStore` in a dictionary."""

    def __init__(self) -> None:
        self._pictures: dict[str, bytes] = {}

    def put(self, jpeg: bytes) -> str:
        """Keep a picture."""
        name = name_of(jpeg)
        self._pictures[name] = jpeg
        return name

    def get(self, name: str) -> bytes:
        """The picture of that SHA-256."""
        if name not in self._pictures:
            raise EvidenceError(f"there is no picture {name}")
        return self._pictures[name]

    def has(self, name: str) -> bool:
        """Whether there is a picture of that SHA-256."""
        return name in self._pictures


def away() -> SightingStore:
    """Opens a store that cannot be reached."""
    raise StoreError("the store is away")


class Visitor:
    """Somebody at a browser without JavaScript.

    Args:
        client: of the application; the visitor is not signed in.
    """

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str) -> TestResponse:
        """Open a page."""
        return self.client.get(address)

    def fill(self, form: str, to: str | None = None, **fields: str | list[str]) -> TestResponse:
        """Open a page, fill its form in and send it.

        Args:
            form: address of the page.
            to: address that it is sent to; the same if not given.
            fields: of the form.
        """
        found = _TOKEN.search(self.client.get(form).text)
        token = found[1] if found else ""
        return self.client.post(to or form, data={"csrf_token": token, **fields})

    def sign_in(self, username: str, password: str) -> TestResponse:
        """Sign in."""
        return self.fill("/sign-in", username=username, password=password)

    def state(self, reason: str, number: str = "") -> TestResponse:
        """Say why one looks."""
        return self.fill("/reason", reason=reason, number=number)

    def search(self, plate: str, span: str = "all", **fields: str | list[str]) -> TestResponse:
        """Ask for a plate."""
        return self.fill("/", "/search", plate=plate, span=span, **fields)

    def asked(self, plate: str, span: str = "all", **fields: str | list[str]) -> str:
        """Ask for a plate; the address of the answer."""
        return str(self.search(plate, span, **fields).location)


NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)  # in Hanoi
PASSWORD = "mật khẩu để thử"
CAMERAS = (
    Camera("C1", "Hàng Bài", 21.020, 105.850, None, "route", "Cửa Nam"),
    Camera("C2", "Tràng Tiền", 21.020, 105.860, None, "route", "Hoàn Kiếm"),
    Camera("C3", "Đinh Lễ", 21.030, 105.860, None, "key", "Hoàn Kiếm"),
)
ROADS = (
    Road("r1", ((105.850, 21.020), (105.860, 21.020)), "a", "b", 1037.0, 40.0, name="Tràng Tiền"),
    Road(
        "r2", ((105.860, 21.020), (105.860, 21.030)), "b", "c", 1112.0, 40.0, road_class="primary"
    ),
)


def passed(text: str, camera: str, minute: float, **more: Any) -> Passage:
    """A passage, so many minutes after noon."""
    at = NOON + timedelta(minutes=minute)
    fields = {"score": 0.97, "candidates": ((text, 0.97),), **more}
    return Passage(camera, at, text, track=f"{minute}", **fields)


@dataclass
class Office:
    """An application with fakes, its registry, and who visits it."""

    parts: Parts
    app: Flask
    store: MemoryStore
    evidence: MemoryEvidence
    now: list[datetime]

    def visitor(self) -> Visitor:
        """Somebody who is not signed in."""
        return Visitor(self.app.test_client())

    def officer(self) -> Visitor:
        """Signed in, with a reason."""
        visitor = self.visitor()
        visitor.sign_in("officer", PASSWORD)
        visitor.state("trộm xe máy", "17/2026")
        return visitor

    def looks(self) -> list[Look]:
        """The audit log, newest first."""
        return list_looks(self.parts.registry)

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now[0] += timedelta(**span)
