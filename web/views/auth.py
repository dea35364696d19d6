"""Signing in and out, and choosing a language."""

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh
from flask_login import current_user, login_user, logout_user

from web.access import safe_next
from web.accounts import LANGUAGES, set_language
from web.errors import SignInError
from web.formats import format_duration
from web.forms import SignInForm
from web.parts import parts
from web.saying import gettext
from web.signing_in import sign_in as check
from web.words import COOKIE

auth = Blueprint("auth", __name__)
_YEAR_S = 365 * 24 * 3600


@auth.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Ask for name and password."""
    form = SignInForm(next=request.args.get("next", ""))
    status = 200
    if form.validate_on_submit():
        here = parts()
        try:
            account = check(here.registry, form.username.data, form.password.data, here.clock())
        except SignInError as error:
            form.password.errors = [_refusal(error)]
            status = 429 if error.wait_s else 401
        else:
            session.clear()  # nothing of whoever sat here before
            session.permanent = True
            login_user(account)
            if account.may_audit:
                return redirect(url_for("audit.show"))
            return redirect(safe_next(form.next.data or ""))
    return render_template("sign_in.html", form=form), status


@auth.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    logout_user()
    session.clear()
    return redirect(url_for("auth.sign_in"))


@auth.post("/language")
def choose_language() -> ResponseReturnValue:
    """Keep a language, in the account and in a cookie."""
    language = request.form.get("language", "")
    response = make_response(redirect(safe_next(request.form.get("next", ""))))
    if language in LANGUAGES:
        here = parts()
        if current_user.is_authenticated:
            set_language(here.registry, current_user.username, language)
        response.set_cookie(
            COOKIE,
            language,
            max_age=_YEAR_S,
            httponly=True,
            samesite="Lax",
            secure=here.settings.https,
        )
    refresh()
    return response


def _refusal(error: SignInError) -> str:
    if error.wait_s:
        wait = format_duration(error.wait_s)
        return gettext("Too many wrong passwords: wait %(wait)s, then try again.", wait=wait)
    return gettext("The name or the password is wrong.")
