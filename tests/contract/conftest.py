from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from tests.elasticsearch import Server, elasticsearch


@pytest.fixture(scope="session")
def server() -> Iterator[Callable[[str], Server]]:
    """Elasticsearch of a version, started when it is first asked for."""
    with ExitStack() as stack:
        yield cache(lambda version: stack.enter_context(elasticsearch(version)))


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[Elasticsearch]:
    """Of the server that the module's `url` names."""
    with Elasticsearch(url, request_timeout=60) as opened:
        yield opened


@pytest.fixture
def name(client: Elasticsearch) -> Iterator[str]:
    """That the indices of a test begin with; they go with it."""
    given = f"t{uuid4().hex}"
    yield given
    client.indices.delete(index=f"{given}*")
