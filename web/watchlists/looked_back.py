"""What an entry would have hit in the last days: asked under an address that holds no plate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import abort

from search.alerts.looking_back import LookedBack, would_have_hit
from search.errors import StoreError
from search.watchlists.entry import Entry, hits
from search.watchlists.keeping import list_entries
from web.access import account
from web.looking import asked, look, stated
from web.parts import parts
from web.questions import Question, save_question
from web.watchlists.overview import LOOKED_BACK


@dataclass(frozen=True, slots=True)
class Tried:
    """A plate that was tried out on a list.

    Attributes:
        question: that its sightings are the answer to.
        seen: what an entry of it would have hit; None: the store of the sightings is away.
        entries: of the list that a vehicle with this plate fulfils now.
    """

    question: Question
    seen: LookedBack | None
    entries: Sequence[Entry]


def ask_back(typed: str, texts: tuple[str, ...], now: datetime) -> str:
    """Keep the question where a plate was seen in the last days; its id."""
    question = Question(typed[:40], texts, now - LOOKED_BACK, now, candidates=True)
    return save_question(parts().registry, question, account().id, stated().id, now)


def tried(question_id: str, name: str) -> Tried:
    """Answer it for a list, and write that down before.

    Raises:
        NotFound: no such question was asked, or one without a span.
    """
    question = asked(question_id)
    if question.start is None or question.end is None:
        abort(404)
    look("watchlists", {"lists": [name], "question": question_id, **question.to_fields()})
    here = parts()
    known = list_entries(here.registry, [name]).values()
    found = [entry for text in question.texts for entry, _ in hits(known, text, here.clock())]
    try:
        span = (question.start, question.end)
        seen = would_have_hit(here.store, question.texts, *span, here.confusions)
    except StoreError:
        seen = None
    return Tried(question, seen, found)
