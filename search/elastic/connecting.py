"""The client of Elasticsearch."""

import ssl
from typing import Any

from elasticsearch import Elasticsearch

from search.elastic.access import Access, Address
from search.errors import StoreError


def connect(address: Address, access: Access) -> Elasticsearch:
    """A client; nothing is sent yet.

    Every request goes to another node where one cannot be reached. What a node answers is never
    asked again by itself: `search.elastic.indexing` waits before it does.

    Raises:
        StoreError: a file of certificates that cannot be used.
    """
    more: dict[str, Any] = {}
    if access.api_key:
        more["api_key"] = access.api_key
    elif access.user:
        more["basic_auth"] = (access.user, access.password)
    if access.ca_file and address.hosts[0].startswith("https"):
        more["ssl_context"] = _trusting(access)
    return Elasticsearch(
        list(address.hosts),
        request_timeout=access.timeout_s,
        max_retries=len(address.hosts) - 1,
        retry_on_status=(),
        **more,
    )


def _trusting(access: Access) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=access.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise StoreError(
            f"sightings_ca_file: {access.ca_file} cannot be used: {error}; expected the "
            "certificate of the authority that signed those of Elasticsearch, in PEM"
        ) from error
