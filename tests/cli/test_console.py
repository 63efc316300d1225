from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from soundgan.cli import console
from soundgan.cli.console import ConsoleReporter, emit, make_reporter, printable, release_terminal
from soundgan.runtime.streams import Descriptor


def on_terminal() -> tuple[ConsoleReporter, io.StringIO]:
    written = io.StringIO()
    reporter = ConsoleReporter()
    reporter._console = Console(
        file=written, force_terminal=True, width=100, highlight=False, soft_wrap=True
    )
    return reporter, written


def test_bars_are_drawn_on_a_terminal_and_the_cursor_comes_back() -> None:
    reporter, written = on_terminal()
    reporter.progress("preparing", 1, 4)
    reporter.say("in between")
    assert "\x1b[?25l" in written.getvalue()
    release_terminal()
    assert "\x1b[?25h" in written.getvalue()
    assert "in between" in written.getvalue()
    assert console._drawing == []


def test_on_a_terminal_a_long_sentence_is_broken_between_words() -> None:
    reporter, written = on_terminal()
    sentence = " ".join(["sample rate 22050 Hz, --sample-rate overrides it"] * 4)
    reporter.say(sentence)
    lines = written.getvalue().splitlines()
    assert len(lines) == 2
    assert all(len(line) <= 100 for line in lines)
    assert " ".join(line.strip() for line in lines) == sentence


def test_without_a_terminal_a_long_sentence_is_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sentence = "many words " * 30
    ConsoleReporter().say(sentence)
    assert capsys.readouterr().err == sentence + "\n"


def test_without_a_terminal_a_plain_line_comes_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 5.0, 11.0, 12.0])
    monkeypatch.setattr("soundgan.cli.console.time.monotonic", lambda: next(clock))
    reporter = ConsoleReporter()
    for done in range(4):
        reporter.progress("preparing", done, 4, "note")
    captured = capsys.readouterr()
    assert captured.err == "preparing: 2/4  note\n"
    assert captured.out == ""


def test_a_full_disk_behind_stderr_leaves_the_exit_code_to_the_work() -> None:
    script = (
        "from soundgan.cli.console import ConsoleReporter\n"
        "from soundgan.runtime.streams import open_streams\n"
        "open_streams()\n"
        "ConsoleReporter().say('nobody reads this')\n"
        "raise SystemExit(4)"
    )
    words = ["sh", "-c", 'exec "$@" 2>/dev/full', "sh", sys.executable, "-c", script]
    if not Path("/dev/full").is_char_device():
        pytest.skip("no /dev/full")
    assert subprocess.run(words, check=False).returncode == 4


def test_names_that_look_like_markup_are_shown_as_they_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    reporter, written = on_terminal()
    reporter.progress("[red]x[/red]", 1, 2)
    release_terminal()
    assert "[red]x[/red]" in written.getvalue()
    ConsoleReporter().warn("[/] is odd")
    assert capsys.readouterr().err == "warning: [/] is odd\n"


def test_what_cannot_be_printed_is_made_visible() -> None:
    assert printable("a\udcff\x1b[31m\nb") == "a\\udcff\\x1b[31m\nb"


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    reporter = make_reporter(quiet=True)
    reporter.say("x")
    reporter.warn("x")
    assert capsys.readouterr() == ("", "")


def test_json_is_one_ascii_document(capsys: pytest.CaptureFixture[str]) -> None:
    emit({"schema": 1, "name": "é\udcff"}, "text", as_json=True)
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out)["schema"] == 1


@pytest.mark.parametrize("as_json", [True, False])
def test_a_result_that_stands_nowhere_else_goes_to_stderr_when_stdout_fails(
    as_json: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with Descriptor(writer, "w") as descriptor:
        monkeypatch.setattr("sys.stdout", io.TextIOWrapper(descriptor))
        emit({"a": 1}, "measured", as_json=as_json)
        assert capsys.readouterr().err == ""
        emit({"a": 1}, "measured", as_json=as_json, nowhere_else=True)
    assert capsys.readouterr().err == ('{\n  "a": 1\n}\n' if as_json else "measured\n")
