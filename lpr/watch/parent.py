"""Ending with the process that started this one, however that one ends (Linux)."""

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1  # prctl(2)


def end_with_parent(parent: int) -> None:
    """Be killed when the parent ends, so that no camera is watched twice after a restart.

    Args:
        parent: its process number, as it was before this process began.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was quicker
        os._exit(1)
