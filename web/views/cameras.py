"""How the cameras are: for administrators. Nothing here shows a plate, so it wants no reason."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from web.overview import look_over
from web.parts import parts

cameras = Blueprint("cameras", __name__)


@cameras.get("/cameras")
def show() -> ResponseReturnValue:
    """Every camera, the worst first; machines; what was not taken in."""
    return render_template("cameras.html", overview=look_over(parts()))


@cameras.get("/cameras.json")
def json() -> ResponseReturnValue:
    """The same as JSON."""
    return look_over(parts()).to_fields()
