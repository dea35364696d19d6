"""A camera that reads by itself: a real HTTP server with digest authentication and event streams.

Run in a process of its own by `AnprCamera`, which gives it one order a line on standard input, as
JSON; each is answered by `ok`, and by how often somebody came with a wrong password:

    {"send": BASE64}     to every open stream
    {"keep": BASE64}     the same, and to each stream again when it is opened, as a camera does
                         that keeps what may not have been taken
    {"forget": true}     what is kept
    {"break": true}      cut every stream off
    {"away": true}       answer 503, false: no longer
    {"password": WORD}   ask for this one from now on
    {"behind": SECONDS}  of its clock
    {"open": true}       wait until a stream is open
"""

import base64
import json
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from hashlib import md5, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

from lpr.closing import Closing
from tests.anpr_events import BOUNDARY, HANOI
from tests.ports import free_port

USER, WORD = "viewer", 's3cr"et:Wört'
Login = Literal["digest", "digest-sha256", "basic", "both"]
_REALM, _NONCE = "DS-2CD7A26G0", "4f6a3b7c9d"
_HASHES = {"MD5": md5, "SHA-256": sha256}
_PATIENCE_S = 20.0


class _Camera(ThreadingHTTPServer):
    """What it knows and does."""

    daemon_threads = True

    def __init__(self, port: int, login: Login, certificate: str, key: str) -> None:
        super().__init__(("127.0.0.1", port), _Answer)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.login, self.word = login, WORD
        self.is_away = False
        self.behind_s = 0.0
        self.refused = 0
        self.kept = b""
        self.streams: list[socket.socket] = []
        self.lock = threading.Lock()

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) - timedelta(seconds=self.behind_s)

    def obey(self, order: dict[str, Any]) -> None:
        match order:
            case {"send": content}:
                self.send(base64.b64decode(content))
            case {"keep": content}:
                with self.lock:
                    self.kept += base64.b64decode(content)
                self.send(base64.b64decode(content))
            case {"forget": _}:
                self.kept = b""
            case {"break": _}:
                with self.lock:
                    for stream in self.streams:
                        stream.shutdown(socket.SHUT_RDWR)
                    self.streams.clear()
            case {"away": is_away}:
                self.is_away = is_away
            case {"password": word}:
                self.word = word
            case {"behind": seconds}:
                self.behind_s = seconds
            case {"open": _}:
                end = time.monotonic() + _PATIENCE_S
                while not self.streams and time.monotonic() < end:
                    time.sleep(0.01)

    def send(self, content: bytes) -> None:
        with self.lock:
            for stream in list(self.streams):
                try:
                    stream.sendall(content)
                except OSError:
                    self.streams.remove(stream)

    def is_allowed(self, path: str, told: str) -> bool:
        """RFC 7616, and RFC 7617 for basic."""
        if self.login in ("basic", "both") and told.startswith("Basic "):
            return base64.b64decode(told[6:]).decode() == f"{USER}:{self.word}"
        if self.login == "basic" or not told.startswith("Digest "):
            return False
        said = dict(re.findall(r'(\w+)="?((?:[^",\\]|\\.)*)', told.removeprefix("Digest ")))
        hashed = _HASHES["SHA-256" if self.login == "digest-sha256" else "MD5"]

        def h(*words: str) -> str:
            return hashed(":".join(words).encode()).hexdigest()

        secret, asked = h(USER, _REALM, self.word), h("GET", path)
        rest = (_NONCE, said.get("nc", ""), said.get("cnonce", ""), said.get("qop", ""))
        return said.get("uri") == path and said.get("response") == h(secret, *rest, asked)


class _Answer(BaseHTTPRequestHandler):
    server: _Camera

    def do_GET(self) -> None:  # the name that http.server calls
        camera, told = self.server, self.headers.get("Authorization", "")
        if camera.is_away:
            self._say(503, b"")
        elif not camera.is_allowed(self.path, told):
            camera.refused += bool(told)
            self._say(401, b"", self._challenges())
        elif self.path.endswith("/alertStream") or "attachFileProc" in self.path:
            self._stream()
        else:
            answer = self._about()
            self._say(200 if answer else 404, answer.encode())

    def _challenges(self) -> list[tuple[str, str]]:
        login = self.server.login
        kind = "SHA-256" if login == "digest-sha256" else "MD5"
        digest = f'Digest realm="{_REALM}", nonce="{_NONCE}", qop="auth", algorithm={kind}'
        basic = f'Basic realm="{_REALM}"'
        told = {"basic": [basic], "both": [basic, digest]}.get(login, [digest])
        return [("WWW-Authenticate", one) for one in told]

    def _about(self) -> str:
        clock = self.server.now.astimezone(HANOI)
        return {
            "/ISAPI/System/deviceInfo": "<DeviceInfo><model>DS-2CD7A26G0</model>"
            "<firmwareVersion>V5.7.3</firmwareVersion></DeviceInfo>",
            "/ISAPI/System/time": f"<Time><localTime>{clock.isoformat()}</localTime></Time>",
            "/cgi-bin/magicBox.cgi?action=getSystemInfo": "deviceType=ITC413\r\n",
            "/cgi-bin/magicBox.cgi?action=getSoftwareVersion": "version=2.8,build:2026-01-02\r\n",
            "/cgi-bin/global.cgi?action=getCurrentTime": f"result={clock:%Y-%m-%d %H:%M:%S}\r\n",
        }.get(self.path, "")

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
        self.end_headers()
        with self.server.lock:
            self.connection.sendall(self.server.kept)
            self.server.streams.append(self.connection)
        while self.connection in self.server.streams:
            time.sleep(0.05)

    def _say(self, status: int, body: bytes, more: list[tuple[str, str]] | None = None) -> None:
        self.send_response(status)
        for name, value in more or []:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class AnprCamera(Closing):
    """The same, in a process of its own.

    Args:
        make: how it speaks.
        login: how it wants to be asked.
        certificate, key: files of its own; without them it speaks HTTP.
    """

    def __init__(
        self,
        make: str = "hikvision",
        login: Login = "digest",
        certificate: Path | None = None,
        key: Path | None = None,
    ) -> None:
        self.port = free_port()
        self.url = f"{make}+http{'s' if certificate else ''}://127.0.0.1:{self.port}"
        self.refused = 0
        files = [str(certificate or ""), str(key or "")]
        command = [sys.executable, "-m", "tests.anpr_camera", str(self.port), login, *files]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.order()

    def order(self, **order: object) -> None:
        """Give it an order, and wait until it is done."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        done, refused = self._process.stdout.readline().split()
        assert done == "ok"
        self.refused = int(refused)

    def send(self, content: bytes) -> None:
        self.order(send=base64.b64encode(content).decode())

    def keep(self, content: bytes) -> None:
        self.order(keep=base64.b64encode(content).decode())

    def until_open(self) -> None:
        self.order(open=True)

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def main(port: str, login: Login, certificate: str, key: str) -> None:
    camera = _Camera(int(port), login, certificate, key)
    threading.Thread(target=camera.serve_forever, daemon=True).start()
    for line in sys.stdin:
        camera.obey(json.loads(line))
        print("ok", camera.refused, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])  # type: ignore[arg-type]  # AnprCamera starts it
