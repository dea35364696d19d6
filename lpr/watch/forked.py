"""Jobs that are kept running, each in a process of its own that is forked from this one.

This process stays small and has no threads, so that forking it is safe: whatever loads models or
opens connections does so in its job.
"""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lpr.watch.parent import end_with_parent

Job = Callable[[], None]
GRACE_S = 6.0  # between the request to end and the end
PAUSES_S = (0.0, 1.0, 2.0, 5.0, 10.0)  # before a job is started again, by how often it failed
SETTLED_S = 60.0  # a job that ran so long did not fail at its start
_TURN_S = 0.2
_LOG = logging.getLogger("platetrail.watch")


@dataclass(slots=True)
class _Running:
    name: str
    job: Job
    process: int | None = None
    since: float = 0.0
    failures: int = 0
    not_before: float = 0.0


def keep_running(jobs: Mapping[str, Job]) -> None:
    """Run jobs until SIGTERM or SIGINT; a job that ends is started again.

    Args:
        jobs: by their names; each ends in time once it gets SIGTERM.
    """
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, frame: told.append(received))
    running = [_Running(name, job) for name, job in jobs.items()]
    while not told:
        for one in running:
            _keep(one, time.monotonic())
        time.sleep(_TURN_S)
    _stop(running)


def _keep(one: _Running, now: float) -> None:
    if one.process is not None:
        ended, status = os.waitpid(one.process, os.WNOHANG)
        if not ended:
            return
        one.failures = 1 if now - one.since > SETTLED_S else one.failures + 1
        one.not_before = now + PAUSES_S[min(one.failures, len(PAUSES_S)) - 1]
        one.process = None
        code = os.waitstatus_to_exitcode(status)
        _LOG.error("%s ended with status %s; starting it again", one.name, code)
    if now >= one.not_before:
        one.process, one.since = _fork(one.job), now


def _fork(job: Job) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    this = os.getpid()
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        end_with_parent(this)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        job()
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    except BaseException:
        _LOG.exception("a job ended")
    finally:
        logging.shutdown()
        os._exit(status)


def _stop(running: list[_Running]) -> None:
    left = {one.process for one in running if one.process is not None}
    for process in left:
        os.kill(process, signal.SIGTERM)
    end = time.monotonic() + GRACE_S
    while left and time.monotonic() < end:
        left = {process for process in left if not os.waitpid(process, os.WNOHANG)[0]}
        time.sleep(0.02)
    for process in left:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
