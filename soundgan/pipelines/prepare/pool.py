"""Keeps worker processes busy, notices those that crash or hang, and goes on without the file."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import IO, Any

from soundgan.errors import DependencyError, OutputError
from soundgan.pipelines.prepare.worker import PULSE

POLL_SECONDS = 0.2
DEATH_SECONDS = 5.0
"""A process whose socket has closed is given this long to leave its exit status."""

START_SECONDS = 60.0
"""Patience with a worker that has not come to its first file: it is importing libraries."""

CRASHES = frozenset(
    (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGABRT, signal.SIGTRAP,
     signal.SIGSYS)
)  # fmt: skip
"""Signals that a decoder brings upon itself; the others come from outside."""

ALONE = "it was alone at work; there may not be enough memory"

_COMMAND = (
    "import sys; sys.path[:] = sys.argv[3:]; "
    "from soundgan.pipelines.prepare.worker import main; main(int(sys.argv[1]), int(sys.argv[2]))"
)

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


@dataclass
class _Worker:
    """One process and what it is doing."""

    process: subprocess.Popen[bytes]
    connection: Connection
    pulse: IO[bytes]
    messages: IO[bytes]
    setup: int = 0
    batch: Batch = field(default_factory=list)
    seen: tuple[int, int] = (-1, 0)
    since: float = 0.0


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
            busy = [worker for worker in self._workers if worker.batch]
            ready = wait([worker.connection for worker in busy], POLL_SECONDS)
            for worker in busy:
                if worker.connection in ready:
                    reply = _receive(worker)
                    if reply is not None:
                        self._failed_starts = 0
                        yield reply
                        continue
                    yield from self._bury(worker, waiting, "")
                elif self._is_stuck(worker):
                    yield from self._bury(
                        worker, waiting, f"decoding came to a halt for {self._timeout:g} s"
                    )

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
                worker = _start()
                self._workers.append(worker)
            worker.batch = waiting.popleft()
            worker.seen, worker.since = (-1, 0), time.monotonic()
            try:
                if worker.setup != self._setups:
                    worker.connection.send_bytes(json.dumps({"setup": setup}).encode())
                    worker.setup = self._setups
                worker.connection.send_bytes(json.dumps({"batch": worker.batch}).encode())
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has died; reading from it will tell

    def _is_stuck(self, worker: _Worker) -> bool:
        seen = _look(worker)
        now = time.monotonic()
        if seen != worker.seen:
            worker.seen, worker.since = seen, now
        patience = self._timeout if seen[0] >= 0 else max(self._timeout, START_SECONDS)
        return now - worker.since > patience

    def _bury(self, worker: _Worker, waiting: deque[Batch], reason: str) -> Iterator[Lost]:
        """Remove a dead or stuck worker, name the file it was at, and save its other files."""
        index = _look(worker)[0]
        batch = worker.batch
        words = _last_words(worker)
        code = _end(worker, patience=0.0 if reason else DEATH_SECONDS)
        self._workers.remove(worker)
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
        if reason or code >= 0 or -code in CRASHES:
            yield Lost(index, reason or f"the decoder crashed ({_cause(code, words)})")
        elif suspect != self._alone:
            self._suspects.append(suspect)
        else:
            yield Lost(index, f"its worker was killed twice, the second time while {ALONE}")


def _start() -> _Worker:
    ours, theirs = socket.socketpair()
    pulse = tempfile.TemporaryFile()  # noqa: SIM115 - closed with its worker
    messages = tempfile.TemporaryFile()  # noqa: SIM115
    pulse.write(PULSE.pack(-1, 0))
    pulse.flush()
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    with theirs:
        descriptors = (theirs.fileno(), pulse.fileno())
        process = subprocess.Popen(
            [sys.executable, "-c", _COMMAND, *map(str, descriptors), *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=messages,
            pass_fds=descriptors,
            env=os.environ | single,
            start_new_session=True,
        )
    return _Worker(process, Connection(ours.detach()), pulse, messages, since=time.monotonic())


def _receive(worker: _Worker) -> dict[str, Any] | None:
    """The reply to the worker's batch, or ``None`` when it has died."""
    try:
        reply: dict[str, Any] = json.loads(worker.connection.recv_bytes())
    except (EOFError, OSError):
        return None
    worker.batch = []
    if "failed" in reply:
        raise OutputError(str(reply["failed"]))
    return reply


def _look(worker: _Worker) -> tuple[int, int]:
    index, beats = PULSE.unpack(os.pread(worker.pulse.fileno(), PULSE.size, 0))
    return index, beats


def _end(worker: _Worker, *, patience: float = 0.0) -> int:
    """Make sure that the process is gone; returns what it left with."""
    worker.connection.close()
    try:
        code = worker.process.wait(patience)
    except subprocess.TimeoutExpired:
        os.killpg(worker.process.pid, signal.SIGKILL)  # with the ffmpeg that it may have started
        code = worker.process.wait()
    if worker.process.stdin is not None:
        worker.process.stdin.close()
    worker.pulse.close()
    worker.messages.close()
    return code


def _cause(code: int, words: str) -> str:
    if code >= 0:
        return words or f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _last_words(worker: _Worker) -> str:
    """The last line of what the process had to say, such as its exception."""
    worker.messages.seek(0)
    lines = worker.messages.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
