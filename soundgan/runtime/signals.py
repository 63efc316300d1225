"""Ctrl-C, SIGTERM and SIGHUP as a polite request; Ctrl-C and SIGTERM again as an order.

On Windows Ctrl-Break is one more Ctrl-C; a window that is closed sends it too.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

from soundgan.errors import ExitCode

SHOW_CURSOR = b"\x1b[?25h"
"""Progress bars hide it."""


class Terminated(KeyboardInterrupt):
    """SIGTERM, on the same way out as Ctrl-C."""


class HungUp(KeyboardInterrupt):
    """SIGHUP: the terminal was closed, or the connection to it dropped."""


HANG_UP: int | None = getattr(signal, "SIGHUP", None)
"""Windows has none."""

BREAK: int | None = getattr(signal, "SIGBREAK", None)
"""Ctrl-Break, which only Windows has."""

EXCEPTIONS: dict[int, type[KeyboardInterrupt]] = {
    signal.SIGINT: KeyboardInterrupt,
    signal.SIGTERM: Terminated,
}
"""What each signal that asks to stop is raised as."""

EXIT_CODES: dict[int, ExitCode] = {
    signal.SIGINT: ExitCode.INTERRUPTED,
    signal.SIGTERM: ExitCode.TERMINATED,
}

if HANG_UP is not None:
    EXCEPTIONS[HANG_UP] = HungUp
    EXIT_CODES[HANG_UP] = ExitCode.HUNG_UP
if BREAK is not None:
    EXCEPTIONS[BREAK] = KeyboardInterrupt
    EXIT_CODES[BREAK] = ExitCode.INTERRUPTED


class StopAsked(Exception):  # noqa: N818 - nothing went wrong
    """Raised where work is given up at once because somebody asked to stop."""


def _never() -> bool:
    return False


@dataclass
class StopRequest:
    """Whether somebody asked to stop, and how.

    Attributes:
        asked: Says so, for who has no signals to send.
        signal_number: The first signal that came.
    """

    asked: Callable[[], object] = _never
    signal_number: int | None = None
    _ordered: bool = False
    _raises: bool = False

    def __bool__(self) -> bool:
        return self.signal_number is not None or bool(self.asked())

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Within the block requests are answered in time; here, without a hand on the process."""
        yield

    def receive(self, number: int) -> bool:
        """Take note of a signal; whether it is the first. A second order leaves at once.

        A terminal that closes sends SIGHUP more than once (the system does, and the shell), and a
        machine that shuts down SIGTERM besides: SIGHUP is never an order, nor the first after it.
        """
        first = self.signal_number is None
        if number != HANG_UP:
            if self._ordered:
                leave_at_once(number)
            self._ordered = True
        if first:
            self.signal_number = number
        return first

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Give the block up as soon as somebody asks to stop, or begin it not at all.

        For work that can be thrown away: it may end between any two operations.

        Raises:
            StopAsked: Somebody has asked.
        """
        self._raises = True
        try:
            self.raise_if_wanted()
            yield
        finally:
            self._raises = False

    def raise_if_wanted(self) -> None:
        """Give up the block of :meth:`at_once` if it was begun and somebody asked to stop."""
        if self and self._raises:
            self._raises = False
            raise StopAsked

    @property
    def exit_code(self) -> ExitCode:
        """Exit code of a command that stopped for this reason."""
        return ExitCode.OK if self.signal_number is None else EXIT_CODES[self.signal_number]


class SignalStop(StopRequest):
    """Asked by signals: while it listens, the first only asks, and a second order leaves at once.

    For programs, not for what they call: it takes the handlers of the whole process. Signals come
    to the main thread, and only there can they be answered: in another thread they stay as they
    are, and nobody asks to stop.

    Args:
        announce: Called at the first signal, unless the work is given up at once.
    """

    def __init__(self, announce: Callable[[], object]) -> None:
        super().__init__()
        self._announce = announce

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Within the block signals are requests."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        previous = {number: signal.signal(number, self._handle) for number in _answered()}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.receive(number):
            self.raise_if_wanted()
            self._announce()


def unwind_on_signals() -> None:
    """From now on the first signal raises an exception, and a second order leaves at once.

    The exception is ``KeyboardInterrupt``, or the child of it that belongs to the signal.
    """
    request = StopRequest()

    def handle(number: int, frame: FrameType | None) -> None:
        if request.receive(number):
            raise EXCEPTIONS[number]

    for number in _answered():
        signal.signal(number, handle)


def _answered() -> list[int]:
    """The signals to answer: all but a SIGHUP that is ignored already, as ``nohup`` has it."""
    return [
        number
        for number in EXCEPTIONS
        if number != HANG_UP or signal.getsignal(number) != signal.SIG_IGN
    ]


def leave_at_once(number: int) -> NoReturn:
    """End the process as the signal would, but for the cursor."""
    with suppress(OSError, ValueError):  # there may be no terminal any more
        if sys.stderr.isatty():
            os.write(sys.stderr.fileno(), SHOW_CURSOR)
    os._exit(EXIT_CODES.get(number, 128 + number))
