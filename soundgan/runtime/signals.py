"""Ctrl-C and SIGTERM as a polite request, then as an order."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from soundgan.errors import ExitCode


@dataclass
class StopRequest:
    """Whether somebody asked to stop, and how."""

    signal_number: int | None = None

    def __bool__(self) -> bool:
        return self.signal_number is not None

    @property
    def exit_code(self) -> ExitCode:
        """Exit code of a command that stopped for this reason."""
        if self.signal_number is None:
            return ExitCode.OK
        interrupted = self.signal_number == signal.SIGINT
        return ExitCode.INTERRUPTED if interrupted else ExitCode.TERMINATED


@contextmanager
def polite_stop(announce: Callable[[], None]) -> Iterator[StopRequest]:
    """Within the block the first signal only sets the request; a second one leaves at once.

    Args:
        announce: Called at the first signal.
    """
    request = StopRequest()

    def handle(number: int, frame: FrameType | None) -> None:
        if request:
            os._exit(128 + number)
        request.signal_number = number
        announce()

    previous = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield request
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
