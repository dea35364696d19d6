"""Forms of the watchlists; what was typed is checked by what takes it in."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)

from search.cameras import AREAS, Camera
from search.errors import FieldError
from search.watchlists.entry import SEVERITIES, Watchlist
from search.watchlists.reading import COLOURS, KINDS
from search.watchlists.setting import ROLES
from web.formats import severity_words
from web.saying import gettext
from web.watchlists.words import area_words, colour_words, fault_words, kind_words, role_words


class Checked(FlaskForm):  # type: ignore[misc]  # Flask-WTF is not typed
    """A form that errors of `search` are shown in, each beside its field."""

    def blame(self, error: FieldError) -> None:
        """Say beside the field of an error what is expected."""
        field = next(one for one in self if one.short_name == error.field)
        field.errors = (fault_words(error.field),)


def _many(label: Any) -> Any:
    """Boxes to tick, any of them or none."""
    return SelectMultipleField(label, validate_choice=False)


class SettingsForm(Checked):
    """What may be set of a list."""

    owner = StringField(lazy_gettext("Who answers for it"))
    severity = RadioField(lazy_gettext("Severity"), validate_choice=False)
    candidates = BooleanField(lazy_gettext("What the reader held to be possible counts"))
    similar = BooleanField(lazy_gettext("Misreadings count, by their probability"))
    allow = BooleanField(lazy_gettext("It names those allowed: whoever is not on it alerts"))
    cameras = _many(lazy_gettext("Cameras at which only those allowed may pass"))
    roles = _many(lazy_gettext("Who sees its alerts; nobody ticked: all"))
    last = HiddenField()

    def offer(self, cameras: list[Camera]) -> None:
        """Offer what can be chosen."""
        self.severity.choices = [SelectChoice(one, severity_words(one)) for one in SEVERITIES]
        self.cameras.choices = [SelectChoice(c.id, f"{c.name or c.id} · {c.ward}") for c in cameras]
        self.roles.choices = [SelectChoice(role, role_words(role)) for role in ROLES]

    def show(self, watchlist: Watchlist, last: int) -> None:
        """Fill in what is set, as of a change of the list."""
        self.last.data = str(last)
        for field in self:
            if hasattr(watchlist, field.short_name):
                field.data = getattr(watchlist, field.short_name)

    def values(self) -> dict[str, Any]:
        """What is to be set, by field of `Watchlist`."""
        return {
            "owner": " ".join((self.owner.data or "").split()),
            "severity": self.severity.data or "",
            "candidates": self.candidates.data,
            "similar": self.similar.data,
            "allow": self.allow.data,
            "cameras": tuple(self.cameras.data or ()),
            "roles": tuple(self.roles.data or ()),
        }


class EntryForm(Checked):
    """An entry."""

    plate = StringField(lazy_gettext("Plate"))
    reason = StringField(lazy_gettext("Reason"))
    case = StringField(lazy_gettext("Case number"))
    until = StringField(lazy_gettext("Last day"))
    starts = StringField(lazy_gettext("First day (at once if empty)"), name="from")
    areas = _many(lazy_gettext("Only in these areas (everywhere if none)"))
    hours = StringField(lazy_gettext("Only at these hours"))
    min_likelihood = StringField(lazy_gettext("Least probability"))
    colour = SelectField(lazy_gettext("Colour of the plate"), validate_choice=False)
    kind = SelectField(lazy_gettext("Kind of vehicle"), validate_choice=False)
    note = StringField(lazy_gettext("Note"))

    def offer(self) -> None:
        """Offer what can be chosen."""
        self.areas.choices = [SelectChoice(area, area_words(area)) for area in AREAS]
        whichever = SelectChoice("", gettext("whichever"))
        self.colour.choices = [whichever, *(SelectChoice(c, colour_words(c)) for c in COLOURS)]
        self.kind.choices = [whichever, *(SelectChoice(k, kind_words(k)) for k in KINDS)]

    def cells(self, name: str) -> dict[str, str]:
        """As a row of a file of a list has them.

        Raises:
            FieldError: no case was given.
        """
        cells = {field.short_name: field.data or "" for field in self}
        cells |= {"list": name, "areas": ";".join(self.areas.data or ())}
        if not cells["case"].strip():
            raise FieldError("case", "expected the number of the case, got nothing")
        return cells
