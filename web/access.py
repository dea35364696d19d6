"""Who may open which page. Closed by default: what stands in no list here wants everything."""

from flask import Flask, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from web.accounts import Account, session_account
from web.cases import find_case
from web.parts import parts

OPEN = frozenset(
    {"static", "auth.sign_in", "auth.choose_language", "health.alive", "health.sightings"}
)
"""Pages for everybody, signed in or not."""
WITHOUT_REASON = frozenset(
    {
        "auth.sign_out",
        "reason.ask",
        "audit.show",
        "cameras.show",
        "cameras.json",
        "watchlists.show",
    }
)
"""Pages for those who are signed in; nothing in them shows a plate that somebody looks up."""
FOR_AUDITORS = frozenset({"audit.show"})
FOR_ADMINISTRATORS = frozenset({"cameras", "watchlists", "changing_lists", "list_import"})
"""Blueprints, so that a page that comes to one is theirs as well."""
FOR_ALL_ROLES = frozenset({"auth.sign_out"})


def init_app(app: Flask) -> None:
    """Close every page of an application."""
    manager = LoginManager(app)
    manager.user_loader(_load)
    app.before_request(_check)


def account() -> Account:
    """Who asks."""
    found: Account = current_user._get_current_object()
    return found


def _load(kept: str) -> Account | None:
    """Whose session it is; nobody's on the page that says that the registry is away."""
    if g.get("is_registry_away"):
        return None
    g.is_registry_away = True  # until it answers
    found = session_account(parts().registry, kept)
    g.is_registry_away = False
    return found


def _check() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN:
        return None
    if not current_user.is_authenticated:
        return redirect(url_for("auth.sign_in", next=_here()))
    if endpoint in FOR_ALL_ROLES:
        return None
    if not _may_open(endpoint):
        abort(403)
    g.case = _case()
    if g.case is None and endpoint not in WITHOUT_REASON:
        return redirect(url_for("reason.ask", next=_here()))
    return None


def _may_open(endpoint: str) -> bool:
    if endpoint in FOR_AUDITORS:
        return account().may_audit
    is_theirs = endpoint.partition(".")[0] in FOR_ADMINISTRATORS
    return account().may_administer if is_theirs else account().may_look


def _case() -> object:
    number = session.get("case")
    if not isinstance(number, int):
        return None
    here = parts()
    return find_case(here.registry, number, account().id, here.clock(), here.settings.shift)


def _here() -> str | None:
    """Where to come back to; never a query, which somebody may have typed a plate into."""
    return request.path if request.method == "GET" and request.path != "/" else None


def safe_next(path: str) -> str:
    """Where to go on: a path of ours, or the search page."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if ours and path.isprintable() else url_for("search.form")
