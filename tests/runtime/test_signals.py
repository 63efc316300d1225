from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from soundgan.runtime import signals
from soundgan.runtime.signals import SignalStop, StopAsked, StopRequest


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The signals at which the program would have left at once."""
    numbers: list[int] = []
    monkeypatch.setattr(signals, "leave_at_once", numbers.append)
    return numbers


@pytest.fixture
def hang_ups_ignored() -> Iterator[None]:
    """As ``nohup`` starts a program."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_the_first_signal_is_a_request_with_its_exit_code(number: int, code: int) -> None:
    said: list[str] = []
    request = SignalStop(lambda: said.append("stopping"))
    with request.listening():
        assert not request
        os.kill(os.getpid(), number)
        assert request
    assert (said, request.exit_code) == (["stopping"], code)


def test_a_second_order_leaves_at_once_and_a_second_hang_up_does_not(left: list[int]) -> None:
    request = StopRequest()
    # A terminal that closes while the machine shuts down: from the system, the shell, the manager.
    received = [signal.SIGHUP, signal.SIGHUP, signal.SIGTERM, signal.SIGHUP]
    assert [request.receive(number) for number in received] == [True, False, False, False]
    assert left == []
    request.receive(signal.SIGINT)
    assert left == [signal.SIGINT]
    assert request.exit_code == 129


def test_a_hang_up_that_is_ignored_already_stays_ignored(hang_ups_ignored: None) -> None:
    request = SignalStop(lambda: None)
    with request.listening():
        os.kill(os.getpid(), signal.SIGHUP)
        assert not request
        os.kill(os.getpid(), signal.SIGTERM)
        assert request.exit_code == 143


def test_who_is_asked_by_a_function_leaves_signals_alone() -> None:
    wanted: list[str] = []
    request = StopRequest(asked=lambda: wanted)
    before = [signal.getsignal(number) for number in signals.EXCEPTIONS]
    with request.listening(), request.at_once():
        assert not request
        assert [signal.getsignal(number) for number in signals.EXCEPTIONS] == before
        wanted.append("now")
        assert request
    assert request.exit_code == 0
    with pytest.raises(StopAsked), request.at_once():
        pytest.fail("begun although somebody asked")


def test_handlers_are_put_back() -> None:
    before = [signal.getsignal(number) for number in signals.EXCEPTIONS]
    with SignalStop(lambda: None).listening():
        assert [signal.getsignal(number) for number in signals.EXCEPTIONS] != before
    assert [signal.getsignal(number) for number in signals.EXCEPTIONS] == before


@pytest.mark.parametrize(("ignored", "code"), [(False, 129), (True, 143)])
def test_a_command_unwinds_on_a_hang_up_unless_under_nohup(ignored: bool, code: int) -> None:
    script = (
        "import sys, time; from soundgan.runtime import signals; from soundgan.cli import app\n"
        "def work(*_): sys.stdout.write('at work\\n'); sys.stdout.flush(); time.sleep(60)\n"
        "app.Program._run = work\n"
        "app.main()"
    )
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", script, "info"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        signal.signal(signal.SIGHUP, before)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        process.send_signal(signal.SIGHUP)
        if ignored:
            time.sleep(0.3)
            process.send_signal(signal.SIGTERM)
        stderr = process.communicate(timeout=30)[1]
    assert process.returncode == code
    assert stderr == ("terminated\n" if ignored else "terminal closed\n")


def test_elsewhere_than_in_the_main_thread_signals_stay_as_they_are() -> None:
    before = [signal.getsignal(number) for number in signals.EXCEPTIONS]

    def work() -> tuple[bool, list[object]]:
        request = SignalStop(lambda: None)
        with request.listening():
            during: list[object] = [signal.getsignal(number) for number in signals.EXCEPTIONS]
            return bool(request), during

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(work).result() == (False, before)


def test_after_ctrl_c_threads_still_at_work_are_not_waited_for() -> None:
    script = (
        "import threading, time; from soundgan.cli import app\n"
        "def work(*_):\n"
        "    threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "    raise KeyboardInterrupt\n"
        "app.Program._run = work\n"
        "app.main()"
    )
    command = [sys.executable, "-c", script, "info"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stderr) == (130, "interrupted\n")
