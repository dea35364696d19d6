"""How a camera is, in words."""

from flask import Flask
from flask_babel import format_decimal

from search.health.cameras import CameraState, Condition
from search.health.keeping import MachineState
from search.health.refused import Kind
from web.saying import gettext


def init_app(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.filters.update(
        condition=condition_words,
        machine_state=machine_words,
        reasons=reason_words,
        refusal=refusal_words,
        number=format_number,
        lag=format_lag,
    )


def condition_words(condition: Condition) -> str:
    """A condition, in a word or two."""
    return {
        "down": gettext("no pictures"),
        "silent": gettext("no word"),
        "blind": gettext("sees nothing"),
        "few": gettext("few vehicles"),
        "connecting": gettext("connecting"),
        "unheard": gettext("no word yet"),
        "good": gettext("good"),
        "finished": gettext("read to its end"),
    }[condition]


def machine_words(state: MachineState) -> str:
    """How a machine is, in a word or two."""
    return {
        "watching": gettext("watches"),
        "idle": gettext("nobody watches"),
        "silent": gettext("no word"),
        "unheard": gettext("no word yet"),
    }[state]


def reason_words(state: CameraState) -> list[str]:
    """What is not as it should be, in words; what a newer machine says as it says it."""
    said = state.said
    if said is None:
        return []
    down = {
        "unreachable": gettext("it cannot be reached"),
        "wrong-password": gettext("its name or password is wrong"),
        "not-found": gettext("it has no such stream"),
        "not-video": gettext("what comes is no video"),
        "frozen": gettext("no more frames come"),
        "damaged": gettext("the video comes damaged"),
        "ended": gettext("it ended the stream"),
    }
    seen = {
        "dark": gettext("the picture is too dark"),
        "blurred": gettext("the picture is blurred"),
        "covered": gettext("something covers the lens"),
        "frozen": gettext("the picture stands still"),
        "moved": gettext("it was moved and looks elsewhere"),
        "clock": gettext("its clock is wrong"),
        "overloaded": gettext("the machine is overloaded"),
        "slow": gettext("fewer frames come than are wanted"),
    }
    found = [down.get(said.trouble, said.trouble)] if said.trouble else []
    return [*found, *(seen.get(one, one) for one in said.troubles)]


def refusal_words(kind: Kind) -> str:
    """What is wrong with something that was not taken in."""
    return {
        "future": gettext("its time is in the future: set the camera's clock"),
        "past": gettext("its time is before 2000: set the camera's clock"),
        "other-camera": gettext("the token of the device is not for this camera"),
        "unregistered": gettext("the camera is not registered"),
        "picture": gettext("the picture is not the one that its name says"),
        "token": gettext("the token is not known, or was revoked"),
        "cut": gettext("the batch was cut off on its way"),
        "too-large": gettext("it is too large"),
        "health": gettext("what the machine said of itself cannot be"),
        "damaged": gettext("it came damaged"),
        "no-passage": gettext("it is no passage: something is missing or cannot be"),
        "other": gettext("another reason"),
    }[kind]


def format_number(value: float, digits: int = 1) -> str:
    """`25,3` in Vietnamese, `25.3` in English; no digits after the comma where they say nothing."""
    return str(format_decimal(round(value, digits)))


def format_lag(seconds: float) -> str:
    """How far a clock is behind."""
    size = format_number(abs(seconds))
    if seconds < 0:
        return gettext("%(seconds)s s ahead", seconds=size)
    return gettext("%(seconds)s s behind", seconds=size)
