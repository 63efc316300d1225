"""Keeps worker processes busy, notices those that crash or hang, and goes on without the file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import IO, Any

from soundgan.errors import DependencyError, OutputError
from soundgan.runtime.processes import (
    apart,
    cause_of_death,
    end_with_children,
    was_ended_by_others,
)

POLL_SECONDS = 0.2
MOST_BETWEEN_LOOKS = 1.0
"""What is longer does not count as patience: the program was stopped, or busy with a reply."""

DEATH_SECONDS = 5.0
"""A process whose output has closed is given this long to leave its exit status."""

START_SECONDS = 60.0
"""Patience with a worker that has not come to its first file: it is importing libraries."""

ALONE = "it was alone at work; there may not be enough memory"

_COMMAND = "import sys; sys.path[:] = sys.argv[1:]; from soundgan.ingest.worker import main; main()"

Batch = list[tuple[int, str]]


@dataclass(frozen=True)
class Lost:
    """A file that took its worker down.

    Attributes:
        index: Its position in the listing.
        reason: What happened.
    """

    index: int
    reason: str


@dataclass(eq=False)
class _Worker:
    """One process and what it is doing.

    Attributes:
        process: Takes messages on its standard input.
        words: A file with what it says on its standard error.
        setup: Number of the setup that it has.
        batch: What it works on; empty while it has nothing to do.
        answered: Whether its reply to that has come.
        heard: The file it is at, and how often it has said so.
        seen: The same when it was last looked at.
        idle: Seconds since it last was something else.
    """

    process: subprocess.Popen[bytes]
    words: IO[bytes]
    setup: int = 0
    batch: Batch = field(default_factory=list)
    answered: bool = False
    heard: tuple[int, int] = (-1, 0)
    seen: tuple[int, int] = (-1, 0)
    idle: float = 0.0
    listener: threading.Thread | None = None


class Pool:
    """Up to ``jobs`` workers; use as a context, at whose end none of them is left.

    Workers are started with a fresh interpreter, outside the terminal's process group: Ctrl-C
    reaches the program alone, which then ends them.

    Attributes:
        jobs: Most workers at a time.
    """

    def __init__(self, jobs: int, *, timeout: float) -> None:
        self.jobs = jobs
        self._timeout = timeout
        self._workers: list[_Worker] = []
        self._arrived: SimpleQueue[tuple[_Worker, dict[str, Any] | None]] = SimpleQueue()
        self._looked = time.monotonic()
        self._failed_starts = 0
        self._setups = 0
        self._suspects: deque[Batch] = deque()
        self._alone: Batch = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            _end(worker)
        self._workers.clear()

    def run(
        self, setup: dict[str, Any], batches: Sequence[Batch]
    ) -> Iterator[dict[str, Any] | Lost]:
        """Replies to ``batches`` in any order, and the files that were lost on the way.

        A batch whose worker died is given out again without the file it died of. A file whose
        worker was killed from outside, as for lack of memory, is tried once more at the end,
        while no other is worked on.

        Raises:
            OutputError: A worker could not write.
            DependencyError: Workers do not start.
        """
        self._setups += 1
        waiting = deque(batches)
        while waiting or self._suspects or any(worker.batch for worker in self._workers):
            self._bring_back_suspects(waiting)
            self._hand_out(setup, waiting)
            worker, reply = self._next_arrival()
            if reply is not None:
                self._failed_starts = 0
                yield reply
            elif worker is not None:
                yield from self._bury(worker, waiting, "")
            for worker in self._stuck():
                words = f"decoding came to a halt for {self._timeout:g} s"
                yield from self._bury(worker, waiting, words)

    def _next_arrival(self) -> tuple[_Worker | None, dict[str, Any] | None]:
        """A worker and its reply, or one that has died; neither if nothing comes for a while."""
        try:
            worker, reply = self._arrived.get(timeout=POLL_SECONDS)
        except Empty:
            return None, None
        if worker not in self._workers:  # it has been ended
            return None, None
        if reply is not None:
            worker.batch = []
            if "failed" in reply:
                raise OutputError(str(reply["failed"]))
        return worker, reply

    def _bring_back_suspects(self, waiting: deque[Batch]) -> None:
        """The next file to be tried alone, once everything else is done."""
        if self._suspects and not waiting and not any(worker.batch for worker in self._workers):
            self._alone = self._suspects.popleft()
            waiting.append(self._alone)

    def _hand_out(self, setup: dict[str, Any], waiting: deque[Batch]) -> None:
        while waiting:
            worker = next((worker for worker in self._workers if not worker.batch), None)
            if worker is None:
                if len(self._workers) >= self.jobs:
                    return
                worker = self._start()
            worker.batch, worker.answered, worker.idle = waiting.popleft(), False, 0.0
            with suppress(OSError):  # it has died, and its listener will tell
                if worker.setup != self._setups:
                    _send(worker, {"setup": setup})
                    worker.setup = self._setups
                _send(worker, {"batch": worker.batch})

    def _stuck(self) -> list[_Worker]:
        """Workers that have made no progress for longer than they may."""
        now = time.monotonic()
        elapsed, self._looked = min(now - self._looked, MOST_BETWEEN_LOOKS), now
        found = []
        for worker in self._workers:
            heard = worker.heard
            worker.idle = worker.idle + elapsed if heard == worker.seen else 0.0
            worker.seen = heard
            patience = self._timeout if heard[0] >= 0 else max(self._timeout, START_SECONDS)
            if worker.batch and not worker.answered and worker.idle > patience:
                found.append(worker)
        return found

    def _bury(self, worker: _Worker, waiting: deque[Batch], reason: str) -> Iterator[Lost]:
        """Remove a dead or stuck worker, name the file it was at, and save its other files."""
        index, batch = worker.heard[0], worker.batch
        words = _last_words(worker)
        code = _end(worker, patience=0.0 if reason else DEATH_SECONDS)
        self._workers.remove(worker)
        if not batch:
            return
        if index not in {position for position, _ in batch}:
            self._failed_starts += 1
            if self._failed_starts >= 3:
                raise DependencyError(f"worker processes do not start: {words or code}")
            waiting.appendleft(batch)
            return
        self._failed_starts = 0
        rest = [entry for entry in batch if entry[0] != index]
        if rest:
            waiting.appendleft(rest)
        suspect = [entry for entry in batch if entry[0] == index]
        if reason or not was_ended_by_others(code, words):
            yield Lost(index, reason or f"the decoder crashed ({cause_of_death(code, words)})")
        elif suspect != self._alone:
            self._suspects.append(suspect)
        else:
            yield Lost(index, f"its worker was killed twice, the second time while {ALONE}")

    def _start(self) -> _Worker:
        words = tempfile.TemporaryFile()  # noqa: SIM115 - closed with its worker
        single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        process = subprocess.Popen(
            [sys.executable, "-c", _COMMAND, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=words,
            env=os.environ | single,
            **apart(),
        )
        worker = _Worker(process, words)
        worker.listener = threading.Thread(
            target=_listen, args=(worker, self._arrived), daemon=True
        )
        worker.listener.start()
        self._workers.append(worker)
        return worker


def _send(worker: _Worker, message: dict[str, Any]) -> None:
    stream = worker.process.stdin
    if stream is not None:
        stream.write(json.dumps(message).encode() + b"\n")
        stream.flush()


def _listen(worker: _Worker, arrived: SimpleQueue[tuple[_Worker, dict[str, Any] | None]]) -> None:
    """Note what a worker is at; pass its replies on and, last, its end."""
    for line in worker.process.stdout or ():
        message = _message(line)
        if message is None:
            continue
        if "at" in message:
            worker.heard = (message["at"], worker.heard[1] + 1)
        else:
            worker.answered = True
            arrived.put((worker, message))
    arrived.put((worker, None))


def _message(line: bytes) -> dict[str, Any] | None:
    """A message; ``None`` for what others print, or what its sender could not finish."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


def _end(worker: _Worker, *, patience: float = 0.0) -> int:
    """Make sure that the process is gone; returns what it left with."""
    process = worker.process
    try:
        code = process.wait(patience)
    except subprocess.TimeoutExpired:
        end_with_children(process.pid)  # such as the ffmpeg that it is waiting for
        code = process.wait()
    if worker.listener is not None:
        worker.listener.join()
    for stream in (process.stdin, process.stdout, worker.words):
        with suppress(OSError):  # what it was not told any more
            if stream is not None:
                stream.close()
    return code


def _last_words(worker: _Worker) -> str:
    """The last line of what the process had to say, such as its exception."""
    worker.words.seek(0)
    lines = worker.words.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
