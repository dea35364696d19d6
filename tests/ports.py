"""Ports of this machine."""

import socket


def free_port() -> int:
    """A port where nobody listens now."""
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return int(some.getsockname()[1])
