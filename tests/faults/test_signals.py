"""Ctrl-C, SIGTERM and SIGHUP in children on a terminal: what is said, and what stays behind."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Protocol

import pytest

from soundgan.inference.model_file import describe_model, load_model
from soundgan.runtime.signals import SHOW_CURSOR
from tests.faults.children import Server, tree
from tests.faults.conftest import Whole
from tests.faults.jobs import Job, generate, train

HIDE_CURSOR = b"\x1b[?25l"
SECOND = 5.0
"""As long as a second may take on a machine that does other things too."""


@dataclass
class OnTerminal:
    """A command in a child whose terminal this process holds."""

    server: Server
    child: int
    terminal: int
    other_end: int
    seen: bytes = b""
    reaped: bool = False

    def read_until(self, pattern: bytes, *, seconds: float) -> None:
        """Read until the command has written something."""
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.seen):
            left = deadline - time.monotonic()
            assert left > 0, self.seen.decode()
            if select.select([self.terminal], [], [], left)[0]:
                try:
                    piece = os.read(self.terminal, 1 << 16)
                except OSError:  # the other end has gone
                    piece = b""
                assert piece, self.seen.decode()
                self.seen += piece
        if self.other_end >= 0:  # the child has it open, so that its end is the end
            os.close(self.other_end)
            self.other_end = -1

    def leave(self, *, seconds: float) -> int:
        """Read all that is left; the exit code."""
        deadline = time.monotonic() + seconds
        while select.select([self.terminal], [], [], max(0.0, deadline - time.monotonic()))[0]:
            try:
                self.seen += os.read(self.terminal, 1 << 16)
            except OSError:
                break
        else:
            pytest.fail(f"still there: {self.seen.decode()}")
        os.close(self.terminal)
        self.reaped = True
        return self.server.wait(self.child)

    def close_terminal(self, *, seconds: float) -> int:
        """Close the window: no line can be written any more; the exit code."""
        os.close(self.terminal)
        self.reaped = True
        killer = Timer(seconds, os.kill, (self.child, signal.SIGKILL))
        killer.start()
        try:
            return self.server.wait(self.child)
        finally:
            killer.cancel()


class Start(Protocol):
    """Starts a command; under ``nohup``, SIGHUP is ignored."""

    def __call__(self, job: Job, *, nohup: bool = False) -> OnTerminal: ...


@pytest.fixture
def start(server: Server, tmp_path: Path) -> Iterator[Start]:
    """Starts commands; none of them outlives the test."""
    started: list[OnTerminal] = []

    def begin(job: Job, *, nohup: bool = False) -> OnTerminal:
        started.append(_start(server, job, tmp_path, nohup=nohup))
        return started[-1]

    yield begin
    for command in started:
        if not command.reaped:
            os.kill(command.child, signal.SIGKILL)
            server.wait(command.child)


def _start(server: Server, job: Job, folder: Path, *, nohup: bool) -> OnTerminal:
    """The program as a person would start it, progress bars and all."""
    ours, theirs = pty.openpty()
    arguments = [word for word in job.arguments if word != "-q"]
    child = server.fork(
        f"{__name__}:on_terminal",
        folder=folder,
        arguments=arguments,
        name=os.ttyname(theirs),
        nohup=nohup,
    )
    return OnTerminal(server, child, ours, theirs)


def on_terminal(arguments: list[str], name: str, nohup: bool) -> int:
    """In a child: the program on a terminal of its own."""
    from soundgan.cli.app import main

    signal.signal(signal.SIGHUP, signal.SIG_IGN if nohup else signal.SIG_DFL)
    os.setsid()
    terminal = os.open(name, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(terminal, descriptor)
    os.environ |= {"TERM": "xterm", "COLUMNS": "200"}
    sys.argv = ["soundgan", *arguments]
    try:
        main()
    except SystemExit as left:
        sys.stderr.flush()
        return int(left.code or 0)
    return 0


def cursor_is_shown(seen: bytes) -> bool:
    return HIDE_CURSOR not in seen or seen.rindex(SHOW_CURSOR) > seen.rindex(HIDE_CURSOR)


@pytest.fixture
def endless(workshop: Path, whole: dict[str, Whole]) -> Callable[[str], Job]:
    """Commands with work for days, by name."""

    def make(name: str) -> Job:
        if name == "train":
            job = train(workshop / "dataset")
            return Job(name, [*job.arguments, "--set", "training.steps=1000000"])
        job = generate(workshop / "train" / "out" / "model.safetensors")
        return Job(name, [*job.arguments, "-n", "1000000"])

    return make


AT_WORK = rb"(training|generating) .* [1-9]\d*/1000000"


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["SIGINT", "SIGTERM", "SIGHUP"],
)
@pytest.mark.parametrize("name", ["train", "generate"])
def test_a_signal_is_answered_within_a_second_and_the_terminal_given_back(
    name: str,
    number: signal.Signals,
    code: int,
    endless: Callable[[str], Job],
    start: Start,
    tmp_path: Path,
) -> None:
    command = start(endless(name))
    command.read_until(AT_WORK, seconds=30)
    os.kill(command.child, number)
    command.read_until(
        b"stopping after this step|interrupted|terminated|terminal closed", seconds=SECOND
    )
    assert command.leave(seconds=30) == code
    assert b"Traceback" not in command.seen
    assert HIDE_CURSOR in command.seen
    assert cursor_is_shown(command.seen)
    assert not [name for name in tree(tmp_path) if ".tmp-" in name]
    if name == "train":
        step = describe_model(tmp_path / "out" / "model.safetensors").provenance["step"]
        assert (tmp_path / "out" / "checkpoints" / f"step-{step:09d}.json").is_file()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_calibration_within_a_second(
    number: signal.Signals, workshop: Path, start: Start, tmp_path: Path
) -> None:
    slow = ["--set", "training.calibrate_sounds=20000", "--set", "inversion.options.iterations=9"]
    command = start(Job("train", [*train(workshop / "dataset").arguments, *slow]))
    command.read_until(rb"calibrating levels .* 0/40000", seconds=30)
    os.kill(command.child, number)
    assert command.leave(seconds=SECOND) == 128 + number
    assert b"stopping without calibrated levels; the same command does it" in command.seen
    assert cursor_is_shown(command.seen)
    model = load_model(tmp_path / "out" / "model.safetensors")
    assert (model.description.provenance["step"], model.codec.levels) == (3, None)


@pytest.mark.parametrize("name", ["train", "generate"])
def test_a_second_signal_ends_the_command_at_once(
    name: str, endless: Callable[[str], Job], start: Start
) -> None:
    command = start(endless(name))
    command.read_until(AT_WORK, seconds=30)
    os.kill(command.child, signal.SIGSTOP)  # so that both come before it can do anything
    os.kill(command.child, signal.SIGTERM)
    os.kill(command.child, signal.SIGINT)
    os.kill(command.child, signal.SIGCONT)
    assert command.leave(seconds=SECOND) in (130, 143)
    assert b"Traceback" not in command.seen
    assert cursor_is_shown(command.seen)


@pytest.mark.parametrize("name", ["train", "generate"])
def test_a_command_whose_terminal_is_closed_saves_and_leaves_with_129(
    name: str, endless: Callable[[str], Job], start: Start, tmp_path: Path
) -> None:
    command = start(endless(name))
    command.read_until(AT_WORK, seconds=30)
    assert command.close_terminal(seconds=30) == 129
    assert not [name for name in tree(tmp_path) if ".tmp-" in name]
    if name == "train":
        step = describe_model(tmp_path / "out" / "model.safetensors").provenance["step"]
        assert (tmp_path / "out" / "checkpoints" / f"step-{step:09d}.json").is_file()


@pytest.mark.slow
def test_under_nohup_a_training_outlives_its_terminal(
    workshop: Path, start: Start, tmp_path: Path
) -> None:
    job = train(workshop / "dataset")
    command = start(Job("train", [*job.arguments, "--set", "training.steps=200"]), nohup=True)
    command.read_until(rb"training .* \d/200", seconds=30)
    assert command.close_terminal(seconds=60) == 0
    assert describe_model(tmp_path / "out" / "model.safetensors").provenance["step"] == 200
