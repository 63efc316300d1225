"""Commands in processes of their own: what breaks there costs one answer, not the service.

They are the program itself, with the arguments that a person would type, and so leave the same
files. Each can be stopped as by Ctrl-C, and all of them are when the service ends.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import IO, Any, Literal

from soundgan.errors import ExitCode, UsageError
from soundgan.runtime.processes import apart, end_with_children
from soundgan.serve.problems import Refusal, not_found

State = Literal["waiting", "running", "done", "failed", "stopped"]

MOST_LINES = 1000
MOST_REMEMBERED = 200
"""Commands that have ended, and what they said."""

PATIENCE_SECONDS = 20.0
"""For a command that was asked to stop; a training saves before it ends."""


@dataclass(eq=False)
class Child:
    """A command.

    Attributes:
        id: What names it here.
        kind: Which command.
        words: Its arguments.
        about: What it works on.
        lines: What it has said.
        document: Its result, once it is there.
        code: Its exit code, once it has ended.
        stopped: Whether somebody asked it to stop.
    """

    kind: str
    words: tuple[str, ...]
    about: str
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    lines: list[str] = field(default_factory=list)
    document: dict[str, Any] | None = None
    code: int | None = None
    stopped: bool = False
    process: subprocess.Popen[bytes] | None = None
    at_end: Callable[[], object] = lambda: None

    @property
    def state(self) -> State:
        """How far it is."""
        if self.code is not None:
            if self.code in (ExitCode.OK, ExitCode.PARTIAL) and not self.stopped:
                return "done"
            return "stopped" if self.stopped else "failed"
        return "running" if self.process is not None else "waiting"

    @property
    def ended(self) -> bool:
        """Whether nothing more comes."""
        return self.code is not None

    @property
    def error(self) -> str | None:
        """Why it failed."""
        if self.state != "failed":
            return None
        failures = (self.document or {}).get("failures")
        if failures:
            return str(failures[0]["reason"])
        said = [line for line in self.lines if line.startswith("error: ")]
        return said[-1].removeprefix("error: ") if said else f"ended with code {self.code}"


class Children:
    """All commands that this service has started.

    Args:
        most_at_once: Of one kind that run; others wait.
        most_waiting: Of one kind; more are refused.
        program: What is run.
    """

    def __init__(
        self,
        most_at_once: int = 1,
        most_waiting: int = 8,
        program: Sequence[str] = (sys.executable, "-m", "soundgan"),
    ) -> None:
        self._program = program
        self._most_at_once, self._most_waiting = most_at_once, most_waiting
        self._all: OrderedDict[str, Child] = OrderedDict()
        self._changed = threading.Condition()
        self._closed = False

    def start(
        self,
        kind: str,
        words: Sequence[str],
        about: str = "",
        at_end: Callable[[], object] = lambda: None,
    ) -> Child:
        """Run ``soundgan KIND WORDS`` as soon as no other of its kind runs.

        Args:
            kind: The command.
            words: Its arguments.
            about: What it works on.
            at_end: Called when it has ended, however.

        Raises:
            UsageError: An argument is none that a program can be given.
            Refusal: Too many of them wait.
        """
        for word in words:
            _demand_argument(word)
        child = Child(kind, tuple(words), about, at_end=at_end)
        with self._changed:
            if self._closed or len(self.unfinished(kind)) >= self._most_waiting:
                raise Refusal(
                    HTTPStatus.TOO_MANY_REQUESTS,
                    f"{kind}: too many are waiting; ask again when one has ended",
                    {"Retry-After": "5"},
                )
            self._all[child.id] = child
            over = [one.id for one in self._all.values() if one.ended]
            for id in over[: max(0, len(over) - MOST_REMEMBERED)]:
                del self._all[id]
        threading.Thread(target=self._run, args=(child,), daemon=True).start()
        return child

    def unfinished(self, kind: str) -> list[Child]:
        """Those of a kind that have not ended."""
        return [one for one in list(self._all.values()) if one.kind == kind and not one.ended]

    def newest(self, kind: str, about: str) -> Child | None:
        """The last that was started on something."""
        found = [c for c in list(self._all.values()) if (c.kind, c.about) == (kind, about)]
        return found[-1] if found else None

    def find(self, kind: str, id: str) -> Child:
        """The command of this name.

        Raises:
            Refusal: There is none.
        """
        found = self._all.get(id)
        if found is None or found.kind != kind:
            raise not_found(f"{id}: there is none, or it ended long ago")
        return found

    def wait(self, child: Child, seconds: float | None = None) -> None:
        """Until it has ended."""
        with self._changed:
            self._changed.wait_for(lambda: child.ended, seconds)

    def stop(self, child: Child) -> None:
        """Ask it to stop, as Ctrl-C does."""
        with self._changed:
            if child.ended:
                return
            child.stopped = True
            process = child.process
            self._changed.notify_all()
        if process is not None:
            interrupt(process.pid)

    def close(self) -> None:
        """Stop all of them; those that do not listen are ended."""
        with self._changed:
            self._closed = True
        rest = [child for child in list(self._all.values()) if not child.ended]
        for child in rest:
            self.stop(child)
        for child in rest:
            self.wait(child, PATIENCE_SECONDS)
            if not child.ended and child.process is not None:
                with suppress(OSError):
                    end_with_children(child.process.pid)
                self.wait(child, PATIENCE_SECONDS)

    def _run(self, child: Child) -> None:
        code: int = ExitCode.FAILED
        try:
            process = self._begun(child)
            code = ExitCode.INTERRUPTED if process is None else self._work(child, process)
        finally:
            child.at_end()
            with self._changed:
                child.code = code
                self._changed.notify_all()

    def _begun(self, child: Child) -> subprocess.Popen[bytes] | None:
        """Wait for its turn, and begin it if it is still wanted then."""

        def is_next() -> bool:
            before = self.unfinished(child.kind)[: self._most_at_once]
            return child.stopped or child in before

        with self._changed:
            self._changed.wait_for(is_next)
            if child.stopped:
                return None
            child.process = _started([*self._program, child.kind, *child.words])
            return child.process

    def _work(self, child: Child, process: subprocess.Popen[bytes]) -> int:
        """Hear what it says until it ends; its exit code."""
        listening = threading.Thread(target=self._listen, args=(child, process.stderr), daemon=True)
        listening.start()
        with process:
            said = b"" if process.stdout is None else process.stdout.read()
            listening.join()
        with suppress(ValueError):
            document = json.loads(said)
            child.document = document if isinstance(document, dict) else None
        if process.returncode < 0 and not child.stopped:
            child.lines.append(f"error: it broke down with signal {-process.returncode}")
        return process.returncode

    def _listen(self, child: Child, stream: IO[bytes] | None) -> None:
        for line in stream or ():
            if len(child.lines) < MOST_LINES:
                with self._changed:
                    child.lines.append(line.decode("utf-8", "replace").rstrip()[:2000])
                    self._changed.notify_all()


def _demand_argument(word: str) -> None:
    try:
        if b"\0" in os.fsencode(word):
            raise ValueError
    except ValueError:  # or half of a surrogate pair
        raise UsageError(f"{word[:100]!r}: holds a character that no argument can hold") from None


def interrupt(process_id: int) -> None:
    """Ask a process to stop, as Ctrl-C does."""
    with suppress(OSError):
        if sys.platform == "win32":
            os.kill(process_id, signal.CTRL_BREAK_EVENT)
        else:
            os.kill(process_id, signal.SIGINT)


def _started(words: Sequence[str]) -> subprocess.Popen[bytes]:
    """A program with its arguments, out of reach of the terminal's Ctrl-C."""
    return subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        **apart(),
    )
