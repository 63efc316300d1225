"""Commands in processes of their own: in turn, stopped as by Ctrl-C, and never left behind."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator

import pytest

from soundgan.errors import UsageError
from soundgan.serve.children import Children
from soundgan.serve.problems import Refusal

CODE = """
import json, os, sys, time
kind, what = sys.argv[1:]
print("begun", os.getpid(), file=sys.stderr, flush=True)
if what == "break":
    os.kill(os.getpid(), 11)
if what == "refuse":
    print("error: `x`: wrong", file=sys.stderr)
    sys.exit(2)
try:
    time.sleep(0 if what == "quick" else 60)
except KeyboardInterrupt:
    print("saved", file=sys.stderr)
    sys.exit(130)
print(json.dumps({"what": what}))
"""


@pytest.fixture
def children() -> Iterator[Children]:
    # What runs in the background of a script ignores Ctrl-C, and so would what it starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    made = Children(most_waiting=3, program=(sys.executable, "-c", CODE))
    yield made
    made.close()
    signal.signal(signal.SIGINT, before)


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_command_leaves_its_result_and_what_it_said(children: Children) -> None:
    ended = list[str]()
    child = children.start("kind", ["quick"], at_end=lambda: ended.append("end"))
    children.wait(child, 20)
    assert (child.state, child.code, child.document) == ("done", 0, {"what": "quick"})
    assert child.lines[0].startswith("begun")
    assert children.find("kind", child.id) is child
    with pytest.raises(Refusal, match="there is none"):
        children.find("other", child.id)


def test_what_refuses_or_breaks_is_told(children: Children) -> None:
    refused, broken = (children.start("kind", [what]) for what in ("refuse", "break"))
    for child in (refused, broken):
        children.wait(child, 20)
    assert (refused.state, refused.code, refused.error) == ("failed", 2, "`x`: wrong")
    assert (broken.state, broken.error) == ("failed", "it broke down with signal 11")


def test_commands_of_a_kind_take_turns_and_too_many_are_refused(children: Children) -> None:
    first, second, third = (children.start("kind", ["sleep"]) for _ in range(3))
    begun(first)
    assert [child.state for child in (first, second, third)] == ["running", "waiting", "waiting"]
    with pytest.raises(Refusal, match="too many"):
        children.start("kind", ["quick"])
    other = children.start("other", ["quick"])
    children.wait(other, 20)
    assert other.state == "done"
    children.stop(second)
    children.stop(first)
    children.wait(first, 20)
    begun(third)
    assert [child.state for child in (first, second, third)] == ["stopped", "stopped", "running"]
    assert first.lines[-1] == "saved"


def test_nothing_is_left_behind(children: Children) -> None:
    child = children.start("kind", ["sleep"])
    process_id = begun(child)
    children.close()
    assert child.state == "stopped"
    assert not is_alive(process_id)
    with pytest.raises(Refusal):
        children.start("kind", ["quick"])


def begun(child: object) -> int:
    """Its process id, once it has begun."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        lines = getattr(child, "lines", [])
        if lines:
            return int(lines[0].split()[1])
        time.sleep(0.02)
    raise AssertionError("it never began")


@pytest.mark.parametrize("word", ["a\0b", "--label=\ud800"], ids=ascii)
def test_what_no_program_can_be_given_is_refused(children: Children, word: str) -> None:
    with pytest.raises(UsageError, match="no argument can hold"):
        children.start("kind", [word])
    assert children.unfinished("kind") == []
