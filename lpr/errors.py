"""Every error of `lpr`.

LprError
├── PictureError      a picture or video that cannot be read
├── ModelError        a model file that is missing, changed or does not fit
├── PassageError      a line that is not a passage
├── PlateError        a text that cannot be asked for
└── SettingsError     a setting that is unknown or out of range
"""


class LprError(Exception):
    """Root of the errors of `lpr`; the message says what to do."""


class PictureError(LprError):
    """A picture or a video that cannot be read."""


class ModelError(LprError):
    """A model file that is missing, was changed, or does not fit its manifest."""


class PassageError(LprError):
    """A line that is not a passage."""


class PlateError(LprError):
    """A text that cannot be asked for."""


class SettingsError(LprError):
    """A setting that is unknown or out of range."""
