from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from tests.elasticsearch import Server, elasticsearch


@pytest.fixture(scope="session")
def server() -> Iterator[Callable[[str], Server]]:
    """Elasticsearch of a version, started when it is first asked for."""
    with ExitStack() as stack:
        yield cache(lambda version: stack.enter_context(elasticsearch(version)))
