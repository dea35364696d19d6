"""Receivers of alerts on this machine: a webhook, a mail server and an MQTT broker."""

import json
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion


@dataclass
class Webhook:
    """What was posted: headers, bytes and their JSON; `status` is what it answers."""

    port: int = 0
    status: int = 204
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/alerts"

    @property
    def said(self) -> list[dict[str, Any]]:
        """Each as it was meant."""
        return [json.loads(body) for body in self.bodies]


@contextmanager
def webhook(webhook: Webhook | None = None) -> Iterator[Webhook]:
    """A webhook that listens; one that did before listens again at its port."""
    kept = webhook or Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if kept.status < 300:
                kept.headers.append(dict(self.headers))
                kept.bodies.append(body)
            self.send_response(kept.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", kept.port), Handler) as server:
        kept.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()


@dataclass
class MailServer:
    """Mails that were taken."""

    port: int = 0
    mails: list[Message] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server without protection that takes everything."""
    kept = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                verb = line[:4].upper()
                if verb == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    lines = []
                    while (part := self.rfile.readline()) != b".\r\n":
                        lines.append(part.removeprefix(b"."))
                    kept.mails.append(message_from_bytes(b"".join(lines), policy=default))
                self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        kept.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield kept
        finally:
            server.shutdown()


@contextmanager
def broker(folder: Path, port: int) -> Iterator[list[bytes]]:
    """Mosquitto, with a user `duty` whose password is `geheim`; what comes under `alerts`."""
    words, settings = folder / "words", folder / "mosquitto.conf"
    words.touch(0o600)
    subprocess.run(["mosquitto_passwd", "-b", str(words), "duty", "geheim"], check=True)
    # without `user` it would give root's rights up, and could not read the file
    settings.write_text(f"user root\nlistener {port} 127.0.0.1\npassword_file {words}\n")
    published: list[bytes] = []
    with subprocess.Popen(["/usr/sbin/mosquitto", "-c", str(settings)]) as process:
        reader = Client(CallbackAPIVersion.VERSION2)
        reader.username_pw_set("duty", "geheim")
        reader.on_connect = lambda client, *_: client.subscribe("alerts/#", qos=1)
        reader.on_message = lambda client, data, message: published.append(message.payload)
        is_ready = threading.Event()
        reader.on_subscribe = lambda *_: is_ready.set()
        reader.connect_async("127.0.0.1", port)
        reader.reconnect_delay_set(1, 1)
        reader.loop_start()
        try:
            assert is_ready.wait(30.0)
            yield published
        finally:
            reader.loop_stop()
            process.terminate()
