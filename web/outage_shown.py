"""What a page says while the sighting store does not answer, or only a part of it."""

import json

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue

from lpr.times import format_utc
from search.errors import PartialStoreError, StoreError
from web.looking import asked
from web.outages import Outage
from web.parts import parts
from web.saying import gettext
from web.sentences import question_sentence

AGAIN_S = 5  # seconds, as machines are told
_DATA = (".json", ".geojson")


def init_app(app: Flask) -> None:
    """Show outages of an application's store."""
    app.register_error_handler(StoreError, _away)
    app.register_error_handler(PartialStoreError, _partial)
    app.jinja_env.globals["outage"] = lambda: parts().outages.now()


def _away(error: Exception) -> ResponseReturnValue:
    return _page(error, gettext("The store of the sightings cannot be reached"), is_away=True)


def _partial(error: Exception) -> ResponseReturnValue:
    return _page(
        error, gettext("A part of the store of the sightings does not answer"), is_away=False
    )


def _page(error: Exception, title: str, is_away: bool) -> ResponseReturnValue:
    outage = parts().outages.now() if is_away else None
    if outage is None:  # else it was said when it began
        current_app.logger.error("%s", error)
    if request.path.endswith(_DATA) and "text/html" not in request.headers.get("Accept", ""):
        said, kind = _json(title, outage), "application/json"
    else:
        shown = {"title": title, "outage": outage, "is_away": is_away, "sentence": _sentence()}
        said, kind = render_template("away.html", **shown), "text/html; charset=utf-8"
    return said, 503, {"Content-Type": kind, "Retry-After": str(AGAIN_S)}


def _json(title: str, outage: Outage | None) -> str:
    fields = {"error": title, "since": format_utc(outage.since) if outage else None}
    return json.dumps(fields, ensure_ascii=False)


def _sentence() -> str:
    """What was asked, if it was a question; the registry has it."""
    question_id = (request.view_args or {}).get("question_id")
    if question_id is None:
        return ""
    return question_sentence(asked(question_id), parts().city.cameras())
