"""Every error of `lpr`.

LprError
├── PictureError      a picture or video that cannot be read
├── ModelError        a model file that is missing, changed or does not fit
├── PassageError      a line that is not a passage
├── PlateError        a text that cannot be asked for
├── SpoolFullError    a passage that no room could be made for
├── SettingsError     a setting that is unknown or out of range
├── WatchFileError    a list of cameras to watch that cannot be used
├── SourceError       a camera's pictures that do not come, or come no more
└── EventError        what a camera that reads by itself sends, and is no event of it
"""

from typing import Literal

Trouble = Literal[
    "unreachable",
    "wrong-password",
    "not-found",
    "not-video",
    "frozen",
    "damaged",
    "ended",
    "finished",
]
"""Why a camera's pictures do not come; each calls for something else to be done."""


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


class SpoolFullError(LprError):
    """A passage that no room could be made for in the spool; it was counted as lost."""


class SettingsError(LprError):
    """A setting that is unknown or out of range."""


class WatchFileError(LprError):
    """A list of cameras to watch that cannot be used."""


class SourceError(LprError):
    """A camera's pictures that do not come, or come no more; never holds a password.

    Args:
        trouble: which kind it is.
        message: what happened and what to do.
    """

    def __init__(self, trouble: Trouble, message: str) -> None:
        super().__init__(message)
        self.trouble: Trouble = trouble


class EventError(LprError):
    """What a camera that reads by itself sends, and is no event of it."""
