"""Every error of `search`.

SearchError
├── TermsError         a question that cannot be asked
├── StoreError         the sighting store cannot be opened, read or written
├── EvidenceError      a picture that is not there or not what its name says
├── RegistryError      the registry cannot be opened, or says no
├── CameraError        a list of cameras that cannot be used
└── RoadError          a road map that cannot be used
"""


class SearchError(Exception):
    """Root of the errors of `search`; the message says what to do."""


class TermsError(SearchError):
    """A question that cannot be asked."""


class StoreError(SearchError):
    """The sighting store cannot be opened, read or written."""


class EvidenceError(SearchError):
    """A picture that is not there, or not what its name says."""


class RegistryError(SearchError):
    """The registry cannot be opened, or refuses a change."""


class CameraError(SearchError):
    """A list of cameras that cannot be used."""


class RoadError(SearchError):
    """A road map that cannot be used."""
