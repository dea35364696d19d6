"""Questions: what was asked, kept under an address that holds no plate."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lpr.times import format_utc, parse_utc
from search.cameras import Camera
from search.registry.tables import QuestionRow
from search.terms import SearchTerms, is_pattern

EVERYTHING = ("*",)
ID_BYTES = 16  # 22 characters in an address; nobody guesses one


@dataclass(frozen=True, slots=True)
class Question:
    """What an officer asked.

    Attributes:
        typed: what was typed; empty for everything that passed.
        texts: what is searched, as in `search.terms.SearchTerms`.
        start, end: span, aware UTC; None is open.
        ward: name, empty for every ward.
        cameras: ids that were chosen; empty is every camera of the ward.
        candidates: whether possible readings count.
    """

    typed: str
    texts: tuple[str, ...]
    start: datetime | None = None
    end: datetime | None = None
    ward: str = ""
    cameras: tuple[str, ...] = ()
    candidates: bool = False

    @property
    def is_everything(self) -> bool:
        """Whether no plate is asked for."""
        return self.texts == EVERYTHING

    @property
    def is_one_plate(self) -> bool:
        """Whether a whole plate is asked for, so that it has a route."""
        return not is_pattern(self.texts[0])

    def searched(self, cameras: Iterable[Camera]) -> tuple[Camera, ...]:
        """The cameras that are searched, of all that there are."""
        return tuple(
            camera
            for camera in cameras
            if (not self.ward or camera.ward == self.ward)
            and (not self.cameras or camera.id in self.cameras)
        )

    def terms(self, cameras: Iterable[Camera]) -> SearchTerms:
        """As the store is asked; a camera that nobody registered counts where none was chosen."""
        chosen = None
        if self.ward or self.cameras:
            chosen = frozenset(camera.id for camera in self.searched(cameras))
        return SearchTerms(self.texts, self.start, self.end, chosen, self.candidates)

    def to_fields(self) -> dict[str, Any]:
        """As it is kept, and as the audit log names it."""
        return {
            "typed": self.typed,
            "texts": list(self.texts),
            "from": format_utc(self.start) if self.start else None,
            "to": format_utc(self.end) if self.end else None,
            "ward": self.ward,
            "cameras": list(self.cameras),
            "candidates": self.candidates,
        }


def question_from_fields(fields: dict[str, Any]) -> Question:
    """What `Question.to_fields` wrote."""
    return Question(
        typed=fields["typed"],
        texts=tuple(fields["texts"]),
        start=parse_utc(fields["from"]) if fields["from"] else None,
        end=parse_utc(fields["to"]) if fields["to"] else None,
        ward=fields["ward"],
        cameras=tuple(fields["cameras"]),
        candidates=fields["candidates"],
    )


def save_question(
    engine: Engine, question: Question, account_id: int, case_id: int, now: datetime
) -> str:
    """Keep a question.

    Returns:
        Its id, random, 22 characters of an address.
    """
    name = secrets.token_urlsafe(ID_BYTES)
    row = QuestionRow(
        id=name, account_id=account_id, case_id=case_id, terms=question.to_fields(), asked_at=now
    )
    with Session(engine) as session, session.begin():
        session.add(row)
    return name


def find_question(engine: Engine, name: str) -> Question | None:
    """The question of that id."""
    with Session(engine) as session:
        row = session.get(QuestionRow, name)
        return None if row is None else question_from_fields(row.terms)
