"""Names of watchlists in addresses."""

from urllib.parse import quote, unquote

from werkzeug.routing import BaseConverter

_ESCAPED = str.maketrans({"%": "%25", "/": "%2F", ".": "%2E"})


class ListName(BaseConverter):
    """Name of a list in an address; what would end it there, or lead elsewhere, is escaped twice.

    Servers and browsers take one escape off before the address is looked at.
    """

    def to_python(self, value: str) -> str:
        """The name."""
        return unquote(value)

    def to_url(self, value: str) -> str:
        """Its part of an address."""
        return quote(value.translate(_ESCAPED), safe="")
