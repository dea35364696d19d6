"""Whether this process answers; says nothing else."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

health = Blueprint("health", __name__)


@health.get("/health")
def alive() -> ResponseReturnValue:
    """For whoever watches the process."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
