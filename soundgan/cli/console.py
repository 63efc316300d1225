"""What a person sees: messages and bars on stderr, results on stdout.

Neither can fail: see ``soundgan.runtime.streams``.
"""

from __future__ import annotations

import json
import sys
import textwrap
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from soundgan.cli.bar import Foot
from soundgan.reporting import clock_time
from soundgan.spelling import with_options

if TYPE_CHECKING:
    from soundgan.reporting import Reporter

PLAIN_SECONDS = 10.0
"""Without a terminal, a running task is reported this often."""


def tell(line: str) -> None:
    """One last line on stderr, if anybody can read it."""
    sys.stderr.write(with_options(line) + "\n")
    sys.stderr.flush()


class ConsoleReporter:
    """Draws a bar on a terminal; otherwise writes plain lines, now and then."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._foot: Foot | None = None
        self._last_line: dict[str, float] = {}

    def say(self, message: str) -> None:
        """One line on stderr."""
        self._line(message)

    def warn(self, message: str) -> None:
        """One line on stderr, marked as a warning."""
        self._line(f"warning: {message}", style="yellow")

    def progress(
        self, task: str, done: int, total: int, note: str = "", left: float | None = None
    ) -> None:
        """Move the task's bar, or write a line when the last one is old enough."""
        if not self._console.is_terminal or self._console.is_dumb_terminal:
            self._plain_progress(task, done, total, note, left)
            return
        if self._foot is None:
            _drawing.append(self)  # first: a signal may come in between
            self._foot = Foot(self._console.file, self._console.width)
        self._foot.move(printable(task), done, total, printable(note), left)

    def finish(self, task: str) -> None:
        """Remove the task's bar."""
        self._last_line.pop(task, None)
        if self._foot is not None:
            self._foot.end(printable(task))
            if not self._foot:
                self.close()

    def close(self) -> None:
        """Give the terminal back."""
        if self._foot is not None:
            self._foot.close()
            self._foot = None
            _drawing.remove(self)

    def _line(self, message: str, style: str | None = None) -> None:
        if self._foot is not None:
            self._foot.erase()
        text = self._folded(printable(with_options(message)))
        self._console.print(text, style=style, markup=False)
        if self._foot is not None:
            self._foot.draw()

    def _folded(self, message: str) -> str:
        """In lines as wide as the terminal, broken between words; elsewhere one line stays one."""
        if not self._console.is_terminal or len(message) <= self._console.width:
            return message
        return textwrap.fill(
            message,
            self._console.width,
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )

    def _plain_progress(
        self, task: str, done: int, total: int, note: str, left: float | None
    ) -> None:
        now = time.monotonic()
        if now - self._last_line.setdefault(task, now) >= PLAIN_SECONDS:
            self._last_line[task] = now
            time_left = "" if left is None else f"  {clock_time(left)} left"
            self._line(f"{task}: {done}/{total}{time_left}  {note}".rstrip())


_drawing: list[ConsoleReporter] = []
"""Reporters with bars on the terminal, which hide its cursor."""


def release_terminal() -> None:
    """Stop all bars, however a command ended, before anything else is written."""
    for reporter in list(_drawing):
        reporter.close()


def make_reporter(*, quiet: bool) -> Reporter:
    """The listener for a command: the console, or nobody under ``--quiet``."""
    if quiet:
        from soundgan.reporting import SilentReporter

        return SilentReporter()
    return ConsoleReporter()


def emit(document: dict[str, Any], text: str, *, as_json: bool, nowhere_else: bool = False) -> None:
    """Put a command's result on stdout: one JSON document, or readable text.

    Args:
        document: The result.
        text: The same for a person.
        as_json: Which of the two.
        nowhere_else: It took long to find and stands in no file: where stdout fails, it goes to
            stderr.
    """
    from soundgan.runtime.streams import output_failure

    result = json.dumps(document, indent=2, allow_nan=False) if as_json else text
    emit_lines([result])
    if nowhere_else and output_failure() is not None:
        tell(printable(result))


def emit_lines(lines: Iterable[str]) -> None:
    """Put a result of any number of lines on stdout, without holding all of them."""
    for line in lines:
        sys.stdout.write(printable(line) + "\n")
    sys.stdout.flush()


def printable(text: str) -> str:
    """``text`` with bytes that are not UTF-8 and control characters made visible."""
    decoded = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(
        c if c == "\n" or c.isprintable() else c.encode("unicode_escape").decode() for c in decoded
    )
