from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from soundgan.cli.app import app
from tests.cli.test_spectrogram import write_tone
from tests.conftest import Run


@pytest.fixture
def painted(tmp_path: Path) -> Path:
    """A stranger's grey picture, 100 x 64, that says nothing."""
    pixels = np.zeros((64, 100), np.uint8)
    pixels[47] = 255
    path = tmp_path / "painted.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input is a terminal, as far as the program can see."""

    class Terminal:
        def isatty(self) -> bool:
            return True

        def __getattr__(self, name: str) -> object:
            return getattr(sys.stdin, name)

    class System:
        stdin = Terminal()

    monkeypatch.setattr("soundgan.cli.asking.sys", System)


def answered(picture: Path, text: str, *options: str) -> tuple[dict[str, Any], str]:
    """What a sound is said to have been made with, and what was asked."""
    arguments = ["invert", str(picture), "--interactive", "--json", "--quiet"]
    arguments += ["--out", str(picture.parent / "out"), *options]
    result = CliRunner().invoke(app, arguments, input=text)
    assert result.exit_code == 0, result.stderr
    (sound,) = json.loads(result.stdout[result.stdout.index("{") :])["sounds"]
    assumed = {item["option"]: item["value"] for item in sound["assumed"]}
    return {**assumed, "samples": sound["n_samples"]}, result.stderr


@pytest.mark.usefixtures("terminal")
def test_answers_are_taken_and_enter_keeps_what_is_assumed(painted: Path) -> None:
    made, asked = answered(painted, "2\nmel\n\n4000\n\n")
    assert made["samples"] == 2 * 22050
    assert not {"--seconds", "--axis", "--f-max"} & set(made)
    assert {"--f-min", "--range-db"} <= set(made)
    assert asked.count("?") == 5


@pytest.mark.usefixtures("terminal")
def test_an_answer_that_is_no_axis_is_refused(painted: Path) -> None:
    arguments = ["invert", str(painted), "--interactive", "--out", str(painted.parent / "out")]
    result = CliRunner().invoke(app, arguments, input="2\nbark\n")
    assert result.exit_code == 2
    assert "--axis bark: no such axis" in result.stderr


@pytest.mark.usefixtures("terminal")
def test_what_is_stated_is_not_asked(painted: Path) -> None:
    options = ("--seconds", "1", "--axis", "linear", "--f-min", "0", "--f-max", "8000")
    _, asked = answered(painted, "60\n", *options)
    assert asked.count("?") == 1
    assert "How many decibels" in asked


@pytest.mark.usefixtures("terminal")
def test_an_own_picture_is_asked_nothing(soundgan: Run, tmp_path: Path) -> None:

    tone = write_tone(tmp_path / "tone.wav", hz=1000.0)
    assert soundgan("spectrogram", tone, "--out", tmp_path).code == 0
    _, asked = answered(tmp_path / "tone.png", "")
    assert "?" not in asked


def test_without_a_terminal_it_is_one_line(soundgan: Run, painted: Path, tmp_path: Path) -> None:
    done = soundgan("invert", painted, "--interactive", "--out", tmp_path / "out")
    assert done.code == 2
    assert done.stderr.splitlines() == [
        "error: --interactive: there is no terminal to ask on; state what is missing"
    ]


@pytest.mark.usefixtures("terminal")
def test_it_asks_about_one_picture(soundgan: Run, painted: Path, tmp_path: Path) -> None:
    done = soundgan("invert", painted.parent, "--interactive", "--out", tmp_path / "out")
    assert done.code == 2
    assert "asks about one picture at a time; name one file" in done.stderr


@pytest.mark.usefixtures("terminal")
def test_ctrl_c_at_a_question_is_the_way_out_of_any_command(
    painted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise typer.Abort  # what Typer makes of Ctrl-C

    monkeypatch.setattr("soundgan.cli.asking.typer.prompt", interrupted)
    out = painted.parent / "out"
    result = CliRunner().invoke(app, ["invert", str(painted), "--interactive", "--out", str(out)])
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (130, "interrupted")
    assert not out.exists()
