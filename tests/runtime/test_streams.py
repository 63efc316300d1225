from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from soundgan.runtime import streams
from soundgan.runtime.streams import Descriptor

PACKAGE = Path(streams.__file__).parents[1]
full_disk = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")  # noqa: PTH110


def python(script: str, *, redirection: str = "", **environment: str) -> tuple[int, bytes, bytes]:
    """Run a script in a process of its own, with its streams as the shell puts them."""
    head = "import os, sys\nfrom soundgan.runtime.streams import open_streams, output_failure\n"
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -c "$1" {redirection}', sys.executable, head + script],
        capture_output=True,
        check=False,
        env=os.environ | environment,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_no_file_takes_the_number_of_a_closed_stream(closed: str, tmp_path: Path) -> None:
    script = (
        "open_streams()\n"
        f"file = open({str(tmp_path / 'a')!r}, 'w')\n"
        "print('lost'); sys.stderr.write('lost too\\n'); sys.stdin.read()\n"
        "sys.stdout.flush(); os.write(1, b'lost'); os.write(2, b'lost')\n"
        "sys.exit(file.fileno() < 3)\n"
    )
    code, _, stderr = python(script, redirection=closed)
    assert (code, b"Traceback" in stderr) == (0, False)
    assert (tmp_path / "a").read_bytes() == b""


def test_child_processes_find_open_what_was_closed() -> None:
    child = "import os, sys; [os.fstat(number) for number in range(3)]"
    script = (
        "import subprocess; open_streams()\n"
        f"sys.exit(subprocess.run([sys.executable, '-c', {child!r}]).returncode)\n"
    )
    assert python(script, redirection="<&- >&- 2>&-")[0] == 0


def test_a_number_that_somebody_has_taken_meanwhile_is_left_to_them(tmp_path: Path) -> None:
    script = (
        f"file = open({str(tmp_path / 'a')!r}, 'w')\n"
        "assert file.fileno() == 1\n"
        "open_streams(); print('lost'); sys.stdout.flush()\n"
    )
    assert python(script, redirection=">&-") == (0, b"", b"")
    assert (tmp_path / "a").read_bytes() == b""


@full_disk
def test_what_cannot_be_written_is_remembered_and_no_exception() -> None:
    script = "open_streams(); print('x')\nassert output_failure().errno == 28\nsys.exit(7)"
    assert python(script, redirection=">/dev/full") == (7, b"", b"")
    assert python("open_streams(); sys.stderr.write('x\\n')", redirection="2>/dev/full")[0] == 0


def test_a_reader_that_has_gone_is_no_exception_either() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with Descriptor(writer, "w") as descriptor:
        assert descriptor.write(b"abc") == 3
        assert isinstance(descriptor.failure, BrokenPipeError)


def test_a_terminal_that_was_closed_is_no_failure() -> None:
    ours, terminal = pty.openpty()
    os.close(ours)
    with pytest.raises(OSError, match="Input/output error"):
        os.write(terminal, b"abc")
    with Descriptor(terminal, "w") as descriptor:
        assert descriptor.write(b"abc") == 3
        assert descriptor.failure is None


def test_a_pipe_that_is_set_not_to_block_is_waited_for() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    content, read = os.urandom(1 << 20), bytearray()

    def slowly() -> None:
        time.sleep(0.05)
        while piece := os.read(reader, 1 << 16):
            read.extend(piece)

    thread = threading.Thread(target=slowly)
    thread.start()
    with Descriptor(writer, "w") as descriptor:
        assert descriptor.write(content) == len(content)
        assert descriptor.failure is None
    thread.join()
    os.close(reader)
    assert read == content


def test_a_signal_in_the_middle_of_a_message_may_write_one_too() -> None:
    script = (
        "import signal\n"
        "open_streams()\n"
        "signal.signal(signal.SIGALRM, lambda *_: sys.stderr.write('signal\\n'))\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)\n"
        "for _ in range(20000): sys.stderr.write('message\\n')\n"
        "signal.setitimer(signal.ITIMER_REAL, 0)\n"
    )
    code, _, stderr = python(script)
    assert code == 0
    assert stderr.count(b"message\n") == 20000
    assert set(stderr.splitlines()) <= {b"message", b"signal"}


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "− 2×3 ±1 é — │┼─ 語 \\udcff"),
        ("latin-1", "- 2×3 ±1 é - |+- \\u8a9e \\udcff"),
        ("cp437", "- 2x3 ±1 é - │┼─ \\u8a9e \\udcff"),
        ("ascii", "- 2x3 +-1 e - |+- \\u8a9e \\udcff"),
        ("shift_jis", "− 2×3 ±1 e - │┼─ 語 \\udcff"),
    ],
)
def test_what_an_encoding_lacks_is_substituted(encoding: str, shown: str) -> None:
    script = "open_streams(); print('\\u2212 2×3 ±1 é — │┼─ 語 \\udcff')"
    code, stdout, stderr = python(script, PYTHONIOENCODING=encoding)
    assert (code, stderr) == (0, b"")
    assert stdout.decode(encoding).rstrip("\n") == shown


def test_what_the_user_wants_done_with_such_characters_is_done() -> None:
    script = "open_streams(); print('2×3')"
    assert python(script, PYTHONIOENCODING="ascii:replace")[1] == b"2?3\n"
    assert python(script, PYTHONIOENCODING="ascii:ignore")[1] == b"23\n"


def program_characters() -> Iterator[str]:
    for path in PACKAGE.rglob("*.py"):
        yield from (c for c in path.read_text("utf-8") if not c.isascii())


def test_every_character_of_the_program_itself_has_a_plain_form() -> None:
    plain = {character: streams._plain(character) for character in set(program_characters())}
    assert {c for c, shown in plain.items() if not shown.isascii() or "\\" in shown} == set()
    lines = "".join(chr(number) for number in range(0x2500, 0x2580))
    assert {streams._plain(line) for line in lines} == {"-", "|", "+"}


def test_a_stream_that_is_no_descriptor_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    captured = io.StringIO()
    monkeypatch.setattr(sys, "stdout", captured)
    assert streams._fit(captured, 1) is captured
    assert streams.output_failure() is None
