"""Every error of `search`.

SearchError
├── TermsError         a question that cannot be asked
├── StoreError         the sighting store cannot be opened, read or written
│   └── PartialStoreError  a part of it answers, and less than all would be wrong
├── EvidenceError      a picture that is not there or not what its name says
│   └── EvidenceAwayError  nobody can say whether it is there
├── ConfusionsError    the counts of what the reader confuses are damaged
├── RegistryError      the registry cannot be opened, or says no
│   └── WaitingError       alerts of some passages have to wait for it
├── CameraError        a list of cameras that cannot be used
├── WatchlistError     a watchlist that is not known, or a file of one that cannot be used
│   ├── FieldError         a field of a list or of an entry that cannot be
│   └── ListChangedError   somebody changed a list since it was looked at
├── AlertError         an alert that is not known, or cannot be changed so
├── RoadError          a road map that cannot be used
├── DeviceError        a device that is not known, or says no
├── BatchError         a batch that came damaged, or cannot be
├── HealthError        what a machine says of its cameras cannot be
├── PaperError         a route cannot be written down in a format
├── PackError          an evidence pack cannot be made, or its key cannot be used
│   └── PackFaultError     a pack is not what was signed
├── BackupError        a backup cannot be made, or cannot be put back
└── CentreError        the centre cannot be reached, or is ill
    ├── BatchRefusedError  it does not take this batch, however often it is sent
    └── TokenRefusedError  it does not know the token any more
"""

from collections.abc import Sequence

from lpr.passages import Passage


class SearchError(Exception):
    """Root of the errors of `search`; the message says what to do."""


class TermsError(SearchError):
    """A question that cannot be asked."""


class StoreError(SearchError):
    """The sighting store cannot be opened, read or written."""


class PartialStoreError(StoreError):
    """Only a part of the sighting store answers, and less than all would be wrong."""


class EvidenceError(SearchError):
    """A picture that is not there, or not what its name says."""


class EvidenceAwayError(EvidenceError):
    """The pictures cannot be reached or written now: nobody can say whether one is there."""


class ConfusionsError(SearchError):
    """The counts of what the reader confuses are damaged."""


class RegistryError(SearchError):
    """The registry cannot be opened, or refuses a change."""


class WaitingError(RegistryError):
    """Alerts could not be written: look at these passages again later.

    Args:
        message: what is wrong.
        passages: that hit a list, or may.
    """

    def __init__(self, message: str, passages: Sequence[Passage]) -> None:
        super().__init__(message)
        self.passages = tuple(passages)


class CameraError(SearchError):
    """A list of cameras that cannot be used."""


class WatchlistError(SearchError):
    """A watchlist that is not known, or a file of one that cannot be used."""


class FieldError(WatchlistError):
    """A field of a list or of an entry that cannot be.

    Attributes:
        field: the column of it, in a file.
        said: what was expected, and what came.
    """

    def __init__(self, field: str, said: str) -> None:
        super().__init__(f"{field}: {said}")
        self.field, self.said = field, said


class ListChangedError(WatchlistError):
    """Somebody changed a list since it was looked at."""


class AlertError(SearchError):
    """An alert that is not known, or cannot be changed so now."""


class RoadError(SearchError):
    """A road map that cannot be used."""


class DeviceError(SearchError):
    """A device that is not known, or cannot be made or changed."""


class BatchError(SearchError):
    """A batch of a device that came damaged, or cannot be."""


class HealthError(SearchError):
    """What a machine says of its cameras or its spool, and cannot be."""


class PaperError(SearchError):
    """A route cannot be written down in a format."""


class PackError(SearchError):
    """An evidence pack cannot be made, or its key cannot be made or read."""


class PackFaultError(PackError):
    """A pack is not what was signed: the message names the first thing that differs."""


class BackupError(SearchError):
    """A backup cannot be made, or cannot be put back; what was there before is unchanged."""


class CentreError(SearchError):
    """The centre cannot be reached, or is ill; try again later."""


class BatchRefusedError(CentreError):
    """The centre does not take this batch, however often it is sent."""


class TokenRefusedError(CentreError):
    """The centre does not know the token, or no more; nothing is thrown away."""
