"""The web application."""

from datetime import timedelta

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from web import (
    access,
    assets,
    condition_words,
    errors_shown,
    formats,
    headers,
    outage_shown,
    words,
)
from web.looking import shown_token
from web.parts import EXTENSION, Parts, real_parts
from web.secret import secret_of
from web.settings import Settings
from web.views.alerts import STREAMS, alerts, streams_of
from web.views.audit import audit
from web.views.auth import auth
from web.views.cameras import cameras
from web.views.changing_lists import changing_lists
from web.views.health import health
from web.views.list_import import list_import
from web.views.maps import maps
from web.views.passings import passings
from web.views.reason import reason
from web.views.results import results
from web.views.route import route
from web.views.search import search
from web.views.sightings import sightings
from web.views.watchlists import watchlists
from web.watchlists import uploads
from web.watchlists import words as list_words
from web.watchlists.names import ListName

BLUEPRINTS = (
    auth,
    reason,
    search,
    passings,
    results,
    sightings,
    alerts,
    route,
    maps,
    cameras,
    watchlists,
    changing_lists,
    list_import,
    audit,
    health,
)
MOST_TYPED = 256 * 1024  # bytes of a form


class QuestionId(BaseConverter):
    """Id of a question in an address."""

    regex = "[A-Za-z0-9_-]{22}"


class SightingId(BaseConverter):
    """Id of a sighting in an address."""

    regex = "[0-9a-f]{32}"


def create_app(settings: Settings, parts: Parts | None = None) -> Flask:
    """Make the application.

    Args:
        settings: of the installation.
        parts: what it is made of; those that the settings name if not handed in.

    Raises:
        SettingsError, RegistryError: it cannot start; says why.
    """
    app = Flask("web", static_folder="static/dist", static_url_path="/static")
    app.config.update(
        SECRET_KEY=secret_of(settings),
        SESSION_COOKIE_NAME="platetrail",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        WTF_CSRF_TIME_LIMIT=None,  # it holds as long as the session
        WTF_CSRF_SSL_STRICT=settings.https,
        MAX_CONTENT_LENGTH=MOST_TYPED,
        MAX_FORM_MEMORY_SIZE=MOST_TYPED,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),  # addresses of assets change with them
    )
    app.extensions[EXTENSION] = parts or real_parts(settings)
    app.extensions[STREAMS] = streams_of(settings)
    app.url_map.converters.update(question=QuestionId, sighting=SightingId, list=ListName)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(shown_token=shown_token)
    if settings.https:
        app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]  # as Flask says
    words.init_app(app)
    access.init_app(app)
    uploads.init_app(app)  # before the token of a form is looked for, which reads the form
    CSRFProtect(app)
    for part in (headers, assets, formats, condition_words, list_words, errors_shown, outage_shown):
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
