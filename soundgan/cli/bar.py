"""One line at the foot of a terminal that says how far a task is; it never wraps."""

from __future__ import annotations

import math
import os
import time
from dataclasses import dataclass
from typing import IO

from soundgan.reporting import clock_time

SECONDS = 0.1
"""The line is drawn again at most this often."""

LONGEST_BAR, SHORTEST_BAR = 24, 8
"""In columns."""

_HIDE_CURSOR, _SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"
_CUT, _WRAP = "\x1b[?7l", "\x1b[?7h"
_ERASE = "\r \x1b[J\r"
"""To the end of the screen. The cursor is left where the line begins, and stays there when a
terminal that becomes narrower makes several rows of it: they are all erased. From the first corner
of the screen on, tmux would keep what is erased; hence the space."""


@dataclass
class Task:
    """How far a task is.

    Attributes:
        name: What is done.
        began: When it was first heard of, as of ``time.monotonic``.
        first: What was done then.
        done: Of ``total``.
        total: What there is to do.
        note: More about it, the most important first.
        left: Seconds to its end, if it knows; else they are guessed from its speed.
    """

    name: str
    began: float
    first: int
    done: int = 0
    total: int = 0
    note: str = ""
    left: float | None = None

    def seconds_left(self, now: float) -> float | None:
        """Seconds to its end; ``None`` as long as nothing is known."""
        moved = self.done - self.first
        if self.left is not None or moved <= 0 or now - self.began < 1:
            return self.left
        return (now - self.began) / moved * (self.total - self.done)


def line_of(task: Task, now: float, width: int, glyphs: str = "━─") -> str:
    """The task in at most ``width - 1`` columns: the note gives way first, then the bar.

    Args:
        task: What to show.
        now: As of ``time.monotonic``.
        width: Columns of the terminal.
        glyphs: What done and what is left are drawn with.
    """
    from rich.cells import cell_len, set_cell_size

    left = task.seconds_left(now)
    parts = [f"{task.done}/{task.total}"] + ([f"{clock_time(left)} left"] if left else [])
    numbers = "  ".join(parts)
    room = width - 1 - cell_len(task.name) - len(numbers) - 2
    bar = _bar(task, min(LONGEST_BAR, room), glyphs) if room >= SHORTEST_BAR else ""
    words = " ".join(part for part in (task.name, bar, numbers) if part)
    line = _cut(f"{words}  {task.note}".rstrip(), width - 1)
    return line or _cut(numbers, width - 1) or set_cell_size(parts[0], width - 1).rstrip()


class Foot:
    """The last line of a terminal, which belongs to the newest task.

    Args:
        file: The terminal.
        width: Columns, where the terminal itself does not say.
    """

    def __init__(self, file: IO[str], width: int) -> None:
        self._file = file
        self._width = width
        self._tasks: dict[str, Task] = {}
        self._shown = False
        self._hidden = False
        self._drawn = -math.inf

    def __bool__(self) -> bool:
        return bool(self._tasks)

    def move(self, name: str, done: int, total: int, note: str, left: float | None) -> None:
        """Tell how far a task is."""
        now = time.monotonic()
        task = self._tasks.setdefault(name, Task(name, now, done))
        begins = task.total == 0
        task.done, task.total, task.note, task.left = done, total, note, left
        if begins or now - self._drawn >= SECONDS:
            self.draw()

    def end(self, name: str) -> None:
        """Forget a task; the line goes with the last one."""
        self._tasks.pop(name, None)
        if self._tasks:
            self.draw()
        else:
            self.close()

    def draw(self) -> None:
        """Put the newest task in place of what is shown."""
        if not self._tasks:
            return
        now, width = time.monotonic(), self._columns()
        text = line_of(list(self._tasks.values())[-1], now, width, self._glyphs())
        start = "" if self._hidden else _HIDE_CURSOR
        # Before it is written: a signal may end the drawing half-way.
        self._shown, self._hidden, self._drawn = True, True, now
        # It may have become narrower than it says: what is too much is cut, not put below.
        self._file.write(f"{start}{_ERASE}{_CUT}{text}{_WRAP}\r")
        self._file.flush()

    def erase(self) -> None:
        """Make room for a message; :meth:`draw` brings the line back."""
        if self._shown:
            self._file.write(_ERASE)
            self._shown = False

    def close(self) -> None:
        """Give the terminal back."""
        self._tasks.clear()
        self.erase()
        if self._hidden:
            self._file.write(_SHOW_CURSOR)
            self._file.flush()
            self._hidden = False

    def _columns(self) -> int:
        try:
            columns = os.get_terminal_size(self._file.fileno()).columns
        except (OSError, ValueError):
            columns = 0
        return max(2, columns or self._width)

    def _glyphs(self) -> str:
        try:
            "━─".encode(getattr(self._file, "encoding", None) or "utf-8")
        except (UnicodeError, LookupError):
            return "#-"
        return "━─"


def _bar(task: Task, width: int, glyphs: str) -> str:
    share = min(1.0, task.done / task.total) if task.total else 0.0
    filled = math.floor(share * width)
    return glyphs[0] * filled + glyphs[1] * (width - filled)


def _cut(text: str, width: int) -> str:
    """As many of the parts between wide gaps as there is room for."""
    from rich.cells import cell_len

    while cell_len(text) > width:
        text, gap, _ = text.rpartition("  ")
        if not gap:
            return ""
    return text
