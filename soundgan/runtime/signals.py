"""Ctrl-C and SIGTERM as a polite request, then as an order."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

from soundgan.errors import ExitCode

SHOW_CURSOR = b"\x1b[?25h"
"""Progress bars hide it."""


class Terminated(KeyboardInterrupt):
    """SIGTERM, on the same way out as Ctrl-C."""


SIGNALS = (signal.SIGINT, signal.SIGTERM)


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
            leave_at_once(number)
        request.signal_number = number
        announce()

    previous = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield request
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def unwind_on_signals() -> None:
    """From now on the first signal raises an exception, and a second one leaves at once.

    The exception is ``KeyboardInterrupt``, or ``Terminated`` for SIGTERM.
    """
    request = StopRequest()

    def handle(number: int, frame: FrameType | None) -> None:
        if request:
            leave_at_once(number)
        request.signal_number = number
        raise KeyboardInterrupt if number == signal.SIGINT else Terminated

    for number in SIGNALS:
        signal.signal(number, handle)


def leave_at_once(number: int) -> NoReturn:
    """End the process as the signal would, but for the cursor."""
    if sys.stderr.isatty():
        os.write(sys.stderr.fileno(), SHOW_CURSOR)
    os._exit(128 + number)
