"""Errors as pages: plain words, and what to do next."""

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from search.errors import EvidenceAwayError, RegistryError
from web.saying import gettext


def init_app(app: Flask) -> None:
    """Show the errors of an application."""
    app.register_error_handler(EvidenceAwayError, _evidence_away)
    app.register_error_handler(RegistryError, _registry_away)
    app.register_error_handler(SQLAlchemyError, _registry_away)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _http)


def _registry_away(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("%s", error)
    return _page(
        503,
        gettext("Your look cannot be written down"),
        gettext("So nothing is shown. Load this page again in a while, or tell the administrator."),
    )


def _evidence_away(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("%s", error)
    return _page(
        503,
        gettext("The pictures cannot be reached"),
        gettext("Load this page again in a while, or tell the administrator."),
    )


def _form_too_old(error: Exception) -> ResponseReturnValue:
    return _page(
        400,
        gettext("This form is too old"),
        gettext("Go back, load the page again and send it once more."),
    )


def _http(error: HTTPException) -> ResponseReturnValue:
    match error.code:
        case 403:
            title = gettext("Your role does not allow this")
            text = gettext("Ask the administrator if you need it for your work.")
        case 404:
            title = gettext("There is no such page")
            text = gettext("The address may be cut off. Ask whoever sent it for the whole of it.")
        case 413:
            title = gettext("That is too much at once")
            most = max(1, (request.max_content_length or 0) // 1_000_000)
            text = gettext("At most %(most)s MB can be sent here. Send less.", most=most)
        case 405:
            title = gettext("This address takes no such request")
            text = gettext("Go back to the search page.")
        case _:
            title = gettext("This did not work")
            text = gettext("It is in the log. Try again, or tell the administrator.")
    return _page(error.code or 500, title, text)


def _page(status: int, title: str, text: str) -> ResponseReturnValue:
    return render_template("error.html", title=title, text=text, status=status), status
