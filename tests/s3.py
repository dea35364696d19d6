"""A store that speaks S3 on this machine: moto's, over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager

from moto.server import ThreadedMotoServer

from tests.ports import free_port


@contextmanager
def s3_store() -> Iterator[str]:
    """Its address, while it runs; it keeps everything in memory and believes every key."""
    port = free_port()
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()
