"""Looks: written down before anything is shown, and known again within one answer."""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from flask import abort, current_app, g

from search.audit import record_look
from web.access import account
from web.cases import Case
from web.parts import parts
from web.questions import Question, find_question

TOKEN_LENGTH = 32  # hexadecimal digits


def look(action: str, details: Mapping[str, Any]) -> None:
    """Write a look of whoever asks down; call it before the answer is fetched.

    Raises:
        RegistryError: it could not be written: show nothing.
    """
    case = stated()
    record_look(parts().registry, account().username, action, case.reason, details, case.number)


def stated() -> Case:
    """Why whoever asks looks."""
    case: Case = g.case
    return case


def asked(question_id: str) -> Question:
    """The question of an address, or 404."""
    question = find_question(parts().registry, question_id)
    if question is None:
        abort(404)
    return question


def shown_token(sighting_id: str) -> str:
    """Proof that a sighting stood in an answer that was written down, for this reason.

    A page shows many crops; they belong to its one look. Asked for by itself, without the proof,
    a picture is a look of its own.
    """
    case = stated()
    key = str(current_app.secret_key).encode()
    said = f"{case.id}\x1f{sighting_id}".encode()
    return hmac.new(key, said, sha256).hexdigest()[:TOKEN_LENGTH]


def was_shown(sighting_id: str, token: str) -> bool:
    """Whether a token is the proof for a sighting."""
    return hmac.compare_digest(shown_token(sighting_id).encode(), token.encode())
