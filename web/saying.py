"""Sentences in the language of whoever reads; flask-babel's functions, with types."""

import flask_babel


def gettext(message: str, **values: object) -> str:
    """A sentence, its `%(name)s` filled in."""
    return str(flask_babel.gettext(message, **values))


def ngettext(one: str, many: str, num: int) -> str:
    """A sentence for a count, its `%(num)d` filled in."""
    return str(flask_babel.ngettext(one, many, num))
