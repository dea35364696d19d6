"""Forms; each checks what was typed and says beside the field what to do."""

from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from lpr.errors import PlateError
from lpr.plates import check_length, typed_texts
from search.cameras import Camera
from search.local_time import HANOI
from web.questions import EVERYTHING, Question
from web.saying import gettext
from web.spans import SPANS, Span, start_of

_FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M")
_MISSING = InputRequired(lazy_gettext("Fill this in."))
SPAN_WORDS = {
    "hour": lazy_gettext("Last hour"),
    "today": lazy_gettext("Today"),
    "day": lazy_gettext("24 hours"),
    "week": lazy_gettext("7 days"),
    "month": lazy_gettext("30 days"),
    "all": lazy_gettext("All time"),
    "between": lazy_gettext("A span"),
}


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is not typed
    """Name and password."""

    username = StringField(lazy_gettext("Name"), [_MISSING, Length(max=64)])
    password = PasswordField(lazy_gettext("Password"), [_MISSING, Length(max=1000)])
    next = HiddenField()


class ReasonForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is not typed
    """Why somebody looks."""

    reason = StringField(lazy_gettext("Reason"), [_MISSING])
    number = StringField(
        lazy_gettext("Case number (if there is one)"),
        [Length(max=64, message=lazy_gettext("At most 64 characters."))],
    )
    next = HiddenField()

    def validate_reason(self, field: Any) -> None:
        """Refuse what says nothing, or does not fit the log."""
        field.data = " ".join((field.data or "").split())
        if len(field.data) < 5:
            raise ValidationError(gettext("Say in a few words why you look: 5 letters or more."))
        if len(field.data) > 500:
            raise ValidationError(gettext("At most 500 characters."))


class SpanForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is not typed
    """When and where."""

    span = RadioField(
        lazy_gettext("Time"),
        choices=[SelectChoice(span, SPAN_WORDS[span]) for span in SPANS],
        default="week",
    )
    start = StringField(lazy_gettext("From"))
    end = StringField(lazy_gettext("To"))
    ward = SelectField(lazy_gettext("Ward"), default="", validate_choice=False)
    cameras = SelectMultipleField(
        lazy_gettext("Cameras"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )

    def offer(self, cameras: list[Camera]) -> None:
        """Offer the wards and cameras that there are."""
        wards = sorted({camera.ward for camera in cameras if camera.ward})
        self.ward.choices = [
            SelectChoice("", gettext("Every ward")),
            *(SelectChoice(ward, ward) for ward in wards),
        ]
        self.cameras.choices = [SelectChoice(c.id, f"{c.name or c.id} · {c.ward}") for c in cameras]

    def validate_ward(self, field: Any) -> None:
        """Refuse a ward that has no camera."""
        if field.data and field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(gettext("No camera stands in this ward."))

    def validate_cameras(self, field: Any) -> None:
        """Refuse a camera that is not there."""
        known = {choice.value for choice in field.choices}
        if any(camera not in known for camera in field.data or ()):
            raise ValidationError(gettext("There is no such camera (any more)."))

    def validate_start(self, field: Any) -> None:
        """Refuse what is no time."""
        if self.span.data == "between":
            if not (field.data or self.end.data):
                raise ValidationError(gettext("Say when it begins or when it ends."))
            read_time(field.data)

    def validate_end(self, field: Any) -> None:
        """Refuse what is no time, or before the beginning."""
        if self.span.data != "between" or self.start.errors:
            return
        start, end = read_time(self.start.data), read_time(field.data)
        if start and end and start >= end:
            raise ValidationError(gettext("The end must be later than the beginning."))

    def question(
        self, typed: str, texts: tuple[str, ...], candidates: bool, now: datetime
    ) -> Question:
        """What this form asks; it must be valid."""
        span: Span = self.span.data
        between = span == "between"
        return Question(
            typed=typed,
            texts=texts,
            start=read_time(self.start.data) if between else start_of(span, now),
            end=read_time(self.end.data) if between else None,
            ward=self.ward.data or "",
            cameras=tuple(sorted(self.cameras.data or ())),
            candidates=candidates,
        )


class PlateForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is not typed
    """A plate."""

    plate = StringField(lazy_gettext("Plate"))

    def validate_plate(self, field: Any) -> None:
        """Refuse what cannot be asked for."""
        texts = self.texts()
        if not texts:
            raise ValidationError(
                gettext(
                    "Type a plate, such as 30A-123.45. ? is one unknown character, * any number."
                )
            )
        try:
            for text in texts:
                check_length(text)
        except PlateError:
            raise ValidationError(
                gettext(
                    "A plate has 2 to 12 letters and digits. Write ? for one that is not known "
                    "and * for any number of them."
                )
            ) from None

    def texts(self) -> tuple[str, ...]:
        """What was meant by what was typed, in normal form."""
        return tuple(text for text in typed_texts(self.plate.data or "") if text)


class SearchForm(PlateForm, SpanForm):
    """A plate, when and where."""

    candidates = BooleanField(lazy_gettext("Also what may have been misread"))

    def asked(self, now: datetime) -> Question:
        """The question; the form must be valid."""
        typed = (self.plate.data or "").strip()[:40]
        return self.question(typed, self.texts(), bool(self.candidates.data), now)


class PassingsForm(SpanForm):
    """Everything that passed, when and where."""

    def asked(self, now: datetime) -> Question:
        """The question; the form must be valid."""
        return self.question("", EVERYTHING, False, now)


def read_time(text: str | None) -> datetime | None:
    """A time as it was typed, in Hanoi; None if nothing was.

    Raises:
        ValidationError: not a time.
    """
    text = (text or "").strip()
    if not text:
        return None
    for pattern in _FORMATS:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=HANOI).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    raise ValidationError(gettext("Write the time as 24/11/2026 14:05."))
