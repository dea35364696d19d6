"""Serves `/metrics` on the camera machine."""

import json
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from lpr.watch.status import is_stale, metrics_of

TYPE = "text/plain; version=0.0.4; charset=utf-8"


def serve_metrics(health_file: Path, host: str, port: int) -> None:
    """Answer until the process ends.

    Args:
        health_file: that the cameras' health is put down in.
        host: address to listen on.
        port: to listen on.
    """

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that http.server calls
            if self.path != "/metrics":
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            content = metrics_in(health_file, datetime.now(UTC))
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", TYPE)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass  # one line for each look says nothing

    with HTTPServer((host, port), Answer) as server:
        server.serve_forever()


def metrics_in(health_file: Path, now: datetime) -> bytes:
    """The metrics by what is put down in a file; of a missing one, that nobody watches."""
    try:
        fields = json.loads(health_file.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return metrics_of({}, is_watching=False)
    return metrics_of(fields, is_watching=not is_stale(fields, now))
