"""The intake: an application of its own that devices send to."""

import json
import logging

from flask import Flask, Response, abort, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from lpr.errors import SpoolFullError
from search.devices import Device, device_of
from search.errors import BatchError, SearchError
from search.intake.receiving import Receiving
from search.intake.refusals import NotTaken, note_refusals
from search.transfer import (
    DIGEST,
    MOST_BYTES,
    MOST_STATE,
    PASSAGES,
    PICTURES,
    STATE,
    Receipt,
    check_body,
    unpack_lines,
    unpack_pictures,
)

AGAIN_S = 30  # when a device should try again if the centre has no room
_SCHEME = "Bearer "
_LOG = logging.getLogger("platetrail.intake")


def create_intake(receiving: Receiving) -> Flask:
    """Make the application.

    Args:
        receiving: where everything goes.
    """
    app = Flask("intake", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES

    @app.post(PASSAGES)
    def passages() -> Response:
        device = _device(receiving)
        return _answer(receiving.take_passages(device, unpack_lines(_body())))

    @app.post(PICTURES)
    def pictures() -> Response:
        device = _device(receiving)
        return _answer(receiving.take_pictures(device, unpack_pictures(_body())))

    @app.post(STATE)
    def state() -> Response:
        device = _device(receiving)
        return _answer(receiving.take_state(device, _state(_body())))

    @app.get("/health")
    def alive() -> Response:
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    _say_errors(app, receiving)
    return app


def _say_errors(app: Flask, receiving: Receiving) -> None:
    """What goes wrong is answered in JSON, with a reason; what is refused is noted."""

    @app.errorhandler(BatchError)
    def damaged(error: BatchError) -> Response:
        _note(receiving, str(error))
        return _error(400, str(error))

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        status = error.code or 500
        if status in (400, 413):
            said = "the batch is too large" if status == 413 else "the batch was cut off"
            _note(receiving, said)
            return _error(status, said)
        return _error(status, error.description or error.name)

    @app.errorhandler(SpoolFullError)
    @app.errorhandler(SQLAlchemyError)
    @app.errorhandler(SearchError)
    @app.errorhandler(OSError)
    def away(error: Exception) -> Response:
        _LOG.error("not taken, to be sent again: %s", error)
        answer = _error(503, "the centre cannot take anything now; try again later")
        answer.headers["Retry-After"] = str(AGAIN_S)
        return answer


def _device(receiving: Receiving) -> Device:
    """Who sends; looked at before anything is read."""
    given = request.headers.get("Authorization", "")
    token = given.removeprefix(_SCHEME) if given.startswith(_SCHEME) else ""
    device = device_of(receiving.registry, token, receiving.clock()) if token else None
    if device is None:
        reason = "a token that is not known, or was revoked"
        where = request.remote_addr or ""
        note_refusals(receiving.registry, [NotTaken("", "", reason, where)], receiving.clock())
        abort(401, "the token is not known, or was revoked: see platetrail devices at the centre")
    request.environ["platetrail.device"] = device.name
    return device


def _body() -> bytes:
    """The whole body, or nothing of it."""
    body = request.get_data(cache=False)
    check_body(body, request.content_length, request.headers.get(DIGEST))
    return body


def _state(body: bytes) -> dict[str, object]:
    try:
        fields = json.loads(body) if len(body) <= MOST_STATE else None
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise BatchError("the state of the spool is no JSON object, or too large")
    return fields


def _note(receiving: Receiving, reason: str) -> None:
    device = str(request.environ.get("platetrail.device", ""))
    note_refusals(receiving.registry, [NotTaken(device, "", reason)], receiving.clock())


def _answer(receipt: Receipt) -> Response:
    return Response(json.dumps(receipt.to_json()), content_type="application/json")


def _error(status: int, reason: str) -> Response:
    return Response(json.dumps({"error": reason}), status, content_type="application/json")
