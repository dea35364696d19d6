"""Who looked for what, and why: for auditors."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from search.audit import list_looks
from web.parts import parts

audit = Blueprint("audit", __name__)
SHOWN = 200  # entries


@audit.get("/audit")
def show() -> ResponseReturnValue:
    """The newest looks."""
    return render_template("audit.html", looks=list_looks(parts().registry, SHOWN))
