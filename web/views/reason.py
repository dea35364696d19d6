"""The reason for looking, asked for before the first look and kept for the shift."""

from flask import Blueprint, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from web.access import account, safe_next
from web.cases import open_case
from web.forms import ReasonForm
from web.parts import parts

reason = Blueprint("reason", __name__)


@reason.route("/reason", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Ask why, and for which case."""
    form = ReasonForm(next=request.args.get("next", ""), data=_now())
    if form.validate_on_submit():
        here = parts()
        case = open_case(
            here.registry, account().id, form.reason.data, form.number.data or "", here.clock()
        )
        session["case"] = case.id
        return redirect(safe_next(form.next.data or ""))
    return render_template("reason.html", form=form), 422 if form.errors else 200


def _now() -> dict[str, str]:
    """What was stated before, to change it."""
    return {"reason": g.case.reason, "number": g.case.number} if g.case else {}
