"""Languages: English in the code, Vietnamese in `translations/vi.po`, read as it is."""

import io
from functools import cache
from importlib.resources import files

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import Babel, Domain, get_locale
from flask_login import current_user

from web.accounts import LANGUAGES
from web.parts import parts

COOKIE = "language"
TIMEZONE = "Asia/Ho_Chi_Minh"


class Catalogs(Domain):  # type: ignore[misc]  # flask-babel is not typed
    """Catalogs from .po files, so that no compiled ones can be missing or old."""

    def get_translations(self) -> NullTranslations:
        """The sentences of the language of this request."""
        locale = get_locale()
        return catalog("en" if locale is None else locale.language)


@cache
def catalog(language: str) -> NullTranslations:
    """The sentences of a language; English ones are those of the code."""
    source = files("web").joinpath("translations", f"{language}.po")
    if not source.is_file():
        return Translations()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source.read_bytes()), locale=language))
    compiled.seek(0)
    return Translations(compiled)


def chosen_language() -> str:
    """Of this request: the account's, or the cookie's, or the setting's."""
    if current_user.is_authenticated and current_user.language in LANGUAGES:
        return str(current_user.language)
    cookie = request.cookies.get(COOKIE)
    return cookie if cookie in LANGUAGES else parts().settings.language


def init_app(app: Flask) -> None:
    """Give an application its languages."""
    babel = Babel()
    babel.domain_instance = Catalogs()
    babel.init_app(app, default_timezone=TIMEZONE, locale_selector=chosen_language)
    app.jinja_env.globals["language"] = lambda: get_locale().language
