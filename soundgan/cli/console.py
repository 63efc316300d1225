"""What a person sees: messages and bars on stderr, results on stdout."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from soundgan.reporting import Reporter

PLAIN_SECONDS = 10.0
"""Without a terminal, a running task is reported this often."""


class Messages:
    """Standard error for what may be lost: once a message cannot be written, there are no more.

    The disk behind it may be full, its reader or its terminal gone; the work goes on. Whatever else
    a file can do is left to standard error, as it is at the moment.
    """

    def __init__(self) -> None:
        self._silent = False

    def __getattr__(self, name: str) -> Any:
        return getattr(_stderr(), name)

    def write(self, text: str) -> int:
        """Write, or go silent."""
        return self._attempt(lambda: _stderr().write(text)) or len(text)

    def flush(self) -> None:
        """Flush, or go silent."""
        self._attempt(lambda: _stderr().flush())

    def _attempt(self, action: Callable[[], int | None]) -> int | None:
        if self._silent:
            return None
        try:
            return action()
        except (OSError, ValueError):  # ValueError: it has been closed
            self._silent = True
            _discard(_stderr())
        except RuntimeError:  # by a signal's handler, in the middle of another message
            pass
        return None


def _stderr() -> Any:
    """Standard error itself, also while Rich has put a stand-in in its place."""
    return getattr(sys.stderr, "rich_proxied_file", sys.stderr)


def _discard(stream: TextIO) -> None:
    """Send what a stream still holds, and all that libraries may say there, to nowhere."""
    with suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


def tell(line: str) -> None:
    """One last line on stderr, if anybody can read it."""
    messages = Messages()
    messages.write(line + "\n")
    messages.flush()


class ConsoleReporter:
    """Draws with Rich on a terminal; otherwise writes plain lines, now and then."""

    def __init__(self) -> None:
        from rich.console import Console

        # A work must outlive whoever reads its messages.
        messages = cast("IO[str]", Messages())
        self._console = Console(file=messages, highlight=False, soft_wrap=True)
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._last_line: dict[str, float] = {}

    def say(self, message: str) -> None:
        """One line on stderr."""
        self._line(message)

    def warn(self, message: str) -> None:
        """One line on stderr, marked as a warning."""
        self._line(f"warning: {message}", style="yellow")

    def progress(self, task: str, done: int, total: int, note: str = "") -> None:
        """Move the task's bar, or write a line when the last one is old enough."""
        if not self._console.is_terminal:
            self._plain_progress(task, done, total, note)
            return
        bars = self._bars or self._start_bars()
        if task not in self._tasks:
            self._tasks[task] = bars.add_task(_escaped(task), total=total, note="")
        bars.update(self._tasks[task], completed=done, total=total, note=_escaped(note))

    def finish(self, task: str) -> None:
        """Remove the task's bar."""
        self._last_line.pop(task, None)
        identifier = self._tasks.pop(task, None)
        if self._bars is not None and identifier is not None:
            self._bars.remove_task(identifier)
        if not self._tasks:
            self.close()

    def close(self) -> None:
        """Give the terminal back."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
            self._tasks.clear()
            _drawing.remove(self)

    def _line(self, message: str, style: str | None = None) -> None:
        console = self._bars.console if self._bars is not None else self._console
        console.print(printable(message), style=style, markup=False)

    def _plain_progress(self, task: str, done: int, total: int, note: str) -> None:
        now = time.monotonic()
        if now - self._last_line.setdefault(task, now) >= PLAIN_SECONDS:
            self._last_line[task] = now
            self._line(f"{task}: {done}/{total} {note}".rstrip())

    def _start_bars(self) -> Progress:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=self._console,
            transient=True,
        )
        self._bars.start()
        _drawing.append(self)
        return self._bars


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


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(printable(text))
