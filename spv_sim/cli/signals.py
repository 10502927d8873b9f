"""Turns a request to stop into an exception, so that whatever was begun is tidied up on the way out."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

NAMES = ("SIGTERM", "SIGHUP")


class Stopped(BaseException):
    """The process was asked to stop; not an Exception, so that nothing on the way takes it for a fault.

    exit_code : 128 and the signal's number, as shells have it.
    """

    def __init__(self, number: int) -> None:
        self.exit_code = 128 + number
        super().__init__(number)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped(number)


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise `Stopped` in the main thread on SIGTERM and SIGHUP, unless the caller had them ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [number for name in NAMES if (number := getattr(signal, name, None)) is not None]
    taken = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)
