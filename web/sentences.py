"""What is searched, as a sentence."""

from collections.abc import Mapping
from datetime import datetime

from lpr.plates import Doubt, doubt_about, printed_form
from search.cameras import Camera
from search.local_time import format_clock, format_date
from search.terms import is_pattern
from web.questions import Question
from web.saying import gettext, ngettext

_NAMED = 3  # cameras named in a sentence; more are counted


def question_sentence(question: Question, cameras: Mapping[str, Camera]) -> str:
    """What a question searches, where and when."""
    return gettext(
        "%(what)s, %(when)s, %(where)s.",
        what=_what(question),
        when=span_words(question.start, question.end),
        where=place_words(question, cameras),
    )


def plate_words(texts: tuple[str, ...]) -> str:
    """The plates that are searched, as printed."""
    printed = [text if is_pattern(text) else printed_form(text) for text in texts]
    return gettext(" or ").join(printed)


def doubt_words(text: str) -> str:
    """Why a text cannot be a Vietnamese plate; empty if it can be one."""
    doubt = None if is_pattern(text) else doubt_about(text)
    if doubt is None:
        return ""
    reason = {
        Doubt.TOO_SHORT: gettext("it has fewer than 5 characters"),
        Doubt.TOO_LONG: gettext("it has more than 10 characters"),
        Doubt.PROVINCE: gettext("no province has the code it begins with"),
        Doubt.LETTER: gettext("its series has a letter that no series has (I, J, O, Q or W)"),
        Doubt.SHAPE: gettext("no kind of plate has its letters and digits in this order"),
    }[doubt]
    return gettext(
        "%(text)s cannot be a Vietnamese plate: %(reason)s. It is searched all the same.",
        text=text,
        reason=reason,
    )


def span_words(start: datetime | None, end: datetime | None) -> str:
    """A span of time."""
    if start and end:
        return gettext("from %(start)s to %(end)s", start=_moment(start), end=_moment(end))
    if start:
        return gettext("from %(start)s until now", start=_moment(start))
    if end:
        return gettext("until %(end)s", end=_moment(end))
    return gettext("at any time")


def place_words(question: Question, cameras: Mapping[str, Camera]) -> str:
    """The cameras of a question."""
    if not question.cameras:
        if question.ward:
            return gettext("every camera of %(ward)s", ward=question.ward)
        return gettext("every camera")
    if len(question.cameras) <= _NAMED:
        names = [cameras[c].name if c in cameras else c for c in question.cameras]
        chosen = gettext("at %(cameras)s", cameras=", ".join(names))
    else:
        count = len(question.cameras)
        chosen = ngettext("at %(num)d camera", "at %(num)d cameras", count)
    return f"{chosen} ({question.ward})" if question.ward else chosen


def _what(question: Question) -> str:
    if question.is_everything:
        return gettext("Everything that passed")
    plate = plate_words(question.texts)
    if question.candidates:
        return gettext("Plate %(plate)s, misreadings too", plate=plate)
    return gettext("Plate %(plate)s, exactly as it was read", plate=plate)


def _moment(time: datetime) -> str:
    return f"{format_clock(time)} {format_date(time)}"
