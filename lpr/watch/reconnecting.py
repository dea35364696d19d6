"""A camera's frames for ever: connect, and when it breaks connect again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from lpr.errors import SourceError, Trouble
from lpr.watch.clocks import Timepiece

FrameT = TypeVar("FrameT", covariant=True)
"""What a camera gives: `lpr.watch.frames.LiveFrame`, or what it has read by itself."""

FIRST_S = 0.5  # after the first failure
QUICK_S = 2.0  # cap of the pauses at first: with one attempt under way, back in 5 s
QUICK_ATTEMPTS = 20  # so many last half a minute at least
SLOW_S = 24.0  # cap of the pauses after that
JITTER = 0.25  # share by which a pause is shorter or longer, so that cameras do not come at once
STEADY_S = 10.0  # a connection that has lasted so long starts the pauses anew

State = Literal["connecting", "up", "down", "finished"]
"""finished: a file that has been read to its end."""


@dataclass(frozen=True, slots=True)
class Link:
    """How it stands with a camera's connection.

    Attributes:
        state: connecting, up (frames come) or down (waiting for the next attempt).
        trouble: why it is down, None otherwise.
        message: the same in words, without user and password.
        attempts: failed since it was last up for STEADY_S.
        pause_s: until the next attempt.
    """

    state: State
    trouble: Trouble | None = None
    message: str = ""
    attempts: int = 0
    pause_s: float = 0.0


class Connection(Protocol[FrameT]):
    """What was connected to; `lpr.watch.live.Stream` is one."""

    def frames(self) -> Iterator[FrameT]:
        """Frames as they arrive; raises `SourceError` when no more come."""
        ...

    def close(self) -> None:
        """Let it go."""
        ...


def pause_s(attempts: int, chance: float) -> float:
    """How long to wait after so many failed attempts. Pure.

    Args:
        attempts: that failed in a row, 1 or more.
        chance: 0..1, evenly distributed.

    Returns:
        Seconds, 30 at most; 2.5 at most for the first QUICK_ATTEMPTS.
    """
    base = min(FIRST_S * 2.0 ** min(attempts - 1, 10), QUICK_S)
    if attempts > QUICK_ATTEMPTS:
        base = min(QUICK_S * 2.0 ** min(attempts - QUICK_ATTEMPTS, 10), SLOW_S)
    return float(base * (1 + JITTER * (2 * chance - 1)))


def reconnecting(
    connect: Callable[[], Connection[FrameT]],
    timepiece: Timepiece,
    chance: Callable[[], float],
    tell: Callable[[Link], None],
) -> Iterator[FrameT]:
    """Frames of one connection after another, for ever.

    Args:
        connect: makes a connection; raises `SourceError` if it cannot.
        timepiece: of this machine.
        chance: gives numbers 0..1, evenly distributed.
        tell: is told of each change.

    Yields:
        Frames; their `offset` goes on over the gaps.
    """
    attempts = 0
    while True:
        tell(Link("connecting", attempts=attempts))
        begun: float | None = None
        connection: Connection[FrameT] | None = None
        try:
            connection = connect()
            for frame in connection.frames():
                if begun is None:
                    begun = timepiece.steady()
                    tell(Link("up", attempts=attempts))
                yield frame
            failure = SourceError("ended", "it has ended the stream")
        except SourceError as error:
            failure = error
        finally:
            if connection is not None:
                connection.close()
        was_steady = begun is not None and timepiece.steady() - begun >= STEADY_S
        attempts = 1 if was_steady else attempts + 1
        pause = pause_s(attempts, chance())
        tell(Link("down", failure.trouble, str(failure), attempts, pause))
        timepiece.sleep(pause)
