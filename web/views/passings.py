"""Everything that passed chosen cameras, no plate needed."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from web.forms import PassingsForm
from web.parts import parts
from web.views.search import keep

passings = Blueprint("passings", __name__)


@passings.route("/passings", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Ask when and where."""
    form = PassingsForm(span="hour")
    form.offer(list(parts().city.cameras().values()))
    if form.validate_on_submit():
        question_id = keep(form.asked(parts().clock()))
        return redirect(url_for("results.show", question_id=question_id))
    return render_template("passings.html", form=form), 422 if form.errors else 200
