"""An officer at the pages of a process that really serves, over HTTP."""

import re
import time
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

PATIENCE_S = 60.0
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, from where after all redirects, and how many seconds it took."""

    status: int
    text: str
    address: str
    seconds: float


class Officer:
    """Opens pages without JavaScript, and keeps cookies.

    Args:
        url: of the pages.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def is_answered(self) -> bool:
        """Whether the process answers at all."""
        try:
            return self.get("/health").status == 200
        except URLError:
            return False

    def get(self, path: str, **fields: str) -> Answer:
        """Open a page, or send a form where fields are given."""
        data = urlencode(fields).encode() if fields else None
        began = time.monotonic()
        try:
            with self._opener.open(self._url + path, data, PATIENCE_S) as answer:
                status, text, at = answer.status, answer.read().decode(), answer.url
        except HTTPError as error:
            status, text, at = error.code, error.read().decode(), error.url
        return Answer(status, text, at.removeprefix(self._url), time.monotonic() - began)

    def open(self, path: str) -> IO[bytes]:
        """What a page sends, as it comes."""
        stream: IO[bytes] = self._opener.open(self._url + path, timeout=PATIENCE_S)
        return stream

    def fill(self, form: str, to: str | None = None, **fields: str) -> Answer:
        """Open a page, fill its form in and send it, perhaps to another address."""
        found = _TOKEN.search(self.get(form).text)
        assert found, f"{form} has no form"
        return self.get(to or form, csrf_token=found[1], **fields)

    def enter(self, name: str, password: str) -> None:
        """Sign in and say why."""
        self.fill("/sign-in", username=name, password=password)
        self.fill("/reason", reason="trộm xe máy", number="17/2026")

    def search(self, plate: str) -> Answer:
        """Ask for a plate, and open the answer."""
        return self.fill("/", "/search", plate=plate, span="all", candidates="y")
